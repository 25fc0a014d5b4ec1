package tables

import (
	"slices"
	"strings"
	"testing"

	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/verdict"
)

func TestReadVerdicts(t *testing.T) {
	euro, _ := money.CurrencyOf("EUR")
	const head = "period,currency,rank,client_id,client,segment,verdict,gap,months_observed\n"
	got, err := ReadVerdicts(strings.NewReader(head+
		"2026-09,EUR,7,A,Acme,small,Reprice,12.50,12\n2026-09,USD,,B,Bolt,,Reprice,1.00,12\n2026-09,EUR,,C,Cog,,Watch,-1.00,3\n2026-09,EUR,,_unmapped,Unmapped,,,,\n"), euro)
	september := period.MonthOf(2026, 9)
	want := []verdict.Past{
		{Period: september, Client: "A", Name: "Acme", Segment: "small", Verdict: verdict.Reprice, Rank: 7, Gap: 1250, Months: 12},
		{Period: september, Client: "C", Name: "Cog", Verdict: verdict.Watch, Gap: -100, Months: 3},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{"", "period,currency\n", head + "2026-09,EUR,,A,Acme,,Reprice,twelve,12\n", head + "2026-09,EUR,first,A,Acme,,Reprice,1.00,12\n"} {
		if _, err := ReadVerdicts(strings.NewReader(bad), euro); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
