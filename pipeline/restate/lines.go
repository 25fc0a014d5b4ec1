package restate

import (
	"cmp"
	"iter"
	"strings"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Who stands in published facts for those that are no client.
const (
	UnmappedID clients.ID = "_unmapped"
	InternalID clients.ID = "_internal"
)

// Line is a row of a report's facts in long form.
type Line struct {
	Month     period.Month
	Client    clients.ID
	Component string   // revenue, credit, labour, pool or direct
	Item      string   // product, role, pool or category
	Source    string   // of the configuration
	Names     []string // of the client in that source
	Hours     measure.Hours
	Amount    money.Amount
	OwnError  money.Amount // the part of it that is our own error, above zero for a credit
}

type component uint8

const (
	revenue component = iota
	credit
	labour
	pool
	direct
	components
)

var byName = map[string]component{"revenue": revenue, "credit": credit, "labour": labour, "pool": pool, "direct": direct}

// ByMonth sorts the lines of a report into its months.
func ByMonth(lines []Line) func(period.Month) []Line {
	months := map[period.Month][]Line{}
	for _, l := range lines {
		months[l.Month] = append(months[l.Month], l)
	}
	return func(m period.Month) []Line { return months[m] }
}

// Lines returns what is known now of a month in the form in which it is published,
// but each name of a client by itself. Revenue is as it was recognised for the
// costs.
func Lines(f *facts.Facts, c *costing.Costs, recognised costing.Recognition, month period.Month) []Line {
	b := builder{f: f}
	rows := f.Revenue
	if recognised == costing.ByDocument && f.ByDocument != nil {
		rows = f.ByDocument
	}
	for i, r := range rows {
		if r.Month != month {
			continue
		}
		l := b.line(r.Client, r.Month, "revenue", f.Products[r.Product], r.Account, c.Revenue[i])
		if r.Credit {
			l.Component = "credit"
		}
		if r.OwnError {
			l.OwnError = -l.Amount
		}
	}
	roles := f.PublicRoles() // as facts are published
	for i, w := range f.Work {
		if w.Month != month {
			continue
		}
		l := b.line(w.Client, w.Month, "labour", roles[w.Role], w.Account, c.Work[i])
		l.Hours = w.Hours
		if w.Cause == facts.OwnError {
			l.OwnError = l.Amount
		}
	}
	for i, d := range f.Direct {
		if d.Month != month {
			continue
		}
		l := b.line(d.Client, d.Month, "direct", f.Categories[d.Category], d.Account, c.Direct[i])
		if d.Cause == facts.OwnError {
			l.OwnError = l.Amount
		}
	}
	for _, s := range c.Shares {
		if s.Month != month {
			continue
		}
		b.lines = append(b.lines, Line{Month: s.Month, Client: b.id(s.Client), Component: "pool", Item: f.Pools[s.Pool], Amount: s.Amount, OwnError: s.Own})
	}
	return b.lines
}

type builder struct {
	f     *facts.Facts
	lines []Line
}

func (b *builder) line(ref clients.Ref, m period.Month, component, item string, account facts.Account, a money.Amount) *Line {
	of := b.f.Accounts[account]
	b.lines = append(b.lines, Line{
		Month: m, Client: b.id(ref), Component: component, Item: item, Amount: a,
		Source: of.Source, Names: []string{strings.ToValidUTF8(cmp.Or(of.Name, of.ID), "")},
	})
	return &b.lines[len(b.lines)-1]
}

func (b *builder) id(ref clients.Ref) clients.ID {
	switch ref {
	case clients.Unmapped:
		return UnmappedID
	case clients.Internal:
		return InternalID
	}
	return b.f.Clients[ref].ID
}

// sides are the reports of a month, added up by key: what was published, and what
// is known now, under the published rules and mapping, under the published rules,
// and as it is.
type sides struct {
	month                        period.Month
	published, moved, known, now map[key]cell
}

type key struct {
	client    clients.ID
	component component
	item      string
	source    string
}

type cell struct {
	hours measure.Hours
	sum
}

func newSides(owners map[name]clients.ID, published, before, now []Line, m period.Month) *sides {
	as := func(l Line) clients.ID { return l.Client }
	return &sides{
		month:     m,
		published: added(published, as),
		moved: added(before, func(l Line) clients.ID {
			if len(l.Names) == 1 {
				if id := owners[name{l.Source, l.Names[0]}]; id != "" {
					return id
				}
			}
			return l.Client
		}),
		known: added(before, as),
		now:   added(now, as),
	}
}

type name struct{ source, name string }

// owners says which client each name meant; a name of several is left out.
func owners(r Report, months period.Window) map[name]clients.ID {
	of, several := map[name]clients.ID{}, map[name]bool{}
	for i := range months.Len() {
		for _, l := range r.Lines(months.At(i)) {
			for _, n := range l.Names {
				at := name{l.Source, n}
				if old := of[at]; old != "" && old != l.Client {
					several[at] = true
				}
				of[at] = l.Client
			}
		}
	}
	for n := range several {
		delete(of, n)
	}
	return of
}

func added(lines []Line, client func(Line) clients.ID) map[key]cell {
	cells := map[key]cell{}
	for _, l := range lines {
		c, ok := byName[l.Component]
		if !ok {
			continue
		}
		k := key{client(l), c, l.Item, l.Source}
		v := cells[k]
		v.hours += l.Hours
		v.add(sum{l.Amount, l.OwnError})
		cells[k] = v
	}
	return cells
}

// keys goes through the keys of the published side and of what became of it.
func (s *sides) keys() iter.Seq[key] {
	return func(yield func(key) bool) {
		for k := range s.published {
			if !yield(k) {
				return
			}
		}
		for k := range s.moved {
			if _, both := s.published[k]; !both && !yield(k) {
				return
			}
		}
	}
}

// prices returns what an hour of each role cost as published, where hours were.
func (s *sides) prices(c money.Currency) (map[string]money.Price, error) {
	sums := map[string]cell{}
	for k, v := range s.published {
		if k.component == labour {
			at := sums[k.item]
			at.hours += v.hours
			at.add(v.sum)
			sums[k.item] = at
		}
	}
	prices := map[string]money.Price{}
	for role, v := range sums {
		if v.hours <= 0 || v.amount < 0 {
			continue
		}
		p, err := money.PriceOf(c, c.Exact(v.amount), v.hours)
		if err != nil {
			return nil, err
		}
		prices[role] = p
	}
	return prices, nil
}
