package exports

import (
	"bytes"
	"fmt"

	"clientworth/pipeline/money"
)

// Here the formats meet. What they share is told in three words:
//
//   - a raw row, of which only texts are asked: to find the header, to settle how
//     dates and numbers are written, and to say what a row is that is not like the
//     others (judge.go);
//   - a cell, which is text, or a value that the format itself types;
//   - a supply, which hands out a file in pieces, in order, and decodes a piece
//     into the columns of a worker's decoder (decode.go).
//
// A workbook and a Parquet file make tables of cells, and tables are decoded in
// one way (table.go). CSV has a quicker way for files that need nothing special
// (csv.go), and makes tables of all others; a test holds the two ways against
// each other.

// rawRow is a row as it stands in a file.
type rawRow interface {
	at() int64       // its line, or row of the sheet
	width() int      // how many fields it has
	cell(i int) cell // of a field within the width
}

// textOf returns a field as a person would read it; nothing beyond the width.
func textOf(r rawRow, i int) string {
	if i >= r.width() {
		return ""
	}
	if c := r.cell(i); c.kind != momentCell {
		return string(c.text)
	} else {
		return c.moment.day.String()
	}
}

// cell is one value of a raw row.
type cell struct {
	kind   cellKind
	shared int32  // number + 1 of a text that a workbook keeps once for many cells
	text   []byte // text; of a number its plain decimal; of a fault what stands there
	moment moment
}

type cellKind uint8

const (
	emptyCell  cellKind = iota
	textCell            // to be read by the grammars of the source
	numberCell          // text is a plain decimal: digits, a point, a minus
	momentCell          // a day, or a day and a time
	clockCell           // a time of day or a duration, in moment.clock
	truthCell           // text is true or false
	faultCell           // an error, or a formula that was never calculated
)

func (c cell) empty() bool {
	return c.kind == emptyCell || c.kind == textCell && len(bytes.TrimSpace(c.text)) == 0
}

// clone is a cell that outlives its piece.
func (c cell) clone() cell {
	c.text = bytes.Clone(c.text)
	return c
}

// plainDecimal is how formats write numbers that they type.
var plainDecimal = pointed('.', "")

// take sets the value of a row from a cell.
func (c *column) take(row int, v cell) {
	switch v.kind {
	case emptyCell:
		c.read(row, "")
	case numberCell:
		c.numberText(row, string(v.text))
	case momentCell:
		c.moment(row, v.moment)
	case clockCell:
		c.clock(row, v)
	case truthCell:
		c.truth(row, folded(string(v.text)) == "true")
	case faultCell:
		c.fail(row, BadCell, quoted(string(v.text))+" stands in the cell")
	default:
		if c.unseen && len(v.text) > 0 {
			c.readUnseen(row, string(v.text))
			return
		}
		c.read(row, string(v.text))
	}
}

// readUnseen reads a text in the only way in which it can be read.
func (c *column) readUnseen(row int, text string) {
	own := c.plan
	only, err := own.only(text)
	if err != nil {
		c.failText(row, BadValue, text, "to be read in one way only")
		return
	}
	c.plan = only
	c.read(row, text)
	c.plan = own
}

// numberText sets the value of a row from a number that the format types.
func (c *column) numberText(row int, text string) {
	switch c.Kind {
	case Decimal, Duration, Share, Count:
		n, ok := plainDecimal.figure(text)
		e, exact, fits := n.exact()
		if !ok || !fits {
			c.failText(row, BadAmount, text, "a number that can be held exactly")
			return
		}
		if !exact {
			c.note(row, RoundedValue, text)
		}
		c.number(row, e)
	case Date, Month, Time:
		c.failText(row, BadDate, text, "a date: the cell is formatted as a number")
	default: // an id or a word that a spreadsheet took for a number
		c.read(row, text)
	}
}

// clock sets the value of a row from a time that the format types.
func (c *column) clock(row int, v cell) {
	switch c.Kind {
	case Duration:
		h, err := money.Millionths(int64(v.moment.clock)).Scale(money.Millionths(1), money.Millionths(3600*1000))
		if err != nil {
			c.failText(row, BadDuration, string(v.text), "a duration")
			return
		}
		c.whole(row, int64(h.Lo))
	case Time:
		c.moment(row, v.moment)
	default:
		s := int64(v.moment.clock.Seconds())
		c.read(row, fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60))
	}
}
