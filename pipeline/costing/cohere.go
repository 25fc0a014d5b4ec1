package costing

import (
	"errors"
	"fmt"
	"math"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// cohere refuses facts that are not what package facts promises: known clients,
// months of the window, rows sorted.
func cohere(f *facts.Facts) error {
	type key struct {
		client clients.Ref
		month  period.Month
		rest   int
	}
	sorted := func(name string, n int, at func(i int) key) error {
		for i := range n {
			k := at(i)
			if k.client < clients.Internal || int(k.client) >= len(f.Clients) || !f.Window.Contains(k.month) {
				return fmt.Errorf("facts: %s %d is of no known client or month", name, i)
			}
			if i == 0 {
				continue
			}
			if p := at(i - 1); p.client > k.client || p.client == k.client &&
				(p.month > k.month || p.month == k.month && p.rest > k.rest) {
				return fmt.Errorf("facts: %s %d is out of order", name, i)
			}
		}
		return nil
	}
	return errors.Join(
		sorted("revenue", len(f.Revenue), func(i int) key { return key{f.Revenue[i].Client, f.Revenue[i].Month, 0} }),
		sorted("revenue by document", len(f.ByDocument), func(i int) key { return key{f.ByDocument[i].Client, f.ByDocument[i].Month, 0} }),
		sorted("work", len(f.Work), func(i int) key { return key{f.Work[i].Client, f.Work[i].Month, int(f.Work[i].Role)} }),
		sorted("direct cost", len(f.Direct), func(i int) key { return key{f.Direct[i].Client, f.Direct[i].Month, 0} }),
		sorted("count", len(f.Counts), func(i int) key { return key{f.Counts[i].Client, f.Counts[i].Month, 0} }),
		sorted("driver quantity", len(f.Drivers), func(i int) key { return key{f.Drivers[i].Client, f.Drivers[i].Month, 0} }),
	)
}

// fits makes sure, once, that the absolute sum of everything can be held, so that
// no sum of some of it can overflow.
func fits(f *facts.Facts) error {
	var sum money.Exact
	add := func(e money.Exact) { sum = sum.Add(e.Abs()) }
	for _, rows := range [][]facts.Revenue{f.Revenue, f.ByDocument} {
		for i := range rows {
			add(rows[i].Amount)
			add(rows[i].List)
		}
	}
	for i := range f.Direct {
		add(f.Direct[i].Amount)
	}
	for i := range f.PoolCosts {
		add(f.PoolCosts[i].Amount)
	}
	var hours money.Exact // a number of millionths, as amounts are
	byRole := make([]money.Exact, len(f.Roles))
	for i := range f.Work {
		h := money.Millionths(int64(f.Work[i].Hours)).Abs()
		hours = hours.Add(h)
		byRole[f.Work[i].Role] = byRole[f.Work[i].Role].Add(h)
	}
	for _, r := range f.Rates {
		for _, perHour := range []measure.Opt[money.Exact]{r.Hourly, r.List} {
			e, err := perHour.Value.Times(byRole[r.Role])
			if err != nil {
				return err
			}
			add(e)
		}
		for range f.Window.Len() {
			add(r.Monthly.Value)
		}
	}
	if most, err := f.Currency.Round(sum); err != nil || most > math.MaxInt64/4 {
		return fmt.Errorf("the sum of all amounts: %w", money.ErrOverflow)
	}
	if hours.Cmp(money.Millionths(math.MaxInt64/4)) > 0 {
		return fmt.Errorf("the sum of all hours: %w", money.ErrOverflow)
	}
	return nil
}
