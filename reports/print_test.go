package reports_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"clientworth/reports/words"
)

// printed is the text of a workbook as LibreOffice prints it.
func printed(t *testing.T, p parts) string {
	t.Helper()
	for _, program := range []string{"soffice", "pdftotext"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed: what is printed is not looked at", program)
		}
	}
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "book.xlsx"), p.zipped(t), 0o600))
	cmd := exec.Command("soffice", "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "pdf", "--outdir", dir, filepath.Join(dir, "book.xlsx"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := exec.Command("pdftotext", filepath.Join(dir, "book.pdf"), "-").Output()
	must(t, err)
	return string(text)
}

// printsHelpers returns what formulas and charts alone need, where it is printed.
func printsHelpers(t *testing.T, l words.Language, text string) (all []string) {
	t.Helper()
	w, err := words.In(l, sample(t).Facts.Currency)
	must(t, err)
	for _, key := range []words.Key{"checks.some fail", "checks.not run", "input.mark", "quadrant.from", "waterfall.base"} {
		if word := w.Say(key); slices.Contains(strings.Split(text, "\n"), word) {
			all = append(all, word)
		}
	}
	if last := w.Say("own.labour"); l == words.English && !strings.Contains(text, last) {
		t.Errorf("the last check, %q, is not printed", last)
	}
	return all
}

// TestNumbersFitTheirColumns prints the report: a number wider than its column
// shows as ###. Nor is anything printed that only formulas and charts need.
func TestNumbersFitTheirColumns(t *testing.T) {
	for _, l := range words.Languages() {
		p := unzip(t, written(t, l)+workbookName)
		text := printed(t, p)
		if strings.Contains(text, "###") {
			t.Errorf("%s: a number does not fit its column", l)
		}
		if all := printsHelpers(t, l, text); all != nil {
			t.Errorf("%s: printed are %q", l, all)
		}
		if pages, sheets := strings.Count(text, "\f"), len(p.pages(t)); pages < sheets || pages > 3*sheets {
			t.Errorf("%s: %d sheets take %d pages", l, sheets, pages)
		}
	}
	p := unzip(t, written(t, words.English)+workbookName)
	part := p.pages(t)[1].part
	narrow := p.with(t, part, matched(t, p[part], `<cols>.*</cols>`), regexp.MustCompile(` width="[0-9.]+"`).ReplaceAllString(matched(t, p[part], `<cols>.*</cols>`), ` width="3"`))
	if !strings.Contains(printed(t, narrow), "###") {
		t.Error("columns too narrow for their numbers were not seen")
	}
}
