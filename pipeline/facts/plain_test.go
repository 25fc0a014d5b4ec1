package facts

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Rows that are summed a block at a time give the same facts as rows that are
// taken one by one.
func TestPlainRowsAreNoOtherRows(t *testing.T) {
	euro, err := money.CurrencyOf("EUR")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		seed := rapid.Uint64().Draw(r, "seed")
		sources := plainSources(t, rand.New(rand.NewPCG(seed, 3)))
		o := Options{Currency: euro, Window: period.WindowTo(period.MonthOf(2026, 6), 4), InternalNames: []string{"C3"}, Workers: 2}
		var got [2]*Facts
		for i := range got {
			g := newGathering(o)
			if i == 1 {
				g.wants = map[AccountName]bool{} // whoever is traced, rows are taken one by one
			}
			if err := g.gather(t.Context(), sources); err != nil {
				r.Fatal(err)
			}
			if got[i], err = g.freeze(); err != nil {
				r.Fatal(err)
			}
		}
		if diff := cmp.Diff(got[0], got[1], cmp.AllowUnexported(finding.Log{}), cmpopts.IgnoreTypes(&finding.Log{}), cmpopts.EquateEmpty()); diff != "" {
			r.Fatalf("-blocks +one by one:\n%s", diff)
		}
	})
}

func plainSources(t *testing.T, r *rand.Rand) []exports.Source {
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	date := func() string { return fmt.Sprintf("2026-%02d-%02d", 1+r.IntN(7), 1+r.IntN(28)) }
	var billing, hours strings.Builder
	billing.WriteString("client_id,client,document,date,amount,quantity,kind,status,cause,recurring,currency,service_start,service_end\n")
	for range r.IntN(1500) {
		day := date()
		start, end := "", ""
		switch r.IntN(12) {
		case 0:
			start, end = "2026-03-01", "2026-05-15"
		case 1:
			start = day
		case 2, 3, 4:
			start, end = day, day
		}
		sign := pick("", "", "-")
		client := r.IntN(9)
		fmt.Fprintf(&billing, "%s,C%d,D%d,%s,%s%d.%02d,%s,%s,%s,%s,%s,%s,%s,%s\n", pick("", fmt.Sprint(client), fmt.Sprint(100+r.IntN(20))), client, r.IntN(40), day, sign, r.IntN(1000), r.IntN(100), pick("", "2", "-1.5"),
			pick("invoice", "", "credit", "Rechnung"), pick("", "", "paid", "void", "bezahlt"), pick("", "own_error"), pick("", "yes"), pick("", "EUR"), start, end)
	}
	hours.WriteString("client,ticket,date,hours,role,activity,cause,billable\n")
	for range r.IntN(1500) {
		fmt.Fprintf(&hours, "C%d,T%d,%s,%s%d.%02d,%s,%s,%s,%s\n", r.IntN(9), r.IntN(60), date(), pick("", "", "", "-"), r.IntN(9), r.IntN(100),
			pick("dev", "ops", "dev", ""), pick("", "extra", "build"), pick("", "own_error", "cannot_deliver"), pick("", "yes"))
	}
	source := func(in exports.Input, text string) exports.Source {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "f.csv"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return exports.Source{Input: in, Label: string(in), Folder: dir, Files: []string{"f.csv"}, Decimal: ".", Dates: "yyyy-mm-dd"}
	}
	return []exports.Source{
		source(exports.Activities, "activity,out_of_scope,capability\nextra,yes,\nbuild,,yes\n"),
		source(exports.Billing, billing.String()),
		source(exports.SupportHours, hours.String()),
	}
}
