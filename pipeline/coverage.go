package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"clientworth/pipeline/costing"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/period"
	"clientworth/pipeline/worth"
)

// Rules are what the job itself finds, once all inputs are read.
var Rules = []*finding.Rule{ruleMissingMonth, ruleSmallMonth, ruleLateStart, ruleUnmetName}

var (
	ruleMissingMonth = &finding.Rule{
		Name: "missing-month", Effect: finding.Note,
		Sentence: "an export has no row in a month, and has some before it",
		Remedy:   "add the export of that month; until: says which month is the last that a source has",
	}
	ruleSmallMonth = &finding.Rule{
		Name: "small-month", Effect: finding.Note,
		Sentence: "an export has far fewer rows in a month than usual",
		Remedy:   "check whether the export of that month is complete",
	}
	ruleLateStart = &finding.Rule{
		Name: "late-start", Effect: finding.Note,
		Sentence: "an export begins after the window does",
		Remedy:   "add earlier exports if there are any, or shorten window_months",
	}
)

// Bounds are what a check warns of, and from where on nothing is published.
type Bounds[T any] struct{ Warn, Error T }

// monthly are the inputs that a company has rows of in every month.
var monthly = []exports.Input{exports.Billing, exports.SupportHours}

// regular is from how many months with rows a source is expected to go on. An
// entry of the configuration for each month's file is none.
const regular = 3

// extent is what an input, or one source of it, has of which month.
type extent struct {
	name        string // the source, or the input
	rows        []int64
	first, last period.Day // of all its rows, in the window or not
	until       period.Month
	stale       exports.Freshness
	occasional  bool // all its entries are
	every       int  // months from rows to the next ones; 0 is 1
	entries     int
}

// extents returns what an input has, all its sources together and each by itself.
func extents(r *Result, in exports.Input) (all extent, sources []extent) {
	f := r.Facts
	end := f.Window.Last
	all = extent{name: string(in), rows: make([]int64, f.Window.Len())}
	of := func(label string) *extent {
		i := slices.IndexFunc(sources, func(e extent) bool { return e.name == label })
		if i < 0 {
			i = len(sources)
			sources = append(sources, extent{name: label, rows: make([]int64, f.Window.Len()), until: end})
		}
		return &sources[i]
	}
	for _, c := range f.Coverage {
		if c.Input == in {
			at := f.Window.Index(c.Month)
			all.rows[at] += c.Rows
			of(c.Source).rows[at] += c.Rows
		}
	}
	for _, t := range f.Tallies {
		if t.Input == in {
			all.see(t)
			of(t.Source).see(t)
		}
	}
	for _, s := range r.Options.Sources {
		if s.Input == in {
			e := of(s.Label)
			e.stale = s.Freshness
			e.occasional = s.Occasional && (e.occasional || e.entries == 0)
			e.entries++
			e.every = sooner(e.every, max(s.Every, 1))
			if s.Until != 0 {
				e.until = min(end, s.Until)
			}
		}
	}
	all.until = end
	for _, s := range sources {
		if !s.occasional {
			all.every = sooner(all.every, s.every)
		}
	}
	if len(sources) > 0 {
		all.until = slices.MaxFunc(sources, func(a, b extent) int { return int(a.until) - int(b.until) }).until
	}
	return all, sources
}

// sooner returns the shorter of two intervals, of which 0 is not known.
func sooner(a, b int) int {
	if a == 0 || b == 0 {
		return max(a, b)
	}
	return min(a, b)
}

func (e *extent) see(t exports.Tally) {
	if t.First != 0 && (e.first == 0 || t.First < e.first) {
		e.first = t.First
	}
	e.last = max(e.last, t.Last)
}

// missing returns the months from the first that has a row to the last that should
// have, in which none came although one was due.
func (e *extent) missing(w period.Window) (months []period.Month) {
	if e.first == 0 || e.first.Month() > e.until {
		if e.until >= w.First && e.rows[w.Index(e.until)] == 0 {
			months = append(months, e.until)
		}
		return months
	}
	idle := max(0, int(w.First-e.last.Month())-1)
	for m := max(w.First, e.first.Month()); m <= e.until; m++ {
		idle++
		switch {
		case e.rows[w.Index(m)] > 0:
			idle = 0
		case idle >= max(e.every, 1):
			months = append(months, m)
		}
	}
	return months
}

func (e *extent) regular() bool {
	n := 0
	for _, rows := range e.rows {
		if rows > 0 {
			n++
		}
	}
	return n >= regular && !e.occasional
}

// usual is the median number of rows of the other months that have any, the lower
// of two; zero with fewer than three of them.
func (e *extent) usual(but int) int64 {
	var others []int64
	for i, n := range e.rows {
		if i != but && n > 0 {
			others = append(others, n)
		}
	}
	if len(others) < regular {
		return 0
	}
	slices.Sort(others)
	return others[(len(others)-1)/2]
}

// short is how many rows a month lacks of a share of its usual number; nothing
// where it has none at all, which is a missing month.
func (e *extent) short(at int, s measure.Share) int64 {
	if e.rows[at] == 0 {
		return 0
	}
	usual := e.usual(at)
	return max(0, usual-part(usual, measure.Million-min(s, measure.Million))-e.rows[at])
}

// age is how many days before the period's end, or its own, the last row lies.
func (e *extent) age() int64 { return int64(max(0, e.until.Last()-e.last)) }

// span says where the rows of an input begin and end.
func (e *extent) span() string {
	if e.first == 0 {
		return "it has no rows"
	}
	return fmt.Sprintf("its rows are of %s to %s", e.first, e.last)
}

// coverage holds billing and support hours to the period: no month may be missing
// from the first they have to the period, one should not begin after the other, the
// period should have about as many rows as other months, and no source may be older
// than it should.
func (k *checker) coverage(r *Result, limits Limits) {
	w := r.Facts.Window
	for _, in := range monthly {
		all, sources := extents(r, in)
		lacking := all.missing(w)
		k.bounded(Check{Name: "months of " + all.name, A: "months without rows", Left: int64(len(lacking)), Detail: list(lacking, all.span()),
			Remedy: "export " + all.name + " of that month too, or name another with --period; if nothing happened in it, raise limits.missing_months, or say with every: 3 that rows come by the quarter"},
			Bounds[int64]{0, int64(limits.MissingMonths)})
		k.begin(all, max(w.First, r.Facts.Begin))
		k.sources(all, sources, w)
		k.size(all, w, limits.SmallMonth)
		for _, s := range sources {
			k.age(s)
		}
	}
	k.pools(r)
}

// begin warns of an input that begins months after others: until then, clients look as if
// they had not paid, or cost nothing. Fewer may lie between work and invoice.
func (k *checker) begin(all extent, first period.Month) {
	late := int(all.first.Month() - first)
	if all.first == 0 || late < max(all.every, worth.Arrears) {
		late = 0
	}
	k.bounded(Check{Name: "begin of " + all.name, A: "months in which only others have rows", Left: int64(late), Detail: all.span(), Remedy: ruleLateStart.Remedy},
		Bounds[int64]{0, forever})
}

// pools warns of pools that have amounts, but none of the period.
func (k *checker) pools(r *Result) {
	if len(r.Facts.Pools) == 0 {
		return
	}
	var names []string
	for pool, lacking := range costing.Stopped(r.Facts) {
		if slices.Contains(lacking, r.Facts.Window.Last) {
			names = append(names, r.Facts.Pools[pool])
		}
	}
	slices.Sort(names)
	k.bounded(Check{Name: "months of pools", A: "pools without an amount", Left: int64(len(names)), Detail: strings.Join(names, ", "),
		Remedy: costing.PoolStops.Remedy}, Bounds[int64]{0, forever})
}

// sources warns of months that one of several sources lacks.
func (k *checker) sources(all extent, sources []extent, w period.Window) {
	var lacking []string
	n := 0
	for _, s := range sources {
		if months := s.missing(w); s.regular() && len(months) > 0 {
			lacking = append(lacking, s.name+" "+list(months, ""))
			n += len(months)
		}
	}
	if len(sources) > 1 {
		k.bounded(Check{Name: "sources of " + all.name, A: "months that a source lacks", Left: int64(n), Detail: strings.Join(lacking, "; "),
			Remedy: ruleMissingMonth.Remedy}, Bounds[int64]{0, forever})
	}
}

// size warns of a period with far fewer rows than usual.
func (k *checker) size(all extent, w period.Window, small Bounds[measure.Share]) {
	at := w.Index(all.until)
	c := Check{Name: "size of " + all.name, A: "rows that the month is short of", Left: all.short(at, small.Warn), Remedy: ruleSmallMonth.Remedy}
	bounds := Bounds[int64]{0, forever}
	if c.Left > 0 {
		c.Detail = fmt.Sprintf("%s has %d, usual are %d", all.until, all.rows[at], all.usual(at))
	}
	if all.short(at, small.Error) > 0 {
		bounds.Error = 0
	}
	k.bounded(c, bounds)
}

// age holds a source to the freshness that is asked of it.
func (k *checker) age(s extent) {
	if s.stale == (exports.Freshness{}) {
		return
	}
	bounds := Bounds[int64]{int64(s.stale.Warn), int64(s.stale.Error)}
	if bounds.Error == 0 {
		bounds.Error = forever
	}
	if bounds.Warn == 0 {
		bounds.Warn = bounds.Error
	}
	k.bounded(Check{Name: "age of " + s.name, A: "days from the last row to the month's end", Left: s.age(), Detail: s.span(),
		Remedy: "export it again, or change its freshness"}, bounds)
}

// forever is a bound that nothing reaches.
const forever = 1 << 62

// bounded checks a figure that may warn before it fails. Exports that fail are
// late: the run ends as if they were missing.
func (k *checker) bounded(c Check, b Bounds[int64]) {
	c.Unit, c.B, c.Late = Count, nothing, true
	c.Tolerance = min(b.Warn, b.Error)
	if b.Error < forever {
		c.Bound = b.Error
	}
	if c.Left <= c.Tolerance {
		c.Detail = ""
	}
	k.add(c)
	if at := &k.checks[len(k.checks)-1]; at.State == Fail {
		if c.Left <= b.Error {
			at.State = Warn
		} else {
			at.Tolerance = b.Error
		}
	}
}

// list names months, and says what else is known of them.
func list(months []period.Month, span string) string {
	if len(months) == 0 {
		return ""
	}
	const most = 6
	var names []string
	for i, m := range months {
		if i == most {
			names = append(names, fmt.Sprintf("and %d more", len(months)-most))
			break
		}
		names = append(names, m.String())
	}
	if span != "" {
		span = "; " + span
	}
	return strings.Join(names, ", ") + span
}

// gaps are the findings of what the inputs lack, source by source.
func gaps(r *Result) *finding.Log {
	log := &finding.Log{}
	w := r.Facts.Window
	for _, in := range monthly {
		all, sources := extents(r, in)
		if all.first != 0 && all.first.Month() > w.First && all.first <= w.Last.Last() {
			log.Add(finding.Finding{Rule: ruleLateStart, Place: finding.Place{File: all.name}, Detail: all.first.String()})
		}
		for _, s := range sources {
			s.gaps(log, w, r.Options.Limits.SmallMonth.Warn, len(sources) == 1)
		}
	}
	return log
}

// gaps finds the months that a source lacks, if it should have some, and those that
// have less than a share of its usual rows.
func (e *extent) gaps(log *finding.Log, w period.Window, small measure.Share, only bool) {
	if only || e.regular() {
		for _, m := range e.missing(w) {
			log.Add(finding.Finding{Rule: ruleMissingMonth, Place: finding.Place{File: e.name}, Detail: m.String()})
		}
	}
	for at, n := range e.rows {
		if !e.occasional && e.short(at, small) > 0 {
			log.Add(finding.Finding{Rule: ruleSmallMonth, Place: finding.Place{File: e.name},
				Detail: fmt.Sprintf("%s: %d rows, usually %d", w.At(at), n, e.usual(at))})
		}
	}
}
