package main

import (
	"bytes"
	"strings"
	"testing"

	"clientworth/pipeline"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/verdict"
	"clientworth/pipeline/worth"
)

// The headline counts the clients of the ranking, and says that all pay only if
// none has a shortfall, however small, or a margin below zero.
func TestHeadline(t *testing.T) {
	eur, err := money.CurrencyOf("EUR")
	if err != nil {
		t.Fatal(err)
	}
	month, err := period.ParseMonth("2026-10")
	if err != nil {
		t.Fatal(err)
	}
	pays := worth.Client{}
	pays.Margin = 100
	loses := worth.Client{}
	loses.Margin = -100 // by our own errors: no shortfall
	little := pays
	little.Shortfall = 500
	much := loses
	much.Shortfall, much.Material = 123456, true
	for _, c := range []struct {
		clients []worth.Client
		left    bool // the last one
		want    string
	}{
		{[]worth.Client{pays, pays}, false, "2026-10: all 2 clients pay for what they cost"},
		{[]worth.Client{pays, little}, false, "2026-10: of 2 clients none has a material shortfall"},
		{[]worth.Client{pays, loses}, false, "2026-10: of 2 clients none has a material shortfall, but 1 costs more than it pays"},
		{[]worth.Client{pays, much}, false, "2026-10: 1 of 2 clients pays too little, 1,234.56 EUR in 1 month"},
		{[]worth.Client{pays, much}, true, "2026-10: the only client pays for what it costs"},
		{[]worth.Client{much, pays, much}, false, "2026-10: 2 of 3 clients pay too little, 2,469.12 EUR in 1 month"},
		{[]worth.Client{loses, pays, loses}, false, "2026-10: of 3 clients none has a material shortfall, but 2 cost more than they pay"},
		{[]worth.Client{loses}, false, "2026-10: the only client has no material shortfall, but costs more than it pays"},
		{[]worth.Client{little}, false, "2026-10: the only client has no material shortfall"},
		{[]worth.Client{much}, false, "2026-10: the only client pays too little, 1,234.56 EUR in 1 month"},
		{[]worth.Client{much}, true, "2026-10: no client is left to rank"},
	} {
		r := &pipeline.Result{
			Costs:  &costing.Costs{},
			Period: month, Worth: &worth.Portfolio{Clients: c.clients}, Judgements: make([]verdict.Judgement, len(c.clients)),
			Facts: &facts.Facts{Currency: eur, Window: period.Window{First: month, Last: month}},
		}
		for i := range r.Judgements {
			r.Judgements[i].Verdict = verdict.PaysForValue
		}
		if c.left {
			r.Judgements[len(c.clients)-1].Verdict = verdict.HasLeft
		}
		if got := headline(r); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// Who is not judged yet is told apart from those that pay too little.
func TestHeadlineOfWhomNobodyJudged(t *testing.T) {
	eur, err := money.CurrencyOf("EUR")
	if err != nil {
		t.Fatal(err)
	}
	month := period.MonthOf(2026, 10)
	short := worth.Client{Shortfall: 123456, Material: true}
	r := &pipeline.Result{
		Costs: &costing.Costs{}, Period: month, Worth: &worth.Portfolio{Clients: []worth.Client{short, short, {}}},
		Judgements: []verdict.Judgement{{Verdict: verdict.Reprice}, {Verdict: verdict.NoVerdictYet}, {Verdict: verdict.NoVerdictYet}},
		Facts:      &facts.Facts{Currency: eur, Window: period.WindowTo(month, 1)},
	}
	if got, want := headline(r), "2026-10: 2 of 3 clients pay too little, 2,469.12 EUR in 1 month, 1 client not judged yet"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Nobody is told that all pay where the hours are of nobody known.
func TestHeadlineOfUnmappedHours(t *testing.T) {
	eur, err := money.CurrencyOf("EUR")
	if err != nil {
		t.Fatal(err)
	}
	month := period.MonthOf(2026, 10)
	r := &pipeline.Result{
		Period: month, Worth: &worth.Portfolio{Clients: make([]worth.Client, 2)}, Judgements: make([]verdict.Judgement, 2),
		Facts: &facts.Facts{Currency: eur, Window: period.WindowTo(month, 1)},
		Costs: &costing.Costs{Ledger: costing.Ledger{HoursIn: 35_000_000, HoursUnmapped: 35_000_000}},
	}
	for i := range r.Judgements {
		r.Judgements[i].Verdict = verdict.PaysForValue
	}
	if got, want := headline(r), "2026-10, as far as the mapped names tell: all 2 clients pay for what they cost"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	r.Costs.Ledger.HoursUnmapped = 1_750_000
	if got, want := headline(r), "2026-10: all 2 clients pay for what they cost"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// What is told fits 80 columns as far as its words allow.
func TestTell(t *testing.T) {
	var out bytes.Buffer
	p := &program{out: &out}
	p.tell("  ", strings.Repeat("ä", 40)+" "+strings.Repeat("b", 37)+" c "+strings.Repeat("d", 90)+" e")
	p.tell("", "")
	want := "  " + strings.Repeat("ä", 40) + " " + strings.Repeat("b", 37) + "\n      c\n      " + strings.Repeat("d", 90) + "\n      e\n"
	if out.String() != want {
		t.Errorf("told %q, want %q", out.String(), want)
	}
}
