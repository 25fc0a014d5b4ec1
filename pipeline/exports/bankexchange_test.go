package exports

import (
	"encoding/csv"
	"io"
	"strings"
	"testing"

	"clientworth/pipeline/period"
)

func TestBankExchange(t *testing.T) {
	const start, end = "1CClientBankExchange\n", "КонецФайла\n"
	for text, want := range map[string]string{
		start + end: "",
		start + "РасчСчет=7\nСекцияДокумент=П\nСумма=1\nПолучательСчет=7\nПлательщик=А \"Б\"\nКонецДокумента\n" + end: "поступление 1 А \"Б\"",
		start + "РасчСчет=7\nСекцияДокумент=П\nСумма=2\nПлательщикСчет=7\nКонецДокумента\n" + end:                     "списание 2 ",
		start + "СекцияДокумент=П\nСумма=3\nКонецДокумента\n" + end:                                                   " 3 ",
		start: "cut short",
		start + "СекцияДокумент=П\nСумма=1\n":                "cut short",
		start + "СекцияДокумент=П\nСумма=1\n" + end:          "line 4: КонецФайла is out of place",
		start + "СекцияДокумент=П\nСекцияДокумент=П\n" + end: "line 3: СекцияДокумент is out of place",
		start + "КонецДокумента\n" + end:                     "line 2: КонецДокумента is out of place",
		start + end + "СекцияДокумент=П\n":                   "text after",
	} {
		out, err := io.ReadAll(newBankReader(strings.NewReader(text)))
		got := ""
		if err != nil {
			got = err.Error()
		} else if strings.Count(string(out), "\n") != strings.Count(text, "\n") {
			t.Errorf("%q: lines have lost their numbers", text)
		}
		rows, _ := csv.NewReader(strings.NewReader(string(out))).ReadAll()
		if err == nil && len(rows) > 1 {
			got = rows[1][0] + " " + rows[1][5] + " " + rows[1][6]
		}
		if !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// A DATEV export says when it was made.
func TestExportsOwnStamp(t *testing.T) {
	const header = "client_id;date;amount;a;b;c;d;e;f;g;h;i;j\nA;0110;1;;;;;;;;;;\n"
	for made, want := range map[string]string{"20261113120000000": "2026-11-13T12:00:00", "": "", "2026": "", "20261313120000000": ""} {
		_, r, err := read(t, Source{Dates: "ddmm"}, 1, "a.csv", `"EXTF";700;21;"Buchungsstapel";9;`+made+`;;"RE";"";"";1001;1;20260101`+"\n"+header)
		if err != nil || r.Tallies[0].Stamp != want {
			t.Errorf("made at %q: %+v, %v", made, r, err)
		}
	}
}

func TestDatesWithoutYear(t *testing.T) {
	l := must(layoutOf(yearless))
	l.from, _ = period.DayOf(2026, 7, 1)
	for text, want := range map[string]string{
		"0107": "2026-07-01", "107": "2026-07-01", "3112": "2026-12-31", "102": "2027-02-01", "3006": "2027-06-30",
		"2902": "", "3204": "", "12": "", "13.10": "", "131026": "",
	} {
		m, ok := l.read(text)
		if got := m.day.String(); ok != (want != "") || ok && got != want {
			t.Errorf("%s: got %s (%v), want %s", text, got, ok, want)
		}
	}
	_, err := layoutOf("mmdd")
	if err == nil {
		t.Error("mmdd is taken for a layout")
	}
}
