package facts_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
)

func TestTheSameThingTwice(t *testing.T) {
	for name, c := range map[string]struct {
		files    []file
		revenue  string
		findings string
	}{
		"lines with numbers: the later export wins": {
			[]file{
				{"jan.csv", "client,document,line,date,amount\nA,1,1,2026-01-05,10\nA,1,2,2026-01-05,20\nA,2,1,2026-01-31,40\n"},
				{"feb.csv", "client,document,line,date,amount\nA,2,1,2026-01-31,41\nA,3,1,2026-02-05,80\nA,1,2,2026-01-05,20\n"},
			},
			"name:a 2026-01 71\nname:a 2026-02 80",
			"corrected-entry jan.csv:4 as in feb.csv:2",
		},
		"lines without numbers: the later document wins as a whole": {
			[]file{
				{"jan.csv", "client,document,date,amount\nA,1,2026-01-05,10\nA,1,2026-01-05,20\nA,2,2026-01-20,1\n"},
				{"feb.csv", "client,document,date,amount\nA,1,2026-01-05,10\nA,3,2026-02-05,80\n"},
			},
			"name:a 2026-01 11\nname:a 2026-02 80",
			"corrected-entry jan.csv:3 taken out in feb.csv",
		},
		"a download of the same name is the later one": {
			[]file{
				{"invoices (1).csv", "client,document,date,amount\nA,1,2026-01-05,11\n"},
				{"invoices.csv", "client,document,date,amount\nA,1,2026-01-05,10\n"},
			},
			"name:a 2026-01 11", "corrected-entry invoices.csv:2 as in invoices (1).csv:2",
		},
		"rows without a key count as often as in the file that has them most often": {
			[]file{
				{"a.csv", "client,date,amount\nA,2026-01-05,10\nA,2026-01-05,10\nA,2026-01-06,1\n"},
				{"b.csv", "client,date,amount\nA,2026-01-05,10\nA,2026-01-06,2\n"},
			},
			"name:a 2026-01 23",
			"equal-rows a.csv 1 row equals an earlier one",
		},
		"a key that is not unique is none": {
			[]file{
				{"a.csv", "client,document,line,date,amount\nA,1,1,2026-01-05,10\nA,1,1,2026-01-05,10\n"},
				{"b.csv", "client,document,line,date,amount\nA,1,1,2026-01-05,10\nA,1,1,2026-01-05,3\n"},
			},
			"name:a 2026-01 23", "equal-rows a.csv 1 row equals an earlier one",
		},
		"the same file under two names": {
			[]file{
				{"a.csv", "client,date,amount\nA,2026-01-05,10\nA,2026-01-05,10\n"},
				{"copy of a.csv", "client,date,amount\nA,2026-01-05,10\nA,2026-01-05,10\n"},
			},
			"name:a 2026-01 20",
			"equal-rows a.csv 1 row equals an earlier one\nequal-rows copy of a.csv 1 row equals an earlier one\nsame-file copy of a.csv the same bytes as a.csv",
		},
		"files that follow each other are not compared": {
			[]file{
				{"a.csv", "client,document,date,amount\nA,1,2026-01-05,10\n"},
				{"b.csv", "client,document,date,amount\nA,1,2026-02-05,10\n"},
			},
			"name:a 2026-01 10\nname:a 2026-02 10", "",
		},
	} {
		f := gather(t, []exports.Source{source(t, exports.Billing, c.files...)}, options(t))
		same(t, name, byMonth(f, f.Revenue), c.revenue)
		same(t, name, only(found(f), "corrected", "equal", "same"), c.findings)
		balanced(t, f)
	}
}

// Names rank files as people number them; what is not told apart by more than
// format and folder is not ranked at all.
func TestFilesRankByName(t *testing.T) {
	row := func(amount int) string {
		return fmt.Sprintf("client,document,date,amount\nA,1,2026-01-05,%d\n", amount)
	}
	for _, names := range [][]string{
		{"invoices.csv", "invoices (1).csv", "invoices (2).csv", "invoices (10).csv"},
		{"billing.csv", "billing-2.csv", "billing-10.csv"},
		{"billing-2026-09.csv", "billing-2026-10.csv", "billing-2026-10 v2.csv"},
		{"export9.csv", "export010.csv", "export10b.csv"},
	} {
		var files []file
		for i, name := range names {
			files = append(files, file{name, row(i + 1)})
		}
		for range names {
			files = append(files[1:], files[0])
			f := gather(t, []exports.Source{source(t, exports.Billing, files...)}, options(t))
			same(t, names[0], byMonth(f, f.Revenue), fmt.Sprintf("name:a 2026-01 %d", len(names)))
		}
	}
	s := source(t, exports.Billing, file{"b.csv", row(1)}, file{"b.txt", row(2)})
	if _, err := facts.Gather(t.Context(), []exports.Source{s}, options(t)); err == nil || !strings.Contains(err.Error(), "neither file is later") {
		t.Errorf("two formats of one name: %v", err)
	}
}

func TestEntriesOfEqualRankThatDifferAreAnError(t *testing.T) {
	s := source(t, exports.SupportHours)
	for _, folder := range []string{"a", "b"} {
		one := source(t, exports.SupportHours, file{"h.csv", fmt.Sprintf("client,date,hours,role,entry\nA,2026-01-05,%d,dev,E1\n", len(s.Files)+1)})
		s.Files = append(s.Files, one.Folder+"/h.csv")
		_ = folder
	}
	s.Folder = ""
	_, err := facts.Gather(t.Context(), []exports.Source{s}, options(t))
	var placed *exports.Placed
	if !errors.As(err, &placed) || !strings.Contains(err.Error(), "the same entry differs") {
		t.Errorf("got %v", err)
	}
}

// company is a generated company's rows, with keys, so that files may overlap.
type company struct{ billing, hours []string }

const (
	billingHead = "client_id,client,document,line,date,amount,kind,product,quantity,cause,recurring,service_start,service_end"
	hoursHead   = "client_id,client,entry,date,hours,role,ticket,cause,billable"
)

func drawCompany(t *rapid.T) company {
	var c company
	client := rapid.SampledFrom([]string{"1,Acme", "01,Acme", "2.0,", "2,Beta", ",beta ltd", ",Gamma", ",GAMMA", ",", "9,Delta"})
	day := rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf("2026-%02d-%02d", rapid.IntRange(1, 7).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day"))
	})
	for i := range rapid.IntRange(1, 25).Draw(t, "lines") {
		start, end := "", ""
		if rapid.Bool().Draw(t, "service") {
			start, end = day.Draw(t, "start"), day.Draw(t, "end")
			if end < start {
				start, end = end, start
			}
		}
		kind := rapid.SampledFrom([]string{"", "invoice", "credit"}).Draw(t, "kind")
		cents := rapid.IntRange(1, 100_000).Draw(t, "cents")
		if kind == "credit" {
			cents = -cents
		}
		c.billing = append(c.billing, fmt.Sprintf("%s,D%d,%d,%s,%s,%s,%s,%d,%s,%s,%s,%s", client.Draw(t, "client"),
			rapid.IntRange(1, 6).Draw(t, "document"), i, day.Draw(t, "date"), euros(cents), kind,
			rapid.SampledFrom([]string{"", "P", "Q"}).Draw(t, "product"), rapid.IntRange(0, 3).Draw(t, "quantity"),
			rapid.SampledFrom([]string{"", "own_error"}).Draw(t, "cause"), rapid.SampledFrom([]string{"", "yes"}).Draw(t, "recurring"), start, end))
	}
	for i := range rapid.IntRange(0, 25).Draw(t, "entries") {
		c.hours = append(c.hours, fmt.Sprintf("%s,E%d,%s,%d.25,%s,T%d,%s,%s", client.Draw(t, "client"), i, day.Draw(t, "date"),
			rapid.IntRange(0, 9).Draw(t, "hours"), rapid.SampledFrom([]string{"dev", "ops"}).Draw(t, "role"), rapid.IntRange(1, 5).Draw(t, "ticket"),
			rapid.SampledFrom([]string{"", "own_error", "capability"}).Draw(t, "cause"), rapid.SampledFrom([]string{"", "yes"}).Draw(t, "billable")))
	}
	return c
}

func euros(cents int) string { return money.Millionths(int64(cents) * 10_000).Fixed(2) }

// scattered writes the rows in any order into up to three files; twice says how
// many rows stand in a second file too.
func scattered(t *testing.T, in exports.Input, head string, rows []string, seed uint64, twice bool) exports.Source {
	r := rand.New(rand.NewPCG(seed, 7))
	rows = slices.Clone(rows)
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	texts := make([]string, 1+r.IntN(3))
	for _, row := range rows {
		at := r.IntN(len(texts))
		texts[at] += row + "\n"
		if other := r.IntN(len(texts)); twice && other != at {
			texts[other] += row + "\n"
		}
	}
	var files []file
	for i, text := range texts {
		files = append(files, file{fmt.Sprintf("%c%d.csv", 'a'+r.IntN(26), i), head + "\n" + text})
	}
	return source(t, in, files...)
}

// Neither the order of rows and files, nor how rows lie in files, nor that a row
// stands in two of them, nor the number of workers changes any fact.
func TestOrderAndFilesDoNotMatter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := drawCompany(r)
		read := func(seed uint64, workers int, twice bool) *facts.Facts {
			o := options(t)
			o.Workers = workers
			f, err := facts.Gather(t.Context(), []exports.Source{
				scattered(t, exports.Billing, billingHead, c.billing, seed, twice),
				scattered(t, exports.SupportHours, hoursHead, c.hours, seed+1, twice),
			}, o)
			if err != nil {
				r.Fatal(err)
			}
			balanced(t, f)
			return f
		}
		one, other := read(1, 1, false), read(rapid.Uint64().Draw(r, "seed"), 2, true)
		if diff := cmp.Diff(one, other, cmpopts.IgnoreFields(facts.Facts{}, "Tallies", "Findings", "Unknown", "Coverage"), cmpopts.IgnoreFields(facts.Credit{}, "Place")); diff != "" {
			r.Fatalf("-one file +scattered:\n%s", diff)
		}
	})
}

// An invoice and an equal credit note are nothing together, each in its own month.
func TestCreditMirrorsInvoice(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := drawCompany(r)
		before := gather(t, []exports.Source{source(t, exports.Billing, file{"b.csv", billingHead + "\n" + strings.Join(c.billing, "\n") + "\n"})}, options(t))
		cents := rapid.IntRange(1, 1_000_000).Draw(r, "cents")
		m1, m2 := rapid.IntRange(1, 6).Draw(r, "month"), rapid.IntRange(1, 6).Draw(r, "other")
		pair := []string{
			fmt.Sprintf("1,Acme,X1,901,2026-%02d-07,%s,invoice,P,1,,,,", m1, euros(cents)),
			fmt.Sprintf("1,Acme,X2,902,2026-%02d-09,%s,credit,P,-1,,,,", m2, euros(-cents)),
		}
		after := gather(t, []exports.Source{source(t, exports.Billing, file{"b.csv", billingHead + "\n" + strings.Join(append(pair, c.billing...), "\n") + "\n"})}, options(t))
		if a, b := total(before), total(after); a != b {
			r.Fatalf("revenue was %s and is %s", a, b)
		}
	})
}

func total(f *facts.Facts) string {
	var lines []string
	sum := f.Revenue[:0:0]
	for _, r := range f.Revenue {
		r.Month = f.Window.First
		sum = append(sum, r)
	}
	lines = append(lines, byMonth(f, sum)...)
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.HasSuffix(l, " 0") }), "\n")
}

// A line and its two halves are the same revenue.
func TestSplittingALineChangesNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		cents, first := rapid.IntRange(2, 1_000_000).Draw(r, "cents"), 0
		first = rapid.IntRange(1, cents-1).Draw(r, "first")
		line := func(n, cents int) string { return fmt.Sprintf("A,D1,%d,2026-02-03,%s\n", n, euros(cents)) }
		head := "client,document,line,date,amount\n"
		one := gather(t, []exports.Source{source(t, exports.Billing, file{"b.csv", head + line(1, cents)})}, options(t))
		two := gather(t, []exports.Source{source(t, exports.Billing, file{"b.csv", head + line(1, first) + line(2, cents-first)})}, options(t))
		if diff := cmp.Diff(one.Revenue, two.Revenue, cmpopts.IgnoreFields(facts.Revenue{}, "Lines")); diff != "" {
			r.Fatal(diff)
		}
		if diff := cmp.Diff(one.Counts, two.Counts); diff != "" {
			r.Fatal(diff)
		}
	})
}

// Files are compared by what their rows say, where B has the code that A had in the
// file before.
func TestTwiceWhereNamesAreNotKept(t *testing.T) {
	const head = "client,date,amount,product\n"
	src := source(t, exports.Billing, file{"a.csv", head + "A,2026-01-05,10,\nB,2026-01-05,20,\n" + flood("A,2026-01-05,0,%s\n")},
		file{"b.csv", head + "B,2026-01-05,20,\nA,2026-01-05,10,\nB,2026-01-05,10,\n"})
	o := options(t)
	o.Workers = 1
	f := gather(t, []exports.Source{src}, o)
	same(t, "revenue", byMonth(f, f.Revenue), "name:a 2026-01 10\nname:b 2026-01 30")
}
