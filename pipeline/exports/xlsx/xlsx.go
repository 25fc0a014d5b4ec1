// Package xlsx reads the worksheets of .xlsx workbooks: typed, row by row, and
// honestly. Either every byte of what it hands out was checked, down to the
// checksum of the archive's member and the well-formedness of its XML, or it
// returns an error; it never leaves out what it does not understand. Memory grows
// with the table of shared strings, not with the rows.
//
// It reads what a cell holds, never how it is shown: formats decide only whether
// a number is a date. It computes no formula, follows no link to another file,
// and writes nothing.
package xlsx

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"clientworth/pipeline/finding"
)

// Limits bound what a workbook may make its reader do. What is zero is the
// default.
type Limits struct {
	Members  int // of the archive
	Inflated int // bytes, of all members together
	Ratio    int // inflated to compressed size of a member above 1 MB
	Depth    int // of nested XML elements
	Columns  int // the last one with a value
}

// DefaultLimits are far above what finance exports.
var DefaultLimits = Limits{Members: 10_000, Inflated: 2 << 30, Ratio: 200, Depth: 64, Columns: 1_024}

// maxRows and maxColumns are what a worksheet can have.
const (
	maxRows    = 1_048_576
	maxColumns = 16_384
)

func (l Limits) withDefaults() Limits {
	or := func(limit *int, standard int) {
		if *limit <= 0 {
			*limit = standard
		}
	}
	or(&l.Members, DefaultLimits.Members)
	or(&l.Inflated, DefaultLimits.Inflated)
	or(&l.Ratio, DefaultLimits.Ratio)
	or(&l.Depth, DefaultLimits.Depth)
	or(&l.Columns, DefaultLimits.Columns)
	return l
}

// Beyond is in the chain of an error that a higher limit would avoid.
type Beyond struct {
	Limit string // its name, as columns; "" where it cannot be raised
	Max   int
	Unit  string
}

func (b *Beyond) Error() string { return fmt.Sprintf("beyond the limit of %d%s", b.Max, b.Unit) }

// Error says what is wrong with a workbook, and where: in a cell, a row or a
// sheet, or else in a member of its archive.
type Error struct {
	Part   string
	Sheet  string
	Row    int // from 1; 0 is unknown
	Column int // from 1; 0 is unknown
	Err    error
}

func (e *Error) Error() string {
	switch {
	case e.Row > 0 && e.Column > 0:
		return fmt.Sprintf("%s!%s%d: %v", e.Sheet, finding.ColumnName(e.Column), e.Row, e.Err)
	case e.Row > 0:
		return fmt.Sprintf("%s!%d: %v", e.Sheet, e.Row, e.Err)
	case e.Sheet != "":
		return fmt.Sprintf("%s: %v", e.Sheet, e.Err)
	}
	return fmt.Sprintf("%s: %v", e.Part, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// inPart says in which member an error lies, unless it knows better.
func inPart(f *zip.File, err error) error {
	if _, ok := err.(*Error); ok {
		return err
	}
	return &Error{Part: f.Name, Err: err}
}

// Book is an open workbook. Its sheets may be read one after the other, each as
// often as wanted; it is not safe for concurrent use.
type Book struct {
	archive   *archive
	sheets    []*Sheet
	strings   *sharedStrings
	formats   formats
	epoch1904 bool
}

// Sheet is one worksheet. What it hides is complete once its rows have been read
// to the end.
type Sheet struct {
	Name   string
	Hidden bool // the sheet itself

	Rows          int // that hold anything
	HiddenRows    int // of those
	HiddenColumns int
	Filtered      bool   // a filter is set, which hides rows
	Merged        []Rows // of areas of several rows that are merged into one cell

	file *zip.File
	read bool
}

// Rows are the first and the last of some rows of a sheet.
type Rows struct{ First, Last int }

// Open opens a workbook. Everything but the worksheets is read to the end and
// checked; Rows does so for a worksheet, and Check for all others.
func Open(r io.ReaderAt, size int64, l Limits) (b *Book, err error) {
	defer func() {
		if p := recover(); p != nil {
			b, err = nil, fmt.Errorf("reading the workbook panicked: %v", p)
		}
	}()
	a, err := openArchive(r, size, l.withDefaults())
	if err != nil {
		return nil, err
	}
	b = &Book{archive: a, strings: &sharedStrings{}}
	if err := b.open(); err != nil {
		return nil, err
	}
	worksheets := map[*zip.File]bool{}
	for _, s := range b.sheets {
		worksheets[s.file] = true
	}
	for _, f := range a.order {
		if !worksheets[f] {
			if err := a.check(f); err != nil {
				return nil, err
			}
		}
	}
	return b, nil
}

var created = regexp.MustCompile(`<dcterms:created[^<>]*>([^<>]+)</dcterms:created>`)

// Created returns when the workbook says that it was made; zero where it does not.
func (b *Book) Created() time.Time {
	f := b.archive.members["docprops/core.xml"]
	if f == nil || f.UncompressedSize64 > 1<<16 {
		return time.Time{}
	}
	text, err := b.archive.all(f)
	if err != nil {
		return time.Time{} // Open has checked it
	}
	if m := created.FindSubmatch(text); m != nil {
		if t, err := time.Parse(time.RFC3339, string(m[1])); err == nil {
			return t
		}
	}
	return time.Time{}
}

// open follows the relationships from the archive's root to the sheets.
func (b *Book) open() error {
	roots, err := b.archive.relations("")
	if err != nil {
		return err
	}
	var book *zip.File
	for _, r := range roots {
		if r.is("officeDocument") {
			book = b.archive.find("", r.target)
		}
	}
	switch {
	case book == nil:
		return errors.New("not a workbook: the archive names no main document")
	case strings.HasSuffix(strings.ToLower(book.Name), ".bin"):
		return &Error{Part: book.Name, Err: errors.New("is a binary workbook: save it as .xlsx")}
	}
	relations, err := b.archive.relations(book.Name)
	if err != nil {
		return err
	}
	for _, r := range relations {
		f := b.archive.find(book.Name, r.target)
		switch {
		case f == nil && (r.is("sharedStrings") || r.is("styles")):
			return &Error{Part: book.Name, Err: fmt.Errorf("refers to %q, which is missing", r.target)}
		case r.is("sharedStrings"):
			b.strings, err = b.archive.strings(f)
		case r.is("styles"):
			b.formats, err = b.archive.styles(f)
		}
		if err != nil {
			return err
		}
	}
	return b.workbook(book, relations)
}

// workbook reads the list of sheets and which epoch dates count from.
func (b *Book) workbook(f *zip.File, relations []relation) error {
	names := map[string]bool{}
	return b.archive.each(f, "workbook", func(s *scanner, parent, name string) error {
		switch parent + "/" + name {
		case "workbook/workbookPr":
			b.epoch1904 = s.flag("date1904")
		case "sheets/sheet":
			sheet, target, err := sheetEntry(s)
			if err != nil {
				return err
			}
			key := strings.ToLower(sheet.Name)
			if sheet.Name == "" || names[key] {
				return fmt.Errorf("sheet name %q is empty or occurs twice", sheet.Name)
			}
			names[key] = true
			i := slices.IndexFunc(relations, func(r relation) bool { return r.id == target })
			if i < 0 {
				return fmt.Errorf("sheet %q has no relationship %q", sheet.Name, target)
			}
			r := relations[i]
			if !r.is("worksheet") {
				return nil // a chart has no cells
			}
			if sheet.file = b.archive.find(f.Name, r.target); sheet.file == nil {
				return fmt.Errorf("sheet %q is missing: %q", sheet.Name, r.target)
			}
			b.sheets = append(b.sheets, sheet)
		}
		return nil
	})
}

func sheetEntry(s *scanner) (sheet *Sheet, relation string, err error) {
	name, err := s.value("name")
	if err != nil {
		return nil, "", err
	}
	state, err := s.value("state")
	if err != nil {
		return nil, "", err
	}
	if relation, err = s.value("id"); err != nil {
		return nil, "", err
	}
	return &Sheet{Name: name, Hidden: state != "" && state != "visible"}, relation, nil
}

// Sheets returns the worksheets in the workbook's order, hidden ones too.
func (b *Book) Sheets() []*Sheet { return b.sheets }

// Sheet returns the sheet of a name, hidden or not, or without a name the only
// visible one.
func (b *Book) Sheet(name string) (*Sheet, error) {
	var found *Sheet
	var all []string
	for _, s := range b.sheets {
		if s.Name == name {
			return s, nil
		}
		if !s.Hidden {
			found = s
			all = append(all, s.Name)
		}
	}
	switch {
	case name != "":
		return nil, fmt.Errorf("no sheet %q; visible are %q", name, all)
	case len(all) != 1:
		return nil, fmt.Errorf("%d visible sheets, %q: which one holds the rows is not said", len(all), all)
	}
	return found, nil
}

// Check reads the worksheets that Rows has not read to their end, so that damage
// anywhere in the file is found, and what they hold is counted.
func (b *Book) Check() error {
	for _, s := range b.sheets {
		if s.read {
			continue
		}
		for _, err := range b.Rows(s) {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// relation is a part's pointer to another.
type relation struct{ id, kind, target string }

// is compares the last word of the type: what stands before it differs between
// the two variants of the standard.
func (r relation) is(kind string) bool { return strings.HasSuffix(r.kind, "/"+kind) }

// relations returns the relationships of a part. External ones are
// left out: they are never followed.
func (a *archive) relations(part string) ([]relation, error) {
	dir, base := "", part
	if i := strings.LastIndexByte(part, '/'); i >= 0 {
		dir, base = part[:i+1], part[i+1:]
	}
	f := a.find("", dir+"_rels/"+base+".rels")
	if f == nil {
		return nil, fmt.Errorf("not a workbook: %s_rels/%s.rels is missing", dir, base)
	}
	var all []relation
	err := a.each(f, "Relationships", func(s *scanner, _, name string) error {
		var v [4]string
		for i, key := range [...]string{"Id", "Type", "Target", "TargetMode"} {
			var err error
			if v[i], err = s.value(key); err != nil {
				return err
			}
		}
		if name == "Relationship" && !strings.EqualFold(v[3], "External") {
			all = append(all, relation{v[0], v[1], v[2]})
		}
		return nil
	})
	return all, err
}

// each calls do at the start of every element of a small part but its root,
// which must have the given name.
func (a *archive) each(f *zip.File, root string, do func(s *scanner, parent, name string) error) error {
	in, err := a.all(f)
	if err != nil {
		return err
	}
	s := &scanner{in: in, last: true, maxDepth: a.limits.Depth}
	for {
		t, err := s.next()
		switch {
		case err != nil:
			return inPart(f, err)
		case t.kind == eof:
			return nil
		case t.kind != start:
		case s.depth() > 1:
			err = do(s, string(local(s.name(s.depth()-2))), string(t.name))
		case string(t.name) != root:
			err = fmt.Errorf("is no <%s>", root)
		}
		if err != nil {
			return inPart(f, err)
		}
	}
}
