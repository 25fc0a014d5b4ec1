package tables

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"

	"clientworth/pipeline/exports/pages"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/restate"
)

// errNoFacts is that a file is no table of facts, or one of another make.
var errNoFacts = errors.New("these are no facts of a report")

// ReadFacts reads the facts that a report has published, for a later report to
// say what it restates. The error is a file that is no such table.
func ReadFacts(in parquet.ReaderAtSeeker, w *restate.Words) (restate.Lines, error) {
	p, err := file.NewParquetReader(in)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	size, err := in.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	f := &publishedFacts{in: in, size: size, reader: p, words: w, months: map[period.Month][]restate.Line{}}
	for group := range p.NumRowGroups() {
		if err := f.group(group); err != nil {
			return nil, err
		}
	}
	return func(m period.Month) []restate.Line { return f.months[m] }, nil
}

// publishedFacts are the facts of a report while they are read.
type publishedFacts struct {
	in     io.ReaderAt
	size   int64
	reader *file.Reader
	words  *restate.Words
	column pages.Column
	months map[period.Month][]restate.Line
}

// group reads the rows of a group, column by column.
func (f *publishedFacts) group(group int) error {
	n := int(f.reader.MetaData().RowGroup(group).NumRows())
	l, months := make([]restate.Line, n), make([]period.Month, n)
	word := func(text []byte) (restate.Word, error) { return f.words.Of(string(text)), nil }
	err := cmp.Or(
		read(f, group, "month", inWords(period.ParseMonth), func(row int, m period.Month) { months[row] = m }),
		read(f, group, "component", inWords(restate.ComponentOf), func(row int, c restate.Component) { l[row].Component = c }),
		read(f, group, "client_id", word, func(row int, w restate.Word) { l[row].Client = w }),
		read(f, group, "item", word, func(row int, w restate.Word) { l[row].Item = w }),
		read(f, group, "source", word, func(row int, w restate.Word) { l[row].Source = w }),
		read(f, group, "source_name", word, func(row int, w restate.Word) { l[row].Names = w }),
		read(f, group, "quantity", number, func(row int, n int64) { l[row].Hours = measure.Hours(n) }),
		read(f, group, "amount", number, func(row int, n int64) { l[row].Amount = money.Amount(n) }),
		read(f, group, "own_error", number, func(row int, n int64) { l[row].OwnError = money.Amount(n) }),
	)
	if err != nil {
		return err
	}
	for i, m := range months {
		if l[i].Component != restate.Labour {
			l[i].Hours = 0 // another quantity
		}
		f.months[m] = append(f.months[m], l[i])
	}
	return nil
}

func inWords[T any](meaning func(string) (T, error)) func([]byte) (T, error) {
	return func(text []byte) (T, error) { return meaning(string(text)) }
}

// number is a decimal in units of its last place. Amounts and hours have 64 bits.
func number(stored []byte) (int64, error) {
	if len(stored) != arrow.Decimal128SizeBytes {
		return 0, errNoFacts
	}
	return int64(binary.BigEndian.Uint64(stored[arrow.Decimal128SizeBytes-8:])), nil
}

// open begins with a column of a group.
func (f *publishedFacts) open(group int, name string) error {
	metadata := f.reader.MetaData()
	at := metadata.Schema.ColumnIndexByName(name)
	if at < 0 {
		return fmt.Errorf("no column %s: %w", name, errNoFacts)
	}
	column := metadata.Schema.Column(at)
	if kind := column.PhysicalType(); kind != parquet.Types.ByteArray && kind != parquet.Types.FixedLenByteArray || !pages.Reads(metadata, at) {
		return fmt.Errorf("column %s: %w", name, errNoFacts)
	}
	rows := metadata.RowGroup(group)
	chunk, err := rows.ColumnChunk(at)
	if err != nil {
		return err
	}
	return f.column.Open(f.in, f.size, chunk, column, rows.NumRows())
}

// read sets what the values of a column mean for each row that has one. Those of a
// dictionary are looked at once.
func read[T any](f *publishedFacts, group int, name string, meaning func([]byte) (T, error), set func(row int, t T)) error {
	if err := f.open(group, name); err != nil {
		return err
	}
	var known []T // of the dictionary
	for row := 0; ; {
		run, err := f.column.Next(rowGroup)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("column %s: %w", name, err)
		}
		if run.Words != nil && known == nil {
			known = make([]T, run.Values())
			for i := range known {
				if known[i], err = meaning(run.Text(i)); err != nil {
					return err
				}
			}
		}
		for i := range run.Len {
			switch {
			case run.Null != nil && run.Null[i]:
			case run.Words != nil:
				set(row+i, known[run.Words[i]])
			default:
				value, err := meaning(run.Text(i))
				if err != nil {
					return err
				}
				set(row+i, value)
			}
		}
		row += run.Len
	}
}
