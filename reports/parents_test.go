package reports_test

import (
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/worth"
	"clientworth/reports"
	"clientworth/reports/words"
)

// Where parents are ranked, a sheet has their sums and ranks as live formulas, and
// each client stands in the ranking with its parent's rank.
func TestParentsAreRanked(t *testing.T) {
	f := madeUp(36)
	for i := range f.Clients {
		if i%3 > 0 && i < 30 {
			f.Clients[i].Parent = f.Clients[i-i%3].ID
		}
	}
	o := worth.Defaults()
	o.ByParent = true
	r := resultOf(t, f, o)
	dir := t.TempDir()
	if err := reports.Write(t.Context(), dir, r, optionsIn(words.English)); err != nil {
		t.Fatal(err)
	}
	book := unzip(t, dir+workbookName)
	for _, w := range lint(t, book) {
		t.Error(w)
	}
	rank := map[clients.ID]int{}
	for _, p := range r.Worth.Parents {
		rank[p.ID] = p.Sum.Rank
		var revenue, gap int64
		for _, ref := range p.Members {
			revenue += int64(r.Worth.Clients[ref].Revenue)
			gap += int64(r.Worth.Clients[ref].Gap)
			if got := r.Worth.Clients[ref].Rank; got != p.Sum.Rank {
				t.Errorf("client %s of %s ranks %d, its parent %d", f.Clients[ref].ID, p.ID, got, p.Sum.Rank)
			}
		}
		if int64(p.Sum.Revenue) != revenue {
			t.Errorf("%s: revenue %d, its clients have %d", p.ID, p.Sum.Revenue, revenue)
		}
		if int64(p.Sum.Gap) != gap {
			t.Errorf("%s: gap %d, its clients have %d", p.ID, p.Sum.Gap, gap)
		}
	}
	if len(rank) != 16 {
		t.Errorf("%d parents, want 16", len(rank))
	}
	for _, d := range recalculate(t, book) {
		t.Error(d)
	}
}
