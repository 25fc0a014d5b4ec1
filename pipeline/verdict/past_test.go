package verdict

import (
	"slices"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/period"
	"clientworth/pipeline/worth"
)

func dayOf(t *testing.T, s string) period.Day {
	t.Helper()
	d, err := period.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A price raised in April: five months before it, 200.00 short each, and six after
// it, paid in full. The month of the action counts on neither side.
func TestActionBeforeAndAfter(t *testing.T) {
	months := steady(12, short)
	for i := 6; i < 12; i++ {
		months[i].Revenue += 20000
	}
	c := newCompany()
	c.crowd(12)
	ref := c.add(clients.Client{}, months...)
	c.act(ref, "reprice", "2026-04-15")
	c.act(ref, "other", "2026-11-15") // after the period: not taken yet
	_, all := c.decide(t)
	if len(all[ref].Actions) != 1 {
		t.Fatalf("%+v", all[ref].Actions)
	}
	a := all[ref].Actions[0]
	if a.Before != 5 || a.After != 6 || a.Gap.Change.Value > -18000 || a.Gap.Change.Value < -22000 || a.Worked != measure.Some(true) {
		t.Errorf("%+v", a)
	}
	if a.Gap.Low.Value > a.Gap.Change.Value || a.Gap.High.Value < a.Gap.Change.Value {
		t.Errorf("the change lies outside its interval: %+v", a.Gap)
	}
}

func TestContract(t *testing.T) {
	days := func(n int) measure.Opt[int] { return measure.Some(n) }
	for _, tt := range []struct {
		name             string
		who              clients.Client
		notice, earliest string
		missing          []string
	}{
		{"nothing known", clients.Client{}, "", "", []string{"contract_end", "notice_days"}},
		{"no end, ninety days", clients.Client{NoticeDays: days(90)}, "", "2027-01-30", []string{"contract_end"}},
		{"an end to wait for", clients.Client{ContractEnd: dayOf(t, "2027-03-31"), NoticeDays: days(90)}, "2026-12-31", "2027-04-01", nil},
		{"notice just in time", clients.Client{ContractEnd: dayOf(t, "2027-01-30"), NoticeDays: days(90)}, "2026-11-01", "2027-01-31", nil},
		{"notice missed", clients.Client{ContractEnd: dayOf(t, "2026-12-31"), NoticeDays: days(90)}, "2026-10-02", "2027-01-30", nil},
		{"bound, for what notice?", clients.Client{ContractEnd: dayOf(t, "2027-03-31")}, "", "2027-04-01", []string{"notice_days"}},
		{"bound, and relies on us", clients.Client{ContractEnd: dayOf(t, "2027-03-31"), ReliesOnUs: true, TransitionDays: days(30)}, "", "2027-04-01", []string{"notice_days"}},
		{"ended, for what notice?", clients.Client{ContractEnd: dayOf(t, "2026-10-31")}, "", "", []string{"notice_days"}},
		{"relies on us", clients.Client{ContractEnd: dayOf(t, "2026-12-31"), NoticeDays: days(30), ReliesOnUs: true, TransitionDays: days(180)}, "2026-12-01", "2027-04-30", nil},
		{"relies on us, for how long?", clients.Client{ContractEnd: dayOf(t, "2026-12-31"), NoticeDays: days(30), ReliesOnUs: true}, "2026-12-01", "2027-01-01", []string{"transition_days"}},
	} {
		k := contractOf(&tt.who, october)
		if k.LastNotice.String() != tt.notice || k.Earliest.String() != tt.earliest || !slices.Equal(k.Missing, tt.missing) {
			t.Errorf("%s: notice by %v, gone on %v, missing %v", tt.name, k.LastNotice, k.Earliest, k.Missing)
		}
	}
}

// Parting and conduct report what of the contract is missing; others do not.
func TestContractFinding(t *testing.T) {
	c := newCompany()
	c.crowd(12)
	ref := c.add(clients.Client{}, steady(12, month(40000, 80000))...)
	c.act(ref, "reprice", "2026-07-31")
	_, all := c.decide(t)
	if got := Findings(&c.facts, all).Total(ruleContract).Count; got != 2 {
		t.Errorf("%d findings for %v", got, all[ref].Contract.Missing)
	}
}

// Past verdicts are held against at least three months since. A shortfall that would
// not be material in a window is none, and one that would be is, in however few months.
func TestPastVerdictsGraded(t *testing.T) {
	c := newCompany()
	c.crowd(12)
	low := c.add(clients.Client{}, steady(12, short)...)
	slightly := c.add(clients.Client{}, steady(12, month(100000, 80600))...) // 7.50 short a month: 90.00 in a year
	more := c.add(clients.Client{}, steady(12, month(100000, 81600))...)     // 20.00 short: 240.00
	gone := c.add(clients.Client{}, append(steady(8, month(100000, 70000)), make([]costing.Month, 4)...)...)
	p, _ := c.decide(t)
	id := func(r clients.Ref) clients.ID { return c.facts.Clients[r].ID }
	past := []Past{
		{Period: october - 1, Client: id(low), Verdict: Reprice, Gap: 240000, Months: 12},
		{Period: october - 4, Client: id(low), Verdict: Reprice, Gap: 240000, Months: 12},
		{Period: october - 5, Client: id(low), Verdict: PaysForValue, Gap: -12000, Months: 12},
		{Period: october - 5, Client: id(low) + "?", Verdict: Reprice},
		{Period: october - 6, Client: id(slightly), Verdict: PaysForValue, Gap: 9000, Months: 12},
		{Period: october - 6, Client: id(slightly), Verdict: Reprice, Gap: 24000, Months: 12},
		{Period: october - 6, Client: id(more), Verdict: Reprice, Gap: 24000, Months: 12},
		{Period: october - 6, Client: id(gone), Verdict: Watch, Gap: 1200, Months: 12},
	}
	grades := GradePast(&c.facts, &c.costs, p, past)
	if len(grades) != 7 {
		t.Fatalf("%+v", grades)
	}
	for i, want := range []struct {
		since int
		held  measure.Opt[bool]
	}{{5, measure.Some(false)}, {4, measure.Some(true)}, {1, measure.Opt[bool]{}},
		{6, measure.Some(true)}, {6, measure.Some(false)}, {6, measure.Some(true)}, {6, measure.Some(false)}} {
		if g := grades[i]; g.Since != want.since || g.Held != want.held {
			t.Errorf("%+v, want %+v", g, want)
		}
	}
	if g := grades[1]; g.Then != measure.Some(each(240000, 12)) || g.Now.Value < 19000 || g.Now.Value > 21000 {
		t.Errorf("%+v", g)
	}
}

func TestParse(t *testing.T) {
	for v := range names {
		if got, ok := Parse(Verdict(v).String()); !ok || got != Verdict(v) {
			t.Errorf("%v became %v", Verdict(v), got)
		}
	}
	if _, ok := Parse("Drop it"); ok {
		t.Error("an unknown verdict was taken")
	}
}

// Conduct stands apart from money: the economic verdict and the own errors that
// came before the incident stand beside it.
func TestConduct(t *testing.T) {
	c := newCompany()
	c.crowd(12)
	months := steady(12, short)
	months[2].LabourOwn = 5000
	months[9].LabourOwn = 7000
	ref := c.add(clients.Client{}, months...)
	c.facts.Incidents = []facts.Incident{
		{Client: ref, Day: dayOf(t, "2025-10-31"), Kind: "fraud", RedLine: true}, // before the window
		{Client: ref, Day: dayOf(t, "2026-03-03"), Kind: "late_payment"},
		{Client: ref, Day: dayOf(t, "2026-05-05"), Kind: "abuse", RedLine: true},
		{Client: ref, Day: dayOf(t, "2026-06-06"), Kind: "threat", RedLine: true},
	}
	_, all := c.decide(t)
	j := all[ref]
	if j.Verdict != Conduct || j.Economic != Reprice || len(j.Incidents) != 3 {
		t.Errorf("%+v", j)
	}
	if r := j.Reasons; r[0].Kind != RedLine || r[0].Text != "abuse" || r[0].Count != 2 || r[1].Kind != ErrorsBefore || r[1].Amount != 5000 || !has(r, PaysAgainstFair) {
		t.Errorf("%+v", r)
	}
}

// Every threshold is in the table once, with a key and a meaning, and the table
// writes into the options.
func TestSettings(t *testing.T) {
	o, w := Defaults(), worth.Defaults()
	seen := map[string]bool{}
	for _, s := range append(o.Settings(), w.Settings()...) {
		if s.Key == "" || s.Meaning == "" || seen[s.Key] {
			t.Errorf("%q: %q", s.Key, s.Meaning)
		}
		seen[s.Key] = true
	}
	for _, s := range o.Settings() {
		if s.Key == "verdicts.sure" {
			*s.Value.(*measure.Share) = 1
		}
	}
	if o.SureAt != 1 {
		t.Error("the table holds copies")
	}
}
