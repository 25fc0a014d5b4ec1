package reports_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
	"clientworth/pipeline/worth"
	"clientworth/reports"
	"clientworth/reports/words"
)

// always makes LibreOffice recalculate every formula of a file it opens.
const always = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`

// recalculate lets LibreOffice compute a workbook anew and returns the cells
// whose formula gives another value than the one that stands beside it.
func recalculate(t *testing.T, p parts) []string {
	t.Helper()
	return differences(t, p, recalculated(t, p))
}

func differences(t *testing.T, before, after parts) []string {
	var found []string
	again := map[string]*page{}
	for _, pg := range after.pages(t) {
		again[pg.name] = pg
	}
	formulas := 0
	for _, pg := range before.pages(t) {
		for i := range pg.cells {
			c := &pg.cells[i]
			if c.Formula == "" {
				continue
			}
			formulas++
			got := ""
			if other := again[pg.name]; other != nil && other.at[c.Ref] != nil {
				got = other.at[c.Ref].text()
			}
			if !same(c.Value, got) {
				found = append(found, fmt.Sprintf("%s!%s =%s: %q became %q", pg.name, c.Ref, c.Formula, c.Value, got))
			}
		}
	}
	if formulas == 0 {
		found = append(found, "there is no formula")
	}
	return found
}

// same compares two values: numbers to nine digits, texts letter by letter.
func same(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX != nil || errY != nil {
		return a == b
	}
	return math.Abs(x-y) <= 1e-9*math.Max(1, math.Max(math.Abs(x), math.Abs(y)))
}

func TestFormulasGiveTheirValues(t *testing.T) {
	for _, l := range words.Languages() {
		for _, d := range recalculate(t, unzip(t, written(t, l)+workbookName)) {
			t.Errorf("%s: %s", l, d)
		}
	}
}

// Amounts of which binary fractions are a little less, or more, rank as they are, and
// a gap of nothing is none.
func TestRanksOfFractions(t *testing.T) {
	f := madeUp(0)
	f.PoolCosts, f.Actions, f.Incidents = nil, nil, nil
	for i, cents := range [][3]int64{{3_530_443, 3_529_378}, {6_299_956, 6_298_862}, {7_903_859, 7_902_813}, {30, 24, 20}, {70, 56, 60}} {
		ref := clients.Ref(i)
		f.Clients = append(f.Clients, madeUpClient(i+20, f.Window))
		f.Activity = append(f.Activity, facts.Activity{Client: ref, First: f.Window.First, Last: f.Window.Last, FirstBilled: f.Window.First})
		f.Revenue = append(f.Revenue,
			facts.Revenue{Client: ref, Month: f.Window.First, Amount: f.Currency.Exact(money.Amount(cents[0]))},
			facts.Revenue{Client: ref, Month: f.Window.Last, Amount: f.Currency.Exact(money.Amount(-cents[2])), Credit: true, OwnError: true})
		f.Direct = append(f.Direct, facts.Direct{Client: ref, Month: f.Window.Last, Amount: f.Currency.Exact(money.Amount(cents[1]))})
	}
	f.Work = nil
	r := resultOf(t, f, worth.Defaults())
	dir := t.TempDir()
	must(t, reports.Write(t.Context(), dir, r, optionsIn(words.English)))
	for _, d := range recalculate(t, unzip(t, dir+workbookName)) {
		t.Error(d)
	}
}

// Fault 75: a wrong value, planted beside a right formula, is found.
func TestFault75RecalculationCanFail(t *testing.T) {
	p := unzip(t, written(t, words.English)+workbookName)
	part := ""
	for _, pg := range p.pages(t) {
		if pg.name == "Ranking" {
			part = pg.part
		}
	}
	right := regexp.MustCompile(`<f>ROUND\(D6-E6,2\)</f><v>[^<]*</v>`).FindString(p[part])
	found := recalculate(t, p.with(t, part, right, "<f>ROUND(D6-E6,2)</f><v>12.34</v>"))
	if len(found) != 1 || !strings.Contains(found[0], "Ranking!F6") {
		t.Errorf("the wrong value was not found alone: %q", found)
	}
}

// TestSchema asks the Open XML SDK, where the setting names its validator.
func TestSchema(t *testing.T) {
	validator := os.Getenv("CLIENTWORTH_OOXML_VALIDATOR")
	if validator == "" {
		t.Skip("CLIENTWORTH_OOXML_VALIDATOR is not set: workbooks are not validated by schema")
	}
	for _, l := range words.Languages() {
		if out, ok := validate(t, validator, unzip(t, written(t, l)+workbookName)); !ok {
			t.Errorf("%s: %s", l, out)
		}
	}
	p := unzip(t, written(t, words.English)+workbookName)
	part := p.pages(t)[1].part
	if out, ok := validate(t, validator, p.with(t, part, "<sheetData>", "<cols></cols><sheetData>")); ok {
		t.Errorf("the validator did not see a broken workbook: %s", out)
	}
}

func validate(t *testing.T, validator string, p parts) (string, bool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.xlsx")
	must(t, os.WriteFile(path, p.zipped(t), 0o644))
	out, _ := exec.Command(validator, path).Output()
	var verdict struct {
		OK     bool  `json:"ok"`
		Errors []any `json:"errors"`
	}
	if err := json.Unmarshal(out, &verdict); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out), verdict.OK && len(verdict.Errors) == 0
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
