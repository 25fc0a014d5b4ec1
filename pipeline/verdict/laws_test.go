package verdict

import (
	"slices"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/worth"

	"pgregory.net/rapid"
)

// harshness orders verdicts by how hard they are on the client. Mending our own
// errors and saying nothing are not hard on it; watching and investing wait.
func harshness(v Verdict) int {
	switch v {
	case Watch, InvestKnowingly:
		return 1
	case AgreeScope, LimitSupport, Reprice:
		return 2
	case KeepDoNotExpand:
		return 3
	case PrepareToPart:
		return 4
	}
	return 0
}

// history draws the months of a client around some level.
func history(n int) *rapid.Generator[[]costing.Month] {
	return rapid.Custom(func(t *rapid.T) []costing.Month {
		revenue := money.Amount(rapid.IntRange(0, 300_000).Draw(t, "revenue"))
		level := rapid.IntRange(0, 300_000).Draw(t, "labour")
		spread := rapid.IntRange(1, 100_000).Draw(t, "spread")
		errs := rapid.SampledFrom([]int{0, 0, 0, 5, 30}).Draw(t, "own errors in per cent")
		months := make([]costing.Month, n)
		for i := range months {
			labour := money.Amount(max(0, level+rapid.IntRange(-spread, spread).Draw(t, "month")))
			months[i] = month(revenue, labour)
			months[i].Revenue += money.Amount(rapid.IntRange(-2, 2).Draw(t, "change") * spread / 10)
			months[i].LabourOwn = labour * money.Amount(errs) / 100
			caused := labour - months[i].LabourOwn
			months[i].OutOfScope = caused * money.Amount(rapid.IntRange(0, 3).Draw(t, "out of scope")) / 4
			months[i].AbovePlan = caused * money.Amount(rapid.IntRange(0, 3).Draw(t, "above plan")) / 4
			months[i].Tickets = int64(rapid.IntRange(0, 9).Draw(t, "tickets"))
			if credit := money.Amount(rapid.SampledFrom([]int{0, 0, 0, 20_000}).Draw(t, "credit for our error")); credit > 0 {
				months[i].Revenue, months[i].OwnCredits = months[i].Revenue-credit, credit
			}
		}
		return months
	})
}

// firm draws a company of up to 16 clients with all that a verdict looks at.
func firm(t *rapid.T) *company {
	c := newCompany()
	for range rapid.IntRange(1, 16).Draw(t, "clients") {
		n := rapid.IntRange(1, 12).Draw(t, "months")
		who := clients.Client{
			Strategic: rapid.Bool().Draw(t, "strategic"), Referrer: rapid.Bool().Draw(t, "referrer"),
			ExceptionOwner: rapid.SampledFrom([]string{"", "A. Owner"}).Draw(t, "owner"),
			ExceptionUntil: october.Last() + period.Day(rapid.IntRange(-40, 40).Draw(t, "until")),
		}
		ref := c.add(who, history(n).Draw(t, "history")...)
		for _, kind := range []string{"fixed", "limit", "reprice", "scope"} {
			if rapid.Bool().Draw(t, kind) {
				day := october.Last() - period.Day(rapid.IntRange(0, 300).Draw(t, "days ago"))
				c.facts.Actions = append(c.facts.Actions, facts.Action{Client: ref, Day: day, Kind: kind})
			}
		}
	}
	slices.SortFunc(c.facts.Actions, func(a, b facts.Action) int {
		if a.Client != b.Client {
			return int(a.Client - b.Client)
		}
		return int(a.Day - b.Day)
	})
	return c
}

// quick are the defaults without draws: ranks decide no verdict.
func quick() worth.Options {
	o := worth.Defaults()
	o.Draws = 0
	return o
}

func (c *company) decideQuickly(t rapid.TB) (*worth.Portfolio, []Judgement) {
	p, err := worth.Assess(&c.facts, &c.costs, quick())
	if err != nil {
		t.Fatal(err)
	}
	return p, Decide(&c.facts, &c.costs, p, Defaults())
}

// No verdict can be reached that its figures or its reasons contradict.
func TestVerdictsAgreeWithTheirFigures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := firm(t)
		p, all := c.decideQuickly(t)
		for _, j := range all {
			w, who := &p.Clients[j.Client], &c.facts.Clients[j.Client]
			fail := func(why string) { t.Fatalf("%v although %s: %+v\n%+v", j.Verdict, why, j.Reasons, w) }
			if j.Verdict.Short() && !w.Material {
				fail("no shortfall is material")
			}
			if j.Verdict.Pays() && w.Material {
				fail("the shortfall is material")
			}
			if w.MonthsObserved < 3 && harshness(j.Verdict) > 0 {
				fail("fewer than three months were observed")
			}
			if w.FairPrice <= w.Revenue && harshness(j.Verdict) > 0 {
				fail("the fair price is paid")
			}
			if harshness(j.Verdict) > 1 && !(w.PUnderpaying.Value >= 0.8 && 2*w.MonthsUnderpaying >= w.MonthsObserved) {
				fail("it is not sure")
			}
			if j.Verdict == FixOurselves && w.OwnError+w.OwnCredits <= 0 {
				fail("there are no own errors")
			}
			if j.Verdict == InvestKnowingly && !has(j.Reasons, Excepted) && !has(j.Reasons, Rising) {
				fail("nobody answers for it and nothing rises")
			}
			if has(j.Reasons, Excepted) && (who.ExceptionOwner == "" || who.ExceptionUntil < october.Last()) {
				fail("the exception does not hold")
			}
			if j.Verdict == PrepareToPart && (w.AvoidableMargin > 0 || !has(j.Reasons, Tried)) {
				fail("parting costs money, or nothing was tried")
			}
			if j.Verdict == AgreeScope && 2*w.OutOfScope < w.Shortfall || j.Verdict == LimitSupport && 2*w.AbovePlan < w.Shortfall {
				fail("the remedy does not fit")
			}
			if len(j.Reasons) == 0 {
				fail("no reason is given")
			}
		}
	})
}

// speaks are the verdicts that a reason can stand beside, where not all.
var speaks = map[ReasonKind][]Verdict{
	PaysFor:         {FixOurselves, DemandingWorthIt, ExplainDiscount, PaysForValue},
	SmallShortfall:  {FixOurselves, DemandingWorthIt, ExplainDiscount, PaysForValue},
	PaysAgainstFair: {FixOurselves, Watch, InvestKnowingly, PrepareToPart, KeepDoNotExpand, AgreeScope, LimitSupport, Reprice},
	NoRevenue:       {FixOurselves, Watch, InvestKnowingly, PrepareToPart, KeepDoNotExpand, AgreeScope, LimitSupport, Reprice},
	NothingLeft:     {FixOurselves, Watch, InvestKnowingly, PrepareToPart, KeepDoNotExpand, AgreeScope, LimitSupport, Reprice},
	HowSure:         {Watch, InvestKnowingly, PrepareToPart, KeepDoNotExpand, AgreeScope, LimitSupport, Reprice},
	NotSure:         {Watch}, Untested: {Watch}, OnChoices: {Watch}, ShortSeldom: {Watch}, MightRise: {Watch},
	OutOfScope:   {AgreeScope},
	AbovePlan:    {AgreeScope, LimitSupport}, // the scope comes first
	OwnErrors:    {FixOurselves},
	LeavingSaves: {PrepareToPart}, LeavingCosts: {KeepDoNotExpand},
	PaysWell: {LookAfter}, PaysAboveValue: {LookAfter}, ValueAbove: {ExplainDiscount},
	FewMonths: {NoVerdictYet}, UnexplainedMonths: {NoVerdictYet},
	Excepted: {InvestKnowingly}, Rising: {InvestKnowingly},
}

// needs are the reasons of which a verdict must give one.
var needs = map[Verdict][]ReasonKind{
	NoVerdictYet: {FewMonths, UnexplainedMonths}, FixOurselves: {OwnErrors}, DemandingWorthIt: {EffortHours, EffortTickets, EffortBoth},
	LookAfter: {PaysWell, PaysAboveValue}, ExplainDiscount: {ValueAbove}, PaysForValue: {PaysFor, SmallShortfall, MoreCredits},
	Watch: {NotSure, Untested, OnChoices, ShortSeldom, MightRise}, InvestKnowingly: {Excepted, Rising},
	PrepareToPart: {LeavingSaves}, KeepDoNotExpand: {LeavingCosts}, AgreeScope: {OutOfScope}, LimitSupport: {AbovePlan},
	Reprice: {PaysAgainstFair, NoRevenue, NothingLeft, MoreCredits},
}

// No verdict stands beside a reason that speaks for another, and each gives the
// reason that made it.
func TestVerdictsAgreeWithTheirReasons(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := firm(t)
		p, all := c.decideQuickly(t)
		for _, j := range all {
			if j.Verdict == HasLeft || j.Verdict == NoActivity {
				continue
			}
			given := false
			for _, r := range j.Reasons {
				if of := speaks[r.Kind]; of != nil && !slices.Contains(of, j.Verdict) {
					t.Fatalf("%v beside the reason %+v\n%+v", j.Verdict, r, p.Clients[j.Client])
				}
				given = given || slices.Contains(needs[j.Verdict], r.Kind)
			}
			if !given {
				t.Fatalf("%v for no reason of its own: %+v\n%+v", j.Verdict, j.Reasons, p.Clients[j.Client])
			}
			if mended := has(j.Reasons, Mended); mended && !slices.ContainsFunc(c.facts.Actions, func(a facts.Action) bool { return a.Client == j.Client && a.Kind == "fixed" }) {
				t.Fatalf("mended by nothing: %+v", j.Reasons)
			}
		}
	})
}

// Own errors alone never make a client the problem: with its own cost paid for,
// no errors on top of it make the verdict harder on it.
func TestOwnErrorsAreNotTheClients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := firm(t)
		_, without := c.decideQuickly(t)
		months := c.costs.Clients[0].Months
		for i := range months {
			own := money.Amount(rapid.IntRange(0, 200_000).Draw(t, "own error"))
			months[i].Labour += own
			months[i].LabourOwn += own
			credit := money.Amount(rapid.IntRange(0, 50_000).Draw(t, "credit for our error"))
			months[i].Revenue -= credit
			months[i].OwnCredits += credit
		}
		_, with := c.decideQuickly(t)
		if harshness(with[0].Verdict) > harshness(without[0].Verdict) {
			t.Fatalf("%v without more own errors, %v with them", without[0].Verdict, with[0].Verdict)
		}
	})
}

// Less data never makes a verdict harsher: of two clients with the same
// distribution of months, the one with the shorter history fares no worse.
func TestLessDataIsNeverHarsher(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := firm(t)
		n := rapid.IntRange(3, 6).Draw(t, "short history")
		few := history(n).Draw(t, "months")
		var many []costing.Month
		if rapid.Bool().Draw(t, "each month several times in a row") {
			for _, m := range few {
				for range 12 / n {
					many = append(many, m)
				}
			}
		} else {
			for range 12 / n {
				many = append(many, few...)
			}
		}
		short, long := c.add(clients.Client{}, few...), c.add(clients.Client{}, many...)
		p, all := c.decideQuickly(t)
		if a, b := all[short].Verdict, all[long].Verdict; harshness(a) > harshness(b) {
			t.Fatalf("%v after %d months, %v after %d\n%+v\n%+v", a, len(few), b, len(many), p.Clients[short], p.Clients[long])
		}
		if n := rapid.IntRange(1, 2).Draw(t, "hardly any"); true {
			tiny := c.add(clients.Client{}, few[:n]...)
			if _, all := c.decideQuickly(t); all[tiny].Verdict != NoVerdictYet && all[tiny].Verdict != HasLeft && all[tiny].Verdict != NoActivity {
				t.Fatalf("%v after %d months", all[tiny].Verdict, n)
			}
		}
	})
}

// A demanding client that pays its fair price never gets a verdict of the second
// half, however many its tickets.
func TestDemandingIsNoFault(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := firm(t)
		months := history(12).Draw(t, "months")
		for i := range months {
			months[i].Tickets = 1000
			months[i].Revenue = max(months[i].Revenue, months[i].Labour*10/8+1)
		}
		ref := c.add(clients.Client{}, months...)
		if _, all := c.decideQuickly(t); harshness(all[ref].Verdict) > 0 {
			t.Fatalf("%v", all[ref].Verdict)
		}
	})
}

// times multiplies all money.
func (c *company) times(n money.Amount) {
	for i := range c.costs.Clients {
		for m := range c.costs.Clients[i].Months {
			x := &c.costs.Clients[i].Months[m]
			for _, a := range []*money.Amount{&x.Revenue, &x.OwnCredits, &x.Labour, &x.LabourOwn, &x.OutOfScope, &x.AbovePlan} {
				*a *= n
			}
		}
	}
	for i := range c.costs.Work {
		c.costs.Work[i] *= n
	}
}

// Doubling all money, thresholds too, changes no verdict and no rank.
func TestDoublingAllMoney(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := firm(t)
		c.times(4) // whole cents stay whole at a margin of 20 %
		p, all := c.decideQuickly(t)
		c.times(2)
		o := quick()
		o.MaterialAmount = o.MaterialAmount.Add(o.MaterialAmount)
		q, err := worth.Assess(&c.facts, &c.costs, o)
		if err != nil {
			t.Fatal(err)
		}
		for i, j := range Decide(&c.facts, &c.costs, q, Defaults()) {
			a, b := &p.Clients[i], &q.Clients[i]
			if j.Verdict != all[i].Verdict || a.Rank != b.Rank || b.Margin != 2*a.Margin {
				t.Fatalf("client %d: %v and rank %d became %v and rank %d\n%+v\n%+v", i, all[i].Verdict, a.Rank, j.Verdict, b.Rank, a, b)
			}
		}
	})
}
