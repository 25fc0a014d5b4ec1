package publish

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Verify reads every file of a published report again and compares it with the
// record of the run that published it. It needs no lock and changes nothing.
func Verify(folder string) (Run, error) {
	run, err := Recorded(folder)
	if err != nil {
		return Run{}, err
	}
	return run, Check(folder, run.Outputs)
}

// Latest returns the newest period that a report in an output folder is of, and the
// folder of its newest revision; both are empty where none is. LATEST itself names
// what was published last, which after a backfill is an older month.
func Latest(dir string) (period, name string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		of, _, _ := strings.Cut(e.Name(), "-r")
		if len(of) == len("2026-10") && of > period && of[0] >= '0' && of[0] <= '9' {
			if folder, n := newest(dir, of); n > 0 {
				period, name = of, folder
			}
		}
	}
	return period, name
}

// Newest returns the record of the newest published revision of a period in an
// output folder, and whether there is one. It needs no lock.
func Newest(dir, period string) (Run, bool) {
	name, n := newest(dir, period)
	if n == 0 {
		return Run{}, false
	}
	run, err := Recorded(filepath.Join(dir, name))
	return run, err == nil
}

// Recorded returns the record of the run that published a folder. It needs no
// lock and changes nothing.
func Recorded(folder string) (Run, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return Run{}, err
	}
	dir, name := filepath.Split(folder)
	record := filepath.Join(dir, recordName)
	text, err := os.ReadFile(record)
	if err != nil {
		return Run{}, fmt.Errorf("the record of runs cannot be read: %w", err)
	}
	// A last line without its end is being written, by a run that publishes.
	all, chain, err := parseRuns(record, text[:bytes.LastIndexByte(text, '\n')+1])
	if err != nil {
		return Run{}, err
	}
	run, ok := (&runs{chain: chain, all: all}).of(name)
	if !ok {
		return Run{}, fmt.Errorf("%s: no run in %s published it", folder, recordName)
	}
	return run, nil
}

// ErrAltered says that a published report is not what was published.
var ErrAltered = errors.New("not what was published")

// Check compares the files of a folder with their digests.
func Check(folder string, outputs []Digest) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	found := make([]Digest, len(entries))
	for i, e := range entries {
		if found[i], err = digest(filepath.Join(folder, e.Name())); err != nil {
			return err
		}
	}
	if err := compare(outputs, found); err != nil {
		return fmt.Errorf("%s: %w: %w", folder, ErrAltered, err)
	}
	return nil
}
