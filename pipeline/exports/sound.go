package exports

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

var (
	errNUL   = errors.New("a NUL byte: the file is no text, or UTF-16 without a byte order mark")
	errUTF8  = errors.New("text that is not UTF-8")
	errUnder = errors.New("text that is not in the configured encoding")
	errCR    = errors.New("a carriage return that ends no line")
	errQuote = errors.New("a quote mark inside a field, not doubled, or text after a closing one")
)

// sound checks what must hold for every byte of a segment, read or not.
func (s *splitter) sound(g *segment, transcoded bool) error {
	f := s.decoded(g, transcoded)
	if s.eol == '\n' {
		f.at(s.bareReturn(g), errCR, "export it again")
	}
	if i := s.misquoted(g.buf, g.from); i >= 0 {
		f.at(i-g.from, errQuote, "export it again; where the quote mark is a plain character, set quote: none")
	}
	return f.placed(s.eol)
}

// decoded checks that a segment is text in its encoding.
func (s *splitter) decoded(g *segment, transcoded bool) *flaw {
	f := &flaw{segment: g, offset: g.to - g.from}
	f.at(bytes.IndexByte(g.buf[g.from:g.to], 0), errNUL, "save it as UTF-8, or set encoding:")
	for _, w := range s.doubt {
		if text := g.buf[w.from:w.to]; !utf8.Valid(text) {
			f.at(int(w.from)-g.from+invalid(text), errUTF8, "set encoding: to that of the export, such as windows-1252")
			break
		}
	}
	if transcoded {
		f.at(bytes.Index(g.buf[g.from:g.to], []byte("\ufffd")), errUnder, "correct encoding:")
	}
	return f
}

// flaw is the first thing wrong in the bytes of a segment: what follows it may be
// an effect of it.
type flaw struct {
	*segment
	offset int // within the segment
	err    error
	remedy string
}

func (f *flaw) at(offset int, err error, remedy string) {
	if offset >= 0 && offset < f.offset {
		f.offset, f.err, f.remedy = offset, err, remedy
	}
}

// placed is the flaw as an error on its line, or nil where there is none.
func (f *flaw) placed(eol byte) error {
	if f.err == nil {
		return nil
	}
	before := f.buf[f.from : f.from+f.offset]
	return &atLine{
		line:   f.line + int64(bytes.Count(before, []byte{eol})),
		err:    fmt.Errorf("%w (byte %d of the line)", f.err, f.offset-bytes.LastIndexByte(before, eol)),
		remedy: f.remedy,
	}
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

// bareReturn returns the position in the segment of a carriage return outside
// quotes that no line feed follows, or -1.
func (s *splitter) bareReturn(g *segment) int {
	for at := g.from; ; at++ {
		i := bytes.IndexByte(g.buf[at:g.to], '\r')
		if i < 0 {
			return -1
		}
		if at += i; g.buf[at+1] != '\n' && !s.within(uint32(at)) {
			return at - g.from
		}
	}
}
