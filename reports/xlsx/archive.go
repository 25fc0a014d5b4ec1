package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

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
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return newDeflater(w), nil })
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
	if n := s.rows(); n > MaxRows {
		return fmt.Errorf("%d rows, a sheet holds %d", n, MaxRows)
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

// pieceRows is how many rows are made by one job.
const pieceRows = 128

// writeRows makes the rows, some hundred at a time side by side.
func (s *Sheet) writeRows(w io.Writer) error {
	pieces := newLane(func(xml *bytes.Buffer) error {
		defer buffers.Put(xml)
		_, err := w.Write(xml.Bytes())
		return err
	})
	for from, all := 0, s.rows(); from < all; from += pieceRows {
		if !pieces.give(func() (*bytes.Buffer, error) { return s.piece(from, min(from+pieceRows, all)) }) {
			break
		}
	}
	return pieces.close()
}

// piece is some rows as XML.
func (s *Sheet) piece(from, to int) (*bytes.Buffer, error) {
	out := buffer()
	b := out.AvailableBuffer()
	var cells []Cell
	for i := from; i < to; i++ {
		var err error
		if b, err = appendRow(b, i+1, s.row(i, &cells)); err != nil {
			return nil, err
		}
	}
	out.Write(b)
	return out, nil
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
