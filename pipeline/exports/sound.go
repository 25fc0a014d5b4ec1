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

// sound checks what must hold for every byte of a segment, read or not. The first
// fault counts: what follows it may be an effect of it.
func (s *splitter) sound(g *segment, transcoded bool) error {
	data := g.buf[g.from:g.to]
	var first *atLine
	at := len(data)
	fault := func(i int, err error, remedy string) {
		if i < 0 || i >= at {
			return
		}
		at = i
		line := g.line + int64(bytes.Count(data[:i], []byte{s.eol}))
		offset := i - bytes.LastIndexByte(data[:i], s.eol)
		first = &atLine{line: line, err: fmt.Errorf("%w (byte %d of the line)", err, offset), remedy: remedy}
	}
	fault(bytes.IndexByte(data, 0), errNUL, "save it as UTF-8, or set encoding:")
	if s.eol == '\n' {
		fault(s.bareReturn(g), errCR, "export it again")
	}
	for _, w := range s.doubt {
		if text := g.buf[w.from:w.to]; !utf8.Valid(text) {
			fault(int(w.from)-g.from+invalid(text), errUTF8, "set encoding: to that of the export, such as windows-1252")
			break
		}
	}
	if transcoded {
		fault(bytes.Index(data, []byte("\ufffd")), errUnder, "correct encoding:")
	}
	if i := s.misquoted(g.buf, g.from); i >= 0 {
		fault(i-g.from, errQuote, "export it again; where the quote mark is a plain character, set quote: none")
	}
	if first != nil {
		return first
	}
	return nil
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
