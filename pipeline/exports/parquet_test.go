package exports

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
	"github.com/apache/arrow/go/v17/arrow/memory"
	format "github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"pgregory.net/rapid"

	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// parquetOf writes rows of values as workbookOf does, as columns of the given
// types, in row groups of the given size.
func parquetOf(t testing.TB, types []arrow.DataType, rows [][]any, group int64, options ...format.WriterProperty) []byte {
	t.Helper()
	var fields []arrow.Field
	for i, name := range rows[0] {
		fields = append(fields, arrow.Field{Name: name.(string), Type: types[i], Nullable: true})
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	for _, row := range rows[1:] {
		for i, v := range row {
			appendValue(b.Field(i), v)
		}
	}
	table := array.NewTableFromRecords(b.Schema(), []arrow.Record{b.NewRecord()})
	var out bytes.Buffer
	if err := pqarrow.WriteTable(table, &out, group, format.NewWriterProperties(options...), pqarrow.DefaultWriterProps()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func appendValue(b array.Builder, v any) {
	if v == nil {
		b.AppendNull()
		return
	}
	if n, ok := v.(drawn); ok {
		cellOfType(b, int64(n))
		return
	}
	switch b := b.(type) {
	case *array.StringBuilder:
		b.Append(v.(string))
	case *array.Float64Builder:
		switch v := v.(type) {
		case float64:
			b.Append(v)
		case money.Exact:
			b.Append(v.Float())
		}
	case *array.Decimal128Builder:
		e := v.(money.Exact)
		n, err := decimal128.New(e.Hi, e.Lo).Rescale(6, b.Type().(*arrow.Decimal128Type).Scale)
		if err != nil {
			panic(err)
		}
		b.Append(n)
	case *array.Int64Builder:
		b.Append(v.(int64))
	case *array.Date32Builder:
		b.Append(arrow.Date32(v.(period.Day) - period.UnixEpoch))
	case *array.TimestampBuilder:
		if day, ok := v.(period.Day); ok {
			b.Append(arrow.Timestamp(int64(day-period.UnixEpoch) * 86_400_000_000))
			return
		}
		b.Append(arrow.Timestamp(v.(int64)))
	case *array.BooleanBuilder:
		b.Append(v.(bool))
	default:
		panic(fmt.Sprintf("no value for %T", b))
	}
}

// The same rows as Parquet and as CSV are the same export, whatever the types and
// however they are written.
func TestParquetIsCSV(t *testing.T) {
	texts := arrow.BinaryTypes.String
	defer func(n int) { batchRows = n }(batchRows)
	rapid.Check(t, func(rt *rapid.T) {
		batchRows = rapid.IntRange(1, 40).Draw(rt, "batch")
		day := rapid.SampledFrom([]arrow.DataType{texts, arrow.FixedWidthTypes.Date32, arrow.FixedWidthTypes.Timestamp_us}).Draw(rt, "day type")
		number := rapid.SampledFrom([]arrow.DataType{texts, arrow.PrimitiveTypes.Float64, &arrow.Decimal128Type{Precision: 18, Scale: 3}, &arrow.Decimal128Type{Precision: 38, Scale: 9}}).Draw(rt, "number type")
		flag := rapid.SampledFrom([]arrow.DataType{texts, arrow.FixedWidthTypes.Boolean}).Draw(rt, "flag type")
		types := []arrow.DataType{texts, texts, day, number, number, number, flag}
		rows := [][]any{{"Client", "No", "Date", "Qty", "Price", "Tax", "Recurring"}}
		text := "Client;No;Date;Qty;Price;Tax;Recurring\n"
		drawn := rapid.Map(rapid.Int64Range(-99_999_999, 99_999_999), func(n int64) money.Exact { return money.Millionths(n * 1000) })
		for range rapid.IntRange(1, 30).Draw(rt, "rows") {
			d := period.UnixEpoch + period.Day(rapid.IntRange(18000, 25000).Draw(rt, "day"))
			y, m, dd := d.Date()
			n := [3]money.Exact{drawn.Draw(rt, "qty"), drawn.Draw(rt, "price"), drawn.Draw(rt, "tax")}
			client := rapid.SampledFrom([]string{"Ромашка", " A ", "=1+1", "شرکت", "007", ""}).Draw(rt, "client")
			values := []any{client, "12", d, n[0], n[1], n[2], rapid.Bool().Draw(rt, "flag")}
			fields := []string{client, "12", fmt.Sprintf("%02d.%02d.%04d", dd, m, y), n[0].String(), n[1].String(), n[2].String(), fmt.Sprint(values[6])}
			for i := range values {
				if types[i] == texts {
					values[i] = fields[i]
				}
			}
			if rapid.IntRange(0, 9).Draw(rt, "no tax") == 0 {
				values[5], fields[5] = nil, ""
			}
			rows = append(rows, values)
			text += strings.Join(fields, ";") + "\n"
		}
		src := Source{Input: Billing, Columns: billingColumns, Dates: "dd.mm.yyyy", Decimal: "."}
		if rapid.Bool().Draw(rt, "row by row") {
			src.Footers = []string{"no such footer"}
		}
		wantRows, want, _, err := listed(saved(t, src, "a.csv", []byte(text)))
		if err != nil {
			rt.Fatal(err)
		}
		file := parquetOf(t, types, rows, rapid.Int64Range(1, 40).Draw(rt, "group"),
			// Files in Brotli are read by way of Arrow, others from their pages.
			format.WithCompression(rapid.SampledFrom([]compress.Compression{compress.Codecs.Snappy, compress.Codecs.Brotli}).Draw(rt, "compression")),
			format.WithDictionaryDefault(rapid.Bool().Draw(rt, "dictionary")), format.WithStoreDecimalAsInteger(rapid.Bool().Draw(rt, "whole numbers")))
		got, tally, _, err := listed(saved(t, src, "a.parquet", file))
		if err != nil {
			rt.Fatal(err)
		}
		for i := range wantRows { // the header is no row of Parquet
			var line int
			fmt.Sscan(wantRows[i], &line)
			_, rest, _ := strings.Cut(wantRows[i], " ")
			wantRows[i] = fmt.Sprint(line-1, " ", rest)
		}
		if strings.Join(got, "\n") != strings.Join(wantRows, "\n") || tally.SetAside != want.SetAside || tally.Read != want.Read-1 {
			rt.Fatalf("got\n%s %+v\nwant\n%s", strings.Join(got, "\n"), tally, strings.Join(wantRows, "\n"))
		}
	})
}

func TestParquetValues(t *testing.T) {
	columns := map[string]Mapping{"client": {Header: []string{"c"}}, "date": {Header: []string{"d"}}, "hours": {Header: []string{"h"}}, "ticket": {Header: []string{"t"}}}
	types := []arrow.DataType{arrow.BinaryTypes.String, arrow.FixedWidthTypes.Timestamp_us, arrow.PrimitiveTypes.Float64, arrow.PrimitiveTypes.Int64}
	const night = int64(20757)*86_400_000_000 + 23*3_600_000_000
	file := parquetOf(t, types, [][]any{
		{"c", "d", "h", "t"},
		{"A", night, 0.1 + 0.2, int64(9_223_372_036_854_775_807)},
		{"B", night, math.NaN(), int64(1)},
		{"C", nil, 1.0, int64(2)},
		{"D", night, 1.0 / 3, nil},
	}, 3)
	rows, tally, findings, err := listed(saved(t, Source{Input: SupportHours, Columns: columns}, "a", file))
	if err != nil {
		t.Fatal(err)
	}
	want := "1 client=A date=2026-10-31 hours=0.30 ticket=9223372036854775807 \n4 client=D date=2026-10-31 hours=0.333333 ticket=- "
	if got := strings.Join(rows, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	wantFindings := `a:2: hours: bad-cell: "NaN" stands in the cell
a:3: date: missing-value: date is empty
a:4: hours: rounded-value: "0.333333333333333"`
	if got := strings.Join(findings, "\n"); got != wantFindings {
		t.Errorf("got\n%s\nwant\n%s", got, wantFindings)
	}
	if tally.Read != 4 || tally.SetAside != 2 || tally.Dialect != "Parquet" || len(tally.SHA256) != 64 {
		t.Errorf("%+v", tally)
	}
}

func TestParquetWithoutRows(t *testing.T) {
	types := []arrow.DataType{arrow.BinaryTypes.String, arrow.FixedWidthTypes.Date32, arrow.PrimitiveTypes.Float64}
	rows, tally, findings, err := listed(saved(t, Source{Input: SupportHours, HoursUnit: "hours"}, "a", parquetOf(t, types, [][]any{{"client", "date", "hours"}}, 10)))
	if err != nil || len(rows)+len(findings) > 0 || tally.Read != 0 {
		t.Errorf("%q, %+v, %q, %v", rows, tally, findings, err)
	}
}

// Whatever is cut off or changed is an error, or changes no more than a value;
// nothing panics.
func TestDamagedParquet(t *testing.T) {
	src := Source{Input: Billing, Columns: billingColumns}
	types := []arrow.DataType{arrow.BinaryTypes.String, arrow.BinaryTypes.String, arrow.FixedWidthTypes.Date32, arrow.PrimitiveTypes.Float64, arrow.PrimitiveTypes.Float64, arrow.PrimitiveTypes.Float64, arrow.FixedWidthTypes.Boolean}
	file := parquetOf(t, types, [][]any{{"Client", "No", "Date", "Qty", "Price", "Tax", "Recurring"}, {"A", "1", period.UnixEpoch, 1.0, 2.0, 0.0, true}}, 10)
	for n := 4; n < len(file); n += 7 {
		if _, _, _, err := listed(saved(t, src, "a.parquet", file[:n])); err == nil {
			t.Errorf("read %d of %d bytes", n, len(file))
		}
	}
	for n := 4; n < len(file); n += 5 {
		changed := bytes.Clone(file)
		changed[n] ^= 0xff
		listed(saved(t, src, "a.parquet", changed))
	}
}

// What the end of a file says of its columns may be damaged so that it can be opened,
// and no more: that is an error with a place and a remedy.
func TestDamagedFooter(t *testing.T) {
	types := []arrow.DataType{arrow.BinaryTypes.String, arrow.FixedWidthTypes.Date32, &arrow.Decimal128Type{Precision: 18, Scale: 2}, arrow.BinaryTypes.String}
	rows := [][]any{{"client", "date", "hours", "entry"}}
	for i := range 60 {
		rows = append(rows, []any{fmt.Sprint("C", i%9), drawn(i % 9), drawn(i % 20), fmt.Sprint("e", i)})
	}
	file := parquetOf(t, types, rows, 25, format.WithStats(false))
	src := saved(t, Source{Input: SupportHours, HoursUnit: "hours", Dates: "yyyy-mm-dd", Decimal: "."}, "a.parquet", file)
	footer := len(file) - 8 - int(binary.LittleEndian.Uint32(file[len(file)-8:]))
	for n := footer; n < len(file); n++ {
		changed := bytes.Clone(file)
		changed[n] ^= 1
		if err := os.WriteFile(filepath.Join(src.Folder, "a.parquet"), changed, 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, _, err := listed(src)
		if placed := (*Placed)(nil); err != nil && (!errors.As(err, &placed) || placed.Place.File != "a.parquet" || placed.Remedy == "") {
			t.Errorf("byte %d: no place or remedy: %v", n, err)
		}
	}
}
