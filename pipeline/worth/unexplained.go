package worth

import (
	"cmp"
	"slices"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/period"
)

// longestService is for how many months ahead a client may have been billed.
const longestService = 12

// Rules are what is doubtful about a client's window.
var Rules = []*finding.Rule{ruleUnexplained, ruleCredits}

var (
	ruleUnexplained = &finding.Rule{
		Name:     "billed-before-the-exports",
		Sentence: "the client's first months have no revenue, and may have been billed before the billing exports begin",
		Remedy:   "add the billing exports of the twelve months before the window, or shorten window_months to those that all exports have",
	}
	ruleCredits = &finding.Rule{
		Name:     "credits-beyond-invoices",
		Sentence: "the client's credits in the window are larger than its invoices",
		Remedy:   "check whether the credits, the largest of which stands at this place, belong to invoices before the window; they are no shortfall",
	}
)

// Arrears is for how many months an invoice in arrears may be.
const Arrears = 3

// explain marks the clients whose first months have no revenue where the invoice may be
// older than the exports: they are billed ahead, or nobody was billed until months later.
// Whether they paid is not known. It reports them, and credits beyond invoices.
func explain(p *Portfolio, f *facts.Facts, c *costing.Costs) {
	begin := billingBegins(f)
	ahead := billedAhead(f)
	for i, a := range activityByClient(f) {
		w := &p.Clients[i]
		months := c.Clients[i].Months
		first := w.FirstObserved
		for first < w.FirstObserved+w.MonthsObserved && months[first].Revenue == 0 {
			first++
		}
		observed := f.Window.At(w.FirstObserved)
		old := ahead[i] && f.Window.At(first)-longestService < begin && a.FirstBilled >= observed
		late := begin-observed >= Arrears
		if first > w.FirstObserved && first < len(months) && (old || late) {
			w.Unexplained = true
			p.Findings.Add(finding.Finding{Rule: ruleUnexplained, Detail: string(f.Clients[i].ID)})
		}
		if w.Revenue < 0 {
			p.Findings.Add(finding.Finding{Rule: ruleCredits, Place: largestCredit(f, w.Client), Detail: string(f.Clients[i].ID), Money: f.Currency.Exact(w.Revenue)})
		}
	}
}

// largestCredit is where the largest credit of a client stands.
func largestCredit(f *facts.Facts, client clients.Ref) finding.Place {
	i, found := slices.BinarySearchFunc(f.Credits, client, func(c facts.Credit, r clients.Ref) int { return cmp.Compare(c.Client, r) })
	if !found {
		return finding.Place{}
	}
	return f.Credits[i].Place
}

// billingBegins is the first month in which any client was billed.
func billingBegins(f *facts.Facts) period.Month {
	var begin period.Month
	for _, a := range f.Activity {
		if a.FirstBilled != 0 && (begin == 0 || a.FirstBilled < begin) {
			begin = a.FirstBilled
		}
	}
	return begin
}

// billedAhead reports of each client whether its revenue falls in more months
// than its documents, those after the window included.
func billedAhead(f *facts.Facts) []bool {
	ahead := make([]bool, len(f.Clients))
	if f.ByDocument == nil {
		return ahead
	}
	service, document := revenueMonths(f, f.Revenue), revenueMonths(f, f.ByDocument)
	for _, o := range f.Owed {
		if o.Client >= 0 {
			service[o.Client]++
		}
	}
	for i := range ahead {
		ahead[i] = service[i] > document[i] && document[i] > 0
	}
	return ahead
}

// revenueMonths counts each client's months with revenue.
func revenueMonths(f *facts.Facts, rows []facts.Revenue) []int {
	n := make([]int, len(f.Clients))
	for i, r := range rows {
		if r.Client >= 0 && (i == 0 || rows[i-1].Client != r.Client || rows[i-1].Month != r.Month) {
			n[r.Client]++
		}
	}
	return n
}

func activityByClient(f *facts.Facts) []facts.Activity {
	all := make([]facts.Activity, len(f.Clients))
	for _, a := range f.Activity {
		if a.Client >= 0 {
			all[a.Client] = a
		}
	}
	return all
}
