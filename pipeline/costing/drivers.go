package costing

import (
	"fmt"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
)

// NegativeDriver is found where a quantity that a pool is shared out by is below
// zero.
var NegativeDriver = &finding.Rule{
	Name:     "negative_driver",
	Effect:   finding.Note,
	Sentence: "a quantity below zero counts as none when a pool is shared out by it",
	Remedy:   "correct the quantity, or share the pool out by another driver",
}

// quantities are what a driver counts in a month, by party: clients by ref, then
// Unmapped. None is negative once used.
type quantities struct {
	weights []measure.Quantity
	used    bool
	some    bool // not all are zero
}

// drivers works the quantities of each driver out when they are first needed.
type drivers struct {
	*book
	of map[facts.Driver][]quantities // by month
}

// at returns the quantities of a driver in a month, counting negative ones as
// none.
func (d *drivers) at(driver facts.Driver, at int) quantities {
	months, ok := d.of[driver]
	if !ok {
		months = d.count(driver)
		d.of[driver] = months
	}
	q := &months[at]
	if q.used {
		return *q
	}
	q.used = true
	for party, w := range q.weights {
		if w < 0 {
			q.weights[party] = 0
			d.costs.Findings.Add(finding.Finding{
				Rule:   NegativeDriver,
				Detail: d.describe(driver, party, at, w),
			})
		}
		q.some = q.some || w > 0
	}
	return *q
}

func (d *drivers) describe(driver facts.Driver, party, at int, q measure.Quantity) string {
	who, much := "Unmapped", q.String()
	if party < len(d.facts.Clients) {
		who = string(d.facts.Clients[party].ID)
	}
	if driver == facts.ByRevenue {
		much = d.costs.Currency.Format(d.months(d.ref(party))[at].Revenue)
	}
	return fmt.Sprintf("%s, %s, %s: %s", driver, d.facts.Window.At(at), who, much)
}

// count lays a driver's quantities out by month and party.
func (d *drivers) count(driver facts.Driver) []quantities {
	n := len(d.costs.Clients) + 1
	months := make([]quantities, d.facts.Window.Len())
	for at := range months {
		months[at].weights = make([]measure.Quantity, n)
	}
	if of := d.counted(driver); of != nil {
		for party := range n {
			for at, m := range d.months(d.ref(party)) {
				months[at].weights[party] = of(party, at, &m)
			}
		}
		return months
	}
	for _, q := range d.facts.Drivers {
		if q.Driver == driver && q.Client != clients.Internal {
			months[d.facts.Window.Index(q.Month)].weights[d.party(q.Client)] += q.Quantity
		}
	}
	return months
}

// counted says how a driver that every company has is counted; it is nil for one
// of the company's own.
func (d *drivers) counted(driver facts.Driver) func(party, at int, m *Month) measure.Quantity {
	switch driver {
	case facts.ByHours:
		return func(_, _ int, m *Month) measure.Quantity { return measure.Quantity(m.Hours) }
	case facts.ByTickets:
		return func(_, _ int, m *Month) measure.Quantity { return measure.Quantity(m.Tickets) * measure.Million }
	case facts.ByInvoices:
		return func(_, _ int, m *Month) measure.Quantity { return measure.Quantity(m.Documents) * measure.Million }
	case facts.ByRevenue:
		return func(_, _ int, m *Month) measure.Quantity { return measure.Quantity(m.Revenue) }
	case facts.ByClients:
		return func(party, at int, _ *Month) measure.Quantity {
			if party < len(d.observed) && d.observed[party].Contains(at) {
				return measure.Million
			}
			return 0
		}
	}
	return nil
}
