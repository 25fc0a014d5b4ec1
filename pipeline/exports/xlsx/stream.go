package xlsx

import (
	"fmt"
	"io"
)

const (
	chunk     = 128 << 10
	chunks    = 4        // in flight between the two sides
	maxWindow = 64 << 20 // the longest row or string
)

// stream is a scanner over a member that is inflated on a goroutine of its own.
// When the scanner says errShort, more gives it the bytes that follow.
type stream struct {
	scanner
	window []byte
	full   chan []byte
	free   chan []byte
	stop   chan struct{}
	failed error // of the goroutine; read after full is closed
}

func newStream(r io.Reader, depth int) *stream {
	s := &stream{
		scanner: scanner{maxDepth: depth},
		full:    make(chan []byte, chunks),
		free:    make(chan []byte, chunks),
		stop:    make(chan struct{}),
	}
	for range chunks {
		s.free <- make([]byte, chunk)
	}
	go s.inflate(r)
	return s
}

// inflate fills chunks until the member ends, fails, or nobody wants more.
func (s *stream) inflate(r io.Reader) {
	defer close(s.full)
	defer func() {
		if p := recover(); p != nil {
			s.failed = fmt.Errorf("inflating panicked: %v", p)
		}
	}()
	for {
		var b []byte
		select {
		case b = <-s.free:
		case <-s.stop:
			return
		}
		n, err := io.ReadFull(r, b[:chunk])
		if n > 0 {
			s.full <- b[:n] // never blocks: there are no more chunks than it holds
		}
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return // those of ReadFull itself: a member's are of another type
		case err != nil:
			s.failed = err
			return
		}
	}
}

// close ends the goroutine and waits for it.
func (s *stream) close() {
	close(s.stop)
	for range s.full {
	}
}

// more gives the scanner the bytes that follow. What it has read is gone.
func (s *stream) more() error {
	b, ok := <-s.full
	if !ok {
		if s.failed != nil {
			return s.failed
		}
		if s.last {
			return io.ErrUnexpectedEOF
		}
		s.last = true
		return nil
	}
	tail := copy(s.window[:cap(s.window)], s.in[s.pos:])
	if tail+len(b) > cap(s.window) {
		if tail > maxWindow {
			return fmt.Errorf("a row or string: %w", &Beyond{"", maxWindow, " bytes"})
		}
		grown := make([]byte, 2*(tail+chunk))
		copy(grown, s.window[:tail])
		s.window = grown
	}
	s.window = s.window[:tail+copy(s.window[tail:cap(s.window)], b)]
	s.in, s.pos = s.window, 0
	s.free <- b
	return nil
}
