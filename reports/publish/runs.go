package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"
)

const (
	recordName = "runs.jsonl"
	// form is the version of a record's fields. A record of a later form was
	// written by a later program, which may rely on what this one would not do.
	form = 1
)

// Run is the record of one run. Totals are amounts and hours as text.
type Run struct {
	Form          int               `json:"form"`
	Started       time.Time         `json:"started"`
	Ended         time.Time         `json:"ended"`
	Program       string            `json:"program"` // version, Go, architecture
	Period        string            `json:"period"`
	Status        int               `json:"status"` // exit status
	Message       string            `json:"message"`
	Folder        string            `json:"folder,omitempty"` // what it published
	Configuration string            `json:"configuration"`    // SHA-256 of the effective configuration
	Inputs        []Digest          `json:"inputs"`
	Outputs       []Digest          `json:"outputs,omitempty"`
	Removed       []string          `json:"removed,omitempty"` // outputs that the folder no longer holds, by retention
	Counts        map[string]int64  `json:"counts,omitempty"`
	Totals        map[string]string `json:"totals,omitempty"`
	Checks        map[string]string `json:"checks,omitempty"` // name: pass, warn, fail or not run
}

// Same reports whether two runs have the same inputs, configuration and program,
// and so the same report.
func (r Run) Same(o Run) bool {
	return r.Program == o.Program && r.Period == o.Period && r.Configuration == o.Configuration &&
		slices.Equal(r.Inputs, o.Inputs)
}

// ID names what the run is made of: the same inputs, configuration and program
// have the same one.
func (r Run) ID() string {
	h := sha256.New()
	fmt.Fprintln(h, r.Program, r.Period, r.Configuration)
	for _, d := range r.Inputs {
		fmt.Fprintf(h, "%q %d %s\n", d.File, d.Bytes, d.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// line is a record as it stands in the file. Chain is the SHA-256 of the chain
// before it and of the run's bytes: no record can be changed, removed or moved
// but at the end without breaking it.
type line struct {
	Chain string          `json:"chain"`
	Run   json.RawMessage `json:"run"`
}

func link(before string, run []byte) string {
	h := sha256.New()
	h.Write([]byte(before))
	h.Write(run)
	return hex.EncodeToString(h.Sum(nil))
}

// runs is the record of runs.
type runs struct {
	path  string
	chain string
	all   []Run
}

// readRuns reads and checks the record, if there is one. The last line may be
// torn: the run that wrote it was killed before it published anything, so it is
// cut off.
func readRuns(path string) (*runs, error) {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, outputError(path, err)
	}
	whole := bytes.LastIndexByte(text, '\n') + 1
	if whole < len(text) {
		if err := os.Truncate(path, int64(whole)); err != nil {
			return nil, outputError(path, err)
		}
	}
	r := &runs{path: path}
	r.all, r.chain, err = parseRuns(path, text[:whole])
	return r, err
}

// parseRuns reads the whole lines of a record and returns the end of its chain.
func parseRuns(path string, text []byte) (all []Run, chain string, err error) {
	const remedy = "restore the file from a backup, or move it away: the reports stay, and a new record begins"
	for n := 1; len(text) > 0; n++ {
		one, rest, _ := bytes.Cut(text, []byte("\n"))
		text = rest
		var l line
		var run Run
		if err := json.Unmarshal(one, &l); err != nil || link(chain, l.Run) != l.Chain {
			return nil, "", &RecordError{path, n, errors.New("this record of a run was changed after it was written"), remedy}
		}
		if err := json.Unmarshal(l.Run, &run); err != nil {
			return nil, "", &RecordError{path, n, errors.New("this record of a run cannot be read"), remedy}
		}
		if run.Form > form {
			return nil, "", &RecordError{path, n, fmt.Errorf("a later version wrote this record (form %d, this version knows %d)", run.Form, form),
				"use the later version, or name another folder with --out"}
		}
		all, chain = append(all, run), l.Chain
	}
	return all, chain, nil
}

// append writes a run behind the others, and takes it back if the disk does not
// keep it.
func (r *runs) append(run Run) error {
	run.Form = form
	body, err := json.Marshal(run)
	if err != nil {
		return err
	}
	chain := link(r.chain, body)
	text, err := json.Marshal(line{Chain: chain, Run: body})
	if err != nil {
		return err
	}
	file, err := os.OpenFile(r.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, mode)
	if err != nil {
		return err
	}
	if err := keep(file, append(text, '\n')); err != nil {
		return errors.Join(err, file.Close())
	}
	r.chain, r.all = chain, append(r.all, run)
	return file.Close()
}

func keep(file *os.File, text []byte) error {
	before, err := file.Stat()
	if err != nil {
		return err
	}
	if err = file.Chmod(mode); err == nil {
		_, err = file.Write(text)
	}
	if err == nil {
		err = errors.Join(file.Sync(), readBack(file, before.Size(), text))
	}
	if err != nil {
		return errors.Join(err, file.Truncate(before.Size()))
	}
	return nil
}

// of returns the last record of a folder's publication.
func (r *runs) of(folder string) (Run, bool) {
	for _, run := range slices.Backward(r.all) {
		if run.Folder == folder && run.Outputs != nil {
			return run, true
		}
	}
	return Run{}, false
}

// largest returns the size of the largest report recorded.
func (r *runs) largest() int64 {
	var most int64
	for _, run := range r.all {
		var size int64
		for _, d := range run.Outputs {
			size += d.Bytes
		}
		most = max(most, size)
	}
	return most
}

// Record appends a run to the record and forces it to the disk. A run that
// publishes is recorded by [Folder.Publish].
func (f *Folder) Record(run Run) error { return outputError(f.runs.path, f.runs.append(run)) }
