package reports_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"clientworth/pipeline"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/money"
	"clientworth/reports"
	"clientworth/reports/words"
)

// TestOwnChecksReachEverySheet makes the ledger disagree with the Clients sheet: the
// word at the top of every sheet must say so before anything is recalculated, and
// LibreOffice must agree.
func TestOwnChecksReachEverySheet(t *testing.T) {
	r := sample(t)
	r.Costs.Ledger.BillingUsed += 100
	everySheetSays(t, r, "checks.some fail")
}

// everySheetSays holds the word at the top of every sheet, and lets LibreOffice
// compute it anew.
func everySheetSays(t *testing.T, r *pipeline.Result, word words.Key) {
	t.Helper()
	dir := t.TempDir()
	must(t, reports.Write(t.Context(), dir, r, optionsIn(words.English)))
	p := unzip(t, dir+workbookName)
	w, err := words.In(words.English, r.Facts.Currency)
	must(t, err)
	for _, pg := range p.pages(t) {
		said := false
		for i := range pg.cells {
			said = said || pg.cells[i].Value == w.Say(word) && pg.cells[i].Formula != ""
		}
		if !said {
			t.Errorf("%s does not say %q", pg.name, w.Say(word))
		}
	}
	for _, d := range recalculate(t, p) {
		t.Error(d)
	}
}

// What binary fractions make of large sums is no difference, a cent is one.
func TestOwnChecksBearBinaryFractions(t *testing.T) {
	r := sample(t)
	p := unzip(t, written(t, words.English)+workbookName)
	w, err := words.In(words.English, r.Facts.Currency)
	must(t, err)
	revenue := money.Amount(0)
	part, ref := "", ""
	for _, pg := range p.pages(t) {
		for i := range pg.cells {
			if c := &pg.cells[i]; pg.name == "Clients" && c.text() == "Revenue" {
				part, ref = pg.part, fmt.Sprintf("%s%d", strings.TrimRight(c.Ref, "0123456789"), c.row+1)
				continue
			}
			if c := &pg.cells[i]; pg.part == part && c.Ref == ref {
				cents, err := strconv.ParseInt(strings.Replace(c.Value, ".", "", 1), 10, 64)
				must(t, err)
				revenue = money.Amount(cents)
			}
		}
	}
	for off, want := range map[float64]words.Key{0.000_004: "checks.all pass", 0.01: "checks.some fail"} {
		after := recalculated(t, p.typed(t, part, ref, float64(revenue)/100+off))
		for _, pg := range after.pages(t) {
			if pg.name == "Summary" && !slices.ContainsFunc(pg.cells, func(c cellXML) bool { return c.text() == w.Say(want) }) {
				t.Errorf("off by %v: the Summary does not say %q", off, w.Say(want))
			}
		}
	}
}

// A company without a name leaves no gap in the titles.
func TestTitlesWithoutACompany(t *testing.T) {
	r := sample(t)
	r.Company = ""
	dir := t.TempDir()
	must(t, reports.Write(t.Context(), dir, r, optionsIn(words.English)))
	for _, pg := range unzip(t, dir+workbookName).pages(t) {
		for i := range pg.cells {
			if strings.Contains(pg.cells[i].Value, "·  ·") {
				t.Errorf("%s: %q", pg.name, pg.cells[i].Value)
			}
		}
	}
}

// What only a chart needs stands right of what is printed of the Summary.
func TestChartsKeepTheirFiguresBeside(t *testing.T) {
	r := sample(t)
	dir := t.TempDir()
	must(t, reports.Write(t.Context(), dir, r, optionsIn(words.English)))
	found, drawn := false, false
	for _, pg := range unzip(t, dir+workbookName).pages(t) {
		for i := range pg.cells {
			drawn = drawn || pg.name == "Summary" && pg.cells[i].col == 14 && strings.Trim(pg.cells[i].text(), "0.") != "" && pg.cells[i].Type == ""
			if pg.name == "Summary" && pg.cells[i].text() == "drawn from" {
				found = true
				if pg.cells[i].col <= 8 {
					t.Errorf("%s is printed", pg.cells[i].Ref)
				}
			}
		}
	}
	if !found || !drawn {
		t.Error("the waterfall has no figures to be drawn from")
	}
}

// TestWarningsReachEverySheet has a check warn: no sheet may say that all pass.
func TestWarningsReachEverySheet(t *testing.T) {
	r := sample(t)
	r.Checks = append(r.Checks, pipeline.Check{
		Number: len(r.Checks) + 1, Name: "months of billing", A: "months without rows", B: "none", Left: 6, Bound: 6, State: pipeline.Warn,
	})
	everySheetSays(t, r, "checks.some warn")
}

// TestFindingsKeepValuesToThemselves looks for the value of a cell in every
// published file.
func TestFindingsKeepValuesToThemselves(t *testing.T) {
	const value = "Canary 4711"
	r := sample(t)
	rule := &finding.Rule{Name: "bad-amount", Effect: finding.SetAside, Sentence: "an amount cannot be read", Remedy: "set decimal: for this export"}
	r.Facts.Findings.Add(finding.Finding{Rule: rule, Place: finding.Place{File: "billing/2026.csv", Line: 7}, Detail: `"` + value + `" is not a number`})
	for _, shown := range []bool{false, true} {
		dir, o := t.TempDir(), optionsIn(words.English)
		o.Values = shown
		must(t, reports.Write(t.Context(), dir, r, o))
		files, err := os.ReadDir(dir)
		must(t, err)
		for _, f := range files {
			text := content(t, filepath.Join(dir, f.Name()))
			expected := shown && (strings.HasPrefix(f.Name(), "findings-") || strings.HasSuffix(f.Name(), ".xlsx"))
			if strings.Contains(text, value) != expected {
				t.Errorf("values shown: %t; %s has the value: %t", shown, f.Name(), !expected)
			}
			if !shown && strings.HasPrefix(f.Name(), "findings-") && !strings.Contains(text, "Xxxxxx 9999") {
				t.Errorf("%s does not show its shape", f.Name())
			}
		}
	}
}

// content is the text of a file, of a workbook that of its parts.
func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	if filepath.Ext(path) != ".xlsx" {
		return string(b)
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	must(t, err)
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		_, err = io.Copy(&all, r)
		must(t, err)
	}
	return all.String()
}
