package tables

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/reports/words"
)

// InternalID is the client id of hours worked for our own company.
const InternalID = "_internal"

// FactColumns is the columns of the facts table: one row for each period, month,
// client, component, item and source.
func FactColumns(c money.Currency) []Column {
	places := int32(c.Places)
	return []Column{
		{Name: "period"}, {Name: "month"}, {Name: "client_id"}, {Name: "component"}, {Name: "item"}, {Name: "source"}, {Name: "source_name"},
		{Name: "quantity", Kind: Decimal, Places: 6, Unlike: true}, {Name: "rate", Kind: Decimal, Places: 6},
		{Name: "amount", Kind: Decimal, Places: places, Unlike: true}, {Name: "own_error", Kind: Decimal, Places: places},
		{Name: "list_amount", Kind: Decimal, Places: 6},
	}
}

// Facts is the facts in long form, by client, month, component, item and source;
// our own company and Unmapped stand before the clients. Facts of one key are one
// row.
func Facts(r *pipeline.Result) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		g := newGathering(r)
		row := make(Row, len(FactColumns(r.Facts.Currency)))
		for g.client = clients.Internal; int(g.client) < len(r.Facts.Clients); g.client++ {
			for i := range r.Facts.Window.Len() {
				g.month = r.Facts.Window.At(i)
				for _, f := range g.gather() {
					g.fill(row, f)
					if !yield(row) {
						return
					}
				}
			}
		}
	}
}

// fact is a row being gathered.
type fact struct {
	component string
	item      string
	source    string
	names     string // of the client in that source, with nameMark between them

	quantity  money.Exact
	rate      measure.Opt[money.Exact]
	amount    money.Amount
	own       money.Amount
	list      money.Exact
	listKnown bool
}

func (f fact) compare(o fact) int {
	return cmp.Or(strings.Compare(f.component, o.component), strings.Compare(f.item, o.item), strings.Compare(f.source, o.source))
}

// add adds a fact of the same key.
func (f *fact) add(o fact) {
	if o.names != f.names && !slices.Contains(strings.Split(f.names, nameMark), o.names) {
		f.names += nameMark + o.names
	}
	f.quantity = f.quantity.Add(o.quantity)
	f.amount += o.amount
	f.own += o.own
	f.list = f.list.Add(o.list)
	f.listKnown = f.listKnown && o.listKnown
}

// gathering goes through the facts a client and month at a time. They are sorted
// that way, so each list has one place where it stands.
type gathering struct {
	r      *pipeline.Result
	client clients.Ref
	month  period.Month
	found  []fact // of that client and month

	revenue, work, direct int
	shares                map[period.Month][]poolRun

	// As published: without what a table must not hold.
	products, roles, pools, categories, months []string
	accounts                                   []facts.AccountName
	rates                                      map[roleMonth]money.Exact
}

type roleMonth struct {
	role  facts.Role
	month period.Month
}

// poolRun is the shares of a pool in a month, by client, Unmapped last.
type poolRun struct {
	shares []costing.PoolShare
	next   int
}

// of returns the share of the client, nil if it has none. Clients are asked for
// in their order.
func (p *poolRun) of(c clients.Ref) *costing.PoolShare {
	at := p.next
	if c == clients.Unmapped {
		at = len(p.shares) - 1
	}
	if at >= len(p.shares) || p.shares[at].Client != c {
		return nil
	}
	if c != clients.Unmapped {
		p.next++
	}
	return &p.shares[at]
}

func newGathering(r *pipeline.Result) *gathering {
	g := &gathering{
		r: r, shares: map[period.Month][]poolRun{}, rates: map[roleMonth]money.Exact{},
		products: plain(r.Facts.Products), roles: plain(r.Facts.PublicRoles()), pools: plain(r.Facts.Pools), categories: plain(r.Facts.Categories),
	}
	for _, a := range r.Facts.Accounts {
		g.accounts = append(g.accounts, facts.AccountName{Source: words.Plain(a.Source), Name: words.Plain(cmp.Or(a.Name, a.ID))})
	}
	for i := range r.Facts.Window.Len() {
		g.months = append(g.months, r.Facts.Window.At(i).String())
	}
	for _, m := range r.Costs.Roles {
		if g.roles[m.Role] != facts.OtherRoles {
			g.rates[roleMonth{m.Role, m.Month}] = m.Rate
		}
	}
	for rest := r.Costs.Shares; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Pool == rest[0].Pool && rest[n].Month == rest[0].Month {
			n++
		}
		g.shares[rest[0].Month] = append(g.shares[rest[0].Month], poolRun{shares: rest[:n]})
		rest = rest[n:]
	}
	return g
}

func plain(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = words.Plain(name)
	}
	return out
}

// gather returns the facts of the client and month, valid until the next call.
func (g *gathering) gather() []fact {
	g.found = g.found[:0]
	g.gatherRevenue()
	g.gatherLabour()
	g.gatherPools()
	g.gatherDirect()
	slices.SortStableFunc(g.found, fact.compare)
	out := g.found[:0]
	for _, f := range g.found {
		if n := len(out); n > 0 && out[n-1].compare(f) == 0 {
			out[n-1].add(f)
			continue
		}
		out = append(out, f)
	}
	return out
}

// stands tells whether a row stands before, at or behind the client and month.
func (g *gathering) stands(c clients.Ref, m period.Month) int {
	return cmp.Or(cmp.Compare(c, g.client), cmp.Compare(m, g.month))
}

func (g *gathering) add(a facts.Account, f fact) {
	if int(a) < len(g.accounts) {
		f.source, f.names = g.accounts[a].Source, g.accounts[a].Name
	}
	g.found = append(g.found, f)
}

func (g *gathering) gatherRevenue() {
	rows := g.r.Options.Costing.Recognised(g.r.Facts)
	for ; g.revenue < len(rows); g.revenue++ {
		v := &rows[g.revenue]
		switch at := g.stands(v.Client, v.Month); {
		case at > 0:
			return
		case at < 0: // outside the window
			continue
		}
		f := fact{component: "revenue", item: g.products[v.Product], quantity: v.Quantity,
			amount: g.r.Costs.Revenue[g.revenue], list: v.List, listKnown: v.ListKnown}
		if v.Credit {
			f.component = "credit"
		}
		if v.OwnError {
			f.own = -f.amount
		}
		g.add(v.Account, f)
	}
}

func (g *gathering) gatherLabour() {
	rows := g.r.Facts.Work
	for ; g.work < len(rows); g.work++ {
		v := &rows[g.work]
		switch at := g.stands(v.Client, v.Month); {
		case at > 0:
			return
		case at < 0:
			continue
		}
		f := fact{component: "labour", item: g.roles[v.Role], quantity: money.Millionths(int64(v.Hours)), amount: g.r.Costs.Work[g.work]}
		if v.Cause == facts.OwnError {
			f.own = f.amount
		}
		if rate, ok := g.rates[roleMonth{v.Role, v.Month}]; ok {
			f.rate = measure.Some(rate)
		}
		g.add(v.Account, f)
	}
}

func (g *gathering) gatherPools() {
	runs := g.shares[g.month]
	for i := range runs {
		if v := runs[i].of(g.client); v != nil {
			g.found = append(g.found, fact{component: "pool", item: g.pools[v.Pool],
				quantity: money.Millionths(int64(v.Quantity)), amount: v.Amount, own: v.Own})
		}
	}
}

func (g *gathering) gatherDirect() {
	rows := g.r.Facts.Direct
	for ; g.direct < len(rows); g.direct++ {
		v := &rows[g.direct]
		switch at := g.stands(v.Client, v.Month); {
		case at > 0:
			return
		case at < 0:
			continue
		}
		f := fact{component: "direct", item: g.categories[v.Category], amount: g.r.Costs.Direct[g.direct]}
		if v.Cause == facts.OwnError {
			f.own = f.amount
		}
		g.add(v.Account, f)
	}
}

// fill writes a fact of the client and month into a row.
func (g *gathering) fill(row Row, f fact) {
	said := func(s string) Value { return Value{Known: s != "", Text: s} }
	row[0], row[1] = said(g.months[len(g.months)-1]), said(g.months[g.r.Facts.Window.Index(g.month)])
	row[2], row[3], row[4], row[5], row[6] = said(g.id()), said(f.component), said(f.item), said(f.source), said(f.names)
	row[7], row[8], row[9], row[10], row[11] = Value{}, Value{}, whole(f.amount), whole(f.own), Value{}
	if f.component != "direct" {
		row[7] = exact(f.quantity)
	}
	if f.rate.Known {
		row[8] = exact(f.rate.Value)
	}
	if f.listKnown && (f.component == "revenue" || f.component == "credit") {
		row[11] = exact(f.list)
	}
}

func (g *gathering) id() string {
	switch g.client {
	case clients.Internal:
		return InternalID
	case clients.Unmapped:
		return UnmappedID
	}
	return words.Plain(string(g.r.Facts.Clients[g.client].ID))
}
