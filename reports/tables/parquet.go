package tables

import (
	"io"
	"iter"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// rowGroup is how many rows are held before they are written.
const rowGroup = 1 << 16

// WriteParquet writes a table as Parquet: text as UTF-8, whole numbers as
// int64, decimals as decimal128(38, places), absent values as null.
func WriteParquet(w io.Writer, columns []Column, rows iter.Seq[Row]) error {
	schema := schema(columns)
	out, err := pqarrow.NewFileWriter(schema, unclosed{w},
		parquet.NewWriterProperties(
			parquet.WithCompression(compress.Codecs.Zstd),
			parquet.WithMaxRowGroupLength(rowGroup),
			parquet.WithCreatedBy("clientworth"),
		), pqarrow.DefaultWriterProps())
	if err != nil {
		return err
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	flush := func() error {
		record := b.NewRecord()
		defer record.Release()
		return out.Write(record)
	}
	n := 0
	for row := range rows {
		for i, c := range columns {
			appendValue(b.Field(i), c, row[i])
		}
		if n++; n%rowGroup == 0 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if n%rowGroup > 0 || n == 0 {
		if err := flush(); err != nil {
			return err
		}
	}
	return out.Close()
}

func schema(columns []Column) *arrow.Schema {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: c.Name, Nullable: true}
		switch c.Kind {
		case Text:
			fields[i].Type = arrow.BinaryTypes.String
		case Whole:
			fields[i].Type = arrow.PrimitiveTypes.Int64
		case Decimal, Fraction:
			fields[i].Type = &arrow.Decimal128Type{Precision: 38, Scale: c.Places}
		}
	}
	return arrow.NewSchema(fields, nil)
}

func appendValue(b array.Builder, c Column, v Value) {
	switch b := b.(type) {
	case *array.StringBuilder:
		if v.Known {
			b.Append(v.Text)
			return
		}
	case *array.Int64Builder:
		if v.Known {
			b.Append(int64(v.Num.LowBits()))
			return
		}
	case *array.Decimal128Builder:
		if v.Known {
			b.Append(v.Num)
			return
		}
	}
	b.AppendNull()
}

// unclosed hides that a writer can be closed: whoever opened the file syncs it
// first.
type unclosed struct{ io.Writer }
