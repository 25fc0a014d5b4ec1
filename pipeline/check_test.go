package pipeline

import (
	"errors"
	"strings"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/worth"
)

// sound is a company whose every total ties: one client billed 100.00, Unmapped
// billed 2.00, 4 hours at 10.00 for the client and 1 for ourselves, 5.00 of tools and
// 7.00 of its own.
func sound() *Result {
	eur, _ := money.CurrencyOf("EUR")
	month := period.MonthOf(2026, 10)
	hour := measure.Hours(measure.Million)
	return &Result{
		Facts: &facts.Facts{
			Currency: eur, Window: period.WindowTo(month, 1), Clients: make([]clients.Client, 1),
			Revenue: []facts.Revenue{
				{Client: clients.Unmapped, Month: month, Amount: money.Units(2)},
				{Client: 0, Month: month, Amount: money.Units(100)},
			},
			Pools:     []string{"tools"},
			PoolCosts: []facts.PoolCost{{Month: month, Amount: money.Units(5)}},
			Direct:    []facts.Direct{{Month: month, Amount: money.Units(7)}},
			Work:      []facts.Work{{Client: clients.Internal, Hours: hour}, {Client: 0, Hours: 4 * hour}},
			Coverage: []facts.Coverage{
				{Input: exports.Billing, Month: month, Rows: 198}, {Input: exports.SupportHours, Month: month, Rows: 2},
			},
			Tallies: []exports.Tally{
				{Input: exports.Billing, Read: 200, Used: 198, SetAside: 1, Headers: 1, UsedMoney: money.Units(102), GrossMoney: money.Units(102), SetAsideMoney: money.Units(1)},
				{Input: exports.SupportHours, Read: 3, Used: 2, Headers: 1, UsedHours: 5 * hour},
				{Input: exports.Pools, Read: 2, Used: 1, Headers: 1, UsedMoney: money.Units(5)},
				{Input: exports.DirectCosts, Read: 2, Used: 1, Headers: 1, UsedMoney: money.Units(7)},
			},
		},
		Costs: &costing.Costs{
			Currency: eur, Revenue: []money.Amount{200, 10000}, Roles: []costing.RoleMonth{{Cost: 5000}}, Pools: []costing.PoolMonth{{Cost: 500, ToClients: 500}}, Direct: []money.Amount{700},
			Ledger: costing.Ledger{
				BillingUsed: 10200, Revenue: 10000, RevenueOther: 200,
				CostIn: 6200, Clients: 5200, Internal: 1000,
				HoursIn: 5 * hour, HoursClients: 4 * hour, HoursInternal: hour,
			},
		},
		Worth: &worth.Portfolio{Clients: []worth.Client{{Revenue: 10000, Cost: 5200}}, Order: []clients.Ref{0}},
	}
}

func TestSoundTotalsPass(t *testing.T) {
	r := sound()
	r.Checks = reconcile(r, DefaultLimits)
	if err := r.unfit(); err != nil {
		t.Error(err)
	}
}

// One cent, one row or one millionth of an hour of difference fails the check
// that ties it.
func TestEveryCheckCanFail(t *testing.T) {
	failing := map[string]func(r *Result){
		"rows of billing":            func(r *Result) { r.Facts.Tallies[0].Read++ },
		"rows of support_hours":      func(r *Result) { r.Facts.Tallies[1].Outside++ },
		"rows of pools":              func(r *Result) { r.Facts.Tallies[2].Read++ },
		"rows of direct_costs":       func(r *Result) { r.Facts.Tallies[3].Read++ },
		"revenue gathered":           func(r *Result) { r.Facts.Tallies[0].UsedMoney = money.Millionths(102_000_001) },
		"revenue of the months":      func(r *Result) { r.Facts.Revenue[1].Amount = money.Millionths(100_010_000) },
		"revenue shared out":         func(r *Result) { r.Costs.Ledger.RevenueOther-- },
		"cost shared out":            func(r *Result) { r.Costs.Ledger.Unused++ },
		"pools gathered":             func(r *Result) { r.Facts.Tallies[2].UsedMoney = money.Millionths(5_000_001) },
		"pools shared out":           func(r *Result) { r.Costs.Pools[0].NotAllocated++ },
		"direct costs gathered":      func(r *Result) { r.Facts.Tallies[3].UsedMoney = money.Millionths(7_000_001) },
		"direct costs of the months": func(r *Result) { r.Costs.Direct[0]++ },
		"cost by kind":               func(r *Result) { r.Costs.Pools[0].Cost-- },
		"hours gathered":             func(r *Result) { r.Facts.Tallies[1].UsedHours++ },
		"hours shared out":           func(r *Result) { r.Costs.Ledger.HoursInternal-- },
		"hours costed":               func(r *Result) { r.Facts.Work[0].Hours++ },
		"revenue ranked":             func(r *Result) { r.Worth.Clients[0].Revenue++ },
		"cost ranked":                func(r *Result) { r.Worth.Clients[0].Cost-- },
		"clients listed":             func(r *Result) { r.Worth.Order = nil },
		"rows set aside":             func(r *Result) { r.Facts.Tallies[0].SetAside += 2; r.Facts.Tallies[0].Used -= 2 },
		"money set aside":            func(r *Result) { r.Facts.Tallies[0].SetAsideMoney = money.Units(2) },
		"hours set aside":            func(r *Result) { r.Facts.Tallies[1].SetAsideHours = measure.Million },
		"money unmapped":             func(r *Result) { r.Costs.Revenue[0] = 10000 },
		"hours unmapped":             func(r *Result) { r.Costs.Ledger.HoursUnmapped = measure.Million },
	}
	// What coverage.go compares fails in TestCoverage.
	all := sound()
	for _, c := range reconcile(all, DefaultLimits) {
		spoil, ok := failing[c.Name]
		if c.Late {
			continue
		}
		if !ok {
			t.Errorf("nothing shows that check %d (%s) can fail", c.Number, c.Name)
			continue
		}
		r := sound()
		spoil(r)
		r.Checks = reconcile(r, DefaultLimits)
		if got := r.Checks[c.Number-1]; got.State != Fail {
			t.Errorf("check %d (%s) did not fail: %s", c.Number, c.Name, got.Said())
		}
		if r.unfit() == nil {
			t.Errorf("a result whose check %q fails is fit", c.Name)
		}
		delete(failing, c.Name)
	}
	for name := range failing {
		t.Errorf("no check is called %q", name)
	}
}

// A limit is said with its unit and its share, and with as many places as tell the
// share from it.
func TestSaid(t *testing.T) {
	hours := func(h float64) int64 { return int64(h * measure.Million) }
	for want, c := range map[string]struct {
		left, whole int64
		unit        Unit
	}{
		"Unmapped 45.25 of 902.00 hours, 5.02%; the limit is 5%": {hours(45.25), hours(902), MicroHours},
		"Unmapped 45.00 of 902.00 hours, 5.0%; the limit is 5%":  {hours(45), hours(902), MicroHours},
		"Unmapped 10.00 of 100.00 EUR, 10.0%; the limit is 5%":   {1000, 10000, MinorUnits},
		"Unmapped 3 of 24 rows, 12.5%; the limit is 5%":          {3, 24, Count},
		"Unmapped 3, the limit is 0":                             {3, 0, Count},
	} {
		k := &checker{currency: sound().Costs.Currency}
		k.share("unmapped", c.unit, "Unmapped", c.left, c.whole, measure.Million/20, "")
		if got := k.checks[0].Said(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Checks of different kinds that fail have a remedy each.
func TestEveryRemedyIsSaid(t *testing.T) {
	r := sound()
	r.Facts.Tallies[0].SetAside += 2
	r.Facts.Tallies[0].Used -= 2
	r.Facts.Tallies[0].SetAsideMoney = money.Units(2)
	r.Costs.Ledger.HoursUnmapped = measure.Million
	r.Checks = reconcile(r, DefaultLimits)
	var unfit *Unfit
	if err := r.unfit(); !errors.As(err, &unfit) {
		t.Fatal(err)
	}
	said := unfit.Remedy()
	for _, setting := range []string{"limits.set_aside", "limits.unmapped"} {
		if strings.Count(said, setting) != 1 {
			t.Errorf("%q does not say %s once", said, setting)
		}
	}
}

func TestACheckThatDidNotRunHasFailed(t *testing.T) {
	r := &Result{Checks: []Check{{Number: 1, Name: "idle"}}}
	if r.unfit() == nil {
		t.Error("a result is fit whose check was not run")
	}
}

// The solution that golden G10's sheet prints, 711,265.10 and 422,770.30 of
// 1,130,000, creates cost out of nothing: no such report is published.
func TestPrintedSolutionIsNotPublished(t *testing.T) {
	for name, share := range map[string][2]money.Amount{
		"right": {70926250, 42073750}, "following from the sheet": {71126510, 42277030}, "printed on the sheet": {71126600, 42277100},
	} {
		r := sound()
		m := r.Facts.Window.First
		r.Facts.PoolCosts = []facts.PoolCost{{Month: m, Amount: money.Units(170_000)}, {Month: m, Amount: money.Units(360_000)}, {Month: m, Amount: money.Units(600_000)}}
		r.Costs.Pools = []costing.PoolMonth{{ToClients: share[0] + share[1]}}
		r.Checks = reconcile(r, DefaultLimits)
		for _, c := range r.Checks {
			if c.Name == "pools shared out" && (c.State == Pass) != (name == "right") {
				t.Errorf("%s: %s: %s", name, c.State, c.Said())
			}
		}
	}
}
