package costing

import (
	"fmt"
	"slices"
	"strings"

	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// What is doubtful about pools. Their money goes where it always goes: see
// PoolMonth.
var (
	// PoolStops is found where a pool that has amounts in several months lacks one.
	PoolStops = &finding.Rule{
		Name:     "pool-stops",
		Effect:   finding.Note,
		Sentence: "a pool has no amount in a month after its first; nothing is shared out for it",
		Remedy:   "add the amount of that month to pools, or 0 where there is none any more",
	}
	// NegativePool is found where a pool has an amount below zero. It is shared out
	// like any other, so that clients get some of it back.
	NegativePool = &finding.Rule{
		Name:     "negative-pool",
		Effect:   finding.Note,
		Sentence: "a pool has an amount below zero; it is shared out as one that is given back",
		Remedy:   "check the sign of the amount in pools",
	}
	// NotAllocated is found where nobody has a quantity of a pool's driver.
	NotAllocated = &finding.Rule{
		Name:     "pool-not-allocated",
		Effect:   finding.Note,
		Sentence: "a pool's driver has no quantity in a month; the pool stays on the line Not allocated",
		Remedy:   "add the quantities to drivers, or give the pool another driver",
	}
)

// regular is in how many months a pool has an amount that is expected to go on.
const regular = 3

// Stopped returns the pools with amounts in at least three months of the window
// that lack one in a later month, with the months they lack.
func Stopped(f *facts.Facts) map[facts.Pool][]period.Month {
	known := make([][]bool, len(f.Pools))
	for i := range known {
		known[i] = make([]bool, f.Window.Len())
	}
	for _, p := range f.PoolCosts {
		known[p.Pool][f.Window.Index(p.Month)] = true
	}
	stopped := map[facts.Pool][]period.Month{}
	for pool, months := range known {
		first := slices.Index(months, true)
		var lacking []period.Month
		for at := max(first, 0); at < len(months); at++ {
			if !months[at] {
				lacking = append(lacking, f.Window.At(at))
			}
		}
		if first >= 0 && len(lacking) > 0 && len(months)-first-len(lacking) >= regular {
			stopped[facts.Pool(pool)] = lacking
		}
	}
	return stopped
}

// doubts reports what is doubtful about pools that have been shared out.
func (b *book) doubts() {
	f, log := b.facts, b.costs.Findings
	for pool, lacking := range Stopped(f) {
		names := make([]string, len(lacking))
		for i, m := range lacking {
			names[i] = m.String()
		}
		log.Add(finding.Finding{Rule: PoolStops, Place: b.lastOf(pool), Detail: f.Pools[pool] + ": " + strings.Join(names, ", ")})
	}
	for i := range b.costs.Pools {
		p := &b.costs.Pools[i]
		report := func(r *finding.Rule, a money.Amount, why string) {
			log.Add(finding.Finding{Rule: r, Place: b.placeOf(p), Detail: fmt.Sprintf("%s, %s%s", f.Pools[p.Pool], p.Month, why), Money: f.Currency.Exact(a)})
		}
		if p.Cost < 0 {
			report(NegativePool, p.Cost, "")
		}
		if p.NotAllocated != 0 {
			report(NotAllocated, p.NotAllocated, ": "+string(p.Driver))
		}
	}
}

// placeOf is where a pool's amount of a month stands; no place where others
// served it.
func (b *book) placeOf(p *PoolMonth) finding.Place {
	for _, c := range b.facts.PoolCosts {
		if c.Pool == p.Pool && c.Month == p.Month {
			return c.Place
		}
	}
	return finding.Place{}
}

// lastOf is where the last amount of a pool stands.
func (b *book) lastOf(pool facts.Pool) (last finding.Place) {
	for _, c := range b.facts.PoolCosts {
		if c.Pool == pool {
			last = c.Place
		}
	}
	return last
}
