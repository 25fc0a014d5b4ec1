package verdict

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/worth"
)

// portfolio is a company of n clients with up to so many months, about the edge
// between paying and not; with one of twenty all was tried.
func portfolio(n, months int) *company {
	c := newCompany()
	c.facts.Window = period.WindowTo(october, months)
	c.costs.Window = c.facts.Window
	rng := rand.New(rand.NewPCG(2, 3))
	for range n {
		all := make([]costing.Month, 3+rng.IntN(months-2))
		level := 80000 + 30000*rng.NormFloat64()
		for i := range all {
			all[i] = month(100000, max(0, money.Amount(level+20000*rng.NormFloat64())))
			all[i].Pools = 2000
			all[i].Tickets = int64(rng.IntN(20))
		}
		ref := c.add(clients.Client{Segment: string(rune('a' + rng.IntN(5)))}, all...)
		if rng.IntN(20) == 0 {
			c.act(ref, "reprice", "2026-05-04")
		}
	}
	return c
}

// BenchmarkJudge times all of the judgement.
func BenchmarkJudge(b *testing.B) {
	for _, size := range []struct{ clients, months int }{{20_000, 24}, {100_000, 12}} {
		b.Run(fmt.Sprintf("%d clients, %d months", size.clients, size.months), func(b *testing.B) {
			c := portfolio(size.clients, size.months)
			for b.Loop() {
				p, err := worth.Assess(&c.facts, &c.costs, worth.Defaults())
				if err != nil {
					b.Fatal(err)
				}
				Decide(&c.facts, &c.costs, p, Defaults())
			}
		})
	}
}
