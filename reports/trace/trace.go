// Package trace lays out how the figures of one client came about: revenue down
// to lines of documents, labour to roles and entries, each pool to its driver's
// share, with file and line. Its totals are those of the report, or it refuses.
package trace

import (
	"fmt"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/worth"
)

// Trace is one client's figures and what they are made of.
type Trace struct {
	ID       string
	Name     string
	Currency money.Currency
	Window   period.Window
	Revenue  []Group // by month
	Labour   []Group // by month and role
	Pools    []Group // by month and pool
	Direct   []Group // by month and category
	// Worth is what the report says of the client in the window; nil of Unmapped.
	Worth *worth.Client
}

// Group is an amount of a month and the rows that it is made of.
type Group struct {
	Month  period.Month
	Item   string       // role, pool or category
	Amount money.Amount // as in the report
	Rows   []Row
	// Rounding is what Amount has more than its rows, where these have amounts:
	// the month's total of all clients is rounded once and split.
	Rounding money.Exact

	Hours measure.Hours // of labour
	Rate  money.Exact   // of labour: what an hour was charged at

	Driver   facts.Driver     // of a pool
	Quantity measure.Quantity // of the driver, this client's
	Of       measure.Quantity // of the driver, all
	Pool     money.Amount     // the pool's cost that was shared out
}

// Row is a row of an export. Labour has hours, the others an amount.
type Row struct {
	Place  finding.Place
	Day    period.Day
	What   string // document, or activity and ticket
	Cause  facts.Cause
	Hours  measure.Hours
	Amount money.Exact
}

// Of lays out the figures of a client, or of clients.Unmapped, from the rows that
// facts.Trace found. An error is a defect: the rows do not add up to the report.
func Of(r *pipeline.Result, ref clients.Ref, entries []facts.Entry) (*Trace, error) {
	t := &Trace{ID: "_unmapped", Name: "Unmapped", Currency: r.Facts.Currency, Window: r.Facts.Window}
	months := r.Costs.Unmapped.Months
	if ref >= 0 {
		c := r.Facts.Clients[ref]
		t.ID, t.Name, t.Worth, months = string(c.ID), c.Name, &r.Worth.Clients[ref], r.Costs.Clients[ref].Months
	}
	l := layout{r: r, ref: ref, months: months, rows: map[key][]Row{}}
	for _, e := range entries {
		l.add(e)
	}
	t.Revenue, t.Labour, t.Pools, t.Direct = l.revenue(), l.labour(), l.pools(), l.direct()
	return t, t.tie(months)
}

// key says to which group a row belongs.
type key struct {
	input exports.Input
	month period.Month
	item  string
}

type layout struct {
	r      *pipeline.Result
	ref    clients.Ref
	months []costing.Month
	rows   map[key][]Row
}

// add puts an entry where it counts; a line with a service period counts in each
// of its months.
func (l *layout) add(e facts.Entry) {
	row := Row{Place: e.Place, Day: e.Day, Cause: e.Cause}
	switch e.Input {
	case exports.Billing:
		parts := e.Service
		if l.r.Options.Facts.ByDocument {
			parts = []facts.Part{e.ByDocument}
		}
		row.What = joined(e.Document, e.Product)
		if e.OwnError {
			row.Cause = facts.OwnError
		}
		for _, p := range parts {
			row.Amount = p.Amount
			l.put(key{e.Input, p.Month, ""}, row)
		}
	case exports.SupportHours:
		row.What, row.Hours = joined(e.Ticket, e.Activity), e.Hours
		l.put(key{e.Input, e.Day.Month(), e.Role}, row)
	case exports.DirectCosts:
		row.What, row.Amount = e.Category, e.Amount
		l.put(key{e.Input, e.Day.Month(), e.Category}, row)
	}
}

func (l *layout) put(k key, row Row) { l.rows[k] = append(l.rows[k], row) }

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

func (l *layout) revenue() []Group {
	var groups []Group
	for i, m := range l.months {
		month := l.r.Facts.Window.At(i)
		g := Group{Month: month, Amount: m.Revenue, Rows: l.rows[key{exports.Billing, month, ""}]}
		if len(g.Rows) > 0 || g.Amount != 0 {
			groups = append(groups, l.rounded(g))
		}
	}
	return groups
}

// rounded says what a group's amount has more than its rows.
func (l *layout) rounded(g Group) Group {
	g.Rounding = l.r.Facts.Currency.Exact(g.Amount)
	for _, row := range g.Rows {
		g.Rounding = g.Rounding.Sub(row.Amount)
	}
	return g
}

func (l *layout) labour() []Group {
	var groups []Group
	for i, w := range l.r.Facts.Work {
		if w.Client != l.ref {
			continue
		}
		role := l.r.Facts.Roles[w.Role]
		g := group(&groups, w.Month, role)
		g.Amount += l.r.Costs.Work[i]
		g.Hours += w.Hours
		g.Rows = l.rows[key{exports.SupportHours, w.Month, role}]
	}
	for _, m := range l.r.Costs.Roles {
		for i := range groups {
			if groups[i].Month == m.Month && groups[i].Item == l.r.Facts.Roles[m.Role] {
				groups[i].Rate = m.Rate
			}
		}
	}
	return groups
}

func (l *layout) pools() []Group {
	var groups []Group
	for _, s := range l.r.Costs.Shares {
		if s.Client != l.ref {
			continue
		}
		g := group(&groups, s.Month, l.r.Facts.Pools[s.Pool])
		g.Amount, g.Quantity = s.Amount, s.Quantity
		for _, p := range l.r.Costs.Pools {
			if p.Pool == s.Pool && p.Month == s.Month {
				g.Driver, g.Of, g.Pool = p.Driver, p.Quantity, p.AfterService-p.Sustained-p.NotAllocated
			}
		}
	}
	return groups
}

func (l *layout) direct() []Group {
	var groups []Group
	for i, d := range l.r.Facts.Direct {
		if d.Client != l.ref {
			continue
		}
		category := l.r.Facts.Categories[d.Category]
		g := group(&groups, d.Month, category)
		g.Amount += l.r.Costs.Direct[i]
		g.Rows = l.rows[key{exports.DirectCosts, d.Month, category}]
	}
	for i := range groups {
		groups[i] = l.rounded(groups[i])
	}
	return groups
}

// group returns the group of a month and item, which it adds if need be.
func group(groups *[]Group, month period.Month, item string) *Group {
	for i := range *groups {
		if g := &(*groups)[i]; g.Month == month && g.Item == item {
			return g
		}
	}
	*groups = append(*groups, Group{Month: month, Item: item})
	return &(*groups)[len(*groups)-1]
}

// Total adds up groups.
func Total(groups []Group) money.Amount {
	var total money.Amount
	for _, g := range groups {
		total += g.Amount
	}
	return total
}

// tie holds the trace against the report: to the minor unit in every component,
// and each entry of hours accounted for.
func (t *Trace) tie(months []costing.Month) error {
	var m costing.Month
	for _, one := range months {
		m.Revenue += one.Revenue
		m.Labour += one.Labour
		m.Pools += one.Pools
		m.Direct += one.Direct
	}
	for _, c := range []struct {
		name   string
		groups []Group
		report money.Amount
	}{{"revenue", t.Revenue, m.Revenue}, {"labour", t.Labour, m.Labour}, {"pools", t.Pools, m.Pools}, {"direct costs", t.Direct, m.Direct}} {
		if got := Total(c.groups); got != c.report {
			return fmt.Errorf("%s of %s: the trace has %s, the report %s", c.name, t.ID, t.Currency.Format(got), t.Currency.Format(c.report))
		}
	}
	for _, g := range t.Labour {
		var hours measure.Hours
		for _, row := range g.Rows {
			hours += row.Hours
		}
		if hours != g.Hours {
			return fmt.Errorf("hours of %s, %s in %s: the entries have %s, the report %s", t.ID, g.Item, g.Month, hours, g.Hours)
		}
	}
	// A month's total may move by a minor unit for each of a client's rows of
	// the facts, and no more than that.
	for _, g := range append(t.Revenue, t.Direct...) {
		if limit := t.Currency.Exact(money.Amount(len(g.Rows) + 1)); g.Rounding.Abs().Cmp(limit) > 0 {
			return fmt.Errorf("%s %s of %s: the rows miss %s of the report", g.Month, g.Item, t.ID, g.Rounding)
		}
	}
	return nil
}
