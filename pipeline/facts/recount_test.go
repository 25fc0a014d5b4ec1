package facts_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
)

// documents writes the documents of each client and month.
func documents(f *facts.Facts) (lines []string) {
	for _, c := range f.Counts {
		lines = append(lines, fmt.Sprintf("%s %s %d", who(f, c.Client), c.Month, c.Documents))
	}
	return lines
}

// "acme" may be either of two clients that billing itself makes known, "ACME" is the
// first of them: a document of one number counts for each.
func TestDocumentsOfNamesThatTurnOutToDiffer(t *testing.T) {
	f := gather(t, []exports.Source{source(t, exports.Billing, file{"billing.csv", `
client_id,client,date,amount,document
1,ACME,2026-01-05,1,X1
2,Acme,2026-01-05,1,X2
,ACME,2026-01-06,1,D1
,acme,2026-01-06,1,D1
,ACME,2026-01-06,1,D1
`})}, options(t))
	same(t, "documents", documents(f), "unmapped 2026-01 1\n1 2026-01 2\n2 2026-01 1")
}

// "Acme" is Acme GmbH, as billing itself shows, and 7 is 007: a document counts once
// for a client, however its lines spell the name.
func TestDocumentsOfSpellingsThatTurnOutToBeOneClient(t *testing.T) {
	f := gather(t, []exports.Source{source(t, exports.Billing, file{"billing.csv", `
client_id,client,date,amount,document
,Acme GmbH,2026-01-05,1,X1
,Acme,2026-01-05,1,X1
,Acme,2026-01-06,1,X2
007,,2026-01-05,1,X1
7,,2026-01-05,1,X1
`})}, options(t))
	same(t, "documents", documents(f), "007 2026-01 1\nname:acme 2026-01 2")
}

// Unknown names that differ by a legal form have one document of a number, and so have
// unknown ids that differ by lost zeros.
func TestDocumentsOfUnknownSpellings(t *testing.T) {
	o := options(t)
	o.ClientsClosed = true
	f := gather(t, []exports.Source{
		source(t, exports.Clients, file{"clients.csv", "client_id,client\n1,Beta\n"}),
		source(t, exports.Billing, file{"billing.csv", "client_id,client,date,amount,document\n,Acme GmbH,2026-01-05,1,X1\n,Acme,2026-01-05,1,X1\n,Other,2026-01-05,1,X1\n" +
			"007,,2026-01-05,1,X1\n7,,2026-01-05,1,X1\n7.0,,2026-01-05,1,X1\n8,,2026-01-05,1,X1\n"}),
	}, o)
	same(t, "documents", documents(f), "unmapped 2026-01 4")
}

// Support hours are read beside billing, which tells afterwards that "Acme" is Acme GmbH:
// a ticket that both have counts once, and nothing that was found is found twice.
func TestTicketsOfSpellingsThatTurnOutToBeOneClient(t *testing.T) {
	support := source(t, exports.SupportHours, file{"support.csv", `
client,date,hours,role,ticket,cause
Acme GmbH,2026-01-05,1,dev,T1,own_error
Acme,2026-01-06,3,dev,T1,
Acme,2026-01-06,3,dev,T1,
Acme,2026-01-07,30,dev,T2,
`})
	billing := source(t, exports.Billing, file{"billing.csv", "client,date,amount\nAcme GmbH,2026-01-05,1\nAcme,2026-01-05,1\n"})
	listed := source(t, exports.Clients, file{"clients.csv", "client_id,client\n9,Zeta\n"})
	for _, workers := range []int{1, 2} {
		o := options(t)
		o.Workers = workers
		f := gather(t, []exports.Source{listed, billing, support}, o)
		same(t, "tickets", ticketsOf(f), "name:acme 2 0.142857")
		same(t, "findings", only(found(f), "equal", "long"), "equal-rows support.csv 1 row equals an earlier one\nlong-day support.csv:5: hours 30.00 in one entry")
	}
}

// "acme" may be either of two clients that billing makes known: their tickets of one
// number are each one's own.
func TestTicketsOfNamesThatTurnOutToDiffer(t *testing.T) {
	f := gather(t, []exports.Source{
		source(t, exports.Clients, file{"clients.csv", "client_id,client\n9,Zeta\n"}),
		source(t, exports.Billing, file{"billing.csv", "client_id,client,date,amount\n1,ACME,2026-01-05,1\n2,Acme,2026-01-05,1\n"}),
		source(t, exports.SupportHours, file{"support.csv", "client,date,hours,role,ticket\nACME,2026-01-06,1,dev,T1\nAcme,2026-01-06,1,dev,T1\n"}),
	}, options(t))
	same(t, "tickets", ticketsOf(f), "1 1 0\n2 1 0")
}

// "7" and "07" are Seven's id, until billing makes known that each may be either of two
// clients: then they are names that nobody knows.
func TestTicketsOfIDsThatTurnOutToBeNames(t *testing.T) {
	for _, workers := range []int{1, 2} {
		o := options(t)
		o.Workers = workers
		f := gather(t, []exports.Source{
			source(t, exports.Clients, file{"clients.csv", "client_id,client\n7,Seven\n"}),
			source(t, exports.Billing, file{"billing.csv", `
client_id,client,date,amount
95,07 GmbH,2026-01-05,1
96,07 AG,2026-01-05,1
97,7 GmbH,2026-01-05,1
98,7 AG,2026-01-05,1
`}),
			source(t, exports.SupportHours, file{"support.csv", "client,date,hours,role,ticket\n7,2026-01-06,1,dev,T1\n07,2026-01-06,1,dev,T1\n"}),
		}, o)
		same(t, "tickets", ticketsOf(f), "unmapped 2 0")
	}
}

// Of names that nobody knows, each has tickets of its own, as it has documents.
func TestTicketsOfUnknownNames(t *testing.T) {
	o := options(t)
	o.ClientsClosed = true
	f := gather(t, []exports.Source{
		source(t, exports.Clients, file{"clients.csv", "client_id,client\n1,Beta\n"}),
		source(t, exports.Billing, file{"billing.csv", "client,date,amount\nBeta,2026-01-05,1\n"}),
		source(t, exports.SupportHours, file{"support.csv", "client,date,hours,role,ticket\nGamma,2026-01-06,1,dev,T1\nDelta,2026-01-06,1,dev,T1\nGamma,2026-01-07,1,dev,T1\n"}),
	}, o)
	same(t, "tickets", ticketsOf(f), "unmapped 2 0")
}

// Of a client's name that becomes another's, billing tells who had it before.
func TestTicketsBeforeANameBecomesAnothers(t *testing.T) {
	f := gather(t, []exports.Source{
		source(t, exports.Clients, file{"clients.csv", "client_id,client,aliases,valid_from\n1,Beta,,2026-01-01\n1,Beta,Acme,2026-03-01\n"}),
		source(t, exports.Billing, file{"billing.csv", "client,date,amount\nBeta,2026-01-05,1\nAcme,2026-01-05,1\n"}),
		source(t, exports.SupportHours, file{"support.csv", "client,date,hours,role,ticket\nAcme,2026-02-06,1,dev,T1\nAcme,2026-03-06,1,dev,T1\n"}),
	}, options(t))
	same(t, "tickets", ticketsOf(f), "1 1 0\nname:acme 1 0")
}

// That 7 is 007, whom Beta takes over in March, is known only once billing has made 007 a
// client: until then nothing says that 7 ever means somebody else.
func TestAnIDThatBillingGivesAnOwner(t *testing.T) {
	for _, workers := range []int{1, 2} {
		o := options(t)
		o.Workers = workers
		f := gather(t, []exports.Source{
			source(t, exports.Clients, file{"clients.csv", "client_id,client,aliases,valid_from\n1,Beta,,\n1,Beta,007,2026-03-01\n"}),
			source(t, exports.Billing, file{"billing.csv", "client_id,date,amount\n007,2026-01-05,1\n7,2026-02-05,2\n7,2026-03-05,4\n"}),
			source(t, exports.SupportHours, file{"support.csv", "client_id,date,hours,role\n7,2026-02-06,1,dev\n7,2026-03-06,2,dev\n"}),
		}, o)
		same(t, "revenue", byMonth(f, f.Revenue), "007 2026-01 1\n007 2026-02 2\n1 2026-03 4")
		same(t, "work", worked(f), "007 2026-02 dev other 1.00 1\n1 2026-03 dev other 2.00 1")
	}
}

// Whether support hours are read beside billing or after it changes no fact and no
// finding, however listed, billed and worked clients are called.
func TestReadingSideBySideChangesNothing(t *testing.T) {
	called := rapid.SampledFrom([]string{"acme", "Acme GmbH", "ACME AG", "foo", "Foo Ltd", "7", "07", "7 GmbH", "7 AG", "bar", "Bar AG", "us", ""})
	numbered := rapid.SampledFrom([]string{"", "", "7", "07", "7.0", "007", "foo", "9"})
	day := rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf("2026-%02d-%02d", rapid.IntRange(1, 4).Draw(t, "month"), rapid.SampledFrom([]int{1, 15, 28}).Draw(t, "day"))
	})
	rapid.Check(t, func(r *rapid.T) {
		listed, billed, worked := "client_id,client,aliases,valid_from\n9,Nine,,\n", "client_id,client,date,amount,document,kind,corrects\n", "client_id,client,date,hours,role,ticket,cause\n"
		for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"7", "007", "foo", "1"}), 0, 3, rapid.ID).Draw(r, "listed") {
			name := called.Draw(r, "name")
			listed += fmt.Sprintf("%s,%s,%s,\n", id, name, called.Draw(r, "alias"))
			if rapid.Bool().Draw(r, "again") {
				listed += fmt.Sprintf("%s,%s,%s|%s,%s\n", id, rapid.SampledFrom([]string{name, "Foo Ltd", "bar"}).Draw(r, "later"), called.Draw(r, "alias"), numbered.Draw(r, "as id"), day.Draw(r, "from"))
			}
		}
		for range rapid.IntRange(1, 12).Draw(r, "lines") {
			billed += fmt.Sprintf("%s,%s,%s,%d,D%d,%s,%s\n", numbered.Draw(r, "id"), called.Draw(r, "client"), day.Draw(r, "date"), rapid.IntRange(-9, 99).Draw(r, "amount"),
				rapid.IntRange(1, 2).Draw(r, "document"), rapid.SampledFrom([]string{"", "invoice", "oddity"}).Draw(r, "kind"), rapid.SampledFrom([]string{"", "", "D1"}).Draw(r, "corrects"))
		}
		for range rapid.IntRange(0, 12).Draw(r, "entries") {
			worked += fmt.Sprintf("%s,%s,%s,%d,dev,T%d,%s\n", numbered.Draw(r, "id"), called.Draw(r, "client"), day.Draw(r, "date"), rapid.IntRange(0, 30).Draw(r, "hours"),
				rapid.IntRange(1, 2).Draw(r, "ticket"), rapid.SampledFrom([]string{"", "own_error", "oddity"}).Draw(r, "cause"))
		}
		sources := []exports.Source{
			source(t, exports.Clients, file{"c.csv", listed}), source(t, exports.Billing, file{"b.csv", billed}), source(t, exports.SupportHours, file{"h.csv", worked}),
		}
		o := options(t)
		o.InternalNames, o.ClientsClosed = []string{"Us"}, rapid.Bool().Draw(r, "closed")
		var all []*facts.Facts
		for _, workers := range []int{1, 2, 3} {
			o.Workers = workers
			f, err := facts.Gather(t.Context(), sources, o)
			if err != nil {
				r.Skip(err) // of the clients file
			}
			all = append(all, f)
		}
		for _, f := range all[1:] {
			if diff := cmp.Diff(all[0], f, cmpopts.IgnoreFields(facts.Facts{}, "Findings")); diff != "" {
				r.Fatalf("-after +beside:\n%s", diff)
			}
			if diff := cmp.Diff(found(all[0]), found(f)); diff != "" {
				r.Fatalf("-after +beside:\n%s", diff)
			}
		}
	})
}

// Where both billing and support hours cannot be read, it is always billing that is
// complained about.
func TestBillingFailsFirst(t *testing.T) {
	sources := []exports.Source{
		source(t, exports.Clients, file{"clients.csv", "client_id,client\n1,A\n"}),
		source(t, exports.Billing, file{"billing.csv", "client,date,amount,currency\n" + strings.Repeat("A,2026-01-05,1,EUR\n", 50_000) + "A,2026-01-05,1,USD\n"}),
		source(t, exports.SupportHours, file{"support.csv", "client,date,hours,role\nA,2026-01-05,x,dev\n"}),
	}
	sources[2].Columns = map[string]exports.Mapping{"hours": {Header: []string{"no such column"}}}
	for range 10 {
		_, err := facts.Gather(t.Context(), sources, options(t))
		if err == nil || !strings.Contains(err.Error(), "billing.csv:50002") {
			t.Fatalf("not of billing: %v", err)
		}
	}
}

// ticketsOf lists the tickets of clients, and how many of them are by own errors.
func ticketsOf(f *facts.Facts) (lines []string) {
	for _, c := range f.Counts {
		if c.Tickets > 0 {
			lines = append(lines, fmt.Sprintf("%s %d %s", who(f, c.Client), c.Tickets, c.OwnTickets))
		}
	}
	return lines
}
