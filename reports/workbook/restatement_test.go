package workbook

import (
	"testing"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/verdict"
	"clientworth/reports/words"
)

// A client that is gone from the exports has the name that it was last reported by,
// and not its id; nor are months in a row all listed.
func TestRestatementNamesWhoIsGone(t *testing.T) {
	eur, _ := money.CurrencyOf("EUR")
	w, err := words.In(words.English, eur)
	if err != nil {
		t.Fatal(err)
	}
	b := builder{words: w, r: &pipeline.Result{
		Facts:  &facts.Facts{Currency: eur, Clients: []clients.Client{{ID: "B", Name: "Bolt"}}},
		Before: []verdict.Past{{Client: "B", Name: "Bolt & Co"}, {Client: "name:cog", Name: "Cog Ltd"}},
	}}
	b.recall()
	party := b.parties()
	for id, want := range map[clients.ID]string{"B": "Bolt", "name:cog": "Cog Ltd", "name:dial": "name:dial", clients.UnmappedID: w.Say("unmapped")} {
		if got := party(id); got != want {
			t.Errorf("%s is called %q, not %q", id, got, want)
		}
	}
	at := func(months ...int) (all []period.Month) {
		for _, m := range months {
			all = append(all, period.MonthOf(2026, m))
		}
		return all
	}
	for want, all := range map[string][]period.Month{
		"": nil, "2026-03": at(3), "2026-03, 2026-04": at(3, 4), "2026-01, 2026-03 to 2026-06, 2026-09": at(1, 3, 4, 5, 6, 9),
	} {
		if got := b.monthsOf(all); got != want {
			t.Errorf("%v reads %q, not %q", all, got, want)
		}
	}
}
