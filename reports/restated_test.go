package reports_test

import (
	"strings"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/restate"
	"clientworth/reports"
	"clientworth/reports/words"
)

// A revision by another target margin: the summary says that the shortfall moved,
// and why, and does not deny the report before it.
func TestRevisionSaysWhatMoved(t *testing.T) {
	r := sample(t)
	all := restate.NewWords()
	at := func(target measure.Share) *restate.Report {
		return &restate.Report{Lines: restate.Known(all, r.Facts, r.Costs, costing.ByService, words.Plain), Target: func(clients.ID) measure.Share { return target }}
	}
	var err error
	r.Restatement, err = restate.Compare(r.Facts.Currency, all, at(200_000), at(200_000), at(250_000), r.Facts.Window)
	must(t, err)
	r.Restatement.Settings = []restate.Setting{{Key: "target_margin", Was: "20%", Is: "25%"}}
	r.Before = nil
	dir := t.TempDir()
	must(t, reports.Write(t.Context(), dir, r, optionsIn(words.English)))
	p := unzip(t, dir+workbookName)
	for _, w := range lint(t, p) {
		t.Error(w)
	}
	var summary, note strings.Builder
	for _, pg := range p.pages(t) {
		for i := range pg.cells {
			switch pg.name {
			case "Summary":
				summary.WriteString(pg.cells[i].text() + "\n")
			case "Restatement":
				note.WriteString(pg.cells[i].text() + "\n")
			}
		}
	}
	for _, want := range []string{"the margin of clients stays", "all shortfalls together were", "target_margin from 20% to 25%", "No report of an earlier month"} {
		if !strings.Contains(summary.String(), want) {
			t.Errorf("the summary does not say %q", want)
		}
	}
	if strings.Contains(summary.String(), "No earlier report") {
		t.Error("the summary denies the report that it compares with")
	}
	if !strings.Contains(note.String(), "Shortfall: Rules") || strings.Contains(note.String(), "Shortfall: Hours") {
		t.Error("the causes of the shortfall are not those that moved it")
	}
	for _, d := range recalculate(t, p) {
		t.Error(d)
	}
}

// TestRestatementIsShown publishes facts, changes them, and looks for the
// difference on its sheet and on the summary.
func TestRestatementIsShown(t *testing.T) {
	r := sample(t)
	all, published := publishedFacts(t, r)
	target := func(clients.ID) measure.Share { return r.Target }
	known, changed := restate.Known(all, r.Facts, r.Costs, costing.ByService, words.Plain), false
	now := &restate.Report{Target: target, Lines: func(m period.Month) []restate.Line {
		lines := known(m)
		for i := range lines {
			if l := &lines[i]; !changed && all.Say(l.Client) == "C000003" && l.Component == restate.Revenue {
				l.Amount += 100 * money.Amount(100)
				changed = true
			}
		}
		return lines
	}}
	restated, err := restate.Compare(r.Facts.Currency, all, &restate.Report{Lines: published, Target: target}, now, now, r.Facts.Window)
	must(t, err)
	r.Restatement = restated
	dir := t.TempDir()
	must(t, reports.Write(t.Context(), dir, r, optionsIn(words.English)))
	p := unzip(t, dir+workbookName)
	for _, w := range lint(t, p) {
		t.Error(w)
	}
	found := map[string]bool{}
	for _, pg := range p.pages(t) {
		for i := range pg.cells {
			text := pg.cells[i].text()
			found["summary"] = found["summary"] || pg.name == "Summary" && strings.HasPrefix(text, "What the last report said")
			found["late line"] = found["late line"] || pg.name == "Restatement" && text == "100.00" && pg.cells[i].col == 4
		}
	}
	if !found["summary"] || !found["late line"] {
		t.Errorf("not all of the restatement is shown: %v; %+v", found, r.Restatement.Clients)
	}
	if n := len(r.Restatement.Clients); n != 1 {
		t.Errorf("%d clients are restated, not 1: the published roles or names differ from those known now", n)
		for _, c := range r.Restatement.Clients {
			t.Logf("%+v", c)
		}
	}
}
