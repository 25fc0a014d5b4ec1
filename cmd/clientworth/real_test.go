package main

import (
	"bytes"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The real case: a retailer's invoices and a software house's support hours, run
// as a user would, against figures that were worked out apart from this program.
func TestRealCase(t *testing.T) {
	folder := os.Getenv("CLIENTWORTH_REAL")
	if folder == "" {
		t.Skip("skipped: CLIENTWORTH_REAL names no folder, so the real case was not run")
	}
	out := filepath.Join(t.TempDir(), "reports")
	var said, complaints bytes.Buffer
	args := []string{"run", "--config", filepath.Join(folder, "clientworth.yaml"), "--period", "2011-03", "--out", out}
	if status := run(args, strings.NewReader(""), &said, &complaints); status != statusReservations {
		t.Fatalf("status %d: %s%s", status, &said, &complaints)
	}
	want := byClient(t, contents(t, folder, "expected-clients.csv"))
	got := byClient(t, contents(t, out, "2011-03", "clients-2011-03.csv"))
	delete(got, "_unmapped")
	if len(want) != 1813 || len(got) != len(want) {
		t.Fatalf("%d clients, %d are expected", len(got), len(want))
	}
	short, ranked := 0, 0
	for id, w := range want {
		g := got[id]
		if g == nil {
			t.Errorf("%s is missing", id)
			continue
		}
		for column, months := range map[string]int64{"hours": 0, "revenue": 3, "cost_to_serve": 3, "margin": 6, "fair_price": 4, "shortfall": 7} {
			// A cent a month may move between clients when a month's total is split.
			if difference := new(big.Rat).Sub(rational(t, g[column]), rational(t, w[column])); difference.Abs(difference).Cmp(big.NewRat(months, 100)) > 0 {
				t.Errorf("%s of %s is %s, %s is expected", column, id, g[column], w[column])
			}
		}
		if rational(t, w["shortfall"]).Sign() > 0 {
			short++
		}
		if g["rank"] != "" {
			ranked++
		}
	}
	if short != 3 || ranked != 3 {
		t.Errorf("%d clients are ranked, %d have a shortfall, 3 are expected", ranked, short)
	}
}

// byClient are the rows of a table of clients, by client and column.
func byClient(t *testing.T, text []byte) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	for _, row := range records(t, text) {
		all[row["client_id"]] = row
	}
	return all
}

// contents are those of a file.
func contents(t *testing.T, path ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func rational(t *testing.T, decimal string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(decimal)
	if !ok {
		t.Fatalf("%q is no number", decimal)
	}
	return r
}
