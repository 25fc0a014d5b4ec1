package exports

import (
	"iter"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// LineColumn is the first column of every batch: the line, or the row of the
// sheet, on which the row starts.
const LineColumn = "_line"

// Batch is a run of rows of one file. Its record has the columns of
// [Export.Schema] and is valid during the call that it is given to. While the edition
// stays the same, the dictionary of a [Name] column only grows from batch to batch of
// one worker: an index keeps its meaning.
type Batch struct {
	File    int // position in Reading.Tallies
	Edition int // of the dictionaries; from 0
	Record  arrow.Record
	// Prints tells rows of a file apart: two that say the same in all columns have
	// the same print, whether these are mapped or not; of Parquet, where only mapped
	// columns are read, in those.
	Prints []uint64
	export *Export
}

// Gatherer takes the batches of one worker.
type Gatherer interface{ Gather(Batch) error }

// Place returns where a row of the batch stands, and in which column.
func (b Batch) Place(row int, column string) finding.Place {
	line := b.Record.Column(0).(*array.Int64).Value(row)
	return b.export.Place(b.File, line, column)
}

// Rows runs through the rows of the batch, for inputs that are small.
func (b Batch) Rows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for i := range int(b.Record.NumRows()) {
			if !yield(Row{batch: b, index: i}) {
				return
			}
		}
	}
}

// Row is one row, with its values by canonical column. A column that is not
// mapped reads as empty.
type Row struct {
	batch Batch
	index int
}

// File is the position of the row's file in Reading.Tallies.
func (r Row) File() int { return r.batch.File }

// Place returns where the row stands, and in which column.
func (r Row) Place(column string) finding.Place { return r.batch.Place(r.index, column) }

// Text returns a Name or Text, "" where empty. It is a copy: the batch's own text
// is gone with the batch.
func (r Row) Text(column string) string {
	switch a := r.column(column).(type) {
	case *array.Dictionary:
		return strings.Clone(a.Dictionary().(*array.String).Value(a.GetValueIndex(r.index)))
	case *array.String:
		return strings.Clone(a.Value(r.index))
	}
	return ""
}

// Day returns a Date, or zero where empty.
func (r Row) Day(column string) period.Day {
	if a, ok := r.column(column).(*array.Date32); ok {
		return period.UnixEpoch + period.Day(a.Value(r.index))
	}
	return 0
}

// Month returns the month of a Month or Date, or zero where empty.
func (r Row) Month(column string) period.Month { return r.Day(column).Month() }

// Decimal returns a Decimal.
func (r Row) Decimal(column string) measure.Opt[money.Exact] {
	if a, ok := r.column(column).(*array.Decimal128); ok {
		v := a.Value(r.index)
		return measure.Some(money.Exact{Hi: v.HighBits(), Lo: v.LowBits()})
	}
	return measure.Opt[money.Exact]{}
}

// Hours returns a Duration.
func (r Row) Hours(column string) measure.Opt[measure.Hours] {
	return whole[measure.Hours](r, column)
}

// Share returns a Share.
func (r Row) Share(column string) measure.Opt[measure.Share] {
	return whole[measure.Share](r, column)
}

// Count returns a Count.
func (r Row) Count(column string) measure.Opt[int64] { return whole[int64](r, column) }

// Flag returns a Flag.
func (r Row) Flag(column string) measure.Opt[bool] {
	if a, ok := r.column(column).(*array.Boolean); ok {
		return measure.Some(a.Value(r.index))
	}
	return measure.Opt[bool]{}
}

func whole[T ~int64](r Row, column string) measure.Opt[T] {
	if a, ok := r.column(column).(*array.Int64); ok {
		return measure.Some(T(a.Value(r.index)))
	}
	return measure.Opt[T]{}
}

// column returns the column's values, or nil where it is not mapped or the row
// has none.
func (r Row) column(name string) arrow.Array {
	i := r.batch.export.Column(name)
	if i < 0 {
		return nil
	}
	if a := r.batch.Record.Column(i); a.IsValid(r.index) {
		return a
	}
	return nil
}
