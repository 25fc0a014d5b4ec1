package exports

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"clientworth/pipeline/exports/xlsx"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// arrowRows are rows of which some columns are at hand as Arrow arrays, one or
// several for each.
type arrowRows struct {
	columns [][]arrow.Array // by field; nil is not at hand
	chunked []*arrow.Chunked
	rows    int
	line    int64 // of the first row
}

func (r *arrowRows) release() {
	for _, c := range r.chunked {
		c.Release()
	}
}

// arrowRow is one of them, as a raw row.
type arrowRow struct {
	*arrowRows
	index int
}

func (r *arrowRows) row(i int) arrowRow { return arrowRow{r, i} }
func (r arrowRow) at() int64            { return r.line + int64(r.index) }
func (r arrowRow) width() int           { return len(r.columns) }

func (r arrowRow) cell(field int) cell {
	i := r.index
	for _, a := range r.columns[field] {
		if i < a.Len() {
			return arrowCell(a, i)
		}
		i -= a.Len()
	}
	return cell{}
}

// holdsText reports whether values of the type are texts, to be read by the
// grammars of the source.
func holdsText(t arrow.DataType) bool {
	switch t := t.(type) {
	case *arrow.DictionaryType:
		return holdsText(t.ValueType)
	case *arrow.StringType, *arrow.LargeStringType, *arrow.BinaryType, *arrow.LargeBinaryType, *arrow.FixedSizeBinaryType:
		return true
	}
	return false
}

// arrowCell returns a value of an array as a cell.
func arrowCell(a arrow.Array, i int) cell {
	if a.IsNull(i) {
		return cell{}
	}
	switch a := a.(type) {
	case *array.Dictionary:
		return arrowCell(a.Dictionary(), a.GetValueIndex(i))
	case *array.String:
		return cell{kind: textCell, text: []byte(a.Value(i))}
	case *array.Binary:
		return cell{kind: textCell, text: a.Value(i)}
	case *array.Boolean:
		return cell{kind: truthCell, text: strconv.AppendBool(nil, a.Value(i))}
	case *array.Date32:
		return cell{kind: momentCell, moment: moment{day: period.UnixEpoch + period.Day(a.Value(i))}}
	case *array.Date64:
		return instant(a.Value(i).ToTime(), false)
	case *array.Timestamp:
		t := a.DataType().(*arrow.TimestampType)
		return instant(a.Value(i).ToTime(t.Unit), t.TimeZone != "")
	case *array.Time32:
		return clockOf24(a.Value(i).ToTime(a.DataType().(*arrow.Time32Type).Unit))
	case *array.Time64:
		return clockOf24(a.Value(i).ToTime(a.DataType().(*arrow.Time64Type).Unit))
	}
	return arrowNumber(a, i)
}

// instant is a moment; one that is zoned is a point in time, told in UTC.
func instant(t time.Time, zoned bool) cell {
	t = t.UTC()
	day, ok := period.DayOf(t.Year(), int(t.Month()), t.Day())
	if !ok {
		return fault("a date beyond the years 1 to 9999")
	}
	clock := t.Sub(t.Truncate(24 * time.Hour))
	return cell{kind: momentCell, moment: moment{day: day, clock: clock, timed: clock != 0 || zoned, zoned: zoned}}
}

func clockOf24(t time.Time) cell {
	clock := t.Sub(t.Truncate(24 * time.Hour))
	return cell{kind: clockCell, text: appendClock(nil, clock), moment: moment{clock: clock, timed: true}}
}

// arrowNumber returns a number of an array as a cell: of a floating-point one the
// decimal that a person would see.
func arrowNumber(a arrow.Array, i int) cell {
	switch a := a.(type) {
	case *array.Float64:
		return float(a.Value(i))
	case *array.Float32:
		f, _ := strconv.ParseFloat(strconv.FormatFloat(float64(a.Value(i)), 'g', -1, 32), 64)
		return float(f)
	case *array.Decimal128:
		return cell{kind: numberCell, text: []byte(a.Value(i).ToString(a.DataType().(*arrow.Decimal128Type).Scale))}
	case *array.Decimal256:
		return cell{kind: numberCell, text: []byte(a.Value(i).ToString(a.DataType().(*arrow.Decimal256Type).Scale))}
	case *array.Int8, *array.Int16, *array.Int32, *array.Int64, *array.Uint8, *array.Uint16, *array.Uint32, *array.Uint64:
		return cell{kind: numberCell, text: []byte(a.ValueStr(i))}
	}
	return fault("a value of type " + fmt.Sprint(a.DataType()))
}

func float(f float64) cell {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return fault(strconv.FormatFloat(f, 'g', -1, 64))
	}
	text, _ := xlsx.AppendNumber(nil, f)
	return cell{kind: numberCell, text: text}
}

// fillArrow decodes all columns of the rows.
func (d *decoder) fillArrow(r *arrowRows) {
	d.lines, d.prints = d.lines[:0], nil
	for i := range r.rows {
		d.lines = append(d.lines, r.line+int64(i))
	}
	for _, c := range d.columns {
		c.begin(r.rows)
		if len(c.fields) == 1 {
			row := 0
			for _, a := range r.columns[c.fields[0]] {
				c.fillArray(row, a)
				row += a.Len()
			}
			continue
		}
		cells := make([]cell, len(r.columns))
		for row := range r.rows {
			for _, f := range c.fields {
				cells[f] = r.row(row).cell(f)
			}
			c.cells(row, cells)
		}
	}
}

// fillArray sets the column's values from an array, the first that of the given
// row. The commonest types are read without a detour; a test holds that against
// the cells.
func (c *column) fillArray(row int, a arrow.Array) {
	switch v := a.(type) {
	case *array.Dictionary:
		if words, ok := v.Dictionary().(*array.String); ok && c.Kind == Name {
			c.fillWords(row, v, words)
			return
		}
	case *array.String:
		if c.Kind == Text && c.simple() {
			c.fillTexts(row, v)
			return
		}
	case *array.Date32:
		if c.Kind == Date && c.simple() {
			for i := range v.Len() {
				if v.IsNull(i) {
					c.null(row + i)
				} else {
					c.days[row+i] = int32(v.Value(i))
				}
			}
			return
		}
	}
	exact := exactly(a)
	for i := range a.Len() {
		if exact != nil && (c.Kind == Decimal || c.Kind == Duration) && a.IsValid(i) {
			switch v, ok := exact(i); {
			case ok && c.Kind == Duration && c.unit == hours:
				c.whole(row+i, v)
				continue
			case ok:
				c.number(row+i, money.Millionths(v))
				continue
			}
		}
		c.take(row+i, arrowCell(a, i))
	}
}

// fillWords reads each word of a dictionary once.
func (c *column) fillWords(row int, a *array.Dictionary, words *array.String) {
	known := make([]uint32, words.Len()) // number in the column + 1
	indices, quick := a.Indices().(*array.Int32)
	for i := range a.Len() {
		if a.IsNull(i) {
			c.read(row+i, "")
			continue
		}
		var word int
		if quick {
			word = int(indices.Value(i))
		} else {
			word = a.GetValueIndex(i)
		}
		if known[word] != 0 {
			c.ids[row+i] = known[word] - 1
			continue
		}
		c.read(row+i, words.Value(word))
		if c.has(row + i) {
			known[word] = c.ids[row+i] + 1
		}
	}
}

// fillTexts copies the texts that need no trimming.
func (c *column) fillTexts(row int, a *array.String) {
	for i := range a.Len() {
		if text := a.Value(i); a.IsValid(i) && text != "" && text[0]-'!' < 0x5e && text[len(text)-1]-'!' < 0x5e {
			c.addText(text)
		} else {
			c.take(row+i, arrowCell(a, i))
		}
	}
}

// exactly returns a function that reads numbers of an array in millionths where
// that is quickly done; nil where it never is.
func exactly(a arrow.Array) func(i int) (int64, bool) {
	const most = math.MaxInt64 / million
	switch a := a.(type) {
	case *array.Int64:
		return func(i int) (int64, bool) {
			v := a.Value(i)
			return v * million, v < most && v > -most
		}
	case *array.Int32:
		return func(i int) (int64, bool) { return int64(a.Value(i)) * million, true }
	case *array.Float64:
		return func(i int) (int64, bool) {
			f := a.Value(i)
			r := math.Round(f * million)
			return int64(r), math.Abs(r) < 1e15 && r/million == f
		}
	case *array.Decimal128:
		scale := a.DataType().(*arrow.Decimal128Type).Scale
		if scale < 0 || scale > money.Places {
			return nil
		}
		factor := tens[scale]
		return func(i int) (int64, bool) {
			v := a.Value(i)
			low := int64(v.LowBits())
			return low * factor, v.HighBits() == low>>63 && low < math.MaxInt64/factor && low > -math.MaxInt64/factor
		}
	}
	return nil
}

const million = 1_000_000
