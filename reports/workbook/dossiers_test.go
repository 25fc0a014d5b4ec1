package workbook

import (
	"slices"
	"testing"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
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
	for _, test := range []struct {
		client worth.Client
		want   string
	}{
		{worth.Client{AvoidableMargin: 118500, MonthsObserved: 2}, "Its leaving would cost us 1,185 EUR over 2 months like those seen, whatever its margin says."},
		{worth.Client{AvoidableMargin: -118500, MonthsObserved: 2}, "Its leaving would save us 1,185 EUR over 2 months like those seen."},
		{worth.Client{AvoidableMargin: -1, BreakevenLoss: measure.Some(1.0)}, "Asking for the fair price pays, however great the risk of losing it."},
		{worth.Client{AvoidableMargin: 1, BreakevenLoss: measure.Some(0.25)}, "Asking for the fair price pays as long as the risk of losing it is below 25%."},
	} {
		d := dossier{builder: &builder{words: w, r: &pipeline.Result{Facts: &facts.Facts{Currency: eur}}}}
		d.exit(&test.client, &verdict.Judgement{})
		if want := xlsx.Text(test.want, 0); !slices.ContainsFunc(d.rows, func(r xlsx.Row) bool { return len(r.Cells) > 0 && r.Cells[0] == want }) {
			t.Errorf("no %q in %+v", test.want, d.rows)
		}
	}
}

// Who pays since something was tried has a page as well: else only what failed would
// be shown. The change stands there with its interval.
func TestPageOfWhatWorked(t *testing.T) {
	eur, _ := money.CurrencyOf("EUR")
	w, err := words.In(words.English, eur)
	if err != nil {
		t.Fatal(err)
	}
	some := func(a money.Amount) measure.Opt[money.Amount] { return measure.Some(a) }
	worked := verdict.Action{Kind: "reprice", Worked: measure.Some(true), Gap: worth.Comparison{Change: some(-20000), Low: some(-21000), High: some(-19000)}}
	r := &pipeline.Result{
		Facts: &facts.Facts{Currency: eur}, Worth: &worth.Portfolio{Clients: make([]worth.Client, 3)},
		Judgements: []verdict.Judgement{
			{Verdict: verdict.PaysForValue}, {Verdict: verdict.PaysForValue, Actions: []verdict.Action{worked}},
			{Verdict: verdict.PaysForValue, Actions: []verdict.Action{{Kind: "reprice"}}},
		},
	}
	b := &builder{words: w, r: r, ranked: []clients.Ref{0, 1, 2}, options: Options{Dossiers: 3}}
	if got := b.inDossiers(); !slices.Equal(got, []clients.Ref{1}) {
		t.Errorf("pages of %v", got)
	}
	d := dossier{builder: b}
	d.tried(&r.Judgements[1])
	want := "Since then a month's gap has changed by \u2212200 EUR, 90% interval: \u2212210 to \u2212190."
	if got := d.rows[len(d.rows)-1].Cells[0]; got != xlsx.Text(want, 0) {
		t.Errorf("%+v", got)
	}
}

// An id is one argument of a command, whatever stands in it.
func TestIDsAreArguments(t *testing.T) {
	for id, want := range map[string]string{"1001": "1001", "A-7.b": "A-7.b", "name:rhein druck": "'name:rhein druck'", "o'neil": `'o'\''neil'`, "a;b": "'a;b'"} {
		if got := argument(id); got != want {
			t.Errorf("%q becomes %s, not %s", id, got, want)
		}
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
