package facts

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
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
	var accounts []Account
	var names sync.WaitGroup
	names.Go(func() { accounts = g.accountNames(f) })
	owners := g.owners()
	used := g.hold()
	g.cast(f, owners, used.accounts)
	names.Wait()

	roles := g.roles.sortNamed(&f.Roles)
	var products, categories []uint32
	f.Products, products = g.products.sorted(used.products)
	f.Categories, categories = g.categories.sorted(used.categories) // an empty one is not said
	pools := g.pools.sortNamed(&f.Pools)
	g.freezePools(f, pools)
	g.freezeRates(f, roles)
	g.freezeCounts(f, owners)
	g.tickets = nil
	runtime.GC() // what was needed for reading is more than the facts
	var long sync.WaitGroup
	long.Go(func() { g.report(f) })
	g.freezeWork(f, owners, accounts, roles)
	g.freezeRevenue(f, owners, accounts, products)
	long.Wait()
	g.freezeDirect(f, owners, accounts, categories)
	g.freezeRest(f, owners)
	f.Tallies, f.Findings, f.Begin = g.tallies, g.findings, begin(g.tallies)
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

// use is which accounts, products and categories have sums.
type use struct{ accounts, products, categories []bool }

// hold adds up what each account holds in the window, and returns what is used.
func (g *gathering) hold() use {
	g.held = make([]finding.Total, len(g.accounts.list))
	used := use{make([]bool, len(g.accounts.list)), make([]bool, len(g.products.list)), make([]bool, len(g.categories.list))}
	for _, t := range []struct {
		sums  *sums
		holds bool
	}{{&g.same, true}, {&g.byService, !g.ByDocument}, {&g.byDocument, g.ByDocument}} {
		t.sums.each(func(key uint64, sum *revenueSum) {
			k := unpackRevenue(key)
			used.accounts[k.account], used.products[k.product] = true, true
			if h := &g.held[k.account]; t.holds {
				h.Money = h.Money.Add(t.sums.part(key, sum).amount)
			}
		})
	}
	g.work.each(func(key uint64, sum *workSum) {
		account := unpackWork(key).account
		used.accounts[account] = true
		g.held[account].Hours += sum.hours
	})
	g.direct.each(func(key uint64, sum *directSum) {
		k := unpackWork(key)
		used.accounts[k.account], used.categories[k.role] = true, true
		h := &g.held[k.account]
		h.Money = h.Money.Add(sum.amount)
	})
	for _, d := range g.drives {
		used.accounts[d.account] = true
	}
	return used
}

// cast chooses the clients that have a row: those of the clients file and those
// active in the window. The owners become positions among them.
func (g *gathering) cast(f *Facts, owners []clients.Ref, used []bool) {
	all := g.register.Clients()
	active := make([]bool, len(all))
	for account, ref := range owners {
		if ref >= 0 && used[account] {
			active[ref] = true
		}
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
	if g.byService.len()+g.byDocument.len() > 0 {
		f.ByDocument = g.recognised(f, &g.byDocument, owners, accounts, products)
	}
	f.Revenue = g.recognised(f, &g.byService, owners, accounts, products)
	f.Owed = owed(f.Window, owners, &g.later)
	g.revenues = revenues{}
}

// recognised lists the revenue that falls in the same month either way, and that
// which moved to another.
func (g *gathering) recognised(f *Facts, moved *sums, owners []clients.Ref, accounts []Account, products []uint32) []Revenue {
	const isMoved uint64 = 1 << 3 // no line has this flag
	type keyed struct {
		revenueSum
		key uint64 // of those that moved, if it has the flag
	}
	seats := newSeats[keyed](f)
	sideBySide(f.Window.Len(), func(month int) {
		count := func(key uint64, _ *revenueSum) { seats.count(owners[unpackRevenue(key).account], month) }
		g.same.in(month, count)
		moved.in(month, count)
	})
	seats.assign()
	sideBySide(f.Window.Len(), func(month int) {
		take := func(mark uint64) func(key uint64, sum *revenueSum) {
			return func(key uint64, sum *revenueSum) {
				k := unpackRevenue(key)
				in := revenueKey{product: products[k.product], account: uint32(accounts[k.account]), flags: k.flags}
				seats.take(owners[k.account], month, in.pack(), keyed{*sum, key | mark})
			}
		}
		g.same.in(month, take(0))
		moved.in(month, take(isMoved))
	})
	return alike(seats, func(of clients.Ref, month int, same []place[keyed]) Revenue {
		k := unpackRevenue(same[0].order)
		r := Revenue{
			Client: of, Month: f.Window.At(month), Product: Product(k.product), Account: Account(k.account),
			Credit: k.flags&isCredit != 0, OwnError: k.flags&isOwnError != 0, Recurring: k.flags&isRecurring != 0, ListKnown: true,
		}
		for i := range same {
			sum, in := &same[i].sum, &g.same
			if sum.key&isMoved != 0 {
				in = moved
			}
			p := in.part(sum.key&^isMoved, &sum.revenueSum)
			r.Amount, r.List, r.Quantity = r.Amount.Add(p.amount), r.List.Add(p.list), r.Quantity.Add(p.count)
			r.ListKnown = r.ListKnown && sum.unlisted == 0
			r.Lines += int64(sum.lines)
		}
		return r
	})
}

// owed adds up what was billed for months after the window.
func owed(w period.Window, owners []clients.Ref, later *sums) []Owed {
	var all []Owed
	later.each(func(key uint64, sum *revenueSum) {
		k := unpackRevenue(key)
		if owners[k.account] == none {
			return
		}
		all = append(all, Owed{Client: owners[k.account], Month: w.Last + 1 + period.Month(k.month), Amount: later.part(key, sum).amount})
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

func (g *gathering) freezeWork(f *Facts, owners []clients.Ref, accounts []Account, roles []uint32) {
	seats := newSeats[workSum](f)
	sideBySide(f.Window.Len(), func(month int) {
		g.work.in(month, func(key uint64, _ *workSum) { seats.count(owners[unpackWork(key).account], month) })
	})
	seats.assign()
	sideBySide(len(g.work.months), func(month int) {
		g.work.months[month].drain(func(key uint64, sum *workSum) {
			k := unpackWork(key)
			in := workKey{role: roles[k.role], account: uint32(accounts[k.account]), cause: k.cause, outOfScope: k.outOfScope, billable: k.billable}
			seats.take(owners[k.account], month, in.pack(), *sum)
		})
	})
	f.Work = alike(seats, func(of clients.Ref, month int, same []place[workSum]) Work {
		k := unpackWork(same[0].order)
		w := Work{
			Client: of, Month: f.Window.At(month), Role: Role(k.role), Account: Account(k.account),
			Cause: k.cause, OutOfScope: k.outOfScope, Billable: k.billable,
		}
		for _, at := range same {
			w.Hours += at.sum.hours
			w.Entries += at.sum.entries
		}
		return w
	})
}

func (g *gathering) freezeDirect(f *Facts, owners []clients.Ref, accounts []Account, categories []uint32) {
	g.direct.drain(func(key uint64, sum *directSum) {
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
