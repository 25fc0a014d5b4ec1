package main

import (
	"bytes"
	"encoding/csv"
	"math/big"
	"path/filepath"
	"testing"
	"time"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
	"clientworth/reports/trace"
)

// For clients of the sample company, and for Unmapped, the rows add up to
// the report: trace.Of refuses otherwise, and the table's amounts do, too.
func TestClientsAreExplained(t *testing.T) {
	dir := sampleElsewhere(t)
	p := &program{now: time.Now}
	j, err := p.prepare(jobFlags{config: filepath.Join(dir, "clientworth.yaml"), period: "2026-10"})
	if err != nil {
		t.Fatal(err)
	}
	result, err := j.compute(t.Context(), func(pipeline.Stage) {})
	if err != nil {
		t.Fatal(err)
	}
	for ref := clients.Unmapped; int(ref) < len(result.Facts.Clients); ref += 3 { // each reads everything again
		entries, err := facts.Trace(t.Context(), result.Options.Sources, result.Options.Facts, result.Facts, ref)
		if err != nil {
			t.Fatal(err)
		}
		laid, err := trace.Of(result, ref, entries)
		if err != nil {
			t.Error(err)
			continue
		}
		var table bytes.Buffer
		if err := laid.CSV(&table); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&table).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		sums := map[string]*big.Rat{"revenue": {}, "labour": {}, "pool": {}, "direct": {}}
		for _, row := range rows[1:] {
			if amount := row[len(row)-1]; amount != "" {
				sums[row[1]].Add(sums[row[1]], rational(t, amount))
			}
		}
		for component, want := range map[string]money.Amount{
			"revenue": trace.Total(laid.Revenue), "labour": trace.Total(laid.Labour),
			"pool": trace.Total(laid.Pools), "direct": trace.Total(laid.Direct),
		} {
			if got := sums[component].FloatString(2); got != result.Facts.Currency.Format(want) {
				t.Errorf("%s of %s: the table adds up to %s, the report has %s", component, laid.ID, got, result.Facts.Currency.Format(want))
			}
		}
	}
}
