package exports

import (
	"time"

	"clientworth/pipeline/period"
)

// fiscalYear reads the first row of a DATEV export, which says among much else on
// which day the fiscal year began: its postings have dates without a year.
func fiscalYear(r rawRow) period.Day {
	const kind, begin = 0, 12 // fields
	if r.width() <= begin || textOf(r, kind) != "EXTF" && textOf(r, kind) != "DTVF" {
		return 0
	}
	m, _ := compact.read(textOf(r, begin))
	return m.day
}

// madeAt reads from the same row when the export was made.
func madeAt(r rawRow) string {
	const kind, made = 0, 5 // fields
	if r.width() <= made || textOf(r, kind) != "EXTF" && textOf(r, kind) != "DTVF" {
		return ""
	}
	digits := textOf(r, made)
	t, err := time.Parse("20060102150405", digits[:min(len(digits), 14)])
	if err != nil {
		return ""
	}
	return t.Format(stampLayout)
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
