package facts

import (
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// A year billed in advance with the window ending in its second month: ten months
// are owed. A line dated after the window is not billed yet, so nothing of it is.
func TestOwedAfterTheWindow(t *testing.T) {
	last := period.MonthOf(2026, 2)
	w := period.WindowTo(last, 2)
	year := func(document period.Month) line {
		l := line{document: document, whole: part{amount: money.Units(1200)}}
		for i := range 12 {
			l.service = append(l.service, part{month: document + period.Month(i), amount: money.Units(100)})
		}
		return l
	}
	var r revenues
	r.add(w, year(w.First))
	r.add(w, year(w.First))
	r.add(w, year(last+1))
	got := owed(w, []clients.Ref{7}, &r.later)
	if len(got) != 10 {
		t.Fatalf("%d months are owed: %v", len(got), got)
	}
	for i, o := range got {
		if want := (Owed{Client: 7, Month: last + 1 + period.Month(i), Amount: money.Units(200)}); o != want {
			t.Errorf("%v, want %v", o, want)
		}
	}
}
