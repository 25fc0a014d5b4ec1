package costing

import (
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/period"
)

// Contracts are older than the exports, which begin in the ninth month: nobody is
// observed before that, but who was billed then for months that were over.
func TestObservedSinceTheExportsBegin(t *testing.T) {
	w := period.WindowTo(period.MonthOf(2026, 10), 12) // from 2025-11
	old := clients.Client{ContractStart: w.First.First()}
	f := facts.Facts{
		Window: w, Begin: w.At(8), Clients: []clients.Client{old, old, {}, old},
		Activity: []facts.Activity{{Client: 1, First: w.At(10), Last: w.Last}, {Client: 2, First: w.At(10), Last: w.Last}, {Client: 3, First: w.At(2), Last: w.Last}},
	}
	for ref, want := range []Observed{{8, 12, false}, {8, 12, false}, {10, 12, false}, {2, 12, false}} {
		if got := ObservedMonths(&f)[ref]; got != want {
			t.Errorf("client %d: %+v, want %+v", ref, got, want)
		}
	}
}

func TestObservedMonths(t *testing.T) {
	day := func(s string) period.Day {
		d, err := period.ParseDay(s)
		if s != "" && err != nil {
			t.Fatal(err)
		}
		return d
	}
	month := func(s string) period.Month { return day(s + "-01").Month() }
	window := period.WindowTo(month("2026-10"), 12) // from 2025-11
	for _, c := range []struct {
		name, start, end string // of the contract
		first, last      string // of the activity
		want             Observed
	}{
		{"since before the window", "", "", "2024-01", "2026-10", Observed{0, 12, false}},
		{"quiet lately, no contract", "", "", "2026-01", "2026-05", Observed{2, 12, false}},
		{"contract before the first activity", "2025-12-15", "", "2026-03", "2026-10", Observed{1, 12, false}},
		{"contract known, never active", "2026-08-01", "", "", "", Observed{9, 12, false}},
		{"ended", "", "2026-06-30", "2025-01", "2026-05", Observed{0, 8, true}},
		{"ended, worked for after all", "", "2026-06-30", "2025-01", "2026-08", Observed{0, 10, false}},
		{"ends later", "", "2027-06-30", "2025-01", "2026-08", Observed{0, 12, false}},
		{"ends with the period", "", "2026-10-31", "2025-01", "2026-10", Observed{0, 12, true}},
		{"ended before the window", "", "2025-06-30", "2025-01", "2025-05", Observed{0, 0, true}},
		{"starts after the period", "2026-12-01", "", "", "", Observed{0, 0, false}},
		{"nothing known", "", "", "", "", Observed{0, 0, false}},
	} {
		f := facts.Facts{Window: window, Begin: month("2024-01"), Clients: []clients.Client{{}, {}}}
		f.Clients[1].ContractStart, f.Clients[1].ContractEnd = day(c.start), day(c.end)
		if c.first != "" {
			f.Activity = []facts.Activity{{Client: 1, First: month(c.first), Last: month(c.last)}}
		}
		if got := ObservedMonths(&f)[1]; got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
