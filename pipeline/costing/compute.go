package costing

import (
	"cmp"
	"fmt"
	"slices"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/cores"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// Compute works out what each client brought and cost, month by month. A rate or
// a capacity that is missing, pools whose services cannot be solved, and amounts
// too large to be held exactly are errors; so is a total that does not tie.
func Compute(f *facts.Facts, o Options) (*Costs, error) {
	if o.HoursPerMonth < 0 || o.Practical < 0 || o.Practical > measure.Million {
		return nil, fmt.Errorf("hours_per_month or practical_capacity is no capacity: %s hours, %s%%", o.HoursPerMonth, money.Millionths(int64(o.Practical)*100))
	}
	if err := cohere(f); err != nil {
		return nil, err
	}
	if err := fits(f); err != nil {
		return nil, err
	}
	b := newBook(f, o)
	err := cores.Beside(
		func() error { return inTurn(b.revenue, b.counts) },
		func() error { return inTurn(b.direct, b.labour, b.plan) },
	)
	if err == nil {
		err = inTurn(b.pools, b.ledger)
	}
	if err != nil {
		return nil, err
	}
	return b.costs, nil
}

// inTurn takes steps up to the first that fails.
func inTurn(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// book is the costs while they are worked out.
type book struct {
	facts    *facts.Facts
	options  Options
	rows     []facts.Revenue // as recognised
	costs    *Costs
	observed []Observed
	gross    money.Amount // labour, signs left out
	unshared bool         // single shares of pools are not kept
}

func newBook(f *facts.Facts, o Options) *book {
	n, months := len(f.Clients), f.Window.Len()
	all := make([]Month, (n+1)*months)
	party := func(i int) Client { return Client{Months: all[i*months : (i+1)*months : (i+1)*months]} }
	c := &Costs{
		Currency: f.Currency,
		Window:   f.Window,
		Clients:  make([]Client, n),
		Unmapped: party(n),
		Findings: &finding.Log{},
	}
	for i := range c.Clients {
		c.Clients[i] = party(i)
	}
	return &book{facts: f, options: o, rows: o.Recognised(f), costs: c, observed: ObservedMonths(f)}
}

// party returns the position of a client, or of Unmapped after the last client.
func (b *book) party(ref clients.Ref) int {
	if ref == clients.Unmapped {
		return len(b.costs.Clients)
	}
	return int(ref)
}

// months returns the months of a party. Our own company has none.
func (b *book) months(ref clients.Ref) []Month {
	if ref == clients.Unmapped {
		return b.costs.Unmapped.Months
	}
	return b.costs.Clients[ref].Months
}

// each goes through the months of all parties.
func (b *book) each(do func(*Month)) {
	for i := range b.costs.Clients {
		months := b.costs.Clients[i].Months
		for at := range months {
			do(&months[at])
		}
	}
	for at := range b.costs.Unmapped.Months {
		do(&b.costs.Unmapped.Months[at])
	}
}

// revenue makes each month's revenue whole minor units, client by client and row
// by row. Nothing billed to our own company is left: who bills itself has no
// client there, so it counts in Unmapped.
func (b *book) revenue() error {
	c := b.costs
	b.each(func(m *Month) { m.ListKnown = true })
	var err error
	var total money.Amount
	c.Revenue, total, err = settleRows(c.Currency, len(b.rows), b.facts.Window.Len(), b.billed,
		func(i int) uint64 {
			r := &b.rows[i]
			return kindOf(uint64(r.Product), r.Credit, r.OwnError, r.Recurring)
		},
		func(i int) money.Exact { return b.rows[i].Amount })
	if err != nil {
		return fmt.Errorf("revenue: %w", err)
	}
	c.Ledger.BillingUsed = total
	for i := range b.rows {
		r, a := &b.rows[i], c.Revenue[i]
		m := &b.months(max(r.Client, clients.Unmapped))[b.facts.Window.Index(r.Month)]
		m.Revenue += a
		m.Lines += r.Lines
		m.ListKnown = m.ListKnown && r.ListKnown
		if r.Recurring {
			m.Recurring += a
		}
		if r.Credit && r.OwnError {
			m.OwnCredits -= a
		}
	}
	return b.list()
}

// billed is the party and month that a row of revenue counts in.
func (b *book) billed(row int) (clients.Ref, int) {
	r := &b.rows[row]
	return r.Client, b.facts.Window.Index(r.Month)
}

// list rounds each client's list amounts of a month once.
func (b *book) list() (err error) {
	runs(len(b.rows), b.billed, func(ref clients.Ref, at, from, to int) {
		var sum money.Exact
		for i := from; i < to; i++ {
			sum = sum.Add(b.rows[i].List)
		}
		a, overflow := b.costs.Currency.Round(sum)
		b.months(max(ref, clients.Unmapped))[at].List += a
		err = cmp.Or(err, overflow)
	})
	return err
}

// direct makes each month's direct costs whole minor units, client by client and
// row by row.
func (b *book) direct() error {
	c, rows := b.costs, b.facts.Direct
	var err error
	var total money.Amount
	c.Direct, total, err = settleRows(c.Currency, len(rows), b.facts.Window.Len(),
		func(i int) (clients.Ref, int) { return rows[i].Client, b.facts.Window.Index(rows[i].Month) },
		func(i int) uint64 { return uint64(rows[i].Category)<<8 | uint64(rows[i].Cause) },
		func(i int) money.Exact { return rows[i].Amount })
	if err != nil {
		return fmt.Errorf("direct costs: %w", err)
	}
	c.Ledger.CostIn += total
	for i, r := range rows {
		if r.Client == clients.Internal {
			continue
		}
		m := &b.months(r.Client)[b.facts.Window.Index(r.Month)]
		m.Direct += c.Direct[i]
		if r.Cause == facts.OwnError {
			m.DirectOwn += c.Direct[i]
		}
	}
	return nil
}

// counts takes over what is counted and not summed.
func (b *book) counts() error {
	w := b.facts.Window
	for _, n := range b.facts.Counts {
		if n.Client == clients.Internal {
			continue
		}
		m := &b.months(n.Client)[w.Index(n.Month)]
		m.Documents += n.Documents
		m.Tickets += n.Tickets
	}
	return nil
}

// portion returns the part of an amount that some of a quantity makes up, rounded
// half away from zero. Some lies between nothing and all of it.
func portion[W money.Weight](a money.Amount, some, all W) (money.Amount, error) {
	switch {
	case some == 0 || a == 0:
		return 0, nil
	case some == all:
		return a, nil
	}
	parts, err := money.Split(a, []W{some, all - some})
	if err != nil {
		return 0, err
	}
	return parts[0], nil
}

// join lists names as a sentence does: "a", "b" and "c".
func join(names []string) string {
	var s string
	for i, n := range slices.Sorted(slices.Values(names)) {
		switch {
		case i > 0 && i == len(names)-1:
			s += " and "
		case i > 0:
			s += ", "
		}
		s += fmt.Sprintf("%q", n)
	}
	return s
}
