package publish

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What retention removes is recorded: the rest of the report stays sound, and it
// is neither the latest nor the last one for it.
func TestForget(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	names := []string{"a.csv", "findings-2026-10.csv"}
	now := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	for i, ended := range []time.Time{now.AddDate(0, 0, -40), now.AddDate(0, 0, -20)} {
		_, err := f.Publish(Run{Period: "2026-10", Program: string(rune('a' + i)), Ended: ended}, func(dir string, _ int) (meant []Digest, err error) {
			for _, name := range names {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(name), mode); err != nil {
					return nil, err
				}
				d, err := digest(filepath.Join(dir, name))
				if err != nil {
					return nil, err
				}
				meant = append(meant, d)
			}
			return meant, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	removed, err := f.Forget("findings-", now.AddDate(0, 0, -30), now)
	if err != nil || len(removed) != 1 || removed[0] != "2026-10/findings-2026-10.csv" {
		t.Fatalf("removed %v, %v", removed, err)
	}
	if again, err := f.Forget("findings-", now.AddDate(0, 0, -30), now); err != nil || again != nil {
		t.Errorf("removed again %v, %v", again, err)
	}
	if last, ok := f.Last(Run{Period: "2026-11"}); !ok || last.Folder != "2026-10-r2" {
		t.Errorf("the last report is %q", last.Folder)
	}
	// A run killed between the record and the removal: the next one removes.
	left := filepath.Join(dir, "2026-10", "findings-2026-10.csv")
	if err := os.WriteFile(left, nil, mode); err != nil {
		t.Fatal(err)
	}
	f.Close()
	open(t, dir)
	if _, err := os.Stat(left); err == nil {
		t.Error("what was recorded as removed is still there")
	}
	for _, folder := range []string{"2026-10", "2026-10-r2"} {
		if _, err := Verify(filepath.Join(dir, folder)); err != nil {
			t.Error(err)
		}
	}
	if text, _ := os.ReadFile(filepath.Join(dir, latest)); string(text) != "2026-10-r2\n" {
		t.Errorf("LATEST names %q", text)
	}
	if _, err := os.Stat(filepath.Join(dir, "2026-10-r2", "findings-2026-10.csv")); err != nil {
		t.Error("a younger report lost its findings")
	}
}
