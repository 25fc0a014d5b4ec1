package verdict

import (
	"slices"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/worth"
)

// marks are the figures that a client must reach to be among the highest.
type marks struct {
	hours   measure.Opt[float64] // per observed month
	tickets measure.Opt[float64]
	paid    measure.Opt[float64] // revenue over fair price

	// What the marks of effort would be without one of those that reach them.
	hoursBelow   measure.Opt[float64]
	ticketsBelow measure.Opt[float64]
}

func marksOf(p *worth.Portfolio, o Options) marks {
	var hours, tickets, paid []float64
	for i := range p.Clients {
		w := &p.Clients[i]
		h, t := effort(w)
		hours, tickets, paid = collect(hours, h), collect(tickets, t), collect(paid, w.PaidOverFair)
	}
	var m marks
	m.hours, m.hoursBelow = percentile(hours, o.DemandingAt, o.DemandingFrom)
	m.tickets, m.ticketsBelow = percentile(tickets, o.DemandingAt, o.DemandingFrom)
	m.paid, _ = percentile(paid, o.LookAfterAt, 1)
	return m
}

// without are the marks that a client meets when its own effort falls: one that
// reaches a mark holds it up.
func (m *marks) without(w *worth.Client) *marks {
	other := *m
	hours, tickets := effort(w)
	if reaches(hours, m.hours) {
		other.hours = m.hoursBelow
	}
	if reaches(tickets, m.tickets) {
		other.tickets = m.ticketsBelow
	}
	return &other
}

func collect(all []float64, v measure.Opt[float64]) []float64 {
	if v.Known {
		all = append(all, v.Value)
	}
	return all
}

// effort is a client's hours and tickets per observed month, absent where it has
// none.
func effort(w *worth.Client) (hours, tickets measure.Opt[float64]) {
	n := float64(w.MonthsObserved)
	if n > 0 && w.Hours > 0 {
		hours = measure.Some(w.Hours.Float() / n)
	}
	if n > 0 && w.Tickets > 0 {
		tickets = measure.Some(float64(w.Tickets) / n)
	}
	return hours, tickets
}

// percentile returns the ceil(share * n)-th smallest of n values, absent below a
// number of them, and the one below it.
func percentile(values []float64, share measure.Share, least int) (mark, below measure.Opt[float64]) {
	n := len(values)
	if n == 0 || n < least {
		return mark, below
	}
	slices.Sort(values)
	at := (int64(share)*int64(n) + measure.Million - 1) / measure.Million
	i := min(max(int(at), 1), n) - 1
	if i > 0 {
		below = measure.Some(values[i-1])
	}
	return measure.Some(values[i]), below
}

func reaches(v, mark measure.Opt[float64]) bool {
	return v.Known && mark.Known && v.Value >= mark.Value
}
