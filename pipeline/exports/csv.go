package exports

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strings"

	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"clientworth/pipeline/money"
)

// rows are raw rows of CSV that have the right number of fields, or more that are
// empty: their bytes and the marks between the fields.
type rows struct {
	dialect
	data  []byte
	marks []uint32
	first []uint32 // for each row, the position in marks of its first field's end
	last  []uint32 // and of its line end
	width int
	spans []span // of the field that is being read
}

// field returns where a field of each row stands. The next call reuses the result.
func (r *rows) field(field int) []span {
	r.spans = sizedTo(r.spans, len(r.first))
	spansOf(r.spans, r.first, r.marks, field)
	if field == r.width-1 && r.eol == '\n' {
		r.trim()
	}
	return r.spans
}

// spansPlain is the plain way of spansOf.
func spansPlain(to []span, first, marks []uint32, field int) {
	for i, m := range first {
		at := int(m) + field
		to[i] = span{marks[at-1] + 1, marks[at]}
	}
}

// cell returns a field of a row.
func (r *rows) cell(row, field int) cell {
	m := int(r.first[row]) + field
	text := r.data[r.marks[m-1]+1 : r.marks[m]]
	if field == r.width-1 && r.eol == '\n' {
		text = bytes.TrimSuffix(text, []byte{'\r'})
	}
	if r.quote != 0 && len(text) > 1 && text[0] == r.quote {
		text = []byte(r.unquoted(text))
	}
	return cell{kind: textCell, text: text}
}

// trim takes the carriage return off that ends a line of a file from Windows.
func (r *rows) trim() {
	for i := range r.spans {
		if f := &r.spans[i]; f.to > f.from && r.data[f.to-1] == '\r' {
			f.to--
		}
	}
}

// text returns a field without its quotes.
func (r *rows) text(f span) string { return r.unquoted(r.data[f.from:f.to]) }

func (d dialect) unquoted(field []byte) string {
	if d.quote == 0 || len(field) < 2 || field[0] != d.quote {
		return string(field)
	}
	q := string(d.quote)
	return strings.ReplaceAll(string(field[1:len(field)-1]), q+q, q)
}

// fill sets the column's values in all rows. The loops read the commonest texts
// straight from the bytes; every other goes through column.read, and a test holds
// the two against each other.
func (c *column) fill(r *rows) {
	c.begin(len(r.first))
	switch simple := c.simple(); {
	case len(c.fields) == 0:
		c.constant(len(r.first))
	case len(c.fields) > 1:
		c.general(r)
	case c.Kind == Name: // a spelling is mapped once, when it is new
		c.fillNames(r)
	case c.Kind == Text && simple:
		c.fillText(r)
	case c.Kind == Decimal && simple:
		c.fillDecimals(r)
	case c.Kind == Duration && c.unit == hours && simple:
		c.fillHours(r)
	case c.Kind == Text, c.Kind == Decimal:
		c.general(r)
	default:
		c.fillFew(r)
	}
}

func (c *column) constant(rows int) {
	if c.from.Value == "" && !c.derived && !c.needed {
		c.empty()
		return
	}
	for row := range rows {
		c.alone(row)
	}
}

// alone sets the value of a row of a column that is no field of the file.
func (c *column) alone(row int) {
	if c.derived {
		c.clear(row)
		return
	}
	c.read(row, c.from.Value)
}

// general is the plain path: every value through its text.
func (c *column) general(r *rows) {
	cells := make([]cell, r.width)
	for row := range r.first {
		for _, field := range c.fields {
			cells[field] = r.cell(row, field)
		}
		c.cells(row, cells)
	}
}

func (c *column) fillNames(r *rows) {
	spans := r.field(c.fields[0])
	for row := 0; ; row++ {
		from := row
		given, empty := c.names.number(c.ids[row:], r.data, spans[row:])
		row += given
		for i := from; empty && i < row; i++ {
			if c.ids[i] == noName {
				c.null(i)
			}
		}
		if row == len(spans) {
			return
		}
		c.newSpelling(r, row, spans[row])
	}
}

// newSpelling reads a text that was not seen before in this form, and remembers
// it. One of spaces is not remembered.
func (c *column) newSpelling(r *rows, row int, f span) {
	c.read(row, r.text(f))
	if c.has(row) {
		c.names.add(r.data, f, c.ids[row])
	}
}

func (c *column) fillText(r *rows) {
	data := r.data
	for row, f := range r.field(c.fields[0]) {
		n := int(f.to - f.from)
		if n == 0 || n > 32 || !tight(data, f, r.quote) {
			c.read(row, r.text(f))
			continue
		}
		had := len(c.text)
		if cap(c.text)-had < 32 {
			c.text = append(c.text, make([]byte, max(32, had))...)
		}
		copy((*[32]byte)(c.text[had : had+32])[:], (*[32]byte)(data[f.from : f.from+32])[:])
		c.text = c.text[:had+n]
		c.offsets = append(c.offsets, int32(had+n))
	}
}

// tight reports whether a text begins and ends with a letter, digit or other
// visible ASCII character that is no quote: then it is as it stands.
func tight(data []byte, f span, quote byte) bool {
	first, last := data[f.from], data[f.to-1]
	return first-'!' < 0x5e && last-'!' < 0x5e && first != quote
}

// fillFew sets values of which there are few different texts: each is read once.
func (c *column) fillFew(r *rows) {
	spans := r.field(c.fields[0])
	c.ids = sizedTo(c.ids, len(spans))
	for row := 0; ; row++ {
		from := row
		given, empty := c.memo.number(c.ids[row:], r.data, spans[row:])
		row += given
		if !empty {
			c.setWholes(from, row)
			from = row
		}
		for ; from < row; from++ {
			if c.ids[from] == noName {
				c.null(from)
			} else {
				c.setWholes(from, from+1)
			}
		}
		if row == len(spans) {
			return
		}
		c.read(row, r.text(spans[row]))
		if c.has(row) && len(c.values) < mostValues {
			c.memo.add(r.data, spans[row], uint32(len(c.values)))
			c.values = append(c.values, c.wholeOf(row))
		}
	}
}

// mostValues is how many texts a column remembers. Times of day differ from row
// to row and are not worth it.
const mostValues = 1 << 14

// setWholes and wholeOf are the values of all kinds that are one number. The rows
// have those whose places in c.values stand in c.ids.
func (c *column) setWholes(from, to int) {
	ids := c.ids[from:to]
	switch c.Kind {
	case Date, Month:
		for i, id := range ids {
			c.days[from+i] = int32(c.values[id])
		}
	case Flag:
		for i, id := range ids {
			c.flags[from+i] = c.values[id] != 0
		}
	default:
		for i, id := range ids {
			c.ints[from+i] = c.values[id]
		}
	}
}

func (c *column) wholeOf(row int) int64 {
	switch c.Kind {
	case Date, Month:
		return int64(c.days[row])
	case Flag:
		if c.flags[row] {
			return 1
		}
		return 0
	}
	return c.ints[row]
}

func (c *column) fillDecimals(r *rows) {
	data, point := r.data, byte(c.marks.point)
	spans := r.field(c.fields[0])
	for row := 0; row < len(spans); {
		row += quickDecimals(c.decimals[row:], data, spans[row:], point)
		for end := min(row+8, len(spans)); row < end; row++ {
			if v, ok := quickNumber(data, spans[row], point); ok {
				c.decimals[row] = decimal128.FromI64(v)
			} else {
				c.read(row, r.text(spans[row]))
			}
		}
	}
}

func (c *column) fillHours(r *rows) {
	data, point := r.data, byte(c.marks.point)
	spans := r.field(c.fields[0])
	for row := 0; row < len(spans); {
		row += quickInts(c.ints[row:], data, spans[row:], point)
		for end := min(row+8, len(spans)); row < end; row++ {
			if v, ok := quickNumber(data, spans[row], point); ok {
				c.ints[row] = v
			} else {
				c.read(row, r.text(spans[row]))
			}
		}
	}
}

// quickNumber reads the commonest numbers: at most eight bytes of digits with at
// most one decimal mark, after a minus sign or not, in millionths. At least 8
// bytes must precede the field. What it cannot read may still be a number.
func quickNumber(data []byte, f span, point byte) (v int64, ok bool) {
	negative := data[f.from] == '-'
	if negative {
		f.from++
	}
	n := f.to - f.from
	if n-1 > 7 { // none, or more than 8
		return 0, false
	}
	missing := 64 - 8*n // bits, of which zeros take the place
	x := binary.LittleEndian.Uint64(data[f.to-8:])>>missing<<missing | 0x3030303030303030>>(64-missing)
	scale := int64(1_000_000)
	if dot := ^differs(x^spread(point)) & highs; dot != 0 {
		place := bits.TrailingZeros64(dot) &^ 7 // its first bit
		low := uint64(1)<<place - 1
		x = x&^(low<<8|0xff) | x&low<<8 | '0'
		decimals := (56 - place) / 8
		if decimals == 0 || decimals > money.Places {
			return 0, false
		}
		scale = tens[decimals]
	}
	if x&0xf0f0f0f0f0f0f0f0|(x+0x0606060606060606)&0xf0f0f0f0f0f0f0f0>>4 != 0x3333333333333333 {
		return 0, false
	}
	v = int64(eightDigits(x)) * scale
	if negative {
		v = -v
	}
	return v, true
}

// tens are the millionths in one unit of a number with so many decimals.
var tens = [...]int64{1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1}

// eightDigits returns the value of eight ASCII digits, the first byte lowest.
func eightDigits(x uint64) uint64 {
	x = (x & 0x0f0f0f0f0f0f0f0f) * (10<<8 + 1) >> 8
	x = (x & 0x00ff00ff00ff00ff) * (100<<16 + 1) >> 16
	return (x & 0x0000ffff0000ffff) * (10000<<32 + 1) >> 32
}
