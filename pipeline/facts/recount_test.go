package facts_test

import (
	"fmt"
	"testing"

	"clientworth/pipeline/exports"
)

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
	var lines []string
	for _, c := range f.Counts {
		lines = append(lines, fmt.Sprintf("%s %d", who(f, c.Client), c.Documents))
	}
	same(t, "documents", lines, "unmapped 1\n1 2\n2 1")
}
