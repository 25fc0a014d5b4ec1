package xlsx

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"
)

// parts is the content of an archive by name.
type parts map[string][]byte

// capture returns the parts that excelize would put into an archive.
func capture(f *excelize.File) (parts, error) {
	p := parts{}
	f.SetZipWriter(func(io.Writer) excelize.ZipWriter { return catcher{parts: p} })
	if _, err := f.WriteToBuffer(); err != nil {
		return nil, err
	}
	for name := range p {
		p[name] = repair(name, p[name])
	}
	return p, nil
}

// catcher is what excelize takes for an archive. Of the archive it embeds, which
// is nil, no method is called.
type catcher struct {
	*zip.Writer
	parts parts
}

// Create lets excelize write a part.
func (c catcher) Create(name string) (io.Writer, error) { return part{c.parts, name}, nil }

// Close has nothing to close.
func (c catcher) Close() error { return nil }

type part struct {
	of   parts
	name string
}

func (w part) Write(b []byte) (int, error) {
	w.of[w.name] = append(w.of[w.name], b...)
	return len(b), nil
}

// epoch is the time of every part: the earliest that a zip archive can hold.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// archive writes the parts in order, the rows of each sheet in their place. The
// deflate of this module's dependencies is used, so that a new Go release does
// not change the bytes.
func (p parts) archive(w io.Writer, sheets []*Sheet) error {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 5) })
	names := slices.Sorted(maps.Keys(p)) // "[" sorts before every letter of the others' names
	rows := map[string]*Sheet{}
	for i, s := range sheets {
		rows[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = s
	}
	for _, name := range names {
		out, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: epoch})
		if err != nil {
			return err
		}
		if s := rows[name]; s != nil {
			if err := s.write(out, p[name]); err != nil {
				return fmt.Errorf("sheet %s: %w", s.Name, err)
			}
			delete(rows, name)
		} else if _, err := out.Write(p[name]); err != nil {
			return err
		}
	}
	if len(rows) > 0 {
		panic("xlsx: a sheet has no part")
	}
	return z.Close()
}

// write writes the sheet's part with its own rows.
func (s *Sheet) write(w io.Writer, part []byte) error {
	before, after, ok := cutElement(part, "sheetData")
	if !ok {
		panic("xlsx: a sheet without sheetData")
	}
	if _, err := w.Write(append(bytes.Clone(before), "<sheetData>"...)); err != nil {
		return err
	}
	if err := s.writeRows(w); err != nil {
		return err
	}
	_, err := w.Write(append([]byte("</sheetData>"), after...))
	return err
}

// writeRows generates the rows beside the goroutine that deflates them: at most a
// few pieces wait between the two.
func (s *Sheet) writeRows(w io.Writer) error {
	if s.Rows == nil {
		return nil
	}
	pieces, stop, done := make(chan []byte, 4), make(chan struct{}), make(chan error, 1)
	go func() {
		defer close(pieces)
		done <- s.pieces(func(piece []byte) bool {
			select {
			case pieces <- piece:
				return true
			case <-stop:
				return false
			}
		})
	}()
	var failed error
	for piece := range pieces {
		if failed == nil {
			if _, failed = w.Write(piece); failed != nil {
				close(stop)
			}
		}
	}
	return cmp.Or(failed, <-done)
}

// pieces hands the rows as XML to yield, some at a time, until it returns false.
func (s *Sheet) pieces(yield func([]byte) bool) error {
	const size = 1 << 16
	b := make([]byte, 0, size+size/4)
	n := 0
	for r := range s.Rows {
		n++
		var err error
		if b, err = appendRow(b, n, r); err != nil {
			return err
		}
		if len(b) >= size {
			if !yield(b) {
				return nil
			}
			b = make([]byte, 0, size+size/4)
		}
	}
	yield(b)
	return nil
}

// cutElement returns what stands before and after an element.
func cutElement(xml []byte, name string) (before, after []byte, ok bool) {
	i := bytes.Index(xml, []byte("<"+name))
	if i < 0 {
		return nil, nil, false
	}
	end := i + bytes.IndexByte(xml[i:], '>') + 1
	if xml[end-2] != '/' {
		closing := []byte("</" + name + ">")
		end += bytes.Index(xml[end:], closing) + len(closing)
	}
	return xml[:i], xml[end:], true
}
