package facts_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// TestRealCase gathers a retailer's invoices and a software house's support
// hours, and compares them with figures that were worked out apart.
func TestRealCase(t *testing.T) {
	folder := os.Getenv("CLIENTWORTH_REAL")
	if folder == "" {
		t.Skip("CLIENTWORTH_REAL is not set: the real case is not compared")
	}
	f := gather(t, realSources(t, folder), facts.Options{
		Currency: currency(t, "GBP"), Window: period.Window{First: month(t, "2011-01"), Last: month(t, "2011-03")}, Workers: 2,
	})

	type totals struct{ clients, unmapped, credits, hours string }
	got := map[string]totals{}
	for m := f.Window.First; m <= f.Window.Last; m++ {
		var known, none, credits money.Exact
		for _, r := range f.Revenue {
			if r.Month != m {
				continue
			}
			if r.Client >= 0 {
				known = known.Add(r.Amount)
			} else {
				none = none.Add(r.Amount)
			}
			if r.Credit && strings.HasPrefix(r.Amount.String(), "-") {
				credits = credits.Add(r.Amount)
			}
		}
		var hours measure.Hours
		for _, w := range f.Work {
			if w.Month == m {
				hours += w.Hours
			}
		}
		got[m.String()] = totals{known.Fixed(2), none.Fixed(2), credits.Fixed(2), hours.String()}
	}
	// The control totals come with the case.
	want := map[string]totals{
		"2011-01": {"475074.38", "84925.88", "-131364.30", "483.05"},
		"2011-02": {"436546.15", "61516.50", "-25569.24", "256.34"},
		"2011-03": {"579964.61", "103302.47", "-34372.28", "205.81"},
	}
	for m, w := range want {
		if got[m] != w {
			t.Errorf("%s: got %v, want %v", m, got[m], w)
		}
	}
	compareClients(t, f, filepath.Join(folder, "expected-clients.csv"))
	balanced(t, f)
}

func realSources(t *testing.T, folder string) []exports.Source {
	files, err := filepath.Glob(filepath.Join(folder, "billing", "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no billing in %s: %v", folder, err)
	}
	for i := range files {
		files[i], _ = filepath.Rel(folder, files[i])
	}
	header := func(s string) exports.Mapping { return exports.Mapping{Header: []string{s}} }
	return []exports.Source{
		{Input: exports.Clients, Label: "clients.csv", Folder: folder, Files: []string{"clients.csv"}},
		{Input: exports.Billing, Label: "billing/*.csv", Folder: folder, Files: files, Dates: "yyyy-mm-dd hh:mm:ss", Decimal: ".",
			Columns: map[string]exports.Mapping{
				"document": header("InvoiceNo"), "date": header("InvoiceDate"), "client_id": header("CustomerID"),
				"product": header("StockCode"), "quantity": header("Quantity"), "amount": {Multiply: [2]string{"Quantity", "UnitPrice"}},
			}},
		{Input: exports.SupportHours, Label: "support-hours.csv", Folder: folder, Files: []string{"support-hours.csv"},
			Encoding: "windows-1252", Dates: "dd-mmm-yy", Decimal: ".",
			Columns: map[string]exports.Mapping{
				"client": header("ProjectCode"), "date": header("CompletedOn"), "hours": header("DeveloperHoursActual"),
				"ticket": header("TaskNumber"), "activity": header("SubCategory"), "role": {Value: "developer"},
			}},
		inline(exports.Rates, map[string]string{"role": "developer", "hourly_cost": "60.00"}),
	}
}

// compareClients compares revenue and hours of each client with a table.
func compareClients(t *testing.T, f *facts.Facts, path string) {
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	revenue := map[clients.ID]money.Exact{}
	for _, r := range f.Revenue {
		if r.Client >= 0 {
			id := f.Clients[r.Client].ID
			revenue[id] = revenue[id].Add(r.Amount)
		}
	}
	hours := map[clients.ID]measure.Hours{}
	for _, w := range f.Work {
		if w.Client >= 0 {
			hours[f.Clients[w.Client].ID] += w.Hours
		}
	}
	if len(f.Clients) != len(rows)-1 {
		t.Errorf("%d clients, want %d", len(f.Clients), len(rows)-1)
	}
	bad := 0
	for _, row := range rows[1:] {
		id := clients.ID(row[0])
		want, err := exact(row[2])
		rounded, rerr := f.Currency.Round(revenue[id])
		if err != nil || rerr != nil {
			t.Fatal(err, rerr)
		}
		if f.Currency.Format(rounded) != row[1] || money.Millionths(int64(hours[id])) != want {
			if bad++; bad < 10 {
				t.Errorf("client %s: revenue %s, hours %s, want %s, %s", id, f.Currency.Format(rounded), hours[id], row[1], row[2])
			}
		}
	}
}
