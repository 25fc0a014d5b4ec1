package publish

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Forget removes the files whose names begin so from reports that were published
// before a day, and returns what it removed, as folder/file. Each removal is
// recorded first, so that the report stays what its last record says.
func (f *Folder) Forget(prefix string, before, now time.Time) ([]string, error) {
	var removed []string
	seen := map[string]bool{}
	for _, run := range slices.Backward(slices.Clone(f.runs.all)) {
		if run.Outputs == nil || seen[run.Folder] {
			continue
		}
		seen[run.Folder] = true
		if _, err := os.Stat(filepath.Join(f.path, run.Folder)); err != nil || run.Ended.After(before) {
			continue
		}
		outputs := slices.DeleteFunc(slices.Clone(run.Outputs), func(d Digest) bool { return strings.HasPrefix(d.File, prefix) })
		if len(outputs) == len(run.Outputs) {
			continue
		}
		kept := func(name string) bool {
			return slices.ContainsFunc(outputs, func(d Digest) bool { return d.File == name })
		}
		for _, d := range run.Outputs {
			if !kept(d.File) {
				run.Removed = append(run.Removed, d.File)
				removed = append(removed, run.Folder+"/"+d.File)
			}
		}
		run.Outputs, run.Message = outputs, "removed by retention on "+now.UTC().Format(time.DateOnly)+": "+strings.Join(run.Removed, ", ")
		if err := f.Record(run); err != nil {
			return removed, err
		}
	}
	return removed, f.sweep()
}

// sweep removes what the record says was removed, should the run that recorded it
// have been killed before it could.
func (f *Folder) sweep() error {
	seen := map[string]bool{}
	for _, run := range slices.Backward(f.runs.all) {
		if run.Outputs == nil || seen[run.Folder] {
			continue
		}
		seen[run.Folder] = true // its last record counts
		for _, name := range run.Removed {
			err := os.Remove(filepath.Join(f.path, run.Folder, filepath.Base(name)))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return outputError(f.path, err)
			}
		}
	}
	return nil
}

// Ended is when the last recorded run ended; zero without any.
func (f *Folder) Ended() time.Time {
	var last time.Time
	for _, run := range f.runs.all {
		if run.Ended.After(last) {
			last = run.Ended
		}
	}
	return last
}
