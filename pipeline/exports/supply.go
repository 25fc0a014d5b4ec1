package exports

import "slices"

// csvSupply hands out a file of CSV: segments, or tables where rows depend on
// those before them.
type csvSupply struct {
	*file
	*stream
	feed   *feed
	tabler *tabler // nil where segments do
	split  splitter
	skip   int
}

// supply opens the file again, to be read.
func (f *file) supply(src *Source) (supply, error) {
	if f.sheet != "" {
		return f.sheetSupply(src)
	}
	if f.parquet {
		return f.parquetSupply(src)
	}
	stream, err := openText(f.path, src.Encoding)
	if err != nil {
		return nil, err
	}
	if !same(stream.before, f.before) {
		stream.Close()
		return nil, errChanged
	}
	s := &csvSupply{file: f, stream: stream, feed: newFeed(stream, f.dialect), skip: f.skip}
	if !f.plain(src) {
		s.tabler, s.split.dialect = newTabler(f, src), f.dialect
	}
	return s, nil
}

// plain reports whether each row can be read by itself, and whether one that is
// no data gives itself away by a day that cannot be read.
func (f *file) plain(src *Source) bool {
	return src.Group == "" && len(src.Fill) == 0 && len(src.Footers) == 0 && len(src.Except) == 0 && !src.ShortRows &&
		slices.ContainsFunc(f.plans, func(p *plan) bool {
			return p.needed && len(p.fields) == 1 && (p.Kind == Date || p.Kind == Month)
		})
}

func (s *csvSupply) next(p *piece) error {
	if err := s.feed.next(&p.segment); err != nil {
		return s.feed.at(err)
	}
	p.last = s.feed.done && s.feed.failed == nil
	if s.feed.bare {
		p.note(s.file, NoLineEnd, s.feed.line-1)
	}
	if s.tabler == nil {
		return nil
	}
	s.split.split(p.buf, p.from, p.to)
	if err := s.split.sound(&p.segment, s.Transcoded); err != nil {
		return err
	}
	walk := walker{splitter: &s.split, segment: &p.segment}
	for walk.next() {
		s.tabler.take(p, &walk)
	}
	return nil
}

func (s *csvSupply) decode(w *worker, p *piece) error {
	if s.tabler != nil {
		w.decoder.fillTable(&p.table)
		return nil
	}
	w.split.split(p.buf, p.from, p.to)
	if err := w.split.sound(&p.segment, s.Transcoded); err != nil {
		return err
	}
	w.decoder.fill(s.rows(w, p))
	s.judgeBad(w, p)
	return nil
}

// rows takes the rows of a segment that have as many fields as the header, and
// accounts for the others.
func (s *csvSupply) rows(w *worker, p *piece) *rows {
	width := len(s.header.names)
	r := &w.rows
	r.dialect, r.data, r.marks, r.width, r.first = s.dialect, p.buf, w.split.marks, width, r.first[:0]
	skip := 0
	if p.number == 0 {
		skip = s.skip
	}
	w.decoder.lines, w.decoder.prints = w.decoder.lines[:0], w.decoder.prints[:0]
	take := func(walk *walker) {
		r.first = append(r.first, uint32(walk.first))
		w.decoder.lines = append(w.decoder.lines, walk.line)
		w.decoder.prints = append(w.decoder.prints, printOf(p.buf, walk.marks[walk.first-1]+1, walk.marks[walk.last]))
	}
	walk := walker{splitter: &w.split, segment: &p.segment}
	for walk.next() {
		if walk.width() == width && skip == 0 && !walk.bare() {
			take(&walk)
			continue
		}
		switch class := s.judge(&w.export.Source, &walk); {
		case skip > 0:
			skip--
			if class == emptyRow {
				p.counted.Blank++
			} else {
				p.counted.Headers++
			}
		case class == dataRow: // with empty fields beyond the header
			take(&walk)
		default:
			p.other(s.file, class, &walk)
		}
	}
	p.counted.Read += int64(len(w.split.ends))
	return r
}

// judgeBad looks again at the rows that could not be read: one that is no data is
// accounted for as what it is.
func (s *csvSupply) judgeBad(w *worker, p *piece) {
	bad := w.decoder.bad()
	if len(bad) == 0 {
		return
	}
	walk := walker{splitter: &w.split, segment: &p.segment}
	for _, b := range bad {
		for walk.next() && walk.line != w.decoder.lines[b.row] {
		}
		if class := s.judge(&w.export.Source, &walk); class != dataRow {
			p.other(s.file, class, &walk)
			w.decoder.noData(b.row)
		}
	}
}
