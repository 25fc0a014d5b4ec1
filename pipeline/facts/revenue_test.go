package facts_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// byMonth writes revenue as "client month amount", one line for each client and
// month.
func byMonth(f *facts.Facts, rows []facts.Revenue) []string {
	type cell struct {
		client clients.Ref
		month  period.Month
	}
	sums := map[cell]money.Exact{}
	for _, r := range rows {
		k := cell{r.Client, r.Month}
		sums[k] = sums[k].Add(r.Amount)
	}
	var lines []string
	for k, sum := range sums {
		lines = append(lines, fmt.Sprintf("%s %s %s", who(f, k.client), k.month, sum))
	}
	slices.Sort(lines)
	return lines
}

func who(f *facts.Facts, ref clients.Ref) string {
	switch ref {
	case clients.Unmapped:
		return "unmapped"
	case clients.Internal:
		return "internal"
	}
	return string(f.Clients[ref].ID)
}

// same fails the test where two lists of lines differ.
func same(t testing.TB, what string, got []string, want string) {
	t.Helper()
	var lines []string
	for l := range strings.Lines(want) {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	if diff := cmp.Diff(lines, got); diff != "" {
		t.Errorf("%s: -want +got\n%s", what, diff)
	}
}

// found writes findings as "rule file:line: detail".
func found(f *facts.Facts) []string {
	var lines []string
	for _, r := range f.Findings.Rules() {
		for _, x := range f.Findings.Kept(r) {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Name, x.Place, x.Detail)))
		}
	}
	return lines
}

// only keeps the lines that start with one of the words.
func only(lines []string, words ...string) []string {
	var kept []string
	for _, l := range lines {
		if slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(l, w) }) {
			kept = append(kept, l)
		}
	}
	return kept
}

func TestRevenueByMonth(t *testing.T) {
	for name, c := range map[string]struct{ billing, service, document string }{
		"a line falls in the month of its document": {
			"client,date,amount\nA,2026-01-31,10\nA,2026-02-01,5.5\nB,2025-12-31,7\n",
			"name:a 2026-01 10\nname:a 2026-02 5.5", "",
		},
		"an annual line is spread by days": {
			// 1200 / 365 x 31, 28, 31, 30, 31, 30 days, by largest remainder.
			"client,date,amount,service_start,service_end\nA,2026-01-10,1200.00,2026-01-01,2026-12-31\n",
			`name:a 2026-01 101.92
			 name:a 2026-02 92.05
			 name:a 2026-03 101.92
			 name:a 2026-04 98.63
			 name:a 2026-05 101.92
			 name:a 2026-06 98.63`,
			"name:a 2026-01 1200",
		},
		"a line in millionths is spread in millionths": {
			"client,date,amount,service_start,service_end\nA,2026-01-10,1.000001,2026-01-31,2026-02-02\n",
			"name:a 2026-01 0.333334\nname:a 2026-02 0.666667", "name:a 2026-01 1.000001",
		},
		"a service before and after the window counts with its days inside": {
			"client,date,amount,service_start,service_end\nA,2025-12-01,62,2025-12-01,2026-01-31\nA,2026-07-01,60,2026-06-01,2026-07-30\n",
			"name:a 2026-01 31\nname:a 2026-06 30", " ",
		},
		"a service in another month than the document": {
			"client,date,amount,service_start,service_end\nA,2026-02-03,50,2026-01-01,2026-01-31\n",
			"name:a 2026-01 50", "name:a 2026-02 50",
		},
		"half a service period counts with the document": {
			"client,date,amount,service_start,service_end\nA,2026-02-03,50,2026-01-01,\nA,2026-03-03,5,2026-03-31,2026-03-01\n",
			"name:a 2026-02 50\nname:a 2026-03 5", "",
		},
		"credit notes by sign count in their own month": {
			"client,date,amount\nA,2026-01-05,100\nA,2026-03-05,-100\n",
			"name:a 2026-01 100\nname:a 2026-03 -100", "",
		},
		"positive credit notes are subtracted": {
			"client,date,kind,amount\nA,2026-01-05,invoice,100\nA,2026-02-05,Credit Note,30\nA,2026-02-06,refund,5\n",
			"name:a 2026-01 100\nname:a 2026-02 -35", "",
		},
		"credit notes of both signs count as they stand": {
			"client,date,kind,amount\nA,2026-01-05,invoice,100\nA,2026-02-05,credit,-30\nA,2026-02-06,credit,5\n",
			"name:a 2026-01 100\nname:a 2026-02 -25", "",
		},
		"drafts, void documents, payments and payouts do not count": {
			"client,date,kind,status,amount\nA,2026-01-05,invoice,draft,1\nA,2026-01-05,invoice,Voided,2\nA,2026-01-05,payment,,4\nA,2026-01-05,payout,,8\nA,2026-01-05,invoice,paid,16\n",
			"name:a 2026-01 16", "",
		},
		"a credit note with service dates leaves earlier months alone": {
			"client,date,amount,service_start,service_end\nA,2026-03-05,-90,2026-01-01,2026-03-31\nA,2026-03-05,-60,2026-03-01,2026-04-30\n",
			// -60 over 61 days: 31 and 30.
			"name:a 2026-03 -120.49\nname:a 2026-04 -29.51", "name:a 2026-03 -150",
		},
	} {
		f := gather(t, []exports.Source{source(t, exports.Billing, file{"billing.csv", c.billing})}, options(t))
		same(t, name, byMonth(f, f.Revenue), c.service)
		if c.document == "" && f.ByDocument != nil {
			t.Errorf("%s: by document it is another: %v", name, byMonth(f, f.ByDocument))
		}
		if c.document != "" {
			same(t, name+", by document", byMonth(f, f.ByDocument), c.document)
		}
		balanced(t, f)
	}
}

// A correcting credit falls in the months of its document, in proportion to them;
// what belongs to months before its own falls in its own.
func TestCorrectingCredit(t *testing.T) {
	billing := `
client,document,date,kind,amount,corrects,service_start,service_end
A,I1,2026-01-05,invoice,900.00,,2026-01-01,2026-06-30
A,I1,2026-01-05,invoice,5.00,,,
A,C1,2026-03-10,credit,-181.00,I1,,
A,C2,2026-03-11,credit,-7.00,I9,,
`
	f := gather(t, []exports.Source{source(t, exports.Billing, file{"billing.csv", billing})}, options(t))
	// The document: 900 over 181 days (31, 28, 31, 30, 31, 30) and 5 in January:
	// 159.14 139.23 154.14 149.17 154.15 149.17. Of -181.00 x part / 905.00:
	// -31.828 -27.846 -30.828 -29.834 -30.830 -29.834.
	credits := slices.DeleteFunc(slices.Clone(f.Revenue), func(r facts.Revenue) bool { return !r.Credit })
	same(t, "credits", byMonth(f, credits), `
		name:a 2026-03 -97.51
		name:a 2026-04 -29.83
		name:a 2026-05 -30.83
		name:a 2026-06 -29.83`)
	same(t, "findings", only(found(f), "unknown-document"), `unknown-document billing.csv:5: corrects "I9"`)
	same(t, "by document", byMonth(f, f.ByDocument), "name:a 2026-01 905\nname:a 2026-03 -188")
	balanced(t, f)
}

// Credit notes may be an export of their own, before or after the invoices. A number that
// two other exports have names none of their documents.
func TestCorrectingCreditsOfTheirOwnExport(t *testing.T) {
	invoices := func(label string, files ...file) exports.Source {
		src := source(t, exports.Billing, files...)
		src.Label = label
		return src
	}
	one := invoices("one", file{"one.csv", "client,document,date,amount,service_start,service_end\nA,I1,2026-01-05,100.00,2026-01-01,2026-01-31\nA,I2,2026-01-05,500.00,2026-01-01,2026-02-28\n"},
		file{"again.csv", "client,document,date,amount,service_start,service_end\nA,I2,2026-01-05,590.00,2026-01-01,2026-02-28\nA,I3,2026-01-06,1.00,,\n"})
	other := invoices("other", file{"other.csv", "client,document,date,amount,service_start,service_end\nA,I1,2026-01-05,100.00,2026-01-01,2026-02-28\n"})
	credits := invoices("credits", file{"credits.csv", "client,document,date,kind,amount,corrects\nA,C1,2026-01-31,credit,59.00,I2\nA,C2,2026-01-31,credit,7.00,I1\n"})
	for _, sources := range [][]exports.Source{{one, other, credits}, {credits, other, one}} {
		f := gather(t, sources, options(t))
		given := slices.DeleteFunc(slices.Clone(f.Revenue), func(r facts.Revenue) bool { return !r.Credit })
		same(t, "credits", byMonth(f, given), "name:a 2026-01 -38\nname:a 2026-02 -28")
		same(t, "findings", only(found(f), "unknown-document"), `unknown-document credits.csv:3: corrects "I1"`)
		balanced(t, f)
	}
}

// What corrects all of a document leaves nothing of it in any month, also where a
// minor unit is much of what a month has.
func TestCorrectedInFull(t *testing.T) {
	billing := source(t, exports.Billing, file{"billing.csv", `
client,document,date,kind,amount,currency,corrects,service_start,service_end
A,I1,2026-01-05,invoice,100.00,USD,,2026-01-01,2026-06-30
A,C1,2026-01-20,credit,-100.00,USD,I1,,
B,I2,2026-01-05,invoice,1.00,USD,,2026-01-01,2026-06-30
B,C2,2026-01-20,credit,-1.00,USD,I2,,
`})
	rates := source(t, exports.FX, file{"fx.csv", "currency,month,rate\nUSD,2026-01,0.012345\n"})
	f := gather(t, []exports.Source{billing, rates}, options(t))
	left := map[string]money.Exact{}
	for _, r := range f.Revenue {
		key := who(f, r.Client) + " " + r.Month.String()
		left[key] = left[key].Add(r.Amount)
	}
	if len(left) != 12 {
		t.Errorf("%d months of clients, want 12", len(left))
	}
	for key, amount := range left {
		if !amount.IsZero() {
			t.Errorf("%s: %s is left", key, amount)
		}
	}
	same(t, "findings", only(found(f), "unknown-document"), "")
}

func TestForeignCurrency(t *testing.T) {
	billing := source(t, exports.Billing, file{"billing.csv", "client,date,amount,currency,service_start,service_end\n" +
		"A,2026-01-05,100,EUR,,\nA,2026-01-06,100,USD,,\nA,2026-02-06,100,usd,2026-02-01,2026-03-31\n"})
	rates := source(t, exports.FX, file{"fx.csv", "currency,month,rate\nUSD,2026-01,1.10\nUSD,2026-02,0.59\nUSD,2026-03,7\n"})
	f := gather(t, []exports.Source{billing, rates}, options(t))
	// 59.00 over 59 days, at the rate of the document's month.
	same(t, "revenue", byMonth(f, f.Revenue), "name:a 2026-01 210\nname:a 2026-02 28\nname:a 2026-03 31")

	old := source(t, exports.Billing, file{"old.csv", "client,date,amount,currency,service_start,service_end\nA,2024-01-05,100,USD,2024-01-01,2024-12-31\nA,2026-08-05,100,USD,,\n"})
	f = gather(t, []exports.Source{old, rates}, options(t))
	same(t, "what is before or after the window needs no rate", byMonth(f, f.Revenue), "")

	rates = source(t, exports.FX, file{"fx.csv", "currency,month,rate\nUSD,2026-01,1.10\n"})
	_, err := facts.Gather(t.Context(), []exports.Source{billing, rates}, options(t))
	var placed *exports.Placed
	if !errors.As(err, &placed) || err.Error() != "billing.csv:4: currency: no rate from USD to EUR in 2026-02" {
		t.Errorf("without a rate: %v", err)
	}
	named := source(t, exports.Billing, file{"billing.csv", "client,date,amount,currency\nA,2026-01-05,100,Euro\n"})
	_, err = facts.Gather(t.Context(), []exports.Source{named, rates}, options(t))
	if !errors.As(err, &placed) || err.Error() != `billing.csv:2: currency: no rate: "EURO" is not an ISO 4217 currency code` {
		t.Errorf("of no currency: %v", err)
	}
}

// List amounts of an export are in the line's currency, the price list is in ours.
func TestListOfForeignCurrency(t *testing.T) {
	billing := source(t, exports.Billing, file{"billing.csv", `
client,date,product,quantity,amount,list_amount,currency
A,2026-01-05,seat,3,50,,USD
A,2026-02-05,seat,3,50,60,USD
A,2026-03-05,seat,3,50,,
`})
	products := source(t, exports.Products, file{"products.csv", "product,list_price\nseat,20\n"})
	rates := source(t, exports.FX, file{"fx.csv", "currency,month,rate\nUSD,2026-01,0.5\nUSD,2026-02,0.5\n"})
	f := gather(t, []exports.Source{billing, products, rates}, options(t))
	var lines []string
	for _, r := range f.Revenue {
		lines = append(lines, fmt.Sprintf("%s %s list %s", r.Month, r.Amount, r.List))
	}
	same(t, "revenue", lines, "2026-01 25 list 60\n2026-02 25 list 30\n2026-03 50 list 60")
}

func TestServiceMonthsOfProducts(t *testing.T) {
	billing := source(t, exports.Billing, file{"billing.csv", "client,date,product,quantity,amount\nA,2026-01-31,Year,2,28\nA,2026-01-31,Once,1,3\n"})
	products := source(t, exports.Products, file{"products.csv", "product,service_months,list_price\nYear,1,20\nOnce,,\n"})
	f := gather(t, []exports.Source{billing, products}, options(t))
	// From 31 January to 27 February: 28 days, one of them in January.
	same(t, "revenue", byMonth(f, f.Revenue), "name:a 2026-01 4\nname:a 2026-02 27")
	var lines []string
	for _, r := range f.Revenue {
		lines = append(lines, fmt.Sprintf("%s %s list %s %v quantity %s lines %d", r.Month, f.Products[r.Product], r.List, r.ListKnown, r.Quantity, r.Lines))
	}
	same(t, "list", lines, `
		2026-01 Once list 0 false quantity 1 lines 1
		2026-01 Year list 1.43 true quantity 0.07 lines 1
		2026-02 Year list 38.57 true quantity 1.93 lines 0`)
}

func TestWhatIsBilledInternallyIsNoRevenue(t *testing.T) {
	o := options(t)
	o.InternalNames = []string{"Our House"}
	f := gather(t, []exports.Source{source(t, exports.Billing, file{"billing.csv", "client,date,amount\nA,2026-01-05,100\nOUR HOUSE,2026-01-06,50\n"})}, o)
	same(t, "revenue", byMonth(f, f.Revenue), "name:a 2026-01 100")
	if f.Tallies[0].NoRevenue != 1 || f.Tallies[0].Used != 1 {
		t.Errorf("tally: %+v", f.Tallies[0])
	}
	balanced(t, f)
}

func TestDocumentsAreCountedOnce(t *testing.T) {
	billing := `
client,document,date,amount
A,1,2026-01-05,1
A,2,2026-01-05,1
A,1,2026-01-06,1
A,1,2026-02-06,1
A,3,2026-02-06,-1
B,1,2026-01-05,1
,9,2026-01-05,1
`
	f := gather(t, []exports.Source{source(t, exports.Billing, file{"billing.csv", billing})}, options(t))
	same(t, "documents", documents(f), "unmapped 2026-01 1\nname:a 2026-01 2\nname:a 2026-02 1\nname:b 2026-01 1")
}

// Of many rows that cannot be used the first is named, however many read them.
func TestFirstErrorIsNamed(t *testing.T) {
	rows := strings.Repeat("A,2026-01-05,1,EUR\n", 10) + strings.Repeat("A,2026-01-05,1,USD\n", 40_000)
	billing := source(t, exports.Billing, file{"billing.csv", "client,date,amount,currency\n" + rows})
	for range 12 {
		if _, err := facts.Gather(t.Context(), []exports.Source{billing}, options(t)); err == nil || !strings.HasPrefix(err.Error(), "billing.csv:12: ") {
			t.Fatal(err)
		}
	}
}
