package reports_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
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
	cloudsFit(t, book, "Clients")
	rank := map[clients.ID]int{}
	for _, p := range r.Worth.Parents {
		rank[p.ID] = p.Sum.Rank
		var revenue, gap int64
		for _, ref := range p.Members {
			revenue += int64(r.Worth.Clients[ref].Revenue)
			gap += int64(r.Worth.Clients[ref].Gap)
			want := 0 // of who has left
			if r.Worth.Clients[ref].Standing == worth.Present {
				want = p.Sum.Rank
			}
			if got := r.Worth.Clients[ref].Rank; got != want {
				t.Errorf("client %s of %s ranks %d, want %d", f.Clients[ref].ID, p.ID, got, want)
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

// cloud is a series of the summary's scatter drawn from rows of the ranking.
var cloud = regexp.MustCompile(`<tx><strRef>.{0,120}?<v>([^<]*)</v>.*&#39;Ranking&#39;!\$D\$([0-9]+):\$D\$([0-9]+)`)

// cloudsFit checks that the clients drawn as short of the fair price are, and that
// the others are not, and what the clouds are called.
func cloudsFit(t *testing.T, p parts, want ...string) {
	t.Helper()
	ranking := p.pages(t)[slices.IndexFunc(p.pages(t), func(pg *page) bool { return pg.name == "Ranking" })]
	var names []string
	for name, part := range p {
		if !regexp.MustCompile(`^xl/charts/chart[0-9]+\.xml$`).MatchString(name) {
			continue
		}
		for series := range strings.SplitSeq(part, "</ser>") {
			m := cloud.FindStringSubmatch(series)
			if m == nil {
				continue
			}
			names = append(names, m[1])
			first, _ := strconv.Atoi(m[2])
			last, _ := strconv.Atoi(m[3])
			for row := first; row <= last && m[1] != "Clients"; row++ {
				shortfall, err := strconv.ParseFloat(ranking.at["I"+strconv.Itoa(row)].Value, 64)
				if must(t, err); (shortfall > 0) != (m[1] == "Short of the fair price") {
					t.Errorf("row %d is drawn as %q, its shortfall is %v", row, m[1], shortfall)
				}
			}
		}
	}
	if !slices.Equal(names, want) {
		t.Errorf("the clouds are %q, not %q", names, want)
	}
}

// Clients in the order of their own shortfalls are drawn in two clouds.
func TestCloudsOfTheScatter(t *testing.T) {
	cloudsFit(t, unzip(t, written(t, words.English)+workbookName), "Short of the fair price", "Pays the fair price")
}
