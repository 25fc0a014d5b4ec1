package verdict

import (
	"slices"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/worth"
)

// short pays 800.00 a month for labour of 800.00: its fair price is 1,000.00.
var short = month(80000, 80000)

// Every verdict is reached for its own reason.
func TestEveryVerdict(t *testing.T) {
	day := func(s string) period.Day {
		d, err := period.ParseDay(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	own := func(m costing.Month, labour money.Amount) costing.Month {
		m.LabourOwn = labour
		return m
	}
	scope := func(m costing.Month) costing.Month { m.OutOfScope = 15000; return m }
	plan := func(m costing.Month) costing.Month { m.AbovePlan = 15000; return m }
	valued := func(m costing.Month, list money.Amount) costing.Month {
		m.List, m.ListKnown, m.GivenKnown = list, true, true
		return m
	}
	rising := func() []costing.Month {
		all := steady(12, month(80000, 80000))
		for i := range all {
			all[i].Revenue = money.Amount(40000 + 5000*i)
			all[i].Labour = all[i].Revenue*8/10 + 8000
		}
		return all
	}
	wavering := func() []costing.Month { // short in a month of four, and hardly sure
		all := steady(12, month(100000, 75000))
		for i := 0; i < len(all); i += 4 {
			all[i] = month(100000, 120000)
		}
		return all
	}
	tried := func(c *company, r clients.Ref) { c.act(r, "reprice", "2026-07-31") }
	dear := month(40000, 80000) // costs more than it pays, were all labour avoidable
	for _, tt := range []struct {
		want   Verdict
		reason ReasonKind
		who    clients.Client
		months []costing.Month
		then   func(*company, clients.Ref)
	}{
		{NoVerdictYet, FewMonths, clients.Client{}, steady(2, short), nil},
		{Conduct, RedLine, clients.Client{}, steady(12, short), func(c *company, r clients.Ref) {
			c.facts.Incidents = append(c.facts.Incidents, facts.Incident{Client: r, Day: day("2026-05-05"), Kind: "abuse", RedLine: true})
		}},
		{HasLeft, Quiet, clients.Client{}, append(steady(9, short), make([]costing.Month, 3)...), nil},
		{HasLeft, Ended, clients.Client{ContractEnd: day("2026-10-31")}, steady(12, short), nil},
		{HasLeft, Merged, clients.Client{}, steady(12, short), func(c *company, r clients.Ref) {
			c.facts.Activity[len(c.facts.Activity)-1].Into = measure.Some(clients.Ref(0))
		}},
		{NoActivity, NothingInWindow, clients.Client{ContractStart: day("2025-01-01")}, nil, nil},
		{FixOurselves, OwnErrorsMargin, clients.Client{}, steady(12, own(month(100000, 90000), 15000)), nil},
		{FixOurselves, OwnErrors, clients.Client{}, steady(12, own(month(40000, 80000), 20000)), nil},
		{DemandingWorthIt, EffortHours, clients.Client{}, steady(12, month(300000, 200000)), nil},
		{ExplainDiscount, ValueAbove, clients.Client{}, steady(12, valued(month(100000, 70000), 140000)), nil},
		{LookAfter, PaysWell, clients.Client{}, steady(12, month(100000, 20000)), nil},
		{LookAfter, PaysAboveValue, clients.Client{}, steady(12, valued(month(100000, 70000), 80000)), nil},
		{PaysForValue, PaysFor, clients.Client{}, steady(12, month(100000, 70000)), nil},
		{PaysForValue, SmallShortfall, clients.Client{}, steady(12, month(100000, 80400)), nil},
		{Watch, NotSure, clients.Client{}, wavering(), nil},
		{InvestKnowingly, Excepted, clients.Client{Strategic: true, ExceptionOwner: "A. Owner", ExceptionUntil: day("2026-10-31")}, steady(12, short), nil},
		{InvestKnowingly, Rising, clients.Client{}, rising(), nil},
		{PrepareToPart, LeavingSaves, clients.Client{}, steady(12, dear), tried},
		{PrepareToPart, LeavingSaves, clients.Client{}, steady(12, month(80000, 80000)), tried}, // nothing is lost, nothing won
		{KeepDoNotExpand, LeavingCosts, clients.Client{}, steady(12, month(90000, 80000)), tried},
		{AgreeScope, OutOfScope, clients.Client{}, steady(12, scope(short)), nil},
		{LimitSupport, AbovePlan, clients.Client{}, steady(12, plan(short)), nil},
		{Reprice, PaysAgainstFair, clients.Client{}, steady(12, short), nil},
	} {
		c := newCompany()
		c.crowd(12)
		if tt.want == DemandingWorthIt || tt.want == ExplainDiscount || tt.want == PaysForValue {
			c.add(clients.Client{}, steady(12, month(900000, 30000))...) // the top of what is paid
		}
		ref := c.add(tt.who, tt.months...)
		if tt.then != nil {
			tt.then(c, ref)
		}
		p, all := c.decide(t)
		j := all[ref]
		if j.Verdict != tt.want || !has(j.Reasons, tt.reason) {
			t.Errorf("%v, want %v for reason %d: %+v\n%+v", j.Verdict, tt.want, tt.reason, j.Reasons, p.Clients[ref])
		}
	}
}

// Of ten clients the ninth and the tenth by hours are at or above the 90th percentile.
func TestTheNinthOfTenIsDemanding(t *testing.T) {
	c := newCompany()
	for i := range 10 {
		c.add(clients.Client{}, steady(12, month(300000, money.Amount(150000+6000*i)))...)
	}
	_, all := c.decide(t)
	for i, j := range all {
		if (j.Verdict == DemandingWorthIt) != (i >= 8) {
			t.Errorf("client %d of 10: %v", i+1, j.Verdict)
		}
	}
}

func has(reasons []Reason, kind ReasonKind) bool {
	for _, r := range reasons {
		if r.Kind == kind {
			return true
		}
	}
	return false
}

// An error mended is no error to mend: "fixed" counts from the day of the last one
// on, and the client is judged on.
func TestFixedSince(t *testing.T) {
	months := steady(12, short)
	for i := range 6 { // own errors until April
		months[i].LabourOwn = 40000
		months[i].Labour = 120000
	}
	for _, tt := range []struct {
		day  string
		want Verdict
	}{{"2026-04-19", FixOurselves}, {"2026-04-20", Reprice}, {"2026-10-31", Reprice}, {"2026-11-01", FixOurselves}} {
		c := newCompany()
		c.crowd(12)
		ref := c.add(clients.Client{}, months...)
		c.act(ref, "fixed", tt.day)
		if _, all := c.decide(t); all[ref].Verdict != tt.want {
			t.Errorf("fixed on %s: %v, want %v", tt.day, all[ref].Verdict, tt.want)
		}
	}
}

// Parting needs every remedy that fits, tried three calendar months ago, and a
// material shortfall since.
func TestPartingComesLast(t *testing.T) {
	scope := month(40000, 80000)
	scope.OutOfScope = 40000
	for _, tt := range []struct {
		name    string
		actions [][2]string
		want    Verdict
	}{
		{"nothing tried", nil, AgreeScope},
		{"only the price", [][2]string{{"reprice", "2026-01-10"}}, AgreeScope},
		{"both, the second lately", [][2]string{{"reprice", "2026-01-10"}, {"scope", "2026-08-01"}}, AgreeScope},
		{"both in time", [][2]string{{"reprice", "2026-01-10"}, {"scope", "2026-07-31"}}, PrepareToPart},
		{"both in time, one again lately", [][2]string{{"reprice", "2026-01-10"}, {"scope", "2026-07-31"}, {"reprice", "2026-09-01"}}, PrepareToPart},
	} {
		c := newCompany()
		c.crowd(12)
		ref := c.add(clients.Client{}, steady(12, scope)...)
		for _, a := range tt.actions {
			c.act(ref, a[0], a[1])
		}
		if _, all := c.decide(t); all[ref].Verdict != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, all[ref].Verdict, tt.want)
		}
	}
}

// A shortfall since the remedy is one of the months after it: what July was short
// of, when the price was raised, does not count.
func TestShortSinceTheRemedy(t *testing.T) {
	for paysFrom, parting := range map[int]bool{9: false, 10: true} { // August, September
		months := steady(12, month(40000, 80000))
		for i := paysFrom; i < 12; i++ {
			months[i].Revenue = 99990 // short of its fair price by a little
		}
		c := newCompany()
		c.crowd(12)
		ref := c.add(clients.Client{}, months...)
		c.act(ref, "reprice", "2026-07-31")
		if _, all := c.decide(t); (all[ref].Verdict == PrepareToPart) != parting {
			t.Errorf("paying from the month %d on: %v", paysFrom+1, all[ref].Verdict)
		}
	}
}

// Where months are lacking, it is said how many, and what those so far point to.
func TestMoreMonths(t *testing.T) {
	c := newCompany()
	c.crowd(12)
	ref := c.add(clients.Client{}, steady(2, short)...)
	if _, all := c.decide(t); all[ref].Change != (Change{Lever: MoreMonths, Months: 1, To: Watch}) {
		t.Errorf("%+v", all[ref].Change)
	}
}

// What is said to change a verdict does change it.
func TestChangeLeadsWhereItSays(t *testing.T) {
	for _, m := range []costing.Month{short, month(100000, 90000), month(0, 50000), month(100000, 82000)} {
		c := newCompany()
		c.crowd(12)
		ref := c.add(clients.Client{}, steady(12, m)...)
		p, all := c.decide(t)
		change := all[ref].Change
		if !p.Clients[ref].Material || change.To.Short() || change.Lever == NoLever {
			t.Errorf("%+v: %v, change %+v", m, all[ref].Verdict, change)
			continue
		}
		again := newCompany()
		again.crowd(12)
		months := steady(12, m)
		for i := range months {
			switch change.Lever {
			case Price:
				months[i].Revenue += change.Amount
			case FewerHours:
				cut := money.Amount(change.Hours.Float() * 6000)
				months[i].Labour -= cut
				months[i].Hours -= change.Hours
			}
		}
		again.add(clients.Client{}, months...)
		if _, all := again.decide(t); all[ref].Verdict != change.To {
			t.Errorf("%+v: %+v leads to %v", m, change, all[ref].Verdict)
		}
	}
}

// Fewer own errors, credits among them, by what is said and not by a unit less,
// come first no more.
func TestFewerErrorsAreEnough(t *testing.T) {
	for _, m := range []costing.Month{
		{Revenue: 100000, Labour: 90000, LabourOwn: 15000, Hours: 1},
		{Revenue: 90000, OwnCredits: 10000, Labour: 90000, LabourOwn: 15000, Hours: 1},
		{Revenue: 95000, OwnCredits: 20000, Labour: 80000, Hours: 1},
	} {
		verdict := func(fewer money.Amount) (Verdict, Change) {
			c := newCompany()
			c.crowd(12)
			months := steady(12, m)
			at := &months[5] // whichever month it is
			credits := scale(fewer, int64(12*m.OwnCredits), int64(12*(m.LabourOwn+m.OwnCredits))).Value
			at.Revenue, at.OwnCredits = at.Revenue+credits, at.OwnCredits-credits
			at.Labour, at.LabourOwn = at.Labour-(fewer-credits), at.LabourOwn-(fewer-credits)
			ref := c.add(clients.Client{}, months...)
			_, all := c.decide(t)
			return all[ref].Verdict, all[ref].Change
		}
		v, change := verdict(0)
		if v != FixOurselves || change.Lever != OwnWork || change.To == FixOurselves {
			t.Errorf("%+v: %v, %+v", m, v, change)
			continue
		}
		if v, _ := verdict(change.Amount); v == FixOurselves {
			t.Errorf("%+v: fewer by %d is still %v", m, change.Amount, v)
		}
		if v, _ := verdict(change.Amount - 101); v != FixOurselves { // whole units are said
			t.Errorf("%+v: fewer by %d, less than was said, is %v", m, change.Amount-101, v)
		}
	}
}

// Fewer own errors of a client that is short as well only uncover that.
func TestFewerErrorsNameNoHarsherVerdict(t *testing.T) {
	for _, m := range []costing.Month{
		{Revenue: 40000, Labour: 80000, LabourOwn: 20000, Hours: 1},
		{Revenue: 35000, OwnCredits: 5000, Labour: 80000, LabourOwn: 20000, Hours: 1},
	} {
		c := newCompany()
		c.crowd(12)
		ref := c.add(clients.Client{}, steady(12, m)...)
		if _, all := c.decide(t); all[ref].Verdict != FixOurselves || all[ref].Change != (Change{}) {
			t.Errorf("%+v: %v, %+v", m, all[ref].Verdict, all[ref].Change)
		}
	}
}

// What is over cannot be changed, and what is not known is not mended by waiting.
func TestChangesThatWouldBeNone(t *testing.T) {
	c := newCompany()
	gone := c.add(clients.Client{}, append(steady(9, short), make([]costing.Month, 3)...)...)
	p, all := c.decide(t)
	if all[gone].Verdict != HasLeft || all[gone].Change != (Change{}) {
		t.Errorf("%v: %+v", all[gone].Verdict, all[gone].Change)
	}
	p.Clients[gone].Standing, p.Clients[gone].Unexplained = worth.Present, true
	if j := Decide(&c.facts, &c.costs, p, Defaults())[gone]; j.Verdict != NoVerdictYet || j.Change != (Change{Lever: OlderExports}) {
		t.Errorf("%v: %+v", j.Verdict, j.Change)
	}
}

// What was mended is said where it would otherwise come first, and a Watch says
// that the client is short too seldom.
func TestReasonsSayWhatDecided(t *testing.T) {
	c := newCompany()
	c.crowd(12)
	months := steady(12, month(100000, 75000))
	for i := range 4 {
		months[i].Labour += 20000
		months[i].LabourOwn = 20000
	}
	mended := c.add(clients.Client{}, months...)
	c.act(mended, "fixed", "2026-05-01")
	months = make([]costing.Month, 12) // at no cost that depends on a rate
	for i := range months {
		months[i] = costing.Month{Revenue: 100000, Direct: 79000}
	}
	for _, i := range []int{0, 3, 5, 8, 11} {
		months[i].Direct = 110000
	}
	seldom := c.add(clients.Client{}, months...)
	_, all := c.decide(t)
	if r := all[mended].Reasons; all[mended].Verdict != PaysForValue || !has(r, Mended) {
		t.Errorf("%v: %+v", all[mended].Verdict, r)
	}
	if r := all[seldom].Reasons; all[seldom].Verdict != Watch || !has(r, HowSure) || r[1] != (Reason{Kind: ShortSeldom, Count: 5, Of: 12, Limit: 6}) {
		t.Errorf("%v: %+v", all[seldom].Verdict, r)
	}
}

// Each client's own figures stand behind the reason, and hours are per month.
func TestReasonFigures(t *testing.T) {
	c := newCompany()
	c.crowd(12)
	ref := c.add(clients.Client{}, steady(12, short)...)
	p, all := c.decide(t)
	w, first := p.Clients[ref], all[ref].Reasons[0]
	if first.Kind != PaysAgainstFair || first.Amount != w.Revenue || first.Other != w.FairPrice || first.Share != 0.2 {
		t.Errorf("%+v", first)
	}
	if s := all[ref].Reasons[1]; s.Kind != ShortMonths || s.Count != 12 || s.Of != 12 {
		t.Errorf("%+v", s)
	}
}

// What is still short is said of the months since in the window, and since what had
// to be tried: mending errors that do not come first starts no new count.
func TestHistoryCountsTheMonthsItSums(t *testing.T) {
	for _, tt := range []struct {
		actions [][2]string
		months  int
	}{
		{[][2]string{{"reprice", "2024-02-10"}}, 12},
		{[][2]string{{"reprice", "2026-02-10"}}, 8},
		{[][2]string{{"reprice", "2026-02-10"}, {"fixed", "2026-10-05"}}, 8},
	} {
		c := newCompany()
		c.crowd(12)
		months := make([]costing.Month, 12)
		for i := range months {
			months[i] = month(40000, 80000) // 600.00 short a month
		}
		ref := c.add(clients.Client{}, months...)
		for _, a := range tt.actions {
			c.act(ref, a[0], a[1])
		}
		_, all := c.decide(t)
		want := Reason{Kind: StillShort, Amount: money.Amount(tt.months) * 60000, Count: tt.months}
		if j := all[ref]; j.Verdict != PrepareToPart || !slices.Contains(j.Reasons, want) {
			t.Errorf("%v: %v, %+v", tt.actions, j.Verdict, j.Reasons)
		}
	}
}

// A step that was taken already is said beside the verdict that asks for it, and
// what came of it: 600.00 short a month until a price of 1,050.00 in September, 50.00 above the fair one.
func TestStepTakenIsSaid(t *testing.T) {
	for _, tt := range []struct {
		kind, day string
		want      []Reason
	}{
		{"reprice", "2026-08-20", []Reason{{Kind: ShortNoMore, Count: 2}}},
		{"reprice", "2026-07-20", []Reason{{Kind: StillShort, Amount: 50000, Count: 3}}},
		{"reprice", "2026-05-20", []Reason{{Kind: StillShort, Amount: 170000, Count: 5}}},
		{"reprice", "2026-10-20", nil},
		{"limit", "2026-08-20", nil},
	} {
		c := newCompany()
		c.crowd(12)
		months := make([]costing.Month, 12)
		for i := range months {
			months[i] = month(40000, 80000)
		}
		months[10].Revenue, months[11].Revenue = 105000, 105000 // mended: no parting
		ref := c.add(clients.Client{}, months...)
		c.act(ref, tt.kind, tt.day)
		_, all := c.decide(t)
		j := all[ref]
		got := slices.DeleteFunc(slices.Clone(j.Reasons), func(r Reason) bool { return r.Kind != StillShort && r.Kind != ShortNoMore })
		if j.Verdict != Reprice || has(j.Reasons, Tried) != (tt.kind == "reprice") || !slices.Equal(got, tt.want) {
			t.Errorf("%s on %s: %v, %+v", tt.kind, tt.day, j.Verdict, j.Reasons)
		}
	}
}

// Revenue that goes up by cents is no growth: 0.20 a month on 400.00 are 2.40 in a
// year, less than 1 % of a month. 0.40 are more.
func TestCentsAreNoGrowth(t *testing.T) {
	for rise, want := range map[money.Amount]Verdict{20: Reprice, 40: InvestKnowingly} {
		c := newCompany()
		c.crowd(12)
		months := make([]costing.Month, 12)
		for i := range months {
			months[i] = month(40000+rise*money.Amount(i), 80000)
		}
		ref := c.add(clients.Client{}, months...)
		_, all := c.decide(t)
		if j := all[ref]; j.Verdict != want {
			t.Errorf("%d minor units a month: %v, %+v", rise, j.Verdict, j.Reasons)
		}
	}
}

// What is said in whole units, and in tenths of an hour, is enough as it is said.
func TestChangeIsEnoughAsItIsSaid(t *testing.T) {
	for _, m := range []costing.Month{short, month(79967, 80003), month(77777, 99991), month(31234, 31999)} {
		c := newCompany()
		c.crowd(12)
		ref := c.add(clients.Client{}, steady(12, m)...)
		_, all := c.decide(t)
		if change := all[ref].Change; change.Lever == NoLever || change.Amount%100 != 0 || change.Hours%(measure.Million/10) != 0 {
			t.Errorf("%+v: %+v", m, change)
		}
	}
}

// Fewer hours bring fewer tickets, and less value beyond the plan: the verdict that
// they lead to is the one that follows.
func TestFewerHoursAreFewerTicketsAndLessValue(t *testing.T) {
	served := func(hours measure.Hours) costing.Month { // 5 hours are included, and others listed at 200.00
		m := month(40000, money.Amount(hours.Float()*6000))
		m.List, m.ListKnown, m.GivenKnown = 30000, true, true
		m.Given = money.Amount(max(0, hours.Float()-5) * 20000)
		return m
	}
	asking := func(hours measure.Hours) costing.Month { // two tickets an hour
		m := month(40000, money.Amount(hours.Float()*6000))
		m.Tickets = int64(hours.Float() * 20)
		return m
	}
	for _, tt := range []struct {
		of   func(measure.Hours) costing.Month
		want Verdict
	}{{served, PaysForValue}, {asking, PaysForValue}} {
		verdict := func(hours measure.Hours) (Verdict, Change) {
			c := newCompany()
			c.crowd(12)
			for i := range c.costs.Clients {
				for j := range c.costs.Clients[i].Months {
					c.costs.Clients[i].Months[j].Tickets = 120
				}
			}
			months := make([]costing.Month, 12)
			for i := range months {
				months[i] = tt.of(hours)
			}
			ref := c.add(clients.Client{PlanHours: measure.Some[measure.Hours](5 * measure.Million)}, months...)
			_, all := c.decide(t)
			return all[ref].Verdict, all[ref].Change
		}
		before := measure.Hours(20 * measure.Million / 3)
		v, change := verdict(before)
		if v != Reprice && v != LimitSupport || change.Lever != FewerHours || change.To != tt.want {
			t.Errorf("%v, %+v", v, change)
		}
		if after, _ := verdict(before - change.Hours); after != tt.want {
			t.Errorf("%+v leads to %v", change, after)
		}
	}
}

// With our own errors their hours go: a client that needs most hours because of
// them is not demanding.
func TestFewerErrorsAreFewerHours(t *testing.T) {
	verdict := func(own money.Amount) (Verdict, Change) {
		c := newCompany()
		c.crowd(12)
		m := month(100000, 65000+own)
		m.LabourOwn, m.HoursOwn = own, measure.Hours(own)*measure.Million/6000
		ref := c.add(clients.Client{}, slices.Repeat([]costing.Month{m}, 12)...)
		_, all := c.decide(t)
		return all[ref].Verdict, all[ref].Change
	}
	v, change := verdict(25000)
	if v != FixOurselves || change.Lever != OwnWork {
		t.Fatalf("%v, %+v", v, change)
	}
	if after, _ := verdict(25000 - change.Amount/12 - 1); after != change.To {
		t.Errorf("%+v leads to %v", change, after)
	}
}

// What a client pays or asks for moves no verdict on conduct.
func TestConductHasNoPrice(t *testing.T) {
	c := newCompany()
	c.crowd(12)
	ref := c.add(clients.Client{}, steady(12, short)...)
	c.facts.Incidents = append(c.facts.Incidents, facts.Incident{Client: ref, Day: october.First(), Kind: "abuse", RedLine: true})
	if _, all := c.decide(t); all[ref].Verdict != Conduct || all[ref].Economic != Reprice || all[ref].Change != (Change{}) {
		t.Errorf("%v, %v: %+v", all[ref].Verdict, all[ref].Economic, all[ref].Change)
	}
}

// The quiet months are those that there were, and who was billed and credited does
// not simply pay nothing.
func TestQuietMonthsAndCreditedInvoices(t *testing.T) {
	c := newCompany()
	c.crowd(12)
	quiet := c.add(clients.Client{}, append(steady(7, short), make([]costing.Month, 5)...)...)
	credited := steady(12, month(0, 80000))
	credited[3].Revenue, credited[5].Revenue = 100000, -100000
	back := c.add(clients.Client{}, credited...)
	never := steady(12, month(0, 80000))
	for i := range never {
		never[i].Lines, never[i].Documents = 0, 0
	}
	nothing := c.add(clients.Client{}, never...)
	_, all := c.decide(t)
	if r := all[quiet].Reasons; len(r) != 1 || r[0] != (Reason{Kind: Quiet, Count: 5}) {
		t.Errorf("%+v", r)
	}
	if r := all[back].Reasons; r[0].Kind != NothingLeft || has(r, NoRevenue) {
		t.Errorf("%+v", r)
	}
	if r := all[nothing].Reasons; r[0].Kind != NoRevenue {
		t.Errorf("%+v", r)
	}
}
