package facts

import (
	"context"
	"errors"
	"slices"
	"strings"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
)

// Some exports give the hours of a ticket since it was opened. What was worked
// between two such exports is the difference of a ticket's totals, and falls on
// the date that the later one gives; the total of the first falls on its date as
// a whole. So these files are read one after another, the earlier first.

// totals are the hours of tickets in the exports before the one being read.
type totals struct {
	before map[string]measure.Hours // not yet taken off a row
	now    map[string]measure.Hours
	first  bool
}

// since returns the hours of a row that are new.
func (t *totals) since(ticket string, hours measure.Hours) measure.Hours {
	t.now[strings.Clone(ticket)] += hours
	was := t.before[ticket]
	delete(t.before, ticket) // setting it to 0 would put the batch's text in the place of the key
	return hours - was
}

// next goes on to the next export. A ticket that an export lacks keeps its total.
func (t *totals) next() {
	for ticket, hours := range t.now {
		t.before[ticket] = hours
	}
	clear(t.now)
	t.first = false
}

var errNoTicket = errors.New("totals per ticket need the ticket")

// readLifetime reads the files of a source of lifetime totals.
func (g *gathering) readLifetime(ctx context.Context, src exports.Source) error {
	o := &overlaps{source: src, skip: make([][]int64, len(src.Files))}
	if err := g.survey(ctx, o); err != nil {
		return err
	}
	g.findings.Merge(&o.found)
	order := make([]int, len(src.Files))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return o.rank(int32(a), int32(b)) })
	g.skip = nil
	g.totals = &totals{before: map[string]measure.Hours{}, now: map[string]measure.Hours{}, first: true}
	defer func() { g.totals = nil }()
	months := make(cover, g.Window.Len())
	for _, i := range order {
		one := src
		one.Files = src.Files[i : i+1]
		e, err := exports.Open(ctx, one)
		if err != nil {
			return err
		}
		g.remember(e)
		if !e.Has("ticket") {
			return &exports.Placed{Place: finding.Place{File: one.Files[0], Field: "ticket"}, Err: errNoTicket, Remedy: "map the column ticket"}
		}
		s := newSupport(&g.ground, e)
		s.accounts.first = i
		reading, err := e.Read(ctx, exports.Crew{}, func() exports.Gatherer { return s })
		if err != nil {
			return err
		}
		if g.totals.first {
			g.findings.Add(finding.Finding{Rule: ruleLifetime, Place: finding.Place{File: one.Files[0], Field: "hours"}, Hours: s.files[0].UsedHours})
		}
		g.totals.next()
		g.joinSupport(reading, []*support{s}, months)
	}
	g.covers(src, months)
	return nil
}
