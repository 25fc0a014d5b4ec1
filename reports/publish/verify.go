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
		return Run{}, fmt.Errorf("%w: %s cannot be read: %w", ErrUnknown, record, err)
	}
	// A last line without its end is being written, by a run that publishes.
	all, chain, err := parseRuns(record, text[:bytes.LastIndexByte(text, '\n')+1])
	if err != nil {
		return Run{}, err
	}
	run, ok := (&runs{chain: chain, all: all}).of(name)
	if !ok {
		return Run{}, fmt.Errorf("%w: no run in %s published %s", ErrUnknown, record, name)
	}
	return run, nil
}

// ErrUnknown says that nothing is known of a folder as a published report.
var ErrUnknown = errors.New("no published report")

// ErrAltered says that a published report is not what was published; where it is
// but for something beside it, that is [ErrStray].
var (
	ErrAltered = errors.New("not what was published")
	ErrStray   = errors.New("does not belong to the report")
)

// Check compares the files of a folder with their digests.
func Check(folder string, outputs []Digest) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	var found []Digest
	for _, e := range entries {
		switch {
		case opened(e.Name()):
			continue
		case !e.Type().IsRegular(): // a folder or a pipe is not read
			return fmt.Errorf("%s: %w: %s %w", folder, ErrAltered, e.Name(), ErrStray)
		}
		d, err := digest(filepath.Join(folder, e.Name()))
		if err != nil {
			return err
		}
		found = append(found, d)
	}
	if err := compare(outputs, found); err != nil {
		return fmt.Errorf("%s: %w: %w", folder, ErrAltered, err)
	}
	return nil
}

// opened reports whether a file is the mark that Excel or LibreOffice leaves beside
// a workbook while somebody has it open.
func opened(name string) bool {
	return strings.HasPrefix(name, "~$") || strings.HasPrefix(name, ".~lock.") && strings.HasSuffix(name, "#")
}
