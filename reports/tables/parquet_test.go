package tables

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"pgregory.net/rapid"
)

// Whatever a table holds, Arrow reads it back: columns that repeat and that do not,
// with values, with some and with none at all.
func TestParquetHoldsWhatRowsSay(t *testing.T) {
	columns := []Column{
		{Name: "text"}, {Name: "count", Kind: Whole}, {Name: "places", Kind: Whole, Unlike: true},
		{Name: "rate", Kind: Decimal, Places: 6}, {Name: "amount", Kind: Decimal, Places: 2, Unlike: true}, {Name: "hours", Kind: Fraction, Places: 6},
	}
	rapid.Check(t, func(t *rapid.T) {
		absent := make([]int, len(columns)) // one value in so many is
		for i := range absent {
			absent[i] = rapid.SampledFrom([]int{1, 2, 9, 1000}).Draw(t, "absent")
		}
		number := rapid.OneOf(rapid.Int64Range(-2, 2), rapid.Int64())
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Row {
			row := make(Row, len(columns))
			for i, c := range columns {
				switch {
				case rapid.IntRange(1, absent[i]).Draw(t, "one") == 1:
				case c.Kind == Text:
					row[i] = plainly(rapid.StringN(1, 9, -1).Draw(t, "text"))
				case c.Kind == Whole:
					row[i] = whole(number.Draw(t, "number"))
				default:
					row[i] = Value{Known: true, Num: decimal128.New(number.Draw(t, "high"), uint64(number.Draw(t, "low")))}
				}
			}
			return row
		}), 0, 40).Draw(t, "rows")
		var b bytes.Buffer
		if err := WriteParquet(&b, columns, slices.Values(rows)); err != nil {
			t.Fatal(err)
		}
		if got := readBack(t, b.Bytes()); !slices.Equal(got, said(rows, columns)) {
			t.Fatalf("read\n%s\nfor\n%s", got, said(rows, columns))
		}
	})
}

// What a group holds does not reach into the next that is written in its place,
// which has more values, in another order.
func TestParquetOfManyGroups(t *testing.T) {
	columns := []Column{{Name: "item"}, {Name: "own", Kind: Decimal, Places: 2}, {Name: "amount", Kind: Decimal, Places: 2, Unlike: true}}
	var rows []Row
	for i := range 8*rowGroup + 7 {
		group := i / rowGroup
		row := Row{plainly(fmt.Sprint("item ", i%(group+7))), whole(i % (group + 5)), whole(i)}
		if i%(group+2) > 0 && group < 4 {
			row[1], row[2] = Value{}, Value{}
		}
		rows = append(rows, row)
	}
	var b bytes.Buffer
	if err := WriteParquet(&b, columns, slices.Values(rows)); err != nil {
		t.Fatal(err)
	}
	if got, want := readBack(t, b.Bytes()), said(rows, columns); !slices.Equal(got, want) {
		t.Errorf("%d rows came back, of %d, or others", len(got), len(want))
	}
}

func said(rows []Row, columns []Column) []string {
	var all []string
	for _, row := range rows {
		var line []byte
		for i, v := range row {
			switch {
			case !v.Known:
				line = append(line, "-|"...)
			case columns[i].Kind == Text:
				line = fmt.Appendf(line, "%q|", v.Text)
			case columns[i].Kind == Whole:
				line = fmt.Appendf(line, "%d|", int64(v.Num.LowBits()))
			default:
				line = fmt.Appendf(line, "%s|", v.Num.BigInt())
			}
		}
		all = append(all, string(line))
	}
	return all
}

func readBack(t rapid.TB, file []byte) []string {
	table, err := pqarrow.ReadTable(context.Background(), bytes.NewReader(file), parquet.NewReaderProperties(memory.DefaultAllocator), pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	defer table.Release()
	lines := make([][]byte, table.NumRows())
	for i := range int(table.NumCols()) {
		at := 0
		for _, chunk := range table.Column(i).Data().Chunks() {
			for row := range chunk.Len() {
				lines[at] = append(appendRead(lines[at], chunk, row), '|')
				at++
			}
		}
	}
	var all []string
	for _, line := range lines {
		all = append(all, string(line))
	}
	return all
}

func appendRead(line []byte, a arrow.Array, row int) []byte {
	if a.IsNull(row) {
		return append(line, '-')
	}
	switch a := a.(type) {
	case *array.String:
		return fmt.Appendf(line, "%q", a.Value(row))
	case *array.Int64:
		return fmt.Appendf(line, "%d", a.Value(row))
	case *array.Decimal128:
		return fmt.Appendf(line, "%s", a.Value(row).BigInt())
	}
	return fmt.Appendf(line, "a %s", a.DataType())
}
