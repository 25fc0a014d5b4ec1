package facts

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Above a number of sums, products are no longer kept apart; whether they are
// does not depend on the workers or the order of rows, and no money moves.
func TestTooManyProducts(t *testing.T) {
	euro, err := money.CurrencyOf("EUR")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for i := range 300 {
		lines = append(lines, fmt.Sprintf("C%d,D%d,2026-%02d-05,%d.%02d,P%d\n", i%7, i, 1+i%6, i, i%100, i%50))
	}
	gathered := func(keep, workers int, seed uint64) *Facts {
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "b.csv"), []byte("client,document,date,amount,product\n"+strings.Join(lines, "")), 0o600); err != nil {
			t.Fatal(err)
		}
		g := newGathering(Options{Currency: euro, Window: period.WindowTo(period.MonthOf(2026, 6), 6), Workers: workers})
		g.keepProducts = keep
		src := exports.Source{Input: exports.Billing, Label: "b.csv", Folder: dir, Files: []string{"b.csv"}, Decimal: ".", Dates: "yyyy-mm-dd"}
		if err := g.gather(t.Context(), []exports.Source{src}); err != nil {
			t.Fatal(err)
		}
		f, err := g.freeze()
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	sum := func(f *Facts) (s money.Exact) {
		for _, r := range f.Revenue {
			s = s.Add(r.Amount)
		}
		return s
	}
	apart := gathered(300, 2, 1)
	if len(apart.Products) != 50 || apart.Findings.Total(ruleProductsTogether).Count != 0 {
		t.Errorf("%d products are kept of 50", len(apart.Products))
	}
	for seed, workers := range []int{1, 2} {
		for _, keep := range []int{20, 299} {
			f := gathered(keep, workers, uint64(seed))
			if len(f.Products) != 1 || f.Products[0] != "" || len(f.Revenue) != 42 {
				t.Errorf("with %d workers %d sums are kept: %d products, %d rows", workers, keep, len(f.Products), len(f.Revenue))
			}
			if f.Findings.Total(ruleProductsTogether).Count != 1 {
				t.Errorf("it is not said that products are together")
			}
			if sum(f) != sum(apart) {
				t.Errorf("money moved: %s, not %s", sum(f), sum(apart))
			}
		}
	}
}
