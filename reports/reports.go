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

// Names of the published files, by period.
func Names(period fmt.Stringer) (workbook, clientsCSV, clientsParquet, facts, findings, manifest string) {
	p := period.String()
	return "clientworth-" + p + ".xlsx", "clients-" + p + ".csv", "clients-" + p + ".parquet",
		"facts-" + p + ".parquet", "findings-" + p + ".csv", "manifest-" + p + ".json"
}

// file is a file of the report and what writes it.
type file struct {
	name  string
	write func(io.Writer) error
}

// files are those of the report but the manifest.
func files(r *pipeline.Result, w *words.Words, o Options) []file {
	book, clientsCSV, clientsParquet, facts, findings, _ := Names(r.Period)
	currency, log := r.Facts.Currency, r.Findings()
	if !o.Values {
		log = log.Redacted()
	}
	return []file{
		{book, func(out io.Writer) error {
			return workbook.Write(out, r, workbook.Options{Words: w, Paper: o.Paper, File: book, Contact: o.Contact, Run: o.Run, Dossiers: o.Dossiers, Findings: log, Values: o.Values})
		}},
		{clientsCSV, func(out io.Writer) error {
			return tables.WriteCSV(out, tables.ClientColumns(currency), tables.Clients(r, w))
		}},
		{clientsParquet, func(out io.Writer) error {
			return tables.WriteParquet(out, tables.ClientColumns(currency), tables.Clients(r, w))
		}},
		{facts, func(out io.Writer) error {
			return tables.WriteParquet(out, tables.FactColumns(currency), tables.Facts(r))
		}},
		{findings, func(out io.Writer) error {
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
	_, _, _, _, _, manifest := Names(r.Period)
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
