package verdict

import (
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/worth"
)

// thousands are figures of a textbook in cents.
func thousands(x float64) money.Amount { return money.Amount(x * 100_000) }

// cost adds a direct cost of a category in the last month.
func (c *company) cost(client clients.Ref, category facts.Category, amount money.Amount) {
	months := c.costs.Clients[client].Months
	months[len(months)-1].Direct += amount
	c.facts.Direct = append(c.facts.Direct, facts.Direct{Client: client, Month: october, Category: category})
	c.costs.Direct = append(c.costs.Direct, amount)
}

// Allied West (Horngren): Wisk shows a margin of -24, yet its leaving costs 15,
// because equipment, rent and administration stay.
func TestAlliedWest(t *testing.T) {
	c := newCompany()
	c.facts.Categories = []string{"administration", "equipment", "goods", "handling", "marketing", "orders", "rent"}
	wisk := c.add(clients.Client{}, costing.Month{Revenue: thousands(400)})
	for category, amount := range []float64{16, 9, 330, 33, 10, 12, 14} {
		c.cost(wisk, facts.Category(category), thousands(amount))
	}
	o := worth.Defaults()
	o.Avoidable.Categories = map[string]measure.Share{"administration": 0, "equipment": 0, "rent": 0}
	p, err := worth.Assess(&c.facts, &c.costs, o)
	if err != nil {
		t.Fatal(err)
	}
	if w := p.Clients[wisk]; w.Margin != thousands(-24) || w.AvoidableMargin != thousands(15) {
		t.Errorf("margin %d, avoidable margin %d", w.Margin, w.AvoidableMargin)
	}
	x := Leave(&c.facts, p, wisk)
	if gone := x.Months[len(x.Months)-1]; gone.Change != thousands(-15) {
		t.Errorf("parting changes profit by %d", gone.Change)
	}
}

// Ciena & Associates: whether it pays to drop Davis turns on the avoidable share
// of its direct fixed cost; the shared 20 falls on the others either way.
func TestCiena(t *testing.T) {
	for _, tt := range []struct {
		share     measure.Share
		avoidable float64 // margin, thousands
	}{{1_000_000, -7.5}, {900_000, 8.25}, {952_381, 0}} {
		c := newCompany()
		c.facts.Categories = []string{"fixed", "variable"}
		c.facts.Pools = []string{"shared"}
		var refs []clients.Ref
		for _, who := range []struct{ revenue, variable, fixed, shared float64 }{
			{150, 125, 7.5, 3}, {750, 600, 157.5, 15}, {100, 80, 5, 2}, // Koontz, Davis, Nello
		} {
			ref := c.add(clients.Client{}, costing.Month{Revenue: thousands(who.revenue), Pools: thousands(who.shared)})
			c.cost(ref, 0, thousands(who.fixed))
			c.cost(ref, 1, thousands(who.variable))
			c.costs.Shares = append(c.costs.Shares, costing.PoolShare{Client: ref, Month: october, Amount: thousands(who.shared)})
			refs = append(refs, ref)
		}
		o := worth.Defaults()
		o.Target = 9 * percent
		o.Avoidable.Categories = map[string]measure.Share{"fixed": tt.share}
		p, err := worth.Assess(&c.facts, &c.costs, o)
		if err != nil {
			t.Fatal(err)
		}
		davis := p.Clients[refs[1]]
		if off := (davis.AvoidableMargin - thousands(tt.avoidable)).Abs(); davis.Margin != thousands(-22.5) || off > 1 {
			t.Errorf("at %v: margin %d, avoidable margin %d", tt.share, davis.Margin, davis.AvoidableMargin)
		}
		if tt.share != measure.Million {
			continue
		}
		x := Leave(&c.facts, p, refs[1])
		if gone := x.Months[len(x.Months)-1]; gone.Change != thousands(7.5) || x.Replacement.Known {
			t.Errorf("parting changes profit by %d, to replace %v", gone.Change, x.Replacement)
		}
		if len(x.Pushed) != 2 || x.Pushed[0] != (Pushed{refs[0], thousands(9), thousands(5.5)}) || x.Pushed[1] != (Pushed{refs[2], thousands(6), thousands(7)}) {
			t.Errorf("pushed below target: %+v", x.Pushed)
		}
	}
}

// A client of 15,000 a month at a margin of 35 %, all of its cost avoidable: its
// margin of 5,250 is replaced by 8,076.92 of revenue at 65 %.
func TestReplacingAClient(t *testing.T) {
	c := newCompany()
	ref := c.add(clients.Client{}, costing.Month{Revenue: 1_500_000, Labour: 975_000})
	o := worth.Defaults()
	o.Target = 65 * percent
	p, err := worth.Assess(&c.facts, &c.costs, o)
	if err != nil {
		t.Fatal(err)
	}
	if r := Leave(&c.facts, p, ref).Replacement; r.Value != 807_692 {
		t.Errorf("replaced by %v", r)
	}
}

// Ninety days of notice given on 1 November run to the end of January; service
// prepaid for February and March is still given, at half the usual amount; from
// April only the stranded half of the labour is left.
func TestExitMonthByMonth(t *testing.T) {
	c := newCompany()
	for at := range 12 {
		c.costs.Roles = append(c.costs.Roles, costing.RoleMonth{Month: c.facts.Window.At(at), Monthly: true})
	}
	months := make([]costing.Month, 12)
	for i := range months {
		months[i] = month(100_000, 60_000)
	}
	who := clients.Client{NoticeDays: measure.Some(90)}
	ref := c.add(who, months...)
	c.facts.Owed = []facts.Owed{
		{Client: ref, Month: october + 4, Amount: money.Units(500)},
		{Client: ref, Month: october + 5, Amount: money.Units(500)},
	}
	_, all := c.decide(t)
	x := all[ref].Exit
	want := []ExitMonth{
		{Month: october + 1, Revenue: 100_000, Cost: 60_000},
		{Month: october + 2, Revenue: 100_000, Cost: 60_000},
		{Month: october + 3, Revenue: 100_000, Cost: 60_000},
		{Month: october + 4, Revenue: 50_000, Prepaid: 50_000, Cost: 30_000, Stranded: 15_000, Change: -35_000},
		{Month: october + 5, Revenue: 50_000, Prepaid: 50_000, Cost: 30_000, Stranded: 15_000, Change: -35_000},
		{Month: october + 6, Stranded: 30_000, Change: -70_000},
	}
	if len(x.Months) != len(want) {
		t.Fatalf("%+v", x.Months)
	}
	for i := range want {
		if x.Months[i] != want[i] {
			t.Errorf("%+v, want %+v", x.Months[i], want[i])
		}
	}
}
