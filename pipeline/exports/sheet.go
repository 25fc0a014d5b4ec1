package exports

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"clientworth/pipeline/exports/xlsx"
	"clientworth/pipeline/finding"
)

// sheetSupply hands out the rows of a worksheet as tables.
type sheetSupply struct {
	*file
	*stream
	book   *xlsx.Book
	sheet  *xlsx.Sheet
	reader *xlsx.Reader
	tabler *tabler
	plain  bool // only rows that turn out bad are judged
	width  int  // of the header: where a row ends earlier, its other cells are empty
	row    tableRow
	done   bool
}

// sheetRows is how many rows of a worksheet are handed out at once.
const sheetRows = 4096

const remedyBook = "export it once more; or open the workbook in a spreadsheet and save it again, or as CSV"

// openSheet opens a workbook for the rows of the sheet that is meant.
func openSheet(path, name string, limits xlsx.Limits) (*sheetSupply, error) {
	s, err := openBook(path, limits)
	if err != nil {
		return nil, err
	}
	if s.sheet, err = s.book.Sheet(name); err != nil {
		s.Close()
		return nil, &atLine{err: err, remedy: "set sheet: to the name of the sheet that holds the rows"}
	}
	if s.reader, err = s.book.Read(s.sheet); err != nil {
		s.Close()
		return nil, ofBook(err)
	}
	s.close = append(s.close, s.reader.Close)
	return s, nil
}

// openBook opens a workbook, none of its sheets yet.
func openBook(path string, limits xlsx.Limits) (*sheetSupply, error) {
	s := &sheetSupply{}
	var err error
	if s.stream, err = openFile(path); err != nil {
		return nil, err
	}
	if s.book, err = xlsx.Open(s.stream.file, s.stream.before.Size(), limits); err != nil {
		s.Close()
		return nil, ofBook(err)
	}
	return s, nil
}

// ofBook gives an error of a workbook its row and its remedy.
func ofBook(err error) error {
	remedy := remedyBook
	if over := (*xlsx.Beyond)(nil); errors.As(err, &over) && over.Limit != "" {
		remedy = "if the workbook is what it should be, raise limits.workbook." + over.Limit + ", which is " + strconv.Itoa(over.Max)
	}
	if e := (*xlsx.Error)(nil); errors.As(err, &e) && e.Row > 0 {
		return &atLine{line: int64(e.Row), column: e.Column, err: e.Err, remedy: remedy}
	}
	return &atLine{err: err, remedy: remedy}
}

// openSheet looks at a workbook as open does at CSV.
func (f *file) openSheet(src *Source) error {
	s, err := openSheet(f.path, src.Sheet, src.Workbook)
	if err != nil {
		return err
	}
	defer s.Close()
	f.before, f.sheet = s.stream.before, s.sheet.Name
	f.described = "XLSX, sheet " + quoted(f.sheet)
	if made := s.book.Created(); !made.IsZero() {
		f.stamp = made.UTC().Format(stampLayout)
	}
	rows, err := s.some()
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return &atLine{err: errors.New("the sheet is empty"), remedy: "export it again"}
	}
	settling, err := f.headed(src, rows)
	if err != nil {
		return err
	}
	s.width = len(f.header.names)
	for rows = rows[f.skip:]; ; {
		for _, row := range rows {
			row.pad(s.width)
			settling.row(src, row)
		}
		if settling.enough() || s.done || settling.allTyped() {
			return settling.settle()
		}
		if rows, err = s.some(); err != nil {
			return err
		}
	}
}

// allTyped reports whether every column that is not settled had only typed
// values so far. A text further on is then read if there is only one way to.
func (s *settling) allTyped() bool {
	if slices.ContainsFunc(s.columns, func(c *settler) bool { return c.open() && c.seen }) {
		return false
	}
	for _, c := range s.columns {
		c.unseen = c.open()
	}
	return true
}

// some returns the next rows, for a look.
func (s *sheetSupply) some() ([]tableRow, error) {
	var rows []tableRow
	var arena []byte
	for !s.done && len(rows) < sheetRows {
		row, err := s.reader.Next()
		if err == io.EOF {
			s.done = true
			break
		}
		if err != nil {
			return nil, ofBook(err)
		}
		r := tableRow{}
		arena = r.set(row, arena)
		r.pad(s.width)
		rows = append(rows, r)
	}
	return rows, nil
}

// sheetSupply opens the workbook again, to be read.
func (f *file) sheetSupply(src *Source) (supply, error) {
	s, err := openSheet(f.path, src.Sheet, src.Workbook)
	if err != nil {
		return nil, err
	}
	if !same(s.stream.before, f.before) {
		s.Close()
		return nil, errChanged
	}
	s.file, s.tabler, s.plain, s.width = f, newTabler(f, src), f.plain(src), len(f.header.names)
	return s, nil
}

func (s *sheetSupply) next(p *piece) error {
	if s.done {
		return io.EOF
	}
	for len(p.lines) < sheetRows {
		row, err := s.reader.Next()
		if err == io.EOF {
			s.done, p.last = true, true
			if err := s.book.Check(); err != nil {
				return ofBook(err)
			}
			p.aside = append(append(p.aside, s.hidden()...), s.merged()...)
			return nil
		}
		if err != nil {
			return ofBook(err)
		}
		last := row.Cells[len(row.Cells)-1].Column
		if s.plain && s.tabler.skip == 0 && int(last) <= s.width {
			p.counted.Read++
			p.text = setCells(p.add(int64(row.Number)), row, p.text)
			continue
		}
		p.text = s.row.set(row, p.text)
		s.row.pad(s.width)
		s.tabler.take(p, s.row)
	}
	return nil
}

func (s *sheetSupply) decode(w *worker, p *piece) error {
	w.decoder.fillTable(&p.table)
	if !s.plain {
		return nil
	}
	return s.judgeBad(w, func(row int) (rawRow, error) { return tableRow{line: p.lines[row], cells: p.row(row)[:s.width]}, nil })
}

// set makes the row of a worksheet one of cells. Texts that the worksheet does
// not keep are added to the arena, which outlives the row.
func (r *tableRow) set(row *xlsx.Row, arena []byte) []byte {
	r.line, r.cells = int64(row.Number), r.cells[:0]
	r.pad(int(row.Cells[len(row.Cells)-1].Column))
	return setCells(r.cells, row, arena)
}

// pad gives the row at least that many cells.
func (r *tableRow) pad(width int) {
	for len(r.cells) < width {
		r.cells = append(r.cells, cell{})
	}
}

// setCells fills empty cells from the row of a worksheet.
func setCells(cells []cell, row *xlsx.Row, arena []byte) []byte {
	for i := range row.Cells {
		c := &row.Cells[i]
		arena = cells[c.Column-1].set(c, arena)
	}
	return arena
}

// set makes an empty cell that of a worksheet.
func (v *cell) set(c *xlsx.Cell, arena []byte) []byte {
	from := len(arena)
	switch c.Kind {
	case xlsx.Text:
		v.kind = textCell
		if c.Shared >= 0 {
			v.text, v.shared = c.Text, c.Shared+1
			return arena
		}
		arena = append(arena, c.Text...)
	case xlsx.Boolean:
		v.kind = truthCell
		arena = append(arena, c.Text...)
	case xlsx.Date:
		v.kind, v.moment = momentCell, moment{day: c.Day, clock: c.Clock, timed: c.Clock != 0}
		return arena
	case xlsx.Time:
		v.kind, v.moment = clockCell, moment{clock: c.Clock, timed: true}
		arena = appendClock(arena, c.Clock)
	case xlsx.Number:
		if c.Rounded && !slices.Contains(c.Text, '.') {
			*v = fault("a number of more than 15 digits")
			return arena
		}
		v.kind = numberCell
		arena = append(arena, c.Text...)
	case xlsx.NoDate:
		*v = fault(string(c.Text) + ", formatted as a date")
		return arena
	case xlsx.Fault:
		v.kind = faultCell
		arena = append(arena, c.Text...)
	default:
		*v = fault(c.Kind.String())
		return arena
	}
	v.text = arena[from:len(arena):len(arena)]
	return arena
}

func fault(text string) cell { return cell{kind: faultCell, text: []byte(text)} }

// appendClock writes a time as h:mm:ss, for whoever reads it.
func appendClock(b []byte, d time.Duration) []byte {
	if d < 0 {
		b, d = append(b, '-'), -d
	}
	return fmt.Appendf(b, "%d:%02d:%02d", d/time.Hour, d%time.Hour/time.Minute, d%time.Minute/time.Second)
}

// merged names the areas of several rows that are one cell. Those that end with the
// header say nothing of the rows.
func (s *sheetSupply) merged() (all []finding.Finding) {
	for _, rows := range s.sheet.Merged {
		if int64(rows.Last) > s.headLine {
			all = append(all, finding.Finding{Rule: MergedCells, Place: finding.Place{File: s.name, Sheet: s.sheet.Name, Line: int64(rows.First)}, Detail: fmt.Sprintf("rows %d to %d", rows.First, rows.Last)})
		}
	}
	return all
}

// hidden says what the workbook hides from whoever looks at it. It is read like
// all else.
func (s *sheetSupply) hidden() (all []finding.Finding) {
	for _, sheet := range s.book.Sheets() {
		var what []string
		count := func(n int, one, many string) {
			if n == 1 {
				many = one
			}
			if n > 0 {
				what = append(what, fmt.Sprintf("%d %s", n, many))
			}
		}
		if sheet == s.sheet {
			count(sheet.HiddenRows, "hidden row", "hidden rows")
			count(sheet.HiddenColumns, "hidden column", "hidden columns")
			if sheet.Filtered {
				what = append(what, "a filter that is set")
			}
		} else if sheet.Hidden {
			count(sheet.Rows, "row on a hidden sheet, which is not read", "rows on a hidden sheet, which are not read")
		}
		if len(what) > 0 {
			all = append(all, finding.Finding{Rule: HiddenContent, Place: finding.Place{File: s.name, Sheet: sheet.Name}, Detail: "sheet " + quoted(sheet.Name) + ": " + strings.Join(what, ", ")})
		}
	}
	return all
}
