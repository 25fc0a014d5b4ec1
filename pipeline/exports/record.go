package exports

import (
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// decoder makes the batches of one worker and file. Its columns keep their
// buffers from batch to batch.
type decoder struct {
	lines   []int64
	prints  []uint64 // of the rows as they stand; empty where the format has none
	columns []*column
	gone    []int // rows that do not stay
	edition int   // of the names' dictionaries
}

// newDecoder makes the decoder of a worker's next file. Names keep the numbers and
// spellings that they had in the one before: the files of an export share its
// columns, words and quotes. Where they are too many all begin anew, since memory must
// not grow with rows.
func newDecoder(plans []*plan, before *decoder) *decoder {
	d := &decoder{}
	if before != nil {
		d.edition = before.edition
		if slices.ContainsFunc(before.columns, func(c *column) bool { return c.Kind == Name && c.names.size() > mostKept }) {
			d.edition, before = d.edition+1, nil
		}
	}
	for i, p := range plans {
		c := &column{plan: p, memo: newNames()}
		switch {
		case p.Kind == Name && before != nil:
			c.names = before.columns[i].names
		case p.Kind == Name:
			c.names = newNames()
		}
		d.columns = append(d.columns, c)
	}
	return d
}

// bad returns the problems of all columns by row, of each row the first.
func (d *decoder) bad() []problem {
	var all []problem
	for _, c := range d.columns {
		all = append(all, c.bad...)
	}
	slices.SortStableFunc(all, func(a, b problem) int { return a.row - b.row })
	return slices.CompactFunc(all, func(a, b problem) bool { return a.row == b.row })
}

// drop takes the rows out of the batch that cannot be used or are no data.
func (d *decoder) drop() {
	if len(d.gone) == 0 {
		return
	}
	keep := slices.Repeat([]bool{true}, len(d.lines))
	for _, row := range d.gone {
		keep[row] = false
	}
	for _, c := range d.columns {
		c.drop(keep)
	}
	d.lines, d.prints, d.gone = kept(d.lines, keep), kept(d.prints, keep), d.gone[:0]
}

func (c *column) drop(keep []bool) {
	if c.Kind == Text {
		c.dropTexts(keep)
	}
	c.ids, c.days, c.decimals = kept(c.ids, keep), kept(c.days, keep), kept(c.decimals, keep)
	c.ints, c.flags = kept(c.ints, keep), kept(c.flags, keep)
	to := 0
	for row, k := range keep {
		if !k {
			continue
		}
		if c.valid != nil {
			bit := c.valid[row/8] >> (row % 8) & 1
			c.valid[to/8] = c.valid[to/8]&^(1<<(to%8)) | bit<<(to%8)
		}
		to++
	}
	c.rows = to
}

func (c *column) dropTexts(keep []bool) {
	text, offsets := c.text[:0], c.offsets[:1]
	for row, k := range keep {
		from, to := c.offsets[row], c.offsets[row+1]
		if k {
			text = append(text, c.text[from:to]...)
			offsets = append(offsets, int32(len(text)))
		}
	}
	c.text, c.offsets = text, offsets
}

// kept moves the values that stay to the front. A column without values of this
// kind stays as it is.
func kept[T any](values []T, keep []bool) []T {
	if len(values) < len(keep) {
		return values
	}
	to := 0
	for row, k := range keep {
		if k {
			values[to] = values[row]
			to++
		}
	}
	return values[:to]
}

// fill decodes all columns of rows of CSV.
func (d *decoder) fill(r *rows) {
	for _, c := range d.columns {
		c.fill(r)
	}
}

// record makes the batch's Arrow record. It holds on to the buffers, so it is
// valid until the next batch begins.
func (d *decoder) record(schema *arrow.Schema) arrow.Record {
	arrays := []arrow.Array{array.NewInt64Data(data(arrow.PrimitiveTypes.Int64, len(d.lines), nil, arrow.Int64Traits.CastToBytes(d.lines)))}
	for _, c := range d.columns {
		if c.Kind != Time {
			arrays = append(arrays, c.array())
		}
	}
	return array.NewRecord(schema, arrays, int64(len(d.lines)))
}

func (c *column) array() arrow.Array {
	n := c.rows
	switch c.Kind {
	case Name:
		texts := data(arrow.BinaryTypes.String, len(c.names.offsets)-1, nil, arrow.Int32Traits.CastToBytes(c.names.offsets), c.names.text)
		ids := array.NewDataWithDictionary(nameType, n, buffers(c.valid, arrow.Uint32Traits.CastToBytes(c.ids)), array.UnknownNullCount, 0, texts)
		return array.NewDictionaryData(ids)
	case Text:
		return array.NewStringData(data(arrow.BinaryTypes.String, n, c.valid, arrow.Int32Traits.CastToBytes(c.offsets), c.text))
	case Date, Month:
		return array.NewDate32Data(data(arrow.FixedWidthTypes.Date32, n, c.valid, arrow.Int32Traits.CastToBytes(c.days)))
	case Decimal:
		return array.NewDecimal128Data(data(decimalType, n, c.valid, arrow.Decimal128Traits.CastToBytes(c.decimals[:n:n])))
	case Flag:
		return array.NewBooleanData(data(arrow.FixedWidthTypes.Boolean, n, c.valid, packed(c.flags)))
	}
	return array.NewInt64Data(data(arrow.PrimitiveTypes.Int64, n, c.valid, arrow.Int64Traits.CastToBytes(c.ints)))
}

func data(t arrow.DataType, n int, valid []byte, parts ...[]byte) *array.Data {
	nulls := 0
	if valid != nil {
		nulls = array.UnknownNullCount
	}
	return array.NewData(t, n, buffers(valid, parts...), nil, nulls, 0)
}

func buffers(valid []byte, parts ...[]byte) []*memory.Buffer {
	b := []*memory.Buffer{nil}
	if valid != nil {
		b[0] = memory.NewBufferBytes(valid)
	}
	for _, p := range parts {
		b = append(b, memory.NewBufferBytes(p))
	}
	return b
}

func packed(flags []bool) []byte {
	bits := make([]byte, (len(flags)+7)/8)
	for i, v := range flags {
		if v {
			bits[i/8] |= 1 << (i % 8)
		}
	}
	return bits
}
