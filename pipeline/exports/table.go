package exports

import (
	"strings"

	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// table is a run of rows of cells, each as wide as the header. Its buffers are
// reused from piece to piece.
type table struct {
	lines []int64
	cells []cell
	width int
	text  []byte // what cells refer to
}

// row returns the cells of a row.
func (t *table) row(i int) []cell { return t.cells[i*t.width : (i+1)*t.width] }

// add appends an empty row and returns its cells.
func (t *table) add(line int64) []cell {
	t.lines = append(t.lines, line)
	for range t.width {
		t.cells = append(t.cells, cell{})
	}
	return t.row(len(t.lines) - 1)
}

func (t *table) reset(width int) {
	t.lines, t.cells, t.width, t.text = t.lines[:0], t.cells[:0], width, t.text[:0]
}

// fillTable decodes all columns of a table.
func (d *decoder) fillTable(t *table) {
	d.lines, d.prints = append(d.lines[:0], t.lines...), t.prints(d.prints[:0])
	for _, c := range d.columns {
		c.begin(len(t.lines))
		if len(c.fields) == 1 {
			c.fillCells(t, c.fields[0])
			continue
		}
		for row := range t.lines {
			c.cells(row, t.row(row))
		}
	}
}

// fillCells sets the column's values from one field of each row. The commonest
// are read here, all others by [column.take]; that it makes no difference is part
// of what the property test of workbooks holds.
func (c *column) fillCells(t *table, field int) {
	simple := c.simple()
	for row := range t.lines {
		v := &t.cells[row*t.width+field]
		switch {
		case v.shared > 0 && c.Kind == Name:
			c.takeShared(row, v)
			continue
		case !simple:
		case c.Kind == Text && v.kind == textCell && visible(v.text):
			c.text = append(c.text, v.text...)
			c.offsets = append(c.offsets, int32(len(c.text)))
			continue
		case c.Kind == Date && v.kind == momentCell && !v.moment.timed:
			c.days[row] = int32(v.moment.day - period.UnixEpoch)
			continue
		case v.kind == numberCell && (c.Kind == Decimal || c.Kind == Duration && c.unit == hours):
			if n, ok := shortDecimal(v.text); ok && c.Kind == Decimal {
				c.decimals[row] = decimal128.FromI64(n)
				continue
			} else if ok {
				c.ints[row] = n
				continue
			}
		}
		c.take(row, *v)
	}
}

// takeShared reads a text that a workbook keeps once only once.
func (c *column) takeShared(row int, v *cell) {
	if int(v.shared) >= len(c.shared) {
		c.shared = append(c.shared, make([]uint32, int(v.shared)+1-len(c.shared))...)
	}
	if id := c.shared[v.shared]; id > 0 {
		c.ids[row] = id - 1
		return
	}
	c.take(row, *v)
	if c.has(row) {
		c.shared[v.shared] = c.ids[row] + 1
	}
}

// visible reports whether a text begins and ends with a character of ASCII that
// is no space.
func visible(text []byte) bool {
	return len(text) > 0 && text[0]-'!' < 0x5e && text[len(text)-1]-'!' < 0x5e
}

// shortDecimal reads a plain decimal of at most 12 digits, 6 of them behind the
// point, in millionths.
func shortDecimal(text []byte) (n int64, ok bool) {
	negative := len(text) > 0 && text[0] == '-'
	if negative {
		text = text[1:]
	}
	if len(text) == 0 || len(text) > 13 {
		return 0, false
	}
	decimals := -1
	for _, b := range text {
		switch {
		case b-'0' <= 9:
			n = 10*n + int64(b-'0')
			if decimals >= 0 {
				decimals++
			}
		case b == '.' && decimals < 0:
			decimals = 0
		default:
			return 0, false
		}
	}
	decimals = max(decimals, 0)
	if decimals > money.Places || decimals == 0 && len(text) > 12 {
		return 0, false
	}
	if n *= tens[decimals]; negative {
		n = -n
	}
	return n, true
}

// cells sets the value of a row from its cells, as the mapping says.
func (c *column) cells(row int, cells []cell) {
	switch {
	case len(c.fields) == 0:
		c.alone(row)
	case c.from.Multiply != [2]string{}:
		c.product(row, cells[c.fields[0]], cells[c.fields[1]])
	case c.from.Subtract != [2]string{}:
		c.difference(row, cells[c.fields[0]], cells[c.fields[1]])
	case len(c.fields) == 1 || len(c.from.First) > 0:
		c.take(row, cells[c.first(cells)])
	default:
		var texts []string
		for _, f := range c.fields {
			texts = append(texts, textOf(tableRow{cells: cells}, f))
		}
		c.read(row, strings.Join(texts, " "))
	}
}

// first returns the first of the column's fields that is not empty, or the last.
func (c *column) first(cells []cell) (field int) {
	for _, field = range c.fields {
		if !cells[field].empty() {
			break
		}
	}
	return field
}

// tableRow is a row of cells as a raw row.
type tableRow struct {
	line  int64
	cells []cell
}

func (r tableRow) at() int64       { return r.line }
func (r tableRow) width() int      { return len(r.cells) }
func (r tableRow) cell(i int) cell { return r.cells[i] }
