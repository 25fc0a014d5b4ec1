package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"clientworth/pipeline"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/period"
	"clientworth/reports"
	"clientworth/reports/publish"
	"clientworth/reports/tables"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// job is one month's work: what to do, and where to.
type job struct {
	config *configuration
	period period.Month
	out    string
}

// prepare settles what the job is, before anything is touched.
func (p *program) prepare(f jobFlags) (*job, error) {
	if f.timeout < 0 {
		return nil, &usageError{fmt.Errorf("--timeout: %s is less than nothing", f.timeout), ""}
	}
	c, err := load(f.config)
	if err != nil {
		return nil, err
	}
	month, err := when(p.now(), c.Zone, f.period, f.asOf)
	if err != nil {
		return nil, err
	}
	out := cmp.Or(f.out, c.Output)
	if f.out == "" && !filepath.IsAbs(out) {
		out = filepath.Join(c.Folder, out)
	}
	return &job{c, month, out}, nil
}

// recognitions are the words of revenue.recognise.
var recognitions = map[string]costing.Recognition{"service": costing.ByService, "document": costing.ByDocument}

// compute does everything but writing. Where a check failed the result is
// returned beside the error.
func (j *job) compute(ctx context.Context, tell func(pipeline.Stage)) (*pipeline.Result, error) {
	c := j.config
	if c.missing != nil {
		return nil, errors.Join(c.missing...)
	}
	baseline, assess := c.Worth.Baseline, c.Worth
	baseline.Recognition = recognitions[c.Recognise]
	assess.Baseline = baseline
	o := pipeline.Options{
		Company: c.Company,
		Period:  j.period,
		// The report is of the period's end, on whatever day it is drawn up.
		AsOf:    j.period.Last(),
		Sources: c.Sources,
		Facts: facts.Options{
			Currency: c.Currency, Window: period.WindowTo(j.period, c.Months), ByDocument: baseline.Recognition == costing.ByDocument,
			InternalNames: c.ourNames(), ClientsClosed: c.ClientsClosed, Workers: runtime.GOMAXPROCS(0),
		},
		Costing: baseline, Worth: assess, Verdict: c.Verdict,
		Limits:   c.Limits,
		Progress: tell,
	}
	largePages(c.Sources)
	result, err := pipeline.Run(ctx, o)
	if stop := context.Cause(ctx); stop != nil {
		return nil, stop
	}
	if err != nil {
		return result, &unfitError{err}
	}
	return result, nil
}

// unfitError says that the inputs do not do: nothing can be made of them.
type unfitError struct{ error }

func (e *unfitError) Unwrap() error { return e.error }

func (e *unfitError) status() int {
	var checks *pipeline.Unfit
	switch {
	case errors.Is(e, fs.ErrNotExist), errors.Is(e, fs.ErrPermission), errors.As(e, &checks) && checks.Late():
		return statusMissing
	case exhausted(e):
		return statusFailed
	}
	return statusUnfit
}

// write writes the report's files and returns the digests that its manifest, and
// so the writer, has of them.
func (j *job) write(ctx context.Context, dir string, r *pipeline.Result, run publish.Run, revision int) ([]publish.Digest, error) {
	c := j.config
	err := reports.Write(ctx, dir, r, reports.Options{
		Run: tables.Run{
			ID: run.ID(), Revision: revision, Program: "clientworth", Version: release,
			Go: runtime.Version(), Architecture: runtime.GOOS + "/" + runtime.GOARCH, ConfigurationSHA256: run.Configuration,
		},
		Configuration: c.effective(),
		Contact:       c.Contact,
		Language:      words.Language(c.Language),
		Paper:         map[string]xlsx.Paper{"A4": xlsx.A4, "Letter": xlsx.Letter}[c.Paper],
		Dossiers:      c.Dossiers,
		Values:        c.Values == "shown",
	})
	if err != nil {
		return nil, err
	}
	return manifested(filepath.Join(dir, reports.NamesOf(r.Period).Manifest))
}

// manifested returns the digests of a report's files, of which the manifest has
// all but its own.
func manifested(path string) ([]publish.Digest, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var m tables.Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	sum := sha256.Sum256(text)
	digests := []publish.Digest{{File: filepath.Base(path), Bytes: int64(len(text)), SHA256: hex.EncodeToString(sum[:])}}
	for _, o := range m.Outputs {
		digests = append(digests, publish.Digest{File: o.File, Bytes: o.Size, SHA256: o.SHA256})
	}
	return digests, nil
}

// inputs returns the digests of the files read, by name.
func inputDigests(r *pipeline.Result) []publish.Digest {
	var digests []publish.Digest
	for _, t := range r.Facts.Tallies {
		digests = append(digests, publish.Digest{File: t.File, Bytes: t.Size, SHA256: t.SHA256})
	}
	slices.SortFunc(digests, func(a, b publish.Digest) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.SHA256, b.SHA256))
	})
	return digests
}

// account adds what a run counted to its record.
func account(run *publish.Run, r *pipeline.Result) {
	run.Counts = map[string]int64{"clients": int64(len(r.Facts.Clients))}
	for _, t := range r.Facts.Tallies {
		run.Counts["rows read"] += t.Read
		run.Counts["rows used"] += t.Used
		run.Counts["rows set aside"] += t.SetAside
	}
	if r.Costs != nil {
		l := r.Costs.Ledger
		run.Totals = map[string]string{
			"revenue": r.Facts.Currency.Format(l.BillingUsed),
			"cost":    r.Facts.Currency.Format(l.CostIn),
			"hours":   l.HoursIn.String(),
		}
	}
	run.Checks = map[string]string{}
	for _, c := range r.Checks {
		run.Checks[fmt.Sprintf("%d %s", c.Number, c.Name)] = c.State.String()
	}
}
