package exports

import (
	"fmt"
	"strings"

	"clientworth/pipeline/exports/xlsx"
)

// Look is what can be seen of an export before anyone has said what its columns
// mean.
type Look struct {
	Described string // "CSV, semicolon, UTF-8"
	Header    []string
	Rows      [][]string // the first rows below the header
}

// lookRows is how many rows are looked at.
const lookRows = 200

// LookAt looks at a file; its encoding, if it is a text, is UTF-8 where none is
// named, and of a workbook the sheet, if it has several. Its header is the first row at least as wide as most rows (those of a
// sheet end at their last value), with words in it and no figures. The error is a
// [*Placed].
func LookAt(folder, name, sheet, encoding string) (*Look, error) {
	f := &file{name: name, path: fileName(folder, name)}
	l, err := f.look(sheet, encoding)
	if err != nil {
		return nil, f.placed(err)
	}
	return l, nil
}

// Sheets returns the names of the sheets of a workbook that are not hidden. Any other
// file has none. The error is a [*Placed].
func Sheets(folder, name string) ([]string, error) {
	f := &file{name: name, path: fileName(folder, name)}
	names, err := f.sheets()
	if err != nil {
		return nil, f.placed(err)
	}
	return names, nil
}

func (f *file) sheets() (names []string, err error) {
	defer recovered(&err)
	is, err := contentOf(f.path)
	if err != nil {
		return nil, bare(err)
	}
	if is != zipped {
		return nil, nil
	}
	s, err := openBook(f.path, xlsx.Limits{})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	for _, sheet := range s.book.Sheets() {
		if !sheet.Hidden {
			names = append(names, sheet.Name)
		}
	}
	return names, nil
}

func (f *file) look(sheet, encoding string) (l *Look, err error) {
	defer recovered(&err)
	is, err := contentOf(f.path)
	if err != nil {
		return nil, bare(err)
	}
	if is == zipped {
		return f.lookAtSheet(sheet)
	}
	return f.lookAtText(encoding)
}

func (f *file) lookAtSheet(name string) (*Look, error) {
	s, err := openSheet(f.path, name, xlsx.Limits{})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	some, err := s.some()
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for _, r := range some[:min(len(some), lookRows)] {
		rows = append(rows, texts(r))
	}
	return seen("XLSX, sheet "+quoted(s.sheet.Name), rows)
}

// lookAtText takes the separator under which most rows have as many fields.
func (f *file) lookAtText(encoding string) (*Look, error) {
	s, err := openText(f.path, encoding)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	_, seg, err := f.begin(&Source{}, s)
	if err != nil {
		return nil, err
	}
	var best [][]string
	width, most := 0, 0
	for _, d := range f.candidates() {
		split := splitter{dialect: d}
		split.split(seg.buf, seg.from, seg.to)
		walk := walker{splitter: &split, segment: seg}
		var rows [][]string
		for len(rows) < lookRows && walk.next() {
			rows = append(rows, texts(&walk))
		}
		if w, n := usualWidth(rows); n > most || n == most && w > width { // a comma in all rows may stand in their numbers
			best, width, most, f.separator = rows, w, n, d.separator
		}
	}
	return seen(f.describe(s), best)
}

func texts(r rawRow) []string {
	t := make([]string, r.width())
	for i := range t {
		t[i] = trimmed(textOf(r, i))
	}
	return t
}

// usualWidth returns the width above one that most rows have, and how many do.
func usualWidth(rows [][]string) (width, n int) {
	count := map[int]int{}
	for _, r := range rows {
		count[len(r)]++
	}
	for w, c := range count {
		if w > 1 && (c > n || c == n && w > width) {
			width, n = w, c
		}
	}
	return width, n
}

// seen finds the header among the rows.
func seen(described string, rows [][]string) (*Look, error) {
	width, _ := usualWidth(rows)
	for i, r := range rows[:min(len(rows), headerRows)] {
		if len(r) >= width && headline(r) {
			return &Look{Described: described, Header: r, Rows: rows[i+1:]}, nil
		}
	}
	return nil, &atLine{line: 1, err: fmt.Errorf("no header in the first %d rows", headerRows), remedy: "export it with a row of column names"}
}

// headline reports whether a row has words in most fields and figures in none.
func headline(r []string) bool {
	words := 0
	for _, text := range r {
		switch {
		case text == "":
		case strings.Trim(text, "0123456789.,:-/ ") == "":
			return false
		default:
			words++
		}
	}
	return 2*words > len(r)
}
