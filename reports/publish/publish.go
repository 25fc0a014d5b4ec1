// Package publish puts a report into the output folder: whole, or not at all.
//
// An output folder DIR holds a folder for each published report (2026-10, and
// 2026-10-r2 for its first revision), the small file LATEST that names the
// newest, and runs.jsonl, the record of every run. One run at a time works in
// it: the kernel's lock on the folder itself ends with the process, however it
// ends. A report is written into a temporary folder beside its place, synced,
// read back and compared, recorded, and only then renamed; what was published
// is never written to again.
//
// The package knows nothing of what a report says.
package publish

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	latest  = "LATEST"
	draft   = ".publishing-" // prefix of everything not yet published
	dirMode = 0o750
	mode    = 0o640
)

// Folder is an output folder whose lock this process holds.
type Folder struct {
	path string
	lock *os.File
	runs *runs
}

// Open locks the output folder, makes it if only its last element is missing,
// clears up after killed runs, and reads the record of runs.
//
// The error is [ErrHeld] if another run has the lock, [*OutputError] if the
// folder cannot be written, and [*RecordError] if the record was damaged.
func Open(dir string) (*Folder, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, outputError(dir, err)
	}
	if err := foreignLink(dir); err != nil {
		return nil, err
	}
	if err = os.Mkdir(dir, dirMode); err == nil {
		err = os.Chmod(dir, dirMode) // whatever the umask
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, outputError(dir, err)
	}
	lock, err := acquire(dir)
	if err != nil {
		return nil, err
	}
	f := &Folder{path: dir, lock: lock}
	if err := f.prepare(); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// acquire takes the lock on the folder itself: no lock file is left behind, and
// the kernel gives the lock back when the process dies.
func acquire(dir string) (*os.File, error) {
	lock, err := os.OpenFile(dir, os.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, outputError(dir, err)
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		lock.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("%s: %w", dir, ErrHeld)
		}
		return nil, outputError(dir, err)
	}
	return lock, nil
}

// prepare clears the drafts of killed runs, which the lock proves to be nobody's,
// finds out early whether the folder can be written, and reads the record.
func (f *Folder) prepare() error {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return outputError(f.path, err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), draft) {
			if err := os.RemoveAll(filepath.Join(f.path, e.Name())); err != nil {
				return outputError(f.path, err)
			}
		}
	}
	if err := probe(f.path); err != nil {
		return err
	}
	if f.runs, err = readRuns(filepath.Join(f.path, recordName)); err != nil {
		return err
	}
	if err := f.sweep(); err != nil {
		return err
	}
	return f.repair()
}

// Close gives the lock back.
func (f *Folder) Close() error { return f.lock.Close() }

// Try finds out whether a report could be published in the folder now, and
// publishes nothing. Its errors are those of [Open] and [Folder.RequireSpace].
func Try(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		parent := filepath.Dir(filepath.Clean(dir))
		return cmp.Or(probe(parent), requireSpace(parent, 0))
	}
	f, err := Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.RequireSpace()
}

// probe finds out whether something can be made in a folder.
func probe(dir string) error {
	made, err := os.MkdirTemp(dir, draft)
	if err == nil {
		err = os.Remove(made)
	}
	return outputError(dir, err)
}

// Path is the folder's absolute path.
func (f *Folder) Path() string { return f.path }

// foreignLink refuses an output path that leads through a symbolic link which
// somebody else may turn elsewhere. The administrator's links are trusted.
func foreignLink(dir string) error {
	for p := dir; ; p = filepath.Dir(p) {
		info, err := os.Lstat(p)
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			if uid := owner(info); uid != 0 && uid != os.Geteuid() {
				return &OutputError{Path: p, Err: fmt.Errorf("is a symbolic link that belongs to another user (%d)", uid),
					Remedy: "name a folder that is reached without it"}
			}
		}
		if p == filepath.Dir(p) {
			return nil
		}
	}
}

// RequireSpace finds out, before the work starts, whether the file system has
// room for a report: twice the largest one recorded, and at least 16 MB.
func (f *Folder) RequireSpace() error { return requireSpace(f.path, f.runs.largest()) }

func requireSpace(dir string, largest int64) error {
	const least = 16 << 20
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return outputError(dir, err)
	}
	free, need := int64(fs.Bavail)*int64(fs.Bsize), max(least, 2*largest)
	if free < need {
		return &OutputError{Path: dir, Err: fmt.Errorf("%d MB free, a report needs %d MB", free>>20, need>>20),
			Remedy: "free space there, or name another folder with --out"}
	}
	return nil
}

// Published returns the record of the newest published revision of a period,
// and whether there is one. Only a folder that stands is published.
func (f *Folder) Published(period string) (Run, bool) {
	name, n := f.newest(period)
	if n == 0 {
		return Run{}, false
	}
	run, ok := f.runs.of(name)
	run.Folder = name
	return run, ok
}

// Last returns the record of the last report before a run: the newest revision of
// the latest period up to the run's that was made of something else and stands.
func (f *Folder) Last(run Run) (last Run, ok bool) {
	for _, r := range f.runs.all {
		if r.Outputs == nil || r.Period > run.Period || r.Same(run) || r.Period < last.Period {
			continue
		}
		if r.Removed != nil && r.Folder != last.Folder { // not of a publication
			continue
		}
		if _, err := os.Stat(filepath.Join(f.path, r.Folder)); err == nil {
			last, ok = r, true
		}
	}
	return last, ok
}

// newest returns the last revision of a period that stands, and its number; 0 is
// none.
func (f *Folder) newest(period string) (string, int) { return newest(f.path, period) }

func newest(dir, period string) (string, int) {
	entries, _ := os.ReadDir(dir)
	last, name := 0, ""
	for _, e := range entries {
		if n := revision(period, e.Name()); n > last {
			last, name = n, e.Name()
		}
	}
	return name, last
}

// revision returns which revision of the period a folder's name stands for: 1 is
// the period itself, 0 is none.
func revision(period, name string) int {
	rest, ok := strings.CutPrefix(name, period)
	if !ok {
		return 0
	}
	if rest == "" {
		return 1
	}
	n := 0
	if _, err := fmt.Sscanf(rest, "-r%d", &n); err != nil || n < 2 || rest != fmt.Sprintf("-r%d", n) {
		return 0
	}
	return n
}

func revisionName(period string, n int) string {
	if n == 1 {
		return period
	}
	return fmt.Sprintf("%s-r%d", period, n)
}

// Publish has the report of run.Period written, and publishes it as the next
// revision. The writer gets an empty folder and the number of the revision, and
// returns the digests of what it meant to write, which the disk is held to. The
// returned run says which folder was published and what it holds.
//
// The run is recorded before its folder appears, so every folder has a record;
// a record whose folder never appeared counts for nothing. On any error nothing
// is published, the draft is removed and the run is returned as it was. The
// error is an [*OutputError] where the folder could not be written, else the
// writer's own.
func (f *Folder) Publish(run Run, write func(dir string, revision int) ([]Digest, error)) (Run, error) {
	tmp, err := os.MkdirTemp(f.path, draft)
	if err != nil {
		return run, outputError(f.path, err)
	}
	defer os.RemoveAll(tmp) // once renamed it is no longer there
	_, last := f.newest(run.Period)
	meant, err := write(tmp, last+1)
	if err != nil {
		return run, outputError(f.path, err)
	}
	found, err := seal(tmp)
	if err != nil {
		return run, outputError(f.path, err)
	}
	if err := compare(meant, found); err != nil {
		return run, &OutputError{Path: f.path, Err: err, Remedy: remedy(syscall.EIO)}
	}
	published := run
	published.Folder, published.Outputs = revisionName(run.Period, last+1), found
	if err := f.Record(published); err != nil {
		return run, err
	}
	if err := f.appear(tmp, published.Folder); err != nil {
		return run, outputError(f.path, err)
	}
	return published, nil
}

// appear renames the draft to its place and points LATEST at it, or takes both
// back.
func (f *Folder) appear(tmp, name string) error {
	place := filepath.Join(f.path, name)
	before, _ := os.ReadFile(filepath.Join(f.path, latest))
	if err := os.Rename(tmp, place); err != nil {
		return err
	}
	err := syncDir(f.path)
	if err == nil {
		err = f.point(name + "\n")
	}
	if err != nil {
		return errors.Join(err, os.Rename(place, tmp), f.point(string(before)))
	}
	return nil
}

// point replaces the text of LATEST; no text is no file.
func (f *Folder) point(text string) error {
	place, tmp := filepath.Join(f.path, latest), filepath.Join(f.path, draft+latest)
	if text == "" {
		return os.RemoveAll(place)
	}
	err := writeSynced(tmp, text)
	if err == nil {
		err = os.Rename(tmp, place)
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(tmp))
	}
	return syncDir(f.path)
}

// repair points LATEST at the report published last, should the run that
// published it have been killed before it could.
func (f *Folder) repair() error {
	for _, run := range slices.Backward(f.runs.all) {
		if _, err := os.Stat(filepath.Join(f.path, run.Folder)); run.Outputs == nil || run.Removed != nil || err != nil {
			continue
		}
		want := run.Folder + "\n"
		if now, err := os.ReadFile(filepath.Join(f.path, latest)); err != nil || string(now) != want {
			return outputError(f.path, f.point(want))
		}
		return nil
	}
	return nil
}
