package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"clientworth/pipeline/period"
)

// The laws of the catalogue, held by the whole program: exports that say the same
// in another way give the same figures.

// figures runs a company's month and returns the table of its clients.
func figures(t *testing.T, dir, month string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "reports")
	var said bytes.Buffer
	status := run([]string{"run", "--config", filepath.Join(dir, "clientworth.yaml"), "--period", month, "--out", out}, nil, &said, &said)
	if status != statusDone && status != statusReservations {
		t.Fatalf("status %d: %s", status, &said)
	}
	text, err := os.ReadFile(filepath.Join(out, month, "clients-"+month+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// rewritten changes the rows of an export.
func rewritten(t *testing.T, path string, change func(header []string, rows [][]string) [][]string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	comma := ','
	if strings.Contains(path, "support") {
		comma = ';'
	}
	in := csv.NewReader(bytes.NewReader(text))
	in.Comma = comma
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	out.Comma = comma
	if err := out.WriteAll(append(rows[:1:1], change(rows[0], rows[1:])...)); err != nil {
		t.Fatal(err)
	}
	write(t, path, b.String())
}

// Faults 55 and 56: thousands of clients with equal figures stand in the order of
// their ids, whatever the order of the rows and files.
func TestFault55Fault56OrderOfRowsAndFiles(t *testing.T) {
	const clients = 5000
	var billing, hours []string
	for n := range clients {
		billing = append(billing, fmt.Sprintf("%d,c%04d,2026-10-05,100.00\n", n, n))
		hours = append(hours, fmt.Sprintf("c%04d,2026-10-06,2.00,support\n", n))
	}
	var first []byte
	for seed := range uint64(3) {
		dir := t.TempDir()
		company(t, dir)
		config, err := os.ReadFile(filepath.Join(dir, "clientworth.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "clientworth.yaml"), strings.Replace(string(config), "billing.csv", "billing", 1))
		r := rand.New(rand.NewPCG(seed, 1))
		r.Shuffle(clients, func(i, j int) { billing[i], billing[j] = billing[j], billing[i] })
		r.Shuffle(clients, func(i, j int) { hours[i], hours[j] = hours[j], hours[i] })
		if err := os.Mkdir(filepath.Join(dir, "billing"), 0o755); err != nil {
			t.Fatal(err)
		}
		cut := r.IntN(clients)
		write(t, filepath.Join(dir, "billing", "b.csv"), "document,client_id,date,amount\n"+strings.Join(billing[:cut], ""))
		write(t, filepath.Join(dir, "billing", "a.csv"), "document,client_id,date,amount\n"+strings.Join(billing[cut:], ""))
		write(t, filepath.Join(dir, "hours.csv"), "client_id,date,hours,role\n"+strings.Join(hours, ""))
		got := figures(t, dir, "2026-10")
		if first == nil {
			first = got
		}
		if !bytes.Equal(got, first) {
			t.Errorf("order %d gives another table", seed)
		}
	}
	rows, err := csv.NewReader(bytes.NewReader(first)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	id := slices.Index(rows[0], "client_id")
	for n, row := range rows[1 : clients+1] {
		if want := fmt.Sprintf("c%04d", n); row[id] != want {
			t.Fatalf("row %d is of %s, not of %s", n+1, row[id], want)
		}
	}
}

// Fault 57: an invoice line split into two changes nothing.
func TestFault57SplitLine(t *testing.T) {
	dir := sampleElsewhere(t)
	before := figures(t, dir, "2026-10")
	split := 0
	rewritten(t, filepath.Join(dir, "billing.csv"), func(header []string, rows [][]string) [][]string {
		at := func(name string) int { return slices.Index(header, name) }
		for _, row := range rows {
			if row[at("Type")] != "invoice" || row[at("Product")] != "Licence" || row[at("Currency")] != "EUR" || row[at("List price")] == "" {
				continue
			}
			more := slices.Clone(row)
			more[at("Line")] += "b"
			for name, part := range map[string]string{"Net": "100.10", "VAT": "10.00", "List price": "100.20", "Quantity": "0"} {
				more[at(name)] = part
				row[at(name)] = new(big.Rat).Sub(rational(t, row[at(name)]), rational(t, part)).FloatString(2)
			}
			rows = append(rows, more)
			split++
		}
		return rows
	})
	if split < 100 {
		t.Fatalf("only %d lines were split", split)
	}
	if !bytes.Equal(figures(t, dir, "2026-10"), before) {
		t.Error("the table of clients is another one")
	}
}

// Fault 58: with all money ten times as large, or in another currency, ranks and
// verdicts are the same, and amounts are to scale up to the cents of rounding.
func TestFault58ScaledAndRenamed(t *testing.T) {
	dir := sampleElsewhere(t)
	before := byClient(t, figures(t, dir, "2026-10"))
	for name, columns := range map[string][]string{
		"billing.csv": {"Net", "VAT", "List price"}, "rates.csv": {"monthly_cost", "hourly_cost", "list_rate"}, "pools.csv": {"amount"}, "direct-costs.csv": {"amount"},
	} {
		rewritten(t, filepath.Join(dir, name), func(header []string, rows [][]string) [][]string {
			for _, row := range rows {
				for i, column := range header {
					if slices.Contains(columns, column) && row[i] != "" {
						row[i] = new(big.Rat).Mul(rational(t, row[i]), big.NewRat(10, 1)).FloatString(2)
					}
					if column == "Currency" && row[i] == "EUR" {
						row[i] = "CHF"
					}
				}
			}
			return rows
		})
	}
	text, err := os.ReadFile(filepath.Join(dir, "clientworth.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "clientworth.yaml"), strings.Replace(string(text), "currency: EUR", "currency: CHF\nmateriality: {amount: 1000}", 1))
	after := byClient(t, figures(t, dir, "2026-10"))
	for id, was := range before {
		is := after[id]
		for _, same := range []string{"rank", "verdict", "months_underpaying", "months_observed", "hours", "tickets"} {
			if was[same] != is[same] {
				t.Errorf("%s of %s: %q was %q", same, id, is[same], was[same])
			}
		}
		for _, scaled := range []string{"revenue", "cost_to_serve", "margin", "fair_price", "gap", "shortfall"} {
			if was[scaled] == "" {
				continue
			}
			apart := new(big.Rat).Sub(rational(t, is[scaled]), new(big.Rat).Mul(rational(t, was[scaled]), big.NewRat(10, 1)))
			if apart.Abs(apart).Cmp(big.NewRat(5, 1)) > 0 {
				t.Errorf("%s of %s: %s is not ten times %s", scaled, id, is[scaled], was[scaled])
			}
		}
		if is["currency"] != "CHF" {
			t.Errorf("%s is in %s", id, is["currency"])
		}
	}
}

// Fault 80: ten times the rows of the same clients and months take about the same
// memory. How long they take is said, and held to nothing: other work may run.
func TestFault80TenTimesTheRows(t *testing.T) {
	if testing.Short() {
		t.Skip("short: hundreds of thousands of rows are not read")
	}
	program := binary(t)
	var peak [2]int64
	for i, rows := range []int{40_000, 400_000} {
		dir := t.TempDir()
		busy(t, dir, rows)
		cmd := exec.Command(program, "run", "--as-of", "2026-11-02")
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		used := cmd.ProcessState.SysUsage().(*syscall.Rusage)
		peak[i] = used.Maxrss
		t.Logf("%d rows: %d MB at most, %s of CPU", rows, used.Maxrss/1024, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	}
	if peak[1] > 2*peak[0] {
		t.Errorf("ten times the rows take %d kB of memory, and %d kB before", peak[1], peak[0])
	}
}

// busy writes a company of fifty clients with that many entries of work in a year.
func busy(t *testing.T, dir string, rows int) {
	t.Helper()
	company(t, dir)
	config, err := os.ReadFile(filepath.Join(dir, "clientworth.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "clientworth.yaml"), strings.Replace(string(config), "window_months: 1", "window_months: 12", 1))
	hours, err := os.Create(filepath.Join(dir, "hours.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer hours.Close()
	out := bufio.NewWriter(hours)
	fmt.Fprintln(out, "client,date,hours,role")
	billing := "document,client_id,client,date,amount\n"
	first := period.MonthOf(2025, 11)
	for n := range rows {
		m := first + period.Month(n*12/rows)
		fmt.Fprintf(out, "Client %d,%s,%d.%02d,support\n", n%50, m.First()+period.Day(n%m.Days()), n%8, n%100)
		if n%(rows/600) == 0 {
			billing += fmt.Sprintf("%d,%d,Client %d,%s,1000.00\n", n, n/(rows/600)%50, n/(rows/600)%50, m.First())
		}
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "billing.csv"), billing)
}
