package words

import (
	"testing"

	"clientworth/pipeline/period"
)

// TestJalali holds the conversion against dates of the official calendar: new
// years, the last days of leap years, and days that people know.
func TestJalali(t *testing.T) {
	for _, c := range []struct{ gregorian, jalali [3]int }{
		{[3]int{1979, 2, 11}, [3]int{1357, 11, 22}},
		{[3]int{2000, 3, 20}, [3]int{1379, 1, 1}},
		{[3]int{2017, 3, 20}, [3]int{1395, 12, 30}},
		{[3]int{2017, 3, 21}, [3]int{1396, 1, 1}},
		{[3]int{2020, 3, 20}, [3]int{1399, 1, 1}},
		{[3]int{2021, 3, 20}, [3]int{1399, 12, 30}},
		{[3]int{2021, 3, 21}, [3]int{1400, 1, 1}},
		{[3]int{2024, 3, 20}, [3]int{1403, 1, 1}},
		{[3]int{2024, 10, 31}, [3]int{1403, 8, 10}},
		{[3]int{2025, 3, 20}, [3]int{1403, 12, 30}},
		{[3]int{2025, 3, 21}, [3]int{1404, 1, 1}},
		{[3]int{2026, 3, 21}, [3]int{1405, 1, 1}},
		{[3]int{2026, 9, 22}, [3]int{1405, 6, 31}},
		{[3]int{2026, 9, 23}, [3]int{1405, 7, 1}},
	} {
		d, _ := period.DayOf(c.gregorian[0], c.gregorian[1], c.gregorian[2])
		if y, m, day := jalali(d); [3]int{y, m, day} != c.jalali {
			t.Errorf("%v became %d-%d-%d, not %v", c.gregorian, y, m, day, c.jalali)
		}
	}
}

// TestJalaliDaysFollow walks two centuries day by day.
func TestJalaliDaysFollow(t *testing.T) {
	first, _ := period.DayOf(1900, 1, 1)
	y, m, d := jalali(first)
	for at := first + 1; at < first+80_000; at++ {
		ny, nm, nd := jalali(at)
		switch {
		case ny == y && nm == m && nd == d+1 && nd <= 31:
		case ny == y && nm == m+1 && nd == 1 && d >= 30:
		case ny == y+1 && nm == 1 && nd == 1 && m == 12 && d >= 29:
		default:
			t.Fatalf("%v: %d-%d-%d after %d-%d-%d", at, ny, nm, nd, y, m, d)
		}
		y, m, d = ny, nm, nd
	}
}
