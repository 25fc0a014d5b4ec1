package costing

import (
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// portfolio is a large company: every client was billed three products and worked
// for by four roles in each month, and takes its share of four pools.
func portfolio(clientsN, months int) *facts.Facts {
	f := &facts.Facts{Window: period.WindowTo(january, months), Roles: []string{"a", "b", "c", "d"}, Pools: []string{"p", "q", "r", "s"}}
	f.Currency, _ = money.CurrencyOf("EUR")
	for r := range f.Roles {
		f.Rates = append(f.Rates, facts.Rate{Role: facts.Role(r), Monthly: measure.Some(money.Units(int64(clientsN * 100))), Capacity: measure.Hours(clientsN) * 3 * measure.Million})
	}
	for p, d := range []facts.Driver{facts.ByHours, facts.ByTickets, facts.ByRevenue, facts.ByClients} {
		for at := range months {
			f.PoolCosts = append(f.PoolCosts, facts.PoolCost{Pool: facts.Pool(p), Month: f.Window.At(at), Amount: money.Millionths(int64(clientsN) * 12_345_678), Driver: d})
		}
	}
	f.Services = []facts.Service{{Pool: 0, Serves: 1, Share: 100_000}, {Pool: 1, Serves: 0, Share: 200_000}}
	seed := uint64(1)
	next := func(n uint64) int64 {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int64(seed >> 33 % n)
	}
	for c := range clientsN {
		f.Clients = append(f.Clients, clients.Client{PlanHours: measure.Some(measure.Hours(5 * measure.Million))})
		f.Activity = append(f.Activity, facts.Activity{Client: clients.Ref(c), First: f.Window.First, Last: f.Window.Last})
		for at := range months {
			m := f.Window.At(at)
			for p := range 3 {
				f.Revenue = append(f.Revenue, facts.Revenue{Client: clients.Ref(c), Month: m, Product: facts.Product(p), Amount: money.Millionths(next(1_000_000_000)), Lines: 1})
			}
			for r := range f.Roles {
				f.Work = append(f.Work, facts.Work{Client: clients.Ref(c), Month: m, Role: facts.Role(r), Hours: measure.Hours(next(5_000_000))})
			}
			f.Counts = append(f.Counts, facts.Count{Client: clients.Ref(c), Month: m, Documents: 1, Tickets: next(5)})
		}
	}
	return f
}

func BenchmarkCompute(b *testing.B) {
	f := portfolio(100_000, 12)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compute(f, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVary(b *testing.B) {
	f := portfolio(100_000, 12)
	c, err := Compute(f, Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := c.Vary(f, Options{}, Options{Driver: facts.ByHours}); err != nil {
			b.Fatal(err)
		}
	}
}
