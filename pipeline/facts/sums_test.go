package facts

import (
	"testing"

	"pgregory.net/rapid"

	"clientworth/pipeline/money"
)

// Sums hold what they were given, however large it is and whatever sign it has, whichever
// worker was given it, and whatever numbers their accounts got.
func TestSumsOfAnySize(t *testing.T) {
	value := rapid.Custom(func(t *rapid.T) money.Exact {
		v := money.Millionths(rapid.Int64().Draw(t, "value"))
		for range rapid.IntRange(0, 3).Draw(t, "doubled") {
			v = v.Add(v)
		}
		return v
	})
	rapid.Check(t, func(t *rapid.T) {
		var all revenues
		want := map[uint64]part{}
		for range rapid.IntRange(1, 3).Draw(t, "workers") {
			var one revenues
			accounts := rapid.SampledFrom([][]uint32{{0, 1, 2}, {2, 0, 1}, {1, 3, 5}}).Draw(t, "accounts")
			turned := rapid.Bool().Draw(t, "turned")
			for range rapid.IntRange(0, 40).Draw(t, "lines") {
				k := revenueKey{account: rapid.Uint32Range(0, 2).Draw(t, "account"), month: rapid.IntRange(0, 3).Draw(t, "month")}
				p := part{amount: value.Draw(t, "amount"), count: value.Draw(t, "count"), list: value.Draw(t, "list")}
				one.byService.add(k.pack(), p, 1, 0)
				if turned {
					p = part{amount: p.amount.Neg(), count: p.count.Neg(), list: p.list.Neg()}
				}
				k.account = accounts[k.account]
				was := want[k.pack()]
				want[k.pack()] = part{amount: was.amount.Add(p.amount), count: was.count.Add(p.count), list: was.list.Add(p.list)}
			}
			all.merge(&one, accounts, []uint32{0}, turned)
			if one.byService.len() > 0 {
				t.Fatal("sums that were merged are still there")
			}
		}
		got := &all.byService
		got.each(func(key uint64, sum *revenueSum) {
			if p := got.part(key, sum); p != want[key] {
				t.Fatalf("%v, not %v", p, want[key])
			}
		})
		if got.len() != len(want) {
			t.Fatalf("%d sums, not %d", got.len(), len(want))
		}
	})
}
