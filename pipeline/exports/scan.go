package exports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"clientworth/pipeline/finding"
)

// Read reads all files with a crew. gatherer is called once for each of its workers,
// before it starts, and never twice at a time; a gatherer gets the batches of its worker,
// one after another, in no particular order. With one worker they come in the order of
// the files and their rows. Errors of the files are [*Placed].
func (e *Export) Read(ctx context.Context, crew Crew, gatherer func() Gatherer) (*Reading, error) {
	if e.Source.Inline != nil {
		return e.readInline(gatherer())
	}
	scan := newScan(ctx, e)
	var logs []*finding.Log
	crew.work(func() func() {
		w := &worker{scan: scan, gatherer: gatherer(), log: &finding.Log{}}
		logs = append(logs, w.log)
		return w.run
	})
	scan.release()
	if err := scan.failure(); err != nil {
		return nil, err
	}
	if err := e.whole(scan.tallies, scan.held); err != nil {
		return nil, err
	}
	r := &Reading{Tallies: scan.tallies, Findings: &finding.Log{}}
	for _, log := range logs {
		r.Findings.Merge(log)
	}
	return r, nil
}

// scan hands out pieces, file after file, to its workers.
type scan struct {
	context.Context
	export *Export

	mu      sync.Mutex
	current *reading // of the file whose segments are handed out
	next    int      // the file after it
	tallies []Tally
	held    []held // by each file, used or not
	err     error
}

func newScan(ctx context.Context, e *Export) *scan {
	s := &scan{export: e, Context: ctx, tallies: make([]Tally, len(e.files)), held: make([]held, len(e.files))}
	for i, f := range e.files {
		s.tallies[i] = Tally{File: f.name, Input: e.Source.Input, Source: e.Source.Label, Size: f.before.Size(), Dialect: f.described, Stamp: f.stamp}
	}
	return s
}

// supply is an open file that is handed out in pieces. Its methods but decode are
// called by one worker at a time.
type supply interface {
	next(*piece) error                  // fills in the next piece; io.EOF after the last
	decode(*worker, *piece) error       // into the worker's decoder
	finish() (digest string, err error) // after the last piece was decoded
	Close()
}

// piece is a run of rows of one file. Its buffers are reused.
type piece struct {
	number  int
	last    bool  // known to be the last one of its file
	more    bool  // it has rows that were not decoded yet
	segment       // of CSV
	table         // of every other format, and of CSV that needs more than a glance
	group   int   // of Parquet: the row group
	counted Tally // rows that the supply has accounted for
	aside   []finding.Finding
	totals  []total
}

// reading is a file being read.
type reading struct {
	*file
	mu     sync.Mutex // of next
	supply supply
	pieces int  // handed out
	users  int  // workers with a piece of it
	ended  bool // the last piece was handed out
	closed bool
	totals []total
	sums   map[int]held // of each piece
}

// take gives the worker the next piece, or reports that there is none left.
func (s *scan) take(p *piece) (*reading, bool) {
	for {
		r := s.enter()
		if r == nil {
			return nil, false
		}
		err := r.next(p)
		if err == nil {
			return r, true
		}
		if err != io.EOF {
			s.fail(r.file, err)
		}
		s.leave(r, true)
	}
}

func (r *reading) next(p *piece) (err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer recovered(&err)
	p.counted, p.aside, p.totals, p.last, p.more = Tally{}, p.aside[:0], p.totals[:0], false, false
	p.reset(len(r.header.names) + 1)
	p.number = r.pieces
	r.pieces++
	return r.supply.next(p)
}

// recovered makes an error of a panic, so that one strange file cannot bring the
// run down without its name.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = &atLine{err: fmt.Errorf("cannot be read: %v", p), remedy: "copy or export it again"}
	}
}

// enter returns the file to take a segment of, opening the next one where the
// current one is at its end.
func (s *scan) enter() *reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil && s.Context.Err() != nil {
		s.err = context.Cause(s.Context)
	}
	if s.err != nil {
		return nil
	}
	if s.current == nil || s.current.ended {
		if s.next == len(s.export.files) {
			return nil
		}
		f := s.export.files[s.next]
		s.next++
		supply, err := f.supply(&s.export.Source)
		if err != nil {
			s.err = f.placed(bare(err))
			return nil
		}
		s.current = &reading{file: f, supply: supply, sums: map[int]held{}}
	}
	s.current.users++
	return s.current
}

// leave says that the worker is done with its piece. The last to leave a file
// that is at its end closes it, and checks what only the whole file can tell, unless
// it was not read whole: an error of a later file says nothing of that.
func (s *scan) leave(r *reading, ended bool) {
	s.mu.Lock()
	r.users--
	r.ended = r.ended || ended
	last, failed := r.ended && r.users == 0 && !r.closed, s.err != nil && !s.failedAfter(r.file)
	r.closed = r.closed || last
	s.mu.Unlock()
	if !last {
		return
	}
	defer r.supply.Close()
	if failed {
		return
	}
	digest, err := r.supply.finish()
	if err == nil {
		err = r.control(&s.export.Source)
	}
	if err != nil {
		s.fail(r.file, err)
	}
	s.tallies[r.number].SHA256, s.held[r.number] = digest, r.total()
}

// fail stops the reading for an error of a file.
func (s *scan) fail(f *file, err error) { s.stop(f.placed(err)) }

// stop stops the reading. Of several errors that have a place the first by line
// counts, whoever finds it first.
func (s *scan) stop(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var one, other *Placed
	if s.err == nil || errors.As(err, &one) && errors.As(s.err, &other) && before(one, other, s.export.Source.Files) {
		s.err = err
	}
}

// failedAfter reports whether the reading failed in a file after this one.
func (s *scan) failedAfter(f *file) bool {
	var at *Placed
	return errors.As(s.err, &at) && before(&Placed{Place: finding.Place{File: f.name}}, at, s.export.Source.Files)
}

func before(a, b *Placed, files []string) bool {
	for _, f := range files {
		switch {
		case a.Place.File == f && b.Place.File != f:
			return true
		case b.Place.File == f && a.Place.File != f:
			return false
		}
	}
	return a.Place.Line > 0 && (b.Place.Line == 0 || a.Place.Line < b.Place.Line)
}

func (s *scan) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// release closes a file that an error left open.
func (s *scan) release() {
	if s.current != nil && !s.current.closed {
		s.current.supply.Close()
	}
}
