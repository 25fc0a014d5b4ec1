package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
)

// Rows reads a worksheet row by row; rows without a value are left out. It ends
// at the first error.
func (b *Book) Rows(s *Sheet) iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		r, err := b.Read(s)
		if err != nil {
			yield(nil, err)
			return
		}
		defer r.Close()
		for {
			row, err := r.Next()
			if err == io.EOF || !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// Reader is the reading of one worksheet, whose member of the archive is
// inflated on a goroutine of its own until Close.
type Reader struct {
	book   *Book
	sheet  *Sheet
	count  Sheet // what has been seen
	in     *stream
	inData bool // inside <sheetData>
	data   bool // has been there

	row    Row
	number []byte // of the row, in digits
	column int    // of the cell last read
	text   []byte // texts of the row that had to be put together
}

// Read starts reading a worksheet.
func (b *Book) Read(s *Sheet) (*Reader, error) {
	m, err := b.archive.open(s.file)
	if err != nil {
		return nil, err
	}
	count := Sheet{Name: s.Name, Hidden: s.Hidden, file: s.file, read: true}
	return &Reader{book: b, sheet: s, count: count, in: newStream(m, b.archive.limits.Depth)}, nil
}

// Close ends the reading, wherever it stands.
func (r *Reader) Close() { r.in.close() }

// Next returns the next row with a value; after the last, io.EOF says that the
// worksheet was sound to its end. Other errors are [*Error].
func (r *Reader) Next() (*Row, error) {
	row, err := r.next()
	switch {
	case err != nil:
		return nil, r.placed(err)
	case row == nil:
		*r.sheet = r.count
		return nil, io.EOF
	}
	return row, nil
}

// placed says where an error lies, unless it knows better.
func (r *Reader) placed(err error) error {
	if _, ok := err.(*Error); ok {
		return err
	}
	e := &Error{Part: r.sheet.file.Name, Sheet: r.sheet.Name, Err: err}
	if r.inData {
		e.Row, e.Column = r.row.Number, r.column
	}
	return e
}

// next returns the next row with a value, or nil at the end of the sheet. What
// lies across the end of the bytes at hand is read again when there are more.
func (r *Reader) next() (row *Row, err error) {
	defer func() {
		if p := recover(); p != nil {
			row, err = nil, fmt.Errorf("reading the sheet panicked: %v", p)
		}
	}()
	for {
		at, number := r.in.mark(), r.row.Number
		found, done, err := r.read()
		switch {
		case err == errShort:
			r.in.reset(at)
			r.row.Number = number
			err = r.in.more()
			if err != nil {
				return nil, err
			}
		case err != nil || done:
			return nil, err
		case found && len(r.row.Cells) > 0:
			r.tally()
			return &r.row, nil
		}
	}
}

func (r *Reader) tally() {
	r.count.Rows++
	if r.row.Hidden {
		r.count.HiddenRows++
	}
}

// read reads a row, or a token outside of rows.
func (r *Reader) read() (found, done bool, err error) {
	s := &r.in.scanner
	t, err := s.next()
	switch {
	case err != nil:
		return false, false, err
	case t.kind == eof && !r.data:
		return false, false, errors.New("holds no <sheetData>")
	case t.kind == eof:
		return false, true, nil
	case r.inData && t.kind == start:
		if string(t.name) != "row" {
			return false, false, fmt.Errorf("unexpected <%.40s> between rows", t.name)
		}
		return true, false, r.readRow(s)
	case r.inData && t.kind == text && !blank(t.text):
		return false, false, errors.New("text between rows")
	case t.kind == end && s.depth() == 1:
		r.inData = false
	case t.kind == start:
		return false, false, r.around(s, string(t.name))
	}
	return false, false, nil
}

// around takes note of an element outside of <sheetData>.
func (r *Reader) around(s *scanner, name string) error {
	switch {
	case s.depth() == 1 && name != "worksheet":
		return errors.New("is no worksheet")
	case s.depth() == 2 && name == "sheetData":
		if r.data {
			return errors.New("a second <sheetData>")
		}
		r.inData, r.data = true, true
	case s.depth() == 2 && name == "sheetPr" && s.flag("filterMode"),
		s.depth() == 3 && name == "filterColumn" && string(local(s.name(1))) == "autoFilter":
		r.count.Filtered = true
	case s.depth() == 3 && name == "col" && s.flag("hidden"):
		return r.hideColumns(s)
	case s.depth() == 3 && name == "mergeCell":
		r.merge(s)
	}
	return nil
}

// merge takes note of an area of several rows that is one cell.
func (r *Reader) merge(s *scanner) {
	ref, _ := s.attr("ref")
	from, to, _ := bytes.Cut(ref, []byte(":"))
	_, n := columnNumber(from)
	_, m := columnNumber(to)
	if area := (Rows{digits(from[n:]), digits(to[m:])}); area.Last > area.First {
		r.count.Merged = append(r.count.Merged, area)
	}
}

func (r *Reader) hideColumns(s *scanner) error {
	first, _ := s.attr("min")
	last, _ := s.attr("max")
	from, to := digits(first), digits(last)
	if from < 1 || to < from || to > maxColumns {
		return fmt.Errorf("columns %q to %q do not exist", first, last)
	}
	r.count.HiddenColumns += to - from + 1
	return nil
}

// readRow reads a row whose element has just been opened, to its end.
func (r *Reader) readRow(s *scanner) error {
	number := r.row.Number + 1
	if v, ok := s.attr("r"); ok {
		number = digits(v)
	}
	r.column = 0
	if number <= r.row.Number || number > maxRows {
		v, _ := s.attr("r")
		return fmt.Errorf("row number %.20q after row %d: it is out of order, repeated or out of range", v, r.row.Number)
	}
	r.row = Row{Number: number, Hidden: s.flag("hidden"), Cells: r.row.Cells[:0]}
	r.number = strconv.AppendInt(r.number[:0], int64(number), 10)
	r.text = r.text[:0]
	for {
		for !s.closing && r.plainCell(s) {
		}
		t, err := s.next()
		switch {
		case err != nil:
			return err
		case t.kind == end:
			return nil
		case t.kind == text && !blank(t.text):
			return errors.New("text between cells")
		case t.kind == start && string(t.name) == "extLst":
			err = s.skip()
		case t.kind == start && string(t.name) == "c":
			err = r.readCell(s)
		case t.kind == start:
			err = fmt.Errorf("unexpected <%.40s> between cells", t.name)
		}
		if err != nil {
			return err
		}
	}
}

// readCell reads a cell whose element has just been opened, to its end.
func (r *Reader) readCell(s *scanner) error {
	column := r.column + 1
	if ref, ok := s.attr("r"); ok {
		var n int
		if column, n = columnNumber(ref); column == 0 || string(ref[n:]) != string(r.number) {
			return fmt.Errorf("cell reference %.20q in row %d", ref, r.row.Number)
		}
	}
	if column <= r.column || column > maxColumns {
		return fmt.Errorf("column %d after column %d: it is out of order, repeated or out of range", column, r.column)
	}
	r.column = column
	style := 0
	if v, ok := s.attr("s"); ok {
		style = digits(v)
	}
	kind, err := typeOf(s)
	if err != nil {
		return err
	}
	value, has, formula, err := r.content(s, kind)
	if err != nil {
		return err
	}
	return r.add(kind, style, value, has, formula)
}

// cellType is the type that a cell declares.
type cellType uint8

const (
	numberType cellType = iota
	sharedType
	inlineType
	stringType
	booleanType
	errorType
	dateType
)

func typeOf(s *scanner) (cellType, error) {
	v, ok := s.attr("t")
	if !ok {
		return numberType, nil
	}
	switch string(v) {
	case "n":
		return numberType, nil
	case "s":
		return sharedType, nil
	case "inlineStr":
		return inlineType, nil
	case "str":
		return stringType, nil
	case "b":
		return booleanType, nil
	case "e":
		return errorType, nil
	case "d":
		return dateType, nil
	}
	return 0, fmt.Errorf("unknown cell type %.20q", v)
}

// content reads what stands inside a cell: its value, if it has one, and whether
// there is a formula.
func (r *Reader) content(s *scanner, kind cellType) (value []byte, has, formula bool, err error) {
	for depth := s.depth(); ; {
		t, err := s.next()
		if err != nil {
			return nil, false, false, err
		}
		switch {
		case t.kind == end && s.depth() < depth:
			return value, has, formula, nil
		case t.kind == text && !blank(t.text):
			return nil, false, false, errors.New("text in a cell outside of its value")
		case t.kind == start:
			name := string(t.name)
			if has && (name == "v" || name == "is") {
				return nil, false, false, errors.New("two values in a cell")
			}
			from := len(r.text)
			switch {
			case name == "v":
				has = true
				r.text, err = valueText(s, r.text)
			case name == "is" && kind == inlineType:
				has = true
				r.text, err = richText(s, r.text)
			case name == "f":
				formula = true
				err = s.skip()
			case name == "extLst":
				err = s.skip()
			default:
				err = fmt.Errorf("unexpected <%.40s> in a cell", name)
			}
			if err != nil {
				return nil, false, false, err
			}
			if name == "v" || name == "is" {
				value = r.text[from:len(r.text):len(r.text)]
			}
		}
	}
}

// valueText reads the text of an element that holds nothing else.
func valueText(s *scanner, dst []byte) ([]byte, error) {
	for {
		t, err := s.next()
		switch {
		case err != nil:
			return dst, err
		case t.kind == end:
			return dst, nil
		case t.kind == start:
			return dst, fmt.Errorf("unexpected <%.40s> in a value", t.name)
		case t.cdata:
			dst = append(dst, t.text...)
		default:
			if dst, err = appendText(dst, t.text); err != nil {
				return dst, err
			}
		}
	}
}

// columnNumber reads the letters of a cell reference, and says how many there
// are; 0 is no column.
func columnNumber(ref []byte) (column, letters int) {
	for letters < len(ref) && letters < 4 && 'A' <= ref[letters] && ref[letters] <= 'Z' {
		column = 26*column + int(ref[letters]-'A') + 1
		letters++
	}
	if letters > 3 {
		return 0, letters
	}
	return column, letters
}
