package exports

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// openCSV looks at a file of text.
func (f *file) openCSV(src *Source) error {
	s, err := openText(f.path, src.Encoding)
	if err != nil {
		return err
	}
	defer s.Close()
	if ext := strings.ToLower(filepath.Ext(f.path)); ext == ".xlsx" || ext == ".xls" || ext == ".parquet" {
		return fmt.Errorf("the file is named %s, and is text: give it a name that ends in .csv, or export it again", ext)
	}
	f.before, f.encoding = s.before, s.Encoding
	feed, seg, err := f.begin(src, s)
	if err != nil {
		return err
	}
	if err := f.findSeparator(src, seg); err != nil {
		split := splitter{dialect: f.dialect}
		split.split(seg.buf, seg.from, seg.to)
		return cmp.Or(split.decoded(seg, s.Transcoded).placed(f.eol), err) // what is no text has no header
	}
	f.described, f.keyed = f.describe(s), s.Wrapped == bankExchange
	return f.settleCSV(src, feed, seg)
}

// begin reads the first rows of a text, as far as its dialect can be told without
// knowing the header.
func (f *file) begin(src *Source, s *stream) (*feed, *segment, error) {
	head, err := s.peek(64 << 10)
	if err != nil {
		return nil, nil, err
	}
	if f.dialect, err = src.dialect(head); err != nil {
		return nil, nil, err
	}
	feed, seg := newFeed(s, f.dialect), &segment{}
	switch err := feed.next(seg); {
	case err == io.EOF:
		return nil, nil, errEmpty
	case err != nil:
		return nil, nil, feed.at(err)
	}
	return feed, seg, nil
}

var errEmpty = &atLine{err: errors.New("the file is empty"), remedy: "export it again"}

// dialect returns what can be told without knowing the header: the line ends and
// the quote. The separator is 0 unless it is configured.
func (src *Source) dialect(head []byte) (dialect, error) {
	d := dialect{quote: '"', eol: '\n'}
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		d.eol = '\r'
	}
	switch {
	case src.Quote == "none":
		d.quote = 0
	case len(src.Quote) == 1:
		d.quote = src.Quote[0]
	case src.Quote != "":
		return d, fmt.Errorf("quote %q is not one character", src.Quote)
	}
	switch name := strings.ToLower(src.Delimiter); {
	case separators[name] != 0:
		d.separator = separators[name]
	case len(src.Delimiter) == 1:
		d.separator = src.Delimiter[0]
	case src.Delimiter != "":
		return d, fmt.Errorf("delimiter %q is not one character", src.Delimiter)
	case len(head) > 5 && strings.EqualFold(string(head[:4]), "sep=") && (head[5] == '\n' || head[5] == '\r'):
		d.separator = head[4]
	}
	return d, nil
}

// candidates are the dialects that there may be: one of each usual separator, where
// none is configured.
func (d dialect) candidates() (all []dialect) {
	if d.separator != 0 {
		return []dialect{d}
	}
	for _, d.separator = range []byte{',', ';', '\t', '|'} {
		all = append(all, d)
	}
	return all
}

var separators = map[string]byte{"comma": ',', "semicolon": ';', "tab": '\t', `\t`: '\t', "pipe": '|'}

func separatorName(c byte) string {
	for name, s := range separators {
		if s == c && len(name) > 2 {
			return name
		}
	}
	return string(c)
}

func (f *file) describe(s *stream) string {
	if s.Wrapped == bankExchange {
		return s.Wrapped + ", " + s.Encoding
	}
	d := "CSV, " + separatorName(f.separator) + ", " + s.Encoding
	if s.Wrapped != "" {
		d += ", " + s.Wrapped
	}
	return d
}

// findSeparator looks for the header in the first rows, under each separator that
// there may be.
func (f *file) findSeparator(src *Source, seg *segment) error {
	var found, missed headerFound
	for _, d := range f.candidates() {
		h, err := src.headerUnder(d, seg)
		switch {
		case err != nil:
			return err
		case h.complete():
			if found.complete() && found.equal == h.equal {
				return &atLine{line: h.line, err: fmt.Errorf("%s and %s separate the fields equally well", separatorName(found.separator), separatorName(d.separator)),
					remedy: "set delimiter: to the mark between the fields"}
			}
			if !found.complete() || h.equal > found.equal {
				found = h
			}
		case len(h.plans) > len(missed.plans) || missed.header.names == nil:
			missed = h
		}
	}
	if !found.complete() {
		return missed.missingError(src)
	}
	f.dialect = found.dialect
	return f.use(src, found)
}

func (src *Source) headerUnder(d dialect, seg *segment) (headerFound, error) {
	s := splitter{dialect: d}
	s.split(seg.buf, seg.from, seg.to)
	walk := walker{splitter: &s, segment: seg}
	h, err := src.findHeader(func() (rawRow, bool) { return &walk, walk.next() })
	h.dialect = d
	for walk.next() {
		if walk.width() == len(h.header.names) {
			h.equal++
		}
	}
	return h, err
}

// settleCSV settles how dates and numbers are written, by looking at as many rows
// as it takes.
func (f *file) settleCSV(src *Source, from *feed, seg *segment) error {
	settling, err := f.settling(src)
	if err != nil {
		return err
	}
	s := splitter{dialect: f.dialect}
	for skip := f.skip; ; {
		s.split(seg.buf, seg.from, seg.to)
		walk := walker{splitter: &s, segment: seg}
		for walk.next() {
			if skip > 0 {
				skip--
				continue
			}
			settling.row(src, &walk)
		}
		if settling.enough() {
			break
		}
		if err := from.next(seg); err == io.EOF {
			break
		} else if err != nil {
			return from.at(err)
		}
	}
	return settling.settle()
}
