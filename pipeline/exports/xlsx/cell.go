package xlsx

import (
	"time"

	"clientworth/pipeline/period"
)

// Kind is what a cell holds.
type Kind uint8

const (
	Blank   Kind = iota // nothing; such cells are not handed out
	Number              // Text is the number
	Text                // Text is the text, from the shared strings or the cell itself
	Boolean             // Text is TRUE or FALSE
	Date                // Day and Clock are the moment, by the number format
	Time                // Clock is a time of day or a duration, by the number format
	NoDate              // formatted as a date, but none: Text is the number
	Fault               // Text is the error value, as #N/A
	Formula             // a formula without a value: whoever wrote the file did not calculate it
)

func (k Kind) String() string {
	return [...]string{"blank", "number", "text", "boolean", "date", "time", "no date", "error", "formula without a value"}[k]
}

// Cell is a cell that holds something.
//
// Text of a Number is a plain decimal: a minus sign if need be, digits, and a
// point with what follows it, without needless zeros. It is the number as a
// spreadsheet shows it at its fullest: 15 significant digits, or all digits of a
// whole number below 2^53. The file holds a binary number, of which 0.1+0.2 is
// 0.30000000000000004; the digits from the 16th on are the noise of calculating
// in binary, and no person has seen or typed them. Where leaving them out made
// a difference to the binary number, Rounded says so: harmless for an amount, not
// for an identifier of 16 or more digits, which the spreadsheet has destroyed.
//
// Text of a Date, Time or NoDate is the serial number, likewise. A date is one
// from 1900-03-01 to 9999-12-31: below serial number 61 spreadsheets disagree on
// the day. Day is the floor of the serial number, so that 23:59:59.999 on the last
// of a month stays in it. Clock is rounded to the millisecond, within the day for a
// Date; for a Time it may be more than a day, or negative.
type Cell struct {
	Column  int32 // from 1
	Shared  int32 // number of the shared string; -1 if the text is none
	Kind    Kind
	Formula bool // calculated by a formula
	Rounded bool
	Day     period.Day
	Clock   time.Duration
	Text    []byte // valid until the next row, like all of the cell
}

// Row is a row that holds something. It is valid until the next one.
type Row struct {
	Number int // from 1
	Hidden bool
	Cells  []Cell // by column
}
