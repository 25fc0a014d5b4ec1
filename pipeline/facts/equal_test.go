package facts

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// However rows are shared out among workers, and however few of them may be
// remembered, the same ones are, and as many are found equal as by sorting.
func TestEqualRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 300).Draw(t, "limit")
		workers := rapid.IntRange(1, 4).Draw(t, "workers")
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) uint64 {
			return mix(rapid.Uint64Range(0, 200).Draw(t, "row"))
		}), 0, 500).Draw(t, "rows")
		parts := make([]*watch, workers)
		for i := range parts {
			parts[i] = &watch{limit: limit, files: make([]prints, 1)}
		}
		for i := range rows {
			parts[rapid.IntRange(0, workers-1).Draw(t, "worker")].add(0, rows[i:i+1])
		}
		got := joinWatches(parts)
		halved, left := 0, slices.Clone(rows)
		for len(left) > limit && halved < 64 {
			halved++
			left = slices.DeleteFunc(left, func(row uint64) bool { return row&(1<<halved-1) != 0 })
		}
		if got.halved != halved || got.n != len(left) {
			t.Fatalf("%d rows by one in %d, want %d by one in %d", got.n, 1<<got.halved, len(left), 1<<halved)
		}
		slices.Sort(left)
		want := len(left) - len(slices.Compact(slices.Clone(left)))
		if n := got.files[0].repeated(); n != want {
			t.Fatalf("%d equal rows, want %d", n, want)
		}
	})
}
