package exports

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"unicode/utf8"

	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// Read reads all files with the given number of workers. gatherer is called once
// for each worker, before it starts, with its number from 0; a gatherer gets the
// batches of its worker, one after another, in no particular order. With one
// worker they come in the order of the files and their rows. Errors of the files
// are [*Placed].
func (e *Export) Read(ctx context.Context, workers int, gatherer func(worker int) Gatherer) (*Reading, error) {
	if e.Source.Inline != nil {
		return e.readInline(ctx, gatherer(0))
	}
	scan := &scan{export: e, Context: ctx, tallies: make([]Tally, len(e.files))}
	for i, f := range e.files {
		scan.tallies[i] = Tally{File: f.name, Input: e.Source.Input, Source: e.Source.Label, Size: f.before.Size(), Dialect: f.described}
	}
	var wg sync.WaitGroup
	logs := make([]finding.Log, max(workers, 1))
	for i := range logs {
		w := &worker{scan: scan, gatherer: gatherer(i), log: &logs[i]}
		wg.Go(w.run)
	}
	wg.Wait()
	scan.release()
	if err := scan.failure(); err != nil {
		return nil, err
	}
	r := &Reading{Tallies: scan.tallies, Findings: &finding.Log{}}
	for i := range logs {
		r.Findings.Merge(&logs[i])
	}
	return r, nil
}

// scan hands out segments, file after file, to its workers.
type scan struct {
	context.Context
	export *Export

	mu      sync.Mutex
	current *reading // of the file whose segments are handed out
	next    int      // the file after it
	tallies []Tally
	err     error
	at      finding.Place // of err
}

// reading is a file being read.
type reading struct {
	*file
	stream *stream
	feed   *feed
	users  int  // workers with a segment of it
	ended  bool // the last segment was handed out
}

// take gives the worker the next segment, or reports that there is none left.
func (s *scan) take(seg *segment) (*reading, bool) {
	for {
		r := s.enter()
		if r == nil {
			return nil, false
		}
		err := r.feed.next(seg)
		if err == nil {
			return r, true
		}
		if err != io.EOF {
			s.fail(r.file, r.feed.at(err))
		}
		s.leave(r, true)
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
		stream, err := openText(f.path, s.export.Source.Encoding)
		if err == nil && !same(stream.before, f.before) {
			stream.Close()
			err = errChanged
		}
		if err != nil {
			s.err = f.placed(bare(err))
			return nil
		}
		s.current = &reading{file: f, stream: stream, feed: newFeed(stream, f.dialect)}
	}
	s.current.users++
	return s.current
}

// leave says that the worker is done with its segment. The last to leave a file
// that is at its end closes it.
func (s *scan) leave(r *reading, ended bool) {
	s.mu.Lock()
	r.users--
	r.ended = r.ended || ended
	last := r.ended && r.users == 0 && r.stream != nil
	if !last {
		s.mu.Unlock()
		return
	}
	stream := r.stream
	r.stream = nil
	failed := s.err != nil
	s.mu.Unlock()
	defer stream.Close()
	if failed {
		return
	}
	digest, _, err := stream.finish()
	if err != nil {
		s.fail(r.file, err)
	}
	s.mu.Lock()
	s.tallies[r.number].SHA256 = digest
	s.mu.Unlock()
}

// fail stops the reading. Of several errors in one file the first by line counts,
// whoever finds it first.
func (s *scan) fail(f *file, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	placed := f.placed(err)
	if old := (*Placed)(nil); s.err == nil || errors.As(s.err, &old) && before(placed, old, s.export.Source.Files) {
		s.err = placed
	}
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

// stop stops the reading for an error that is not of a file.
func (s *scan) stop(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
}

func (s *scan) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// release closes a file that an error left open.
func (s *scan) release() {
	if s.current != nil && s.current.stream != nil {
		s.current.stream.Close()
	}
}

var errChanged = errors.New("the file changed while it was read: is it still being written?")

func same(a, b os.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// worker reads segments and gives their rows to its gatherer.
type worker struct {
	*scan
	gatherer Gatherer
	log      *finding.Log

	of      *reading // the file of the decoder
	decoder *decoder
	split   splitter
	segment segment
	tally   Tally
}

func (w *worker) run() {
	for {
		r, ok := w.take(&w.segment)
		if !ok {
			w.settleTally()
			return
		}
		err := w.guarded(r)
		if err != nil {
			r.feed.stop()
		}
		w.leave(r, err != nil || w.segment.last)
	}
}

// guarded reads the segment; a panic in it is an error of the file, so that one
// strange file cannot bring the run down without its name.
func (w *worker) guarded(r *reading) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("cannot be read: internal error: %v", p)
			w.fail(r.file, &atLine{line: w.segment.line, err: err})
		}
	}()
	if w.of != r {
		w.settleTally()
		w.of, w.decoder, w.split.dialect = r, newDecoder(r.plans), r.dialect
	}
	w.split.split(w.segment.buf, w.segment.from, w.segment.to)
	if err := w.sound(); err != nil {
		w.fail(r.file, err)
		return err
	}
	rows := w.rows()
	w.decoder.fill(rows)
	if bad := w.decoder.bad(); len(bad) > 0 {
		if err := w.setAside(bad); err != nil {
			w.fail(r.file, err)
			return err
		}
	}
	if len(w.decoder.lines) == 0 {
		return nil
	}
	record := w.decoder.record(w.export.Schema)
	defer record.Release()
	if err := w.gatherer.Gather(Batch{File: r.number, Record: record, export: w.export}); err != nil {
		w.stop(err)
		return err
	}
	return nil
}

// fill decodes all columns.
func (d *decoder) fill(r *rows) {
	for _, c := range d.columns {
		c.fill(r)
	}
}

// settleTally adds what the worker counted to the tally of its file.
func (w *worker) settleTally() {
	if w.of == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	t, from := &w.tallies[w.of.number], w.tally
	t.Read += from.Read
	t.SetAside += from.SetAside
	t.Headers += from.Headers
	t.Blank += from.Blank
	t.Totals += from.Totals
	t.SetAsideMoney = t.SetAsideMoney.Add(from.SetAsideMoney)
	t.SetAsideHours += from.SetAsideHours
	w.tally = Tally{}
}

// rows takes the rows of the segment that have as many fields as the header, and
// accounts for the others.
func (w *worker) rows() *rows {
	width := len(w.of.header.names)
	r := &rows{dialect: w.of.dialect, data: w.segment.buf, marks: w.split.marks, width: width}
	skip := 0
	if w.segment.number == 0 {
		skip = w.of.skip
	}
	r.first = make([]uint32, 0, len(w.split.ends))
	w.decoder.lines = w.decoder.lines[:0]
	walk := walker{splitter: &w.split, segment: &w.segment}
	for walk.next() {
		w.tally.Read++
		switch {
		case skip > 0:
			skip--
			if walk.blank() {
				w.tally.Blank++
			} else {
				w.tally.Headers++
			}
		case walk.width() == width && !walk.bare():
			r.first = append(r.first, uint32(walk.first))
			w.decoder.lines = append(w.decoder.lines, walk.line)
		case walk.blank():
			w.tally.Blank++
		default:
			w.ragged(&walk)
		}
	}
	return r
}

// ragged sets a row aside that has another number of fields than the header.
func (w *worker) ragged(walk *walker) {
	w.aside(finding.Finding{Rule: RaggedRow, Place: finding.Place{File: w.of.name, Line: walk.line},
		Detail: fmt.Sprintf("%d fields, the header has %d", walk.width(), len(w.of.header.names))})
}

func (w *worker) aside(f finding.Finding) {
	w.log.Add(f)
	w.tally.SetAside++
	w.tally.SetAsideMoney = w.tally.SetAsideMoney.Add(f.Money)
	w.tally.SetAsideHours += f.Hours
}

// setAside takes the rows that could not be read out of the batch. Those that
// turn out to be repeated headers are only counted.
func (w *worker) setAside(bad []problem) error {
	walk := walker{splitter: &w.split, segment: &w.segment}
	for _, p := range bad {
		line := w.decoder.lines[p.row]
		for walk.next() && walk.line != line {
		}
		if w.isHeader(&walk) {
			w.tally.Headers++
			w.log.Add(finding.Finding{Rule: RepeatedHeader, Place: finding.Place{File: w.of.name, Line: line}})
			continue
		}
		place := finding.Place{File: w.of.name, Line: line, Field: p.column.Name}
		if len(p.column.fields) > 0 {
			place.Column = p.column.fields[0] + 1
			if err := p.column.contradicts(w.of.unquoted(walk.field(p.column.fields[0]))); err != nil {
				return &atLine{line: line, field: p.column.Name, err: err}
			}
		}
		f := finding.Finding{Rule: p.rule, Place: place, Detail: p.detail}
		f.Money, f.Hours = w.decoder.held(p.row)
		w.aside(f)
	}
	w.decoder.drop(bad)
	return nil
}

// held returns the money and hours of a row, as far as they could be read.
func (d *decoder) held(row int) (e money.Exact, h measure.Hours) {
	for _, c := range d.columns {
		if c.valid != nil && c.valid[row/8]>>(row%8)&1 == 0 {
			continue
		}
		switch {
		case c.Name == "amount" && c.Kind == Decimal:
			e = money.Exact{Hi: c.decimals[row].HighBits(), Lo: c.decimals[row].LowBits()}
		case c.Name == "hours":
			h = measure.Hours(c.ints[row])
		}
	}
	return e, h
}

func (w *worker) isHeader(walk *walker) bool {
	for i, name := range w.of.header.names {
		if w.of.unquoted(walk.field(i)) != name {
			return false
		}
	}
	return true
}

// blank reports whether all fields of the row are empty but for spaces.
func (w *walker) blank() bool {
	for i := range w.width() {
		if len(bytes.TrimSpace(w.field(i))) > 0 && trimmed(w.unquoted(w.field(i))) != "" {
			return false
		}
	}
	return true
}

// bare reports whether the row has hardly more bytes than separators, so that it
// may be blank; a full row is told from it at once.
func (w *walker) bare() bool {
	length := int(w.marks[w.last]-w.marks[w.first-1]) - 1
	return length <= w.width()+1 && w.blank()
}

var (
	errNUL   = errors.New("a NUL byte: the file is no text, or UTF-16 without a byte order mark")
	errUTF8  = errors.New("text that is not UTF-8")
	errUnder = errors.New("text that is not in the configured encoding")
	errCR    = errors.New("a carriage return that ends no line")
	errQuote = errors.New("a quote mark inside a field, not doubled, or text after a closing one")
)

// sound checks what must hold for every byte of the segment, read or not.
func (w *worker) sound() error {
	data := w.segment.buf[w.segment.from:w.segment.to]
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return w.unsound(i, errNUL, "save it as UTF-8, or set encoding:")
	}
	if w.of.eol == '\n' {
		if i := w.bareReturn(data); i >= 0 {
			return w.unsound(i, errCR, "export it again")
		}
	}
	for _, s := range w.split.wide {
		if text := w.segment.buf[s.from:s.to]; !utf8.Valid(text) {
			return w.unsound(int(s.from)-w.segment.from+invalid(text), errUTF8, "set encoding: to that of the export, such as windows-1252")
		}
	}
	if w.of.stream.Transcoded {
		if i := bytes.Index(data, []byte("\ufffd")); i >= 0 {
			return w.unsound(i, errUnder, "correct encoding:")
		}
	}
	if i := w.split.misquoted(w.segment.buf, w.segment.from); i >= 0 {
		return w.unsound(i-w.segment.from, errQuote, "export it again; where the quote mark is a plain character, set quote: none")
	}
	return nil
}

func (w *worker) unsound(at int, err error, remedy string) error {
	data := w.segment.buf[w.segment.from:w.segment.to]
	line := w.segment.line + int64(bytes.Count(data[:at], []byte{w.of.eol}))
	offset := at - bytes.LastIndexByte(data[:at], w.of.eol)
	return &atLine{line: line, err: fmt.Errorf("%w (byte %d of the line)", err, offset), remedy: remedy}
}

func invalid(text []byte) int {
	at := 0
	for at < len(text) {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return at
}

// bareReturn returns the position of a carriage return outside quotes that no
// line feed follows, or -1.
func (w *worker) bareReturn(data []byte) int {
	for at := 0; ; at++ {
		i := bytes.IndexByte(data[at:], '\r')
		if i < 0 {
			return -1
		}
		if at += i; data[at+1] != '\n' && !w.split.within(uint32(at+w.segment.from)) {
			return at
		}
	}
}
