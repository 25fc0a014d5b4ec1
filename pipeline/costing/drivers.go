package costing

import (
	"fmt"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// NegativeDriver is found where a quantity that a pool is shared out by is below
// zero.
var NegativeDriver = &finding.Rule{
	Name:     "negative-driver",
	Effect:   finding.Note,
	Sentence: "a quantity below zero counts as none when a pool is shared out by it",
	Remedy:   "correct the quantity, or share the pool out by another driver",
}

// quantities are what a driver counts in a month, by party: clients by ref, then
// Unmapped.
type quantities struct {
	weights []measure.Quantity
	own     []measure.Quantity // the part that own errors caused; nil where the driver cannot tell
	sum     measure.Quantity   // of the weights, once checked
	sharing int                // how many have some, once checked
	checked bool               // no weight is negative, no own part is outside its weight
}

// drivers works the quantities of each driver out when they are first needed.
type drivers struct {
	*book
	of map[facts.Driver][]quantities // by month
}

// at returns the quantities of a driver in a month, counting negative ones as
// none.
func (d *drivers) at(driver facts.Driver, at int) *quantities {
	months, ok := d.of[driver]
	if !ok {
		months = d.count(driver)
		d.of[driver] = months
	}
	q := &months[at]
	if q.checked {
		return q
	}
	q.checked = true
	for party, w := range q.weights {
		if w < 0 {
			d.costs.Findings.Add(finding.Finding{Rule: NegativeDriver, Detail: d.describe(driver, party, at, w)})
			q.weights[party], w = 0, 0
		}
		if q.own != nil {
			q.own[party] = max(0, min(q.own[party], w))
		}
		if w > 0 {
			q.sum += w
			q.sharing++
		}
	}
	return q
}

func (d *drivers) describe(driver facts.Driver, party, at int, q measure.Quantity) string {
	who, much := "Unmapped", q.String()
	if party < len(d.facts.Clients) {
		who = string(d.facts.Clients[party].ID)
	}
	if driver == facts.ByRevenue {
		much = d.costs.Currency.Format(money.Amount(q))
	}
	return fmt.Sprintf("%s, %s, %s: %s", driver, d.facts.Window.At(at), who, much)
}

// count lays a driver's quantities out by month and party.
func (d *drivers) count(driver facts.Driver) []quantities {
	n := len(d.costs.Clients) + 1
	months := make([]quantities, d.facts.Window.Len())
	for at := range months {
		months[at].weights = make([]measure.Quantity, n)
		if driver == facts.ByHours || driver == facts.ByTickets {
			months[at].own = make([]measure.Quantity, n)
		}
	}
	if put := d.counted(driver); put != nil {
		for party := range n {
			of := d.months(d.ref(party))
			for at := range of {
				put(&months[at], party, at, &of[at])
			}
		}
		if driver == facts.ByTickets {
			d.countOwnTickets(months)
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

func (d *drivers) countOwnTickets(months []quantities) {
	for _, n := range d.facts.Counts {
		if n.Client != clients.Internal {
			months[d.facts.Window.Index(n.Month)].own[d.party(n.Client)] += n.OwnTickets
		}
	}
}

// counted says how a driver that every company has is counted; it is nil for one
// of the company's own.
func (d *drivers) counted(driver facts.Driver) func(q *quantities, party, at int, m *Month) {
	switch driver {
	case facts.ByHours:
		return func(q *quantities, party, _ int, m *Month) {
			q.weights[party], q.own[party] = measure.Quantity(m.Hours), measure.Quantity(m.HoursOwn)
		}
	case facts.ByTickets:
		return func(q *quantities, party, _ int, m *Month) {
			q.weights[party] = measure.Quantity(m.Tickets) * measure.Million
		}
	case facts.ByInvoices:
		return func(q *quantities, party, _ int, m *Month) {
			q.weights[party] = measure.Quantity(m.Documents) * measure.Million
		}
	case facts.ByRevenue:
		return func(q *quantities, party, _ int, m *Month) { q.weights[party] = measure.Quantity(m.Revenue) }
	case facts.ByClients:
		return func(q *quantities, party, at int, _ *Month) {
			if party < len(d.observed) && d.observed[party].Contains(at) {
				q.weights[party] = measure.Million
			}
		}
	}
	return nil
}
