package worth

import (
	"fmt"
	"slices"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"

	"pgregory.net/rapid"
)

// company is a set of clients with their months, as literals.
type company struct {
	facts facts.Facts
	costs costing.Costs
}

func companyOf(months int) *company {
	euro, _ := money.CurrencyOf("EUR")
	w := period.WindowTo(period.MonthOf(2026, 10), months)
	return &company{
		facts: facts.Facts{Currency: euro, Window: w, Roles: []string{"support"}},
		costs: costing.Costs{Currency: euro, Window: w},
	}
}

// add adds a client that is known since the given position in the window.
func (c *company) add(who clients.Client, since int, months ...costing.Month) clients.Ref {
	ref := clients.Ref(len(c.facts.Clients))
	if who.ID == "" {
		who.ID = clients.ID(fmt.Sprint("c", ref))
	}
	c.facts.Clients = append(c.facts.Clients, who)
	all := make([]costing.Month, c.facts.Window.Len())
	copy(all[since:], months)
	c.costs.Clients = append(c.costs.Clients, costing.Client{Months: all})
	if len(months) > 0 {
		first := c.facts.Window.At(since)
		c.facts.Activity = append(c.facts.Activity, facts.Activity{
			Client: ref, First: first, FirstBilled: first, Last: first + period.Month(len(months)) - 1,
		})
	}
	for i, m := range months {
		if m.Labour == 0 {
			continue
		}
		for _, part := range []struct {
			cause  facts.Cause
			amount money.Amount
		}{{facts.OtherCause, m.Labour - m.LabourOwn}, {facts.OwnError, m.LabourOwn}} {
			c.facts.Work = append(c.facts.Work, facts.Work{Client: ref, Month: c.facts.Window.At(since + i), Cause: part.cause})
			c.costs.Work = append(c.costs.Work, part.amount)
		}
	}
	return ref
}

func (c *company) assess(t rapid.TB, o Options) *Portfolio {
	t.Helper()
	p, err := Assess(&c.facts, &c.costs, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Three clients over three months, in cents, target margin 20 %.
//
// A pays 1,000.00 a month and costs 900.00, of which 100.00 are our own error:
// F = 3 x 800.00 / 0.8 = 3,000.00, G = 0, margin 300.00.
// B pays 500.00 a month and costs 450.00: F = 1,350.00 / 0.8 = 1,687.50,
// G = 187.50, above 100.00 and above 1 % of 1,500.00: material. Uplift 12.5 %.
// C has a credit of 10.00 only: F = 0, G = 0.
func TestAssessByHand(t *testing.T) {
	c := companyOf(3)
	work := func(revenue, labour, own money.Amount) costing.Month {
		return costing.Month{Revenue: revenue, Labour: labour, LabourOwn: own, Hours: 1}
	}
	a := c.add(clients.Client{}, 0, work(100000, 90000, 10000), work(100000, 90000, 10000), work(100000, 90000, 10000))
	b := c.add(clients.Client{}, 0, work(50000, 45000, 0), work(50000, 45000, 0), work(50000, 45000, 0))
	credit := c.add(clients.Client{}, 0, costing.Month{}, costing.Month{Revenue: -1000}, costing.Month{})
	nobody := c.add(clients.Client{}, 0)
	p := c.assess(t, Defaults())

	if w := p.Clients[a]; w.FairPrice != 300000 || w.Gap != 0 || w.Margin != 30000 || w.OwnError != 30000 || w.Rank != 0 || w.MonthsUnderpaying != 0 {
		t.Errorf("A: %+v", w)
	}
	// Avoidable: hourly labour, client-caused, at 0, 50 and 100 %.
	if w := p.Clients[a]; w.Avoidable != 240000 || w.AvoidableMargin != 60000 || w.AvoidableAt != [3]money.Amount{300000, 180000, 60000} {
		t.Errorf("A: avoidable %+v", w)
	}
	if w := p.Clients[b]; w.FairPrice != 168750 || w.Shortfall != 18750 || !w.Material || w.Rank != 1 || w.MonthsUnderpaying != 3 || w.Uplift.Value != 0.125 {
		t.Errorf("B: %+v", w)
	}
	// A = 1500.00 - 1350.00 = 150.00, so 187.50 / 337.50.
	if w := p.Clients[b]; w.BreakevenLoss.Value != 18750.0/33750 {
		t.Errorf("B: breakeven %v", w.BreakevenLoss)
	}
	if w := p.Clients[credit]; w.Revenue != -1000 || w.Shortfall != 0 || w.Standing != Present || w.MarginPct.Known || w.Uplift.Known || w.BreakevenLoss.Known {
		t.Errorf("credit only: %+v", w)
	}
	if w := p.Clients[nobody]; w.Standing != Inactive || w.Rank != 0 {
		t.Errorf("nobody: %+v", w)
	}
	if want := []clients.Ref{b, credit, a, nobody}; !slices.Equal(p.Order, want) {
		t.Errorf("order %v, want %v", p.Order, want)
	}
}

// A role's own share of avoidable cost holds in every month, however its people are
// paid: a quarter of 3 x 400.00.
func TestAvoidableShareOfARole(t *testing.T) {
	c := companyOf(3)
	month := costing.Month{Revenue: 50000, Labour: 40000, Hours: 1}
	ref := c.add(clients.Client{}, 0, month, month, month)
	c.costs.Roles = []costing.RoleMonth{{Month: c.facts.Window.First, Monthly: true}}
	o := Defaults()
	o.Avoidable.Roles = map[string]measure.Share{"support": measure.Million / 4}
	if w := c.assess(t, o).Clients[ref]; w.Avoidable != 30000 {
		t.Errorf("avoidable %d", w.Avoidable)
	}
}

// Horngren's Spring Distribution: margins of five clients, and the whale curve
// S, R, Q, P, T with its peak after P.
func TestWhaleCurve(t *testing.T) {
	c := companyOf(1)
	for _, m := range []money.Amount{2012, 11545, 38720, 41856, -3346} { // P Q R S T
		c.add(clients.Client{}, 0, costing.Month{Revenue: 50000, Direct: 50000 - m})
	}
	w := c.assess(t, Defaults()).Whale
	if want := []clients.Ref{3, 2, 1, 0, 4}; !slices.Equal(w.Clients, want) {
		t.Errorf("clients %v", w.Clients)
	}
	if want := []money.Amount{41856, 80576, 92121, 94133, 90787}; !slices.Equal(w.Cumulative, want) {
		t.Errorf("cumulative %v", w.Cumulative)
	}
	if w.Peak != 3 || w.GivenBack != 3346 || fmt.Sprintf("%.4f", w.PeakShare.Value) != "1.0369" {
		t.Errorf("%+v", w)
	}
}

func TestFairPriceIsRoundedOnce(t *testing.T) {
	for _, c := range []struct {
		caused money.Amount
		target measure.Share
		want   money.Amount
	}{
		{80, 20 * percent, 100},
		{2, 20 * percent, 3},   // 2.5
		{-2, 20 * percent, -3}, // -2.5
		{1, 25 * percent, 1},   // 1.33
		{0, 20 * percent, 0},
		{7, 0, 7},
		{900_000_000_000_000_000, 10 * percent, 1_000_000_000_000_000_000},
	} {
		if got, err := FairPrice(c.caused, c.target); err != nil || got != c.want {
			t.Errorf("%d at %v: %d, %v, want %d", c.caused, c.target, got, err, c.want)
		}
	}
	if _, err := FairPrice(9e18, 50*percent); err == nil {
		t.Error("overflow was not noticed")
	}
}

// Material is strictly above, and its share is of revenue above zero.
func TestMaterial(t *testing.T) {
	m := Materiality{Amount: 100, Share: 1 * percent}
	for _, c := range []struct {
		shortfall, revenue money.Amount
		want               bool
	}{{100, 0, false}, {101, 0, true}, {101, -99999, true}, {200, 20000, false}, {201, 20000, true}} {
		if got := m.Met(c.shortfall, c.revenue); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// A shortfall of 160.00 is less than 1 % of 17,000.00, of which we gave back
// 2,000.00 for our own errors.
func TestCreditsDoNotLowerTheBar(t *testing.T) {
	c := companyOf(1)
	ref := c.add(clients.Client{}, 0, costing.Month{Revenue: 1_500_000, OwnCredits: 200_000, Direct: 1_372_800})
	if w := c.assess(t, Defaults()).Clients[ref]; w.Shortfall != 16000 || w.Material {
		t.Errorf("shortfall %d, material %v", w.Shortfall, w.Material)
	}
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	c := companyOf(1)
	for name, spoil := range map[string]func(*Options){
		"a target margin of 100 %": func(o *Options) { o.Target = measure.Million },
		"a segment's of 100 %":     func(o *Options) { o.TargetBySegment = map[string]measure.Share{"a": measure.Million} },
		"a confidence of 100 %":    func(o *Options) { o.Confide = measure.Million },
		"a confidence of nothing":  func(o *Options) { o.Confide = 0 },
	} {
		o := Defaults()
		spoil(&o)
		if _, err := Assess(&c.facts, &c.costs, o); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
