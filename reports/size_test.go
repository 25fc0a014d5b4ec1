package reports_test

import (
	"bytes"
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"clientworth/pipeline/finding"
	"clientworth/reports/tables"
	"clientworth/reports/words"
	"clientworth/reports/workbook"
)

func sum(b []byte) [32]byte { return sha256.Sum256(b) }

// TestMemoryDoesNotGrowWithCells writes a workbook of many clients and looks at
// the heap while its rows go out: what is held is what the result holds.
func TestMemoryDoesNotGrowWithCells(t *testing.T) {
	if testing.Short() {
		t.Skip("short: thousands of clients are not written")
	}
	// Both are enough to keep all jobs busy: what these hold is no growth. What the
	// jobs allocate between collecting and looking only adds: one look of three
	// that sees no growth is enough.
	for look := 1; ; look++ {
		few, many := heldWhileWriting(t, 1500), heldWhileWriting(t, 5000)
		perCell := (float64(many) - float64(few)) / (3500 * 150)
		if perCell <= 8 {
			return
		}
		if look == 3 {
			t.Fatalf("the heap grew by %.1f bytes for each cell: %d bytes for 1500 clients, %d for 5000", perCell, few, many)
		}
	}
}

// heldWhileWriting returns the most that is held beside the result while its
// workbook is written.
func heldWhileWriting(t *testing.T, n int) uint64 {
	t.Helper()
	r := sampleOf(t, n)
	w, err := words.In(words.English, r.Facts.Currency)
	must(t, err)
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	probe := &probe{every: 1 << 18, measure: heap}
	must(t, workbook.Write(probe, r, options(w)))
	return max(probe.most, before) - before
}

// probe is a writer that looks at the heap now and then.
type probe struct {
	every, written, next int
	most                 uint64
	measure              func() uint64
}

func (p *probe) Write(b []byte) (int, error) {
	if p.written += len(b); p.written >= p.next {
		p.most = max(p.most, p.measure())
		p.next = p.written + p.every
	}
	return len(b), nil
}

func options(w *words.Words) workbook.Options {
	return workbook.Options{Words: w, File: "clientworth.xlsx", Run: tables.Run{ID: "run-1"}, Dossiers: 5, Findings: &finding.Log{}}
}

// TestMoreClientsThanASheetHolds lets a sheet hold ten: the others are said to be
// elsewhere, and nothing else breaks.
func TestMoreClientsThanASheetHolds(t *testing.T) {
	r := sample(t)
	w, err := words.In(words.English, r.Facts.Currency)
	must(t, err)
	o := options(w)
	o.Rows = 10
	var b bytes.Buffer
	must(t, workbook.Write(&b, r, o))
	path := filepath.Join(t.TempDir(), "cut.xlsx")
	must(t, os.WriteFile(path, b.Bytes(), 0o600))
	p := unzip(t, path)
	for _, wrong := range lint(t, p) {
		t.Error(wrong)
	}
	for _, d := range recalculate(t, p) {
		t.Error(d)
	}
	note := w.Say("note.cut", 10, len(r.Worth.Order))
	for _, pg := range p.pages(t) {
		switch said := strings.HasPrefix(pg.at["A2"].text(), note); pg.name {
		case "Ranking", "Clients", "Cost breakdown", "Months":
			if !said {
				t.Errorf("%s does not say that clients are left out", pg.name)
			}
		}
	}
	if all := w.Say("checks.all pass"); p.pages(t)[0].at["A2"].text() != all {
		t.Errorf("the summary says %q", p.pages(t)[0].at["A2"].text())
	}
}

// BenchmarkWorkbook writes a workbook of a thousand clients.
func BenchmarkWorkbook(b *testing.B) {
	r := sampleOf(b, 1000)
	w, err := words.In(words.English, r.Facts.Currency)
	must(b, err)
	for b.Loop() {
		must(b, workbook.Write(io.Discard, r, options(w)))
	}
}
