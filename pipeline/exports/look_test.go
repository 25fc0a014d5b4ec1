package exports

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A header is found where rows of a sheet end before its last column, and where a
// decimal comma in every row divides it as evenly as the separator does.
func TestHeadersAreSeen(t *testing.T) {
	folder := t.TempDir()
	for _, test := range []struct {
		name, text string
		header     []string
	}{
		{"a.xlsx", string(workbookOf(t, [][]any{{"Invoices"}, {"Client", "Date", "Amount", "Note"}, {"A", "x", "y"}, {"B", "x", "y"}, {"C", "x", "y", "late"}})),
			[]string{"Client", "Date", "Amount", "Note"}},
		{"timelog.csv", "Проект;Дата;Пользователь;час(а,ов)\nA;2026-10-01;Аня;12,50\nB;2026-10-02;Аня;0,25\n", []string{"Проект", "Дата", "Пользователь", "час(а,ов)"}},
	} {
		if err := os.WriteFile(filepath.Join(folder, test.name), []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if l, err := LookAt(folder, test.name, "", ""); err != nil || !slices.Equal(l.Header, test.header) {
			t.Errorf("%s: %+v, %v", test.name, l, err)
		}
	}
}
