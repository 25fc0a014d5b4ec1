package reports_test

import (
	"slices"
	"testing"

	"clientworth/pipeline/finding"
	"clientworth/pipeline/verdict"
	"clientworth/reports/words"
)

// The summary says what is in no figure, what is of no client, who crossed a red line
// although it ranks low, and that its amounts are rounded; a client's name in the
// ranking leads to its page.
func TestSummarySaysWhatIsLeftOut(t *testing.T) {
	p := unzip(t, written(t, words.English)+workbookName)
	r := sample(t)
	w, err := words.In(words.English, r.Facts.Currency)
	must(t, err)
	l, out := &r.Costs.Ledger, r.Findings().Effect(finding.SetAside)
	wanted := []string{
		w.Say("summary.set aside", int(out.Rows), "5.00", "EUR", "0.0"), w.Say("summary.whole", "EUR"),
		w.Say("summary.some unmapped", w.Hours(l.HoursUnmapped), w.Amount(l.RevenueOther), "EUR"),
	}
	red := ""
	for i := range r.Judgements {
		if j := &r.Judgements[i]; j.Verdict == verdict.Conduct {
			red = words.Plain(r.Facts.Clients[i].Name)
			wanted = append(wanted, w.Say("talk.conduct", red, w.Reason(j.Reasons[0])))
		}
	}
	var said []string
	links := map[string]bool{}
	for _, pg := range p.pages(t) {
		for i := range pg.cells {
			if pg.name == "Summary" {
				said = append(said, pg.cells[i].text())
			}
		}
		for _, m := range hyperlink.FindAllStringSubmatch(pg.xml, -1) {
			if pg.name == "Ranking" && pg.at[m[1]] != nil {
				links[pg.at[m[1]].text()] = true
			}
		}
	}
	for _, want := range wanted {
		if !slices.Contains(said, want) {
			t.Errorf("the summary does not say %q", want)
		}
	}
	if first := words.Plain(r.Facts.Clients[r.Worth.Order[0]].Name); red == "" || !links[first] {
		t.Errorf("%q has no link to its page in the ranking", first)
	}
}
