package facts

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// The columns of a batch as plain slices. A column that the export does not have
// reads as empty everywhere.

func column(b exports.Batch, e *exports.Export, name string) arrow.Array {
	if i := e.Column(name); i >= 0 {
		return b.Record.Column(i)
	}
	return nil
}

// linesOf returns the line of each row.
func linesOf(b exports.Batch) []int64 { return b.Record.Column(0).(*array.Int64).Int64Values() }

// nameColumn is a dictionary column; code 0 is empty, code i+1 is word i of the
// dictionary.
type nameColumn struct {
	edition int               // of the dictionary: in another one, codes mean something else
	nulls   *array.Dictionary // nil where no cell is empty
	index   []uint32
	words   *array.String
}

func namesOf(b exports.Batch, e *exports.Export, name string) nameColumn {
	d, ok := column(b, e, name).(*array.Dictionary)
	if !ok {
		return nameColumn{edition: b.Edition}
	}
	c := nameColumn{edition: b.Edition, index: d.Indices().(*array.Uint32).Uint32Values(), words: d.Dictionary().(*array.String)}
	if len(d.NullBitmapBytes()) > 0 {
		c.nulls = d
	}
	return c
}

func (c *nameColumn) code(row int) uint32 {
	if c.index == nil || c.nulls != nil && c.nulls.IsNull(row) {
		return 0
	}
	return c.index[row] + 1
}

// word returns the text of a code; the bytes are the batch's.
func (c *nameColumn) word(code uint32) string {
	if code == 0 {
		return ""
	}
	return c.words.Value(int(code - 1))
}

type textColumn struct{ texts *array.String }

func textsOf(b exports.Batch, e *exports.Export, name string) textColumn {
	a, _ := column(b, e, name).(*array.String)
	return textColumn{a}
}

// at returns the text, which is the batch's.
func (c textColumn) at(row int) string {
	if c.texts == nil || c.texts.IsNull(row) {
		return ""
	}
	return c.texts.Value(row)
}

type dayColumn struct {
	days  []arrow.Date32
	nulls *array.Date32
}

func daysOf(b exports.Batch, e *exports.Export, name string) dayColumn {
	a, ok := column(b, e, name).(*array.Date32)
	if !ok {
		return dayColumn{}
	}
	c := dayColumn{days: a.Date32Values()}
	if len(a.NullBitmapBytes()) > 0 {
		c.nulls = a
	}
	return c
}

func (c *dayColumn) at(row int) period.Day {
	if c.days == nil || c.nulls != nil && c.nulls.IsNull(row) {
		return 0
	}
	return period.UnixEpoch + period.Day(c.days[row])
}

type decimalColumn struct{ values *array.Decimal128 }

func decimalsOf(b exports.Batch, e *exports.Export, name string) decimalColumn {
	a, _ := column(b, e, name).(*array.Decimal128)
	return decimalColumn{a}
}

func (c decimalColumn) at(row int) (money.Exact, bool) {
	if c.values == nil || c.values.IsNull(row) {
		return money.Exact{}, false
	}
	v := c.values.Value(row)
	return money.Exact{Hi: v.HighBits(), Lo: v.LowBits()}, true
}

type wholeColumn struct{ values *array.Int64 }

func wholesOf(b exports.Batch, e *exports.Export, name string) wholeColumn {
	a, _ := column(b, e, name).(*array.Int64)
	return wholeColumn{a}
}

func (c wholeColumn) at(row int) (int64, bool) {
	if c.values == nil || c.values.IsNull(row) {
		return 0, false
	}
	return c.values.Value(row), true
}

type flagColumn struct{ values *array.Boolean }

func flagsOf(b exports.Batch, e *exports.Export, name string) flagColumn {
	a, _ := column(b, e, name).(*array.Boolean)
	return flagColumn{a}
}

// at reads an empty cell as no.
func (c flagColumn) at(row int) bool {
	return c.values != nil && c.values.IsValid(row) && c.values.Value(row)
}
