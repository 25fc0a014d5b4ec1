package main

import (
	"bytes"
	"encoding/csv"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
	"clientworth/reports/trace"
)

// Every figure of the clients of the sample company can be followed, and of
// Unmapped: its parts add up to it, in the trace and in the table for machines.
func TestClientsAreExplained(t *testing.T) {
	explained(t, filepath.Join(sampleElsewhere(t), "clientworth.yaml"), "2026-10", 3)
}

// The same of some clients of the real case.
func TestTheRealCaseIsExplained(t *testing.T) {
	folder := os.Getenv("CLIENTWORTH_REAL")
	if folder == "" {
		t.Skip("skipped: CLIENTWORTH_REAL names no folder, so no client of the real case was explained")
	}
	explained(t, filepath.Join(folder, "clientworth.yaml"), "2011-03", 600)
}

// explained explains every n-th client, and Unmapped.
func explained(t *testing.T, config, month string, n int) {
	p := &program{now: time.Now}
	j, err := p.prepare(jobFlags{config: config, period: month})
	if err != nil {
		t.Fatal(err)
	}
	result, err := j.compute(t.Context(), func(pipeline.Stage) {})
	if err != nil {
		t.Fatal(err)
	}
	for ref := clients.Unmapped; int(ref) < len(result.Facts.Clients); ref += clients.Ref(n) {
		entries, err := facts.Trace(t.Context(), result.Options.Sources, result.Options.Facts, result.Facts, ref)
		if err != nil {
			t.Fatal(err)
		}
		laid, err := trace.Of(result, ref, entries, result.Facts.Window)
		if err != nil {
			t.Error(err)
			continue
		}
		addsUp(t, laid)
		var table, text bytes.Buffer
		if err := laid.CSV(&table); err != nil {
			t.Fatal(err)
		}
		tableAddsUp(t, laid, &table)
		if err := laid.Text(&text); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(text.String()) {
			if len([]rune(strings.TrimSuffix(line, "\n"))) > 80 {
				t.Errorf("wider than 80 columns: %s", line)
			}
		}
	}
}

// addsUp checks that the parts of each line add up to it.
func addsUp(t *testing.T, of *trace.Trace) {
	t.Helper()
	sums, parts := map[int]money.Amount{}, map[int]bool{}
	for i := len(of.Lines) - 1; i >= 0; i-- {
		l := of.Lines[i]
		if below := l.Depth + 1; parts[below] {
			if sums[below] != l.Amount {
				t.Errorf("%s: the parts of %s %q add up to %d, not %d", of.ID, l.Month, l.What, sums[below], l.Amount)
			}
			sums[below], parts[below] = 0, false
		}
		if !l.Note {
			sums[l.Depth] += l.Amount
			parts[l.Depth] = true
		}
	}
}

// tableAddsUp checks the table's components against the figures of the report.
func tableAddsUp(t *testing.T, of *trace.Trace, table *bytes.Buffer) {
	t.Helper()
	rows, err := csv.NewReader(table).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sums := map[trace.Component]*big.Rat{trace.Revenue: {}, trace.Labour: {}, trace.Pool: {}, trace.Direct: {}}
	for _, row := range rows[1:] {
		c := trace.Component(row[1])
		sums[c].Add(sums[c], rational(t, row[12]))
	}
	seen := map[trace.Component]bool{}
	for _, l := range of.Lines {
		if l.Component == trace.Result || seen[l.Component] {
			continue // the first line of a component is its total
		}
		seen[l.Component] = true
		if want := rational(t, of.Currency.Format(l.Amount)); sums[l.Component].Cmp(want) != 0 {
			t.Errorf("%s: the table has %s of %s, the report %s", of.ID, sums[l.Component].FloatString(2), l.Component, want.FloatString(2))
		}
	}
}
