package reports_test

import (
	"strings"
	"testing"

	"clientworth/pipeline/verdict"
	"clientworth/reports"
	"clientworth/reports/words"
)

// A client that grows was not chosen by anybody: the summary says that it grows.
func TestGrowthIsNobodysChoice(t *testing.T) {
	for kind, want := range map[verdict.ReasonKind]string{
		verdict.Rising: "ranks 1, but its revenue rises", verdict.Excepted: "ranks 1, but is an investment that we chose",
	} {
		r := sample(t)
		for _, ref := range r.Worth.Order {
			if r.Worth.Clients[ref].Rank == 1 {
				j := r.Judgement(ref)
				j.Verdict, j.Reasons = verdict.InvestKnowingly, append(j.Reasons, verdict.Reason{Kind: kind})
			}
		}
		dir := t.TempDir()
		must(t, reports.Write(t.Context(), dir, r, optionsIn(words.English)))
		var summary strings.Builder
		for _, pg := range unzip(t, dir+workbookName).pages(t) {
			for i := range pg.cells {
				if pg.name == "Summary" {
					summary.WriteString(pg.cells[i].text() + "\n")
				}
			}
		}
		if !strings.Contains(summary.String(), want) {
			t.Errorf("the summary does not say %q", want)
		}
	}
}
