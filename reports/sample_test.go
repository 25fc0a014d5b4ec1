// The sample is a made-up result: a dozen
// clients in several scripts, with hostile names among them.
package reports_test

import (
	"cmp"
	"slices"

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

// Names are the clients of the sample.
var Names = []string{
	"Acme Engineering", "Борей Логистика", "شرکت آریا", "=cmd|'/c calc'!A1", "+Plus & <Minus>", "Delta \u202egnihtemos", "_x0041_ Ltd",
	"Epsilon\x00Null", "\"Quoted\", GmbH", "Foxtrot", "Golf", "Hotel",
}

// sample returns the sample. The figures of each client follow from its number.
func sample() *pipeline.Result { return sampleOf(len(Names)) }

// sampleOf returns a sample of n clients.
func sampleOf(n int) *pipeline.Result {
	eur, _ := money.CurrencyOf("EUR")
	last := period.MonthOf(2026, 10)
	window := period.WindowTo(last, 12)
	r := &pipeline.Result{
		Company: "Sample & Sons", Period: last, AsOf: last.Last() + 3, Target: 200_000,
		Facts: &facts.Facts{Currency: eur, Window: window, Roles: []string{"engineer"}, Pools: []string{"tools"}, Products: []string{"care"},
			Categories: []string{"travel"}, Accounts: []facts.AccountName{{Source: "billing", Name: "ACME"}, {Source: "hours", Name: "acme support"}},
			Findings: &finding.Log{}},
		Costs: &costing.Costs{Currency: eur, Window: window, Unmapped: costing.Client{Months: make([]costing.Month, window.Len())}},
		Worth: &worth.Portfolio{},
	}
	for i := range n {
		name := Names[i%len(Names)]
		if i >= len(Names) {
			name += " " + string(rune('A'+i/len(Names)%26))
		}
		r.Facts.Clients = append(r.Facts.Clients, clients.Client{ID: id(i), Name: name, Segment: []string{"small", "large"}[i%2]})
		addClient(r, i)
	}
	order(r)
	r.Facts.Tallies = []exports.Tally{{File: "billing/2026.csv", Input: exports.Billing, Source: "billing/*.csv", Size: 1234, SHA256: "ab12",
		Dialect: "CSV, comma, UTF-8", First: window.First.First(), Last: last.Last(), Read: 101, Used: 98, SetAside: 2, Headers: 1}}
	rule := &finding.Rule{Name: "bad-amount", Effect: finding.SetAside, Sentence: "an amount cannot be read", Remedy: "set decimal: for this export"}
	r.Facts.Findings.Add(finding.Finding{Rule: rule, Place: finding.Place{File: "billing/2026.csv", Line: 12, Column: 3, Field: "amount"}, Detail: "=1,2,3"})
	r.Facts.Findings.Add(finding.Finding{Rule: rule, Place: finding.Place{File: "billing/2026.csv", Line: 40, Column: 3, Field: "amount"}, Detail: "@x", Money: money.Units(5)})
	l := &r.Costs.Ledger
	r.Checks = []pipeline.Check{
		{Number: 1, Name: "revenue", A: "billing used", B: "clients and Unmapped", Left: int64(l.BillingUsed), Right: int64(l.Revenue + l.RevenueOther), Unit: pipeline.MinorUnits, State: pipeline.Pass},
		{Number: 2, Name: "costs", A: "put in", B: "shared out", Left: int64(l.CostIn), Right: int64(l.Clients), Unit: pipeline.MinorUnits, State: pipeline.Pass},
		{Number: 3, Name: "hours", A: "in", B: "out", Left: int64(l.HoursIn), Right: int64(l.HoursClients), Unit: pipeline.MicroHours, State: pipeline.Pass},
		{Number: 4, Name: "rows", A: "read", B: "accounted for", Left: 101, Right: 101, State: pipeline.Pass},
		{Number: 5, Name: "rows of last month", A: "this month", B: "last month", Left: 101, Right: 150, Tolerance: 10, State: pipeline.Warn},
	}
	return r
}

func id(i int) clients.ID {
	return clients.ID([]byte{'C', byte('0' + i/100000%10), byte('0' + i/10000%10), byte('0' + i/1000%10), byte('0' + i/100%10), byte('0' + i/10%10), byte('0' + i%10)})
}

// addClient gives client i its months and the figures of its window.
func addClient(r *pipeline.Result, i int) {
	months := make([]costing.Month, r.Facts.Window.Len())
	for t := range months {
		months[t] = costing.Month{
			Revenue: money.Amount(100_037 + 7_001*(i%17)), Recurring: 90_000, Labour: money.Amount(60_000 + 11_003*(i*7%12) + 500*t),
			Pools: 5_001, Direct: money.Amount(103 * (i % 3)), LabourOwn: money.Amount(900 * (i % 4)), Hours: measure.Hours(10_250_000 + 1_000_000*i%60_000_000), Tickets: int64(i%9 + t%3),
		}
	}
	months[3].OwnCredits = money.Amount(1_000 * (i % 2))
	r.Costs.Clients = append(r.Costs.Clients, costing.Client{Months: months})
	s := costing.Sum(months)
	l := &r.Costs.Ledger
	l.BillingUsed += s.Revenue
	l.Revenue += s.Revenue
	l.CostIn += s.Cost()
	l.Clients += s.Cost()
	l.HoursIn += s.Hours
	l.HoursClients += s.Hours

	c := worth.Client{
		Client: clients.Ref(i), Revenue: s.Revenue, Recurring: s.Recurring, OwnCredits: s.OwnCredits, Cost: s.Cost(), Labour: s.Labour, Pools: s.Pools,
		Direct: s.Direct, OwnError: s.OwnErrorCost(), Margin: s.Margin(), Target: r.Target, MarginPct: measure.Ratio(s.Margin().Float(), s.Revenue.Float()),
		MonthsUnderpaying: i % 13, MonthsObserved: 12, Hours: s.Hours, Tickets: s.Tickets,
	}
	c.FairPrice = money.Amount((int64(s.ClientCaused())*10 + 4) / 8) // half away from zero at a target of 20 %
	c.Gap = c.FairPrice - (s.Revenue + s.OwnCredits)
	c.Shortfall = max(0, c.Gap)
	c.Material = c.Shortfall > 10_000
	c.AvoidableMargin = c.Revenue - c.Labour/2
	if i%5 != 4 {
		c.PUnderpaying, c.GapLow, c.GapHigh = measure.Some(0.5+0.04*float64(i%12)), measure.Some(c.Gap-5_000), measure.Some(c.Gap+5_000)
		c.RankLow, c.RankHigh = measure.Some(1+i), measure.Some(3+i)
	}
	if c.Shortfall > 0 {
		c.Uplift = measure.Ratio(c.Shortfall.Float(), c.Revenue.Float())
	}
	r.Worth.Clients = append(r.Worth.Clients, c)
	r.Judgements = append(r.Judgements, judge(r, i, &c))
	r.Facts.Revenue = append(r.Facts.Revenue, facts.Revenue{Client: clients.Ref(i), Month: r.Facts.Window.Last, Amount: money.Units(10), Quantity: money.Units(1), Lines: 1})
	r.Costs.Revenue = append(r.Costs.Revenue, 1000)
}

func judge(r *pipeline.Result, i int, c *worth.Client) verdict.Judgement {
	v := verdict.PaysForValue
	reason := verdict.Reason{Kind: verdict.PaysFor, Amount: c.Revenue, Other: c.FairPrice}
	if c.Material {
		v = []verdict.Verdict{verdict.Reprice, verdict.AgreeScope, verdict.Watch, verdict.LimitSupport}[i%4]
		reason = verdict.Reason{Kind: verdict.PaysAgainstFair, Amount: c.Revenue, Other: c.FairPrice, Share: 0.2}
	}
	return verdict.Judgement{
		Client: clients.Ref(i), Verdict: v, Economic: v,
		Reasons: []verdict.Reason{reason, {Kind: verdict.ShortMonths, Count: c.MonthsUnderpaying, Of: 12}, {Kind: verdict.HowSure, Share: 0.97}},
		Change:  verdict.Change{Lever: verdict.Price, To: verdict.PaysForValue, Amount: c.Shortfall / 12, Share: c.Uplift},
	}
}

// order ranks the clients and draws the whale curve.
func order(r *pipeline.Result) {
	all := r.Worth.Clients
	for i := range all {
		r.Worth.Order = append(r.Worth.Order, clients.Ref(i))
		r.Worth.Whale.Clients = append(r.Worth.Whale.Clients, clients.Ref(i))
	}
	slices.SortFunc(r.Worth.Order, func(a, b clients.Ref) int {
		return cmp.Or(cmp.Compare(all[b].Shortfall, all[a].Shortfall), cmp.Compare(all[a].Margin, all[b].Margin), cmp.Compare(a, b))
	})
	for i, ref := range r.Worth.Order {
		if all[ref].Shortfall > 0 {
			all[ref].Rank = i + 1
		}
	}
	w := &r.Worth.Whale
	slices.SortFunc(w.Clients, func(a, b clients.Ref) int {
		return cmp.Or(cmp.Compare(all[b].Margin, all[a].Margin), cmp.Compare(a, b))
	})
	var sum money.Amount
	for i, ref := range w.Clients {
		sum += all[ref].Margin
		if w.Cumulative = append(w.Cumulative, sum); sum > w.Cumulative[w.Peak] {
			w.Peak = i
		}
	}
	w.GivenBack = w.Cumulative[w.Peak] - sum
	if sum > 0 {
		w.PeakShare = measure.Ratio(w.Cumulative[w.Peak].Float(), sum.Float())
	}
}
