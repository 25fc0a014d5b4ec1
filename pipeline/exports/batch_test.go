package exports

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file of many segments: what a row said must stay when later batches reuse
// the memory of its own.
func TestTextOutlivesItsBatch(t *testing.T) {
	const rows = 30_000
	dir := t.TempDir()
	var file strings.Builder
	file.WriteString("client_id,client,aliases\n")
	for i := range rows {
		fmt.Fprintf(&file, "C%06d,Client number %d,alias %d|other %d\n", i, i, i, i)
	}
	if err := os.WriteFile(filepath.Join(dir, "clients.csv"), []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := Open(context.Background(), Source{Input: Clients, Label: "clients.csv", Folder: dir, Files: []string{"clients.csv"}})
	if err != nil {
		t.Fatal(err)
	}
	var kept [][3]string
	if _, err := e.Each(context.Background(), func(r Row) error {
		kept = append(kept, [3]string{r.Text("client_id"), r.Text("client"), r.Text("aliases")})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(kept) != rows {
		t.Fatalf("%d rows came", len(kept))
	}
	for i, got := range kept {
		if want := [3]string{fmt.Sprintf("C%06d", i), fmt.Sprintf("Client number %d", i), fmt.Sprintf("alias %d|other %d", i, i)}; got != want {
			t.Fatalf("row %d became %q", i, got)
		}
	}
}
