package facts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// freeze turns what was gathered into facts: accounts become clients, words and
// clients are sorted, and every slice with them.
func (g *gathering) freeze() (*Facts, error) {
	if len(g.accounts.list) >= maxAccounts {
		return nil, fmt.Errorf("more than %d ids and names of clients", maxAccounts-1)
	}
	f := g.facts
	owners := g.owners()
	g.hold()
	g.cast(f, owners)
	accounts := g.accountNames(f)

	roles := g.roles.sortNamed(&f.Roles)
	products := g.wordsOfProducts(f)
	pools := g.pools.sortNamed(&f.Pools)
	categories := g.wordsOfCategories(f)
	g.freezePools(f, pools)
	g.freezeRates(f, roles)
	var long sync.WaitGroup
	long.Go(func() {
		g.freezeCounts(f, owners)
		g.tickets = nil
		g.freezeWork(f, owners, accounts, roles)
	})
	long.Go(func() { g.report(f) })
	g.freezeRevenue(f, owners, accounts, products)
	long.Wait()
	g.freezeDirect(f, owners, accounts, categories)
	g.freezeRest(f, owners)
	f.Tallies, f.Findings = g.tallies, g.findings
	slices.SortFunc(f.Coverage, compareCoverage)
	slices.SortFunc(f.Tallies, func(a, b exports.Tally) int {
		return cmp.Or(strings.Compare(string(a.Input), string(b.Input)), strings.Compare(a.Source, b.Source), strings.Compare(a.File, b.File))
	})
	return f, nil
}

// owners says whom each account means, in the register.
func (g *gathering) owners() []clients.Ref {
	refs := make([]clients.Ref, len(g.accounts.list))
	for i := range g.accounts.list {
		refs[i] = g.accounts.list[i].owner(g.register).Ref
	}
	return refs
}

// hold adds up what each account holds in the window.
func (g *gathering) hold() {
	g.held = make([]finding.Total, len(g.accounts.list))
	moved := &g.byService
	if g.ByDocument {
		moved = &g.byDocument
	}
	for _, t := range []*sums{&g.same, moved} {
		t.each(func(_ int, key uint64, sum *revenueSum) {
			h := &g.held[unpackRevenue(key).account]
			h.Money = h.Money.Add(sum.amount)
		})
	}
	g.work.each(func(_ int, key uint64, sum *workSum) { g.held[unpackWork(key).account].Hours += sum.hours })
	g.direct.each(func(_ int, key uint64, sum *directSum) {
		h := &g.held[unpackWork(key).account]
		h.Money = h.Money.Add(sum.amount)
	})
}

// cast chooses the clients that have a row: those of the clients file and those
// active in the window. The owners become positions among them.
func (g *gathering) cast(f *Facts, owners []clients.Ref) {
	all := g.register.Clients()
	active := make([]bool, len(all))
	see := func(account uint32) {
		if ref := owners[account]; ref >= 0 {
			active[ref] = true
		}
	}
	for _, t := range []*sums{&g.same, &g.byService, &g.byDocument} {
		t.each(func(_ int, key uint64, _ *revenueSum) { see(unpackRevenue(key).account) })
	}
	g.work.each(func(_ int, key uint64, _ *workSum) { see(unpackWork(key).account) })
	g.direct.each(func(_ int, key uint64, _ *directSum) { see(unpackWork(key).account) })
	for _, d := range g.drives {
		see(d.account)
	}

	var order []clients.Ref
	for i, c := range all {
		if c.Listed || active[i] {
			order = append(order, clients.Ref(i))
		}
	}
	slices.SortFunc(order, func(a, b clients.Ref) int { return strings.Compare(string(all[a].ID), string(all[b].ID)) })
	to := make([]clients.Ref, len(all))
	for i := range to {
		to[i] = none
	}
	for i, from := range order {
		f.Clients = append(f.Clients, all[from])
		to[from] = clients.Ref(i)
	}
	for i, ref := range owners {
		if ref >= 0 {
			owners[i] = to[ref]
		}
	}
	g.seats = to
}

// none is the owner of accounts whose client has no row.
const none clients.Ref = -3

// accountNames sorts the ids and names of the sources, and says where each
// account stands; the turns of one name stand together.
func (g *gathering) accountNames(f *Facts) []Account {
	list := g.accounts.list
	order := make([]uint32, len(list))
	for i := range order {
		order[i] = uint32(i)
	}
	compare := func(a, b uint32) int {
		return cmp.Or(strings.Compare(list[a].source, list[b].source), strings.Compare(list[a].id, list[b].id), strings.Compare(list[a].name, list[b].name))
	}
	slices.SortFunc(order, compare)
	at := make([]Account, len(list))
	for i, n := range order {
		if i == 0 || compare(order[i-1], n) != 0 {
			f.Accounts = append(f.Accounts, AccountName{Source: list[n].source, ID: list[n].id, Name: list[n].name})
		}
		at[n] = Account(len(f.Accounts) - 1)
	}
	return at
}

// sortNamed sorts all words of a list but the empty one, which is none, and
// returns where each stands.
func (n *names) sortNamed(to *[]string) (at []uint32) {
	used := slices.Repeat([]bool{true}, len(n.list))
	used[0] = false
	*to, at = n.sorted(used)
	return at
}

// wordsOfCategories sorts the categories of direct costs, of which an empty one
// is the one that is not said.
func (g *gathering) wordsOfCategories(f *Facts) (at []uint32) {
	used := make([]bool, len(g.categories.list))
	g.direct.each(func(_ int, key uint64, _ *directSum) { used[unpackWork(key).role] = true })
	f.Categories, at = g.categories.sorted(used)
	return at
}

func (g *gathering) wordsOfProducts(f *Facts) []uint32 {
	used := make([]bool, len(g.products.list))
	for _, t := range []*sums{&g.same, &g.byService, &g.byDocument} {
		t.each(func(_ int, key uint64, _ *revenueSum) { used[unpackRevenue(key).product] = true })
	}
	words, at := g.products.sorted(used)
	f.Products = words
	return at
}

func (g *gathering) freezePools(f *Facts, pools []uint32) {
	for i := range f.PoolCosts {
		f.PoolCosts[i].Pool = Pool(pools[f.PoolCosts[i].Pool])
	}
	slices.SortFunc(f.PoolCosts, func(a, b PoolCost) int {
		return cmp.Or(cmp.Compare(a.Pool, b.Pool), cmp.Compare(a.Month, b.Month))
	})
	for i := range f.Services {
		s := &f.Services[i]
		s.Pool, s.Serves = Pool(pools[s.Pool]), Pool(pools[s.Serves])
	}
	slices.SortFunc(f.Services, func(a, b Service) int {
		return cmp.Or(cmp.Compare(a.Pool, b.Pool), cmp.Compare(a.Serves, b.Serves))
	})
}

func (g *gathering) freezeRates(f *Facts, roles []uint32) {
	for _, r := range g.rates {
		r.Role = Role(roles[r.Role])
		f.Rates = append(f.Rates, r)
	}
	slices.SortFunc(f.Rates, func(a, b Rate) int {
		return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.ValidFrom, b.ValidFrom))
	})
}

func (g *gathering) freezeRevenue(f *Facts, owners []clients.Ref, accounts []Account, products []uint32) {
	moved := g.byService.len()+g.byDocument.len() > 0
	list := func(tables ...*sums) []Revenue {
		seats := newSeats(f)
		for _, t := range tables {
			t.each(func(_ int, key uint64, _ *revenueSum) {
				k := unpackRevenue(key)
				seats.count(owners[k.account], k.month)
			})
		}
		all := make([]Revenue, seats.assign())
		for _, t := range tables {
			t.each(func(n int, key uint64, sum *revenueSum) {
				k := unpackRevenue(key)
				p := t.part(n, sum)
				all[seats.next(owners[k.account], k.month)] = Revenue{
					Client: owners[k.account], Month: f.Window.At(k.month), Product: Product(products[k.product]), Account: accounts[k.account],
					Credit: k.flags&isCredit != 0, OwnError: k.flags&isOwnError != 0, Recurring: k.flags&isRecurring != 0,
					Amount: p.amount, List: p.list, ListKnown: sum.unlisted == 0, Quantity: p.count, Lines: int64(sum.lines),
				}
			})
		}
		return settled(seats, all, compareRevenue, joinRevenue)
	}
	if moved {
		f.ByDocument = list(&g.same, &g.byDocument)
	}
	f.Revenue = list(&g.same, &g.byService)
	f.Owed = owed(f.Window, owners, &g.later)
	g.revenues = revenues{}
}

// owed adds up what was billed for months after the window.
func owed(w period.Window, owners []clients.Ref, later *sums) []Owed {
	var all []Owed
	later.each(func(n int, key uint64, sum *revenueSum) {
		k := unpackRevenue(key)
		if owners[k.account] == none {
			return
		}
		all = append(all, Owed{Client: owners[k.account], Month: w.Last + 1 + period.Month(k.month), Amount: sum.amount})
	})
	slices.SortFunc(all, func(a, b Owed) int {
		return cmp.Or(cmp.Compare(a.Client, b.Client), cmp.Compare(a.Month, b.Month), a.Amount.Cmp(b.Amount))
	})
	n := 0
	for _, o := range all {
		if n > 0 && all[n-1].Client == o.Client && all[n-1].Month == o.Month {
			all[n-1].Amount = all[n-1].Amount.Add(o.Amount)
			continue
		}
		all[n] = o
		n++
	}
	return all[:n]
}

// compareRevenue orders the revenue of a client and month.
func compareRevenue(a, b Revenue) int {
	switch {
	case a.Product != b.Product:
		return cmp.Compare(a.Product, b.Product)
	case a.Account != b.Account:
		return cmp.Compare(a.Account, b.Account)
	}
	return cmp.Or(compareFlags(a.Credit, b.Credit), compareFlags(a.OwnError, b.OwnError), compareFlags(a.Recurring, b.Recurring))
}

func joinRevenue(to, r *Revenue) {
	to.Amount, to.List, to.Quantity = to.Amount.Add(r.Amount), to.List.Add(r.List), to.Quantity.Add(r.Quantity)
	to.ListKnown = to.ListKnown && r.ListKnown
	to.Lines += r.Lines
}

func compareFlags(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func (g *gathering) freezeWork(f *Facts, owners []clients.Ref, accounts []Account, roles []uint32) {
	seats := newSeats(f)
	g.work.each(func(_ int, key uint64, _ *workSum) {
		k := unpackWork(key)
		seats.count(owners[k.account], k.month)
	})
	all := make([]Work, seats.assign())
	g.work.drain(func(_ int, key uint64, sum *workSum) {
		k := unpackWork(key)
		all[seats.next(owners[k.account], k.month)] = Work{
			Client: owners[k.account], Month: f.Window.At(k.month), Role: Role(roles[k.role]), Account: accounts[k.account],
			Cause: k.cause, OutOfScope: k.outOfScope, Billable: k.billable, Hours: sum.hours, Entries: sum.entries,
		}
	})
	f.Work = settled(seats, all, compareWork, func(to, w *Work) {
		to.Hours += w.Hours
		to.Entries += w.Entries
	})
}

// compareWork orders the work for a client in a month.
func compareWork(a, b Work) int {
	switch {
	case a.Role != b.Role:
		return cmp.Compare(a.Role, b.Role)
	case a.Account != b.Account:
		return cmp.Compare(a.Account, b.Account)
	case a.Cause != b.Cause:
		return cmp.Compare(a.Cause, b.Cause)
	}
	return cmp.Or(compareFlags(a.OutOfScope, b.OutOfScope), compareFlags(a.Billable, b.Billable))
}

func (g *gathering) freezeDirect(f *Facts, owners []clients.Ref, accounts []Account, categories []uint32) {
	g.direct.drain(func(_ int, key uint64, sum *directSum) {
		k := unpackWork(key)
		f.Direct = append(f.Direct, Direct{
			Client: owners[k.account], Month: f.Window.At(k.month), Category: Category(categories[k.role]), Account: accounts[k.account],
			Cause: k.cause, Amount: sum.amount,
		})
	})
	slices.SortFunc(f.Direct, func(a, b Direct) int {
		return cmp.Or(cmp.Compare(a.Client, b.Client), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Category, b.Category),
			cmp.Compare(a.Account, b.Account), cmp.Compare(a.Cause, b.Cause))
	})
	n := 0
	for _, d := range f.Direct {
		if n > 0 && f.Direct[n-1].key() == d.key() {
			f.Direct[n-1].Amount = f.Direct[n-1].Amount.Add(d.Amount)
			continue
		}
		f.Direct[n] = d
		n++
	}
	f.Direct = f.Direct[:n]
}

func (d Direct) key() Direct {
	d.Amount = money.Exact{}
	return d
}

func (g *gathering) freezeCounts(f *Facts, owners []clients.Ref) {
	own := func(do func(of clients.Ref, month int, part measure.Quantity)) {
		g.tickets.eachOwn(func(t ownTicket, part measure.Quantity) {
			of := t.client
			if of >= 0 {
				of = g.seats[of]
			}
			do(of, t.month, part)
		})
	}
	seats := newSeats(f)
	g.counts.each(func(_ int, key uint64, _ *count) {
		account, month := unpackCount(key)
		seats.count(owners[account], month)
	})
	own(func(of clients.Ref, month int, _ measure.Quantity) { seats.count(of, month) })
	all := make([]Count, seats.assign())
	g.counts.drain(func(_ int, key uint64, sum *count) {
		account, month := unpackCount(key)
		of := owners[account]
		all[seats.next(of, month)] = Count{Client: of, Month: f.Window.At(month), Documents: sum.documents, Tickets: sum.tickets}
	})
	own(func(of clients.Ref, month int, part measure.Quantity) {
		all[seats.next(of, month)] = Count{Client: of, Month: f.Window.At(month), OwnTickets: part}
	})
	f.Counts = settled(seats, all, func(a, b Count) int { return 0 }, func(to, c *Count) {
		to.Documents += c.Documents
		to.Tickets += c.Tickets
		to.OwnTickets += c.OwnTickets
	})
}
