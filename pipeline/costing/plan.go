package costing

import (
	"fmt"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// plan sets the hours of each client and month against those its plan includes.
func (b *book) plan() error {
	rates, err := ratesByRole(b.facts)
	if err != nil {
		return err
	}
	b.each(func(m *Month) { m.GivenKnown = true })
	rows := b.facts.Work
	unbilled := make([]measure.Hours, len(b.facts.Roles))
	worked := func(i int) (clients.Ref, int) { return rows[i].Client, b.facts.Window.Index(rows[i].Month) }
	runs(len(rows), worked, func(ref clients.Ref, at, from, to int) {
		if err != nil || ref == clients.Internal {
			return
		}
		clear(unbilled)
		for _, w := range rows[from:to] {
			if !w.Billable && w.Cause != facts.OwnError {
				unbilled[w.Role] += w.Hours
			}
		}
		err = b.planMonth(ref, at, unbilled, rates)
	})
	return err
}

// planMonth does so for a party's month, of whose hours some were not billed, by role.
func (b *book) planMonth(ref clients.Ref, at int, unbilled []measure.Hours, rates [][]facts.Rate) error {
	var included measure.Opt[measure.Hours]
	if ref >= 0 {
		included = b.facts.Clients[ref].PlanHours
	}
	m := &b.months(ref)[at]
	if err := m.abovePlan(included); err != nil {
		return err
	}
	if err := m.given(b.costs.Currency, included, unbilled, rates, b.facts.Window.At(at)); err != nil {
		return fmt.Errorf("list value of support: %w", err)
	}
	return nil
}

// abovePlan costs the hours above the plan, own errors left out, at the month's
// labour cost per hour.
func (m *Month) abovePlan(included measure.Opt[measure.Hours]) (err error) {
	hours := m.Hours - m.HoursOwn
	if !included.Known || hours <= included.Value {
		return nil
	}
	m.HoursAbovePlan = hours - max(included.Value, 0)
	m.AbovePlan, err = portion(m.Labour-m.LabourOwn, m.HoursAbovePlan, hours)
	return err
}

// given is the list value of hours that no line bills, own errors left out, as
// far as they go beyond the plan, at the mean list rate of these hours.
func (m *Month) given(c money.Currency, included measure.Opt[measure.Hours], unbilled []measure.Hours, rates [][]facts.Rate, at period.Month) error {
	var hours measure.Hours
	for _, h := range unbilled {
		hours += h
	}
	if hours <= 0 {
		return nil
	}
	if !included.Known {
		m.GivenKnown = false
		return nil
	}
	beyond := hours - max(included.Value, 0)
	if beyond <= 0 {
		return nil
	}
	var list money.Exact
	for role, h := range unbilled {
		if h == 0 {
			continue
		}
		rate, ok := inForce(rates[role], at)
		if !ok || !rate.List.Known {
			m.GivenKnown = false
			return nil
		}
		value, err := rate.List.Value.Times(money.Millionths(int64(h)))
		if err != nil {
			return err
		}
		list = list.Add(value)
	}
	list, err := list.Scale(money.Millionths(int64(beyond)), money.Millionths(int64(hours)))
	if err != nil {
		return err
	}
	m.Given, err = c.Round(list)
	return err
}
