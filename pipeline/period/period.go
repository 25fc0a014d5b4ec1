// Package period holds days, months and windows of months. It knows no clock and
// no time zone: whoever reads a file or the clock says which day it was.
package period

import (
	"fmt"
	"time"
)

// Day is a day of the proleptic Gregorian calendar: 1 is 0001-01-01. The zero
// value is no day.
type Day int32

// UnixEpoch is 1970-01-01, where Arrow's date32 counts from zero.
const UnixEpoch Day = 719163

// DayOf returns the day of a date, and whether there is such a date.
func DayOf(year, month, day int) (Day, bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	y := year - 1
	d := y*365 + y/4 - y/100 + y/400 + daysBefore[month-1] + day
	if month > 2 && leap(year) {
		d++
	}
	return Day(d), true
}

var daysBefore = [...]int{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334}

func leap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func daysIn(year, month int) int {
	switch month {
	case 2:
		if leap(year) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// Date returns the year, month and day of the month.
func (d Day) Date() (year, month, day int) {
	// Years begin with March here, and so end with the leap day; the constants make
	// of divisions products (Neri and Schneider, Euclidean affine functions and
	// their application to calendar algorithms, 2022).
	n := 4*uint32(d+marchOfYear0) + 3
	century := n / 146097
	n = n%146097 | 3
	product := 2939745 * uint64(n)
	year = int(100*century + uint32(product>>32))
	ofYear := uint32(product) / 2939745 / 4
	n = 2141*ofYear + 197913
	month, day = int(n>>16), int(n&0xffff)/2141+1
	if ofYear >= 306 { // January or February
		year, month = year+1, month-12
	}
	return year, month, day
}

// marchOfYear0 is how many days 0000-03-01 lies before day 0.
const marchOfYear0 = 305

// Month returns the calendar month of the day; of no day, no month.
func (d Day) Month() Month {
	if d == 0 {
		return 0
	}
	y, m, _ := d.Date()
	return MonthOf(y, m)
}

// String writes the day as 2026-10-31, and no day as nothing.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	y, m, day := d.Date()
	if y < 0 || y > 9999 {
		return fmt.Sprintf("%04d-%02d-%02d", y, m, day)
	}
	digit := func(n int) byte { return byte('0' + n%10) }
	return string([]byte{digit(y / 1000), digit(y / 100), digit(y / 10), digit(y), '-', digit(m / 10), digit(m), '-', digit(day / 10), digit(day)})
}

// ParseDay reads 2026-10-31.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date like 2026-10-31", s)
	}
	d, _ := DayOf(t.Year(), int(t.Month()), t.Day())
	return d, nil
}

// Month is a calendar month, year*12 + month of the year (1 to 12). The zero
// value is no month.
type Month int32

// MonthOf returns the month of a year.
func MonthOf(year, month int) Month { return Month(year*12 + month) }

// Year returns the calendar year.
func (m Month) Year() int { return int(m-1) / 12 }

// OfYear returns the month's number in its year, 1 to 12.
func (m Month) OfYear() int { return int(m-1)%12 + 1 }

// First returns the month's first day.
func (m Month) First() Day {
	d, _ := DayOf(m.Year(), m.OfYear(), 1)
	return d
}

// Last returns the month's last day.
func (m Month) Last() Day { return m.First() + Day(m.Days()) - 1 }

// Days returns how many days the month has.
func (m Month) Days() int { return daysIn(m.Year(), m.OfYear()) }

// String writes the month as 2026-10, and no month as nothing.
func (m Month) String() string {
	if m == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d", m.Year(), m.OfYear())
}

// ParseMonth reads 2026-10.
func ParseMonth(s string) (Month, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a month like 2026-10", s)
	}
	return MonthOf(t.Year(), int(t.Month())), nil
}

// Window is the run of months from First to Last, both included.
type Window struct{ First, Last Month }

// WindowTo returns the window of n months that ends with the period.
func WindowTo(last Month, n int) Window { return Window{First: last - Month(n) + 1, Last: last} }

// Len returns how many months the window has.
func (w Window) Len() int { return int(w.Last-w.First) + 1 }

// Contains reports whether the month lies in the window.
func (w Window) Contains(m Month) bool { return m >= w.First && m <= w.Last }

// Index returns the position of the month in the window, from 0.
func (w Window) Index(m Month) int { return int(m - w.First) }

// At returns the month at a position.
func (w Window) At(i int) Month { return w.First + Month(i) }

// String writes the window as 2025-11 to 2026-10.
func (w Window) String() string { return w.First.String() + " to " + w.Last.String() }
