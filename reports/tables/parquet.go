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
// int64, decimals as decimal128(38, places), absent values as null. Rows are
// gathered beside the goroutine that encodes those before them.
func WriteParquet(w io.Writer, columns []Column, rows iter.Seq[Row]) error {
	schema := schema(columns)
	out, err := pqarrow.NewFileWriter(schema, unclosed{w}, parquet.NewWriterProperties(properties(columns)...), pqarrow.DefaultWriterProps())
	if err != nil {
		return err
	}
	groups, failed, written := make(chan arrow.Record), make(chan struct{}), make(chan error, 1)
	go func() {
		var err error
		for group := range groups {
			if err == nil {
				if err = out.Write(group); err != nil {
					close(failed)
				}
			}
			group.Release()
		}
		written <- err
	}()
	gather(newGroup(schema, columns), rows, groups, failed)
	close(groups)
	if err := <-written; err != nil {
		return err
	}
	return out.Close()
}

// gather hands on the rows in groups, at least one, until there are no more or
// one could not be written.
func gather(g *group, rows iter.Seq[Row], groups chan<- arrow.Record, failed <-chan struct{}) {
	n := 0
	for row := range rows {
		g.append(row)
		if n++; n%rowGroup > 0 {
			continue
		}
		select {
		case <-failed:
			return
		case groups <- g.record():
		}
	}
	if n%rowGroup > 0 || n == 0 {
		groups <- g.record()
	}
}

// properties are those of the file. Decimals hardly repeat within a group, but
// for rates and what is mostly nothing: a dictionary of them would only cost time.
func properties(columns []Column) []parquet.WriterProperty {
	p := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Zstd), parquet.WithCompressionLevel(1), parquet.WithMaxRowGroupLength(rowGroup), parquet.WithCreatedBy("clientworth"),
	}
	for _, c := range columns {
		if c.Unlike {
			p = append(p, parquet.WithDictionaryFor(c.Name, false))
		}
	}
	return p
}

func schema(columns []Column) *arrow.Schema {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: c.Name, Nullable: true}
		switch c.Kind {
		case Text:
			fields[i].Type = dictionaryType
		case Whole:
			fields[i].Type = arrow.PrimitiveTypes.Int64
		case Decimal, Fraction:
			fields[i].Type = &arrow.Decimal128Type{Precision: 38, Scale: c.Places}
		}
	}
	return arrow.NewSchema(fields, nil)
}

// dictionaryType is how text is handed to the encoder, and how it is stored; a
// reader sees text.
var dictionaryType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

// group is the rows of a row group being gathered, by column.
type group struct {
	schema  *arrow.Schema
	columns []groupColumn
	rows    int64
}

// groupColumn has the one builder of its kind.
type groupColumn struct {
	text    *dictionary
	whole   *array.Int64Builder
	decimal *array.Decimal128Builder
}

func newGroup(schema *arrow.Schema, columns []Column) *group {
	g := &group{schema: schema, columns: make([]groupColumn, len(columns))}
	for i, c := range columns {
		switch c.Kind {
		case Text:
			g.columns[i].text = newDictionary()
		case Whole:
			g.columns[i].whole = array.NewInt64Builder(memory.DefaultAllocator)
		case Decimal, Fraction:
			g.columns[i].decimal = array.NewDecimal128Builder(memory.DefaultAllocator, schema.Field(i).Type.(*arrow.Decimal128Type))
		}
	}
	return g
}

func (g *group) append(row Row) {
	g.rows++
	for i := range g.columns {
		c, v := &g.columns[i], &row[i]
		switch {
		case c.text != nil:
			c.text.append(v)
		case c.whole != nil && v.Known:
			c.whole.Append(int64(v.Num.LowBits()))
		case c.whole != nil:
			c.whole.AppendNull()
		case v.Known:
			c.decimal.Append(v.Num)
		default:
			c.decimal.AppendNull()
		}
	}
}

// record returns the rows and starts anew.
func (g *group) record() arrow.Record {
	columns := make([]arrow.Array, len(g.columns))
	for i, c := range g.columns {
		switch {
		case c.text != nil:
			columns[i] = c.text.array()
		case c.whole != nil:
			columns[i] = c.whole.NewArray()
		default:
			columns[i] = c.decimal.NewArray()
		}
		defer columns[i].Release()
	}
	rows := g.rows
	g.rows = 0
	return array.NewRecord(g.schema, columns, rows)
}

// dictionary is a column of text, each different one held once. Most are what the
// row before has.
type dictionary struct {
	places map[string]int32
	texts  *array.StringBuilder
	at     *array.Int32Builder
	last   string
	lastAt int32
}

func newDictionary() *dictionary {
	return &dictionary{
		places: map[string]int32{}, lastAt: -1,
		texts: array.NewStringBuilder(memory.DefaultAllocator), at: array.NewInt32Builder(memory.DefaultAllocator),
	}
}

func (d *dictionary) append(v *Value) {
	if !v.Known {
		d.at.AppendNull()
		return
	}
	if v.Text != d.last || d.lastAt < 0 {
		at, known := d.places[v.Text]
		if !known {
			at = int32(len(d.places))
			d.places[v.Text] = at
			d.texts.Append(v.Text)
		}
		d.last, d.lastAt = v.Text, at
	}
	d.at.Append(d.lastAt)
}

func (d *dictionary) array() arrow.Array {
	at, texts := d.at.NewArray(), d.texts.NewArray()
	defer at.Release()
	defer texts.Release()
	clear(d.places)
	d.lastAt = -1
	return array.NewDictionaryArray(dictionaryType, at, texts)
}

// unclosed hides that a writer can be closed: whoever opened the file syncs it
// first.
type unclosed struct{ io.Writer }
