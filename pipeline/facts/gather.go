package facts

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// ground is what stands before the rows of an export are read: it is shared by
// the workers and not changed by them, but for the two sets, which lock.
type ground struct {
	Options
	register      *clients.Register
	fx            map[fxKey]money.Exact
	priceList     map[string]listing // by product
	activityTable map[string]activity
	keepProducts  int
	onlyRole      string // where the rates know but one
	documents     *distinct
	tickets       *distinct
	scattered     bool                 // hours of a ticket may stand in several exports, of which one may know causes
	totals        *totals              // of the tickets of a source of lifetime totals
	skip          [][]int64            // by file of the source being read: lines that stand in a later export too
	wants         map[AccountName]bool // whose rows are traced; nil is nobody's
}

// superseded reports whether a row stands in a later export too.
func (g *ground) superseded(b exports.Batch, row int) bool {
	if len(g.skip) == 0 || len(g.skip[b.File]) == 0 {
		return false
	}
	_, found := slices.BinarySearch(g.skip[b.File], linesOf(b)[row])
	return found
}

// farAfter reports whether a month lies so far after the period that its year was
// hardly meant: what exports have of the months since the period does not.
func (g *ground) farAfter(m period.Month) bool { return m > g.Window.Last+12 }

// gathering is the work on the facts of one run.
type gathering struct {
	ground
	facts    *Facts
	findings *finding.Log

	accounts   *accounts // of all sources
	products   *names
	roles      *names
	categories *names
	pools      *names

	revenues
	oneProduct bool // too many to keep them apart
	work       table[workSum]
	direct     table[directSum]
	drives     []drive
	rates      []Rate

	documentsOf counts
	ticketsOf   counts

	traced    []*Entry
	incidents []incident
	actions   []action
	listed    []clients.Listed
	tally     []exports.Tally // of the small input being read
	tallies   []exports.Tally

	searches sync.WaitGroup // beside the reading
	found    []*finding.Log // by each of them

	seats []clients.Ref             // of the register's clients among those that have a row
	held  []finding.Total           // by account
	cells map[cellKey]finding.Place // of the clients' names in workbooks
}

// Gather reads all sources and returns what they say. Its errors are
// [*exports.Placed] where a place can be named, and the context's where it ends.
func Gather(ctx context.Context, sources []exports.Source, o Options) (*Facts, error) {
	if o.Window.Len() < 1 || o.Window.Len() > maxMonths {
		return nil, fmt.Errorf("a window of %d months cannot be gathered", o.Window.Len())
	}
	g := newGathering(o)
	if err := g.gather(ctx, sources); err != nil {
		return nil, err
	}
	return g.freeze()
}

// gather reads all inputs, and waits for what is looked for beside.
func (g *gathering) gather(ctx context.Context, sources []exports.Source) error {
	err := g.readAll(ctx, sources)
	g.searches.Wait()
	for _, log := range g.found {
		g.findings.Merge(log)
	}
	return err
}

// beside looks for something in what was read while the gathering goes on.
func (g *gathering) beside(search func(*finding.Log)) {
	log := &finding.Log{}
	g.found = append(g.found, log)
	g.searches.Go(func() { search(log) })
}

func newGathering(o Options) *gathering {
	return &gathering{
		ground: ground{Options: o, keepProducts: keepProducts, fx: map[fxKey]money.Exact{}, priceList: map[string]listing{}, activityTable: map[string]activity{},
			documents: newDistinct(o.Window.Len()), tickets: newDistinct(o.Window.Len())},
		documentsOf: make(counts, o.Window.Len()), ticketsOf: make(counts, o.Window.Len()),
		cells: map[cellKey]finding.Place{},
		facts: &Facts{Currency: o.Currency, Window: o.Window}, findings: &finding.Log{},
		products: newNames(), roles: newNames(), categories: newNames(), pools: newNames(),
	}
}

// readAll reads the inputs in the order in which they need each other: who is
// who, what things cost, what was billed, what was worked, and the rest.
func (g *gathering) readAll(ctx context.Context, sources []exports.Source) error {
	read := func(in exports.Input, row func(*gathering, *exports.Export, exports.Row) error) error {
		return g.each(ctx, sources, in, row)
	}
	if err := read(exports.Clients, (*gathering).client); err != nil {
		return err
	}
	var err error
	if g.register, err = clients.NewRegister(g.listed, g.InternalNames); err != nil {
		return g.placed(err)
	}
	g.accounts = newAccounts(g.register)
	for _, input := range []struct {
		name exports.Input
		row  func(*gathering, *exports.Export, exports.Row) error
	}{
		{exports.FX, (*gathering).rateOfExchange},
		{exports.Products, (*gathering).product},
		{exports.Activities, (*gathering).standard},
		{exports.Rates, (*gathering).rate},
		{exports.Pools, (*gathering).pool},
		{exports.PoolServices, (*gathering).service},
	} {
		if err := read(input.name, input.row); err != nil {
			return err
		}
	}
	if err := g.checkInputs(); err != nil {
		return err
	}
	if err := g.readBilling(ctx, sources); err != nil {
		return err
	}
	g.documents = nil // all are counted
	if !g.ClientsClosed {
		before := g.identities()
		if g.register.Admit(g.named()); g.torn(before) {
			if err := g.recount(ctx, sources); err != nil {
				return err
			}
		}
	}
	if err := g.readSupport(ctx, sources); err != nil {
		return err
	}
	for _, input := range []struct {
		name exports.Input
		row  func(*gathering, *exports.Export, exports.Row) error
	}{
		{exports.DirectCosts, (*gathering).directCost},
		{exports.Drivers, (*gathering).driver},
		{exports.Incidents, (*gathering).incident},
		{exports.Actions, (*gathering).action},
	} {
		if err := read(input.name, input.row); err != nil {
			return err
		}
	}
	return nil
}

// each runs through the rows of a small input.
func (g *gathering) each(ctx context.Context, sources []exports.Source, in exports.Input, row func(*gathering, *exports.Export, exports.Row) error) error {
	for _, src := range sources {
		if src.Input != in {
			continue
		}
		if err := g.lookTwice(ctx, src); err != nil {
			return err
		}
		e, err := exports.Open(ctx, src)
		if err != nil {
			return err
		}
		g.remember(e)
		g.tally = make([]exports.Tally, len(e.Source.Files))
		reading, err := e.Each(ctx, func(r exports.Row) error {
			if g.supersededRow(r) {
				g.tally[r.File()].Superseded++
				return nil
			}
			return row(g, e, r)
		})
		if err != nil {
			return err
		}
		g.account(reading, g.tally)
	}
	return nil
}

// lookTwice finds the rows of a source that are not to be counted again.
func (g *gathering) lookTwice(ctx context.Context, src exports.Source) error {
	o, err := g.twice(ctx, src)
	if err == nil {
		g.skip = o.skip
	}
	return err
}

func (g *gathering) supersededRow(r exports.Row) bool {
	if len(g.skip) == 0 || len(g.skip[r.File()]) == 0 {
		return false
	}
	_, found := slices.BinarySearch(g.skip[r.File()], r.Place("").Line)
	return found
}

// account adds to what the reader counted what became of the rows it handed on.
func (g *gathering) account(reading *exports.Reading, became []exports.Tally) {
	for i, t := range reading.Tallies {
		addTally(&t, became[i])
		g.tallies = append(g.tallies, t)
	}
	g.findings.Merge(reading.Findings)
}

// read reads a source with all workers, after finding out what stands in it
// twice, and reports its equal rows.
func (g *gathering) read(ctx context.Context, src exports.Source, gatherer func(e *exports.Export, worker int) (exports.Gatherer, *watch)) (*exports.Reading, error) {
	if err := g.lookTwice(ctx, src); err != nil {
		return nil, err
	}
	e, err := exports.Open(ctx, src)
	if err != nil {
		return nil, err
	}
	g.remember(e)
	e.Spare("line") // what stands twice was found above
	if g.wants == nil {
		e.Spare("entry")
	}
	watches := make([]*watch, g.workers())
	reading, err := e.Read(ctx, len(watches), func(w int) (of exports.Gatherer) {
		of, watches[w] = gatherer(e, w)
		return of
	})
	if err == nil {
		g.beside(func(log *finding.Log) { joinWatches(watches).report(e, log) })
	}
	return reading, err
}

// readBilling reads the billing exports, each with all workers.
func (g *gathering) readBilling(ctx context.Context, sources []exports.Source) error {
	for _, src := range sources {
		if src.Input != exports.Billing {
			continue
		}
		parts := make([]*billing, g.workers())
		reading, err := g.read(ctx, src, func(e *exports.Export, w int) (exports.Gatherer, *watch) {
			parts[w] = newBilling(&g.ground, e)
			parts[w].watch = newWatch(e)
			return parts[w], parts[w].watch
		})
		if err != nil {
			return err
		}
		parts = slices.DeleteFunc(parts, func(b *billing) bool { return b == nil })
		if err := g.settleCorrections(ctx, src, parts); err != nil {
			return err
		}
		g.joinBilling(reading, parts)
		months := make(cover, g.Window.Len())
		for _, b := range parts {
			months.add(b.months)
		}
		g.covers(src, months)
	}
	return nil
}

// readSupport reads the exports of support hours, each with all workers.
func (g *gathering) readSupport(ctx context.Context, sources []exports.Source) error {
	g.scattered = readings(sources) > 1
	for _, src := range sources {
		if src.Input != exports.SupportHours {
			continue
		}
		if src.Lifetime {
			if err := g.readLifetime(ctx, src); err != nil {
				return err
			}
			continue
		}
		parts := make([]*support, g.workers())
		reading, err := g.read(ctx, src, func(e *exports.Export, w int) (exports.Gatherer, *watch) {
			parts[w] = newSupport(&g.ground, e)
			parts[w].watch = newWatch(e)
			return parts[w], parts[w].watch
		})
		if err != nil {
			return err
		}
		months := make(cover, g.Window.Len())
		books := make([]*dayBook, 0, len(parts))
		for _, s := range parts {
			if s != nil {
				books = append(books, s.dayBook)
			}
		}
		g.beside(func(log *finding.Log) { reportDays(books, log) })
		g.joinSupport(reading, parts, months)
		g.covers(src, months)
	}
	return nil
}

// readings is how many times support hours are read: files of lifetime totals one
// by one.
func readings(sources []exports.Source) (n int) {
	for _, src := range sources {
		switch {
		case src.Input != exports.SupportHours:
		case src.Lifetime:
			n += len(src.Files)
		default:
			n++
		}
	}
	return n
}

// named lists whom the billing exports name.
func (g *gathering) named() []clients.Named {
	var list []clients.Named
	for i, a := range g.accounts.list {
		if a.turn == 0 && g.accounts.seen[i].rows > 0 {
			list = append(list, clients.Named{ID: a.id, Name: a.name, Lines: g.accounts.seen[i].rows})
		}
	}
	return list
}

// addTally adds a tally with the days that it covers.
func addTally(to *exports.Tally, o exports.Tally) {
	to.Add(o)
	if o.First != 0 {
		see(to, o.First)
		see(to, o.Last)
	}
}

// see widens the days that a file covers.
func see(t *exports.Tally, d period.Day) {
	if t.First == 0 || d < t.First {
		t.First = d
	}
	t.Last = max(t.Last, d)
}
