package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"time"
)

// add makes a cell of what was read and adds it to the row, if it holds anything.
// After an error the row has it or not.
func (r *Reader) add(kind cellType, style int, value []byte, has, formula bool) error {
	look, ok := r.book.formats.of(style)
	if !ok {
		return errors.New("the cell's style does not exist")
	}
	empty := len(value) == 0 && kind != inlineType && kind != stringType
	if !formula && (!has || empty) {
		return nil // a format without a value
	}
	if limit := r.book.archive.limits.Columns; r.column > limit {
		return fmt.Errorf("column in use: %w", &Beyond{"columns", limit, ""})
	}
	r.row.Cells = append(r.row.Cells, Cell{Column: int32(r.column), Shared: -1, Formula: formula, Text: value})
	c := &r.row.Cells[len(r.row.Cells)-1]
	if !has || empty {
		c.Kind, c.Text = Formula, nil
		return nil
	}
	switch kind {
	case sharedType:
		return r.shared(c, value)
	case inlineType:
		c.Kind = Text
	case stringType:
		c.Kind, c.Text = Text, unescape(value)
	case booleanType:
		return boolean(c, value)
	case errorType:
		c.Kind = Fault
	case dateType:
		c.Kind = Date
		var millis int64
		if c.Day, millis, ok = isoDate(value); !ok {
			c.Kind = NoDate
		}
		c.Clock = time.Duration(millis) * time.Millisecond
	default:
		return r.numeric(c, look, value)
	}
	return nil
}

func (r *Reader) shared(c *Cell, value []byte) error {
	i := digits(value)
	s, ok := r.book.strings.at(i)
	if !ok {
		return fmt.Errorf("string %.20q of a table of %d", value, len(r.book.strings.ends))
	}
	c.Kind, c.Shared, c.Text = Text, int32(i), s
	return nil
}

func boolean(c *Cell, value []byte) error {
	c.Kind = Boolean
	switch string(value) {
	case "0", "false":
		c.Text = []byte("FALSE")
	case "1", "true":
		c.Text = []byte("TRUE")
	default:
		return fmt.Errorf("%.20q is no boolean", value)
	}
	return nil
}

// numeric reads a number, and what its format makes of it.
func (r *Reader) numeric(c *Cell, look Kind, value []byte) error {
	c.Kind = look
	plain := plainNumber(value)
	if plain && look == Number {
		return nil
	}
	f, err := parseNumber(bytes.Trim(value, spaces))
	if err != nil {
		return fmt.Errorf("%.40q %w", value, err)
	}
	if !plain {
		from := len(r.text)
		r.text, c.Rounded = AppendNumber(r.text, f)
		c.Text = r.text[from:len(r.text):len(r.text)]
	}
	switch look {
	case Date:
		day, millis, ok := date(f, r.book.epoch1904)
		if !ok {
			c.Kind = NoDate
		}
		c.Day, c.Clock = day, time.Duration(millis)*time.Millisecond
	case Time:
		if math.Abs(f) > lastSerial {
			c.Kind = NoDate
			return nil
		}
		c.Clock = time.Duration(math.Round(f*dayMillis)) * time.Millisecond
	}
	return nil
}
