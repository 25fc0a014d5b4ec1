package verdict

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/money"
	"clientworth/pipeline/worth"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Who is pushed below target, against working out everybody's part with
// fractions.
func TestPushedAgainstFractions(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 5))
	amount := func(least, most int) money.Amount { return money.Amount(least + rng.IntN(most-least+1)) }
	for range 3000 {
		other := money.Amount(rng.IntN(2)) // cost than labour
		all := make([]worth.Client, 1+rng.IntN(12))
		for i := range all {
			w := &all[i]
			w.Client, w.Target, w.Standing = clients.Ref(i), 20*percent, worth.Present
			if rng.IntN(4) == 0 {
				w.Standing = worth.Left
			}
			w.Labour, w.Pools, w.Direct = amount(0, 9000), other*amount(0, 2000), other*amount(-100, 3000)
			w.Cost = w.Labour + w.Pools + w.Direct
			w.Revenue = w.Cost*5/4 + amount(-20, 300)
			w.Margin = w.Revenue - w.Cost
		}
		leaving := clients.Ref(rng.IntN(len(all)))
		stranded := worth.Parts{Labour: amount(-10, 900), Pools: other * amount(0, 900), Direct: other * amount(-10, 90)}
		got := map[clients.Ref]Pushed{}
		for _, p := range bearersOf(all).pushed(leaving, stranded) {
			got[p.Client] = p
		}
		for i := range all {
			w := &all[i]
			p, is := got[w.Client]
			takes := plainPart(all, leaving, w.Client, stranded)
			below := func(margin money.Amount) bool { return 5*margin < w.Revenue }
			should := w.Standing == worth.Present && w.Client != leaving && takes > 0 && !below(w.Margin) && below(w.Margin-takes)
			if is != should || is && (p.Takes != takes || p.Margin != w.Margin-takes) {
				t.Fatalf("client %d takes %d: %+v, pushed %v, want %v", i, takes, p, is, should)
			}
		}
	}
}

// plainPart is a client's part of a stranded cost, each kind rounded half away
// from zero.
func plainPart(all []worth.Client, leaving, client clients.Ref, stranded worth.Parts) (takes money.Amount) {
	for _, part := range []struct {
		amount money.Amount
		by     func(*worth.Client) money.Amount
	}{
		{stranded.Labour, func(w *worth.Client) money.Amount { return w.Labour }},
		{stranded.Pools, func(w *worth.Client) money.Amount { return w.Pools }},
		{stranded.Direct, func(w *worth.Client) money.Amount { return w.Revenue }},
	} {
		var sum money.Amount
		for i := range all {
			if all[i].Standing == worth.Present && all[i].Client != leaving {
				sum += max(part.by(&all[i]), 0)
			}
		}
		if sum == 0 {
			continue
		}
		share := big.NewRat(int64(part.amount)*max(int64(part.by(&all[client])), 0), int64(sum))
		half := big.NewRat(int64(share.Sign()), 2)
		twice := new(big.Rat).Add(share, half)
		takes += money.Amount(new(big.Int).Quo(twice.Num(), twice.Denom()).Int64())
	}
	return takes
}

// What stays of a cost is the same in the sentence and in the months, and what is
// said when asked about a client is what its judgement says.
func TestExitIsSaidOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := firm(t)
		p, all := c.decideQuickly(t)
		for _, j := range all {
			if j.Exit == nil || len(j.Exit.Months) == 0 {
				continue
			}
			if last := j.Exit.Months[len(j.Exit.Months)-1]; last.Stranded != j.Exit.Stranded {
				t.Fatalf("%d a month stays, %d in the last month", j.Exit.Stranded, last.Stranded)
			}
			asked := Leave(&c.facts, p, j.Client)
			if !j.partingIsNear() && j.Verdict != KeepDoNotExpand {
				asked.Pushed = nil // not worked out
			}
			if diff := cmp.Diff(*j.Exit, asked); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}
