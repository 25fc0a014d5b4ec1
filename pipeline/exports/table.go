package exports

import "strings"

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
	d.lines = append(d.lines[:0], t.lines...)
	for _, c := range d.columns {
		c.begin(len(t.lines))
		for row := range t.lines {
			c.cells(row, t.row(row))
		}
	}
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
