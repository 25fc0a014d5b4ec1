package exports

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"clientworth/pipeline/exports/xlsx"
	"clientworth/pipeline/period"
)

// arrowRows are rows of which some columns are at hand as Arrow arrays, one or
// several for each.
type arrowRows struct {
	columns [][]arrow.Array // by field; nil is not at hand
	chunked []*arrow.Chunked
	rows    int
}

func (r *arrowRows) release() {
	for _, c := range r.chunked {
		c.Release()
	}
}

// cell returns a field of a row.
func (r *arrowRows) cell(i, field int) cell {
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
	case *array.LargeString:
		return cell{kind: textCell, text: []byte(a.Value(i))}
	case *array.Binary:
		return cell{kind: textCell, text: a.Value(i)}
	case *array.LargeBinary:
		return cell{kind: textCell, text: a.Value(i)}
	case *array.FixedSizeBinary:
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
		return float(widened(a.Value(i)))
	case *array.Decimal128:
		return cell{kind: numberCell, text: decimalText(a.Value(i), a.DataType().(*arrow.Decimal128Type).Scale)}
	case *array.Decimal256:
		return cell{kind: numberCell, text: []byte(a.Value(i).ToString(a.DataType().(*arrow.Decimal256Type).Scale))}
	case *array.Int8, *array.Int16, *array.Int32, *array.Int64, *array.Uint8, *array.Uint16, *array.Uint32, *array.Uint64:
		return cell{kind: numberCell, text: []byte(a.ValueStr(i))}
	}
	return fault("a value of type " + fmt.Sprint(a.DataType()))
}

// decimalText writes a number of so many decimals.
func decimalText(n decimal128.Num, scale int32) []byte {
	if scale < 0 {
		return []byte(n.ToString(scale))
	}
	sign, digits := "", n.BigInt().String()
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		sign, digits = "-", rest
	}
	if missing := int(scale) + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	whole, point := digits[:len(digits)-int(scale)], ""
	if scale > 0 {
		point = "."
	}
	return []byte(sign + whole + point + digits[len(whole):])
}

// widened is a number of 32 bits as a person sees it: 0.1, and not 0.100000001490116.
func widened(f float32) float64 {
	wide, _ := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', -1, 32), 64)
	return wide
}

func float(f float64) cell {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return fault(strconv.FormatFloat(f, 'g', -1, 64))
	}
	text, _ := xlsx.AppendNumber(nil, f)
	return cell{kind: numberCell, text: text}
}
