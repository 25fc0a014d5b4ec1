package exports

import (
	"time"

	"clientworth/pipeline/period"
)

// datev reads the first row of a DATEV export, which says among much else when it
// was made, and on which day the fiscal year began: its postings have dates without
// a year. Of any other row nothing is known.
func datev(r rawRow) (from period.Day, stamp string) {
	const kind, made, begin = 0, 5, 12 // fields; nothing stands beyond the width
	if textOf(r, kind) != "EXTF" && textOf(r, kind) != "DTVF" {
		return 0, ""
	}
	digits := textOf(r, made)
	if t, err := time.Parse("20060102150405", digits[:min(len(digits), 14)]); err == nil {
		stamp = t.Format(stampLayout)
	}
	m, _ := compact.read(textOf(r, begin))
	return m.day, stamp
}

// stampLayout orders stamps as texts.
const stampLayout = "2006-01-02T15:04:05"

var compact = must(layoutOf("yyyymmdd"))

// within returns the day of the month that comes first from a day on, and whether
// there is one within a year.
func within(from period.Day, month, day int) (period.Day, bool) {
	year, _, _ := from.Date()
	for _, y := range []int{year, year + 1} {
		if d, ok := period.DayOf(y, month, day); ok && d >= from && d < from+366 {
			return d, true
		}
	}
	return 0, false
}
