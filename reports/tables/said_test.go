package tables

import (
	"strings"
	"testing"

	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/verdict"
)

func TestReadVerdicts(t *testing.T) {
	euro, _ := money.CurrencyOf("EUR")
	const head = "period,currency,client_id,verdict,gap,months_observed\n"
	got, err := ReadVerdicts(strings.NewReader(head+
		"2026-09,EUR,A,Reprice,-12.50,12\n2026-09,USD,B,Reprice,1.00,12\n2026-09,EUR,_unmapped,,,\n"), euro)
	want := verdict.Past{Period: period.MonthOf(2026, 9), Client: "A", Verdict: verdict.Reprice, Gap: -1250, Months: 12}
	if err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{"", "period,currency\n", head + "2026-09,EUR,A,Reprice,twelve,12\n"} {
		if _, err := ReadVerdicts(strings.NewReader(bad), euro); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
