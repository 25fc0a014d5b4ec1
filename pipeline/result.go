package pipeline

import (
	"slices"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/period"
	"clientworth/pipeline/restate"
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
	Options Options // as they were in force

	Facts      *facts.Facts
	Costs      *costing.Costs
	Worth      *worth.Portfolio
	Judgements []verdict.Judgement // by clients.Ref
	Checks     []Check

	Grades []verdict.Grade // of what earlier reports said
	Before []verdict.Past  // what the last report of an earlier period said; empty where there is none

	Restatement *restate.Restatement // of the last published report's months; nil where there is none
}

// Recall sets what earlier reports said against what is known now.
func (r *Result) Recall(past []verdict.Past) {
	r.Grades = verdict.GradePast(r.Facts, r.Costs, r.Worth, past)
	r.Before = nil
	for _, said := range past {
		if len(r.Before) > 0 && said.Period > r.Before[0].Period {
			r.Before = nil
		}
		if len(r.Before) == 0 || said.Period == r.Before[0].Period {
			r.Before = append(r.Before, said)
		}
	}
}

// Seen is the window from where the exports begin, all of it where they begin
// before.
func (r *Result) Seen() period.Window {
	w := r.Facts.Window
	if w.Contains(r.Facts.Begin) {
		w.First = r.Facts.Begin
	}
	return w
}

// SharesByRevenue reports whether costs are shared out by revenue: then a higher
// price draws a larger share of them, which no figure of what a price would change
// has in it.
func (r *Result) SharesByRevenue() bool {
	return slices.ContainsFunc(r.Facts.PoolCosts, func(p facts.PoolCost) bool {
		return p.Driver == facts.ByRevenue && !p.Sustaining && r.Facts.Window.Contains(p.Month)
	})
}

// Judgement returns the judgement of a client, nil where none was made.
func (r *Result) Judgement(c clients.Ref) *verdict.Judgement {
	if int(c) < 0 || int(c) >= len(r.Judgements) {
		return nil
	}
	return &r.Judgements[c]
}

// NotYetJudged counts the clients whose material shortfall is still without a
// verdict: too few months, or months whose revenue nobody explains.
func (r *Result) NotYetJudged() (n int) {
	for i := range r.Judgements {
		if r.Worth.Clients[i].Material && r.Judgements[i].Verdict == verdict.NoVerdictYet {
			n++
		}
	}
	return n
}

// Findings returns what all stages found.
func (r *Result) Findings() *finding.Log {
	all := &finding.Log{}
	all.Merge(r.Facts.Findings)
	all.Merge(r.Costs.Findings)
	all.Merge(r.Worth.Findings)
	all.Merge(verdict.Findings(r.Facts, r.Judgements))
	all.Merge(gaps(r))
	all.Merge(unmet(r))
	return all
}

// Reservations reports whether the result is published with reservations: rows are
// set aside or unmapped, or a check warns.
func (r *Result) Reservations() bool {
	if slices.ContainsFunc(r.Checks, func(c Check) bool { return c.State == Warn }) {
		return true
	}
	for _, rule := range r.Findings().Rules() {
		if rule.Effect != finding.Note {
			return true
		}
	}
	return false
}
