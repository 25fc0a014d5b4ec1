package tables

import (
	"encoding/csv"
	"io"
	"iter"
	"strings"

	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"clientworth/pipeline/money"
	"clientworth/reports/words"
)

// Kind is what a column holds.
type Kind uint8

const (
	Text     Kind = iota
	Whole         // a whole number
	Decimal       // a decimal of the column's places
	Fraction      // a decimal of six places, written with two to six of them: hours
)

// Column is a column of a table for machines.
type Column struct {
	Name   string
	Kind   Kind
	Places int32
	Unlike bool // hardly a value stands twice; never of text
}

func (k Kind) isDecimal() bool { return k == Decimal || k == Fraction }

// Value is a value of a column, or nothing.
type Value struct {
	Known bool
	Text  string
	Num   decimal128.Num // scaled by the places of its column
}

// Row is the values of a row, in the order of the columns. It is read before
// the next row is asked for.
type Row = []Value

func word(s string) Value { return Value{Known: s != "", Text: words.Plain(s)} }

// plainly is a word that may be shown as it is.
func plainly(s string) Value { return Value{Known: s != "", Text: s} }

func whole[T ~int | ~int32 | ~int64](n T) Value {
	return Value{Known: true, Num: decimal128.FromI64(int64(n))}
}

func exact(e money.Exact) Value { return Value{Known: true, Num: decimal128.New(e.Hi, e.Lo)} }

// string writes the value as a CSV does.
func (v Value) string(c Column) string {
	exact := money.Exact{Hi: v.Num.HighBits(), Lo: v.Num.LowBits()}
	switch {
	case !v.Known:
		return ""
	case c.Kind == Text:
		return v.Text
	case c.Kind == Fraction:
		return exact.Fixed(2)
	case c.Kind == Decimal && c.Places == money.Places:
		return exact.Fixed(money.Places)
	}
	return money.Currency{Places: int(c.Places)}.Format(money.Amount(v.Num.LowBits()))
}

// WriteCSV writes a table as RFC 4180 has it, in UTF-8, with line ends of a
// single line feed.
func WriteCSV(w io.Writer, columns []Column, rows iter.Seq[Row]) error {
	out := csv.NewWriter(w)
	record := make([]string, len(columns))
	for i, c := range columns {
		record[i] = c.Name
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for row := range rows {
		for i, c := range columns {
			if record[i] = row[i].string(c); c.Kind == Text {
				record[i] = Harmless(record[i])
			}
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// Harmless returns text that no spreadsheet takes for a formula: one that
// starts like a formula gets a leading apostrophe.
func Harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\x00\uff1d\uff0b\uff0d\uff20", []rune(s)[0]) {
		return "'" + s
	}
	return s
}
