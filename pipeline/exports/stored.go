package exports

import (
	"math"
	"slices"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
	format "github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/schema"

	"clientworth/pipeline/exports/pages"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Most columns of Parquet files are read straight from their pages: a word of a
// dictionary is looked at once for each row group, and numbers are never texts.
// Columns of rarer types or encodings are read by way of Arrow, as cells.

// stored says how the values of a field stand in the pages of a Parquet file.
type stored struct {
	as     storedAs
	leaf   int // which column of the file it is
	scale  int32
	unit   arrow.TimeUnit
	zoned  bool
	narrow bool // unsigned, and stored as if it had a sign; of 32 bits, if floating
}

type storedAs uint8

const (
	asText storedAs = iota
	asWhole
	asDecimal
	asFloat
	asTruth
	asDay
	asInstant
)

// stored says how a field is stored, or that it has to be read by way of Arrow.
func (p *parquetFile) stored(field int) (s stored, ok bool) {
	if s.leaf, ok = p.leaf(field); !ok || !pages.Reads(p.reader.MetaData(), s.leaf) {
		return s, false
	}
	column := p.reader.MetaData().Schema.Column(s.leaf)
	physical := column.PhysicalType()
	whole := physical == format.Types.Int32 || physical == format.Types.Int64
	kind := p.schema.Field(field).Type
	if d, is := kind.(*arrow.DictionaryType); is {
		kind = d.ValueType
	}
	switch t := kind.(type) {
	case *arrow.StringType, *arrow.LargeStringType, *arrow.BinaryType, *arrow.LargeBinaryType:
		s.as, ok = asText, physical == format.Types.ByteArray
	case *arrow.Int8Type, *arrow.Int16Type, *arrow.Int32Type, *arrow.Int64Type, *arrow.Uint8Type, *arrow.Uint16Type:
		s.as, ok = asWhole, whole
	case *arrow.Uint32Type:
		s.as, s.narrow, ok = asWhole, true, whole
	case *arrow.Decimal128Type:
		s.as, s.scale = asDecimal, t.Scale
		ok = t.Scale >= 0 && (whole || physical == format.Types.FixedLenByteArray && column.TypeLength() <= 16)
	case *arrow.Float64Type:
		s.as, ok = asFloat, physical == format.Types.Double
	case *arrow.Float32Type:
		s.as, s.narrow, ok = asFloat, true, physical == format.Types.Float
	case *arrow.BooleanType:
		s.as, ok = asTruth, physical == format.Types.Boolean
	case *arrow.Date32Type:
		s.as, ok = asDay, physical == format.Types.Int32
	case *arrow.TimestampType:
		s.as, s.unit, s.zoned = asInstant, t.Unit, t.TimeZone != ""
		ok = physical == format.Types.Int64 && unitOf(column.LogicalType()) == t.Unit
	default:
		ok = false
	}
	return s, ok
}

// unitOf returns in which unit a column tells time; seconds, which Parquet does
// not have, where it tells none.
func unitOf(t schema.LogicalType) arrow.TimeUnit {
	if t, ok := t.(schema.TimestampLogicalType); ok {
		switch t.TimeUnit() {
		case schema.TimeUnitMillis:
			return arrow.Millisecond
		case schema.TimeUnitMicros:
			return arrow.Microsecond
		case schema.TimeUnitNanos:
			return arrow.Nanosecond
		}
	}
	return arrow.Second
}

// leaf returns which column of the file a field is, unless it has parts.
func (p *parquetFile) leaf(field int) (int, bool) {
	columns := p.reader.MetaData().Schema
	root := columns.Root().Field(field)
	for i := range columns.NumColumns() {
		if columns.Column(i).SchemaNode() == root {
			return i, true
		}
	}
	return 0, false
}

// cell returns a value as a cell.
func (s *stored) cell(r *pages.Run, value int) cell {
	switch s.as {
	case asText:
		return cell{kind: textCell, text: r.Text(value)}
	case asWhole:
		return cell{kind: numberCell, text: strconv.AppendInt(nil, s.whole(r.Ints[value]), 10)}
	case asDecimal:
		return cell{kind: numberCell, text: decimalText(s.decimal(r, value), s.scale)}
	case asFloat:
		return float(s.float(r.Ints[value]))
	case asTruth:
		return cell{kind: truthCell, text: strconv.AppendBool(nil, r.Ints[value] != 0)}
	case asDay:
		return cell{kind: momentCell, moment: moment{day: period.UnixEpoch + period.Day(r.Ints[value])}}
	}
	return instant(arrow.Timestamp(r.Ints[value]).ToTime(s.unit), s.zoned)
}

func (s *stored) whole(v int64) int64 {
	if s.narrow {
		return int64(uint32(v))
	}
	return v
}

func (s *stored) float(bits int64) float64 {
	if s.narrow {
		return widened(math.Float32frombits(uint32(bits)))
	}
	return math.Float64frombits(uint64(bits))
}

// decimal returns a number of the column's scale, from a whole one or from bytes,
// the highest first.
func (s *stored) decimal(r *pages.Run, value int) decimal128.Num {
	if r.Ints != nil {
		return decimal128.FromI64(r.Ints[value])
	}
	var hi, lo uint64
	for at, b := range r.Text(value) {
		if at == 0 && b >= 0x80 {
			hi, lo = math.MaxUint64, math.MaxUint64
		}
		hi, lo = hi<<8|lo>>56, lo<<8|uint64(b)
	}
	return decimal128.New(int64(hi), lo)
}

// beyond stands for a number that is not exact in millionths, or too large to be
// read quickly.
const beyond = math.MinInt64

// millionths returns the values as whole millionths, and nil where they are no
// numbers. It appends to a slice that is empty.
func (s *stored) millionths(r *pages.Run, to []int64) []int64 {
	factor := int64(million)
	switch {
	case s.as == asFloat:
		for _, bits := range r.Ints {
			f := s.float(bits)
			v := math.Round(f * million)
			if math.Abs(v) < 1e15 && v/million == f {
				to = append(to, int64(v))
			} else {
				to = append(to, beyond)
			}
		}
		return to
	case s.as == asDecimal && s.scale <= money.Places:
		factor = tens[s.scale]
	case s.as != asWhole:
		return nil
	}
	most := math.MaxInt64 / factor
	for i := range r.Values() {
		var v int64
		switch {
		case r.Ints == nil:
			n := s.decimal(r, i)
			if v = int64(n.LowBits()); n.HighBits() != v>>63 {
				v = beyond
			}
		default:
			v = s.whole(r.Ints[i])
		}
		if v < most && v > -most {
			to = append(to, v*factor)
		} else {
			to = append(to, beyond)
		}
	}
	return to
}

const million = 1_000_000

// filled is a column that is made of one field. Of a row group's dictionary it
// remembers what became of each word.
type filled struct {
	*column
	known  []uint32 // of a name: its number in the column + 1, once a row had it
	values []int64  // of a number: in millionths
	others []int64  // of the values that stand outside the dictionary; both may alternate
	first  []uint32 // the first row of the batch that has it + 1; empty when a batch begins
}

// learn begins with the dictionary of a row group.
func (c *filled) learn(s *stored, r *pages.Run) {
	c.known = cleared(c.known, r.Values())
	if c.counts() {
		c.values = s.millionths(r, c.values[:0])
	}
}

func cleared(s []uint32, n int) []uint32 {
	s = sizedTo(s, n)
	clear(s)
	return s
}

// counts reports whether numbers of the format are the column's values as they
// are.
func (c *column) counts() bool {
	return c.Kind == Decimal || c.Kind == Duration && c.unit == hours
}

// fill sets the column's values from a run, the first that of the given row. The
// commonest types are read without a detour; a test holds that against the cells.
func (c *filled) fill(row int, s *stored, r *pages.Run) {
	switch {
	case s.as == asText && c.Kind == Name && r.Words != nil:
		c.fillWords(row, r)
	case s.as == asText && c.Kind == Name:
		c.fillNames(row, r)
	case s.as == asText && c.Kind == Text && c.simple():
		c.fillTexts(row, r)
	case s.as == asWhole && c.Kind == Text && c.simple():
		c.fillWholes(row, s, r)
	case s.as == asDay && c.Kind == Date && c.simple():
		c.fillDays(row, r)
	case s.as == asTruth && c.Kind == Flag:
		c.fillTruths(row, r)
	case c.counts():
		c.fillNumbers(row, s, r)
	default:
		c.fillCells(row, s, r)
	}
}

// fillWords reads each word of a dictionary once.
func (c *filled) fillWords(row int, r *pages.Run) {
	ids, known := c.ids[row:row+r.Len], c.known
	for i, word := range r.Words {
		if r.Null != nil && r.Null[i] {
			c.read(row+i, "")
		} else if id := known[word]; id != 0 {
			ids[i] = id - 1
		} else if c.read(row+i, string(r.Text(int(word)))); c.has(row + i) {
			known[word] = ids[i] + 1
		}
	}
}

// fillNames reads names of which there is no dictionary. One that was met before
// and stands as it was needs no copy.
func (c *filled) fillNames(row int, r *pages.Run) {
	for i := range r.Len {
		if r.Null != nil && r.Null[i] {
			c.read(row+i, "")
			continue
		}
		text := r.Text(i)
		if id, ok := c.names.ids[string(text)]; ok && c.words == nil && visible(text) {
			c.ids[row+i] = id
		} else {
			c.read(row+i, string(text))
		}
	}
}

// fillTexts copies the texts that need no trimming.
func (c *filled) fillTexts(row int, r *pages.Run) {
	for i := range r.Len {
		if r.Null != nil && r.Null[i] {
			c.null(row + i)
			continue
		}
		value := r.Value(i)
		at, text := r.At[value], r.Text(value)
		n := len(c.text)
		switch {
		case !visible(text):
			c.read(row+i, string(text))
			continue
		case len(text) <= pages.Room: // a copy of known length needs no call
			c.text = slices.Grow(c.text, pages.Room)
			*(*[pages.Room]byte)(c.text[n : n+pages.Room]) = *(*[pages.Room]byte)(r.Data[at : at+pages.Room])
			c.text = c.text[:n+len(text)]
		default:
			c.text = append(c.text, text...)
		}
		c.offsets = append(c.offsets, int32(len(c.text)))
	}
}

// fillWholes writes numbers that are no amounts, such as those of lines.
func (c *filled) fillWholes(row int, s *stored, r *pages.Run) {
	for i := range r.Len {
		if r.Null != nil && r.Null[i] {
			c.null(row + i)
			continue
		}
		c.text = strconv.AppendInt(c.text, s.whole(r.Ints[r.Value(i)]), 10)
		c.offsets = append(c.offsets, int32(len(c.text)))
	}
}

func (c *filled) fillTruths(row int, r *pages.Run) {
	for i := range r.Len {
		if r.Null != nil && r.Null[i] {
			c.null(row + i)
		} else {
			c.truth(row+i, r.Ints[r.Value(i)] != 0)
		}
	}
}

func (c *filled) fillDays(row int, r *pages.Run) {
	for i := range r.Len {
		if r.Null != nil && r.Null[i] {
			c.null(row + i)
		} else {
			c.days[row+i] = int32(r.Ints[r.Value(i)])
		}
	}
}

// fillNumbers sets numbers without their texts, where they are exact.
func (c *filled) fillNumbers(row int, s *stored, r *pages.Run) {
	values := c.values
	if r.Words == nil {
		c.others = s.millionths(r, c.others[:0])
		values = c.others
	}
	if len(values) == 0 {
		c.fillCells(row, s, r)
		return
	}
	for i := range r.Len {
		value := r.Value(i)
		switch {
		case r.Null != nil && r.Null[i]:
			c.null(row + i)
		case values[value] == beyond:
			c.take(row+i, s.cell(r, value))
		case c.Kind == Duration:
			c.whole(row+i, values[value])
		case c.from.Negate:
			c.decimals[row+i] = decimal128.FromI64(-values[value])
		default:
			c.decimals[row+i] = decimal128.FromI64(values[value])
		}
	}
}

// fillCells sets all other values. One that a row before has is not read again.
func (c *filled) fillCells(row int, s *stored, r *pages.Run) {
	if r.Words != nil && len(c.first) == 0 {
		c.first = cleared(c.first, r.Values())
	}
	for i := range r.Len {
		if r.Null != nil && r.Null[i] {
			c.read(row+i, "")
			continue
		}
		value := r.Value(i)
		if r.Words != nil && c.first[value] > 0 {
			c.repeat(row+i, int(c.first[value]-1))
			continue
		}
		said := len(c.bad) + len(c.notes) + len(c.signed)
		c.take(row+i, s.cell(r, value))
		if r.Words != nil && said == len(c.bad)+len(c.notes)+len(c.signed) && c.has(row+i) {
			c.first[value] = uint32(row + i + 1)
		}
	}
}

// repeat sets the value of a row to that of a row before it.
func (c *column) repeat(row, before int) {
	switch c.Kind {
	case Name:
		c.ids[row] = c.ids[before]
	case Text:
		c.text = append(c.text, c.text[c.offsets[before]:c.offsets[before+1]]...)
		c.offsets = append(c.offsets, int32(len(c.text)))
	case Date, Month:
		c.days[row] = c.days[before]
	case Decimal:
		c.decimals[row] = c.decimals[before]
	case Duration, Share, Count, Time:
		c.ints[row] = c.ints[before]
	case Flag:
		c.flags[row] = c.flags[before]
	}
}
