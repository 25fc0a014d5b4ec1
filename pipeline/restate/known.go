package restate

import (
	"cmp"
	"strings"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Known returns what is known now in the form in which it is published, but each
// name of a client, and each role, by itself. Revenue is as it was recognised for the costs; clean
// makes of a text one that may be published.
func Known(w *Words, f *facts.Facts, c *costing.Costs, recognised costing.Recognition, clean func(string) string) Lines {
	k := &known{facts: f, costs: c, revenue: costing.Options{Recognition: recognised}.Recognised(f), unmapped: w.Of(string(clients.UnmappedID)), internal: w.Of(string(clients.InternalID))}
	all := func(list []string) []Word {
		numbers := make([]Word, len(list))
		for i, s := range list {
			numbers[i] = w.Of(clean(s))
		}
		return numbers
	}
	k.products, k.roles, k.pools, k.categories = all(f.Products), all(f.Roles), all(f.Pools), all(f.Categories)
	for _, who := range f.Clients {
		k.clients = append(k.clients, w.Of(string(who.ID)))
	}
	for _, a := range f.Accounts {
		k.sources = append(k.sources, w.Of(clean(a.Source)))
		k.names = append(k.names, w.Of(clean(strings.ToValidUTF8(cmp.Or(a.Name, a.ID), ""))))
	}
	k.billed = byMonth(f.Window, len(k.revenue), func(i int) period.Month { return k.revenue[i].Month })
	k.worked = byMonth(f.Window, len(f.Work), func(i int) period.Month { return f.Work[i].Month })
	k.spent = byMonth(f.Window, len(f.Direct), func(i int) period.Month { return f.Direct[i].Month })
	k.shared = byMonth(f.Window, len(c.Shares), func(i int) period.Month { return c.Shares[i].Month })
	return k.month
}

// known is what is known now, by month.
type known struct {
	facts   *facts.Facts
	costs   *costing.Costs
	revenue []facts.Revenue // as recognised

	clients, products, roles, pools, categories []Word
	sources, names                              []Word // by account
	unmapped, internal                          Word

	billed, worked, spent, shared [][]int32 // rows by month of the window
	lines                         []Line    // of the month asked for
}

// byMonth sorts rows into the months of a window.
func byMonth(w period.Window, n int, month func(i int) period.Month) [][]int32 {
	counts := make([]int, w.Len())
	for i := range n {
		if m := month(i); w.Contains(m) {
			counts[w.Index(m)]++
		}
	}
	rows := make([][]int32, w.Len())
	for at, count := range counts {
		rows[at] = make([]int32, 0, count)
	}
	for i := range n {
		if m := month(i); w.Contains(m) {
			rows[w.Index(m)] = append(rows[w.Index(m)], int32(i))
		}
	}
	return rows
}

func (k *known) month(m period.Month) []Line {
	k.lines = k.lines[:0]
	if !k.facts.Window.Contains(m) {
		return nil
	}
	at := k.facts.Window.Index(m)
	for _, i := range k.billed[at] {
		r := &k.revenue[i]
		l := k.line(Revenue, r.Client, k.products[r.Product], r.Account, k.costs.Revenue[i])
		if r.Credit {
			l.Component = Credit
		}
		if r.OwnError {
			l.OwnError = -l.Amount
		}
	}
	for _, i := range k.worked[at] {
		w := &k.facts.Work[i]
		l := k.line(Labour, w.Client, k.roles[w.Role], w.Account, k.costs.Work[i])
		l.Hours = w.Hours
		if w.Cause == facts.OwnError {
			l.OwnError = l.Amount
		}
	}
	for _, i := range k.spent[at] {
		d := &k.facts.Direct[i]
		l := k.line(Direct, d.Client, k.categories[d.Category], d.Account, k.costs.Direct[i])
		if d.Cause == facts.OwnError {
			l.OwnError = l.Amount
		}
	}
	for _, i := range k.shared[at] {
		s := &k.costs.Shares[i]
		k.lines = append(k.lines, Line{Client: k.client(s.Client), Component: Pool, Item: k.pools[s.Pool], Amount: s.Amount, OwnError: s.Own})
	}
	return k.lines
}

func (k *known) line(c Component, ref clients.Ref, item Word, account facts.Account, a money.Amount) *Line {
	k.lines = append(k.lines, Line{Component: c, Client: k.client(ref), Item: item, Source: k.sources[account], Names: k.names[account], Amount: a})
	return &k.lines[len(k.lines)-1]
}

func (k *known) client(ref clients.Ref) Word {
	switch ref {
	case clients.Unmapped:
		return k.unmapped
	case clients.Internal:
		return k.internal
	}
	return k.clients[ref]
}
