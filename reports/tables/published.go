package tables

import (
	"context"
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/restate"
	"clientworth/reports/words"
)

// ReadFacts reads the facts that a report has published, for a later report to
// say what it restates. The error is a file that is no such table.
func ReadFacts(in parquet.ReaderAtSeeker) ([]restate.Line, error) {
	p, err := file.NewParquetReader(in)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	r, err := pqarrow.NewFileReader(p, pqarrow.ArrowReadProperties{BatchSize: rowGroup}, memory.DefaultAllocator)
	if err != nil {
		return nil, err
	}
	records, err := r.GetRecordReader(context.Background(), nil, nil)
	if err != nil {
		return nil, err
	}
	defer records.Release()
	var lines []restate.Line
	for records.Next() {
		if lines, err = appendLines(lines, records.Record()); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

func appendLines(lines []restate.Line, record arrow.Record) ([]restate.Line, error) {
	text, numbers := map[string]*array.String{}, map[string]*array.Decimal128{}
	for i, f := range record.Schema().Fields() {
		switch c := record.Column(i).(type) {
		case *array.String:
			text[f.Name] = c
		case *array.Decimal128:
			numbers[f.Name] = c
		}
	}
	for _, name := range []string{"month", "client_id", "component", "item", "source", "source_name"} {
		if text[name] == nil {
			return nil, fmt.Errorf("no column %s: these are no facts of a report", name)
		}
	}
	for _, name := range []string{"quantity", "amount", "own_error"} {
		if numbers[name] == nil {
			return nil, fmt.Errorf("no column %s: these are no facts of a report", name)
		}
	}
	for i := range int(record.NumRows()) {
		month, err := period.ParseMonth(text["month"].Value(i))
		if err != nil {
			return nil, err
		}
		whole := func(name string) int64 {
			if numbers[name].IsNull(i) {
				return 0
			}
			return int64(numbers[name].Value(i).LowBits())
		}
		l := restate.Line{
			Month: month, Client: clients.ID(text["client_id"].Value(i)), Component: text["component"].Value(i), Item: text["item"].Value(i),
			Source: text["source"].Value(i), Amount: money.Amount(whole("amount")), OwnError: money.Amount(whole("own_error")),
		}
		if names := text["source_name"].Value(i); names != "" {
			l.Names = strings.Split(names, nameMark)
		}
		if l.Component == "labour" {
			l.Hours = measure.Hours(whole("quantity"))
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// nameMark stands between several names of a client in one source.
const nameMark = "; "

// AsPublished returns a line as it reads once it was published.
func AsPublished(l restate.Line) restate.Line {
	l.Item, l.Source = words.Plain(l.Item), words.Plain(l.Source)
	for i := range l.Names {
		l.Names[i] = words.Plain(l.Names[i])
	}
	return l
}
