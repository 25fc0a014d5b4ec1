package reports_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"

	"clientworth/reports/tables"
	"clientworth/reports/words"
)

// rowsOf reads a CSV by its headings.
func rowsOf(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	must(t, err)
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	must(t, err)
	var rows []map[string]string
	for _, record := range all[1:] {
		row := map[string]string{}
		for i, v := range record {
			row[all[0][i]] = v
		}
		rows = append(rows, row)
	}
	return rows
}

// table reads the native table of a sheet by its headings, with the row below it.
func (p parts) table(t *testing.T, name string) []map[string]string {
	t.Helper()
	var rows []map[string]string
	for _, pg := range p.pages(t) {
		if pg.name != name {
			continue
		}
		tb := (&linter{t: t, parts: p}).tablesOf(pg)[0]
		for row := tb.row1 + 1; row <= tb.row2+1; row++ {
			cells := map[string]string{}
			for i, c := range tb.Columns {
				if at := pg.at[ref(tb.col1+i, row)]; at != nil {
					cells[c.Name] = at.text()
				}
			}
			rows = append(rows, cells)
		}
	}
	return rows
}

// equal compares figures to the places that both show; absent is empty or "-".
func equal(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX == nil && errY == nil {
		return x-y < 1e-6 && y-x < 1e-6
	}
	return strings.Trim(a, "-") == strings.Trim(b, "-")
}

// TestTwins holds what machines read against what people read: each figure of the
// clients, each finding and each check.
func TestTwins(t *testing.T) {
	dir := written(t, words.English)
	p := unzip(t, dir+workbookName)
	clients, onSheet := rowsOf(t, dir+"/clients-2026-10.csv"), p.table(t, "Clients")
	if len(clients) != len(onSheet) {
		t.Fatalf("%d clients in the CSV, %d on the sheet", len(clients), len(onSheet))
	}
	columns := map[string]string{
		"rank": "Rank", "client_id": "Client id", "segment": "Segment", "revenue": "Revenue", "recurring_revenue": "Recurring revenue",
		"cost_to_serve": "Cost to serve", "labour_cost": "Labour", "pool_cost": "Shared costs", "direct_cost": "Direct costs", "own_error_cost": "Own-error cost",
		"margin": "Margin", "margin_pct": "Margin %", "fair_price": "Fair price", "gap": "Gap", "shortfall": "Shortfall", "p_underpaying": "Sure it underpays",
		"stability": "Stability", "months_underpaying": "Months underpaying", "months_observed": "Months observed", "margin_trend": "Margin trend a month",
		"trend_p": "Trend p", "hours": "Hours", "tickets": "Tickets", "value_received": "Value received", "value_gap": "Value gap",
		"avoidable_margin": "Avoidable margin", "uplift_pct": "Uplift needed", "breakeven_loss_p": "Break-even risk of leaving",
	}
	for i, client := range clients {
		for column, head := range columns {
			if client["client_id"] == "_unmapped" && (column == "months_underpaying" || column == "months_observed") {
				continue
			}
			if at, ok := onSheet[i][head]; !ok && client[column] != "" || !equal(client[column], at) {
				t.Errorf("%s: %s is %q in the CSV, %q on the sheet", client["client_id"], column, client[column], onSheet[i][head])
			}
		}
	}
	findings, shown := rowsOf(t, dir+"/findings-2026-10.csv"), p.table(t, "Findings")
	for i, f := range findings {
		if f["rule"] != shown[i]["Rule"] || f["detail"] != tables.Harmless(shown[i]["Detail"]) || !equal(f["money"], shown[i]["Money held"]) {
			t.Errorf("finding %d is %v in the CSV, %v on the sheet", i, f, shown[i])
		}
	}
	text, err := os.ReadFile(dir + "/manifest-2026-10.json")
	must(t, err)
	var m tables.Manifest
	must(t, json.Unmarshal(text, &m))
	for i, at := range p.table(t, "Checks")[:len(m.Checks)] {
		c := m.Checks[i]
		if !equal(c.Left, at["Value A"]) || !equal(c.Right, at["Value B"]) || !strings.EqualFold(c.State, at["Result"]) {
			t.Errorf("check %d is %+v in the manifest, %v on the sheet", i, c, at)
		}
	}
}

// TestParquetIsTheCSV reads both tables of the clients.
func TestParquetIsTheCSV(t *testing.T) {
	dir := written(t, words.English)
	want := rowsOf(t, dir+"/clients-2026-10.csv")
	in, err := os.Open(dir + "/clients-2026-10.parquet")
	must(t, err)
	defer in.Close()
	p, err := file.NewParquetReader(in)
	must(t, err)
	r, err := pqarrow.NewFileReader(p, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	must(t, err)
	table, err := r.ReadTable(t.Context())
	must(t, err)
	defer table.Release()
	if int(table.NumRows()) != len(want) {
		t.Fatalf("%d rows, the CSV has %d", table.NumRows(), len(want))
	}
	for c := range int(table.NumCols()) {
		name, row := table.Schema().Field(c).Name, 0
		for _, chunk := range table.Column(c).Data().Chunks() {
			for i := range chunk.Len() {
				got := chunk.ValueStr(i)
				if chunk.IsNull(i) {
					got = ""
				}
				if _, text := chunk.(*array.String); text && tables.Harmless(got) != want[row][name] || !text && !equal(got, want[row][name]) {
					t.Errorf("row %d: %s is %q, the CSV has %q", row, name, got, want[row][name])
				}
				row++
			}
		}
	}
}
