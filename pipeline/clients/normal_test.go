package clients

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Names whose letters stand alone have the form that all names have, only sooner.
func TestQuickNamesAreLikeOthers(t *testing.T) {
	letters := []rune("aAzZ09 .,'`-_&/()\"@\t\x00\x7f")
	for r := range rune(len(alone)*pageLetters + 0x100) {
		letters = append(letters, r)
	}
	ascii := rapid.StringOfN(rapid.RuneFrom(letters[:23]), 0, 80, -1)
	any := rapid.StringOfN(rapid.RuneFrom(letters), 0, 20, -1)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(ascii, any).Draw(t, "name")
		quick, ok := quick(name)
		if want := settled(name); ok && string(quick) != want {
			t.Fatalf("%q is %q, not %q", name, quick, want)
		}
	})
	for _, name := range []string{"Acme, Ltd.", "Müller & Söhne", "Ромашка ООО", "نیکان خودرو", "Ωμέγα", strings.Repeat("Ä-", 50)} {
		if _, ok := quick(name); !ok {
			t.Errorf("%q is not taken at once", name)
		}
	}
}
