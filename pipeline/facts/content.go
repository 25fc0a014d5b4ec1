package facts

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"clientworth/pipeline/exports"
)

// contents makes fingerprints of whole rows: two rows of a source say the same if
// all their mapped columns do.
type contents struct {
	words   map[int][]uint64 // by column: the fingerprint of each code
	edition int              // of the dictionaries
	rows    []uint64
}

func newContents() *contents { return &contents{words: map[int][]uint64{}} }

const emptyCell = 0x51ed270b8d3c4f2a

// of returns a fingerprint for each row of a batch; the next call reuses them.
func (c *contents) of(b exports.Batch) []uint64 {
	if c.edition != b.Edition {
		c.edition = b.Edition
		clear(c.words)
	}
	n := int(b.Record.NumRows())
	c.rows = append(c.rows[:0], make([]uint64, n)...)
	for i := range int(b.Record.NumCols()) {
		if b.Record.ColumnName(i) != exports.LineColumn {
			c.add(i, b.Record.Column(i), n)
		}
	}
	return c.rows
}

func (c *contents) add(i int, a arrow.Array, n int) {
	cell := c.cells(i, a)
	for row := range n {
		v := uint64(emptyCell)
		if a.IsValid(row) {
			v = cell(row)
		}
		c.rows[row] = mix(c.rows[row]*31 + v)
	}
}

// cells returns how to read the cells of a column as numbers.
func (c *contents) cells(i int, a arrow.Array) func(row int) uint64 {
	switch a := a.(type) {
	case *array.Dictionary:
		words, known := a.Dictionary().(*array.String), c.words[i]
		for code := len(known); code < words.Len(); code++ {
			known = append(known, fingerprint(0, words.Value(code)))
		}
		c.words[i] = known
		index := a.Indices().(*array.Uint32).Uint32Values()
		return func(row int) uint64 { return known[index[row]] }
	case *array.String:
		return func(row int) uint64 { return fingerprint(0, a.Value(row)) }
	case *array.Date32:
		return func(row int) uint64 { return uint64(a.Value(row)) }
	case *array.Int64:
		return func(row int) uint64 { return uint64(a.Value(row)) }
	case *array.Decimal128:
		return func(row int) uint64 { v := a.Value(row); return v.LowBits() ^ mix(uint64(v.HighBits())) }
	case *array.Boolean:
		return func(row int) uint64 {
			if a.Value(row) {
				return 1
			}
			return 2
		}
	}
	panic("facts: no such column type: " + a.DataType().String())
}
