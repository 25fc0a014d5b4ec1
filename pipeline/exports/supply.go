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
	walk := walker{splitter: &w.split, segment: &p.segment}
	return s.judgeBad(w, func(row int) (rawRow, error) {
		for walk.next() && walk.line != w.decoder.lines[row] {
		}
		return &walk, nil
	})
}

// rows takes the rows of a segment that have as many fields as the header, and
// accounts for the others.
func (s *csvSupply) rows(w *worker, p *piece) *rows {
	r, d := &w.rows, w.decoder
	r.dialect, r.data, r.marks, r.width = s.dialect, p.buf, w.split.marks, len(s.header.names)
	p.counted.Read += int64(len(w.split.ends))
	if p.number > 0 && r.takeAll(w.split.ends) {
		d.lines = sizedTo(d.lines, len(r.first))
		inner := 0 // line ends within quotes seen
		for i, first := range r.first {
			for inner < len(w.split.inner) && w.split.inner[inner] <= r.marks[first-1] {
				inner++
			}
			d.lines[i] = p.line + int64(i+inner)
		}
	} else {
		s.takeSome(w, p)
	}
	d.prints = r.prints(d.prints)
	return r
}

// takeAll takes all rows, unless one has another number of fields than the header
// or may be blank.
func (r *rows) takeAll(ends []uint32) bool {
	r.first, r.last = sizedTo(r.first, len(ends)), append(r.last[:0], ends...)
	before := uint32(0) // the mark at which the row before ends
	for i, end := range ends {
		if int(end-before) != r.width || int(r.marks[end]-r.marks[before]) <= r.width+2 {
			return false
		}
		r.first[i] = before + 1
		before = end
	}
	return true
}

// takeSome looks at the rows one by one.
func (s *csvSupply) takeSome(w *worker, p *piece) {
	r, d := &w.rows, w.decoder
	r.first, r.last, d.lines = r.first[:0], r.last[:0], d.lines[:0]
	skip := 0
	if p.number == 0 {
		skip = s.skip
	}
	walk := walker{splitter: &w.split, segment: &p.segment}
	for walk.next() {
		class := dataRow
		if walk.width() != r.width || skip > 0 || walk.bare() {
			class = s.judge(&w.export.Source, &walk)
		}
		switch {
		case skip > 0:
			skip--
			if class == emptyRow {
				p.counted.Blank++
			} else {
				p.counted.Headers++
			}
		case class == dataRow: // perhaps with empty fields beyond the header
			r.first, r.last = append(r.first, uint32(walk.first)), append(r.last, uint32(walk.last))
			d.lines = append(d.lines, walk.line)
		default:
			p.other(s.file, class, &walk)
		}
	}
}

// judgeBad looks again at the rows of a piece that could not be read, which are asked
// for in their order: one that is no data is accounted for as what it is.
func (f *file) judgeBad(w *worker, again func(row int) (rawRow, error)) error {
	for _, b := range w.decoder.bad() {
		r, err := again(b.row)
		if err != nil {
			return err
		}
		if class := f.judge(&w.export.Source, r); class != dataRow {
			w.piece.other(f, class, r)
			w.decoder.noData(b.row)
		}
	}
	return nil
}
