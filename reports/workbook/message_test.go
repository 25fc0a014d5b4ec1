package workbook

import (
	"slices"
	"testing"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/verdict"
	"clientworth/pipeline/worth"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

func english(t *testing.T) *words.Words {
	t.Helper()
	eur, _ := money.CurrencyOf("EUR")
	w, err := words.In(words.English, eur)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// The first sentence fits no clients, one, and several.
func TestMessage(t *testing.T) {
	for _, c := range []struct {
		margins []money.Amount
		want    string
	}{
		{nil, "No client is ranked: all have left or show no activity"},
		{[]money.Amount{5}, "The only client pays at least what it costs"},
		{[]money.Amount{-5}, "1 of 1 client costs more than it pays"},
		{[]money.Amount{5, 0}, "None of 2 clients costs more than it pays"},
		{[]money.Amount{5, -1, -2}, "2 of 3 clients cost more than they pay"},
	} {
		b := builder{words: english(t), r: &pipeline.Result{Worth: &worth.Portfolio{}}}
		for i, m := range c.margins {
			b.r.Worth.Clients = append(b.r.Worth.Clients, worth.Client{Margin: m})
			b.ranked = append(b.ranked, clients.Ref(i))
		}
		if got := b.message(); got != c.want {
			t.Errorf("%v: %q, not %q", c.margins, got, c.want)
		}
	}
}

// Of a client that left, what was said last while it was there: that it left, every
// report says since.
func TestLastSaidBeforeItLeft(t *testing.T) {
	past := func(m int, v verdict.Verdict) verdict.Past {
		return verdict.Past{Period: period.MonthOf(2026, m), Verdict: v}
	}
	for want, said := range map[string][]verdict.Past{
		"-": nil, "2026-04: Reprice": {past(3, verdict.Watch), past(4, verdict.Reprice), past(5, verdict.HasLeft), past(6, verdict.HasLeft)},
	} {
		grades := []verdict.Grade{{Ref: 2, Past: past(6, verdict.LookAfter)}}
		for _, p := range said {
			grades = append(grades, verdict.Grade{Ref: 3, Past: p})
		}
		b := builder{words: english(t), r: &pipeline.Result{Grades: append(grades, verdict.Grade{Ref: 4, Past: past(6, verdict.LookAfter)})}}
		if got := b.lastSaid(3); got != want {
			t.Errorf("%v: %q, not %q", said, got, want)
		}
	}
}

// How revenue is recognised is said as it is done.
func TestMethodSaysHowRevenueIsRecognised(t *testing.T) {
	for how, want := range map[costing.Recognition]words.Key{costing.ByService: "method.revenue text", costing.ByDocument: "method.revenue document text"} {
		r := &pipeline.Result{Facts: &facts.Facts{}, Costs: &costing.Costs{}, Worth: &worth.Portfolio{}}
		r.Options.Worth, r.Options.Verdict = worth.Defaults(), verdict.Defaults()
		r.Options.Worth.Baseline.Recognition = how
		b := newBuilder(r, Options{Words: english(t)})
		if s := b.method(); !slices.ContainsFunc(s.Rows, func(row xlsx.Row) bool {
			return len(row.Cells) > 1 && row.Cells[1].Text() == b.say(want)
		}) {
			t.Errorf("recognised %v: the method does not say %q", how, b.say(want))
		}
	}
}

// A red line does not hide what the figures alone say.
func TestPageOfConductSaysWhatTheFiguresSay(t *testing.T) {
	w := english(t)
	f := &facts.Facts{Clients: []clients.Client{{ID: "1", Name: "One"}}}
	r := &pipeline.Result{Facts: f, Costs: &costing.Costs{Clients: make([]costing.Client, 1)}, Worth: &worth.Portfolio{Clients: make([]worth.Client, 1)},
		Judgements: []verdict.Judgement{{Verdict: verdict.Conduct, Economic: verdict.LookAfter}}}
	d := dossier{builder: newBuilder(r, Options{Words: w})}
	d.page(0)
	if !slices.ContainsFunc(d.rows, func(row xlsx.Row) bool {
		return len(row.Cells) > 0 && row.Cells[0].Text() == "By the figures alone: Look after."
	}) {
		t.Error("the page hides what the figures say")
	}
}

// No page of the summary ends within a chart.
func TestSummaryBreaksBeforeItsChart(t *testing.T) {
	for rows, breaks := range map[int]int{pageRows - chartRows - 2: 0, pageRows - chartRows - 1: 1} {
		r := &pipeline.Result{Facts: &facts.Facts{}, Costs: &costing.Costs{}, Worth: &worth.Portfolio{}}
		p := &front{builder: newBuilder(r, Options{Words: english(t)}), sheet: &xlsx.Sheet{}}
		p.until(rows + 1)
		p.steps()
		if got := len(p.sheet.Breaks); got != breaks {
			t.Errorf("after %d rows there are %d breaks, not %d", rows, got, breaks)
		}
	}
}

// Columns are as wide as large amounts need.
func TestColumnsShowLargeAmounts(t *testing.T) {
	eur, _ := money.CurrencyOf("EUR")
	w := period.WindowTo(period.MonthOf(2026, 10), 1)
	r := &pipeline.Result{
		Facts: &facts.Facts{Currency: eur, Window: w, Clients: []clients.Client{{ID: "1"}}},
		Costs: &costing.Costs{Clients: []costing.Client{{Months: make([]costing.Month, 1)}}},
		Worth: &worth.Portfolio{Clients: []worth.Client{{Revenue: 1_234_567_890_123_45, Gap: -1_234_567_890_123_45}}, Order: []clients.Ref{0}},
	}
	b := newBuilder(r, Options{Words: english(t), Findings: &finding.Log{}})
	least := float64(len("-1,234,567,890,123.45"))
	for name, s := range map[string]*xlsx.Sheet{"ranking": b.ranking(), "clients": b.clients(), "months": b.months()} {
		if widest := slices.Max(s.Widths[3:]); widest < least {
			t.Errorf("%s: the widest column of amounts has %v, not %v", name, widest, least)
		}
	}
	if s := b.clients(); s.Widths[slices.Index(s.Table.Headers, "Shortfall")] < least {
		t.Errorf("the shortfall has %v", s.Widths)
	}
	if s := b.summary(); s.Widths[1] < least || s.Scale >= 64 {
		t.Errorf("the summary has %v at %d%%", s.Widths, s.Scale)
	}
}
