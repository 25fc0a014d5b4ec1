package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// A header that is not UTF-8 is read in the encoding in which its words are known,
// and the report's currency is what it names. Where only names are not UTF-8, the
// encoding is left to the reader.
func TestInitTellsTheEncoding(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"sales.csv":   "Дата;Номер;Контрагент;Сумма без НДС, KZT\n04.01.2026;1;ТОО «Бирлик»;1\u00a0540,50\n",
		"hours.csv":   "Дата;Клиент;Часы\n05.01.2026;ТОО «Бирлик»;2,50\n",
		"clients.csv": "client_id;client\n1;ТОО «Бирлик»\n",
		"strange.csv": "Поле;Знак\nа;б\n",
	} {
		coded, err := charmap.Windows1251.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), coded)
	}
	var args = []string{"init", "--config", filepath.Join(dir, "c.yaml")}
	for _, name := range []string{"sales.csv", "hours.csv", "clients.csv", "strange.csv"} {
		args = append(args, filepath.Join(dir, name))
	}
	var said strings.Builder
	if status := run(args, strings.NewReader(""), &said, io.Discard); status != 0 {
		t.Fatalf("init ended with status %d", status)
	}
	written, err := os.ReadFile(filepath.Join(dir, "c.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"currency: KZT ",
		"  - path: sales.csv\n    encoding: windows-1251\n",
		"      amount: \"Сумма без НДС, KZT\"\n",
		"  - path: hours.csv\n    encoding: windows-1251\n",
		"  - path: clients.csv\n    encoding: \"?\"",
	} {
		if !strings.Contains(string(written), want) {
			t.Errorf("no %q in\n%s", want, written)
		}
	}
	if want := "not recognised; it is not UTF-8"; !strings.Contains(said.String(), want) || strings.Contains(said.String(), "\ufffd") {
		t.Errorf("init says %q", said.String())
	}
}

// Each sheet of a workbook that is known is an export of its own; notes beside them, and
// a hidden sheet, are none.
func TestInitTellsSheetsApart(t *testing.T) {
	dir := t.TempDir()
	hours := line(1, "client", "date", "hours", "role") + line(2, "Acme", "2026-10-05", "=><v>2</v>", "support")
	sheets := func(more string, members ...member) string {
		return book(t, sheetOf(soundRows...), append(members, member{name: "xl/workbook.xml", body: `<workbook xmlns:r="r"><sheets>` +
			`<sheet name="Data" r:id="s"/><sheet name="Old" state="hidden" r:id="s"/>` + more + `</sheets></workbook>`})...)
	}
	write(t, filepath.Join(dir, "all.xlsx"), sheets(`<sheet name="Work" r:id="h"/>`, member{name: "xl/h.xml", body: "<worksheet><sheetData>" + hours + "</sheetData></worksheet>"}))
	write(t, filepath.Join(dir, "noted.xlsx"), sheets(`<sheet name="Notes" r:id="h"/>`, member{name: "xl/h.xml", body: "<worksheet><sheetData>" + line(1, "made by hand") + "</sheetData></worksheet>"}))
	for name, want := range map[string]string{
		"all.xlsx":   "billing:\n  - path: all.xlsx\n    sheet: Data\n\nsupport_hours:\n  - path: all.xlsx\n    sheet: Work\n",
		"noted.xlsx": "billing:\n  - path: noted.xlsx\n    sheet: Data\n\nsupport_hours:\n  - path: \"?\"",
	} {
		out := filepath.Join(dir, name+".yaml")
		if status := run([]string{"init", "--config", out, filepath.Join(dir, name)}, strings.NewReader(""), io.Discard, io.Discard); status != 0 {
			t.Fatalf("init ended with status %d", status)
		}
		written, err := os.ReadFile(out)
		if err != nil || !strings.Contains(string(written), want) {
			t.Errorf("no %q in\n%s", want, written)
		}
	}
}
