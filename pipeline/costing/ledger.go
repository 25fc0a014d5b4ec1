package costing

import (
	"errors"
	"fmt"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/money"
)

// Check returns an error if a cent or a millionth of an hour is missing.
func (l Ledger) Check() error {
	var errs []error
	tie := func(what string, in, out int64) {
		if in != out {
			errs = append(errs, fmt.Errorf("%s: %d put in, %d accounted for", what, in, out))
		}
	}
	tie("revenue in minor units", int64(l.BillingUsed), int64(l.Revenue+l.RevenueOther))
	tie("cost in minor units", int64(l.CostIn),
		int64(l.Clients+l.Unmapped+l.Internal+l.Unused+l.NotAllocated+l.Sustaining))
	tie("millionths of an hour", int64(l.HoursIn), int64(l.HoursClients+l.HoursUnmapped+l.HoursInternal))
	return errors.Join(errs...)
}

// ledger adds up where everything went and checks it against what was put in,
// which the other steps have noted.
func (b *book) ledger() error {
	c := b.costs
	l := &c.Ledger
	for i := range c.Clients {
		for _, m := range c.Clients[i].Months {
			l.Revenue += m.Revenue
			l.Clients += m.Cost()
			l.HoursClients += m.Hours
		}
	}
	for _, m := range c.Unmapped.Months {
		l.RevenueOther += m.Revenue
		l.Unmapped += m.Cost()
		l.HoursUnmapped += m.Hours
	}
	for i, d := range b.facts.Direct {
		if d.Client == clients.Internal {
			l.Internal += c.Direct[i]
		}
	}
	for _, r := range c.Roles {
		l.Internal += r.ToInternal
		l.Unused += r.Unused
		l.HoursInternal += r.Internal
	}
	for _, p := range c.Pools {
		l.NotAllocated += p.NotAllocated
		l.Sustaining += p.Sustained
	}
	for _, w := range b.facts.Work {
		l.HoursIn += w.Hours
	}
	return errors.Join(l.Check(), b.rowsTie())
}

// rowsTie checks the amounts of the rows of facts against the months of the
// clients.
func (b *book) rowsTie() error {
	c := b.costs
	var revenue, labour, direct money.Amount
	for _, a := range c.Revenue {
		revenue += a
	}
	for i, a := range c.Work {
		if b.facts.Work[i].Client != clients.Internal {
			labour += a
		}
	}
	for i, a := range c.Direct {
		if b.facts.Direct[i].Client != clients.Internal {
			direct += a
		}
	}
	var shares money.Amount
	for _, p := range c.Pools {
		shares += p.ToClients + p.ToUnmapped
	}
	add := func(m Month) {
		revenue -= m.Revenue
		labour -= m.Labour
		direct -= m.Direct
		shares -= m.Pools
	}
	for i := range c.Clients {
		for _, m := range c.Clients[i].Months {
			add(m)
		}
	}
	for _, m := range c.Unmapped.Months {
		add(m)
	}
	if revenue != 0 || labour != 0 || direct != 0 || shares != 0 {
		return fmt.Errorf("rows and months differ by %d in revenue, %d in labour, %d in direct costs, %d in pools", revenue, labour, direct, shares)
	}
	return nil
}
