package exports

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"clientworth/pipeline/finding"
)

// Export is an opened source: its files are found to be readable and its
// columns are known.
type Export struct {
	Source  Source
	Columns []Column      // those that are mapped, in the order of the batches
	Schema  *arrow.Schema // of every batch; LineColumn first

	position map[string]int
	files    []*file
}

// Reading is what came of reading an export besides its rows.
type Reading struct {
	Tallies  []Tally // one per file, in the order of Source.Files
	Findings *finding.Log
}

// file is one file of an export, looked at and settled.
type file struct {
	number  int
	name    string // for display
	sheet   string // of a workbook
	parquet bool
	path    string
	before  os.FileInfo
	dialect
	described string
	encoding  string
	skip      int // rows up to the header, it included
	header    header
	plans     []*plan // one for each column of the export
	except    []except
}

// Open looks at the files of a source, settles their dialect, finds their
// headers and checks the mapping. Its errors are [*Placed].
func Open(ctx context.Context, src Source) (*Export, error) {
	e := &Export{Source: src, position: map[string]int{}}
	if src.Inline != nil {
		return e, e.openInline()
	}
	if len(src.Files) == 0 {
		return nil, &Placed{Place: finding.Place{File: src.Label}, Err: errors.New("no such file"), Remedy: "correct the path"}
	}
	if name, ok := src.stray(); ok {
		return nil, &Placed{Place: finding.Place{File: src.Label}, Err: fmt.Errorf("%s has no column %q", src.Input, name), Remedy: "correct its name under columns:"}
	}
	for i, name := range src.Files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f := &file{number: i, name: name, path: fileName(src.Folder, name)}
		if err := f.open(&e.Source); err != nil {
			return nil, f.placed(err)
		}
		e.files = append(e.files, f)
	}
	e.unite()
	return e, nil
}

// Column returns the position of a canonical column in the batches, and -1 where
// it is not mapped.
func (e *Export) Column(name string) int {
	if i, ok := e.position[name]; ok {
		return i
	}
	return -1
}

// Has reports whether a canonical column is mapped.
func (e *Export) Has(name string) bool { return e.Column(name) >= 0 }

// unite gives all files the columns that any of them has.
func (e *Export) unite() {
	found := map[string]Column{}
	var order []string
	for _, f := range e.files {
		for _, p := range f.plans {
			if _, ok := found[p.Name]; !ok && p.Kind != Time {
				found[p.Name] = p.Column
				order = append(order, p.Name)
			}
		}
	}
	canonical := Columns(e.Source.Input)
	rank := func(name string) int {
		if i := slices.IndexFunc(canonical, func(c Column) bool { return c.Name == name }); i >= 0 {
			return i
		}
		return len(canonical)
	}
	slices.SortStableFunc(order, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a, b))
	})
	fields := []arrow.Field{{Name: LineColumn, Type: arrow.PrimitiveTypes.Int64}}
	for _, name := range order {
		c := found[name]
		e.Columns = append(e.Columns, c)
		e.position[name] = len(fields)
		fields = append(fields, arrow.Field{Name: name, Type: arrowType(c.Kind), Nullable: true})
	}
	e.Schema = arrow.NewSchema(fields, nil)
	for _, f := range e.files {
		f.plans = f.aligned(e.Columns)
	}
}

// aligned returns the file's plans in the order of the columns; a column that
// this file lacks is empty.
func (f *file) aligned(columns []Column) []*plan {
	plans := make([]*plan, len(columns))
	for i, c := range columns {
		if at := slices.IndexFunc(f.plans, func(p *plan) bool { return p.Name == c.Name }); at >= 0 {
			plans[i] = f.plans[at]
		} else {
			plans[i] = &plan{Column: c}
		}
	}
	for _, p := range f.plans {
		if p.Kind == Time {
			plans = append(plans, p)
		}
	}
	return plans
}

func arrowType(k Kind) arrow.DataType {
	switch k {
	case Name:
		return nameType
	case Text:
		return arrow.BinaryTypes.String
	case Date, Month:
		return arrow.FixedWidthTypes.Date32
	case Decimal:
		return decimalType
	case Flag:
		return arrow.FixedWidthTypes.Boolean
	}
	return arrow.PrimitiveTypes.Int64
}

var (
	nameType    = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Uint32, ValueType: arrow.BinaryTypes.String}
	decimalType = &arrow.Decimal128Type{Precision: 38, Scale: 6}
)

// atLine is an error on a line of a file.
type atLine struct {
	line   int64
	column int
	field  string
	err    error
	remedy string
}

func (a *atLine) Error() string { return a.err.Error() }
func (a *atLine) Unwrap() error { return a.err }

// placed gives an error of the file its place and, where it has one, its remedy.
func (f *file) placed(err error) *Placed {
	p := &Placed{Place: finding.Place{File: f.name, Sheet: f.sheet}, Err: err}
	if at := (*atLine)(nil); errors.As(err, &at) {
		p.Place.Line, p.Place.Column, p.Place.Field, p.Err, p.Remedy = at.line, at.column, at.field, at.err, at.remedy
	}
	if u := (unsettled{}); errors.As(p.Err, &u) {
		p.Err, p.Remedy = fmt.Errorf("%w, such as %s", u.error, quoted(u.example)), u.remedy
	}
	return p
}

// open looks at a file: what it is, how it writes rows, where its header stands,
// and how its columns are read. What it is its first bytes say, not its name.
func (f *file) open(src *Source) (err error) {
	defer recovered(&err)
	is, err := contentOf(f.path)
	switch {
	case err != nil:
		return bare(err)
	case is == zipped:
		return bare(f.openSheet(src))
	case is == parquet:
		return bare(f.openParquet(src))
	}
	return bare(f.openCSV(src))
}

func (f *file) openCSV(src *Source) error {
	s, err := openText(f.path, src.Encoding)
	if err != nil {
		return err
	}
	defer s.Close()
	if ext := strings.ToLower(filepath.Ext(f.path)); ext == ".xlsx" || ext == ".xls" || ext == ".parquet" {
		return fmt.Errorf("the file is named %s, and is text: give it a name that ends in .csv, or export it again", ext)
	}
	f.before, f.encoding = s.before, s.Encoding
	head, err := s.peek(64 << 10)
	if err != nil {
		return err
	}
	if f.dialect, err = src.dialect(head); err != nil {
		return err
	}
	feed := newFeed(s, f.dialect)
	var seg segment
	if err := feed.next(&seg); err == io.EOF {
		return errEmpty
	} else if err != nil {
		return feed.at(err)
	}
	if err := f.findSeparator(src, &seg); err != nil {
		return err
	}
	f.described = f.describe(s)
	return f.settleCSV(src, feed, &seg)
}

var errEmpty = &atLine{err: errors.New("the file is empty"), remedy: "export it again"}

// bare takes the path off an error of the system: the place says it.
func bare(err error) error {
	if p := (*os.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	return err
}

// configure gives a plan what the source says of numbers and dates.
func (p *plan) configure(src *Source) (err error) {
	point := '.'
	if src.Decimal == "," {
		point = ','
	}
	p.marks = pointed(point, src.Grouping)
	p.layout = guesses[0]
	if src.Dates != "" {
		p.layout, err = layoutOf(src.Dates)
	}
	u, ok := units[src.HoursUnit]
	if !ok {
		return fmt.Errorf("hours_unit %q is not hours, minutes or seconds", src.HoursUnit)
	}
	if p.unit = u; p.Name != "hours" {
		p.unit = hours
	}
	return err
}

// dialect returns what can be told without knowing the header: the line ends and
// the quote. The separator is 0 unless it is configured.
func (src *Source) dialect(head []byte) (dialect, error) {
	d := dialect{quote: '"', eol: '\n'}
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		d.eol = '\r'
	}
	switch {
	case src.Quote == "none":
		d.quote = 0
	case len(src.Quote) == 1:
		d.quote = src.Quote[0]
	case src.Quote != "":
		return d, fmt.Errorf("quote %q is not one character", src.Quote)
	}
	switch name := strings.ToLower(src.Delimiter); {
	case separators[name] != 0:
		d.separator = separators[name]
	case len(src.Delimiter) == 1:
		d.separator = src.Delimiter[0]
	case src.Delimiter != "":
		return d, fmt.Errorf("delimiter %q is not one character", src.Delimiter)
	case len(head) >= 5 && strings.EqualFold(string(head[:4]), "sep=") && (head[5%len(head)] == '\n' || head[5%len(head)] == '\r'):
		d.separator = head[4]
	}
	return d, nil
}

var separators = map[string]byte{"comma": ',', "semicolon": ';', "tab": '\t', `\t`: '\t', "pipe": '|'}

func separatorName(c byte) string {
	for name, s := range separators {
		if s == c && len(name) > 2 {
			return name
		}
	}
	return string(c)
}

func (f *file) describe(s *stream) string {
	d := "CSV, " + separatorName(f.separator) + ", " + s.Encoding
	if s.Wrapped != "" {
		d += ", " + s.Wrapped
	}
	return d
}

// findSeparator looks for the header in the first rows, under each separator that
// there may be.
func (f *file) findSeparator(src *Source, seg *segment) error {
	candidates := []byte{',', ';', '\t', '|'}
	if f.separator != 0 {
		candidates = []byte{f.separator}
	}
	var found, missed headerFound
	tie := false
	for _, sep := range candidates {
		d := f.dialect
		d.separator = sep
		h, err := src.headerUnder(d, seg)
		switch {
		case err != nil:
			return err
		case h.complete():
			tie = found.complete() && found.equal == h.equal
			if tie {
				return &atLine{line: h.line, err: fmt.Errorf("%s and %s separate the fields equally well", separatorName(found.separator), separatorName(sep)),
					remedy: "set delimiter: to the mark between the fields"}
			}
			if !found.complete() || h.equal > found.equal {
				found = h
			}
		case len(h.plans) > len(missed.plans) || missed.header.names == nil:
			missed = h
		}
	}
	if !found.complete() {
		return missed.missingError()
	}
	f.dialect = found.dialect
	return f.use(src, found)
}

// use takes over what was found with the header.
func (f *file) use(src *Source, h headerFound) error {
	f.skip, f.header, f.plans, f.except = h.row+1, h.header, h.plans, h.header.excepts(src)
	taxed := slices.ContainsFunc(f.plans, func(p *plan) bool { return p.Name == "tax" })
	if _, rate := plainDecimal.share(src.TaxRate); src.TaxInclusive && !taxed && !rate {
		return &atLine{err: errors.New("the amounts contain tax, and nothing says how much"), remedy: "map the column tax, or set tax_rate:"}
	}
	return nil
}

// headerFound is the likeliest header under one separator.
type headerFound struct {
	dialect
	row     int
	line    int64
	header  header
	plans   []*plan
	missing []string
	equal   int // rows after it with as many fields
}

func (h headerFound) complete() bool { return h.plans != nil && len(h.missing) == 0 }

func (h headerFound) missingError() error {
	if len(h.plans) == 0 {
		return &atLine{line: h.line, err: fmt.Errorf("no header in the first %d rows", headerRows), remedy: "say with columns: what the columns of this export are called"}
	}
	return &atLine{line: h.line, err: fmt.Errorf("no column %s", quotedList(h.missing)),
		remedy: "say with columns: what they are called; the header has " + quotedList(h.header.names)}
}

func quotedList(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = quoted(n)
	}
	return strings.Join(q, ", ")
}

// findHeader looks for the header in the first rows: the first that has all
// columns, or else the one that has the most.
func (src *Source) findHeader(next func() (rawRow, bool)) (best headerFound, err error) {
	for row := range headerRows {
		r, ok := next()
		if !ok {
			break
		}
		names := make([]string, r.width())
		for i := range names {
			names[i] = textOf(r, i)
		}
		h := newHeader(names)
		plans, missing, err := src.match(h)
		if err != nil {
			return best, &atLine{line: r.at(), err: err, remedy: "say with columns: which one is meant"}
		}
		if found := (headerFound{row: row, line: r.at(), header: h, plans: plans, missing: missing}); found.complete() {
			return found, nil
		} else if best.header.names == nil || len(plans) > len(best.plans) {
			best = found
		}
	}
	return best, nil
}

func (src *Source) headerUnder(d dialect, seg *segment) (headerFound, error) {
	s := splitter{dialect: d}
	s.split(seg.buf, seg.from, seg.to)
	walk := walker{splitter: &s, segment: seg}
	h, err := src.findHeader(func() (rawRow, bool) { return &walk, walk.next() })
	h.dialect = d
	for walk.next() {
		if walk.width() == len(h.header.names) {
			h.equal++
		}
	}
	return h, err
}

// settleCSV settles how dates and numbers are written, by looking at as many rows
// as it takes.
func (f *file) settleCSV(src *Source, from *feed, seg *segment) error {
	settling, err := f.settling(src)
	if err != nil {
		return err
	}
	s := splitter{dialect: f.dialect}
	for skip := f.skip; ; {
		s.split(seg.buf, seg.from, seg.to)
		walk := walker{splitter: &s, segment: seg}
		for walk.next() {
			if skip > 0 {
				skip--
				continue
			}
			settling.row(src, &walk)
		}
		if settling.enough() {
			break
		}
		if err := from.next(seg); err == io.EOF {
			break
		} else if err != nil {
			return from.at(err)
		}
	}
	return settling.settle()
}

// at gives an error of reading the line on which it happened.
func (f *feed) at(err error) error {
	switch err {
	case errUnclosed:
		return &atLine{line: f.line, err: err, remedy: "export it again; where the quote mark is a plain character, set quote: none"}
	case errLongRow:
		return &atLine{line: f.line, err: err}
	}
	return err
}

// Each reads all files in order with one worker, row by row.
func (e *Export) Each(ctx context.Context, row func(Row) error) (*Reading, error) {
	return e.Read(ctx, 1, func(int) Gatherer { return eachRow(row) })
}

type eachRow func(Row) error

func (f eachRow) Gather(b Batch) error {
	for row := range b.Rows() {
		if err := f(row); err != nil {
			return err
		}
	}
	return nil
}

// place returns a place in a file of the export.
func (e *Export) place(file int, line int64, column string) finding.Place {
	f := e.files[file]
	if i := e.Column(column); i > 0 {
		return f.place(line, f.plans[i-1])
	}
	return finding.Place{File: f.name, Sheet: f.sheet, Line: line, Field: column}
}
