package tables

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/restate"
)

// The columns of published facts that a later report compares with.
var (
	comparedTexts   = [...]string{"month", "client_id", "component", "item", "source", "source_name"}
	comparedNumbers = [...]string{"quantity", "amount", "own_error"}
)

// ReadFacts reads the facts that a report has published, for a later report to
// say what it restates. The error is a file that is no such table.
func ReadFacts(in parquet.ReaderAtSeeker, w *restate.Words) (restate.Lines, error) {
	p, err := file.NewParquetReader(in)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	properties := pqarrow.ArrowReadProperties{BatchSize: rowGroup, Parallel: true}
	var columns []int
	for i, name := range slices.Concat(comparedTexts[:], comparedNumbers[:]) {
		at := p.MetaData().Schema.ColumnIndexByName(name)
		if at < 0 {
			return nil, fmt.Errorf("no column %s: these are no facts of a report", name)
		}
		columns = append(columns, at)
		properties.SetReadDict(at, i < len(comparedTexts))
	}
	r, err := pqarrow.NewFileReader(p, properties, memory.DefaultAllocator)
	if err != nil {
		return nil, err
	}
	lines := publishedLines{}
	for group := range p.NumRowGroups() { // each has dictionaries of its own
		if err := lines.read(r, columns, group, w); err != nil {
			return nil, err
		}
	}
	return func(m period.Month) []restate.Line { return lines[m] }, nil
}

// publishedLines are the lines of a report by month.
type publishedLines map[period.Month][]restate.Line

func (p publishedLines) read(r *pqarrow.FileReader, columns []int, group int, w *restate.Words) error {
	records, err := r.GetRecordReader(context.Background(), columns, []int{group})
	if err != nil {
		return err
	}
	defer records.Release()
	for records.Next() {
		if err := p.add(records.Record(), w); err != nil {
			return err
		}
	}
	if err := records.Err(); err != io.EOF {
		return err
	}
	return nil
}

func (p publishedLines) add(record arrow.Record, w *restate.Words) error {
	texts, numbers := map[string]*array.Dictionary{}, map[string]*array.Decimal128{}
	for i, f := range record.Schema().Fields() {
		switch c := record.Column(i).(type) {
		case *array.Dictionary:
			texts[f.Name] = c
		case *array.Decimal128:
			numbers[f.Name] = c
		}
	}
	if len(texts) != len(comparedTexts) || len(numbers) != len(comparedNumbers) {
		return errors.New("a column is of another kind: these are no facts of a report")
	}
	word := func(column string) meanings[restate.Word] {
		all, _ := meant(texts[column], func(s string) (restate.Word, error) { return w.Of(s), nil })
		return all
	}
	month, err := meant(texts["month"], period.ParseMonth)
	if err != nil {
		return err
	}
	component, err := meant(texts["component"], restate.ComponentOf)
	if err != nil {
		return err
	}
	client, item, source, names := word("client_id"), word("item"), word("source"), word("source_name")
	quantity, amount, own := numbers["quantity"], numbers["amount"], numbers["own_error"]
	for i := range int(record.NumRows()) {
		l := restate.Line{
			Component: component.of(i), Client: client.of(i), Item: item.of(i), Source: source.of(i), Names: names.of(i),
			Amount: money.Amount(number(amount, i)), OwnError: money.Amount(number(own, i)),
		}
		if l.Component == restate.Labour {
			l.Hours = measure.Hours(number(quantity, i))
		}
		p[month.of(i)] = append(p[month.of(i)], l)
	}
	return nil
}

// meanings are what the texts of a column mean, each looked at once.
type meanings[T any] struct {
	column *array.Dictionary
	all    []T
}

func meant[T any](c *array.Dictionary, meaning func(string) (T, error)) (m meanings[T], err error) {
	m.column = c
	texts, ok := c.Dictionary().(*array.String)
	if !ok {
		return m, errors.New("a column is of another kind: these are no facts of a report")
	}
	m.all = make([]T, texts.Len())
	for i := range m.all {
		if m.all[i], err = meaning(strings.Clone(texts.Value(i))); err != nil {
			return m, err
		}
	}
	return m, nil
}

// of is what the text of a row means; nothing where it has none.
func (m meanings[T]) of(row int) (t T) {
	if m.column.IsNull(row) {
		return t
	}
	return m.all[m.column.GetValueIndex(row)]
}

func number(c *array.Decimal128, row int) int64 {
	if c.IsNull(row) {
		return 0
	}
	return int64(c.Value(row).LowBits())
}
