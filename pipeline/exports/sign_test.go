package exports

import (
	"strings"
	"testing"
)

// An amount that says its currency is one of that currency or an error; one that
// says none, or a currency that is written with the same sign, is not.
func TestAmountsInAnotherCurrency(t *testing.T) {
	for _, test := range []struct{ currency, column, amount, wrong string }{
		{"EUR", "", "$2,302.00", `"$2,302.00" is no amount in EUR`},
		{"USD", "", "$2,302.00", ""},
		{"CAD", "", "-$1.50", ""},
		{"EUR", "USD", "$2,302.00", ""},
		{"USD", "eur", "($5.00)", `"($5.00)" is no amount in EUR`},
		{"EUR", "", "€ 12.00", ""},
		{"GBP", "", "12.00 €", `"12.00 €" is no amount in GBP`},
		{"EUR", "", "EUR 12.00", ""},
		{"EUR", "", "12.00 USD", `"12.00 USD" is no amount in EUR`},
		{"", "", "$12.00", ""},
		{"EUR", "", "1,234.50", ""},
		{"USD", "€", "$5.00", `"$5.00" is no amount in EUR`},
		{"USD", "Euro - EUR", "$5.00", `"$5.00" is no amount in EUR`},
		{"EUR", "$", "$5.00", ""},
	} {
		rows, _, err := read(t, Source{Currency: test.currency}, 1, "a.csv", "client,date,amount,currency\nA,2026-10-01,\""+test.amount+"\","+test.column+"\n")
		switch {
		case test.wrong == "" && (err != nil || len(rows) != 1):
			t.Errorf("%+v: %v, %v", test, rows, err)
		case test.wrong != "" && (err == nil || !strings.Contains(err.Error(), test.wrong)):
			t.Errorf("%+v: %v", test, err)
		}
	}
	if _, _, err := readSource(Source{Input: Rates, Currency: "EUR", Files: []string{"c.yaml"}, Inline: []Inline{{Line: 3, Values: map[string]string{"role": "a", "hourly_cost": "$40"}}}}, 1); err == nil || !strings.Contains(err.Error(), "c.yaml:3") {
		t.Errorf("a rate in the configuration: %v", err)
	}
}
