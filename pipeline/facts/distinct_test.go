package facts

import (
	"strconv"
	"strings"
	"testing"
)

// Texts that differ have different fingerprints, above all short ones of another
// length: "0" and "30" are two documents.
func TestFingerprintsDiffer(t *testing.T) {
	met := map[uint64]string{}
	meet := func(of uint64, text string) {
		print := fingerprint(of, text)
		if other, ok := met[print]; ok {
			t.Fatalf("%q for %d has the fingerprint of %s", text, of, other)
		}
		met[print] = strconv.Quote(text) + " for " + strconv.FormatUint(of, 10)
	}
	for of := range uint64(4) {
		for n := range 20_000 {
			text := strconv.Itoa(n)
			meet(of, text)
			meet(of, "INV-"+text)
			meet(of, "2026/"+text+"/000000001-0001")
		}
		for n := range 40 {
			meet(of, strings.Repeat("x", n))
			meet(of, strings.Repeat("x", n)+"y")
		}
	}
	if fingerprint(1, "T-00000001") != fingerprint(1, strings.Clone("T-00000001")) {
		t.Error("the same text has two fingerprints")
	}
}
