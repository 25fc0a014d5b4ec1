package reports_test

import (
	"fmt"
	"slices"
	"testing"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/verdict"
	"clientworth/pipeline/worth"
)

// hostile are names that must stay text wherever they are written.
var hostile = []string{
	"=cmd|'/c calc'!A1", "+Plus & <Minus>", "@SUM(A1:A9)", "Delta \u202egnihtemos", "_x0041_ Ltd", "Epsilon\x00Null", "\"Quoted\", GmbH",
	"Борей Логистика", "شرکت آریا", "Tab\tand\nline", "'apostrophe", "Total",
}

// sample is a company of a few dozen clients in several scripts. Its figures are
// computed as those of a real one; only its facts are made up.
func sample(t testing.TB) *pipeline.Result { return sampleOf(t, 36) }

// sampleOf is a sample of n clients.
func sampleOf(t testing.TB, n int) *pipeline.Result {
	t.Helper()
	return resultOf(t, madeUp(n), worth.Defaults())
}

// resultOf is what facts come to.
func resultOf(t testing.TB, f *facts.Facts, o worth.Options) *pipeline.Result {
	t.Helper()
	c, err := costing.Compute(f, costing.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := worth.Assess(f, c, o)
	if err != nil {
		t.Fatal(err)
	}
	l := c.Ledger
	return &pipeline.Result{
		Company: "Sample & Sons", Period: f.Window.Last, AsOf: f.Window.Last.Last() + 3, Target: 200_000,
		Options: pipeline.Options{Worth: o, Verdict: verdict.Defaults()},
		Facts:   f, Costs: c, Worth: p, Judgements: verdict.Decide(f, c, p, verdict.Defaults()),
		Checks: []pipeline.Check{
			{Number: 1, Name: "revenue shared out", A: "clients + Unmapped", B: "ledger", Left: int64(l.Revenue + l.RevenueOther), Right: int64(l.BillingUsed), Unit: pipeline.MinorUnits, State: pipeline.Pass},
			{Number: 2, Name: "cost shared out", A: "clients and the rest", B: "cost put in", Left: int64(l.CostIn), Right: int64(l.CostIn), Unit: pipeline.MinorUnits, State: pipeline.Pass},
			{Number: 3, Name: "hours shared out", A: "clients, Unmapped and internal", B: "hours worked", Left: int64(l.HoursIn), Right: int64(l.HoursClients + l.HoursUnmapped + l.HoursInternal), Unit: pipeline.MicroHours, State: pipeline.Pass},
			{Number: 4, Name: "rows of billing", A: "read", B: "accounted for", Left: 101, Right: 101, State: pipeline.Pass},
		},
	}
}

// madeUp are the facts of the sample: client i pays and asks by its number.
func madeUp(n int) *facts.Facts {
	eur, _ := money.CurrencyOf("EUR")
	w := period.WindowTo(period.MonthOf(2026, 10), 12)
	f := &facts.Facts{
		Currency: eur, Window: w, Findings: &finding.Log{},
		Roles: []string{"director", "engineer", "helpdesk"}, Pools: []string{"rent", "tools"}, Products: []string{"care", "project"},
		Categories: []string{"travel"}, Accounts: []facts.AccountName{{Source: "billing/*.csv", Name: "as billed"}, {Source: "hours.csv", Name: "as worked"}},
	}
	for role, rate := range []facts.Rate{
		{Hourly: measure.Some(money.Units(140)), People: measure.Some(measure.Quantity(measure.Million))},
		{Monthly: measure.Some(money.Units(42_000)), Capacity: measure.Hours(1100 * measure.Million), People: measure.Some(measure.Quantity(7 * measure.Million))},
		{Monthly: measure.Some(money.Units(15_000)), Capacity: measure.Hours(600 * measure.Million), People: measure.Some(measure.Quantity(4 * measure.Million))},
	} {
		rate.Role = facts.Role(role)
		f.Rates = append(f.Rates, rate)
	}
	for i := range n {
		f.Clients = append(f.Clients, madeUpClient(i, w))
		f.Activity = append(f.Activity, facts.Activity{Client: clients.Ref(i), First: first(i, w), Last: last(i, w), FirstBilled: first(i, w)})
	}
	for ref := clients.Internal; ref < clients.Ref(n); ref++ {
		for m := w.First; m <= w.Last; m++ {
			addMonth(f, ref, m)
		}
	}
	for pool, amount := range []int64{9_000, 4_500} {
		for m := w.First; m <= w.Last; m++ {
			f.PoolCosts = append(f.PoolCosts, facts.PoolCost{Pool: facts.Pool(pool), Month: m, Amount: money.Units(amount), Driver: []facts.Driver{facts.ByRevenue, facts.ByTickets}[pool]})
		}
	}
	f.Actions = []facts.Action{{Client: 1, Day: w.First.First() + 40, Kind: "reprice"}, {Client: 1, Day: w.First.First() + 60, Kind: "scope"}, {Client: 1, Day: w.First.First() + 61, Kind: "limit"}}
	f.Incidents = []facts.Incident{{Client: 9, Day: w.Last.First() - 40, Kind: "abuse", RedLine: true}}
	f.Tallies = []exports.Tally{{File: "billing/2026.csv", Input: exports.Billing, Source: "billing/*.csv", Size: 1234, SHA256: "ab12",
		Dialect: "CSV, comma, UTF-8", First: w.First.First(), Last: w.Last.Last(), Read: 101, Used: 98, SetAside: 2, Headers: 1}}
	rule := &finding.Rule{Name: "bad-amount", Effect: finding.SetAside, Sentence: "an amount cannot be read", Remedy: "set decimal: for this export"}
	f.Findings.Add(finding.Finding{Rule: rule, Place: finding.Place{File: "billing/2026.csv", Line: 12, Column: 3, Field: "amount"}, Detail: "=1,2,3"})
	f.Findings.Add(finding.Finding{Rule: rule, Place: finding.Place{File: "billing/2026.csv", Line: 40, Column: 3, Field: "amount"}, Detail: "@x", Money: money.Units(5)})
	return f
}

func madeUpClient(i int, w period.Window) clients.Client {
	c := clients.Client{
		ID: clients.ID(fmt.Sprintf("C%06d", i)), Name: fmt.Sprintf("Client %d", i), Segment: []string{"small", "large", "public"}[i%3], Listed: true,
		Owner: "sales", ContractStart: w.First.First() - 300, NoticeDays: measure.Some(90), ContractEnd: w.Last.Last() + period.Day(60*i%400+30),
	}
	c.Attributes = []clients.Attribute{{Name: "segment", Value: c.Segment}, {Name: "region", Value: []string{"north", "south"}[i%2]}}
	if i < len(hostile) {
		c.Name = hostile[i]
	}
	if i%4 == 0 {
		c.PlanHours = measure.Some(measure.Hours(5 * measure.Million))
	}
	if i == 4 {
		c.ContractEnd = (w.Last - 3).Last()
	}
	return c
}

// first and last are the months between which a client is billed and worked for.
func first(i int, w period.Window) period.Month {
	if i%11 == 10 {
		return w.Last - 1
	}
	return w.First
}

func last(i int, w period.Window) period.Month {
	if i == 4 {
		return w.Last - 4
	}
	return w.Last
}

func addMonth(f *facts.Facts, ref clients.Ref, m period.Month) {
	i, t := int(ref), f.Window.Index(m)
	if i >= 0 && (m < first(i, f.Window) || m > last(i, f.Window)) {
		return
	}
	scale := int64(3 + (i+2)*7%13)
	if ref != clients.Internal {
		v := facts.Revenue{Client: ref, Month: m, Recurring: true, Amount: money.Millionths(scale * []int64{310_330_000, 95_170_000, 210_410_000, 140_050_000}[(i+4)%4]), Quantity: money.Units(1), Lines: 1}
		f.Revenue = append(f.Revenue, v)
		if i >= 0 && i%6 == 2 && t == 5 {
			f.Revenue = append(f.Revenue, facts.Revenue{Client: ref, Month: m, Product: 1, Credit: true, OwnError: true, Amount: money.Units(-150), Lines: 1})
		}
		f.Counts = append(f.Counts, facts.Count{Client: ref, Month: m, Documents: 1, Tickets: scale})
	}
	hours := measure.Hours((scale*int64(900+100*(i*5%9)) + int64(137*(t*7%5))) * 1000)
	for role := range facts.Role(3) {
		h := []measure.Hours{hours / 20, hours / 2, hours}[role]
		f.Work = append(f.Work, facts.Work{Client: ref, Month: m, Role: role, Account: 1, Hours: h, Entries: 3})
		if i >= 0 && i%5 == 3 {
			f.Work = append(f.Work, facts.Work{Client: ref, Month: m, Role: role, Account: 1, Cause: facts.OwnError, Hours: h / 3, Entries: 1})
		}
		if i >= 0 && i%7 == 5 {
			f.Work = append(f.Work, facts.Work{Client: ref, Month: m, Role: role, Account: 1, OutOfScope: true, Hours: h, Entries: 1})
		}
	}
	if i >= 0 && i%3 == 0 && t%4 == 1 {
		f.Direct = append(f.Direct, facts.Direct{Client: ref, Month: m, Amount: money.Units(120)})
	}
}

// sorted says that the facts are made in the order that package facts promises.
func TestSampleIsSorted(t *testing.T) {
	f := madeUp(20)
	if !slices.IsSortedFunc(f.Work, func(a, b facts.Work) int {
		if a.Client != b.Client {
			return int(a.Client - b.Client)
		}
		return int(a.Month - b.Month)
	}) {
		t.Error("work is not sorted")
	}
}
