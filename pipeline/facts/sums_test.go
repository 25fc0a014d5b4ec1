package facts

import (
	"testing"

	"pgregory.net/rapid"

	"clientworth/pipeline/money"
)

// Sums hold what they were given, however large it is and whatever sign it has.
func TestSumsOfAnySize(t *testing.T) {
	value := rapid.Custom(func(t *rapid.T) money.Exact {
		v := money.Millionths(rapid.Int64().Draw(t, "value"))
		for range rapid.IntRange(0, 3).Draw(t, "doubled") {
			v = v.Add(v)
		}
		return v
	})
	rapid.Check(t, func(t *rapid.T) {
		var s, all sums
		want := map[uint64]part{}
		for range rapid.IntRange(0, 40).Draw(t, "lines") {
			key := rapid.Uint64Range(0, 3).Draw(t, "key")
			p := part{amount: value.Draw(t, "amount"), count: value.Draw(t, "count"), list: value.Draw(t, "list")}
			s.add(key, p, 1, 0)
			was := want[key]
			want[key] = part{amount: was.amount.Add(p.amount), count: was.count.Add(p.count), list: was.list.Add(p.list)}
		}
		s.drain(func(n int, key uint64, sum *revenueSum) { all.add(key, s.part(n, sum), sum.lines, 0) })
		all.each(func(n int, key uint64, sum *revenueSum) {
			if got := all.part(n, sum); got != want[key] {
				t.Fatalf("%v, not %v", got, want[key])
			}
		})
		if all.len() != len(want) {
			t.Fatalf("%d sums, not %d", all.len(), len(want))
		}
	})
}
