package clients

import (
	"testing"

	"pgregory.net/rapid"
)

// Names of ASCII have the form that all names have, only sooner.
func TestPlainNamesAreLikeOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.RuneFrom([]rune("aAzZ09 .,'`-_&/()\"@\t\x00\x7f")), 0, 80, -1).Draw(t, "name")
		quick, ok := plain(name)
		if want := folded(folded(name)); !ok || string(quick) != want {
			t.Fatalf("%q is %q, %v; not %q", name, quick, ok, want)
		}
	})
}
