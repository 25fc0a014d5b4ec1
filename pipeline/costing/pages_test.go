package costing

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// A page is a company worked out by hand: tables of what goes in, then tables of
// what must come out. Columns stand two or more blanks apart; an empty cell is
// "-". In what must come out a month may be "all": the sum of the window.
func TestPages(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no pages", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			page := &page{T: t, tables: map[string][]row{}}
			for _, f := range txtar.Parse(data).Files {
				if !slices.Contains(tables, f.Name) {
					t.Fatalf("unknown table %q", f.Name)
				}
				page.tables[f.Name] = table(string(f.Data))
			}
			page.check()
		})
	}
}

var tables = []string{
	"options", "company", "clients", "rates", "hours", "billing", "counts", "pools", "pool_services", "drivers", "direct_costs",
	"want error", "want clients", "want roles", "want pools", "want shares", "want ledger", "want findings",
}

type row map[string]string

func (r row) get(column string) string {
	if r[column] == "-" {
		return ""
	}
	return r[column]
}

var blanks = regexp.MustCompile(` {2,}`)

// table reads a table; lines of dashes and after "#" are for the eye.
func table(text string) (rows []row) {
	var head []string
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); strings.Trim(line, "- ") == "" {
			continue
		}
		cells := blanks.Split(line, -1)
		if head == nil {
			head = cells
			continue
		}
		r := row{}
		for i, c := range cells {
			r[head[i]] = c
		}
		rows = append(rows, r)
	}
	return rows
}

type page struct {
	*testing.T
	tables map[string][]row
	facts  facts.Facts
	costs  *Costs
}

func (p *page) check() {
	p.build()
	var options Options
	for _, r := range p.tables["options"] {
		options.Driver = facts.Driver(r.get("driver"))
		if r.get("basis") == "hours worked" {
			options.Basis = HoursWorked
		}
		if r.get("recognition") == "document" {
			options.Recognition = ByDocument
		}
	}
	var err error
	p.costs, err = Compute(&p.facts, options)
	if want := p.tables["want error"]; want != nil {
		for _, r := range want {
			if err == nil || !strings.Contains(err.Error(), r["error"]) {
				p.Errorf("error %v, want %q", err, r["error"])
			}
		}
		return
	}
	if err != nil {
		p.Fatal(err)
	}
	p.want("want clients", []string{"client", "month"}, p.clientFigures())
	p.want("want roles", []string{"role", "month"}, p.roleFigures())
	p.want("want pools", []string{"pool", "month"}, p.poolFigures())
	p.want("want shares", []string{"pool", "month", "client"}, p.shareFigures())
	p.want("want ledger", []string{"what"}, p.ledgerFigures())
	p.want("want findings", []string{"rule"}, p.findingFigures())
}

// want compares the cells of a table with the figures of the same key. Figures
// that are no amounts, or have no sum, are compared as text.
func (p *page) want(name string, key []string, got map[string]row) {
	for _, r := range p.tables[name] {
		var of []string
		for _, k := range key {
			of = append(of, r[k])
		}
		have := got[strings.Join(of, " ")]
		if have == nil {
			p.Errorf("%s: nothing for %v", name, of)
			continue
		}
		for column, want := range r {
			if slices.Contains(key, column) || want == "-" {
				continue
			}
			if g, ok := have[column]; !ok || plain(g) != plain(want) {
				p.Errorf("%s: %v: %s is %s, want %s", name, of, column, g, want)
			}
		}
	}
}

// plain makes 1,234.50 and 1234.5 the same.
func plain(s string) string {
	s = strings.ReplaceAll(s, ",", "")
	if f := strings.TrimRight(s, "0"); strings.Contains(s, ".") {
		return strings.TrimSuffix(f, ".")
	}
	return s
}

func (p *page) build() {
	f := &p.facts
	company := p.tables["company"][0]
	var err error
	if f.Currency, err = money.CurrencyOf(company["currency"]); err != nil {
		p.Fatal(err)
	}
	f.Window = period.Window{First: p.month(company["from"]), Last: p.month(company["to"])}
	p.names()
	for _, r := range p.tables["rates"] {
		f.Rates = append(f.Rates, facts.Rate{
			Role: facts.Role(index(&f.Roles, r["role"])), ValidFrom: p.day(r.get("valid_from")),
			Hourly: opt(r.get("hourly_cost"), p.exact), Monthly: opt(r.get("monthly_cost"), p.exact),
			Capacity: measure.Hours(p.millionths(r.get("capacity_hours"))),
			People:   opt(r.get("people"), func(s string) measure.Quantity { return measure.Quantity(p.millionths(s)) }),
			List:     opt(r.get("list_rate"), p.exact),
		})
	}
	for _, r := range p.tables["billing"] {
		rev := facts.Revenue{
			Client: p.client(r["client"]), Month: p.month(r["month"]), Product: facts.Product(index(&f.Products, r.get("product"))),
			Credit: has(r, "credit"), OwnError: has(r, "own_error"), Recurring: has(r, "recurring"),
			Amount: p.exact(r["amount"]), List: p.exact(r.get("list")), ListKnown: r.get("list") != "", Lines: 1,
		}
		f.Revenue = append(f.Revenue, rev)
		if d := r.get("document_month"); d != "" {
			rev.Month = p.month(d)
			f.ByDocument = append(f.ByDocument, rev)
		}
	}
	for _, r := range p.tables["hours"] {
		f.Work = append(f.Work, facts.Work{
			Client: p.client(r["client"]), Month: p.month(r["month"]), Role: facts.Role(index(&f.Roles, r["role"])),
			Cause: cause(r.get("cause")), OutOfScope: has(r, "out_of_scope"), Billable: has(r, "billable"),
			Hours: measure.Hours(p.millionths(r["hours"])), Entries: 1,
		})
	}
	for _, r := range p.tables["counts"] {
		f.Counts = append(f.Counts, facts.Count{
			Client: p.client(r["client"]), Month: p.month(r["month"]), Documents: p.millionths(r.get("documents")) / 1_000_000,
			Tickets: p.millionths(r.get("tickets")) / 1_000_000, OwnTickets: measure.Quantity(p.millionths(r.get("own_tickets"))),
		})
	}
	for _, r := range p.tables["pools"] {
		f.PoolCosts = append(f.PoolCosts, facts.PoolCost{
			Pool: facts.Pool(index(&f.Pools, r["pool"])), Month: p.month(r["month"]), Amount: p.exact(r["amount"]),
			Driver: facts.Driver(r.get("driver")), Sustaining: r.get("sustaining") == "yes",
		})
	}
	for _, r := range p.tables["pool_services"] {
		f.Services = append(f.Services, facts.Service{
			Pool: facts.Pool(index(&f.Pools, r["pool"])), Serves: facts.Pool(index(&f.Pools, r["serves"])),
			Share: measure.Share(p.millionths(r["share"])),
		})
	}
	for _, r := range p.tables["direct_costs"] {
		f.Direct = append(f.Direct, facts.Direct{
			Client: p.client(r["client"]), Month: p.month(r["month"]), Category: facts.Category(index(&f.Categories, r.get("category"))),
			Cause: cause(r.get("cause")), Amount: p.exact(r["amount"]),
		})
	}
	for _, r := range p.tables["drivers"] {
		f.Drivers = append(f.Drivers, facts.DriverQuantity{
			Client: p.client(r["client"]), Month: p.month(r["month"]), Driver: facts.Driver(r["driver"]),
			Quantity: measure.Quantity(p.millionths(r["quantity"])),
		})
	}
	p.activity()
	arrange(f)
}

// names registers the clients by id, and roles and pools in the order of their
// tables.
func (p *page) names() {
	for _, r := range p.tables["clients"] {
		p.facts.Clients = append(p.facts.Clients, clients.Client{
			ID: clients.ID(r["client"]), Name: r["client"],
			PlanHours:     opt(r.get("plan_hours"), func(s string) measure.Hours { return measure.Hours(p.millionths(s)) }),
			ContractStart: p.day(r.get("contract_start")), ContractEnd: p.day(r.get("contract_end")),
		})
	}
	slices.SortFunc(p.facts.Clients, func(a, b clients.Client) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, r := range p.tables["pools"] {
		index(&p.facts.Pools, r["pool"])
	}
}

// activity derives the months of activity from what was billed and worked.
func (p *page) activity() {
	span := map[clients.Ref]facts.Activity{}
	see := func(c clients.Ref, m period.Month) {
		a, ok := span[c]
		if !ok {
			a = facts.Activity{Client: c, First: m, Last: m}
		}
		a.First, a.Last = min(a.First, m), max(a.Last, m)
		span[c] = a
	}
	for _, r := range p.facts.Revenue {
		see(r.Client, r.Month)
	}
	for _, w := range p.facts.Work {
		see(w.Client, w.Month)
	}
	for _, a := range span {
		if a.Client >= 0 {
			p.facts.Activity = append(p.facts.Activity, a)
		}
	}
}

// arrange sorts facts as package facts promises to.
func arrange(f *facts.Facts) {
	slices.SortFunc(f.Activity, func(a, b facts.Activity) int { return cmp.Compare(a.Client, b.Client) })
	for _, rows := range [][]facts.Revenue{f.Revenue, f.ByDocument} {
		slices.SortStableFunc(rows, func(a, b facts.Revenue) int {
			return cmp.Or(cmp.Compare(a.Client, b.Client), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Product, b.Product))
		})
	}
	slices.SortStableFunc(f.Work, func(a, b facts.Work) int {
		return cmp.Or(cmp.Compare(a.Client, b.Client), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Role, b.Role), cmp.Compare(a.Cause, b.Cause))
	})
	slices.SortStableFunc(f.Counts, func(a, b facts.Count) int {
		return cmp.Or(cmp.Compare(a.Client, b.Client), cmp.Compare(a.Month, b.Month))
	})
	slices.SortStableFunc(f.Direct, func(a, b facts.Direct) int {
		return cmp.Or(cmp.Compare(a.Client, b.Client), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Category, b.Category))
	})
	slices.SortStableFunc(f.Drivers, func(a, b facts.DriverQuantity) int {
		return cmp.Or(cmp.Compare(a.Client, b.Client), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Driver, b.Driver))
	})
}

func index(names *[]string, name string) int {
	if i := slices.Index(*names, name); i >= 0 {
		return i
	}
	*names = append(*names, name)
	return len(*names) - 1
}

func opt[T any](s string, read func(string) T) measure.Opt[T] {
	if s == "" {
		return measure.Opt[T]{}
	}
	return measure.Some(read(s))
}

func has(r row, flag string) bool { return slices.Contains(strings.Fields(r["flags"]), flag) }

func cause(s string) facts.Cause {
	return facts.Cause(max(0, slices.Index([]string{"other", "own_error", "cannot_deliver", "against_advice", "capability"}, s)))
}

func (p *page) client(name string) clients.Ref {
	switch name {
	case "Unmapped":
		return clients.Unmapped
	case "internal":
		return clients.Internal
	}
	i := slices.IndexFunc(p.facts.Clients, func(c clients.Client) bool { return string(c.ID) == name })
	if i < 0 {
		p.Fatalf("no client %q", name)
	}
	return clients.Ref(i)
}

func (p *page) month(s string) period.Month {
	m, err := period.ParseMonth(s)
	if err != nil {
		p.Fatal(err)
	}
	return m
}

func (p *page) day(s string) period.Day {
	if s == "" {
		return 0
	}
	d, err := period.ParseDay(s)
	if err != nil {
		p.Fatal(err)
	}
	return d
}

// exact reads a decimal of up to six places, with commas for the eye.
func (p *page) exact(s string) money.Exact {
	if s == "" {
		return money.Exact{}
	}
	neg := strings.HasPrefix(s, "-")
	whole, frac, _ := strings.Cut(strings.TrimPrefix(strings.ReplaceAll(s, ",", ""), "-"), ".")
	units, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || len(frac) > 6 {
		p.Fatalf("%q is no amount", s)
	}
	rest, err := strconv.ParseInt((frac + "000000")[:6], 10, 64)
	if err != nil {
		p.Fatalf("%q is no amount", s)
	}
	e := money.Units(units).Add(money.Millionths(rest))
	if neg {
		return e.Neg()
	}
	return e
}

func (p *page) millionths(s string) int64 {
	e := p.exact(s)
	return int64(e.Lo)
}

// What came out, as rows by key.

type figures struct {
	*page
	rows map[string]row
	sums map[string]map[string]int64
}

func (p *page) figures() *figures {
	return &figures{page: p, rows: map[string]row{}, sums: map[string]map[string]int64{}}
}

// add sets an amount, or adds to it.
func (g *figures) add(key, column string, a money.Amount) {
	if g.sums[key] == nil {
		g.sums[key], g.rows[key] = map[string]int64{}, cmpRow(g.rows[key])
	}
	g.sums[key][column] += int64(a)
	g.rows[key][column] = g.facts.Currency.Format(money.Amount(g.sums[key][column]))
}

func (g *figures) hours(key, column string, h measure.Hours) {
	g.add(key, column, 0)
	g.sums[key][column] += int64(h)
	g.rows[key][column] = measure.Hours(g.sums[key][column]).String()
}

func (g *figures) text(key, column, s string) {
	g.add(key, "", 0)
	g.rows[key][column] = s
}

func cmpRow(r row) row {
	if r == nil {
		return row{}
	}
	return r
}

func (p *page) clientFigures() map[string]row {
	g := p.figures()
	put := func(name string, of Client) {
		for at, m := range of.Months {
			for _, key := range []string{name + " " + p.facts.Window.At(at).String(), name + " all"} {
				for column, a := range map[string]money.Amount{
					"revenue": m.Revenue, "recurring": m.Recurring, "own_credits": m.OwnCredits,
					"labour": m.Labour, "labour_own": m.LabourOwn, "pools": m.Pools, "pools_own": m.PoolsOwn,
					"direct": m.Direct, "direct_own": m.DirectOwn, "cost": m.Cost(), "own_error": m.OwnErrorCost(),
					"margin": m.Margin(), "out_of_scope": m.OutOfScope, "against_advice": m.AgainstAdvice,
					"capability": m.Capability, "above_plan": m.AbovePlan, "list": m.List, "given": m.Given,
				} {
					g.add(key, column, a)
				}
				g.hours(key, "hours", m.Hours)
				g.hours(key, "hours_above_plan", m.HoursAbovePlan)
				g.text(key, "given_known", fmt.Sprint(m.GivenKnown))
				g.text(key, "list_known", fmt.Sprint(m.ListKnown))
			}
		}
	}
	for i, c := range p.costs.Clients {
		put(string(p.facts.Clients[i].ID), c)
	}
	put("Unmapped", p.costs.Unmapped)
	return g.rows
}

func (p *page) roleFigures() map[string]row {
	g := p.figures()
	for _, r := range p.costs.Roles {
		for _, month := range []string{r.Month.String(), "all"} {
			key := p.facts.Roles[r.Role] + " " + month
			for column, a := range map[string]money.Amount{
				"cost": r.Cost, "used": r.Used, "unused": r.Unused, "to_clients": r.ToClients,
				"to_unmapped": r.ToUnmapped, "to_internal": r.ToInternal, "client_caused": r.ClientCaused,
			} {
				g.add(key, column, a)
			}
			g.hours(key, "capacity", r.Capacity)
			g.hours(key, "worked", r.Worked)
			g.hours(key, "internal", r.Internal)
			g.hours(key, "unused_hours", r.UnusedHours)
			g.text(key, "rate", r.Rate.String())
		}
	}
	return g.rows
}

func (p *page) poolFigures() map[string]row {
	g := p.figures()
	for _, m := range p.costs.Pools {
		for _, month := range []string{m.Month.String(), "all"} {
			key := p.facts.Pools[m.Pool] + " " + month
			for column, a := range map[string]money.Amount{
				"cost": m.Cost, "after_service": m.AfterService, "to_clients": m.ToClients,
				"to_unmapped": m.ToUnmapped, "not_allocated": m.NotAllocated, "sustained": m.Sustained,
			} {
				g.add(key, column, a)
			}
			g.text(key, "driver", string(m.Driver))
		}
	}
	return g.rows
}

func (p *page) shareFigures() map[string]row {
	g := p.figures()
	for _, s := range p.costs.Shares {
		name := "Unmapped"
		if s.Client >= 0 {
			name = string(p.facts.Clients[s.Client].ID)
		}
		for _, month := range []string{s.Month.String(), "all"} {
			key := p.facts.Pools[s.Pool] + " " + month + " " + name
			g.add(key, "amount", s.Amount)
			g.add(key, "own", s.Own)
			g.text(key, "quantity", s.Quantity.String())
		}
	}
	return g.rows
}

func (p *page) ledgerFigures() map[string]row {
	g, l := p.figures(), p.costs.Ledger
	for what, a := range map[string]money.Amount{
		"billing used": l.BillingUsed, "revenue of clients": l.Revenue, "revenue of Unmapped": l.RevenueOther,
		"costs put in": l.CostIn, "clients": l.Clients, "Unmapped": l.Unmapped, "internal": l.Internal,
		"unused capacity": l.Unused, "not allocated": l.NotAllocated, "sustaining": l.Sustaining,
	} {
		g.add(what, "amount", a)
	}
	return g.rows
}

func (p *page) findingFigures() map[string]row {
	g := p.figures()
	for _, r := range p.costs.Findings.Rules() {
		total := p.costs.Findings.Total(r)
		g.text(r.Name, "count", fmt.Sprint(total.Count))
		g.text(r.Name, "hours", total.Hours.String())
		g.text(r.Name, "detail", p.costs.Findings.Kept(r)[0].Detail)
	}
	return g.rows
}
