package reports_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/period"
	"clientworth/pipeline/restate"
	"clientworth/pipeline/worth"
	"clientworth/reports/tables"
	"clientworth/reports/words"
)

// publishedFacts are the facts as a later report reads them.
func publishedFacts(t *testing.T, r *pipeline.Result) (*restate.Words, restate.Lines) {
	t.Helper()
	var b bytes.Buffer
	must(t, tables.WriteParquet(&b, tables.FactColumns(r.Facts.Currency), tables.Facts(r)))
	all := restate.NewWords()
	published, err := tables.ReadFacts(bytes.NewReader(b.Bytes()), all)
	must(t, err)
	return all, published
}

// TestPublishedFactsTie reads the facts back and holds them against the ledger:
// nothing restates against what was just published.
func TestPublishedFactsTie(t *testing.T) {
	r := sample(t)
	all, published := publishedFacts(t, r)
	var revenue, cost int64
	type key struct {
		month                period.Month
		client, item, source restate.Word
		component            restate.Component
	}
	seen := map[key]bool{}
	for at := range r.Facts.Window.Len() {
		m := r.Facts.Window.At(at)
		for _, l := range published(m) {
			if l.Component == restate.Revenue || l.Component == restate.Credit {
				revenue += int64(l.Amount)
			} else if all.Say(l.Client) != string(clients.InternalID) {
				cost += int64(l.Amount)
			}
			k := key{m, l.Client, l.Item, l.Source, l.Component}
			if seen[k] {
				t.Errorf("two rows of %s, %s, %s", m, all.Say(l.Client), all.Say(l.Item))
			}
			seen[k] = true
		}
	}
	ledger := r.Costs.Ledger
	if revenue != int64(ledger.BillingUsed) || cost != int64(ledger.Clients+ledger.Unmapped) {
		t.Errorf("revenue %d of %d, cost %d of %d", revenue, ledger.BillingUsed, cost, ledger.Clients+ledger.Unmapped)
	}
}

// TestPublishedNamesStandOnce joins the roles of few people, whose rows come from
// several sources and names in turn: a row lists each name of the client once.
func TestPublishedNamesStandOnce(t *testing.T) {
	f := madeUp(3)
	f.Accounts = []facts.AccountName{{Source: "billing.csv", Name: "as billed"}, {Source: "hours.csv", Name: "one"}, {Source: "hours.csv", Name: "two"}, {Source: "more.csv", Name: "one"}}
	var work []facts.Work
	for _, w := range f.Work {
		for _, account := range [][]facts.Account{{1, 3}, {2}, {1, 2, 3}}[w.Role] {
			w.Account = account
			work = append(work, w)
		}
	}
	f.Work = work
	r := resultOf(t, f, worth.Defaults())
	found := 0
	for row := range tables.Facts(r) {
		if row[4].Text != facts.OtherRoles || row[5].Text != "hours.csv" {
			continue
		}
		if found++; row[6].Text != "one; two" {
			t.Fatalf("%s has the names %q", row[2].Text, row[6].Text)
		}
	}
	if found == 0 {
		t.Error("no roles stand together")
	}
}

// TestNamesAreHarmless writes names that a spreadsheet would take for formulas.
func TestNamesAreHarmless(t *testing.T) {
	r := sample(t)
	w, err := words.In(words.English, r.Facts.Currency)
	must(t, err)
	var b bytes.Buffer
	must(t, tables.WriteCSV(&b, tables.ClientColumns(r.Facts.Currency), tables.Clients(r, w)))
	rows, err := csv.NewReader(&b).ReadAll()
	must(t, err)
	if len(rows) != len(r.Facts.Clients)+2 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			number := strings.Trim(cell, "-0123456789.") == ""
			if !number && strings.ContainsAny(cell[:1], "=+-@\t\r") || strings.ContainsAny(cell, "\x00\u202e") {
				t.Errorf("%s: %q", rows[0][i], cell)
			}
		}
	}
	want := strings.Split("period, currency, rank, client_id, client, parent, segment, verdict, revenue, recurring_revenue, cost_to_serve, labour_cost, pool_cost, direct_cost, own_error_cost, margin, margin_pct, fair_price, gap, shortfall, gap_low, gap_high, p_underpaying, rank_low, rank_high, stability, months_underpaying, months_observed, margin_trend, trend_p, hours, tickets, value_received, value_gap, avoidable_margin, uplift_pct, breakeven_loss_p, reasons", ", ")
	if d := cmp.Diff(want, rows[0]); d != "" {
		t.Error(d)
	}
	if last := rows[len(rows)-1]; last[3] != "_unmapped" || last[7] != "" || last[17] != "" {
		t.Errorf("the last row is %q", last)
	}
}
