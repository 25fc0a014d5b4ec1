package exports

import (
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"clientworth/pipeline/cores"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/period"
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
	keyed     bool // a row stands on many lines, each with a key, which are no rows
	encoding  string
	skip      int   // rows up to the header, it included
	headLine  int64 // of the header
	header    header
	plans     []*plan // one for each column of the export
	spared    []int   // fields of columns that nobody reads
	except    []except
	from      period.Day // of dates without a year
	stamp     string     // when it was made
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
	e.files = make([]*file, len(src.Files))
	err := cores.Each(len(src.Files), 1, func(i, _ int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		f := &file{number: i, name: src.Files[i], path: fileName(src.Folder, src.Files[i])}
		if err := f.open(&e.Source); err != nil {
			return f.placed(err)
		}
		e.files[i] = f
		return nil
	})
	if err != nil {
		return nil, err
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

// Spare says that nobody will read texts of a column: batches have it empty, and
// its rows are told apart by it all the same. A column of Fill is read anyway: where
// it is empty a row goes on with the one before it.
func (e *Export) Spare(name string) {
	i := e.Column(name) - 1
	if i < 0 || e.Columns[i].Kind != Text || e.Columns[i].Required || slices.Contains(e.Source.Fill, name) {
		return
	}
	for _, f := range e.files {
		f.spared = append(f.spared, f.plans[i].fields...)
		f.plans[i] = &plan{Column: e.Columns[i]}
	}
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
	if errors.Is(p.Err, io.ErrUnexpectedEOF) || errors.Is(p.Err, gzip.ErrHeader) || errors.Is(p.Err, gzip.ErrChecksum) {
		p.Remedy = "the file was cut short, or has something else after its end: copy or export it again"
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
	if src.Done {
		if err := f.marked(); err != nil {
			return err
		}
	}
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

// bare takes the path off an error of the system: the place says it.
func bare(err error) error {
	if p := (*os.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Each reads all files in order with one worker, row by row.
func (e *Export) Each(ctx context.Context, row func(Row) error) (*Reading, error) {
	return e.Read(ctx, Crew{}, func() Gatherer { return eachRow(row) })
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

// Place returns a place in a file of the export.
func (e *Export) Place(file int, line int64, column string) finding.Place {
	f := e.files[file]
	if i := e.Column(column); i > 0 {
		return f.place(line, f.plans[i-1])
	}
	return finding.Place{File: f.name, Sheet: f.sheet, Line: line, Field: column}
}
