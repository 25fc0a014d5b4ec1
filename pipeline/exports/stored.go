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
	narrow bool // unsigned, and stored as if it had a sign
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

// cell returns a value of a run as a cell.
func (s *stored) cell(r *pages.Run, i int) cell {
	if r.Null != nil && r.Null[i] {
		return cell{}
	}
	switch s.as {
	case asText:
		return cell{kind: textCell, text: r.Text(i)}
	case asWhole:
		return cell{kind: numberCell, text: strconv.AppendInt(nil, s.whole(r.Ints[i]), 10)}
	case asDecimal:
		return cell{kind: numberCell, text: []byte(s.decimal(r, i).ToString(s.scale))}
	case asFloat:
		return float(math.Float64frombits(uint64(r.Ints[i])))
	case asTruth:
		return cell{kind: truthCell, text: strconv.AppendBool(nil, r.Ints[i] != 0)}
	case asDay:
		return cell{kind: momentCell, moment: moment{day: period.UnixEpoch + period.Day(r.Ints[i])}}
	}
	return instant(arrow.Timestamp(r.Ints[i]).ToTime(s.unit), s.zoned)
}

func (s *stored) whole(v int64) int64 {
	if s.narrow {
		return int64(uint32(v))
	}
	return v
}

// decimal returns a number of the column's scale, from a whole one or from bytes,
// the highest first.
func (s *stored) decimal(r *pages.Run, i int) decimal128.Num {
	if r.Ints != nil {
		return decimal128.FromI64(r.Ints[i])
	}
	var hi, lo uint64
	for at, b := range r.Text(i) {
		if at == 0 && b >= 0x80 {
			hi, lo = math.MaxUint64, math.MaxUint64
		}
		hi, lo = hi<<8|lo>>56, lo<<8|uint64(b)
	}
	return decimal128.New(int64(hi), lo)
}

// millionths returns a function that reads numbers exactly in millionths where
// that is quickly done; nil where it never is.
func (s *stored) millionths(r *pages.Run) func(i int) (int64, bool) {
	switch {
	case s.as == asWhole:
		const most = math.MaxInt64 / million
		return func(i int) (int64, bool) {
			v := s.whole(r.Ints[i])
			return v * million, v < most && v > -most
		}
	case s.as == asFloat:
		return func(i int) (int64, bool) {
			f := math.Float64frombits(uint64(r.Ints[i]))
			v := math.Round(f * million)
			return int64(v), math.Abs(v) < 1e15 && v/million == f
		}
	case s.as == asDecimal && s.scale <= money.Places:
		factor := tens[s.scale]
		most := math.MaxInt64 / factor
		if r.Ints != nil {
			return func(i int) (int64, bool) {
				v := r.Ints[i]
				return v * factor, v < most && v > -most
			}
		}
		return func(i int) (int64, bool) {
			v := s.decimal(r, i)
			low := int64(v.LowBits())
			return low * factor, v.HighBits() == low>>63 && low < most && low > -most
		}
	}
	return nil
}

const million = 1_000_000

// fillRun sets the column's values from a run, the first that of the given row.
// The commonest types are read without a detour; a test holds that against the
// cells. Known has, for each word of the run's dictionary, its number in the
// column + 1.
func (c *column) fillRun(row int, s *stored, r *pages.Run, known []uint32) {
	switch {
	case s.as == asText && c.Kind == Name && r.Words != nil:
		c.fillWords(row, r, known)
		return
	case s.as == asText && c.Kind == Name:
		c.fillPlainNames(row, r)
		return
	case r.Null != nil:
	case s.as == asText && c.Kind == Text && c.simple():
		c.fillTexts(row, r)
		return
	case s.as == asWhole && c.Kind == Text && c.simple():
		for _, v := range r.Ints {
			c.text = strconv.AppendInt(c.text, s.whole(v), 10)
			c.offsets = append(c.offsets, int32(len(c.text)))
		}
		return
	case s.as == asDay && c.Kind == Date && c.simple():
		for i, v := range r.Ints {
			c.days[row+i] = int32(v)
		}
		return
	case s.as == asTruth && c.Kind == Flag && c.simple():
		for i, v := range r.Ints {
			c.flags[row+i] = v != 0
		}
		return
	}
	c.fillNumbers(row, s, r)
}

// fillNumbers sets numbers without their texts, and all other values as cells.
func (c *column) fillNumbers(row int, s *stored, r *pages.Run) {
	var exactly func(i int) (int64, bool)
	if c.Kind == Decimal || c.Kind == Duration && c.unit == hours {
		exactly = s.millionths(r)
	}
	for i := range r.Len {
		if exactly != nil && (r.Null == nil || !r.Null[i]) {
			if v, ok := exactly(i); ok && c.Kind == Duration {
				c.whole(row+i, v)
				continue
			} else if ok {
				if c.from.Negate {
					v = -v
				}
				c.decimals[row+i] = decimal128.FromI64(v)
				continue
			}
		}
		c.take(row+i, s.cell(r, i))
	}
}

// fillWords reads each word of a dictionary once.
func (c *column) fillWords(row int, r *pages.Run, known []uint32) {
	ids := c.ids[row : row+r.Len]
	for i, word := range r.Words {
		if r.Null != nil && r.Null[i] {
			c.read(row+i, "")
		} else if id := known[word]; id != 0 {
			ids[i] = id - 1
		} else if c.read(row+i, string(r.Text(i))); c.has(row + i) {
			known[word] = ids[i] + 1
		}
	}
}

// fillPlainNames reads names of which there is no dictionary. One that was met before
// and stands as it was needs no copy.
func (c *column) fillPlainNames(row int, r *pages.Run) {
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
func (c *column) fillTexts(row int, r *pages.Run) {
	for i := range r.Len {
		at, end := r.Span(i)
		text := r.Data[at:end]
		if !visible(text) {
			c.take(row+i, cell{kind: textCell, text: text})
			continue
		}
		n := len(c.text)
		if len(text) <= pages.Room { // a copy of known length needs no call
			c.text = slices.Grow(c.text, pages.Room)
			*(*[pages.Room]byte)(c.text[n : n+pages.Room]) = *(*[pages.Room]byte)(r.Data[at : at+pages.Room])
			c.text = c.text[:n+len(text)]
		} else {
			c.text = append(c.text, text...)
		}
		c.offsets = append(c.offsets, int32(len(c.text)))
	}
}
