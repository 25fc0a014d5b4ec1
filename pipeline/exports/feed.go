package exports

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

const (
	segmentSize = 256 << 10
	headroom    = 64 // bytes that may be read before the first row
	slack       = 64 // and after the last
	longestRow  = 16 << 20
)

var (
	errUnclosed = errors.New("a quoted field is never closed")
	errLongRow  = errors.New("a row is longer than 16 MiB")
)

// segment is a run of whole rows: buf[from:to], ending with a line end.
type segment struct {
	buf      []byte
	from, to int
	line     int64 // of the first row
}

// feed cuts the text of a file into segments. Whoever takes the next one finds
// out where its last row ends and leaves the rest, with the line number, to the
// next: the state of the quotes is always known, never guessed.
type feed struct {
	r io.Reader
	dialect

	carry  []byte // an unfinished row
	open   bool   // it ends within quotes
	line   int64  // on which it starts
	done   bool
	bare   bool // the last line had no line end
	failed error
}

func newFeed(r io.Reader, d dialect) *feed { return &feed{r: r, dialect: d, line: 1} }

// next fills the segment with the next rows of the file, reusing its buffer.
// After the last row it returns io.EOF. Other errors are of reading, or
// errUnclosed and errLongRow, which stand at f.line.
func (f *feed) next(s *segment) error {
	for !f.done {
		start := headroom + len(f.carry)
		s.buf = sized(s.buf, start+segmentSize+slack)
		copy(s.buf[headroom:], f.carry)
		n, err := io.ReadFull(f.r, s.buf[start:start+segmentSize])
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			f.done = true
		case err != nil:
			f.done = true
			return err
		}
		end := start + n
		if f.quote != 0 {
			f.open = f.open != (bytes.Count(s.buf[start:end], []byte{f.quote})%2 == 1)
		}
		cut := f.lastEnd(s.buf, start, end)
		if f.done && cut < end {
			if f.open {
				f.failed = f.unclosed(s.buf[cut:end])
			} else {
				s.buf[end] = f.eol
				f.bare = true
				end++
				cut = end
			}
		}
		f.carry = append(f.carry[:0], s.buf[cut:end]...)
		if len(f.carry) > longestRow {
			f.done = true
			if f.open {
				return f.unclosed(f.carry)
			}
			return errLongRow
		}
		if cut > headroom {
			s.from, s.to, s.line = headroom, cut, f.line
			f.line += int64(bytes.Count(s.buf[headroom:cut], []byte{f.eol}))
			return nil
		}
	}
	if f.failed != nil {
		return f.failed
	}
	return io.EOF
}

// lastEnd returns the position after the last line end outside quotes, or
// headroom where there is none in the bytes read last.
func (f *feed) lastEnd(buf []byte, start, end int) int {
	open := f.open
	for i := end - 1; i >= start; i-- {
		switch c := buf[i]; {
		case c == f.quote && f.quote != 0:
			open = !open
		case c == f.eol && !open:
			return i + 1
		}
	}
	return headroom
}

// unclosed says what is wrong with the row at which the quotes come out odd: one
// may never be closed, or stand inside a field that is not quoted at all.
func (f *feed) unclosed(row []byte) error {
	open := false
	for i, c := range row {
		if c != f.quote {
			continue
		}
		if before := row[max(i, 1)-1]; !open && i > 0 && before != f.quote && before != f.separator && (f.separator != 0 || !strings.ContainsRune(",;\t|", rune(before))) {
			return errQuote
		}
		open = !open
	}
	return errUnclosed
}

func sized(b []byte, n int) []byte {
	if cap(b) < n {
		b = make([]byte, n+n/4)
	}
	return b[:n]
}

// at gives an error of reading the line on which it happened.
func (f *feed) at(err error) error {
	switch err {
	case errUnclosed, errQuote:
		return &atLine{line: f.line, err: err, remedy: "export it again; where the quote mark is a plain character, set quote: none"}
	case errLongRow:
		return &atLine{line: f.line, err: err}
	}
	return err
}
