package exports

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// What the decimal mark is follows from the column, as long as one number tells.
func TestDecimalMarkIsSettled(t *testing.T) {
	for text, want := range map[string]string{
		"12,50 1.234,50 7": "[12.5 1234.5 7]",
		"12.50 1,234.50 7": "[12.5 1234.5 7]",
		"12,5 7":           "[12.5 7]",
		"1,234 7,5":        "[1.234 7.5]",
		"1,234 7.5":        "[1234 7.5]",
	} {
		folder := t.TempDir()
		file := "client;date;amount\n"
		var n1, n2, n3 string
		n, _ := fmt.Sscan(text, &n1, &n2, &n3)
		for _, number := range []string{n1, n2, n3}[:n] {
			file += "A;2026-10-01;" + number + "\n"
		}
		if err := os.WriteFile(filepath.Join(folder, "a.csv"), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		var got []string
		e, err := Open(context.Background(), Source{Input: Billing, Files: []string{"a.csv"}, Folder: folder})
		if err == nil {
			_, err = e.Each(context.Background(), func(r Row) error {
				got = append(got, r.Decimal("amount").Value.String())
				return nil
			})
		}
		if fmt.Sprint(got) != want || err != nil {
			t.Errorf("%s: got %v (%v), want %s", text, got, err, want)
		}
	}
}
