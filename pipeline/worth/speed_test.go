package worth

import (
	"math/rand/v2"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/money"
)

// crowd is a company of n clients with 3 to 12 months.
func crowd(n int) *company {
	c := companyOf(12)
	rng := rand.New(rand.NewPCG(1, 1))
	for range n {
		since := rng.IntN(10)
		months := make([]costing.Month, 12-since)
		level := rng.NormFloat64() * 30000
		for i := range months {
			months[i] = costing.Month{Revenue: 100000, Labour: money.Amount(80000 + level + 20000*rng.NormFloat64()), Hours: 1}
		}
		c.add(clients.Client{Segment: string(rune('a' + rng.IntN(3)))}, since, months...)
	}
	return c
}

func BenchmarkAssess(b *testing.B) {
	for _, n := range []int{200, 20_000, 100_000} {
		b.Run(clientsOf(n), func(b *testing.B) {
			c := crowd(n)
			for b.Loop() {
				c.assess(b, Defaults())
			}
		})
	}
}

func clientsOf(n int) string { return map[int]string{200: "200", 20_000: "20k", 100_000: "100k"}[n] }
