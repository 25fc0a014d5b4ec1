package costing

import (
	"fmt"
	"slices"

	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/money"
)

// Varied is a client's window as it would be with other options.
type Varied struct {
	Moved      bool // a figure of one of its months is another
	Revenue    money.Amount
	OwnCredits money.Amount
	Caused     money.Amount // client-caused cost
}

func (v *Varied) add(m *Month, caused money.Amount) {
	v.Revenue += m.Revenue
	v.OwnCredits += m.OwnCredits
	v.Caused += caused
}

// Vary works out each client's window with other options than those that the costs
// were computed with, and only what depends on them. The costs must have been
// computed from the same facts, each pool by its own driver.
func (c *Costs) Vary(f *facts.Facts, was, o Options) ([]Varied, error) {
	anew := o
	anew.Driver = ""
	if anew == was {
		return c.redriven(f, o)
	}
	v, err := c.varied(f, was, o)
	if err != nil {
		return nil, err
	}
	return c.against(v), nil
}

// against sets the months of other costs beside these.
func (c *Costs) against(o *Costs) []Varied {
	all := make([]Varied, len(c.Clients))
	for i := range all {
		months := o.Clients[i].Months
		all[i].Moved = !slices.Equal(months, c.Clients[i].Months)
		for at := range months {
			all[i].add(&months[at], months[at].ClientCaused())
		}
	}
	return all
}

// redriven shares the pools out by another driver: the rest of the costs stays.
func (c *Costs) redriven(f *facts.Facts, o Options) ([]Varied, error) {
	b := &book{facts: f, options: o, unshared: true, observed: ObservedMonths(f),
		costs: &Costs{Currency: c.Currency, Window: c.Window, Clients: c.Clients, Unmapped: c.Unmapped, Pools: unshared(c.Pools), Findings: &finding.Log{}}}
	got, err := b.shareOut()
	if err != nil {
		return nil, err
	}
	if err := b.poolsTie(got); err != nil {
		return nil, err
	}
	all := make([]Varied, len(c.Clients))
	for i := range all {
		for at := range c.Clients[i].Months {
			m, of := &c.Clients[i].Months[at], got[at][i]
			all[i].Moved = all[i].Moved || of != m.got()
			all[i].add(m, m.ClientCaused()-(m.Pools-m.PoolsOwn)+(of.amount-of.own))
		}
	}
	return all, nil
}

// poolsTie checks what the pools had against what parties got of them.
func (b *book) poolsTie(by [][]got) error {
	var had, shares money.Amount
	for _, p := range b.costs.Pools {
		had += p.AfterService - p.NotAllocated - p.Sustained
		shares += p.ToClients + p.ToUnmapped
	}
	for _, parties := range by {
		for _, of := range parties {
			had -= of.amount
			shares -= of.amount
		}
	}
	if had != 0 || shares != 0 {
		return fmt.Errorf("pools: shares and months differ by %d, what was shared out by %d", shares, had)
	}
	return nil
}

// unshared returns the pools before they are shared out.
func unshared(pools []PoolMonth) []PoolMonth {
	all := slices.Clone(pools)
	for i := range all {
		p := &all[i]
		p.Quantity, p.ToClients, p.ToUnmapped, p.NotAllocated, p.Sustained = 0, 0, 0, 0, 0
	}
	return all
}

// varied works the costs out with other options, each pool by its own driver.
func (c *Costs) varied(f *facts.Facts, was, o Options) (*Costs, error) {
	b := newBook(f, o)
	b.unshared = true
	b.costs.Roles, b.costs.Work, b.costs.Revenue, b.costs.Direct = c.Roles, c.Work, c.Revenue, c.Direct
	b.costs.Ledger = Ledger{BillingUsed: c.Ledger.BillingUsed, CostIn: c.Ledger.CostIn}
	for i := range c.Clients {
		copy(b.costs.Clients[i].Months, c.Clients[i].Months)
	}
	copy(b.costs.Unmapped.Months, c.Unmapped.Months)
	if err := b.varyRevenue(was); err != nil {
		return nil, err
	}
	if err := b.varyLabour(c, was); err != nil {
		return nil, err
	}
	b.costs.Pools = unshared(c.Pools)
	if err := b.takePools(); err != nil {
		return nil, err
	}
	return b.costs, b.ledger()
}

func (b *book) varyRevenue(was Options) error {
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
