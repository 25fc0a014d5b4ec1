package facts_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/period"
)

// TestGeneratedCompany compares facts with what the generator of the benchmark's
// files counted while it wrote them: revenue, hours and entries of each client
// and month, and what the reference job makes of them.
func TestGeneratedCompany(t *testing.T) {
	folder := os.Getenv("CLIENTWORTH_BENCH")
	if folder == "" {
		t.Skip("CLIENTWORTH_BENCH is not set: the generated company is not compared")
	}
	var want map[string]any
	text, err := os.ReadFile(filepath.Join(folder, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	t.Run("CSV", func(t *testing.T) { compareGenerated(t, generated(folder), want) })
	t.Run("Parquet", func(t *testing.T) {
		sources := generated(folder)
		for i, file := range map[int]string{1: "billing.parquet", 2: "support_hours.parquet"} {
			if _, err := os.Stat(filepath.Join(folder, file)); err != nil {
				t.Skip(file + " is not there")
			}
			sources[i].Files = []string{file}
		}
		compareGenerated(t, sources, want)
	})
}

func compareGenerated(t *testing.T, sources []exports.Source, want map[string]any) {
	f := gather(t, sources, facts.Options{
		Currency: currency(t, "EUR"), Window: period.Window{First: month(t, "2024-01"), Last: month(t, "2025-12")},
		ByDocument: true, Workers: runtime.NumCPU(),
	})
	balanced(t, f)
	months := reference(t, f)
	h := sha256.New()
	for _, line := range months {
		h.Write([]byte(line))
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != want["sha256_client_month"] {
		t.Errorf("client and month: %s, want %s; first lines:\n%s", got, want["sha256_client_month"], strings.Join(months[:min(5, len(months))], ""))
	}
	var lines, entries, unmapped int64
	for _, r := range f.Revenue {
		lines += r.Lines
	}
	for _, w := range f.Work {
		entries += w.Entries
		if w.Client == clients.Unmapped {
			unmapped += w.Entries
		}
	}
	for name, got := range map[string]int64{"billing_lines": lines, "support_lines": entries, "unmatched_entries": unmapped} {
		if float64(got) != want[name] {
			t.Errorf("%s: %d, want %v", name, got, want[name])
		}
	}
}

func generated(folder string) []exports.Source {
	header := func(s string) exports.Mapping { return exports.Mapping{Header: []string{s}} }
	source := func(in exports.Input, file string, columns ...string) exports.Source {
		s := exports.Source{Input: in, Label: file, Folder: folder, Files: []string{file}}
		for _, c := range columns {
			if s.Columns == nil {
				s.Columns = map[string]exports.Mapping{}
			}
			name, from, _ := strings.Cut(c, "=")
			s.Columns[name] = header(from)
		}
		return s
	}
	return []exports.Source{
		source(exports.Clients, "clients.csv", "client_id=client_id", "client=name", "aliases=aliases", "segment=segment", "contract_end=contract_end", "notice_days=notice_days"),
		source(exports.Billing, "billing.csv", "document=invoice_id", "line=line_id", "client_id=client_id", "date=invoice_date", "product=product",
			"amount=net_amount", "tax=tax_amount", "currency=currency", "kind=doc_type"),
		source(exports.SupportHours, "support_hours.csv", "entry=entry_id", "ticket=ticket_id", "client=client_name", "date=work_date", "agent=agent",
			"role=role", "activity=activity", "hours=hours", "cause=cause"),
		source(exports.Rates, "rates.csv"),
		source(exports.Pools, "pools.csv"),
	}
}

// reference is the benchmark's reference job from hours on, in cents and
// hundredths of an hour: a line for each client and month, in order.
func reference(t *testing.T, f *facts.Facts) []string {
	type cell struct {
		client clients.Ref
		month  period.Month
	}
	type sum struct {
		revenue, hours, entries, cents int64
	}
	cells := map[cell]*sum{}
	at := func(c clients.Ref, m period.Month) *sum {
		k := cell{c, m}
		if cells[k] == nil {
			cells[k] = &sum{}
		}
		return cells[k]
	}
	for _, r := range f.Revenue {
		if r.Client >= 0 {
			a, err := f.Currency.Round(r.Amount)
			if err != nil {
				t.Fatal(err)
			}
			at(r.Client, r.Month).revenue += int64(a)
		}
	}
	total := map[period.Month]int64{}
	for _, w := range f.Work {
		if w.Client < 0 {
			continue
		}
		s := at(w.Client, w.Month)
		h := int64(w.Hours) / 10_000
		s.hours += h
		s.entries += w.Entries
		s.cents += h * rateOn(t, f, w.Role, w.Month)
		total[w.Month] += h
	}
	pools := map[period.Month]int64{}
	for _, p := range f.PoolCosts {
		a, _ := f.Currency.Round(p.Amount)
		pools[p.Month] += int64(a)
	}
	var lines []string
	for k, s := range cells {
		h := total[k.month]
		lines = append(lines, fmt.Sprintf("%s,%s,%d,%d,%d,%d,%d\n", f.Clients[k.client].ID, k.month, s.revenue, s.hours, s.entries,
			(s.cents+50)/100, (2*pools[k.month]*s.hours+h)/(2*h)))
	}
	slices.Sort(lines)
	return lines
}

func rateOn(t *testing.T, f *facts.Facts, role facts.Role, m period.Month) int64 {
	var cents int64
	for _, r := range f.Rates {
		if r.Role == role && r.ValidFrom <= m.First() {
			a, err := f.Currency.Round(r.Hourly.Value)
			if err != nil {
				t.Fatal(err)
			}
			cents = int64(a)
		}
	}
	return cents
}
