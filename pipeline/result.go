package pipeline

import (
	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/period"
	"clientworth/pipeline/verdict"
	"clientworth/pipeline/worth"
)

// Result is a company's month as the reports publish it: everything is
// computed, nothing is formatted.
type Result struct {
	Company string
	Period  period.Month
	AsOf    period.Day
	Target  measure.Share

	Facts      *facts.Facts
	Costs      *costing.Costs
	Worth      *worth.Portfolio
	Judgements []verdict.Judgement // by clients.Ref
	Checks     []Check
}

// Judgement returns the judgement of a client, nil where none was made.
func (r *Result) Judgement(c clients.Ref) *verdict.Judgement {
	if int(c) < 0 || int(c) >= len(r.Judgements) {
		return nil
	}
	return &r.Judgements[c]
}

// State is the outcome of a check. A check that was not run has failed.
type State uint8

const (
	NotRun State = iota
	Pass
	Warn
	Fail
)

func (s State) String() string { return [...]string{"not run", "pass", "warn", "fail"}[s] }

// Check compares two figures that must agree.
type Check struct {
	Number    int
	Name      string
	A, B      string // what is compared, in words
	Left      int64  // in minor units, millionths of an hour, or a count, as Unit says
	Right     int64
	Unit      Unit
	Tolerance int64
	State     State
}

// Unit is what the two figures of a check count.
type Unit uint8

const (
	Count Unit = iota
	MinorUnits
	MicroHours
)
