package exports

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"clientworth/pipeline/period"
)

func TestDatesByLayout(t *testing.T) {
	for _, test := range []struct{ layout, text, want string }{
		{"yyyy-mm-dd", "2026-10-31", "2026-10-31"},
		{"yyyy-mm-dd hh:mm:ss", "2011-01-04 10:00:00", "2011-01-04"},
		{"yyyy-mm-dd hh:mm:ss", "2011-01-04", "2011-01-04"},
		{"yyyy-mm-dd", "2024-01-31T23:59:59.999Z", "2024-01-31"},
		{"yyyy-mm-dd", "2024-01-31T23:59:59.999+03:30", "2024-01-31"},
		{"yyyy/mm/dd", "2024/01/13 08:40:25.000", "2024-01-13"},
		{"yyyy-mm-dd", "2024-01-13 08:40:25.123456789", "2024-01-13"},
		{"dd-mmm-yy", "11-Jan-05", "2005-01-11"},
		{"dd-mmm-yy", "02-Nov-04", "2004-11-02"},
		{"dd-mmm-yy", "2-nov-99", "1999-11-02"},
		{"dd-mmm-yy", "30-Feb-04", ""},
		{"mmm d yyyy", "Jan 28 2021", "2021-01-28"},
		{"mmm d, yyyy", "January 1, 2025", "2025-01-01"},
		{"dd.mm.yyyy", "31.12.2025", "2025-12-31"},
		{"dd.mm.yyyy", "1.2.2025", "2025-02-01"},
		{"d. mmmm yyyy", "3. März 2025", "2025-03-03"},
		{"d mmmm yyyy", "15 октября 2025", "2025-10-15"},
		{"d/m/yyyy", "7/6/2019", "2019-06-07"},
		{"m/d/yyyy", "7/6/2019", "2019-07-06"},
		{"m/d/yyyy", "10/10/2022 8:00 PM", "2022-10-10"},
		{"m/d/yyyy", "10/10/2022 13:00 PM", ""},
		{"mm/dd/yy", "12/31/29", "2029-12-31"},
		{"mm/dd/yy", "12/31/30", "1930-12-31"},
		{"yyyymmdd", "20261031", "2026-10-31"},
		{"yyyymmdd", "2026131", ""},
		{"ddmmyyyy", "01022026", "2026-02-01"},
		{"yyyy-mm", "2026-10", "2026-10-01"},
		{"dddd, d mmmm yyyy", "Friday, 15 May 2026", "2026-05-15"},
		{"dd/mm/yyyy", "31/04/2026", ""},
		{"dd/mm/yyyy", "29/02/2028", "2028-02-29"},
		{"dd/mm/yyyy", "29/02/2027", ""},
		{"dd/mm/yyyy", "01/02/20261", ""},
		{"dd/mm/yyyy", "001/02/2026", ""},
		{"dd/mm/yyyy", "01/02/2026 nonsense", ""},
		{"dd/mm/yyyy", "01/02/2026 25:00", ""},
		{"dd/mm/yyyy", "۰۱/۰۲/۲۰۲۶", "2026-02-01"},
	} {
		l, err := layoutOf(test.layout)
		if err != nil {
			t.Fatal(err)
		}
		m, ok := l.read(test.text)
		if ok != (test.want != "") || ok && m.day.String() != test.want {
			t.Errorf("%q by %q is %v, %v; want %q", test.text, test.layout, m.day, ok, test.want)
		}
	}
}

func TestLayoutsRefused(t *testing.T) {
	for _, text := range []string{"", "dd.mm", "yyy-mm-dd", "yyyy-mm-mm", "yyyy yyyy-mm", "2006-01-02", "qqqq"} {
		if l, err := layoutOf(text); err == nil {
			t.Errorf("layout %q is taken as %v", text, l.parts)
		}
	}
}

func TestDayAtHome(t *testing.T) {
	in := func(name string) *time.Location {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return zone
	}
	london, tehran, berlin, cairo := in("Europe/London"), in("Asia/Tehran"), in("Europe/Berlin"), in("Africa/Cairo")
	for _, test := range []struct {
		text       string
		zone, home *time.Location
		want       string
	}{
		{"2026-06-30 23:30:00", time.UTC, london, "2026-07-01"},
		{"2026-12-31 23:30:00", time.UTC, london, "2026-12-31"},
		{"2026-12-31 23:30:00", nil, london, "2026-12-31"},
		{"2026-12-31T23:30:00Z", nil, tehran, "2027-01-01"},
		{"2026-12-31T23:30:00+03:30", nil, tehran, "2026-12-31"},
		{"2026-12-31", time.UTC, tehran, "2026-12-31"}, // a day is a day everywhere
		// Fault 62: the clock changes on the last day of a month.
		{"2024-03-31 23:30:00", berlin, in("Europe/Berlin"), "2024-03-31"},
		{"2024-03-31 22:30:00", london, berlin, "2024-03-31"},
		{"2024-03-31 23:30:00", london, berlin, "2024-04-01"},
		{"2027-10-31 22:30:00", berlin, in("Europe/Moscow"), "2027-11-01"},
		{"2026-04-24 00:00:00", cairo, in("Africa/Cairo"), "2026-04-24"}, // a midnight that the clock skips
	} {
		m, ok := guesses[0].read(test.text)
		if got := m.in(test.zone, test.home).String(); !ok || got != test.want {
			t.Errorf("%s from %v to %v is %s, want %s", test.text, test.zone, test.home, got, test.want)
		}
	}
}

// A day written by any layout is read back by it.
func TestDaysSurviveEveryLayout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first, _ := period.DayOf(1930, 1, 1)
		last, _ := period.DayOf(2029, 12, 31)
		day := period.Day(rapid.Int32Range(int32(first), int32(last)).Draw(t, "day"))
		y, m, d := day.Date()
		form := rapid.SampledFrom([][2]string{{"yyyy-mm-dd", "2006-01-02"}, {"d/m/yyyy", "2/1/2006"}, {"mm/dd/yy", "01/02/06"},
			{"dd-mmm-yy", "02-Jan-06"}, {"mmm d, yyyy", "Jan 2, 2006"}, {"yyyymmdd", "20060102"}, {"dd.mm.yyyy hh:mm", "02.01.2006 15:04"},
			{"m/d/yyyy h:mm AM/PM", "1/2/2006 3:04 PM"}}).Draw(t, "layout")
		text := time.Date(y, time.Month(m), d, rapid.IntRange(0, 23).Draw(t, "hour"), 5, 6, 0, time.UTC).Format(form[1])
		l, err := layoutOf(form[0])
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := l.read(text); !ok || got.day != day {
			t.Fatalf("%q by %s is %v, %v; want %v", text, form[0], got.day, ok, day)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"2026-10-31", "1/2/03", "2-nov-99", "Jan 28 2021", "2024-01-31T23:59:59.999+03:30", "01.01.2024 24:00", "10/2026"} {
		f.Add(s, "dd.mm.yyyy")
	}
	f.Fuzz(func(t *testing.T, text, form string) {
		for _, l := range allDays(Month) {
			if m, ok := l.read(text); ok && m.day <= 0 {
				t.Errorf("%q by %s is day %d", text, l.text, m.day)
			}
		}
		if l, err := layoutOf(form); err == nil {
			l.read(text)
		}
	})
}
