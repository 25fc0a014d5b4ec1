package exports

import (
	"context"
	"errors"

	"github.com/apache/arrow/go/v17/arrow"

	"clientworth/pipeline/finding"
)

// Export is an opened source: its files are found to be readable and its
// columns are known.
type Export struct {
	Source  Source
	Columns []Column      // those that are mapped, in the order of the batches
	Schema  *arrow.Schema // of every batch; LineColumn first

	position map[string]int
}

// Reading is what came of reading an export besides its rows.
type Reading struct {
	Tallies  []Tally // one per file, in the order of Source.Files
	Findings *finding.Log
}

// Open looks at the files of a source, settles their dialect, finds their
// headers and checks the mapping. Its errors are [*Placed].
func Open(ctx context.Context, src Source) (*Export, error) {
	return nil, errors.New("not yet")
}

// Column returns the position of a canonical column in the batches, and -1 where
// it is not mapped.
func (e *Export) Column(name string) int {
	if i, ok := e.position[name]; ok {
		return i
	}
	return -1
}

// Has reports whether a canonical column is mapped.
func (e *Export) Has(name string) bool { return e.Column(name) >= 0 }

// Read reads all files with the given number of workers. gatherer is called once
// for each worker, before it starts, with its number from 0; a gatherer gets the
// batches of its worker, one after another, in no particular order. Read may be
// called once.
func (e *Export) Read(ctx context.Context, workers int, gatherer func(worker int) Gatherer) (*Reading, error) {
	return nil, errors.New("not yet")
}

// Each reads all files in order with one worker, row by row.
func (e *Export) Each(ctx context.Context, row func(Row) error) (*Reading, error) {
	return e.Read(ctx, 1, func(int) Gatherer { return eachRow(row) })
}

type eachRow func(Row) error

func (f eachRow) Gather(b Batch) error {
	for row := range b.Rows() {
		if err := f(row); err != nil {
			return err
		}
	}
	return nil
}

// place returns a place in a file of the export.
func (e *Export) place(file int, line int64, column string) finding.Place {
	return finding.Place{File: e.Source.Files[file], Line: line, Field: column}
}
