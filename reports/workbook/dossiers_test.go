package workbook

import (
	"slices"
	"testing"

	"clientworth/pipeline"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/verdict"
	"clientworth/pipeline/worth"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// What leaving would cost is said of the months that were seen, not of a window.
func TestLeavingCostsOverTheMonthsSeen(t *testing.T) {
	eur, _ := money.CurrencyOf("EUR")
	w, err := words.In(words.English, eur)
	if err != nil {
		t.Fatal(err)
	}
	d := dossier{builder: &builder{words: w, r: &pipeline.Result{Facts: &facts.Facts{Currency: eur}}}}
	d.exit(&worth.Client{AvoidableMargin: 118500, MonthsObserved: 2}, &verdict.Judgement{})
	want := xlsx.Text("Its leaving would cost us 1,185 EUR over 2 months like those seen, whatever its margin says.", 0)
	if !slices.ContainsFunc(d.rows, func(r xlsx.Row) bool { return len(r.Cells) > 0 && r.Cells[0] == want }) {
		t.Errorf("%+v", d.rows)
	}
}

// However long the notice is, the page shows the month in which the client is gone.
func TestExitMonthsReachTheExit(t *testing.T) {
	for n := range 12 {
		all := make([]verdict.ExitMonth, n)
		for i := range all {
			all[i].Month = period.Month(i)
		}
		got := lastMonths(all)
		if len(got) != min(n, 6) || n > 0 && got[len(got)-1].Month != period.Month(n-1) {
			t.Errorf("of %d months it shows %v", n, got)
		}
	}
}

// A table that shows the last months says of how many.
func TestExitMonthsSayWhatTheyLeaveOut(t *testing.T) {
	eur, _ := money.CurrencyOf("EUR")
	w, err := words.In(words.English, eur)
	if err != nil {
		t.Fatal(err)
	}
	for months, said := range map[int]bool{6: false, 14: true} {
		d := dossier{builder: &builder{words: w, r: &pipeline.Result{Facts: &facts.Facts{Currency: eur}}}}
		d.exitMonths(&verdict.Exit{Months: make([]verdict.ExitMonth, months)})
		last := d.rows[len(d.rows)-1].Cells[0]
		want := xlsx.Text("The last 6 of 14 months after notice.", 0)
		if (last == want) != said {
			t.Errorf("%d months end with %+v", months, last)
		}
	}
}
