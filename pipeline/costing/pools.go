package costing

import (
	"cmp"
	"fmt"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
)

// given is a pool's cost of a month as the company states it.
type given struct {
	known      bool
	exact      money.Exact
	driver     facts.Driver
	sustaining bool
}

// pools lets pools serve each other and shares out what each then has.
func (b *book) pools() error {
	f, w := b.facts, b.facts.Window
	grid, err := gridOf(f)
	if err != nil {
		return err
	}
	ways, err := flows(f)
	if err != nil {
		return err
	}
	months := make([][]PoolMonth, w.Len()) // by month and pool
	for at := range months {
		if months[at], err = b.served(grid, ways, at); err != nil {
			return fmt.Errorf("pools in %s: %w", w.At(at), err)
		}
	}
	for pool := range f.Pools {
		for at := range months {
			if pm := months[at][pool]; grid[pool][at].known || pm.AfterService != 0 {
				b.costs.Pools = append(b.costs.Pools, pm)
				b.costs.Ledger.CostIn += pm.Cost
			}
		}
	}
	if err := b.takePools(); err != nil {
		return err
	}
	b.doubts()
	return nil
}

// gridOf lays the pools' costs out by pool and month. A pool that has no cost in a
// month, but may be served in it, is driven as it was before, or else as it will
// be.
func gridOf(f *facts.Facts) ([][]given, error) {
	grid := make([][]given, len(f.Pools))
	for pool := range grid {
		grid[pool] = make([]given, f.Window.Len())
	}
	for _, p := range f.PoolCosts {
		if !f.Window.Contains(p.Month) {
			return nil, fmt.Errorf("facts: pool %q has a cost in %s, outside the window", f.Pools[p.Pool], p.Month)
		}
		g := &grid[p.Pool][f.Window.Index(p.Month)]
		driver := cmp.Or(p.Driver, facts.ByHours)
		if g.known && (g.driver != driver || g.sustaining != p.Sustaining) {
			return nil, fmt.Errorf("%s: pool %q is driven in two ways in %s; correct driver or sustaining in pools", p.Place, f.Pools[p.Pool], p.Month)
		}
		*g = given{known: true, exact: g.exact.Add(p.Amount), driver: driver, sustaining: p.Sustaining}
	}
	for pool, months := range grid {
		if !inherit(months) && serves(f, facts.Pool(pool)) {
			return nil, fmt.Errorf("pool %q stands in pool_services but has no amount in the window; add it to pools", f.Pools[pool])
		}
	}
	return grid, nil
}

// inherit gives months without a cost the driver of the month before, and the
// first ones that of the first known; it reports whether any is known.
func inherit(months []given) bool {
	first := -1
	for at, g := range months {
		switch {
		case g.known && first < 0:
			first = at
		case !g.known && first >= 0:
			months[at] = given{driver: months[at-1].driver, sustaining: months[at-1].sustaining}
		}
	}
	for at := range max(first, 0) {
		months[at] = given{driver: months[first].driver, sustaining: months[first].sustaining}
	}
	return first >= 0
}

func serves(f *facts.Facts, p facts.Pool) bool {
	for _, s := range f.Services {
		if s.Pool == p || s.Serves == p {
			return true
		}
	}
	return false
}

// served returns the pools of a month after they have served each other.
func (b *book) served(grid [][]given, ways [][]money.Amount, at int) ([]PoolMonth, error) {
	costs := make([]money.Amount, len(grid))
	for pool := range grid {
		var err error
		if costs[pool], err = b.costs.Currency.Round(grid[pool][at].exact); err != nil {
			return nil, err
		}
	}
	after, err := serve(b.costs.Currency, ways, costs)
	if err != nil {
		return nil, err
	}
	months := make([]PoolMonth, len(grid))
	for pool := range grid {
		g := grid[pool][at]
		months[pool] = PoolMonth{
			Pool:         facts.Pool(pool),
			Month:        b.facts.Window.At(at),
			Driver:       g.driver,
			Sustaining:   g.sustaining,
			Cost:         costs[pool],
			AfterService: after[pool],
		}
	}
	return months, nil
}

// takePools shares the pools out, and adds what each party gets to its months.
func (b *book) takePools() error {
	by, err := b.shareOut()
	if err != nil {
		return err
	}
	for party := range len(b.costs.Clients) + 1 {
		months := b.months(b.ref(party))
		for at := range months {
			months[at].Pools, months[at].PoolsOwn = by[at][party].amount, by[at][party].own
		}
	}
	return nil
}

// shareOut splits what every pool has over clients and Unmapped by its driver, and
// returns what each party gets of all pools, by month and party: memory is walked
// in the order in which pools are shared out.
func (b *book) shareOut() ([][]got, error) {
	drivers := &drivers{book: b, of: map[facts.Driver][]quantities{}}
	quantities := make([]*quantities, len(b.costs.Pools))
	sharing := 0
	for i := range b.costs.Pools {
		quantities[i] = drivers.choose(&b.costs.Pools[i])
		sharing += quantities[i].sharing
	}
	if !b.unshared {
		b.costs.Shares = make([]PoolShare, 0, sharing)
	}
	by := make([][]got, b.facts.Window.Len())
	for at := range by {
		by[at] = make([]got, len(b.costs.Clients)+1)
	}
	for i := range b.costs.Pools {
		pm := &b.costs.Pools[i]
		if err := b.share(pm, quantities[i], by[b.facts.Window.Index(pm.Month)]); err != nil {
			return nil, fmt.Errorf("pool %q in %s: %w", b.facts.Pools[pm.Pool], pm.Month, err)
		}
	}
	return by, nil
}

// got is what a party gets of all pools in a month.
type got struct{ amount, own money.Amount }

func (m *Month) got() got { return got{m.Pools, m.PoolsOwn} }

// choose returns the quantities that a pool is shared out by, none for a
// sustaining one, and notes the driver if it is another than the pool's own.
func (d *drivers) choose(pm *PoolMonth) *quantities {
	at := d.facts.Window.Index(pm.Month)
	if pm.Sustaining {
		return &quantities{}
	}
	if want := d.options.Driver; want != "" && want != pm.Driver {
		if q := d.at(want, at); q.sharing > 0 {
			pm.Driver = want
			return q
		}
	}
	return d.at(pm.Driver, at)
}

// share splits what one pool has.
func (b *book) share(pm *PoolMonth, by *quantities, got []got) error {
	switch {
	case pm.Sustaining:
		pm.Sustained = pm.AfterService
		return nil
	case by.sharing == 0:
		pm.NotAllocated = pm.AfterService
		return nil
	}
	pm.Quantity = by.sum
	parts, err := money.Split(pm.AfterService, by.weights)
	if err != nil {
		return err
	}
	for party, q := range by.weights {
		if q == 0 {
			continue
		}
		s := PoolShare{Pool: pm.Pool, Month: pm.Month, Client: b.ref(party), Quantity: q, Amount: parts[party]}
		if by.own != nil {
			if s.Own, err = portion(s.Amount, by.own[party], q); err != nil {
				return err
			}
		}
		got[party].amount += s.Amount
		got[party].own += s.Own
		if s.Client == clients.Unmapped {
			pm.ToUnmapped += s.Amount
		} else {
			pm.ToClients += s.Amount
		}
		if !b.unshared {
			b.costs.Shares = append(b.costs.Shares, s)
		}
	}
	return nil
}

// ref is the inverse of party.
func (b *book) ref(party int) clients.Ref {
	if party == len(b.costs.Clients) {
		return clients.Unmapped
	}
	return clients.Ref(party)
}
