package facts

import (
	"maps"
	"testing"

	"pgregory.net/rapid"
)

// A table has what a map would have, whether keys are looked for one by one or many
// at a time, and whatever was renamed or merged in between.
func TestTableIsAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var of table[int]
		want := map[uint64]int{}
		key := func() uint64 {
			return rapid.Uint64Range(0, 5).Draw(t, "month")<<monthShift | rapid.Uint64Range(0, 300).Draw(t, "of the month")
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "step") {
			case 0:
				bit := uint64(1) << rapid.IntRange(0, 40).Draw(t, "bit")
				for month := range of.months {
					of.months[month].rename(func(key uint64) uint64 { return key ^ bit })
				}
				renamed := map[uint64]int{}
				for key, sum := range want {
					renamed[key^bit] = sum
				}
				want = renamed
			case 1:
				var other table[int]
				for range rapid.IntRange(0, 9).Draw(t, "others") {
					k := key()
					*other.at(k) += 2
					want[k] += 2
				}
				of.merge(&other, nil, func(_ uint64, to, from *int) { *to += *from })
			case 2, 3:
				k := key()
				*of.at(k)++
				want[k]++
			default:
				keys := make([]uint64, rapid.IntRange(1, 60).Draw(t, "many"))
				for i := range keys {
					keys[i] = key()
					want[keys[i]]++
				}
				at := make([]uint32, len(keys))
				of.findAll(keys, at)
				for i, n := range at {
					*of.sum(keys[i], int(n))++
				}
			}
		}
		got := map[uint64]int{}
		of.each(func(key uint64, sum *int) { got[key] = *sum })
		if of.len() != len(want) || !maps.Equal(got, want) {
			t.Fatalf("%d entries, want %d: %v, not %v", of.len(), len(want), got, want)
		}
	})
}
