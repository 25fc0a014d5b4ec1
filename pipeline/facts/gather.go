package facts

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/cores"
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

// superseded reports whether a row of a file stands in a later export too.
func (g *ground) superseded(file int, line int64) bool {
	if !g.skips(file) {
		return false
	}
	_, found := slices.BinarySearch(g.skip[file], line)
	return found
}

// skips reports whether any row of a file stands in a later export too.
func (g *ground) skips(file int) bool { return len(g.skip) > 0 && len(g.skip[file]) > 0 }

// farAfter reports whether a month lies so far after the period that its year was
// hardly meant: what exports have of the months since the period does not.
func (g *ground) farAfter(m period.Month) bool { return m > g.Window.Last+12 }

// gathering is the work on the facts of one run.
type gathering struct {
	ground
	crew     exports.Crew
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

	unheard map[wordColumn]*unheardWords

	searches *sync.WaitGroup // beside the reading, also of what is gathered apart
	found    []*finding.Log  // by each of them

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
	g.sayUnheard()
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
		crew: exports.Crew{Workers: o.Workers}, searches: &sync.WaitGroup{}, cells: map[cellKey]finding.Place{}, unheard: map[wordColumn]*unheardWords{},
		facts: &Facts{Currency: o.Currency, Window: o.Window}, findings: &finding.Log{},
		products: newNames(), roles: newNames(), categories: newNames(), pools: newNames(),
	}
}

// readAll reads the inputs in the order in which they need each other: who is
// who, what things cost, what was billed, what was worked, and the rest.
func (g *gathering) readAll(ctx context.Context, sources []exports.Source) error {
	if err := g.readSmall(ctx, sources, small{exports.Clients, g.client}); err != nil {
		return err
	}
	var err error
	if g.register, err = clients.NewRegister(g.listed, g.InternalNames); err != nil {
		return g.placed(err)
	}
	g.accounts = newAccounts(g.register)
	if err := g.readSmall(ctx, sources,
		small{exports.FX, g.rateOfExchange}, small{exports.Products, g.product}, small{exports.Activities, g.standard},
		small{exports.Rates, g.rate}, small{exports.Pools, g.pool}, small{exports.PoolServices, g.service},
	); err != nil {
		return err
	}
	if err := g.checkInputs(); err != nil {
		return err
	}
	if err := g.readLarge(ctx, sources); err != nil {
		return err
	}
	return g.readSmall(ctx, sources,
		small{exports.DirectCosts, g.directCost}, small{exports.Drivers, g.driver}, small{exports.Incidents, g.incident}, small{exports.Actions, g.action})
}

// apart begins a gathering on the same ground that is to be joined.
func (g *gathering) apart() *gathering {
	o := newGathering(g.Options)
	documents, tickets := o.documents, o.tickets
	o.ground = g.ground
	o.documents, o.tickets, o.accounts, o.searches = documents, tickets, newAccounts(g.register), g.searches
	return o
}

// readLarge reads what was billed and what was worked. Where nobody is listed, billing
// first has to tell who is who.
func (g *gathering) readLarge(ctx context.Context, sources []exports.Source) error {
	billed, worked := g.apart(), g.apart()
	beside := g.crew.Workers > 1 && len(g.listed) > 0
	var err error
	if beside {
		err = readBoth(ctx, sources, billed, worked)
	} else {
		err = billed.readBilling(ctx, sources)
	}
	if err != nil {
		return err
	}
	if err := g.admit(ctx, sources, billed, worked); err != nil {
		return err
	}
	if !beside {
		if err := worked.readSupport(ctx, sources); err != nil {
			return err
		}
	}
	g.joinApart(billed)
	g.joinApart(worked)
	g.tickets = worked.tickets
	return nil
}

// readBoth reads billing and support hours side by side: two workers that read the same
// would both meet most of its sums, and these would have to be added up.
func readBoth(ctx context.Context, sources []exports.Source, billed, worked *gathering) error {
	billed.crew, worked.crew = billed.crew.Split()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return cores.Beside(
		func() error {
			defer billed.crew.Leave()
			err := billed.readBilling(ctx, sources)
			if err != nil {
				cancel() // this error is said, whatever the other one is
			}
			return err
		},
		func() error {
			defer worked.crew.Leave()
			return worked.readSupport(ctx, sources)
		},
	)
}

// small is an input of few rows, and what takes each.
type small struct {
	input exports.Input
	row   func(*exports.Export, exports.Row) error
}

// readSmall reads small inputs, one after another.
func (g *gathering) readSmall(ctx context.Context, sources []exports.Source, inputs ...small) error {
	for _, in := range inputs {
		for _, src := range sources {
			if src.Input != in.input {
				continue
			}
			if err := g.readRows(ctx, src, in.row); err != nil {
				return err
			}
		}
	}
	return nil
}

// readRows reads a source row by row.
func (g *gathering) readRows(ctx context.Context, src exports.Source, row func(*exports.Export, exports.Row) error) error {
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
		if g.superseded(r.File(), r.Place("").Line) {
			g.tally[r.File()].Superseded++
			return nil
		}
		return row(e, r)
	})
	if err != nil {
		return err
	}
	g.account(reading, g.tally)
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

// account adds to what the reader counted what became of the rows it handed on.
func (g *gathering) account(reading *exports.Reading, became []exports.Tally) {
	for i, t := range reading.Tallies {
		addTally(&t, became[i])
		g.tallies = append(g.tallies, t)
	}
	g.findings.Merge(reading.Findings)
}

// inParts reads an export with a crew, and returns what each of its workers gathered.
func inParts[G exports.Gatherer](ctx context.Context, e *exports.Export, crew exports.Crew, begin func() G) (parts []G, reading *exports.Reading, err error) {
	reading, err = e.Read(ctx, crew, func() exports.Gatherer {
		parts = append(parts, begin())
		return parts[len(parts)-1]
	})
	return parts, reading, err
}

// read reads a source in parts, after finding out what stands in it twice, and
// reports its equal rows.
func read[G exports.Gatherer](ctx context.Context, g *gathering, src exports.Source, begin func(*exports.Export, *watch) G) ([]G, *exports.Reading, error) {
	if err := g.lookTwice(ctx, src); err != nil {
		return nil, nil, err
	}
	e, err := exports.Open(ctx, src)
	if err != nil {
		return nil, nil, err
	}
	g.remember(e)
	e.Spare("line") // what stands twice was found above
	if g.wants == nil {
		e.Spare("entry")
	}
	var watches []*watch
	parts, reading, err := inParts(ctx, e, g.crew, func() G {
		watches = append(watches, newWatch(e))
		return begin(e, watches[len(watches)-1])
	})
	if err == nil {
		g.beside(func(log *finding.Log) { joinWatches(watches).report(e, log) })
	}
	return parts, reading, err
}

// billed is a billing export that was read: what its rows came to, and which of them
// did not count.
type billed struct {
	source  exports.Source
	skip    [][]int64
	parts   []*billing
	reading *exports.Reading
}

// readBilling reads the billing exports, each with the whole crew. Those with credit
// notes that correct documents wait for all others.
func (g *gathering) readBilling(ctx context.Context, sources []exports.Source) error {
	defer func() { g.documents = nil }() // all are counted
	var all, waiting []*billed
	for _, src := range sources {
		if src.Input != exports.Billing {
			continue
		}
		parts, reading, err := read(ctx, g, src, func(e *exports.Export, w *watch) *billing {
			b := newBilling(&g.ground, e)
			b.watch = w
			return b
		})
		if err != nil {
			return err
		}
		b := &billed{src, g.skip, parts, reading}
		all = append(all, b)
		if b.corrects() {
			waiting = append(waiting, b)
			continue
		}
		g.joinBilling(b)
	}
	for _, b := range waiting {
		if err := g.settleCorrections(ctx, b, all); err != nil {
			return err
		}
		g.joinBilling(b)
	}
	return nil
}

// readSupport reads the exports of support hours, each with the whole crew.
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
		parts, reading, err := read(ctx, g, src, func(e *exports.Export, w *watch) *support {
			s := newSupport(&g.ground, e)
			s.watch = w
			return s
		})
		if err != nil {
			return err
		}
		months := make(cover, g.Window.Len())
		var books []*dayBook
		for _, s := range parts {
			books = append(books, s.dayBook)
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
