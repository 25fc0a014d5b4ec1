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
}

func marksOf(p *worth.Portfolio, o Options) marks {
	var hours, tickets, paid []float64
	for i := range p.Clients {
		w := &p.Clients[i]
		h, t := effort(w)
		hours, tickets, paid = collect(hours, h), collect(tickets, t), collect(paid, w.PaidOverFair)
	}
	return marks{
		hours:   percentile(hours, o.DemandingAt, o.DemandingFrom),
		tickets: percentile(tickets, o.DemandingAt, o.DemandingFrom),
		paid:    percentile(paid, o.LookAfterAt, 1),
	}
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

// percentile returns the ceil(share * n)-th smallest of n values, absent below
// a number of them.
func percentile(values []float64, share measure.Share, least int) measure.Opt[float64] {
	n := len(values)
	if n == 0 || n < least {
		return measure.Opt[float64]{}
	}
	slices.Sort(values)
	at := (int64(share)*int64(n) + measure.Million - 1) / measure.Million
	return measure.Some(values[min(max(int(at), 1), n)-1])
}

func reaches(v, mark measure.Opt[float64]) bool {
	return v.Known && mark.Known && v.Value >= mark.Value
}
