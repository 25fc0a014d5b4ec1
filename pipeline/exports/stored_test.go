package exports

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
	"github.com/apache/arrow/go/v17/arrow/memory"
	format "github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/metadata"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"pgregory.net/rapid"

	"clientworth/pipeline/exports/pages"
	"clientworth/pipeline/money"
)

// storedTypes are types that are read from pages, and one that is not.
var storedTypes = []arrow.DataType{
	arrow.BinaryTypes.String, arrow.BinaryTypes.Binary, arrow.PrimitiveTypes.Int8, arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Int64,
	arrow.PrimitiveTypes.Uint16, arrow.PrimitiveTypes.Uint32, arrow.PrimitiveTypes.Float64, arrow.PrimitiveTypes.Float32, arrow.FixedWidthTypes.Boolean,
	arrow.FixedWidthTypes.Date32, arrow.FixedWidthTypes.Timestamp_ms, &arrow.TimestampType{Unit: arrow.Microsecond}, &arrow.TimestampType{Unit: arrow.Nanosecond, TimeZone: "UTC"},
	&arrow.Decimal128Type{Precision: 9, Scale: 2}, &arrow.Decimal128Type{Precision: 18, Scale: 6}, &arrow.Decimal128Type{Precision: 38, Scale: 9},
	&arrow.Decimal128Type{Precision: 38, Scale: 6}, arrow.PrimitiveTypes.Uint64,
}

// cellOfType makes a value of a type of a drawn number.
func cellOfType(b array.Builder, n int64) {
	switch b := b.(type) {
	case *array.StringBuilder:
		b.Append(textOfNumber(n))
	case *array.BinaryBuilder:
		b.Append([]byte(textOfNumber(n)))
	case *array.Int8Builder:
		b.Append(int8(n))
	case *array.Int32Builder:
		b.Append(int32(n))
	case *array.Int64Builder:
		b.Append(n << (n & 48))
	case *array.Uint16Builder:
		b.Append(uint16(n))
	case *array.Uint32Builder:
		b.Append(uint32(n * 99_999_999))
	case *array.Uint64Builder:
		b.Append(uint64(n * 99_999_999))
	case *array.Float64Builder:
		b.Append(float64(n) / 7 * float64(n&3+6))
	case *array.Float32Builder:
		b.Append(float32(n) / 3)
	case *array.BooleanBuilder:
		b.Append(n&1 == 1)
	case *array.Date32Builder:
		b.Append(arrow.Date32(18_000 + n))
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(n << 33))
	case *array.Decimal128Builder:
		wide := int64(0)
		if b.Type().(*arrow.Decimal128Type).Precision == 38 {
			wide = n & 7 >> 1 // beyond what 64 bits hold
		}
		b.Append(decimal128.New(wide, uint64(n)*1_234_567))
	}
}

func textOfNumber(n int64) string {
	switch n % 5 {
	case 0:
		return fmt.Sprint(n)
	case 1:
		return fmt.Sprintf("2026-%02d-%02d", n%12+1, n%28+1)
	case 2:
		return " 1.5 "
	case 3:
		return "Ромашка и партнёры, общество"
	}
	return "yes"
}

// What is read from pages is what is read by way of Arrow, whatever column of ours
// a type is mapped to: the same rows, findings and errors.
func TestPagesAreArrows(t *testing.T) {
	defer func(n int) { batchRows = n }(batchRows)
	rapid.Check(t, func(rt *rapid.T) {
		batchRows = rapid.IntRange(1, 40).Draw(rt, "batch")
		names := []any{"client", "date", "hours", "entry", "billable", "units"}
		var types []arrow.DataType
		fit := map[any][]arrow.DataType{"date": storedTypes[10:14], "hours": append(storedTypes[2:9:9], storedTypes[14:]...)}
		for _, name := range names {
			from := storedTypes
			if fit[name] != nil && rapid.IntRange(0, 4).Draw(rt, "fit") > 0 { // or hardly a row is left
				from = fit[name]
			}
			types = append(types, rapid.SampledFrom(from).Draw(rt, name.(string)))
		}
		rows := [][]any{names}
		for range rapid.IntRange(1, 40).Draw(rt, "rows") {
			var row []any
			for range names {
				if n := rapid.Int64Range(-3, 60).Draw(rt, "value"); n < 0 {
					row = append(row, nil)
				} else {
					row = append(row, drawn(n))
				}
			}
			rows = append(rows, row)
		}
		src := Source{Input: SupportHours, Dates: "yyyy-mm-dd", Decimal: ".", HoursUnit: "hours", Columns: map[string]Mapping{}}
		for _, name := range names {
			src.Columns[name.(string)] = Mapping{Header: []string{name.(string)}}
		}
		src.Columns["units"] = Mapping{Header: []string{"units"}, Negate: rapid.Bool().Draw(rt, "negate")}
		group, dictionary := rapid.Int64Range(1, 50).Draw(rt, "group"), rapid.Bool().Draw(rt, "dictionary")
		page := rapid.Int64Range(1, 100).Draw(rt, "page size")
		var told [2]string
		var found [2][]string
		for i, c := range []compress.Compression{compress.Codecs.Snappy, compress.Codecs.Brotli} {
			file := parquetOf(t, types, rows, group, format.WithCompression(c), format.WithDictionaryDefault(dictionary), format.WithDataPageSize(page), format.WithBatchSize(5),
				format.WithStoreDecimalAsInteger(group%2 == 0))
			list, tally, findings, err := listed(saved(t, src, "a.parquet", file))
			tally.Size, tally.SHA256 = 0, ""
			told[i], found[i] = fmt.Sprint(list, tally, err), findings
			slices.Sort(found[i])
		}
		if told[0] != told[1] || !slices.Equal(found[0], found[1]) {
			rt.Fatalf("from pages:\n%s\n%q\nby Arrow:\n%s\n%q", told[0], found[0], told[1], found[1])
		}
	})
}

// Pages of one column chunk may take turns between its dictionary and values of
// their own, although most writers give the dictionary up for good.
func TestDictionaryTakesTurns(t *testing.T) {
	words := func(at ...uint32) *pages.Run { return &pages.Run{Len: len(at), Words: at, Ints: []int64{10, 20, 30}} }
	c := &column{plan: &plan{Column: Column{Name: "amount", Kind: Decimal}, fields: []int{0}, marks: plainDecimal}}
	c.begin(7)
	f := storedField{stored: stored{as: asWhole}, fills: []filled{{column: c}}}
	f.learn(words())
	row := 0
	for _, r := range []*pages.Run{words(0, 1), {Len: 3, Ints: []int64{7, 8, 9}}, words(1, 2)} {
		f.fills[0].fill(row, &f.stored, r)
		row += r.Len
	}
	for i, want := range []int64{10, 20, 7, 8, 9, 20, 30} {
		if got := c.decimals[i]; got != decimal128.FromI64(want*million) {
			t.Errorf("row %d is %v millionths, not %d", i, got, want*million)
		}
	}
}

// Texts with long offsets, as some writers store them, are texts: their columns are
// settled like those of CSV, and read row by row as well as from their pages.
func TestLargeTexts(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "client", Type: arrow.BinaryTypes.LargeString}, {Name: "date", Type: arrow.BinaryTypes.LargeString}, {Name: "hours", Type: arrow.BinaryTypes.LargeBinary},
	}, nil)
	for _, hours := range [][]string{{"1,5", "1.234,5"}, {"1.5", "0.25"}, {"1.234", "2.345"}} {
		b, text := array.NewRecordBuilder(memory.DefaultAllocator, schema), "client,date,hours\n"
		for _, h := range hours {
			b.Field(0).(*array.LargeStringBuilder).Append("A")
			b.Field(1).(*array.LargeStringBuilder).Append("13/04/2026")
			b.Field(2).(*array.BinaryBuilder).Append([]byte(h))
			text += `A,13/04/2026,"` + h + "\"\n"
		}
		var out bytes.Buffer
		table := array.NewTableFromRecords(schema, []arrow.Record{b.NewRecord()})
		if err := pqarrow.WriteTable(table, &out, 10, format.NewWriterProperties(), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema())); err != nil {
			t.Fatal(err)
		}
		for _, footers := range [][]string{nil, {"no such footer"}} {
			src := Source{Input: SupportHours, HoursUnit: "hours", Footers: footers}
			want, _, _, wantErr := listed(saved(t, src, "a", []byte(text)))
			got, tally, found, err := listed(saved(t, src, "a", out.Bytes()))
			if (err == nil) != (wantErr == nil) || len(got) != len(want) || tally.SetAside != 0 {
				t.Errorf("%q, footers %q: %q, %q, %v; as CSV %q, %v", hours, footers, got, found, err, want, wantErr)
			}
			for i := range min(len(got), len(want)) {
				if got[i][1:] != want[i][1:] { // behind the line, of which CSV has one more
					t.Errorf("%q, as CSV %q", got[i], want[i])
				}
			}
		}
	}
}

// Decimals of writers of the second version are bytes of one length that go on from
// each other, which Arrow does not read: rows are looked at again, and made tables of,
// without it.
func TestDecimalsByDifferences(t *testing.T) {
	texts := []arrow.DataType{arrow.BinaryTypes.String, arrow.BinaryTypes.String, arrow.BinaryTypes.String}
	rows := [][]any{{"client", "date", "amount"}, {"A", "2026-01-05", "\x00\x04\xd2"}, {"B", "soon", "\x00\x04\xd3"}, {"C", "2026-01-06", "\xff\xff\x9c"}, {"D", "2026-01-07", nil}}
	data := parquetOf(t, texts, rows, 10, format.WithDictionaryDefault(false), format.WithEncodingFor("amount", format.Encodings.DeltaByteArray), format.WithStats(false))
	data = decimalsOfBytes(t, data, 2, 3)
	for _, footers := range [][]string{nil, {"no such footer"}} {
		list, tally, found, err := listed(saved(t, Source{Input: Billing, Dates: "yyyy-mm-dd", Footers: footers}, "a.parquet", data))
		want(t, list, err, "1 client=A date=2026-01-05 amount=12.34 ", "3 client=C date=2026-01-06 amount=-1 ")
		if len(found) != 2 || tally.SetAside != 2 || tally.SetAsideMoney != money.Millionths(12_350_000) {
			t.Errorf("footers %q: %q, %+v", footers, found, tally)
		}
	}
}

// decimalsOfBytes calls a column of texts of one length one of decimals with two places.
func decimalsOfBytes(t *testing.T, data []byte, column int, length int32) []byte {
	return otherFooter(t, data, func(meta *metadata.FileMetaData) {
		precision, scale := int32(6), int32(2)
		is := meta.FileMetaData.Schema[1+column]
		*is.Type, is.TypeLength, is.Precision, is.Scale, is.LogicalType = 7, &length, &precision, &scale, nil
		*is.ConvertedType = 5
		meta.RowGroups[0].Columns[column].MetaData.Type = 7
	})
}

// otherFooter has a file say something else of its columns.
func otherFooter(t *testing.T, data []byte, change func(*metadata.FileMetaData)) []byte {
	t.Helper()
	meta, err := metadata.NewFileMetaData(data[footerOf(data):len(data)-8], nil)
	if err != nil {
		t.Fatal(err)
	}
	change(meta)
	var footer bytes.Buffer
	n, err := meta.WriteTo(&footer, nil)
	if err != nil {
		t.Fatal(err)
	}
	footer.Write(binary.LittleEndian.AppendUint32(nil, uint32(n)))
	return append(append(data[:footerOf(data):footerOf(data)], footer.Bytes()...), "PAR1"...)
}

func footerOf(data []byte) int {
	return len(data) - 8 - int(binary.LittleEndian.Uint32(data[len(data)-8:]))
}

// DuckDB wrote this file: LZ4 without frames, numbers in steps and in streams, and a
// column that is left to Arrow, which knows no LZ4.
func TestLZ4(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "exports", "duckdb-lz4.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for i := range 24 {
		document := ""
		if i%5 != 3 {
			document = fmt.Sprintf("INV-%05d", i/3)
		}
		rows = append(rows, fmt.Sprintf("%d client=Client %d document=%s line=%d date=2026-10-%02d quantity=%v amount=%v list_amount=%v ", i+1, i%3, document, i*1000, 1+i,
			money.Millionths(int64(i*1_250_000+100_000)), money.Millionths(int64(i*370_000-2_000_000)), money.Millionths(int64(i*125_000))))
	}
	for _, footers := range [][]string{nil, {"no such footer"}} {
		got, _, _, err := listed(saved(t, Source{Input: Billing, Footers: footers}, "a.parquet", data))
		for i := range got {
			got[i] = strings.ReplaceAll(got[i], "document=- ", "document= ")
		}
		want(t, got, err, rows...)
	}
}

// A file that is whole but written in a way that nothing here reads is not called
// damaged.
func TestUnsupportedParquet(t *testing.T) {
	texts := []arrow.DataType{arrow.BinaryTypes.String, arrow.BinaryTypes.String, arrow.PrimitiveTypes.Float32}
	whole := parquetOf(t, texts, [][]any{{"client", "date", "amount"}, {"A", "2026-10-01", drawn(4)}}, 10, format.WithCompression(compress.Codecs.Brotli), format.WithDictionaryDefault(false))
	for _, as := range []struct {
		change func(of *metadata.FileMetaData)
		wrong  string
	}{
		{func(of *metadata.FileMetaData) { of.RowGroups[0].Columns[2].MetaData.Encodings[0] = 9 }, "encoding BYTE_STREAM_SPLIT of FLOAT is not supported with compression BROTLI"},
		{func(of *metadata.FileMetaData) { of.RowGroups[0].Columns[2].MetaData.Codec = 5 }, "compression LZ4 of Parquet is not supported"},
		{func(of *metadata.FileMetaData) { of.RowGroups[0].Columns[2].MetaData.Codec = 3 }, "compression LZO of Parquet is not supported"},
	} {
		_, _, _, err := listed(saved(t, Source{Input: Billing, Dates: "yyyy-mm-dd"}, "a.parquet", otherFooter(t, slices.Clone(whole), as.change)))
		wantError(t, err, "a.parquet: amount", as.wrong, "with compression snappy or zstd")
	}
}

// drawn is a number of which a value of any type is made.
type drawn int64

func TestDecimalText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := decimal128.New(rapid.Int64Range(-5_000_000_000_000_000_000, 5_000_000_000_000_000_000).Draw(t, "high"), rapid.Uint64().Draw(t, "low"))
		if rapid.Bool().Draw(t, "narrow") {
			n = decimal128.FromI64(rapid.Int64().Draw(t, "number"))
		}
		scale := rapid.Int32Range(0, 38).Draw(t, "scale")
		if got, want := string(decimalText(n, scale)), n.ToString(scale); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	})
}
