package tables

import (
	"encoding/binary"
	"fmt"
	"io"
	"iter"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/bitutil"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
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

// properties are those of the file. A column whose values hardly repeat would only
// lose time by a dictionary; nobody looks for rows by the least and largest amounts
// of a group of them, and comparing decimals takes longer than writing them.
func properties(columns []Column) []parquet.WriterProperty {
	p := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Zstd), parquet.WithCompressionLevel(level), parquet.WithMaxRowGroupLength(rowGroup),
		parquet.WithBatchSize(rowGroup), parquet.WithCreatedBy("clientworth"),
	}
	for _, c := range columns {
		p = append(p, parquet.WithDictionaryFor(c.Name, !c.Unlike), parquet.WithStatsFor(c.Name, !c.Kind.isDecimal()))
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
	Column
	levels   []int16 // by row: Parquet's definition levels, 1 where it has a value
	texts    dictionary[string]
	repeated dictionary[decimal128.Num]
	whole    []int64
	decimals []byte                      // of 16 bytes each, as Parquet has them
	fixed    []parquet.FixedLenByteArray // one by one, as many as any group had
}

func newGroup(columns []Column) *group {
	g := &group{columns: make([]chunk, len(columns))}
	for i, c := range columns {
		g.columns[i] = chunk{Column: c, texts: newDictionary[string](), repeated: newDictionary[decimal128.Num]()}
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
		c.skip()
		return
	}
	c.levels = append(c.levels, 1)
	switch {
	case c.Kind == Text:
		c.texts.append(v.Text)
	case c.Kind == Whole:
		c.whole = append(c.whole, int64(v.Num.LowBits()))
	case !c.Unlike:
		c.repeated.append(v.Num)
	default:
		c.decimals = appendDecimal(c.decimals, v.Num)
	}
}

func (c *chunk) skip() {
	c.levels = append(c.levels, 0)
	switch {
	case c.Kind == Text:
		c.texts.skip()
	case c.Kind.isDecimal() && !c.Unlike:
		c.repeated.skip()
	}
}

func appendDecimal(b []byte, n decimal128.Num) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, uint64(n.HighBits())), n.LowBits())
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
		return c.texts.write(to, c.levels, texts)
	case *file.Int64ColumnChunkWriter:
		_, err = to.WriteBatch(c.whole, c.levels, nil)
	case *file.FixedLenByteArrayColumnChunkWriter:
		if !c.Unlike {
			return c.repeated.write(to, c.levels, decimals)
		}
		_, err = to.WriteBatch(c.each(), c.levels, nil)
	default:
		panic(fmt.Sprintf("tables: a column of %T", to))
	}
	return err
}

// each returns the decimals one by one.
func (c *chunk) each() []parquet.FixedLenByteArray {
	const size = arrow.Decimal128SizeBytes
	if len(c.fixed) > 0 && len(c.decimals) > 0 && &c.fixed[0][0] != &c.decimals[0] {
		c.fixed = c.fixed[:0] // the decimals of the group before stood elsewhere
	}
	for at := len(c.fixed) * size; at < len(c.decimals); at += size {
		c.fixed = append(c.fixed, c.decimals[at:at+size])
	}
	return c.fixed[:len(c.decimals)/size]
}

func (c *chunk) clear() {
	c.levels, c.whole, c.decimals = c.levels[:0], c.whole[:0], c.decimals[:0]
	c.texts.clear()
	c.repeated.clear()
}

// dictionary is a column whose values repeat, each different one held once. Most
// are what stood before them.
type dictionary[T comparable] struct {
	places map[T]int32
	values []T
	at     []int32 // by row: the place of its value; 0 where it has none
	last   int32
}

func newDictionary[T comparable]() dictionary[T] { return dictionary[T]{places: map[T]int32{}} }

func (d *dictionary[T]) append(value T) {
	if len(d.values) == 0 || d.values[d.last] != value {
		at, known := d.places[value]
		if !known {
			at = int32(len(d.values))
			d.places[value] = at
			d.values = append(d.values, value)
		}
		d.last = at
	}
	d.at = append(d.at, d.last)
}

// skip notes a row without a value.
func (d *dictionary[T]) skip() { d.at = append(d.at, 0) }

func (d *dictionary[T]) clear() {
	clear(d.places)
	d.values, d.at, d.last = d.values[:0], d.at[:0], 0
}

// write hands the encoder the dictionary and the places as they are. The way
// through an array of Arrow gathers the texts again for their statistics, growing
// its buffer by a text at a time.
func (d *dictionary[T]) write(to file.ColumnChunkWriter, levels []int16, list func([]T) arrow.Array) error {
	values := list(d.values)
	defer values.Release()
	if err := to.CurrentEncoder().(interface{ PutDictionary(arrow.Array) error }).PutDictionary(values); err != nil {
		return err
	}
	known, absent := known(levels)
	if statistics := to.PageStatistics(); statistics != nil {
		statistics.IncNulls(int64(absent))
		statistics.IncNumValues(int64(len(levels) - absent))
		if err := statistics.UpdateFromArrow(values, false); err != nil {
			return err
		}
	}
	places := array.NewData(arrow.PrimitiveTypes.Int32, len(levels),
		[]*memory.Buffer{known, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(d.at))}, nil, absent, 0)
	defer places.Release()
	at := array.NewInt32Data(places)
	defer at.Release()
	return to.WriteDictIndices(at, levels, nil)
}

// known returns a bit for each row that has a value, and how many have none.
func known(levels []int16) (bits *memory.Buffer, absent int) {
	valid := make([]byte, bitutil.BytesForBits(int64(len(levels))))
	for i, level := range levels {
		if level > 0 {
			bitutil.SetBit(valid, i)
		} else {
			absent++
		}
	}
	return memory.NewBufferBytes(valid), absent
}

func texts(all []string) arrow.Array {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	b.AppendValues(all, nil)
	return b.NewArray()
}

func decimals(all []decimal128.Num) arrow.Array {
	b := array.NewFixedSizeBinaryBuilder(memory.DefaultAllocator, &arrow.FixedSizeBinaryType{ByteWidth: arrow.Decimal128SizeBytes})
	defer b.Release()
	for _, n := range all {
		b.Append(appendDecimal(nil, n))
	}
	return b.NewArray()
}

// unclosed hides that a writer can be closed: whoever opened the file syncs it
// first.
type unclosed struct{ io.Writer }
