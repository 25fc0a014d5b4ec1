package pages

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"github.com/pierrec/lz4/v4"
	"pgregory.net/rapid"
)

var types = []arrow.DataType{
	arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Int64, arrow.PrimitiveTypes.Float64, arrow.PrimitiveTypes.Float32,
	arrow.FixedWidthTypes.Boolean, arrow.FixedWidthTypes.Date32, &arrow.Decimal128Type{Precision: 18, Scale: 2},
	&arrow.Decimal128Type{Precision: 38, Scale: 6},
}

// encodings are those of values that are not in a dictionary.
var encodings = map[arrow.Type][]parquet.Encoding{
	arrow.STRING: {parquet.Encodings.Plain, parquet.Encodings.DeltaLengthByteArray, parquet.Encodings.DeltaByteArray},
	arrow.INT32:  {parquet.Encodings.Plain, parquet.Encodings.DeltaBinaryPacked},
	arrow.INT64:  {parquet.Encodings.Plain, parquet.Encodings.DeltaBinaryPacked},
	arrow.BOOL:   {parquet.Encodings.Plain, parquet.Encodings.RLE},
}

// lz4Writer also deflates, which only tests need.
type lz4Writer struct{ lz4Codec }

func init() { compress.RegisterCodec(lz4Raw, lz4Writer{}) }

func (lz4Writer) CompressBound(n int64) int64 { return int64(lz4.CompressBlockBound(int(n))) }

func (w lz4Writer) Encode(_, from []byte) []byte {
	to := make([]byte, w.CompressBound(int64(len(from))))
	n, err := lz4.CompressBlock(from, to, nil)
	if err != nil {
		panic(err)
	}
	return to[:n]
}

func (w lz4Writer) EncodeLevel(to, from []byte, _ int) []byte { return w.Encode(to, from) }

// drawFile draws a table and writes it, in any of the ways that writers do.
func drawFile(t *rapid.T) []byte {
	var fields []arrow.Field
	for i := range rapid.IntRange(1, 4).Draw(t, "columns") {
		fields = append(fields, arrow.Field{Name: fmt.Sprint("c", i), Type: rapid.SampledFrom(types).Draw(t, "type"), Nullable: rapid.Bool().Draw(t, "nullable")})
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	rows := rapid.IntRange(0, 300).Draw(t, "rows")
	for i, f := range fields {
		nulls, different := 0, rapid.SampledFrom([]int64{1, 2, 9, 1000}).Draw(t, "different")
		if f.Nullable {
			nulls = rapid.SampledFrom([]int{0, 1, 5, 10}).Draw(t, "nulls in ten")
		}
		r := rapid.Uint64().Draw(t, "seed")
		for range rows {
			r = r*6364136223846793005 + 1442695040888963407
			if int(r>>60)%10 < nulls {
				b.Field(i).AppendNull()
			} else {
				appendNumber(b.Field(i), int64(r>>20)%different-different/3)
			}
		}
	}
	table := array.NewTableFromRecords(b.Schema(), []arrow.Record{b.NewRecord()})
	var out bytes.Buffer
	var options []parquet.WriterProperty
	for _, f := range fields {
		if e := encodings[f.Type.ID()]; e != nil {
			options = append(options, parquet.WithEncodingFor(f.Name, rapid.SampledFrom(e).Draw(t, "encoding")))
		}
	}
	props := parquet.NewWriterProperties(append(options,
		parquet.WithCompression(rapid.SampledFrom([]compress.Compression{compress.Codecs.Uncompressed, compress.Codecs.Snappy, compress.Codecs.Gzip, compress.Codecs.Zstd, lz4Raw}).Draw(t, "compression")),
		parquet.WithDictionaryDefault(rapid.Bool().Draw(t, "dictionary")),
		parquet.WithDictionaryPageSizeLimit(rapid.SampledFrom([]int64{20, 400, 1 << 20}).Draw(t, "dictionary limit")),
		parquet.WithDataPageSize(rapid.SampledFrom([]int64{50, 1000, 1 << 20}).Draw(t, "page size")),
		parquet.WithBatchSize(rapid.Int64Range(1, 100).Draw(t, "written at once")),
		parquet.WithDataPageVersion(rapid.SampledFrom([]parquet.DataPageVersion{parquet.DataPageV1, parquet.DataPageV2}).Draw(t, "version")),
		parquet.WithStats(rapid.Bool().Draw(t, "statistics")),
	)...)
	if err := pqarrow.WriteTable(table, &out, rapid.Int64Range(1, 400).Draw(t, "row group"), props, pqarrow.DefaultWriterProps()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func appendNumber(b array.Builder, n int64) {
	switch b := b.(type) {
	case *array.StringBuilder:
		b.Append(string(bytes.Repeat([]byte("ab"), int(n&7))) + fmt.Sprint(n&^7))
	case *array.Int32Builder:
		b.Append(int32(n))
	case *array.Int64Builder:
		b.Append(n << 32)
	case *array.Float64Builder:
		b.Append(float64(n) / 8)
	case *array.Float32Builder:
		b.Append(float32(n) / 8)
	case *array.BooleanBuilder:
		b.Append(n > 0)
	case *array.Date32Builder:
		b.Append(arrow.Date32(n))
	case *array.Decimal128Builder:
		b.Append(decimal128.FromI64(n))
	}
}

// What is read is what Arrow's own reader reads, however it was written and
// however many rows are asked for at a time.
func TestColumnIsArrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := drawFile(t)
		r, err := file.NewParquetReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := pqarrow.NewFileReader(r, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
		if err != nil {
			t.Fatal(err)
		}
		meta := r.MetaData()
		for i := range meta.Schema.NumColumns() {
			if !Reads(meta, i) {
				t.Fatalf("%s is not read", meta.Schema.Column(i))
			}
			var c Column
			for group := range r.NumRowGroups() {
				want, err := theirs.RowGroup(group).Column(i).Read(context.Background())
				if err != nil {
					t.Fatal(err)
				}
				chunk, _ := meta.RowGroup(group).ColumnChunk(i)
				if err := c.Open(bytes.NewReader(data), int64(len(data)), chunk, meta.Schema.Column(i), meta.RowGroup(group).NumRows()); err != nil {
					t.Fatal(err)
				}
				got, err := told(&c, func() int { return rapid.IntRange(1, 90).Draw(t, "at a time") })
				if err != nil {
					t.Fatal(err)
				}
				if want := arrows(want); !slices.Equal(got, want) {
					t.Fatalf("%s, row group %d:\ngot  %q\nwant %q", meta.Schema.Column(i), group, got, want)
				}
			}
		}
	})
}

// Decimals of the second version come as bytes of one length that go on from each
// other. Arrow neither writes nor reads that, but writes texts so.
func TestFixedTextsByDifferences(t *testing.T) {
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema([]arrow.Field{{Name: "c", Type: arrow.BinaryTypes.String}}, nil))
	var want []string
	for i := range 300 {
		want = append(want, fmt.Sprintf("%05d", i*7))
		b.Field(0).(*array.StringBuilder).Append(want[i])
	}
	var out bytes.Buffer
	props := parquet.NewWriterProperties(parquet.WithDictionaryDefault(false), parquet.WithEncodingFor("c", parquet.Encodings.DeltaByteArray), parquet.WithDataPageSize(100), parquet.WithBatchSize(20))
	if err := pqarrow.WriteTable(array.NewTableFromRecords(b.Schema(), []arrow.Record{b.NewRecord()}), &out, 1000, props, pqarrow.DefaultWriterProps()); err != nil {
		t.Fatal(err)
	}
	r, err := file.NewParquetReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	chunk, _ := r.MetaData().RowGroup(0).ColumnChunk(0)
	read := func(kind parquet.Type, length int) ([]string, error) {
		var c Column
		if err := c.Open(bytes.NewReader(out.Bytes()), int64(out.Len()), chunk, r.MetaData().Schema.Column(0), 300); err != nil {
			t.Fatal(err)
		}
		c.kind, c.length = kind, length
		return told(&c, func() int { return 7 })
	}
	if got, err := read(parquet.Types.FixedLenByteArray, 5); err != nil || !slices.Equal(got, want) {
		t.Errorf("%q (%v)", got, err)
	}
	if _, err := read(parquet.Types.FixedLenByteArray, 6); err != errPage {
		t.Errorf("texts that are too short: %v", err)
	}
	if _, err := read(parquet.Types.Double, 0); err == nil || err.Error() != "a page of encoding 7, which is none for values of type DOUBLE" {
		t.Errorf("as another type: %v", err)
	}
}

// Bytes of numbers may stand apart: all first ones, then all second ones. Arrow neither
// writes nor reads that.
func TestStreams(t *testing.T) {
	page := func(apart string) (at, end int, buf []byte) {
		return Room, Room + len(apart), append(append(make([]byte, Room), apart...), make([]byte, Room)...)
	}
	for _, as := range []struct {
		kind   parquet.Type
		length int
		apart  string
		want   []string
	}{
		{parquet.Types.Int32, -1, "\x01\xff\x02\xff\x00\xff\x00\xff", []string{"513", "-1"}},
		{parquet.Types.Float, -1, "\x00\x00\x00\x00\x80\x00\x3f\xc0", []string{"1065353216", "-1073741824"}}, // 1 and -2
		{parquet.Types.Int64, -1, "\x01\xfe\x00\xff\x00\xff\x00\xff\x00\xff\x00\xff\x00\xff\x01\xff", []string{"72057594037927937", "-2"}},
		{parquet.Types.FixedLenByteArray, 3, "adgbehcfi", []string{"abc", "def", "ghi"}},
	} {
		c := Column{kind: as.kind, length: as.length, left: len(as.want)}
		at, end, buf := page(as.apart)
		if err := c.openValues(header{encoding: streams}, buf, at, end); err != nil {
			t.Fatal(err)
		}
		if got, err := told(&c, func() int { return 2 }); err != nil || !slices.Equal(got, as.want) {
			t.Errorf("%s: %q, %v", as.kind, got, err)
		}
		at, end, buf = page(as.apart[1:])
		if err := c.openValues(header{encoding: streams}, buf, at, end); err != errPage {
			t.Errorf("%s, too short: %v", as.kind, err)
		}
	}
}

// told tells the values of a column.
func told(c *Column, n func() int) (all []string, err error) {
	for {
		r, err := c.Next(n())
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		for i := range r.Len {
			switch {
			case r.Null != nil && r.Null[i]:
				all = append(all, "null")
			case r.Ints != nil:
				all = append(all, fmt.Sprint(r.Ints[r.Value(i)]))
			default:
				all = append(all, string(r.Text(r.Value(i))))
			}
		}
	}
}

// arrows tells those of an Arrow column in the same way.
func arrows(c *arrow.Chunked) (all []string) {
	for _, a := range c.Chunks() {
		for i := range a.Len() {
			all = append(all, arrowsValue(a, i))
		}
	}
	return all
}

func arrowsValue(a arrow.Array, i int) string {
	if a.IsNull(i) {
		return "null"
	}
	switch a := a.(type) {
	case *array.String:
		return a.Value(i)
	case *array.Float64:
		return fmt.Sprint(int64(math.Float64bits(a.Value(i))))
	case *array.Float32:
		return fmt.Sprint(int32(math.Float32bits(a.Value(i))))
	case *array.Boolean:
		return map[bool]string{true: "1", false: "0"}[a.Value(i)]
	case *array.Date32:
		return fmt.Sprint(int32(a.Value(i)))
	case *array.Decimal128:
		v := a.Value(i)
		b := make([]byte, 16)
		for i := range 8 {
			b[i], b[8+i] = byte(v.HighBits()>>(56-8*i)), byte(v.LowBits()>>(56-8*i))
		}
		width := 16
		if a.DataType().(*arrow.Decimal128Type).Precision == 18 {
			width = 8
		}
		return string(b[16-width:])
	}
	return a.ValueStr(i)
}
