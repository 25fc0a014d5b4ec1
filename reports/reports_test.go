package reports_test

import (
	"context"
	"errors"
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
		if err := reports.Write(t.Context(), dir, sample(t), optionsIn("")); err != nil {
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

// TestWritingStopsWithItsContext ends the context once the first bytes are on the
// disk: no manifest may appear, and the reason must come back.
func TestWritingStopsWithItsContext(t *testing.T) {
	dir, r := t.TempDir(), sampleOf(t, 1000)
	ctx, end := context.WithCancelCause(t.Context())
	reason, written := errors.New("enough"), make(chan error, 1)
	go func() { written <- reports.Write(ctx, dir, r, optionsIn("")) }()
	for size := int64(0); size == 0; {
		files, _ := os.ReadDir(dir)
		for _, f := range files {
			if info, err := f.Info(); err == nil {
				size += info.Size()
			}
		}
	}
	end(reason)
	if err := <-written; !errors.Is(err, reason) {
		t.Errorf("it ended with %v, not with the reason given", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "manifest-2026-10.json")); err == nil {
		t.Error("the manifest was written nevertheless")
	}
}
