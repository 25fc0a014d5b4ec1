package demo_test

import (
	"math/big"
	"os/exec"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"clientworth/cmd/clientworth/demo"
)

// published runs the program on the sample company and returns the folder of the
// exports and the published row of each client.
func published(t *testing.T) (dir string, rows map[string]map[string]string) {
	t.Helper()
	work := t.TempDir()
	dir = filepath.Join(work, "demo")
	for _, c := range []*exec.Cmd{
		exec.Command("go", "build", "-o", filepath.Join(work, "clientworth"), "clientworth/cmd/clientworth"),
		exec.Command(filepath.Join(work, "clientworth"), "demo", "--out", dir),
	} {
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", c, err, out)
		}
	}
	rows = map[string]map[string]string{}
	for _, r := range readSheet(t, filepath.Join(dir, "reports", "2026-10", "clients-2026-10.csv"), ',') {
		rows[r["client_id"]] = r
	}
	return dir, rows
}

// The accountant's fractions and the published cents may differ by what splitting
// moves: less than a cent for each of three roles and for each of seven pools in
// each of twelve months, and as much again, by 1 / (1 - 20 %), in the fair price.
var (
	exact  = new(big.Rat)
	moved  = big.NewRat(3*12+7*12, 100)
	priced = product(moved, big.NewRat(5, 4))
)

func TestTheReport(t *testing.T) {
	if testing.Short() {
		t.Skip("not built and run: the program on the sample company")
	}
	dir, rows := published(t)
	a := newAccountant(t, dir)
	all := a.assess()
	t.Run("agrees with the accountant", func(t *testing.T) { agrees(t, a, all, rows) })
	t.Run("has every verdict for its reason", func(t *testing.T) { judged(t, a, all, rows) })
}

func agrees(t *testing.T, a *accountant, all map[string]*figures, rows map[string]map[string]string) {
	for _, id := range append(a.ids(), nobody) {
		f, row := all[id], rows[id]
		whole := func(n int) *big.Rat { return big.NewRat(int64(n), 1) }
		for _, c := range []struct {
			column string
			want   *big.Rat
			within *big.Rat
		}{
			{"revenue", f.revenue, big.NewRat(12, 100)},
			{"labour_cost", f.labour, moved},
			{"pool_cost", f.pools, moved},
			{"direct_cost", f.direct, exact},
			{"own_error_cost", f.own, moved},
			{"cost_to_serve", f.cost(), moved},
			{"margin", f.margin, moved},
			{"hours", f.hours, exact},
			{"tickets", whole(f.tickets), exact},
			{"fair_price", f.fair, priced},
			{"gap", f.gap, priced},
			{"avoidable_margin", f.avoidable(big.NewRat(1, 2)), moved},
			{"months_underpaying", whole(f.underpaid), exact},
			{"months_observed", whole(f.months), exact},
		} {
			if id == nobody && c.column == "fair_price" {
				break // nobody pays a price
			}
			got, ok := new(big.Rat).SetString(row[c.column])
			if !ok {
				t.Errorf("%s %s: %s is %q, the accountant has %s", id, row["client"], c.column, row[c.column], c.want.FloatString(2))
			} else if new(big.Rat).Abs(less(got, c.want)).Cmp(c.within) > 0 {
				t.Errorf("%s %s: %s is %s, the accountant has %s", id, row["client"], c.column, row[c.column], c.want.FloatString(4))
			}
		}
	}
}

// judged compares verdicts: every client has the one that its story is told for,
// and the accountant's figures are a reason for it.
func judged(t *testing.T, a *accountant, all map[string]*figures, rows map[string]map[string]string) {
	seen := map[string]bool{}
	for i, id := range a.ids() {
		told, got := demo.Stories()[i].Verdict, rows[id]["verdict"]
		seen[got] = true
		if got != told {
			t.Errorf("%s %s: the verdict is %q, the story is of %q", id, rows[id]["client"], got, told)
		}
		if reason := reasons[got]; reason != nil && !reason(all[id]) {
			t.Errorf("%s %s: nothing in its figures says %q", id, rows[id]["client"], got)
		}
		if rows[id]["reasons"] == "" {
			t.Errorf("%s %s: no reason is given", id, rows[id]["client"])
		}
		if n := utf8.RuneCountInString(rows[id]["reasons"]); n > 2*110 {
			t.Errorf("%s %s: reasons of %d letters do not fit two lines: %s", id, rows[id]["client"], n, rows[id]["reasons"])
		}
	}
	for _, v := range verdicts {
		if !seen[v] {
			t.Errorf("no client is %q", v)
		}
	}
}

// reasons say what the figures must show for a verdict; incidents, actions, dates
// and probabilities are not the accountant's.
var reasons = map[string]func(*figures) bool{
	"No verdict yet":       func(f *figures) bool { return f.months < 3 || f.revenue.Cmp(f.cost()) < 0 },
	"No activity":          func(f *figures) bool { return f.hours.Sign() == 0 && f.revenue.Sign() == 0 },
	"Fix ourselves first":  func(f *figures) bool { return f.ownShare(20) || !f.short() && f.margin.Cmp(percent(20, f.revenue)) < 0 },
	"Demanding, worth it":  func(f *figures) bool { return !f.short() && f.hours.Cmp(big.NewRat(1100, 1)) > 0 },
	"Explain the discount": func(f *figures) bool { return !f.short() },
	"Look after":           func(f *figures) bool { return f.revenue.Cmp(percent(150, f.fair)) > 0 },
	"Pays for value":       func(f *figures) bool { return !f.short() },
	"Watch": func(f *figures) bool {
		return f.short() && (2*f.underpaid < f.months || f.gap.Cmp(percent(10, f.revenue)) < 0)
	},
	"Invest knowingly": func(f *figures) bool { return f.short() },
	"Prepare to part": func(f *figures) bool {
		return f.short() && f.avoidable(big.NewRat(1, 2)).Sign() <= 0 && f.avoidable(big.NewRat(1, 1)).Sign() <= 0
	},
	"Keep, do not expand": func(f *figures) bool { return f.short() && f.avoidable(big.NewRat(1, 2)).Sign() > 0 },
	"Agree the scope":     func(f *figures) bool { return f.short() && f.outside.Cmp(percent(50, f.gap)) >= 0 },
	"Limit the support": func(f *figures) bool {
		return f.short() && f.outside.Cmp(percent(50, f.gap)) < 0 && f.beyond.Cmp(percent(50, f.gap)) >= 0
	},
	"Reprice": func(f *figures) bool {
		return f.short() && f.outside.Cmp(percent(50, f.gap)) < 0 && f.beyond.Cmp(percent(50, f.gap)) < 0
	},
}

func percent(n int64, of *big.Rat) *big.Rat { return product(big.NewRat(n, 100), of) }

// short reports whether the shortfall is material.
func (f *figures) short() bool {
	return f.gap.Cmp(big.NewRat(100, 1)) > 0 && f.gap.Cmp(percent(1, f.revenue)) > 0
}

func (f *figures) ownShare(n int64) bool { return f.short() && f.own.Cmp(percent(n, f.cost())) >= 0 }

// avoidable is what the company loses when the client leaves, and a share of the
// labour of teams ends with it.
func (f *figures) avoidable(share *big.Rat) *big.Rat {
	return less(f.revenue, sum(f.hourly, f.directCaused, product(f.monthly, share)))
}
