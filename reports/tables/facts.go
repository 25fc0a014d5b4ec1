package tables

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// InternalID is the client id of hours worked for our own company.
const InternalID = "_internal"

// FactColumns is the columns of the facts table: one row for each period, month,
// client, component, item and source.
func FactColumns(c money.Currency) []Column {
	amount := func(name string) Column { return Column{name, Decimal, int32(c.Places)} }
	return []Column{
		{"period", Text, 0}, {"month", Text, 0}, {"client_id", Text, 0}, {"component", Text, 0}, {"item", Text, 0},
		{"source", Text, 0}, {"source_name", Text, 0},
		{"quantity", Decimal, 6}, {"rate", Decimal, 6}, amount("amount"), amount("own_error"), {"list_amount", Decimal, 6},
	}
}

// fact is a row being gathered.
type fact struct {
	month     period.Month
	client    clients.Ref
	component string
	item      string
	source    string

	names     []string
	quantity  money.Exact
	rate      measure.Opt[money.Exact]
	amount    money.Amount
	own       money.Amount
	list      money.Exact
	listKnown bool
}

// Facts is the facts in long form, by month, client, component, item and source.
func Facts(r *pipeline.Result) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for i := range r.Facts.Window.Len() {
			for _, f := range factsOf(r, r.Facts.Window.At(i)) {
				if !yield(f.row(r)) {
					return
				}
			}
		}
	}
}

// factsOf returns the facts of a month, those of one key in one row.
func factsOf(r *pipeline.Result, m period.Month) []fact {
	g := gathering{r: r, roles: r.Facts.PublicRoles(), month: m}
	g.revenue()
	g.labour()
	g.pools()
	g.direct()
	slices.SortStableFunc(g.facts, compareFacts)
	out := g.facts[:0]
	for _, f := range g.facts {
		if n := len(out); n > 0 && compareFacts(out[n-1], f) == 0 {
			out[n-1].add(f)
			continue
		}
		out = append(out, f)
	}
	return out
}

func compareFacts(a, b fact) int {
	return cmp.Or(
		cmp.Compare(a.month, b.month), cmp.Compare(a.client, b.client), strings.Compare(a.component, b.component),
		strings.Compare(a.item, b.item), strings.Compare(a.source, b.source),
	)
}

func (f *fact) add(o fact) {
	for _, name := range o.names {
		if !slices.Contains(f.names, name) {
			f.names = append(f.names, name)
		}
	}
	f.quantity = f.quantity.Add(o.quantity)
	f.amount += o.amount
	f.own += o.own
	f.list = f.list.Add(o.list)
	f.listKnown = f.listKnown && o.listKnown
}

// gathering collects the facts of a month.
type gathering struct {
	r     *pipeline.Result
	roles []string // as published
	month period.Month
	facts []fact
}

func (g *gathering) account(a facts.Account) (source string, names []string) {
	if int(a) >= len(g.r.Facts.Accounts) {
		return "", nil
	}
	of := g.r.Facts.Accounts[a]
	return of.Source, []string{cmp.Or(of.Name, of.ID)}
}

func (g *gathering) revenue() {
	for i, v := range g.r.Options.Costing.Recognised(g.r.Facts) {
		if v.Month != g.month {
			continue
		}
		f := fact{month: v.Month, client: v.Client, component: "revenue", item: g.r.Facts.Products[v.Product], quantity: v.Quantity,
			amount: g.r.Costs.Revenue[i], list: v.List, listKnown: v.ListKnown}
		if v.Credit {
			f.component = "credit"
		}
		if v.OwnError {
			f.own = -f.amount
		}
		f.source, f.names = g.account(v.Account)
		g.facts = append(g.facts, f)
	}
}

func (g *gathering) labour() {
	for i, v := range g.r.Facts.Work {
		if v.Month != g.month {
			continue
		}
		f := fact{month: v.Month, client: v.Client, component: "labour", item: g.roles[v.Role],
			quantity: money.Millionths(int64(v.Hours)), amount: g.r.Costs.Work[i]}
		if v.Cause == facts.OwnError {
			f.own = f.amount
		}
		for _, role := range g.r.Costs.Roles {
			if role.Role == v.Role && role.Month == v.Month && g.roles[v.Role] != facts.OtherRoles {
				f.rate = measure.Some(role.Rate)
			}
		}
		f.source, f.names = g.account(v.Account)
		g.facts = append(g.facts, f)
	}
}

func (g *gathering) pools() {
	for _, v := range g.r.Costs.Shares {
		if v.Month == g.month {
			g.facts = append(g.facts, fact{month: v.Month, client: v.Client, component: "pool", item: g.r.Facts.Pools[v.Pool],
				quantity: money.Millionths(int64(v.Quantity)), amount: v.Amount, own: v.Own})
		}
	}
}

func (g *gathering) direct() {
	for i, v := range g.r.Facts.Direct {
		if v.Month != g.month {
			continue
		}
		f := fact{month: v.Month, client: v.Client, component: "direct", item: g.r.Facts.Categories[v.Category], amount: g.r.Costs.Direct[i]}
		if v.Cause == facts.OwnError {
			f.own = f.amount
		}
		f.source, f.names = g.account(v.Account)
		g.facts = append(g.facts, f)
	}
}

func (f *fact) row(r *pipeline.Result) Row {
	id := InternalID
	switch {
	case f.client >= 0:
		id = string(r.Facts.Clients[f.client].ID)
	case f.client == clients.Unmapped:
		id = UnmappedID
	}
	row := Row{
		word(r.Period.String()), word(f.month.String()), word(id), word(f.component), word(f.item), word(f.source), word(strings.Join(f.names, nameMark)),
		{}, {}, whole(f.amount), whole(f.own), {},
	}
	if f.component != "direct" {
		row[7] = exact(f.quantity)
	}
	if f.rate.Known {
		row[8] = exact(f.rate.Value)
	}
	if f.listKnown && (f.component == "revenue" || f.component == "credit") {
		row[11] = exact(f.list)
	}
	return row
}
