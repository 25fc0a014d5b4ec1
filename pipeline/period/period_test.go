package period

import (
	"testing"
	"time"
)

func TestDayAgreesWithTime(t *testing.T) {
	for at := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2500; at = at.AddDate(0, 0, 1) {
		y, m, d := at.Date()
		day, ok := DayOf(y, int(m), d)
		if !ok {
			t.Fatalf("%v is no day", at)
		}
		if gy, gm, gd := day.Date(); gy != y || gm != int(m) || gd != d {
			t.Fatalf("%v became %d-%d-%d", at, gy, gm, gd)
		}
		if got := day.String(); got != at.Format(time.DateOnly) {
			t.Fatalf("%v is written %s", at, got)
		}
	}
	if d, _ := DayOf(1970, 1, 1); d != UnixEpoch {
		t.Errorf("1970-01-01 is day %d", d)
	}
	for _, no := range [][3]int{{2026, 2, 29}, {2026, 4, 31}, {2026, 0, 1}, {2026, 13, 1}, {2026, 1, 0}, {0, 1, 1}} {
		if _, ok := DayOf(no[0], no[1], no[2]); ok {
			t.Errorf("%v was taken for a date", no)
		}
	}
}

func TestMonth(t *testing.T) {
	m, err := ParseMonth("2024-02")
	if err != nil {
		t.Fatal(err)
	}
	if got := m.String() + " " + m.First().String() + " " + m.Last().String(); got != "2024-02 2024-02-01 2024-02-29" {
		t.Error(got)
	}
	if got := (m - 2).String() + " " + (m + 11).String(); got != "2023-12 2025-01" {
		t.Error(got)
	}
	if got := m.Last().Month(); got != m {
		t.Error(got)
	}
	w := WindowTo(m, 12)
	if w.String() != "2023-03 to 2024-02" || w.Len() != 12 || w.At(w.Index(m)) != m || w.Contains(m+1) || !w.Contains(w.First) {
		t.Error(w)
	}
	for _, bad := range []string{"2024-2", "2024-13", "24-01", "", "2024-01-01"} {
		if _, err := ParseMonth(bad); err == nil {
			t.Errorf("%q was taken for a month", bad)
		}
	}
}
