package tables

import (
	"slices"
	"testing"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// What one source says of a client under two names is one fact, which has both; a
// credit for our own error is another.
func TestFactsOfOneKeyAreOneRow(t *testing.T) {
	euro, _ := money.CurrencyOf("EUR")
	october := period.MonthOf(2026, 10)
	billed := func(name facts.Account, units int64, credit bool) facts.Revenue {
		return facts.Revenue{Month: october, Account: name, Credit: credit, OwnError: credit,
			Quantity: money.Units(1), Amount: money.Units(units), List: money.Units(12), ListKnown: true}
	}
	r := &pipeline.Result{
		Facts: &facts.Facts{
			Currency: euro, Window: period.WindowTo(october, 2), Clients: []clients.Client{{ID: "A"}}, Products: []string{"Support"},
			Accounts: []facts.AccountName{{Source: "crm", Name: "Acme"}, {Source: "crm", Name: "Acme GmbH"}},
			Revenue:  []facts.Revenue{billed(0, 10, false), billed(0, -2, true), billed(1, 5, false)},
		},
		Costs: &costing.Costs{Currency: euro, Revenue: []money.Amount{1000, -200, 500}},
	}
	got := said(slices.Collect(func(yield func(Row) bool) {
		for row := range Facts(r) {
			if !yield(slices.Clone(row)) {
				return
			}
		}
	}), FactColumns(euro))
	want := []string{
		`"2026-10"|"2026-10"|"A"|"credit"|"Support"|"crm"|"Acme"|1000000|-|-200|200|12000000|`,
		`"2026-10"|"2026-10"|"A"|"revenue"|"Support"|"crm"|"Acme; Acme GmbH"|2000000|-|1500|0|24000000|`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
