package reports_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clientworth/pipeline/restate"
	"clientworth/reports/tables"
	"clientworth/reports/words"
)

// TestPublishedFactsTie reads the facts back and holds them against the ledger:
// nothing restates against what was just published.
func TestPublishedFactsTie(t *testing.T) {
	r := sample(t)
	var b bytes.Buffer
	must(t, tables.WriteParquet(&b, tables.FactColumns(r.Facts.Currency), tables.Facts(r)))
	lines, err := tables.ReadFacts(bytes.NewReader(b.Bytes()))
	must(t, err)
	var revenue, cost int64
	for _, l := range lines {
		if l.Component == "revenue" || l.Component == "credit" {
			revenue += int64(l.Amount)
		} else if l.Client != restate.InternalID {
			cost += int64(l.Amount)
		}
	}
	ledger := r.Costs.Ledger
	if revenue != int64(ledger.BillingUsed) || cost != int64(ledger.Clients+ledger.Unmapped) {
		t.Errorf("revenue %d of %d, cost %d of %d", revenue, ledger.BillingUsed, cost, ledger.Clients+ledger.Unmapped)
	}
	seen := map[string]bool{}
	for _, l := range lines {
		key := strings.Join([]string{l.Month.String(), string(l.Client), l.Component, l.Item, l.Source}, "|")
		if seen[key] {
			t.Errorf("two rows of %s", key)
		}
		seen[key] = true
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
