package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// report is a small report: two files whose text names the report, so that a
// mixture of two can be told from either.
func report(text string) map[string]string {
	return map[string]string{
		"clients-2026-10.csv":    "client_id\n" + strings.Repeat(text+"\n", 2000),
		"manifest-2026-10.json":  `{"report": "` + text + `"}`,
		"findings-2026-10.csv":   "rule\n" + text + "\n",
		"clientworth-2026-10.md": strings.Repeat(text+"\n", 500),
	}
}

// writing writes a report and returns the digests of what it meant to write.
func writing(files map[string]string) func(string, int) ([]Digest, error) {
	return func(dir string, _ int) ([]Digest, error) {
		var meant []Digest
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				return nil, err
			}
			sum := sha256.Sum256([]byte(text))
			meant = append(meant, Digest{File: name, Bytes: int64(len(text)), SHA256: hex.EncodeToString(sum[:])})
		}
		return meant, nil
	}
}

func run(input string) Run {
	return Run{
		Started: time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC), Program: "clientworth test", Period: "2026-10",
		Inputs: []Digest{{File: "billing.csv", Bytes: 1, SHA256: input}},
	}
}

func open(t *testing.T, dir string) *Folder {
	t.Helper()
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// publishedTwice is a folder with a report and its revision.
func publishedTwice(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	f := open(t, dir)
	defer f.Close()
	publishOne(t, f, "first")
	publishOne(t, f, "second")
	return dir
}

func publishOne(t *testing.T, f *Folder, text string) Run {
	t.Helper()
	r, err := f.Publish(run(text), writing(report(text)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// holds fails unless the folder is exactly the report of the text.
func holds(t *testing.T, folder, text string) {
	t.Helper()
	want := report(text)
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(want) {
		t.Fatalf("%s has %d files, not %d", folder, len(entries), len(want))
	}
	for name, text := range want {
		if got, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(got) != text {
			t.Fatalf("%s is not whole (%v)", filepath.Join(folder, name), err)
		}
	}
}

// drafts returns what is left of unpublished reports.
func drafts(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, draft+"*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func latestOf(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, latest))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(string(text), "\n")
}

func TestPublishMakesRevisionsBesideEachOther(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "reports")
	f := open(t, dir)
	if _, ok := f.Published("2026-10"); ok {
		t.Fatal("an empty folder has a published report")
	}
	for i, want := range []string{"2026-10", "2026-10-r2", "2026-10-r3"} {
		text := []string{"first", "second", "third"}[i]
		if got := publishOne(t, f, text); got.Folder != want {
			t.Fatalf("published %q, want %q", got.Folder, want)
		}
		if got := latestOf(t, dir); got != want {
			t.Fatalf("LATEST is %q, want %q", got, want)
		}
	}
	holds(t, filepath.Join(dir, "2026-10"), "first")
	holds(t, filepath.Join(dir, "2026-10-r2"), "second")
	last, ok := f.Published("2026-10")
	if !ok || last.Folder != "2026-10-r3" || !last.Same(run("third")) || last.Same(run("second")) {
		t.Fatalf("the newest published run is %+v", last)
	}
	if _, ok := f.Published("2026-1"); ok {
		t.Fatal("2026-10 was taken for a revision of 2026-1")
	}
}

func TestRevision(t *testing.T) {
	for name, want := range map[string]int{
		"2026-10": 1, "2026-10-r2": 2, "2026-10-r13": 13,
		"2026-10-r1": 0, "2026-10-r02": 0, "2026-10-r2x": 0, "2026-10-rx": 0, "2026-11": 0, "LATEST": 0,
	} {
		if got := revision("2026-10", name); got != want {
			t.Errorf("%s is revision %d, want %d", name, got, want)
		}
	}
}

func TestFailedWriterPublishesNothing(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	publishOne(t, f, "old")
	broken := errors.New("a figure does not add up")
	_, err := f.Publish(run("new"), func(dir string, revision int) ([]Digest, error) {
		writing(report("new"))(dir, revision)
		return nil, broken
	})
	if !errors.Is(err, broken) {
		t.Fatalf("error is %v", err)
	}
	var output *OutputError
	if errors.As(err, &output) {
		t.Fatal("the writer's own error was blamed on the folder")
	}
	if len(drafts(t, dir)) > 0 || latestOf(t, dir) != "2026-10" {
		t.Fatal("a failed report left traces")
	}
	holds(t, filepath.Join(dir, "2026-10"), "old")
}

// A run killed between the two renames leaves LATEST behind its report.
func TestOpenRepairsLatest(t *testing.T) {
	dir := publishedTwice(t)
	if err := os.WriteFile(filepath.Join(dir, latest), []byte("2026-10\n"), mode); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
	if got := latestOf(t, dir); got != "2026-10-r2" {
		t.Fatalf("LATEST is %q", got)
	}
}

func TestVerifyFindsEveryChange(t *testing.T) {
	for name, change := range map[string]func(folder string) error{
		"a byte changed": func(d string) error {
			return os.WriteFile(filepath.Join(d, "findings-2026-10.csv"), []byte("rule\nolD\n"), mode)
		},
		"a byte more": func(d string) error {
			return os.WriteFile(filepath.Join(d, "findings-2026-10.csv"), []byte("rule\nold\n\n"), mode)
		},
		"a file less": func(d string) error { return os.Remove(filepath.Join(d, "findings-2026-10.csv")) },
		"a file more": func(d string) error { return os.WriteFile(filepath.Join(d, "notes.txt"), nil, mode) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			folder := filepath.Join(dir, publishOne(t, open(t, dir), "old").Folder)
			if _, err := Verify(folder); err != nil {
				t.Fatalf("a sound report is refused: %v", err)
			}
			if err := change(folder); err != nil {
				t.Fatal(err)
			}
			if _, err := Verify(folder); !errors.Is(err, ErrAltered) {
				t.Fatalf("error is %v", err)
			}
		})
	}
}

func TestForeignLinkRefused(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("skipped: only root can make a link that belongs to another user")
	}
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	open(t, filepath.Join(link, "mine"))
	if err := os.Lchown(link, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	_, err := Open(filepath.Join(link, "theirs"))
	var output *OutputError
	if !errors.As(err, &output) || output.Remedy == "" {
		t.Fatalf("error is %v", err)
	}
}

// Fault 67: the modes of what is published do not depend on the umask.
func TestFault67Umask(t *testing.T) {
	for _, mask := range []int{0o000, 0o077} {
		dir := filepath.Join(t.TempDir(), "reports")
		before := unix.Umask(mask)
		f := open(t, dir)
		publishOne(t, f, "old")
		unix.Umask(before)
		err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
			want := os.FileMode(mode)
			if info.IsDir() {
				want = dirMode
			}
			if info.Mode().Perm() != want {
				t.Errorf("umask %03o: %s has mode %o", mask, path, info.Mode().Perm())
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Fault 73: a record that was changed is refused, whichever byte it was.
func TestFault73RecordDamaged(t *testing.T) {
	dir := publishedTwice(t)
	path := filepath.Join(dir, recordName)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(sound)-1; i += 7 {
		damaged := append([]byte(nil), sound...)
		damaged[i] ^= 1
		if err := os.WriteFile(path, damaged, mode); err != nil {
			t.Fatal(err)
		}
		_, err := Open(dir)
		var record *RecordError
		if !errors.As(err, &record) || !strings.HasPrefix(err.Error(), path+":") {
			t.Fatalf("byte %d (%q): error is %v", i, sound[i], err)
		}
	}
	lines := strings.SplitAfter(string(sound), "\n")
	if err := os.WriteFile(path, []byte(lines[1]), mode); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil {
		t.Fatal("a record without its first line is accepted")
	}
}

// Fault 74: a record of a later program is refused politely.
func TestFault74LaterRecord(t *testing.T) {
	dir := t.TempDir()
	body := `{"form":2,"period":"2026-10"}`
	text := `{"chain":"` + link("", []byte(body)) + `","run":` + body + "}\n"
	if err := os.WriteFile(filepath.Join(dir, recordName), []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	_, err := Open(dir)
	var record *RecordError
	if !errors.As(err, &record) || !strings.Contains(err.Error(), "later version") {
		t.Fatalf("error is %v", err)
	}
}

func TestTornRecordIsCutOff(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	publishOne(t, f, "old")
	f.Close()
	path := filepath.Join(dir, recordName)
	sound, _ := os.ReadFile(path)
	if err := os.WriteFile(path, append(sound, sound[:len(sound)/2]...), mode); err != nil {
		t.Fatal(err)
	}
	f = open(t, dir)
	publishOne(t, f, "new")
	if r, _ := f.Published("2026-10"); r.Folder != "2026-10-r2" {
		t.Fatalf("published %q", r.Folder)
	}
	f.Close()
	open(t, dir)
}
