package verdict

import (
	"clientworth/pipeline/costing"
	"clientworth/pipeline/measure"
)

// taken sets each action's months before against those after it, the month of
// the action itself left out.
func (e *evidence) taken() []Action {
	from := e.worth.FirstObserved
	to := from + e.worth.MonthsObserved
	var all []Action
	for _, a := range e.actions {
		if a.Day > e.window.Last.Last() {
			continue // not yet taken
		}
		at := e.window.Index(a.Day.Month())
		before := e.between(from, min(at, to))
		after := e.between(max(at+1, from), to)
		t := Action{Day: a.Day, Kind: a.Kind, Before: len(before), After: len(after), Gap: e.rules.Compare(e.worth, before, after)}
		switch gap := t.Gap; {
		case gap.High.Known && gap.High.Value < 0:
			t.Worked = measure.Some(true)
		case gap.Low.Known && gap.Low.Value > 0:
			t.Worked = measure.Some(false)
		}
		all = append(all, t)
	}
	return all
}

// between returns the months of the window from a position to another.
func (e *evidence) between(from, to int) []costing.Month {
	if from >= to {
		return nil
	}
	return e.months[from:to]
}
