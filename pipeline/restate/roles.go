package restate

import (
	"clientworth/pipeline/facts"
	"clientworth/pipeline/period"
)

// roles are those that a report published by themselves. Which roles are too small
// for that changes with what is known of them, so what is known now is held against
// the published figures under the names that these have.
type roles struct {
	alone  map[Word]bool
	others Word // those published together; 0 is none
}

func rolesOf(w *Words, lines Lines, months period.Window) roles {
	r, together := roles{alone: map[Word]bool{}}, w.Of(facts.OtherRoles)
	for i := range months.Len() {
		for _, l := range lines(months.At(i)) {
			switch {
			case l.Component != Labour:
			case l.Item == together:
				r.others = together
			default:
				r.alone[l.Item] = true
			}
		}
	}
	return r
}

// itemOf returns what a line is of, a role as it was published.
func (r *roles) itemOf(l *Line) Word {
	if l.Component != Labour || r.others == 0 || r.alone[l.Item] {
		return l.Item
	}
	return r.others
}
