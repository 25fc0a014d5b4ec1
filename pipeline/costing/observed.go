package costing

import (
	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/period"
)

// Observed is the run of months in which we could have seen a client: the
// positions From to To (not included) in the window. It is empty where
// From == To.
type Observed struct {
	From, To int
	Ended    bool // its contract ended by the period, and nothing came later; or it was merged into another
}

// Len returns how many months were observed.
func (o Observed) Len() int { return o.To - o.From }

// Contains reports whether the month at a position of the window was observed.
func (o Observed) Contains(at int) bool { return at >= o.From && at < o.To }

// ObservedMonths returns the observed months of every client, by clients.Ref:
// from the earlier of its first activity (in all data) and the start of its
// contract to the later of the contract's end and its last activity, or to the
// period where no end is known. A client that was merged into another is observed
// to its last activity. Nobody is observed before the exports begin, however old
// the contract: months without any data would count as months that were paid for
// and cost nothing. What a client was billed for afterwards is activity of its own,
// and of nobody else.
func ObservedMonths(f *facts.Facts) []Observed {
	all := make([]Observed, len(f.Clients))
	activity := f.Activity
	for ref := range all {
		for len(activity) > 0 && int(activity[0].Client) < ref {
			activity = activity[1:]
		}
		var seen facts.Activity
		if len(activity) > 0 && int(activity[0].Client) == ref {
			seen = activity[0]
		}
		all[ref] = observed(&f.Clients[ref], seen, f.Window, f.Begin)
	}
	return all
}

func observed(c *clients.Client, seen facts.Activity, w period.Window, begin period.Month) (o Observed) {
	first, last := seen.First, w.Last
	if start := c.ContractStart.Month(); start != 0 {
		if start = max(start, begin); first == 0 || start < first {
			first = start
		}
	}
	if end := c.ContractEnd.Month(); end != 0 {
		last = min(last, max(end, seen.Last))
	}
	if seen.Into.Known {
		last = min(last, seen.Last)
	}
	o.Ended = seen.Into.Known || c.ContractEnd != 0 && c.ContractEnd <= w.Last.Last() && seen.Last <= c.ContractEnd.Month()
	known := first != 0
	if first = max(first, w.First); known && first <= last {
		o.From, o.To = w.Index(first), w.Index(last)+1
	}
	return o
}
