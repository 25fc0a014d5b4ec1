package facts_test

import (
	"fmt"
	"testing"

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

// Unknown names that differ by a legal form have one document of a number.
func TestDocumentsOfUnknownSpellings(t *testing.T) {
	o := options(t)
	o.ClientsClosed = true
	f := gather(t, []exports.Source{
		source(t, exports.Clients, file{"clients.csv", "client_id,client\n1,Beta\n"}),
		source(t, exports.Billing, file{"billing.csv", "client,date,amount,document\nAcme GmbH,2026-01-05,1,X1\nAcme,2026-01-05,1,X1\nOther,2026-01-05,1,X1\n"}),
	}, o)
	same(t, "documents", documents(f), "unmapped 2026-01 2")
}
