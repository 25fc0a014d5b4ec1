// Package reports writes a result down: the workbook for people, the tables for
// machines and the manifest that ties them together. It computes nothing.
package reports

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
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
	Language      words.Language  // "" is English
	Paper         xlsx.Paper
	Dossiers      int // clients with a page of their own in the workbook
}

// Names of the published files, by period.
func Names(period fmt.Stringer) (workbook, clientsCSV, clientsParquet, facts, findings, manifest string) {
	p := period.String()
	return "clientworth-" + p + ".xlsx", "clients-" + p + ".csv", "clients-" + p + ".parquet",
		"facts-" + p + ".parquet", "findings-" + p + ".csv", "manifest-" + p + ".json"
}

// Write writes all files of a report into an empty folder. Each is synced to
// the disk and read back; the manifest, written last, holds their digests. After
// an error the folder is unfinished and worth nothing.
func Write(dir string, r *pipeline.Result, o Options) error {
	w, err := words.In(o.Language, r.Facts.Currency)
	if err != nil {
		return err
	}
	book, clientsCSV, clientsParquet, facts, findings, manifest := Names(r.Period)
	currency := r.Facts.Currency
	files := []struct {
		name  string
		write func(io.Writer) error
	}{
		{book, func(out io.Writer) error {
			return workbook.Write(out, r, workbook.Options{Words: w, Paper: o.Paper, File: book, Run: o.Run, Dossiers: o.Dossiers})
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
			return tables.WriteCSV(out, tables.FindingColumns, tables.Findings(r.Findings()))
		}},
	}
	m := tables.ManifestOf(r)
	m.Language, m.Run, m.Configuration = string(w.Language), o.Run, o.Configuration
	for _, f := range files {
		out, err := create(filepath.Join(dir, f.name), f.write)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		if f.name == book {
			if out.PartsSHA256, err = xlsx.Digest(filepath.Join(dir, f.name)); err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
		}
		m.Outputs = append(m.Outputs, out)
	}
	if _, err := create(filepath.Join(dir, manifest), m.Write); err != nil {
		return fmt.Errorf("%s: %w", manifest, err)
	}
	return nil
}

// create writes a new file, syncs it and reads it back: a disk may keep other
// bytes than it was given.
func create(path string, write func(io.Writer) error) (tables.Output, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return tables.Output{}, err
	}
	defer f.Close()
	digest := sha256.New()
	buffered := bufio.NewWriterSize(io.MultiWriter(f, digest), 1<<18)
	if err := write(buffered); err != nil {
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
	return tables.Output{File: filepath.Base(path), Size: size, SHA256: hex.EncodeToString(digest.Sum(nil))}, nil
}
