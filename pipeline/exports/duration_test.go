package exports

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"clientworth/pipeline/measure"
)

func TestDurations(t *testing.T) {
	for _, test := range []struct {
		text string
		unit unit
		want string // "" is refused
	}{
		{"1:30", hours, "1.50"},
		{"1:30:00", hours, "1.50"},
		{"01:30:00", hours, "1.50"},
		{"1.5", hours, "1.50"},
		{"1,5", hours, "1.50"},
		{"1h 30m", hours, "1.50"},
		{"1h30m", noUnit, "1.50"},
		{"90m", noUnit, "1.50"},
		{"90 min", noUnit, "1.50"},
		{"1.5 h", noUnit, "1.50"},
		{"5400", seconds, "1.50"},
		{"90", minutes, "1.50"},
		{"5400s", noUnit, "1.50"},
		{"1ч 30мин", noUnit, "1.50"},
		{"90", noUnit, ""},
		{"100:00:00", hours, "100.00"},
		{"0:06", hours, "0.10"},
		{"0:00:01", hours, "0.000278"},
		{"0:00", hours, "0.00"},
		{"-0:30", hours, "-0.50"},
		{"(0:30)", hours, "-0.50"},
		{"-1h 30m", hours, "-1.50"},
		{"1:60", hours, ""},
		{"1:5", hours, ""},
		{"1:30:00:00", hours, ""},
		{":30", hours, ""},
		{"1:", hours, ""},
		{"30m 1h", hours, ""},
		{"1h 1h", hours, ""},
		{"1d", hours, ""},
		{"h", hours, ""},
		{"1h -30m", hours, ""},
		{"99999999:00", hours, ""},
		{"", hours, ""},
		{"۱:۳۰", hours, "1.50"},
	} {
		m := pointed('.', "")
		if test.text == "1,5" {
			m = pointed(',', "")
		}
		h, ok := m.duration(test.text, test.unit)
		if ok != (test.want != "") || ok && h.String() != test.want {
			t.Errorf("%q is %v, %v; want %q", test.text, h, ok, test.want)
		}
	}
}

// A bare number is read only where something says what it counts.
func TestBareNumberNeedsItsUnit(t *testing.T) {
	export := func(header, hours string) string {
		return "client,date,\"" + header + "\"\nA,2026-10-01," + hours + "\n"
	}
	of := func(header string, unit string) Source {
		return Source{Input: SupportHours, HoursUnit: unit, Columns: map[string]Mapping{"client": named("client"), "date": named("date"), "hours": named(header)}}
	}
	for _, header := range []string{"Hours", "DeveloperHoursActual", "Duration (h)", "Duration (decimal)", "Stunden", "час(а,ов)", "Std.", "admin hours"} {
		rows, _, err := read(t, of(header, ""), 1, "a.csv", export(header, "1.5"))
		want(t, rows, err, "0:2|A|2026-10-01|1.50")
	}
	for _, header := range []string{"Time", "Duration", "Minutes", "Hours:Min", "Dauer", "Time spent (sec)", "Month"} {
		_, _, err := read(t, of(header, ""), 1, "a.csv", export(header, "90"))
		wantError(t, err, "a.csv:2: hours", `"90"`, "hours_unit:")
		rows, _, err := read(t, of(header, ""), 1, "a.csv", export(header, "1:30"))
		want(t, rows, err, "0:2|A|2026-10-01|1.50")
		rows, _, err = read(t, of(header, "minutes"), 1, "a.csv", export(header, "90"))
		want(t, rows, err, "0:2|A|2026-10-01|1.50")
	}
}

// A number of seconds is the same duration in every form.
func TestDurationsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.Int64Range(0, 1_000_000).Draw(t, "seconds")
		want := measure.Hours((s*measure.Million + 1800) / 3600)
		m := pointed('.', "")
		for _, text := range []string{
			fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60),
			fmt.Sprintf("%dh %dm %ds", s/3600, s/60%60, s%60),
			fmt.Sprint(s),
			fmt.Sprintf("%d sec", s),
		} {
			got, ok := m.duration(text, seconds)
			if !ok || got-want > 1 || want-got > 1 {
				t.Fatalf("%q is %v, %v; want %v", text, got, ok, want)
			}
		}
	})
}

func FuzzDuration(f *testing.F) {
	for _, s := range []string{"1:30", "1h 30m", "-90m", "1,5", "1:30:00", "(0:30)", "2h2h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, m := range []marks{pointed('.', ""), pointed(',', "")} {
			if h, ok := m.duration(text, hours); ok {
				if again, ok := pointed('.', "").duration(h.String(), hours); !ok || again != h {
					t.Errorf("%q is %v, but that is read as %v, %v", text, h, again, ok)
				}
			}
		}
	})
}
