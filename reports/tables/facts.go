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
	"clientworth/pipeline/restate"
	"clientworth/reports/words"
)

// FactColumns is the columns of the facts table: one row for each period, month,
// client, component, item and source.
func FactColumns(c money.Currency) []Column {
	places := int32(c.Places)
	return []Column{
		{Name: "period"}, {Name: "month"}, {Name: "client_id"}, {Name: "component"}, {Name: "item"}, {Name: "source"}, {Name: "source_name"},
		{Name: "quantity", Kind: Decimal, Places: 6, Unlike: true}, {Name: "rate", Kind: Decimal, Places: 6},
		{Name: "amount", Kind: Decimal, Places: places, Unlike: true}, {Name: "own_error", Kind: Decimal, Places: places},
		{Name: "list_amount", Kind: Decimal, Places: 6, Unlike: true},
	}
}

// Facts is the facts in long form, by client, month, component, item and source;
// our own company and Unmapped stand before the clients. Facts of one key are one
// row.
func Facts(r *pipeline.Result) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		g := newGathering(r)
		row := make(Row, len(FactColumns(r.Facts.Currency)))
		row[0] = plainly(g.months[len(g.months)-1])
		for g.client = clients.Internal; int(g.client) < len(r.Facts.Clients); g.client++ {
			row[2] = plainly(g.id())
			for g.at = range g.months {
				row[1] = plainly(g.months[g.at])
				g.gather()
				for i := range g.found {
					g.found[i].fill(row)
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
	names     string // of the client in that source, with restate.NameMark between them

	quantity  money.Exact
	rate      measure.Opt[money.Exact]
	amount    money.Amount
	own       money.Amount
	list      money.Exact
	listKnown bool
}

func (f *fact) compare(o *fact) int {
	switch {
	case f.component != o.component:
		return strings.Compare(f.component, o.component)
	case f.item != o.item:
		return strings.Compare(f.item, o.item)
	}
	return strings.Compare(f.source, o.source)
}

// add adds a fact of the same key.
func (f *fact) add(o *fact) {
	if o.names != f.names {
		f.join(o.names)
	}
	f.quantity = f.quantity.Add(o.quantity)
	f.amount += o.amount
	f.own += o.own
	f.list = f.list.Add(o.list)
	f.listKnown = f.listKnown && o.listKnown
}

// join adds those of the client's names that the fact does not have.
func (f *fact) join(names string) {
	had := strings.Split(f.names, restate.NameMark)
	for name := range strings.SplitSeq(names, restate.NameMark) {
		if !slices.Contains(had, name) {
			f.names += restate.NameMark + name
		}
	}
}

// fill writes the fact into a row of its client and month.
func (f *fact) fill(row Row) {
	row[3], row[4], row[5], row[6] = plainly(f.component), plainly(f.item), plainly(f.source), plainly(f.names)
	row[7], row[8], row[9], row[10], row[11] = Value{}, Value{}, whole(f.amount), whole(f.own), Value{}
	if f.component != "direct" {
		row[7] = exact(f.quantity)
	}
	if f.rate.Known {
		row[8] = exact(f.rate.Value)
	}
	if f.listKnown {
		row[11] = exact(f.list)
	}
}

// gathering goes through the facts a client and month at a time. They are sorted
// that way, so each list has one place where it stands.
type gathering struct {
	r        *pipeline.Result
	client   clients.Ref
	at       int    // of the month in the window
	found    []fact // of that client and month, each key once
	unsorted bool

	revenue, work, direct int
	shares                [][]poolRun // by month

	// As published: without what a table must not hold.
	products, roles, pools, categories, months []string
	accounts                                   []facts.AccountName
	rates                                      []measure.Opt[money.Exact] // by role and month
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
	window := r.Facts.Window
	g := &gathering{
		r: r, shares: make([][]poolRun, window.Len()), rates: make([]measure.Opt[money.Exact], len(r.Facts.Roles)*window.Len()),
		products: plain(r.Facts.Products), roles: plain(r.Facts.PublicRoles()), pools: plain(r.Facts.Pools), categories: plain(r.Facts.Categories),
	}
	for _, a := range r.Facts.Accounts {
		g.accounts = append(g.accounts, facts.AccountName{Source: words.Plain(a.Source), Name: words.Plain(cmp.Or(a.Name, a.ID))})
	}
	for i := range window.Len() {
		g.months = append(g.months, window.At(i).String())
	}
	for _, m := range r.Costs.Roles {
		if g.roles[m.Role] != facts.OtherRoles {
			*g.rate(m.Role, m.Month) = measure.Some(m.Rate)
		}
	}
	for rest := r.Costs.Shares; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Pool == rest[0].Pool && rest[n].Month == rest[0].Month {
			n++
		}
		at := window.Index(rest[0].Month)
		g.shares[at] = append(g.shares[at], poolRun{shares: rest[:n]})
		rest = rest[n:]
	}
	return g
}

// rate is the rate of a role in a month of the window, as it may be published.
func (g *gathering) rate(r facts.Role, m period.Month) *measure.Opt[money.Exact] {
	return &g.rates[int(r)*len(g.months)+g.r.Facts.Window.Index(m)]
}

func plain(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = words.Plain(name)
	}
	return out
}

// gather finds the facts of the client and month, by component: what is sorted
// stays sorted.
func (g *gathering) gather() {
	g.found, g.unsorted = g.found[:0], false
	from, to := g.billed()
	g.gatherBilled(from, to, true)
	g.gatherDirect()
	g.gatherLabour()
	g.gatherPools()
	g.gatherBilled(from, to, false)
	if !g.unsorted { // names made fit to be shown may stand in another order
		return
	}
	all := g.found
	slices.SortStableFunc(all, func(a, b fact) int { return a.compare(&b) })
	g.found = g.found[:0]
	for i := range all {
		g.add(&all[i])
	}
}

// add adds a fact to the one before it if that has the same key.
func (g *gathering) add(f *fact) {
	if n := len(g.found); n > 0 {
		switch last := &g.found[n-1]; last.compare(f) {
		case 0:
			last.add(f)
			return
		case 1:
			g.unsorted = true
		}
	}
	g.found = append(g.found, *f)
}

// of names the source of a fact, and the client there.
func (g *gathering) of(a facts.Account, f *fact) {
	if int(a) < len(g.accounts) {
		f.source, f.names = g.accounts[a].Source, g.accounts[a].Name
	}
	g.add(f)
}

// here goes on in sorted rows, of which so many are behind, past those of the client
// and month, and returns where these stand. Rows of months outside the window are
// passed over.
func (g *gathering) here(behind *int, rows int, of func(row int) (clients.Ref, period.Month)) (from, to int) {
	month := g.r.Facts.Window.At(g.at)
	from = *behind
	for ; *behind < rows; *behind++ {
		c, m := of(*behind)
		switch at := cmp.Or(cmp.Compare(c, g.client), cmp.Compare(m, month)); {
		case at > 0:
			return from, *behind
		case at < 0:
			from = *behind + 1
		}
	}
	return from, *behind
}

func (g *gathering) billed() (from, to int) {
	rows := g.r.Options.Costing.Recognised(g.r.Facts)
	return g.here(&g.revenue, len(rows), func(i int) (clients.Ref, period.Month) { return rows[i].Client, rows[i].Month })
}

func (g *gathering) gatherBilled(from, to int, credit bool) {
	rows := g.r.Options.Costing.Recognised(g.r.Facts)
	for i := from; i < to; i++ {
		v := &rows[i]
		if v.Credit != credit {
			continue
		}
		f := fact{component: "revenue", item: g.products[v.Product], quantity: v.Quantity,
			amount: g.r.Costs.Revenue[i], list: v.List, listKnown: v.ListKnown}
		if v.Credit {
			f.component = "credit"
		}
		if v.OwnError {
			f.own = -f.amount
		}
		g.of(v.Account, &f)
	}
}

func (g *gathering) gatherLabour() {
	rows := g.r.Facts.Work
	from, to := g.here(&g.work, len(rows), func(i int) (clients.Ref, period.Month) { return rows[i].Client, rows[i].Month })
	for i := from; i < to; i++ {
		v := &rows[i]
		f := fact{component: "labour", item: g.roles[v.Role], quantity: money.Millionths(int64(v.Hours)),
			rate: *g.rate(v.Role, v.Month), amount: g.r.Costs.Work[i]}
		if v.Cause == facts.OwnError {
			f.own = f.amount
		}
		g.of(v.Account, &f)
	}
}

func (g *gathering) gatherPools() {
	runs := g.shares[g.at]
	for i := range runs {
		if v := runs[i].of(g.client); v != nil {
			g.add(&fact{component: "pool", item: g.pools[v.Pool],
				quantity: money.Millionths(int64(v.Quantity)), amount: v.Amount, own: v.Own})
		}
	}
}

func (g *gathering) gatherDirect() {
	rows := g.r.Facts.Direct
	from, to := g.here(&g.direct, len(rows), func(i int) (clients.Ref, period.Month) { return rows[i].Client, rows[i].Month })
	for i := from; i < to; i++ {
		v := &rows[i]
		f := fact{component: "direct", item: g.categories[v.Category], amount: g.r.Costs.Direct[i]}
		if v.Cause == facts.OwnError {
			f.own = f.amount
		}
		g.of(v.Account, &f)
	}
}

func (g *gathering) id() string {
	switch g.client {
	case clients.Internal:
		return string(clients.InternalID)
	case clients.Unmapped:
		return string(clients.UnmappedID)
	}
	return words.Plain(string(g.r.Facts.Clients[g.client].ID))
}
