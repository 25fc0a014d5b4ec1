package worth

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"

	"pgregory.net/rapid"
)

// The window's answer to no question is the published one, and the mirror of it:
// the uplift that is needed leaves no shortfall.
func TestWhatIf(t *testing.T) {
	c := crowd(30)
	p := c.assess(t, Defaults())
	for i := range p.Clients {
		w := &p.Clients[i]
		o, err := p.Materiality.WhatIf(w, Scenario{})
		if err != nil {
			t.Fatal(err)
		}
		want := Outcome{
			Revenue: w.Revenue, Cost: w.Cost, Margin: w.Margin, MarginPct: w.MarginPct, FairPrice: w.FairPrice,
			Gap: w.Gap, Shortfall: w.Shortfall, Material: w.Material, Uplift: w.Uplift,
			AvoidableMargin: w.AvoidableMargin, BreakevenLoss: w.BreakevenLoss, Expected: measure.Some[money.Amount](0),
		}
		if o != want {
			t.Errorf("%+v, want %+v", o, want)
		}
	}
}

// By hand: R 1,000.00, all labour, 900.00 caused, 20 %. At 25 % and 10 % more
// paid: F = 900 / 0.75 = 1,200.00, G = 100.00. Labour 10 % dearer: F = 990 / 0.75
// = 1,320.00. Half of the labour avoidable: A = 1,100 - 495 = 605.00; asking with
// a tenth of a chance of leaving: 0.9 x 100.00 - 0.1 x 505.00 = 39.50.
func TestWhatIfByHand(t *testing.T) {
	c := companyOf(1)
	c.add(clients.Client{}, 0, costing.Month{Revenue: 100000, Labour: 90000, Hours: 1})
	p := c.assess(t, Defaults())
	s := Scenario{Target: measure.Some[measure.Share](25 * percent), Uplift: 10 * percent}
	o, err := p.Materiality.WhatIf(&p.Clients[0], s)
	if err != nil || o.FairPrice != 120000 || o.Gap != 10000 || o.Revenue != 110000 || o.Margin != 20000 {
		t.Errorf("%+v, %v", o, err)
	}
	s.Labour, s.Avoidable[0], s.Leaving = 10*percent, measure.Some[measure.Share](50*percent), 10*percent
	o, err = p.Materiality.WhatIf(&p.Clients[0], s)
	if err != nil || o.FairPrice != 132000 || o.Cost != 99000 || o.AvoidableMargin != 60500 || o.Expected != measure.Some[money.Amount](3950) {
		t.Errorf("%+v, %v", o, err)
	}
	if _, err := p.Materiality.WhatIf(&p.Clients[0], Scenario{Target: measure.Some[measure.Share](measure.Million)}); err == nil {
		t.Error("a target of 100 % was accepted")
	}
}

// Dearer labour is dearer for our own errors, too: by hand, 450.00 of 1,500.00 are
// their cost. 10 % more: C = 1,650.00, F = (1,050 + 105) / 0.8 = 1,443.75.
func TestDearerLabourWithOwnErrors(t *testing.T) {
	c := companyOf(1)
	c.add(clients.Client{}, 0, costing.Month{Revenue: 160000, Labour: 150000, LabourOwn: 45000, Hours: 1})
	p := c.assess(t, Defaults())
	o, err := p.Materiality.WhatIf(&p.Clients[0], Scenario{Labour: 10 * percent})
	if err != nil || o.Cost != 165000 || o.Margin != -5000 || o.FairPrice != 144375 {
		t.Errorf("%+v, %v", o, err)
	}
}

// A client whose shortfall comes of a pool by hours, and goes with any other
// driver: one variant of four agrees (hours is the baseline, and moves nothing).
func TestStability(t *testing.T) {
	c := companyOf(3)
	f := &c.facts
	f.Pools = []string{"tools"}
	rate := measure.Some(money.Units(1))
	f.Rates = []facts.Rate{{Hourly: rate}}
	for i, hours := range []measure.Hours{90, 10} {
		f.Clients = append(f.Clients, clients.Client{ID: clients.ID(fmt.Sprint("c", i))})
		f.Activity = append(f.Activity, facts.Activity{Client: clients.Ref(i), First: f.Window.First, FirstBilled: f.Window.First, Last: f.Window.Last})
		for m := f.Window.First; m <= f.Window.Last; m++ {
			f.Revenue = append(f.Revenue, facts.Revenue{Client: clients.Ref(i), Month: m, Amount: money.Units(1000), Lines: 1})
			f.Work = append(f.Work, facts.Work{Client: clients.Ref(i), Month: m, Hours: hours * measure.Million, Entries: 1})
			f.Counts = append(f.Counts, facts.Count{Client: clients.Ref(i), Month: m, Documents: 1, Tickets: int64(1 + i)})
		}
	}
	for m := f.Window.First; m <= f.Window.Last; m++ {
		f.PoolCosts = append(f.PoolCosts, facts.PoolCost{Month: m, Amount: money.Units(1400), Driver: facts.ByHours})
	}
	costs, err := costing.Compute(f, costing.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c.costs = *costs
	p := c.assess(t, Defaults())
	// By hours the first bears 1,260 + 90 of 1,000 paid: short. By tickets (1:2) 467,
	// by revenue and by clients 700 each: 790 / 0.8 = 987.50, not short.
	if w := p.Clients[0]; !w.Material || w.Stability != measure.Some(0.0) {
		t.Errorf("first: material %v, stability %v", w.Material, w.Stability)
	}
	// The second is not short by hours, and by tickets bears 933 + 10: short.
	if w := p.Clients[1]; w.Material || math.Abs(w.Stability.Value-2.0/3) > 1e-9 {
		t.Errorf("second: material %v, stability %v", w.Material, w.Stability)
	}
}

// Without pools, capacity or service periods there is nothing to test.
func TestStabilityNotTested(t *testing.T) {
	p := crowd(3).assess(t, Defaults())
	if p.Clients[0].Stability.Known {
		t.Errorf("%v", p.Clients[0].Stability)
	}
}

// A yearly invoice that may be older than the exports explains months without
// revenue; one that the exports would show does not.
func TestBilledBeforeTheExports(t *testing.T) {
	for _, tt := range []struct {
		name  string
		begin int // months before the window in which another client was first billed
		want  bool
	}{{"exports begin with the window", 0, true}, {"a year more of exports", 14, false}} {
		c := companyOf(12)
		other := c.add(clients.Client{}, 0, crowd(1).costs.Clients[0].Months...)
		c.facts.Activity[other].FirstBilled -= period.Month(tt.begin)
		c.facts.Activity[other].First -= period.Month(tt.begin)
		months := make([]costing.Month, 12)
		for i := range months {
			months[i] = costing.Month{Labour: 5000, Hours: 1}
			if i >= 4 {
				months[i].Revenue = 10000
			}
		}
		ref := c.add(clients.Client{}, 0, months...)
		first := c.facts.Window.At(4)
		c.facts.Activity[ref].FirstBilled = first
		for i := range 8 {
			c.facts.Revenue = append(c.facts.Revenue, facts.Revenue{Client: ref, Month: first + period.Month(i), Amount: money.Units(100)})
		}
		c.facts.ByDocument = []facts.Revenue{{Client: ref, Month: first, Amount: money.Units(1200)}}
		p := &Portfolio{Options: Defaults(), Clients: make([]Client, 2), Findings: &finding.Log{}}
		for i, o := range costing.ObservedMonths(&c.facts) {
			p.Clients[i].Client = clients.Ref(i)
			p.Clients[i].FirstObserved, p.Clients[i].MonthsObserved = o.From, o.Len()
		}
		explain(p, &c.facts, &c.costs)
		if got := p.Clients[ref].Unexplained; got != tt.want || p.Findings.Total(ruleUnexplained).Count > 0 != tt.want {
			t.Errorf("%s: unexplained %v", tt.name, got)
		}
	}
}

// The year that a client renews in the period lies after the window, but for a
// month: that it is billed ahead shows all the same.
func TestRenewedInThePeriod(t *testing.T) {
	c := companyOf(12)
	c.add(clients.Client{}, 0, crowd(1).costs.Clients[0].Months...)
	months := slices.Repeat([]costing.Month{{Labour: 5000, Hours: 1}}, 12)
	months[11].Revenue = 10000
	ref := c.add(clients.Client{}, 0, months...)
	last := c.facts.Window.Last
	c.facts.Activity[ref].FirstBilled = last
	c.facts.Revenue = []facts.Revenue{{Client: ref, Month: last, Amount: money.Units(100)}}
	c.facts.ByDocument = []facts.Revenue{{Client: ref, Month: last, Amount: money.Units(1200)}}
	c.facts.Owed = []facts.Owed{{Client: clients.Unmapped, Month: last + 1, Amount: money.Units(5)}}
	for i := range 11 {
		c.facts.Owed = append(c.facts.Owed, facts.Owed{Client: ref, Month: last + 1 + period.Month(i), Amount: money.Units(100)})
	}
	p := &Portfolio{Options: Defaults(), Clients: make([]Client, 2), Findings: &finding.Log{}}
	p.Clients[ref].Client, p.Clients[ref].MonthsObserved = ref, 12
	explain(p, &c.facts, &c.costs)
	if !p.Clients[ref].Unexplained {
		t.Error("eleven months without revenue, paid a year ahead, count as not paid")
	}
}

// Where nobody was billed before the last months, who was served before may have paid; a
// month or two may be between work and invoice.
func TestBillingBeginsLate(t *testing.T) {
	for begin, want := range map[int]bool{2: false, 3: true, 9: true} {
		c := companyOf(12)
		months := make([]costing.Month, 12)
		for i := range months {
			months[i] = costing.Month{Labour: 5000, Hours: 1}
			if i >= begin {
				months[i].Revenue = 10000
			}
		}
		paying, never := c.add(clients.Client{}, 0, months...), c.add(clients.Client{}, 0, slices.Repeat(months[:1], 12)...)
		c.facts.Activity[paying].FirstBilled, c.facts.Activity[never].FirstBilled = c.facts.Window.At(begin), 0
		p := &Portfolio{Options: Defaults(), Clients: make([]Client, 2), Findings: &finding.Log{}}
		for i := range p.Clients {
			p.Clients[i].Client, p.Clients[i].MonthsObserved = clients.Ref(i), 12
		}
		explain(p, &c.facts, &c.costs)
		if got := p.Clients[paying].Unexplained; got != want {
			t.Errorf("billing begins in month %d: unexplained %v", begin, got)
		}
		if p.Clients[never].Unexplained {
			t.Error("who has not paid since either is unexplained")
		}
	}
}

func TestParentsConcentrationAndGroups(t *testing.T) {
	c := companyOf(3)
	pay := func(revenue, cost money.Amount) []costing.Month {
		m := costing.Month{Revenue: revenue, Direct: cost}
		return []costing.Month{m, m, m}
	}
	region := func(v string) []clients.Attribute { return []clients.Attribute{{Name: "region", Value: v}} }
	a := c.add(clients.Client{ID: "a", Name: "A", Parent: "p", Attributes: region("north")}, 0, pay(100000, 90000)...)
	b := c.add(clients.Client{ID: "b", Name: "B", Parent: "p", Attributes: region("south")}, 0, pay(100000, 60000)...)
	d := c.add(clients.Client{ID: "d", Name: "D", Attributes: region("north")}, 0, pay(50000, 50000)...)
	o := Defaults()
	o.ByParent = true
	p := c.assess(t, o)
	// p: 6,000.00 paid, 4,500.00 / 0.8 = 5,625.00 fair: what A is short, B makes good.
	if len(p.Parents) != 2 || p.Parents[0].ID != "d" || p.Parents[1].ID != "p" || p.Parents[1].Sum.Shortfall != 0 || p.Parents[1].Sum.Gap != -37500 {
		t.Fatalf("%+v", p.Parents)
	}
	if p.Clients[d].Rank != 1 || p.Clients[a].Rank != 0 || p.Clients[a].Shortfall != 37500 {
		t.Errorf("%+v", p.Clients)
	}
	if p.Order[0] != d || p.Order[1] != a || p.Order[2] != b {
		t.Errorf("order %v", p.Order)
	}
	// Of 7,500.00: 40, 40, 20 %; 1 / (0.16 + 0.16 + 0.04) = 2.78.
	if k := p.Concentration; k.Top1.Value != 0.4 || k.Top5.Value != 1 || math.Abs(k.Effective.Value-1/0.36) > 1e-9 || k.Largest[0] != a {
		t.Errorf("%+v", k)
	}
	if g := p.Ideal; len(g) != 2 || g[0].Value != "north" || g[0].Clients != 2 || g[0].Short != 2 || g[1].Underpaying.Value != 0 || g[0].HoursPerTicket.Known {
		t.Errorf("%+v", g)
	}
}

// A client that has left counts for its parent, and stands last without a rank,
// as it does among clients. What a parent's clients would rank by themselves is
// no interval of the parent's rank.
func TestWhoLeftHasNoParentsRank(t *testing.T) {
	c := companyOf(3)
	months := func(labour money.Amount) []costing.Month {
		return []costing.Month{{Revenue: 100000, Labour: labour, Hours: 1}, {Revenue: 90000, Labour: labour, Hours: 1}, {Revenue: 110000, Labour: labour, Hours: 1}}
	}
	gone := c.add(clients.Client{ID: "a", Parent: "p", ContractEnd: c.facts.Window.Last.Last()}, 0, months(300000)...)
	there := c.add(clients.Client{ID: "b", Parent: "p"}, 0, months(200000)...)
	other := c.add(clients.Client{ID: "c"}, 0, months(100000)...)
	o := Defaults()
	o.ByParent = true
	p := c.assess(t, o)
	if got := p.Parents[0].Sum.Gap; got != p.Clients[gone].Gap+p.Clients[there].Gap {
		t.Errorf("the parent's gap is %d", got)
	}
	if p.Clients[gone].Rank != 0 || p.Clients[there].Rank != 1 || p.Clients[other].Rank != 2 {
		t.Errorf("ranks %d, %d, %d", p.Clients[gone].Rank, p.Clients[there].Rank, p.Clients[other].Rank)
	}
	if want := []clients.Ref{there, other, gone}; !slices.Equal(p.Order, want) {
		t.Errorf("order %v, want %v", p.Order, want)
	}
	if w := p.Clients[there]; !w.GapLow.Known || w.RankLow.Known {
		t.Errorf("gap from %v, rank from %v", w.GapLow, w.RankLow)
	}
}

// Conservation: whatever the order of the clients, the total is their sum, and a
// split of one client's months in two changes no total.
func TestOrderChangesNoTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var months []costing.Month
		for range 8 {
			months = append(months, costing.Month{
				Revenue: money.Amount(rapid.IntRange(-1000, 100000).Draw(t, "revenue")),
				Direct:  money.Amount(rapid.IntRange(0, 100000).Draw(t, "direct")),
			})
		}
		there, back := companyOf(1), companyOf(1)
		for i := range months {
			there.add(clients.Client{}, 0, months[i])
			back.add(clients.Client{}, 0, months[len(months)-1-i])
		}
		o := Defaults()
		o.Draws = 0
		a, b := there.assess(t, o), back.assess(t, o)
		if a.Total != b.Total {
			t.Fatalf("%+v\n%+v", a.Total, b.Total)
		}
		n := len(a.Whale.Cumulative)
		if n > 0 && (a.Whale.Cumulative[n-1] != a.Total.Margin || a.Whale.Cumulative[n-1] != b.Whale.Cumulative[len(b.Whale.Cumulative)-1]) {
			t.Fatalf("whale %v, total margin %d", a.Whale.Cumulative, a.Total.Margin)
		}
		for i := 1; i < len(a.Order); i++ {
			x, y := &a.Clients[a.Order[i-1]], &a.Clients[a.Order[i]]
			if x.here() == y.here() && (x.Shortfall < y.Shortfall || x.Shortfall == y.Shortfall && x.Margin > y.Margin) {
				t.Fatalf("%d stands before %d", x.Client, y.Client)
			}
		}
	})
}
