package reports_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/worth"
	"clientworth/reports"
	"clientworth/reports/words"
)

// TestWhatIf types other inputs into the What-if sheet and holds what a
// spreadsheet makes of them against the function that answers on the terminal.
func TestWhatIf(t *testing.T) {
	r := sample(t)
	for i, paid := range []money.Amount{0, -5000} { // nothing that could be raised
		w := &r.Worth.Clients[r.Worth.Order[i]]
		w.AvoidableMargin += paid - w.Revenue
		w.Margin += paid - w.Revenue
		w.Revenue = paid
	}
	r.Worth.Clients[r.Worth.Order[2]].Target = 300_000 // a segment's own, that a typed one replaces, be it the company's
	dir := t.TempDir()
	must(t, reports.Write(t.Context(), dir, r, optionsIn(words.English)))
	p := unzip(t, dir+workbookName)
	for _, s := range []worth.Scenario{
		{Target: measure.Some(r.Target), Uplift: 80_000, Leaving: 100_000},
		{Labour: 55_000, Avoidable: [3]measure.Opt[measure.Share]{measure.Some(measure.Share(900_000)), measure.Some(measure.Share(500_000)), measure.Some(measure.Share(100_000))}},
		{Uplift: -30_000, Labour: -120_000, Leaving: 330_000},
	} {
		changed := p
		sheet, row := "", 0
		for _, pg := range p.pages(t) {
			if pg.name == "What if" {
				sheet = pg.part
				for i := range pg.cells {
					if pg.cells[i].text() == "Target margin" && pg.cells[i].col == 1 {
						row = pg.cells[i].row
					}
				}
			}
		}
		type input struct {
			set   bool
			value measure.Share
		}
		for i, in := range []input{
			{s.Target.Known, s.Target.Value}, {true, s.Uplift}, {true, s.Labour}, {s.Avoidable[0].Known, s.Avoidable[0].Value},
			{s.Avoidable[1].Known, s.Avoidable[1].Value}, {s.Avoidable[2].Known, s.Avoidable[2].Value}, {true, s.Leaving},
		} {
			if in.set {
				changed = changed.typed(t, sheet, fmt.Sprintf("B%d", row+i), in.value.Float())
			}
		}
		compareScenario(t, recalculated(t, changed), s, r.Worth.Clients)
	}
}

// typed returns the parts with a number in a cell.
func (p parts) typed(t *testing.T, part, ref string, value float64) parts {
	t.Helper()
	cell := matched(t, p[part], `<c r="`+ref+`" s="[0-9]+"(/>|><v>[^<]*</v></c>)`)
	style := matched(t, cell, ` s="[0-9]+"`)
	return p.with(t, part, cell, fmt.Sprintf(`<c r="%s"%s><v>%v</v></c>`, ref, style, value))
}

// recalculated returns a workbook as LibreOffice computes it anew.
func recalculated(t *testing.T, p parts) parts {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not installed: the What-if sheet is not recalculated")
	}
	dir := t.TempDir()
	profile := filepath.Join(dir, "profile", "user")
	must(t, os.MkdirAll(profile, 0o755))
	must(t, os.WriteFile(filepath.Join(profile, "registrymodifications.xcu"), []byte(always), 0o644))
	must(t, os.WriteFile(filepath.Join(dir, "book.xlsx"), p.zipped(t), 0o644))
	cmd := exec.Command(office, "-env:UserInstallation=file://"+filepath.Dir(profile), "--headless",
		"--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", filepath.Join(dir, "again"), filepath.Join(dir, "book.xlsx"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return unzip(t, filepath.Join(dir, "again", "book.xlsx"))
}

func compareScenario(t *testing.T, p parts, s worth.Scenario, all []worth.Client) {
	t.Helper()
	for _, pg := range p.pages(t) {
		if pg.name != "What if" {
			continue
		}
		head := map[string]int{}
		at := 0
		for i := range pg.cells {
			if c := &pg.cells[i]; c.text() == "New revenue" {
				at = c.row
			}
		}
		for i := range pg.cells {
			if c := &pg.cells[i]; c.row == at {
				head[c.text()] = c.col
			}
		}
		rows, without := 0, 0
		totals := map[string]int64{}
		for row := at + 1; pg.at[ref(head["Position"], row)] != nil; row++ {
			rows++
			i := clientOf(t, pg, row, head, all)
			got, err := worth.Materiality{}.WhatIf(&all[i], s)
			must(t, err)
			for name, want := range map[string]int64{
				"New revenue": int64(got.Revenue), "New margin": int64(got.Margin), "New fair price": int64(got.FairPrice), "New gap": int64(got.Gap),
				"New shortfall": int64(got.Shortfall), "New avoidable margin": int64(got.AvoidableMargin), "Expected effect of asking": int64(got.Expected.Value),
			} {
				totals[name] += want
				if name == "Expected effect of asking" && !got.Expected.Known {
					without++
					if cell := pg.at[ref(head[name], row)].text(); cell != "-" {
						t.Errorf("%+v: client %d: %s: the sheet says %s, the function nothing", s, i, name, cell)
					}
					continue
				}
				if cell := pg.at[ref(head[name], row)].text(); !same(cell, strconv.FormatFloat(float64(want)/100, 'f', 2, 64)) {
					t.Errorf("%+v: client %d: %s: the sheet says %s, the function %d", s, i, name, cell, want)
				}
			}
			verdict := pg.at[ref(head["Verdict"], row)].text()
			if len(verdict) < 14 || verdict[:13] != "as published:" {
				t.Errorf("the verdict %q is not marked as published", verdict)
			}
		}
		delete(totals, "New gap") // of which there is no sum
		for name, want := range totals {
			if cell := pg.at[ref(head[name], at-1)].text(); !same(cell, strconv.FormatFloat(float64(want)/100, 'f', 2, 64)) {
				t.Errorf("%+v: all clients: %s: the sheet says %s, the function %d", s, name, cell, want)
			}
		}
		if rows < 20 || s.Uplift != 0 && without != 2 {
			t.Errorf("%d rows were compared, %d of them without a price to raise", rows, without)
		}
	}
}

// clientOf finds whose row it is by figures that no scenario changes.
func clientOf(t *testing.T, pg *page, row int, head map[string]int, all []worth.Client) int {
	t.Helper()
	for i := range all {
		if same(pg.at[ref(head["Cost to serve"], row)].text(), strconv.FormatFloat(float64(all[i].Cost)/100, 'f', 2, 64)) &&
			same(pg.at[ref(head["Revenue"], row)].text(), strconv.FormatFloat(float64(all[i].Revenue)/100, 'f', 2, 64)) {
			return i
		}
	}
	t.Fatalf("row %d is no client's", row)
	return 0
}
