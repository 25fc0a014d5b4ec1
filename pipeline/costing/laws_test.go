package costing

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

const january = period.Month(2026*12 + 1)

// companies draws facts of small companies: every kind of row, negative
// corrections, amounts of up to 13 digits, currencies with 0, 2 and 3 places.
// Signed is false where the law at hand needs quantities that are not negative.
func companies(signed bool) *rapid.Generator[*facts.Facts] {
	return rapid.Custom(func(t *rapid.T) *facts.Facts {
		f := &facts.Facts{Window: period.Window{First: january, Last: january + period.Month(rapid.IntRange(0, 2).Draw(t, "months"))}}
		f.Currency, _ = money.CurrencyOf(rapid.SampledFrom([]string{"EUR", "JPY", "IRR", "KWD"}).Draw(t, "currency"))
		for i := range rapid.IntRange(1, 6).Draw(t, "clients") {
			c := clients.Client{ID: clients.ID(fmt.Sprintf("c%d", i))}
			if rapid.Bool().Draw(t, "plan") {
				c.PlanHours = measure.Some(hours(false).Draw(t, "plan hours"))
			}
			f.Clients = append(f.Clients, c)
			if first := january + period.Month(rapid.IntRange(-1, 2).Draw(t, "first")); first <= f.Window.Last {
				f.Activity = append(f.Activity, facts.Activity{Client: clients.Ref(i), First: first, Last: f.Window.Last})
			}
		}
		f.Roles = []string{"hourly", "monthly", "people"}
		f.Rates = []facts.Rate{
			{Role: 0, Hourly: measure.Some(price.Draw(t, "hourly")), List: measure.Some(price.Draw(t, "list"))},
			{Role: 0, ValidFrom: (january + 1).First(), Hourly: measure.Some(price.Draw(t, "raised"))},
			{Role: 1, Monthly: measure.Some(amount(false).Draw(t, "monthly")), Capacity: hours(false).Draw(t, "capacity") + measure.Million},
			{Role: 2, Monthly: measure.Some(amount(false).Draw(t, "monthly")), People: measure.Some(measure.Quantity(rapid.Int64Range(100_000, 5_000_000).Draw(t, "people")))},
		}
		ref := rapid.Map(rapid.IntRange(-2, len(f.Clients)-1), func(i int) clients.Ref { return clients.Ref(i) })
		mapped := rapid.Map(rapid.IntRange(-1, len(f.Clients)-1), func(i int) clients.Ref { return clients.Ref(i) })
		month := rapid.Map(rapid.IntRange(0, f.Window.Len()-1), f.Window.At)
		for range rapid.IntRange(0, 12).Draw(t, "billing") {
			f.Revenue = append(f.Revenue, facts.Revenue{
				Client: mapped.Draw(t, "client"), Month: month.Draw(t, "month"), Amount: amount(signed).Draw(t, "amount"),
				List: amount(signed).Draw(t, "list"), ListKnown: rapid.Bool().Draw(t, "list known"), Lines: 1,
				Credit: rapid.Bool().Draw(t, "credit"), OwnError: rapid.Bool().Draw(t, "own"), Recurring: rapid.Bool().Draw(t, "recurring"),
			})
		}
		for range rapid.IntRange(0, 15).Draw(t, "work") {
			f.Work = append(f.Work, facts.Work{
				Client: ref.Draw(t, "client"), Month: month.Draw(t, "month"), Role: facts.Role(rapid.IntRange(0, 2).Draw(t, "role")),
				Cause: facts.Cause(rapid.IntRange(0, 4).Draw(t, "cause")), OutOfScope: rapid.Bool().Draw(t, "scope"),
				Billable: rapid.Bool().Draw(t, "billable"), Hours: hours(signed).Draw(t, "hours"),
			})
		}
		for range rapid.IntRange(0, 6).Draw(t, "direct") {
			f.Direct = append(f.Direct, facts.Direct{
				Client: ref.Draw(t, "client"), Month: month.Draw(t, "month"), Amount: amount(signed).Draw(t, "amount"),
				Cause: facts.Cause(rapid.IntRange(0, 1).Draw(t, "cause")),
			})
		}
		for range rapid.IntRange(0, 8).Draw(t, "counts") {
			tickets := rapid.Int64Range(0, 4).Draw(t, "tickets")
			f.Counts = append(f.Counts, facts.Count{
				Client: mapped.Draw(t, "client"), Month: month.Draw(t, "month"), Documents: rapid.Int64Range(0, 3).Draw(t, "documents"),
				Tickets: tickets, OwnTickets: measure.Quantity(rapid.Int64Range(0, tickets*1_000_000).Draw(t, "own tickets")),
			})
		}
		for range rapid.IntRange(0, 6).Draw(t, "drivers") {
			low := int64(0)
			if signed {
				low = -1_000_000
			}
			f.Drivers = append(f.Drivers, facts.DriverQuantity{
				Client: ref.Draw(t, "client"), Month: month.Draw(t, "month"), Driver: "seats",
				Quantity: measure.Quantity(rapid.Int64Range(low, 5_000_000).Draw(t, "quantity")),
			})
		}
		drawPools(t, f, signed)
		arrange(f)
		return f
	})
}

func drawPools(t *rapid.T, f *facts.Facts, signed bool) {
	for p := range rapid.IntRange(0, 4).Draw(t, "pools") {
		f.Pools = append(f.Pools, fmt.Sprintf("p%d", p))
		driver := rapid.SampledFrom([]facts.Driver{"hours", "tickets", "invoices", "revenue", "clients", "seats", ""}).Draw(t, "driver")
		sustaining := rapid.IntRange(0, 5).Draw(t, "sustaining") == 0
		for at := range f.Window.Len() {
			if at == 0 || rapid.Bool().Draw(t, "this month") {
				f.PoolCosts = append(f.PoolCosts, facts.PoolCost{
					Pool: facts.Pool(p), Month: f.Window.At(at), Amount: amount(signed).Draw(t, "amount"), Driver: driver, Sustaining: sustaining,
				})
			}
		}
	}
	for p := range f.Pools {
		left := int64(900_000)
		for q := range f.Pools {
			if share := rapid.Int64Range(0, left).Draw(t, "share"); rapid.IntRange(0, 2).Draw(t, "serves") == 0 {
				f.Services = append(f.Services, facts.Service{Pool: facts.Pool(p), Serves: facts.Pool(q), Share: measure.Share(share)})
				left -= share
			}
		}
	}
}

var price = rapid.Map(rapid.Int64Range(0, 200_000_000), money.Millionths)

func amount(signed bool) *rapid.Generator[money.Exact] {
	return rapid.Custom(func(t *rapid.T) money.Exact {
		var low int64
		if signed {
			low = -1
		}
		if rapid.Bool().Draw(t, "small") {
			return money.Millionths(rapid.Int64Range(low*30_000, 30_000).Draw(t, "amount"))
		}
		return money.Millionths(rapid.Int64Range(low*9_000_000_000_000_000_000, 9_000_000_000_000_000_000).Draw(t, "amount"))
	})
}

func hours(signed bool) *rapid.Generator[measure.Hours] {
	low := int64(0)
	if signed {
		low = -3_000_000
	}
	return rapid.Map(rapid.Int64Range(low, 90_000_000), func(h int64) measure.Hours { return measure.Hours(h) })
}

func compute(t interface{ Fatal(...any) }, f *facts.Facts, o Options) *Costs {
	c, err := Compute(f, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var variants = rapid.SampledFrom([]Options{{}, {Driver: facts.ByHours}, {Driver: facts.ByTickets}, {Driver: facts.ByRevenue}, {Driver: facts.ByClients}, {Basis: HoursWorked}})

// Law 1: per role, pool and month, what went in comes out to the cent. The totals
// are worked out anew, in fractions.
func TestConservation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := companies(true).Draw(t, "company")
		c := compute(t, f, variants.Draw(t, "variant"))
		for at := range f.Window.Len() {
			conserveRevenue(t, f, c, at)
			conservePools(t, f, c, at)
		}
		for _, r := range c.Roles {
			conserveRole(t, f, c, r)
		}
	})
}

func conserveRevenue(t *rapid.T, f *facts.Facts, c *Costs, at int) {
	var in, direct money.Exact
	var rows, costs money.Amount
	for i, r := range f.Revenue {
		if r.Month == f.Window.At(at) {
			in, rows = in.Add(r.Amount), rows+c.Revenue[i]
		}
	}
	for i, d := range f.Direct {
		if d.Month == f.Window.At(at) {
			direct, costs = direct.Add(d.Amount), costs+c.Direct[i]
		}
	}
	out := c.Unmapped.Months[at].Revenue
	for _, of := range c.Clients {
		out += of.Months[at].Revenue
	}
	if want, _ := f.Currency.Round(in); out != want || rows != want {
		t.Fatalf("revenue in %d: %d, rows %d, want %d", at, out, rows, want)
	}
	if want, _ := f.Currency.Round(direct); costs != want {
		t.Fatalf("direct costs in %d: %d, want %d", at, costs, want)
	}
}

func conservePools(t *rapid.T, f *facts.Facts, c *Costs, at int) {
	month := f.Window.At(at)
	exact := map[facts.Pool]money.Exact{}
	for _, p := range f.PoolCosts {
		if p.Month == month {
			exact[p.Pool] = exact[p.Pool].Add(p.Amount)
		}
	}
	shares := map[facts.Pool]money.Amount{}
	for _, s := range c.Shares {
		if s.Month == month {
			shares[s.Pool] += s.Amount
			if s.Own.Abs() > s.Amount.Abs() || s.Own != 0 && (s.Own < 0) != (s.Amount < 0) {
				t.Fatalf("own errors %d of a share of %d", s.Own, s.Amount)
			}
		}
	}
	var in, out money.Amount
	for _, p := range c.Pools {
		if p.Month != month {
			continue
		}
		if want, _ := f.Currency.Round(exact[p.Pool]); p.Cost != want {
			t.Fatalf("pool %d costs %d, want %d", p.Pool, p.Cost, want)
		}
		if p.ToClients+p.ToUnmapped != shares[p.Pool] || p.AfterService != shares[p.Pool]+p.NotAllocated+p.Sustained {
			t.Fatalf("pool %d has %d to share out and shares %d: %+v", p.Pool, p.AfterService, shares[p.Pool], p)
		}
		in, out = in+p.Cost, out+p.AfterService
	}
	if in != out {
		t.Fatalf("pools serve each other: %d becomes %d", in, out)
	}
}

func conserveRole(t *rapid.T, f *facts.Facts, c *Costs, r RoleMonth) {
	rates, _ := ratesByRole(f)
	rate, _ := inForce(rates[r.Role], r.Month)
	var worked measure.Hours
	var rows money.Amount
	for i, w := range f.Work {
		if w.Role == r.Role && w.Month == r.Month {
			worked, rows = worked+w.Hours, rows+c.Work[i]
		}
	}
	perHour := rate.Hourly.Value
	per := int64(measure.Million)
	if rate.Monthly.Known {
		cost, _ := f.Currency.Round(rate.Monthly.Value)
		if r.Cost != cost {
			t.Fatalf("role %d costs %d, want %d", r.Role, r.Cost, cost)
		}
		perHour, per = f.Currency.Exact(cost), int64(r.Supplied)
	}
	unit := f.Currency.Exact(1)
	want := new(big.Rat).Mul(ratOf(perHour), big.NewRat(int64(worked), per))
	want.Quo(want, ratOf(unit))
	used := new(big.Rat).SetInt64(int64(r.Used))
	if off := used.Sub(used, want); off.Abs(off).Cmp(big.NewRat(1, 2)) > 0 {
		t.Fatalf("role %d uses %d, want %v", r.Role, r.Used, want.FloatString(3))
	}
	if rows != r.Used || r.Used != r.ToClients+r.ToUnmapped+r.ToInternal || r.Cost != r.Used+r.Unused || worked != r.Worked {
		t.Fatalf("rows %d of %+v", rows, r)
	}
}

func ratOf(e money.Exact) *big.Rat {
	r, _ := new(big.Rat).SetString(e.String())
	return r
}

// Law 2: the order of rows changes nothing.
func TestRowOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := companies(true).Draw(t, "company")
		g := *f
		g.Revenue = rapid.Permutation(f.Revenue).Draw(t, "billing")
		g.Work = rapid.Permutation(f.Work).Draw(t, "work")
		g.Direct = rapid.Permutation(f.Direct).Draw(t, "direct")
		g.Drivers = rapid.Permutation(f.Drivers).Draw(t, "drivers")
		g.PoolCosts = rapid.Permutation(f.PoolCosts).Draw(t, "pool costs")
		g.Services = rapid.Permutation(f.Services).Draw(t, "services")
		arrange(&g)
		a := compute(t, f, Options{})
		allSame(t, a, compute(t, &g, Options{}))
		if again := compute(t, f, Options{}); !reflect.DeepEqual(a, again) {
			t.Fatal("computed again, the costs differ")
		}
	})
}

// same compares what does not depend on how a client's rows are grouped.
func same(t *rapid.T, a, b Month, within money.Amount) {
	for _, pair := range [][2]money.Amount{{a.Revenue, b.Revenue}, {a.Labour, b.Labour}, {a.Pools, b.Pools}, {a.Direct, b.Direct}} {
		if off := pair[0] - pair[1]; off.Abs() > within {
			t.Fatalf("%+v\nand %+v differ", a, b)
		}
	}
	if a.Hours != b.Hours || a.HoursOwn != b.HoursOwn || a.Documents != b.Documents || a.Tickets != b.Tickets {
		t.Fatalf("%+v\nand %+v differ", a, b)
	}
}

func allSame(t *rapid.T, a, b *Costs) {
	for i := range a.Clients {
		for at := range a.Clients[i].Months {
			same(t, a.Clients[i].Months[at], b.Clients[i].Months[at], 0)
		}
	}
}

// Law 2: which client comes first only moves odd minor units.
func TestClientOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := companies(true).Draw(t, "company")
		n := len(f.Clients)
		g := relabel(f, n, func(r clients.Ref) clients.Ref { return clients.Ref(n-1) - r })
		slices.Reverse(g.Clients)
		a, b := compute(t, f, Options{}), compute(t, g, Options{})
		within := money.Amount(max(len(f.Pools), len(f.Roles)))
		for i := range a.Clients {
			for at := range a.Clients[i].Months {
				same(t, a.Clients[i].Months[at], b.Clients[n-1-i].Months[at], within)
			}
		}
		if a.Ledger.CostIn != b.Ledger.CostIn || a.Ledger.Revenue+a.Ledger.RevenueOther != b.Ledger.Revenue+b.Ledger.RevenueOther {
			t.Fatal("totals differ")
		}
	})
}

// relabel copies facts with other refs for the clients, which become n.
func relabel(f *facts.Facts, n int, to func(clients.Ref) clients.Ref) *facts.Facts {
	g := *f
	ref := func(r clients.Ref) clients.Ref {
		if r < 0 {
			return r
		}
		return to(r)
	}
	g.Clients = slices.Clone(f.Clients[:n])
	g.Revenue, g.Work, g.Direct = slices.Clone(f.Revenue), slices.Clone(f.Work), slices.Clone(f.Direct)
	g.Counts, g.Drivers, g.Activity = slices.Clone(f.Counts), slices.Clone(f.Drivers), slices.Clone(f.Activity)
	for i := range g.Revenue {
		g.Revenue[i].Client = ref(g.Revenue[i].Client)
	}
	for i := range g.Work {
		g.Work[i].Client = ref(g.Work[i].Client)
	}
	for i := range g.Direct {
		g.Direct[i].Client = ref(g.Direct[i].Client)
	}
	for i := range g.Counts {
		g.Counts[i].Client = ref(g.Counts[i].Client)
	}
	for i := range g.Drivers {
		g.Drivers[i].Client = ref(g.Drivers[i].Client)
	}
	for i := range g.Activity {
		g.Activity[i].Client = ref(g.Activity[i].Client)
	}
	arrange(&g)
	return &g
}

// Law 4: a client without a quantity takes nothing and changes nobody's share.
func TestABystanderChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := companies(true).Draw(t, "company")
		g := *f
		g.Clients = append(slices.Clone(f.Clients), clients.Client{ID: "z"})
		a, b := compute(t, f, Options{}), compute(t, &g, Options{})
		if !reflect.DeepEqual(a.Clients, b.Clients[:len(a.Clients)]) || !reflect.DeepEqual(a.Unmapped, b.Unmapped) {
			t.Fatal("somebody's figures changed")
		}
		for _, m := range b.Clients[len(a.Clients)].Months {
			if m.Cost() != 0 || m.Revenue != 0 {
				t.Fatalf("the bystander has %+v", m)
			}
		}
	})
}

// Law 6: an invoice and the credit note that mirrors it, with their hours and
// direct costs, leave everything as it was, but for counts.
func TestACreditMirrorsItsInvoice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := companies(true).Draw(t, "company")
		g := *f
		r := facts.Revenue{Client: 0, Month: january, Amount: amount(true).Draw(t, "sale")}
		w := facts.Work{Client: 0, Month: january, Hours: hours(true).Draw(t, "hours")}
		d := facts.Direct{Client: 0, Month: january, Amount: amount(true).Draw(t, "cost")}
		rBack, wBack, dBack := r, w, d
		rBack.Amount, rBack.Credit = r.Amount.Neg(), true
		wBack.Hours, dBack.Amount = -w.Hours, d.Amount.Neg()
		g.Revenue = append(slices.Clone(f.Revenue), r, rBack)
		g.Work = append(slices.Clone(f.Work), w, wBack)
		g.Direct = append(slices.Clone(f.Direct), d, dBack)
		arrange(&g)
		allSame(t, compute(t, f, Options{}), compute(t, &g, Options{}))
	})
}

// Own errors and recurring revenue under two names of a client are as much as under one.
func TestKindsComeBeforeNames(t *testing.T) {
	part := func(tenths int64) money.Exact { return money.Millionths(tenths * 100_000) }
	company := func(name facts.Account) *facts.Facts {
		f := &facts.Facts{Window: period.Window{First: january, Last: january}, Clients: []clients.Client{{ID: "c"}}, Roles: []string{"dev"}, Categories: []string{"travel"}, Products: []string{"plan"}}
		f.Currency, _ = money.CurrencyOf("JPY")
		f.Rates = []facts.Rate{{Hourly: measure.Some(money.Units(1))}}
		for _, row := range []struct {
			account facts.Account
			own     bool
			tenths  int64
		}{{0, false, 4}, {0, true, 3}, {name, true, 3}} {
			w, d := facts.Work{Month: january, Account: row.account, Hours: measure.Hours(row.tenths * 100_000)}, facts.Direct{Month: january, Account: row.account, Amount: part(row.tenths)}
			if row.own {
				w.Cause, d.Cause = facts.OwnError, facts.OwnError
			}
			f.Work, f.Direct = append(f.Work, w), append(f.Direct, d)
			f.Revenue = append(f.Revenue, facts.Revenue{Month: january, Account: row.account, Recurring: row.own, Amount: part(row.tenths), Lines: 1})
		}
		return f
	}
	for _, name := range []facts.Account{0, 1} {
		c, err := Compute(company(name), Options{})
		if err != nil {
			t.Fatal(err)
		}
		m := c.Clients[0].Months[0]
		if got := [...]money.Amount{m.Labour, m.LabourOwn, m.Direct, m.DirectOwn, m.Revenue, m.Recurring}; got != [...]money.Amount{1, 1, 1, 1, 1, 1} {
			t.Errorf("labour, direct costs and revenue, each with its own errors or what comes back, are %v", got)
		}
	}
}

// Law 7: doubling all money doubles every figure, up to the cents of rounding.
func TestDoubling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := companies(false).Draw(t, "company")
		g := *f
		twice := func(e money.Exact) money.Exact { return e.Add(e) }
		g.Revenue, g.Direct, g.PoolCosts, g.Rates = slices.Clone(f.Revenue), slices.Clone(f.Direct), slices.Clone(f.PoolCosts), slices.Clone(f.Rates)
		for i := range g.Revenue {
			g.Revenue[i].Amount = twice(g.Revenue[i].Amount)
		}
		for i := range g.Direct {
			g.Direct[i].Amount = twice(g.Direct[i].Amount)
		}
		for i := range g.PoolCosts {
			g.PoolCosts[i].Amount = twice(g.PoolCosts[i].Amount)
		}
		for i := range g.Rates {
			g.Rates[i].Hourly.Value, g.Rates[i].Monthly.Value = twice(g.Rates[i].Hourly.Value), twice(g.Rates[i].Monthly.Value)
		}
		a, b := compute(t, f, Options{}), compute(t, &g, Options{})
		// Each part is less than two minor units off its exact value: one for its
		// own rounding, one for that of the total it is split from.
		within := money.Amount(6 * (1 + max(len(f.Pools), len(f.Roles))))
		for i := range a.Clients {
			for at, m := range a.Clients[i].Months {
				m.Revenue, m.Labour, m.Pools, m.Direct = 2*m.Revenue, 2*m.Labour, 2*m.Pools, 2*m.Direct
				if byRevenue := slices.ContainsFunc(f.PoolCosts, func(p facts.PoolCost) bool { return p.Driver == facts.ByRevenue }); byRevenue {
					m.Pools, b.Clients[i].Months[at].Pools = 0, 0 // its weights are rounded revenue
				}
				same(t, m, b.Clients[i].Months[at], within)
			}
		}
	})
}

// Law 8: splitting a line, an entry or a cost in two changes nothing.
func TestSplittingALine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := companies(true).Draw(t, "company")
		g := *f
		g.Revenue, g.Work, g.Direct = slices.Clone(f.Revenue), slices.Clone(f.Work), slices.Clone(f.Direct)
		for i, r := range f.Revenue {
			part := amount(true).Draw(t, "part")
			g.Revenue[i].Amount = r.Amount.Sub(part)
			r.Amount = part
			g.Revenue = append(g.Revenue, r)
		}
		for i, w := range f.Work {
			part := hours(true).Draw(t, "part")
			g.Work[i].Hours -= part
			w.Hours = part
			g.Work = append(g.Work, w)
		}
		for i, d := range f.Direct {
			part := amount(true).Draw(t, "part")
			g.Direct[i].Amount = d.Amount.Sub(part)
			d.Amount = part
			g.Direct = append(g.Direct, d)
		}
		arrange(&g)
		allSame(t, compute(t, f, Options{}), compute(t, &g, Options{}))
	})
}

// Law 12: two clients merged are the sum of the two, up to odd minor units, for
// drivers that add up.
func TestMergingClients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := companies(false).Draw(t, "company")
		for i := range f.PoolCosts {
			if f.PoolCosts[i].Driver == facts.ByClients {
				f.PoolCosts[i].Driver = "seats"
			}
		}
		f.Clients = append(f.Clients, clients.Client{ID: "z"}) // so that there are two
		last := clients.Ref(len(f.Clients) - 1)
		f.Work = append(f.Work, facts.Work{Client: last, Month: january, Hours: hours(false).Draw(t, "hours")})
		g := relabel(f, int(last), func(r clients.Ref) clients.Ref {
			if r == last {
				return 0
			}
			return r
		})
		g.Activity = nil
		a, b := compute(t, f, Options{}), compute(t, g, Options{})
		within := money.Amount(2 * max(len(f.Pools), len(f.Roles), 1))
		for at := range a.Unmapped.Months {
			first, other := a.Clients[0].Months[at], a.Clients[last].Months[at]
			first.Revenue += other.Revenue
			first.Labour += other.Labour
			first.Pools += other.Pools
			first.Direct += other.Direct
			first.Hours += other.Hours
			first.HoursOwn += other.HoursOwn
			first.Documents += other.Documents
			first.Tickets += other.Tickets
			same(t, first, b.Clients[0].Months[at], within)
			for i := 1; i < int(last); i++ {
				same(t, a.Clients[i].Months[at], b.Clients[i].Months[at], within)
			}
		}
	})
}

// Working out only what other options change gives what computing anew does.
func TestVaryIsComputing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := companies(true).Draw(t, "company")
		if rapid.Bool().Draw(t, "by document") {
			f.ByDocument = slices.Clone(f.Revenue)
			for i := range f.ByDocument {
				f.ByDocument[i].Month = f.Window.First
			}
			arrange(f)
		}
		o := variants.Draw(t, "variant")
		if rapid.Bool().Draw(t, "recognised by document") {
			o.Recognition = ByDocument
		}
		was, is := compute(t, f, Options{}), compute(t, f, o)
		got, err := was.Vary(f, Options{}, o)
		if err != nil {
			t.Fatal(err)
		}
		want := make([]Varied, len(f.Clients))
		for i := range want {
			sum := Sum(is.Clients[i].Months)
			want[i] = Varied{!slices.Equal(was.Clients[i].Months, is.Clients[i].Months), sum.Revenue, sum.OwnCredits, sum.ClientCaused()}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	})
}
