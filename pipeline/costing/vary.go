package costing

import (
	"slices"

	"clientworth/pipeline/facts"
)

// Vary works the costs out with other options than those they were computed with,
// and only what depends on them. Single shares of pools are not kept. The costs
// must have been computed from the same facts, each pool by its own driver.
func (c *Costs) Vary(f *facts.Facts, was, o Options) (*Costs, error) {
	if was.Driver != "" {
		return Compute(f, o)
	}
	b := newBook(f, o)
	b.unshared = true
	b.costs.Roles, b.costs.Work, b.costs.Revenue, b.costs.Direct = c.Roles, c.Work, c.Revenue, c.Direct
	b.costs.Ledger = Ledger{BillingUsed: c.Ledger.BillingUsed, CostIn: c.Ledger.CostIn}
	for i := range c.Clients {
		copy(b.costs.Clients[i].Months, c.Clients[i].Months)
	}
	copy(b.costs.Unmapped.Months, c.Unmapped.Months)
	for _, step := range []func(c *Costs, was Options) error{b.varyRevenue, b.varyLabour, b.varyPools} {
		if err := step(c, was); err != nil {
			return nil, err
		}
	}
	return b.costs, b.ledger()
}

func (b *book) varyRevenue(_ *Costs, was Options) error {
	if b.options.Recognition == was.Recognition || b.facts.ByDocument == nil {
		return nil
	}
	b.each(func(m *Month) { m.Revenue, m.Recurring, m.OwnCredits, m.Lines, m.List = 0, 0, 0, 0, 0 })
	return b.revenue()
}

func (b *book) varyLabour(c *Costs, was Options) error {
	o := b.options
	if o.Basis == was.Basis && o.HoursPerMonth == was.HoursPerMonth && o.Practical == was.Practical {
		return nil
	}
	for _, r := range c.Roles {
		b.costs.Ledger.CostIn -= r.Cost
	}
	b.costs.Roles = nil
	b.each(func(m *Month) {
		m.Labour, m.LabourOwn, m.Hours, m.HoursOwn = 0, 0, 0, 0
		m.OutOfScope, m.AgainstAdvice, m.Capability = 0, 0, 0
		m.AbovePlan, m.HoursAbovePlan, m.Given = 0, 0, 0
	})
	if err := b.labour(); err != nil {
		return err
	}
	return b.plan()
}

func (b *book) varyPools(c *Costs, _ Options) error {
	b.costs.Pools = slices.Clone(c.Pools)
	for i := range b.costs.Pools {
		p := &b.costs.Pools[i]
		p.Quantity, p.ToClients, p.ToUnmapped, p.NotAllocated, p.Sustained = 0, 0, 0, 0, 0
	}
	return b.shareOut()
}
