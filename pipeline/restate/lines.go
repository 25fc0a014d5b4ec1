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

// Lines returns what is known now of some months in the form in which it is
// published, but each name of a client by itself. Revenue is as it was recognised
// for the costs.
func Lines(f *facts.Facts, c *costing.Costs, recognised costing.Recognition, months period.Window) []Line {
	b := builder{f: f}
	rows := f.Revenue
	if recognised == costing.ByDocument && f.ByDocument != nil {
		rows = f.ByDocument
	}
	for i, r := range rows {
		if !months.Contains(r.Month) {
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
		if !months.Contains(w.Month) {
			continue
		}
		l := b.line(w.Client, w.Month, "labour", roles[w.Role], w.Account, c.Work[i])
		l.Hours = w.Hours
		if w.Cause == facts.OwnError {
			l.OwnError = l.Amount
		}
	}
	for i, d := range f.Direct {
		if !months.Contains(d.Month) {
			continue
		}
		l := b.line(d.Client, d.Month, "direct", f.Categories[d.Category], d.Account, c.Direct[i])
		if d.Cause == facts.OwnError {
			l.OwnError = l.Amount
		}
	}
	for _, s := range c.Shares {
		if !months.Contains(s.Month) {
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

// sides are the two reports, added up by key: what was published, and what is
// known now under the published mapping and under that of now.
type sides struct{ published, moved, now map[key]cell }

type key struct {
	client    clients.ID
	month     period.Month
	component component
	item      string
	source    string
}

type cell struct {
	hours measure.Hours
	sum
}

type roleMonth struct {
	role  string
	month period.Month
}

func (k key) roleMonth() roleMonth { return roleMonth{k.item, k.month} }

func newSides(published, now Report, months period.Window) *sides {
	owners := owners(published.Lines)
	as := func(l Line) clients.ID { return l.Client }
	return &sides{
		published: added(published.Lines, months, as),
		now:       added(now.Lines, months, as),
		moved: added(now.Lines, months, func(l Line) clients.ID {
			if len(l.Names) == 1 {
				if id := owners[name{l.Source, l.Names[0]}]; id != "" {
					return id
				}
			}
			return l.Client
		}),
	}
}

type name struct{ source, name string }

// owners says which client each name meant; a name of several is left out.
func owners(lines []Line) map[name]clients.ID {
	of, several := map[name]clients.ID{}, map[name]bool{}
	for _, l := range lines {
		for _, n := range l.Names {
			at := name{l.Source, n}
			if old := of[at]; old != "" && old != l.Client {
				several[at] = true
			}
			of[at] = l.Client
		}
	}
	for n := range several {
		delete(of, n)
	}
	return of
}

func added(lines []Line, months period.Window, client func(Line) clients.ID) map[key]cell {
	cells := map[key]cell{}
	for _, l := range lines {
		c, ok := byName[l.Component]
		if !ok || !months.Contains(l.Month) {
			continue
		}
		k := key{client(l), l.Month, c, l.Item, l.Source}
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

// prices returns what an hour of each role and month cost as published, where
// hours were.
func (s *sides) prices(c money.Currency) (map[roleMonth]money.Price, error) {
	sums := map[roleMonth]cell{}
	for k, v := range s.published {
		if k.component == labour {
			at := sums[k.roleMonth()]
			at.hours += v.hours
			at.add(v.sum)
			sums[k.roleMonth()] = at
		}
	}
	prices := map[roleMonth]money.Price{}
	for rm, v := range sums {
		if v.hours <= 0 || v.amount < 0 {
			continue
		}
		p, err := money.PriceOf(c, c.Exact(v.amount), v.hours)
		if err != nil {
			return nil, err
		}
		prices[rm] = p
	}
	return prices, nil
}
