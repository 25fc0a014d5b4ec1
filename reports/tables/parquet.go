package tables

import (
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/bitutil"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// rowGroup is how many rows are held before they are written.
const rowGroup = 1 << 16

// WriteParquet writes a table as Parquet: text as UTF-8, whole numbers as
// int64, decimals as decimal128(38, places), absent values as null. Rows are
// gathered beside the goroutine that encodes those before them: two groups are in
// use by turns.
func WriteParquet(w io.Writer, columns []Column, rows iter.Seq[Row]) error {
	properties := parquet.NewWriterProperties(properties(columns)...)
	schema, err := pqarrow.ToParquet(schema(columns), properties, pqarrow.DefaultWriterProps())
	if err != nil {
		return err
	}
	out := file.NewParquetWriter(unclosed{w}, schema.Root(), file.WithWriterProps(properties), file.WithWriteMetadata(metadata.NewKeyValueMetadata()))
	full, empty, written := make(chan *group, 2), make(chan *group, 2), make(chan error, 1)
	empty <- newGroup(columns)
	empty <- newGroup(columns)
	go func() {
		defer close(empty) // so that no more are gathered
		for g := range full {
			if err := g.write(out.AppendRowGroup()); err != nil {
				written <- err
				return
			}
			empty <- g
		}
		written <- nil
	}()
	gather(rows, full, empty)
	if err := <-written; err != nil {
		return err
	}
	return out.Close()
}

// gather fills the empty groups with rows, at least one, until there are no more
// rows or groups.
func gather(rows iter.Seq[Row], full chan<- *group, empty <-chan *group) {
	defer close(full)
	g, first := <-empty, true
	for row := range rows {
		if g.append(row); g.rows < rowGroup {
			continue
		}
		full <- g
		first = false
		if g = <-empty; g == nil {
			return
		}
	}
	if g.rows > 0 || first {
		full <- g
	}
}

// properties are those of the file. Decimals hardly repeat within a group, but
// for rates and what is mostly nothing: a dictionary of them would only cost time.
func properties(columns []Column) []parquet.WriterProperty {
	p := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Zstd), parquet.WithCompressionLevel(level), parquet.WithMaxRowGroupLength(rowGroup), parquet.WithCreatedBy("clientworth"),
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
			fields[i].Type = arrow.BinaryTypes.String
		case Whole:
			fields[i].Type = arrow.PrimitiveTypes.Int64
		case Decimal, Fraction:
			fields[i].Type = &arrow.Decimal128Type{Precision: 38, Scale: c.Places}
		}
	}
	return arrow.NewSchema(fields, nil)
}

// group is the rows of a row group, by column.
type group struct {
	columns []chunk
	rows    int
}

// chunk is a column of a group. Its values stand close together, whatever rows
// have none.
type chunk struct {
	kind     Kind
	levels   []int16 // by row: Parquet's definition levels, 1 where it has a value
	texts    dictionary
	whole    []int64
	decimals []byte                      // of 16 bytes each, as Parquet has them
	fixed    []parquet.FixedLenByteArray // one by one
}

func newGroup(columns []Column) *group {
	g := &group{columns: make([]chunk, len(columns))}
	for i, c := range columns {
		g.columns[i].kind = c.Kind
		g.columns[i].texts.places = map[string]int32{}
	}
	return g
}

func (g *group) append(row Row) {
	g.rows++
	for i := range g.columns {
		g.columns[i].append(&row[i])
	}
}

func (c *chunk) append(v *Value) {
	if !v.Known {
		c.levels = append(c.levels, 0)
		if c.kind == Text {
			c.texts.at = append(c.texts.at, 0)
		}
		return
	}
	c.levels = append(c.levels, 1)
	switch c.kind {
	case Text:
		c.texts.append(v.Text)
	case Whole:
		c.whole = append(c.whole, int64(v.Num.LowBits()))
	case Decimal, Fraction:
		c.decimals = binary.BigEndian.AppendUint64(c.decimals, uint64(v.Num.HighBits()))
		c.decimals = binary.BigEndian.AppendUint64(c.decimals, v.Num.LowBits())
	}
}

// write writes the rows and empties the group.
func (g *group) write(out file.SerialRowGroupWriter) error {
	for i := range g.columns {
		to, err := out.NextColumn()
		if err == nil && g.rows > 0 {
			err = g.columns[i].write(to)
		}
		if err != nil {
			return err
		}
	}
	g.rows = 0
	if err := out.Close(); err != nil {
		return err
	}
	for i := range g.columns {
		g.columns[i].clear()
	}
	return nil
}

func (c *chunk) write(to file.ColumnChunkWriter) (err error) {
	switch to := to.(type) {
	case *file.ByteArrayColumnChunkWriter:
		return c.texts.write(to, c.levels)
	case *file.Int64ColumnChunkWriter:
		_, err = to.WriteBatch(c.whole, c.levels, nil)
	case *file.FixedLenByteArrayColumnChunkWriter:
		for d := range slices.Chunk(c.decimals, arrow.Decimal128SizeBytes) {
			c.fixed = append(c.fixed, d)
		}
		_, err = to.WriteBatch(c.fixed, c.levels, nil)
	default:
		panic(fmt.Sprintf("tables: a column of %T", to))
	}
	return err
}

func (c *chunk) clear() {
	c.levels, c.whole, c.decimals, c.fixed = c.levels[:0], c.whole[:0], c.decimals[:0], c.fixed[:0]
	c.texts.clear()
}

// dictionary is a column of text, each different one held once. Most are what the
// row before has.
type dictionary struct {
	places map[string]int32
	texts  []string
	at     []int32 // by row: the place of its text; 0 where it has none
	last   int32
}

func (d *dictionary) append(text string) {
	if len(d.texts) == 0 || d.texts[d.last] != text {
		at, known := d.places[text]
		if !known {
			at = int32(len(d.texts))
			d.places[text] = at
			d.texts = append(d.texts, text)
		}
		d.last = at
	}
	d.at = append(d.at, d.last)
}

func (d *dictionary) clear() {
	clear(d.places)
	d.texts, d.at, d.last = d.texts[:0], d.at[:0], 0
}

// write hands the encoder the dictionary and the places as they are. The way
// through an array of Arrow gathers the texts again for their statistics, growing
// its buffer by a text at a time.
func (d *dictionary) write(to *file.ByteArrayColumnChunkWriter, levels []int16) error {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	b.AppendValues(d.texts, nil)
	texts := b.NewArray()
	defer texts.Release()
	if err := to.CurrentEncoder().(interface{ PutDictionary(arrow.Array) error }).PutDictionary(texts); err != nil {
		return err
	}
	valid, known := make([]byte, bitutil.BytesForBits(int64(len(levels)))), 0
	for i, level := range levels {
		if level > 0 {
			bitutil.SetBit(valid, i)
			known++
		}
	}
	statistics := to.PageStatistics()
	statistics.IncNulls(int64(len(levels) - known))
	statistics.IncNumValues(int64(known))
	if err := statistics.UpdateFromArrow(texts, false); err != nil {
		return err
	}
	places := array.NewData(arrow.PrimitiveTypes.Int32, len(levels),
		[]*memory.Buffer{memory.NewBufferBytes(valid), memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(d.at))}, nil, len(levels)-known, 0)
	defer places.Release()
	at := array.NewInt32Data(places)
	defer at.Release()
	return to.WriteDictIndices(at, levels, nil)
}

// unclosed hides that a writer can be closed: whoever opened the file syncs it
// first.
type unclosed struct{ io.Writer }
