package xlsx

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Limits of the format. What does not fit is an error, never cut.
const (
	MaxRows = 1_048_576
	MaxText = 32_767 // UTF-16 units of a cell's text
)

// StyleID names a style of a [Book]; zero is the plain style.
type StyleID int

// Cell is the value of a cell, its style and, where it is computed, the formula
// that gives this value. The zero value is an empty cell.
type Cell struct {
	kind    kind
	places  uint8  // of scaled
	scaled  int64  // the value of a decimal, in units of its last place
	value   string // a decimal or a text
	Formula string // without the leading "="
	Style   StyleID
}

type kind uint8

const (
	empty kind = iota
	number
	decimal
	text
)

// Number returns a cell that holds a decimal such as "-12.50", digit by digit.
func Number(decimal string, s StyleID) Cell { return Cell{kind: number, value: decimal, Style: s} }

// Decimal returns a cell that holds n / 10^places, places from 0 to 18.
func Decimal[T ~int64](n T, places int, s StyleID) Cell {
	return Cell{kind: decimal, scaled: int64(n), places: uint8(places), Style: s}
}

// Int returns a cell that holds a whole number.
func Int[T ~int | ~int32 | ~int64](n T, s StyleID) Cell { return Decimal(int64(n), 0, s) }

// Float returns a cell that holds a ratio or a statistic.
func Float(f float64, s StyleID) Cell { return Number(strconv.FormatFloat(f, 'g', -1, 64), s) }

// Text returns a cell that holds text, whatever it looks like.
func Text(t string, s StyleID) Cell { return Cell{kind: text, value: t, Style: s} }

// Empty returns a styled cell that holds nothing.
func Empty(s StyleID) Cell { return Cell{Style: s} }

// Text returns the text of a cell that holds text.
func (c Cell) Text() string {
	if c.kind != text {
		return ""
	}
	return c.value
}

// By returns the cell with the formula that computes its value.
func (c Cell) By(formula string) Cell {
	c.Formula = formula
	return c
}

// Row is the cells of a row from column A on. The zero height is the usual one.
type Row struct {
	Cells  []Cell
	Height float64 // points
}

// Body is rows that are made while they are written, several side by side: what
// makes them must change nothing. Row returns the row of a number from 0, its cells
// appended to those given.
type Body struct {
	Count int
	Row   func(cells []Cell, i int) Row
}

// Ref names a cell, both from 1: Ref(3, 12) is C12.
func Ref(col, row int) string { return columnName(col) + strconv.Itoa(row) }

// Range names a block of cells: A1:C12.
func Range(col1, row1, col2, row2 int) string { return Ref(col1, row1) + ":" + Ref(col2, row2) }

// Fixed names a cell that stays when a formula is copied: $C$12.
func Fixed(col, row int) string { return "$" + columnName(col) + "$" + strconv.Itoa(row) }

// FixedRange names a block that stays when a formula is copied: $A$1:$C$12.
func FixedRange(col1, row1, col2, row2 int) string {
	return Fixed(col1, row1) + ":" + Fixed(col2, row2)
}

// appendRow appends the row as XML.
func appendRow(b []byte, n int, r Row) ([]byte, error) {
	b = append(b, `<row r="`...)
	b = strconv.AppendInt(b, int64(n), 10)
	if r.Height > 0 {
		b = append(b, `" ht="`...)
		b = strconv.AppendFloat(b, r.Height, 'f', -1, 64)
		b = append(b, `" customHeight="1`...)
	}
	b = append(b, `">`...)
	for i, c := range r.Cells {
		if c.kind == empty && c.Style == 0 && c.Formula == "" {
			continue
		}
		var err error
		if b, err = appendCell(b, i+1, n, c); err != nil {
			return nil, fmt.Errorf("%s: %w", Ref(i+1, n), err)
		}
	}
	return append(b, `</row>`...), nil
}

func appendCell(b []byte, col, row int, c Cell) ([]byte, error) {
	b = append(b, `<c r="`...)
	b = append(b, columnName(col)...)
	b = strconv.AppendInt(b, int64(row), 10)
	if c.Style != 0 {
		b = append(b, `" s="`...)
		b = strconv.AppendInt(b, int64(c.Style), 10)
	}
	if c.kind == text && utf16Len(c.value) > MaxText {
		return nil, fmt.Errorf("a text of %d characters does not fit into a cell", utf16Len(c.value))
	}
	switch {
	case c.kind == empty && c.Formula != "":
		return nil, fmt.Errorf("formula %s has no value", c.Formula)
	case c.kind == empty:
		return append(b, `"/>`...), nil
	case c.kind == text && c.Formula == "":
		b = append(b, `" t="inlineStr"><is><t xml:space="preserve">`...)
		b = appendText(b, c.value)
		return append(b, `</t></is></c>`...), nil
	case c.kind == text:
		b = append(b, `" t="str`...)
	}
	b = append(b, `">`...)
	if c.Formula != "" {
		b = append(b, `<f>`...)
		b = appendText(b, c.Formula)
		b = append(b, `</f>`...)
	}
	b = append(b, `<v>`...)
	if c.kind == decimal {
		b = appendDecimal(b, c.scaled, int(c.places))
	} else {
		b = appendText(b, c.value)
	}
	return append(b, `</v></c>`...), nil
}

// appendDecimal writes n / 10^places, digit by digit.
func appendDecimal(b []byte, n int64, places int) []byte {
	digits := uint64(n)
	if n < 0 {
		b = append(b, '-')
		digits = -digits
	}
	unit := uint64(1)
	for range places {
		unit *= 10
	}
	b = strconv.AppendUint(b, digits/unit, 10)
	if places == 0 {
		return b
	}
	from := len(b)
	b = strconv.AppendUint(b, unit+digits%unit, 10)
	b[from] = '.' // in place of the 1 that kept the zeros
	return b
}

// appendText escapes text for XML. Characters that XML cannot hold become
// U+FFFD, and what a spreadsheet would take for an escape (_x0041_) is escaped.
func appendText(b []byte, s string) []byte {
	if plain(s) {
		return append(b, s...)
	}
	for i, r := range s {
		switch {
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == '\r':
			b = append(b, "&#13;"...)
		case r == '_' && looksEscaped(s[i:]):
			b = append(b, "_x005F_"...)
		case r < ' ' && r != '\t' && r != '\n', r == 0xFFFE, r == 0xFFFF:
			b = utf8.AppendRune(b, utf8.RuneError)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

// plain reports whether a text is of letters and signs that XML takes as they are.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '&' || c == '<' || c == '>' || c == '_' {
			return false
		}
	}
	return true
}

// looksEscaped reports whether s starts like _x0041_.
func looksEscaped(s string) bool {
	if len(s) < 7 || s[1] != 'x' || s[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(s[2:6], 16, 16)
	return err == nil
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xFFFF {
			n++
		}
	}
	return n
}

// columnNames are the names of the columns that a sheet usually has.
var columnNames = func() (names [256]string) {
	for n := range names {
		names[n], _ = excelize.ColumnNumberToName(max(n, 1))
	}
	return names
}()

// columnName writes a column number, from 1, as a spreadsheet does.
func columnName(n int) string {
	if n < len(columnNames) {
		return columnNames[n]
	}
	name, err := excelize.ColumnNumberToName(n)
	if err != nil {
		panic(err)
	}
	return name
}
