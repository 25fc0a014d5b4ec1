// Package trace lays out how the figures of one client came about: revenue down to
// the lines of its documents, labour down to roles, activities and entries, each
// pool with the client's share of its driver, all with file and line. Every level
// adds up to the one above, to the minor unit, and the whole to the report, or it
// refuses.
package trace

import (
	"fmt"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Trace is how the figures of a client came about in some months.
type Trace struct {
	Currency money.Currency
	ID       string
	Name     string
	Months   period.Window
	Lines    []Line
}

// Component is what a line is part of.
type Component string

const (
	Revenue Component = "revenue"
	Labour  Component = "labour"
	Pool    Component = "pool"
	Direct  Component = "direct"
	Result  Component = "" // what follows from the others
)

// Line is a figure and how it came about. The lines of depth n+1 below a line of
// depth n are its parts, and add up to it.
type Line struct {
	Depth     int
	First     bool // of a new matter
	Component Component
	Month     period.Month // zero for all months
	What      string
	How       string // how the amount comes about
	Hours     measure.Hours
	Amount    money.Amount
	Own       money.Amount // the part of a last line that is our own error; of a credit, what it gave back
	Note      bool         // a remark on the lines before, no part of anything

	// What a last line is about.
	Item     string // product, role, pool or category
	Quantity string // of a pool's driver
	Of       string
	Place    finding.Place
	Entry    *facts.Entry // the row of the export; nil for pools
}

// Of lays out the figures of a client, or of clients.Unmapped, in months of the
// window, from the rows that facts.Trace found. An error says that the rows do not
// add up to the report.
func Of(r *pipeline.Result, ref clients.Ref, entries []facts.Entry, months period.Window) (*Trace, error) {
	l := &layout{
		Trace:   Trace{Currency: r.Costs.Currency, ID: string(clients.UnmappedID), Name: "Unmapped", Months: months},
		r:       r,
		ref:     ref,
		entries: entries,
		of:      r.Costs.Unmapped.Months,
	}
	if ref >= 0 {
		l.ID, l.Name = string(r.Facts.Clients[ref].ID), r.Facts.Clients[ref].Name
		l.of = r.Costs.Clients[ref].Months
	}
	l.of = l.of[r.Facts.Window.Index(months.First) : r.Facts.Window.Index(months.Last)+1]
	l.sum = costing.Sum(l.of)
	for _, part := range []func() error{l.revenue, l.cost, l.labour, l.pools, l.direct, l.results} {
		if err := part(); err != nil {
			return nil, fmt.Errorf("trace of %s: %w", l.ID, err)
		}
	}
	return &l.Trace, nil
}

// layout writes the lines of a trace.
type layout struct {
	Trace
	r       *pipeline.Result
	ref     clients.Ref
	entries []facts.Entry
	of      []costing.Month // of the months traced
	sum     costing.Month
}

func (l *layout) add(line Line) { l.Lines = append(l.Lines, line) }

// tie checks that the lines of a component and depth add up to a total.
func (l *layout) tie(c Component, depth int, want money.Amount) error {
	var sum money.Amount
	for _, line := range l.Lines {
		if line.Component == c && line.Depth == depth {
			sum += line.Amount
		}
	}
	if sum != want {
		return fmt.Errorf("%s adds up to %s, not to %s", c, l.money(sum), l.money(want))
	}
	return nil
}

// changed is the error that the exports are not what was computed from.
func changed(what string) error {
	return fmt.Errorf("%s: the rows are not those that were computed from; run again", what)
}

func (l *layout) cost() error {
	l.add(Line{First: true, What: "Cost to serve", Amount: l.sum.Cost()})
	return nil
}

// results are what follows from revenue and cost. Fair price, gap and shortfall
// are the window's.
func (l *layout) results() error {
	own := l.sum.OwnErrorCost()
	if own != 0 {
		l.add(Line{Depth: 1, What: "Of these, our own errors", Amount: own, Note: true,
			How: fmt.Sprintf("labour %s, pools %s, direct %s", l.money(l.sum.LabourOwn), l.money(l.sum.PoolsOwn), l.money(l.sum.DirectOwn))})
	}
	l.add(Line{First: true, What: "Margin", How: "revenue - cost to serve", Amount: l.sum.Margin()})
	if l.ref < 0 || l.Months != l.r.Facts.Window {
		return nil
	}
	w := &l.r.Worth.Clients[l.ref]
	if w.Cost != l.sum.Cost() || w.Revenue != l.sum.Revenue || w.OwnError != own {
		return fmt.Errorf("the report has a cost of %s, the trace %s", l.money(w.Cost), l.money(l.sum.Cost()))
	}
	l.add(Line{What: "Fair price", Amount: w.FairPrice, How: fmt.Sprintf("(cost %s - own errors %s) / (1 - %s)", l.money(l.sum.Cost()), l.money(own), percent(w.Target))})
	how := "fair price - revenue"
	if l.sum.OwnCredits != 0 {
		how += fmt.Sprintf(" - credits for our own errors %s", l.money(l.sum.OwnCredits))
	}
	if l.sum.Revenue+l.sum.OwnCredits < 0 {
		how += "; revenue below zero counts as none"
	}
	l.add(Line{What: "Gap", How: how, Amount: w.Gap})
	l.add(Line{What: "Shortfall", How: "the gap, where above zero", Amount: w.Shortfall})
	return nil
}
