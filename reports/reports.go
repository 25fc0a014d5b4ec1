// Package reports writes a result down: the workbook for people, the tables for
// machines and the manifest that ties them together. It computes nothing.
package reports

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"clientworth/pipeline"
	"clientworth/pipeline/period"
	"clientworth/reports/tables"
	"clientworth/reports/words"
	"clientworth/reports/workbook"
	"clientworth/reports/xlsx"
)

// Options say how a result is written down.
type Options struct {
	Run           tables.Run      // what made the report
	Configuration json.RawMessage // effective, as JSON
	Contact       string          // whom readers may ask
	Language      words.Language  // "" is English
	Paper         xlsx.Paper
	Dossiers      int  // clients with a page of their own in the workbook
	Values        bool // findings show the values of cells, not only their shape
}

// Names are those of a report's files.
type Names struct{ Workbook, ClientsCSV, ClientsParquet, Facts, Findings, Manifest string }

// NamesOf returns the names of the files that are published of a period.
func NamesOf(m period.Month) Names {
	return Names{
		Workbook:   fmt.Sprintf("clientworth-%s.xlsx", m),
		ClientsCSV: fmt.Sprintf("clients-%s.csv", m), ClientsParquet: fmt.Sprintf("clients-%s.parquet", m),
		Facts: fmt.Sprintf("facts-%s.parquet", m), Findings: fmt.Sprintf("findings-%s.csv", m),
		Manifest: fmt.Sprintf("manifest-%s.json", m),
	}
}

// file is a file of the report and what writes it.
type file struct {
	name  string
	write func(io.Writer) error
}

// files are those of the report but the manifest.
func files(r *pipeline.Result, w *words.Words, o Options) []file {
	names := NamesOf(r.Period)
	currency, log := r.Facts.Currency, r.Findings()
	if !o.Values {
		log = log.Redacted()
	}
	return []file{
		{names.Workbook, func(out io.Writer) error {
			return workbook.Write(out, r, workbook.Options{Words: w, Paper: o.Paper, File: names.Workbook, Contact: o.Contact, Run: o.Run, Dossiers: o.Dossiers, Findings: log, Values: o.Values})
		}},
		{names.ClientsCSV, func(out io.Writer) error {
			return tables.WriteCSV(out, tables.ClientColumns(currency), tables.Clients(r, w))
		}},
		{names.ClientsParquet, func(out io.Writer) error {
			return tables.WriteParquet(out, tables.ClientColumns(currency), tables.Clients(r, w))
		}},
		{names.Facts, func(out io.Writer) error {
			return tables.WriteParquet(out, tables.FactColumns(currency), tables.Facts(r))
		}},
		{names.Findings, func(out io.Writer) error {
			return tables.WriteCSV(out, tables.FindingColumns, tables.Findings(log))
		}},
	}
}

// Write writes all files of a report into an empty folder, side by side. Each is
// synced to the disk and read back; the manifest, written last, holds their
// digests. After an error, which is the cause of the context's end if it was
// ended, the folder is unfinished and worth nothing.
func Write(ctx context.Context, dir string, r *pipeline.Result, o Options) error {
	w, err := words.In(o.Language, r.Facts.Currency)
	if err != nil {
		return err
	}
	all := files(r, w, o)
	outputs := make([]tables.Output, len(all))
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var writers sync.WaitGroup
	for i, f := range all {
		writers.Go(func() {
			var err error
			if outputs[i], err = create(ctx, dir, f); err != nil {
				stop(fmt.Errorf("%s: %w", f.name, err)) // the first error stops the others, and stays
			}
		})
	}
	writers.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	m := tables.ManifestOf(r)
	m.Language, m.Run, m.Configuration, m.Outputs = string(w.Language), o.Run, o.Configuration, outputs
	manifest := NamesOf(r.Period).Manifest
	if _, err := create(ctx, dir, file{manifest, m.Write}); err != nil {
		return fmt.Errorf("%s: %w", manifest, err)
	}
	return nil
}

// create writes a new file, syncs it and reads it back: a disk may keep other
// bytes than it was given. Of a workbook the parts are read back, too.
func create(ctx context.Context, dir string, of file) (tables.Output, error) {
	path := filepath.Join(dir, of.name)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return tables.Output{}, err
	}
	defer f.Close()
	digest := sha256.New()
	buffered := bufio.NewWriterSize(stoppable{ctx, io.MultiWriter(f, digest)}, 1<<18)
	if err := of.write(buffered); err != nil {
		return tables.Output{}, err
	}
	if err := buffered.Flush(); err != nil {
		return tables.Output{}, err
	}
	if err := f.Sync(); err != nil {
		return tables.Output{}, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return tables.Output{}, err
	}
	again := sha256.New()
	size, err := io.Copy(again, f)
	if err != nil {
		return tables.Output{}, err
	}
	if string(again.Sum(nil)) != string(digest.Sum(nil)) {
		return tables.Output{}, fmt.Errorf("the disk returns other bytes than were written: %w", syscall.EIO)
	}
	out := tables.Output{File: of.name, Size: size, SHA256: hex.EncodeToString(digest.Sum(nil))}
	if filepath.Ext(of.name) == ".xlsx" {
		out.PartsSHA256, err = xlsx.Digest(path)
	}
	return out, err
}

// stoppable is a writer that fails once the context has ended.
type stoppable struct {
	ctx context.Context
	to  io.Writer
}

func (s stoppable) Write(b []byte) (int, error) {
	if err := context.Cause(s.ctx); err != nil {
		return 0, err
	}
	return s.to.Write(b)
}
