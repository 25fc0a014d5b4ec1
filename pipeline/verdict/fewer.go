package verdict

import (
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/worth"
)

// fewerHours is how many of the client's own hours a month would have to go, at
// what they cost on average, for no material shortfall to be left. It is no lever
// where hardly an hour would stay.
func (e *evidence) fewerHours() Change {
	w := e.worth
	caused := w.Hours - e.ownHours(1, 1)
	if caused <= 0 || w.Caused.Labour <= 0 {
		return Change{}
	}
	excess := w.Shortfall - e.immaterial(w.Revenue+w.OwnCredits)
	part := ceiling(worth.Times(excess, measure.Million-w.Target)).Float() / w.Caused.Labour.Float()
	if part >= 1 {
		return Change{}
	}
	const tenth = measure.Million / 10 // said to a tenth of an hour, rounded up
	n := measure.Hours(max(w.MonthsObserved, 1))
	hours := measure.Hours(part*float64(caused)/float64(n)/tenth+1) * tenth
	gone := hours * n
	if gone >= caused {
		return Change{}
	}
	return Change{Lever: FewerHours, Hours: hours, Share: measure.Some(part), To: e.without(gone, caused)}
}

// without is the verdict without a part of the caused hours, each month's alike:
// without their labour, their tickets and what they are worth beyond the plan.
// Pools may fall with the hours, or not: a verdict that hangs on it is not named.
func (e *evidence) without(gone, caused measure.Hours) Verdict {
	gonePart := func(a money.Amount) money.Amount { return scale(a, int64(gone), int64(caused)).Value }
	given := e.givenWithout(gone, caused)
	less := func(pools money.Amount) Verdict {
		other := e.altered(func(w *worth.Client) {
			labour := gonePart(w.Caused.Labour)
			w.Cost -= labour + pools
			w.Labour -= labour
			w.Pools -= pools
			w.Value.Value -= given
			w.Hours -= gone
			w.Tickets -= int64(gonePart(money.Amount(w.Tickets)))
		})
		other.marks = e.marks.without(e.worth)
		return other.economic()
	}
	return agreed(less(0), less(gonePart(e.worth.Caused.Pools)))
}

// givenWithout is the list value of support beyond the plan that goes with a part
// of the caused hours. The hours that the plan includes stay included.
func (e *evidence) givenWithout(gone, caused measure.Hours) (value money.Amount) {
	unbilled := make([]measure.Hours, len(e.months))
	for _, w := range e.work {
		if !w.Billable && w.Cause != facts.OwnError && e.window.Contains(w.Month) {
			unbilled[e.window.Index(w.Month)] += w.Hours
		}
	}
	for i, hours := range unbilled {
		given := e.months[i].Given
		beyond := hours - max(e.who.PlanHours.Value, 0)
		if given == 0 || beyond <= 0 {
			continue
		}
		less := measure.Hours(scale(money.Amount(hours), int64(gone), int64(caused)).Value)
		value += scale(given, int64(min(less, beyond)), int64(beyond)).Value
	}
	return value
}

// agreed is the verdict where two ways lead to one, and otherwise none.
func agreed(a, b Verdict) Verdict {
	if a != b {
		return NoVerdictYet
	}
	return a
}

// fewerErrors is by how much own errors would have to fall to come first no more:
// their cost, their hours and the credits for them alike. It is found by halving. It is no lever
// where the client's shortfall would come next: that is no better verdict.
func (e *evidence) fewerErrors() Change {
	own := e.ownErrors()
	fall := func(by money.Amount) func(*worth.Client) {
		return func(w *worth.Client) {
			credits := scale(by, int64(w.OwnCredits), int64(own)).Value
			w.Revenue, w.OwnCredits = w.Revenue+credits, w.OwnCredits-credits
			w.OwnError -= by - credits
			w.Cost -= by - credits
		}
	}
	low, high := money.Amount(0), own
	for low < high {
		mid := low + (high-low)/2
		if e.altered(fall(mid)).ownErrorsFit() {
			low = mid + 1
		} else {
			high = mid
		}
	}
	low = min(e.wholeUnits(low), own)
	other := e.altered(func(w *worth.Client) {
		fall(low)(w)
		gone := e.ownHours(low, own)
		w.Tickets -= int64(scale(money.Amount(w.Tickets), int64(gone), int64(max(w.Hours, 1))).Value)
		w.Hours -= gone
	})
	other.marks = e.marks.without(e.worth)
	to := other.economic()
	if to.Short() {
		return Change{}
	}
	return Change{Lever: OwnWork, Amount: low, Share: measure.Some(low.Float() / own.Float()), To: to}
}

// ownHours are the hours that go with a part of our own errors.
func (e *evidence) ownHours(part, whole money.Amount) measure.Hours {
	var own measure.Hours
	for i := range e.months {
		own += e.months[i].HoursOwn
	}
	return measure.Hours(scale(money.Amount(own), int64(part), int64(whole)).Value)
}
