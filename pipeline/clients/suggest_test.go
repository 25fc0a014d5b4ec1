package clients

import (
	"testing"

	"github.com/adrg/strutil/metrics"
	"pgregory.net/rapid"
)

// No name is left out of the suggestions that is as like as those in it: what a
// glance at the letters allows is never less than the similarity itself.
func TestMostLikeIsNeverLess(t *testing.T) {
	like := metrics.NewJaroWinkler()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.RuneFrom([]rune("abcdeл نg1")), 0, 40, -1)
		one, other := word.Draw(t, "one"), word.Draw(t, "other")
		a, b := newForm(one), newForm(other)
		if most, is := a.mostLike(b), like.Compare(one, other); most < is {
			t.Fatalf("%q and %q are %v alike, at most %v", one, other, is, most)
		}
	})
}
