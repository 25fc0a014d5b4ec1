package xlsx

import (
	"errors"
	"math"
	"strconv"

	"clientworth/pipeline/period"
)

// significant is how many digits a spreadsheet shows and lets a person type.
const significant = 15

// exactWhole is where a float64 stops holding every whole number.
const exactWhole = 1 << 53

// plainNumber reports whether a number is already written as Text has it: a
// plain decimal of at most 15 digits without needless zeros. Any such decimal is
// the shortest one that its float64 reads back from, so that it needs no float.
func plainNumber(b []byte) bool {
	if len(b) > 0 && b[0] == '-' {
		b = b[1:]
		if len(b) == 1 && b[0] == '0' {
			return false
		}
	}
	point := -1
	for i, c := range b {
		if c == '.' && point < 0 {
			point = i
		} else if c-'0' > 9 {
			return false
		}
	}
	whole, digits := point, len(b)-1
	if point < 0 {
		whole, digits = len(b), len(b)
	} else if b[len(b)-1] == '0' || point == len(b)-1 {
		return false
	}
	return whole > 0 && digits <= significant && (b[0] != '0' || whole == 1)
}

var errNumber = errors.New("is no number")

// parseNumber reads a number as XML writes it.
func parseNumber(b []byte) (float64, error) {
	if n := digits(b); n >= 0 {
		return float64(n), nil // most dates
	}
	if len(b) > 400 {
		return 0, errNumber
	}
	for _, c := range b { // what strconv also takes: hexadecimal, Inf, NaN, _
		if c-'0' > 9 && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, errNumber
		}
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return 0, errNumber
	}
	return f, nil
}

// AppendNumber writes a float64 as a plain decimal as [Cell].Text promises, and
// reports whether digits beyond were rounded away.
func AppendNumber(dst []byte, f float64) (_ []byte, rounded bool) {
	if f == math.Trunc(f) && math.Abs(f) < exactWhole {
		return strconv.AppendInt(dst, int64(f), 10), false
	}
	var b [32]byte
	shown, _ := strconv.ParseFloat(string(strconv.AppendFloat(b[:0], f, 'e', significant-1, 64)), 64)
	if !math.IsInf(shown, 0) { // the largest float64 of all rounds up out of range
		f, rounded = shown, shown != f
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64), rounded
}

const (
	firstSerial = 61      // 1900-03-01: below it spreadsheets disagree on the day
	lastSerial  = 2958465 // 9999-12-31
	base1900    = period.UnixEpoch - 25569
	since1904   = 1462 // days from 1900-based to 1904-based serials
	dayMillis   = 86_400_000
)

// date turns a serial number into a day and the milliseconds of that day. The
// day is the floor: no time of day is late enough to become the next one.
func date(serial float64, epoch1904 bool) (period.Day, int64, bool) {
	whole := math.Floor(serial)
	if epoch1904 {
		whole += since1904
	}
	if whole < firstSerial || whole > lastSerial || serial < firstSerial {
		return 0, 0, false
	}
	millis := math.Round((serial - math.Floor(serial)) * dayMillis)
	return base1900 + period.Day(whole), min(int64(millis), dayMillis-1), true
}

// isoDate reads a date as cells of type d have it: 2026-10-31, with or without
// a time after T, of which a zone is not taken.
func isoDate(b []byte) (period.Day, int64, bool) {
	if len(b) < 10 || b[4] != '-' || b[7] != '-' {
		return 0, 0, false
	}
	year, month, day := digits(b[:4]), digits(b[5:7]), digits(b[8:10])
	d, ok := period.DayOf(year, month, day)
	if !ok || len(b) == 10 {
		return d, 0, ok
	}
	millis, ok := isoClock(b[10:])
	return d, millis, ok
}

// isoClock reads Thh:mm:ss, with or without a fraction of a second and a Z.
func isoClock(b []byte) (int64, bool) {
	if len(b) < 9 || b[0] != 'T' || b[3] != ':' || b[6] != ':' {
		return 0, false
	}
	hour, minute, second := digits(b[1:3]), digits(b[4:6]), digits(b[7:9])
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 {
		return 0, false
	}
	millis := int64(hour*3600+minute*60+second) * 1000
	rest := b[9:]
	if len(rest) > 0 && rest[len(rest)-1] == 'Z' {
		rest = rest[:len(rest)-1]
	}
	if len(rest) == 0 {
		return millis, true
	}
	if rest[0] != '.' || len(rest) < 2 || digits(rest[1:]) < 0 {
		return 0, false
	}
	thousandths := append([]byte(nil), rest[1:]...)
	return millis + int64(digits(append(thousandths, "000"...)[:3])), true
}

// digits reads a whole number without a sign; -1 is none.
func digits(b []byte) int {
	if len(b) == 0 || len(b) > 9 {
		return -1
	}
	n := 0
	for _, c := range b {
		if c-'0' > 9 {
			return -1
		}
		n = 10*n + int(c-'0')
	}
	return n
}
