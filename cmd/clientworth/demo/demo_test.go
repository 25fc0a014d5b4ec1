package demo_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"clientworth/cmd/clientworth/demo"
)

// written writes the sample company and returns its folder.
func written(t *testing.T, o demo.Options) string {
	t.Helper()
	dir := t.TempDir()
	if err := demo.Write(dir, o); err != nil {
		t.Fatal(err)
	}
	return dir
}

// digests returns the digest of every file in a folder.
func digests(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, path))
		all[path] = fmt.Sprintf("%x", sha256.Sum256(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheSameCompanyTwiceIsTheSameBytes(t *testing.T) {
	first, second := digests(t, written(t, demo.Options{})), digests(t, written(t, demo.Options{Scale: 1}))
	if !maps.Equal(first, second) {
		t.Errorf("two runs differ:\n%v\n%v", first, second)
	}
}

func TestALargerCompanyBeginsWithTheSameClients(t *testing.T) {
	one, three := newAccountant(t, written(t, demo.Options{})), newAccountant(t, written(t, demo.Options{Scale: 3}))
	if len(three.clients) != 3*len(one.clients) {
		t.Fatalf("%d clients at scale 3, %d at scale 1", len(three.clients), len(one.clients))
	}
	for _, id := range one.ids() {
		for _, m := range window() {
			if a, b := one.revenue.of(cm{id, m}), three.revenue.of(cm{id, m}); a.Cmp(b) != 0 {
				t.Errorf("client %s, %s: revenue %s at scale 1, %s at scale 3", id, m, a.FloatString(2), b.FloatString(2))
			}
		}
	}
	names := map[string]bool{}
	for _, c := range three.clients {
		if names[c["client"]] {
			t.Errorf("two clients are called %q", c["client"])
		}
		names[c["client"]] = true
	}
}

// What was counted while telling the stories stands in the files: invoiced
// money and hours, month by month, in whole cents and quarters of an hour.
func TestTheFilesHoldWhatWasTold(t *testing.T) {
	dir := written(t, demo.Options{})
	lines := readSheet(t, filepath.Join(dir, "billing.csv"), ',')
	for m, told := range demo.Told() {
		net, hours := new(big.Rat), new(big.Rat)
		for _, l := range lines {
			if l["Document"] != "H-17" && l["Date"][:7] == told.Month && l["Client no"] != "" {
				net.Add(net, number(l["Net"]))
			}
		}
		if want := big.NewRat(told.Cents, 100); net.Cmp(want) != 0 {
			t.Errorf("%s: billed %s in the file, %s told", m, net.FloatString(2), want.FloatString(2))
		}
		for _, e := range readSheet(t, filepath.Join(dir, "support", m+".csv"), ';') {
			if e["Ticket"] != "" && e["Ticket"][0] >= '0' && e["Ticket"][0] <= '9' && e["Stunden"] != "" {
				hours.Add(hours, number(e["Stunden"]))
			}
		}
		if want := big.NewRat(told.Quarters, 4); hours.Cmp(want) != 0 {
			t.Errorf("%s: %s hours in the file, %s told", m, hours.FloatString(2), want.FloatString(2))
		}
	}
}

// verdicts are those of the design's table, in its order.
var verdicts = []string{
	"Conduct: decide in person", "Has left", "No activity", "No verdict yet", "Fix ourselves first",
	"Demanding, worth it", "Explain the discount", "Look after", "Pays for value",
	"Watch", "Invest knowingly", "Prepare to part", "Keep, do not expand",
	"Agree the scope", "Limit the support", "Reprice",
}

func TestEveryVerdictHasAStory(t *testing.T) {
	told := map[string]int{}
	for _, s := range demo.Stories() {
		told[s.Verdict]++
	}
	for _, v := range verdicts {
		if told[v] == 0 {
			t.Errorf("no client is told for %q", v)
		}
		delete(told, v)
	}
	for _, v := range slices.Sorted(maps.Keys(told)) {
		t.Errorf("%q is no verdict", v)
	}
}

// The company as a whole is one that a reader believes: it earns money, a third
// of its clients pay too little, and the whale curve rises well above the end.
func TestTheCompanyIsPlausible(t *testing.T) {
	a := newAccountant(t, written(t, demo.Options{}))
	revenue, margin, gains, underpaying := new(big.Rat), new(big.Rat), new(big.Rat), 0
	for id, f := range a.assess() {
		if id == nobody {
			continue
		}
		revenue, margin = sum(revenue, f.revenue), sum(margin, f.margin)
		if f.margin.Sign() > 0 {
			gains = sum(gains, f.margin)
		}
		if f.gap.Cmp(big.NewRat(100, 1)) > 0 && f.gap.Cmp(product(f.revenue, big.NewRat(1, 100))) > 0 {
			underpaying++
		}
	}
	within := func(what string, got *big.Rat, low, high int64) {
		if got.Cmp(big.NewRat(low, 1)) < 0 || got.Cmp(big.NewRat(high, 1)) > 0 {
			t.Errorf("%s is %s, not between %d and %d", what, got.FloatString(1), low, high)
		}
	}
	within("revenue", revenue, 1_000_000, 2_000_000)
	within("margin in per cent", product(over(margin, revenue), big.NewRat(100, 1)), 15, 40)
	within("peak of the whale curve in per cent", product(over(gains, margin), big.NewRat(100, 1)), 110, 140)
	within("clients underpaying", big.NewRat(int64(underpaying), 1), 12, 17)
}
