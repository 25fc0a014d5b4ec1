package reports_test

import (
	"slices"
	"strings"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/verdict"
	"clientworth/reports"
	"clientworth/reports/words"
)

// TestChangesSinceTheLastReport lets last month's report say something else of some
// clients, and looks for it on the summary and in the ranking.
func TestChangesSinceTheLastReport(t *testing.T) {
	r := sample(t)
	at := map[string]clients.Ref{"new": -1, "moved": -1, "judged": -1, "same": -1}
	kinds := []string{"new", "moved", "judged", "same"}
	for _, ref := range r.Worth.Order {
		c, j := &r.Worth.Clients[ref], r.Judgement(ref)
		said := verdict.Past{Period: r.Period - 1, Client: r.Facts.Clients[ref].ID, Verdict: j.Verdict, Rank: c.Rank}
		if len(kinds) > 0 && c.Rank > 0 {
			at[kinds[0]] = ref
			switch kinds[0] {
			case "new":
				kinds = kinds[1:]
				continue
			case "moved":
				said.Rank += 30
			case "judged":
				said.Verdict = verdict.LookAfter
			}
			kinds = kinds[1:]
		}
		if j.Verdict == verdict.HasLeft {
			said.Verdict = verdict.PaysForValue
		}
		r.Before = append(r.Before, said)
	}
	r.Before = append(r.Before, verdict.Past{Period: r.Period - 1, Client: "M1", Name: "Merged & Co", Verdict: verdict.PaysForValue})
	r.Grades = []verdict.Grade{ // of one client the latest counts, of another none
		{Ref: 0, Held: measure.Some(false)}, {Ref: 0, Held: measure.Some(true)}, {Ref: 0}, {Ref: 1, Held: measure.Some(false)}, {Ref: 2},
	}
	dir := t.TempDir()
	must(t, reports.Write(t.Context(), dir, r, optionsIn(words.English)))
	p := unzip(t, dir+workbookName)
	for _, wrong := range lint(t, p) {
		t.Error(wrong)
	}
	w, err := words.In(words.English, r.Facts.Currency)
	must(t, err)
	name := func(kind string) string { return words.Plain(r.Facts.Clients[at[kind]].Name) }
	var summary []string
	since := map[string]string{}
	for _, pg := range p.pages(t) {
		for i := range pg.cells {
			c := &pg.cells[i]
			switch {
			case pg.name == "Summary" && c.col == 1:
				summary = append(summary, c.text())
			case pg.name == "Ranking" && pg.at[ref(c.col, 5)] != nil && pg.at[ref(c.col, 5)].text() == w.Say("col.since"):
				since[pg.at[ref(2, c.row)].text()] = c.text()
			}
		}
	}
	for kind, want := range map[string]string{
		"new": "new", "moved": w.Say("since.rank", r.Worth.Clients[at["moved"]].Rank+30), "judged": "was: Look after", "same": "as before",
	} {
		if got := since[name(kind)]; got != want {
			t.Errorf("%s: the ranking says %q, not %q", kind, got, want)
		}
	}
	for _, want := range []string{
		"What changed since the report of 2026-09", "Our earlier verdicts on 2 clients can be held against the months since, which agree on 1.",
		"New: " + name("new") + ".",
		w.Say("changes.verdict", name("judged"), w.Verdict(r.Judgement(at["judged"]).Verdict), "Look after"),
	} {
		if !slices.Contains(summary, want) {
			t.Errorf("the summary does not say %q", want)
		}
	}
	if !slices.ContainsFunc(summary, func(s string) bool { return strings.HasPrefix(s, "Gone: ") && strings.HasSuffix(s, ", Merged & Co.") }) {
		t.Error("the summary does not say who is gone")
	}
}
