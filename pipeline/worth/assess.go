package worth

import (
	"cmp"
	"fmt"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/cores"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// Assess sets what each client costs against what it pays over the window.
// Errors are options that make no sense and amounts too large to be held.
func Assess(f *facts.Facts, c *costing.Costs, o Options) (*Portfolio, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	least, err := f.Currency.Round(o.MaterialAmount)
	if err != nil {
		return nil, err
	}
	p := &Portfolio{
		Options:     o,
		Materiality: Materiality{Amount: least, Share: o.MaterialShare},
		Clients:     make([]Client, len(f.Clients)),
		Findings:    &finding.Log{},
	}
	observed := costing.ObservedMonths(f)
	err = cores.Each(len(p.Clients), 256, func(first, last int) error {
		for i := first; i < last; i++ {
			if err := p.assess(clients.Ref(i), f, c.Clients[i].Months, observed[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	rank(p)
	explain(p, f, c)
	err = cores.Beside(
		func() error { return avoid(p.Clients, f, c, o.Avoidable) },
		func() error { return testChoices(p, f, c) },
		func() error { beSure(p, f, c); return nil },
	)
	if err != nil {
		return nil, err
	}
	if o.ByParent {
		rankParents(p, f)
	}
	p.Whale = whale(p.Clients)
	p.Ideal = ideal(p.Clients, f)
	p.Concentration = concentrate(p.Clients)
	p.Total = total(p.Clients)
	return p, nil
}

// assess works out what a client's own months say.
func (p *Portfolio) assess(ref clients.Ref, f *facts.Facts, months []costing.Month, o costing.Observed) error {
	w := &p.Clients[ref]
	w.Client = ref
	w.Target = p.Options.TargetOf(f.Clients[ref].Segment)
	w.sum(months)
	w.stand(months, o, p.Options.QuietMonths)
	if err := cmp.Or(w.observe(months, o), w.price(p.Materiality)); err != nil {
		return fmt.Errorf("client %s: %w", f.Clients[ref].ID, err)
	}
	return nil
}

// sum adds up the months of the window.
func (w *Client) sum(months []costing.Month) {
	valued := true
	var value money.Amount
	var lines int64
	for i := range months {
		m := &months[i]
		w.Revenue += m.Revenue
		w.Recurring += m.Recurring
		w.OwnCredits += m.OwnCredits
		w.Labour += m.Labour
		w.Pools += m.Pools
		w.Direct += m.Direct
		w.OwnError += m.OwnErrorCost()
		w.OutOfScope += m.OutOfScope
		w.AgainstAdvice += m.AgainstAdvice
		w.Capability += m.Capability
		w.AbovePlan += m.AbovePlan
		w.Hours += m.Hours
		w.Tickets += m.Tickets
		lines += m.Lines
		value += m.List + m.Given
		valued = valued && (m.ListKnown || m.Lines == 0) && (m.GivenKnown || m.Hours == 0)
	}
	w.Cost = w.Labour + w.Pools + w.Direct
	w.Margin = w.Revenue - w.Cost
	w.MarginPct = ratio(w.Margin, w.Revenue)
	if valued && (lines > 0 || w.Hours > 0) {
		w.Value = measure.Some(value)
		w.ValueGap = measure.Some(value - w.Revenue)
	}
}

// observe counts the months in which the client could be seen, and those of them
// in which it underpaid.
func (w *Client) observe(months []costing.Month, o costing.Observed) error {
	w.MonthsObserved, w.FirstObserved = o.Len(), o.From
	for _, m := range months[o.From:o.To] {
		if underpays(m.ClientCaused(), m.Revenue+m.OwnCredits, w.Target) {
			w.MonthsUnderpaying++
		}
	}
	return w.trends(months[o.From:o.To])
}

// trends follows margin, revenue and gap through the observed months. Credits for
// our own errors are added back to revenue, too: they do not stop a client's growth.
func (w *Client) trends(months []costing.Month) error {
	var all money.Amount
	margin, revenue, gap := make([]money.Amount, len(months)), make([]money.Amount, len(months)), make([]money.Amount, len(months))
	for i := range months {
		m := &months[i]
		fair, err := FairPrice(m.ClientCaused(), w.Target)
		if err != nil {
			return err
		}
		all += m.ClientCaused().Abs()
		margin[i], revenue[i], gap[i] = m.Margin(), m.Revenue+m.OwnCredits, fair-m.Revenue-m.OwnCredits
	}
	w.Trend, w.TrendP, _ = Trend(margin)
	w.RevenueTrend, w.RevenueTrendP, w.RevenueSlope = Trend(revenue)
	w.GapTrend, _, w.GapSlope = Trend(gap)
	_, err := FairPrice(all, w.Target) // no run of months has a larger one
	return err
}

// stand says whether the client is still there. What shared pools cost it by the
// mere existence of a contract is no activity.
func (w *Client) stand(months []costing.Month, o costing.Observed, quiet int) {
	last := -1
	for i, m := range months {
		if m.Revenue != 0 || m.Hours != 0 || m.Direct != 0 {
			last = i
		}
	}
	switch {
	case last < 0:
		w.Standing = Inactive
	case o.Ended || last < len(months)-quiet:
		w.Standing = Left
	default:
		w.Standing = Present
	}
}

// price sets the window's cost against what was paid.
func (w *Client) price(m Materiality) (err error) {
	if w.FairPrice, err = FairPrice(w.Cost-w.OwnError, w.Target); err != nil {
		return err
	}
	w.missing(m)
	if w.Revenue > 0 {
		w.PaidOverFair = ratio(w.Revenue, w.FairPrice)
	}
	return nil
}

// missing sets what is missing of the fair price.
func (w *Client) missing(m Materiality) {
	w.Gap = Gap(w.FairPrice, w.Revenue, w.OwnCredits)
	w.Shortfall = max(w.Gap, 0)
	w.Material = m.Met(w.Shortfall, w.Revenue+w.OwnCredits)
	w.Uplift = ratio(w.Shortfall, w.Revenue)
}

// total adds up all clients. Gaps and shortfalls are sums, not those of one
// large client: what one client pays too much does not pay for another.
func total(all []Client) Client {
	var t Client
	for i := range all {
		t.add(&all[i])
	}
	t.MarginPct = ratio(t.Margin, t.Revenue)
	return t
}

// add adds the amounts, hours and tickets of another client.
func (w *Client) add(o *Client) {
	for _, pair := range [...]struct {
		to   *money.Amount
		from money.Amount
	}{
		{&w.Revenue, o.Revenue}, {&w.Recurring, o.Recurring}, {&w.OwnCredits, o.OwnCredits},
		{&w.Cost, o.Cost}, {&w.Labour, o.Labour}, {&w.Pools, o.Pools}, {&w.Direct, o.Direct},
		{&w.OwnError, o.OwnError}, {&w.Margin, o.Margin},
		{&w.FairPrice, o.FairPrice}, {&w.Gap, o.Gap}, {&w.Shortfall, o.Shortfall},
		{&w.OutOfScope, o.OutOfScope}, {&w.AgainstAdvice, o.AgainstAdvice},
		{&w.Capability, o.Capability}, {&w.AbovePlan, o.AbovePlan},
		{&w.Avoidable, o.Avoidable}, {&w.Caused.Labour, o.Caused.Labour}, {&w.Caused.Direct, o.Caused.Direct}, {&w.Caused.Pools, o.Caused.Pools},
		{&w.AvoidableParts.Labour, o.AvoidableParts.Labour}, {&w.AvoidableParts.Direct, o.AvoidableParts.Direct}, {&w.AvoidableParts.Pools, o.AvoidableParts.Pools},
		{&w.AvoidableMargin, o.AvoidableMargin},
		{&w.AvoidableAt[0], o.AvoidableAt[0]}, {&w.AvoidableAt[1], o.AvoidableAt[1]}, {&w.AvoidableAt[2], o.AvoidableAt[2]},
	} {
		*pair.to += pair.from
	}
	w.Hours += o.Hours
	w.Tickets += o.Tickets
}
