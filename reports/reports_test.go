package reports_test

import (
	"os"
	"path/filepath"
	"testing"

	"clientworth/reports"
)

func TestWriteTwiceGivesTheSameBytes(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	if keep := os.Getenv("CLIENTWORTH_KEEP"); keep != "" {
		first = keep
	}
	for _, dir := range []string{first, second} {
		if err := reports.Write(dir, sample(t), optionsIn("")); err != nil {
			t.Fatal(err)
		}
	}
	files, _ := os.ReadDir(first)
	if len(files) != 6 {
		t.Errorf("%d files, not 6", len(files))
	}
	for _, f := range files {
		a, _ := os.ReadFile(filepath.Join(first, f.Name()))
		b, _ := os.ReadFile(filepath.Join(second, f.Name()))
		if string(a) != string(b) {
			t.Errorf("%s differs", f.Name())
		}
	}
}
