package exports

import (
	"fmt"
	"maps"
	"slices"

	"clientworth/pipeline/finding"
)

// openInline makes one file of the rows that the configuration itself holds. Its
// numbers have a decimal point.
func (e *Export) openInline() error {
	src := e.Source
	f := &file{name: src.Label, described: "configuration"}
	if len(src.Files) > 0 {
		f.name = src.Files[0]
	}
	names := map[string]bool{}
	for _, row := range src.Inline {
		for name := range row.Values {
			names[name] = true
		}
	}
	for _, row := range src.Inline {
		for _, name := range slices.Sorted(maps.Keys(row.Values)) {
			if _, ok := (&Source{Input: src.Input, Columns: map[string]Mapping{name: {}}}).stray(); ok {
				return f.placed(&atLine{line: row.Line, err: fmt.Errorf("%s has no column %q", src.Input, name)})
			}
		}
	}
	if src.Decimal == "" {
		src.Decimal = "."
	}
	f.header = newHeader(slices.Sorted(maps.Keys(names)))
	plans, missing, err := src.match(f.header)
	if err == nil && len(missing) > 0 {
		err = headerFound{plans: plans, missing: missing, header: f.header, line: src.Inline[0].Line}.missingError(&src)
	}
	if err != nil {
		return f.placed(err)
	}
	f.plans = plans
	settling, err := f.settling(&src)
	if err != nil {
		return f.placed(err)
	}
	for _, row := range f.inlineRows(&src) {
		settling.row(&src, row)
	}
	if err := settling.settle(); err != nil {
		return f.placed(err)
	}
	e.files = []*file{f}
	e.unite()
	return nil
}

// inlineRows are the rows of the configuration as cells.
func (f *file) inlineRows(src *Source) []tableRow {
	rows := make([]tableRow, len(src.Inline))
	for i, in := range src.Inline {
		rows[i] = tableRow{line: in.Line, cells: make([]cell, len(f.header.names))}
		for j, name := range f.header.names {
			rows[i].cells[j] = cell{kind: textCell, text: []byte(in.Values[name])}
		}
	}
	return rows
}

// readInline gives the gatherer the rows of the configuration as one batch. A row
// that cannot be read is an error: it is the configuration that is wrong.
func (e *Export) readInline(g Gatherer) (*Reading, error) {
	f := e.files[0]
	d, t := newDecoder(f.plans, nil), table{width: len(f.header.names)}
	for _, row := range f.inlineRows(&e.Source) {
		copy(t.add(row.line), row.cells)
	}
	d.fillTable(&t)
	for _, p := range d.bad() {
		return nil, &Placed{Place: finding.Place{File: f.name, Line: d.lines[p.row], Field: p.column.Name}, Err: wrong(p.detail), Remedy: p.rule.Remedy}
	}
	if err := d.contradiction(&e.Source); err != nil {
		return nil, f.placed(err)
	}
	record := d.record(e.Schema)
	defer record.Release()
	n := int64(len(d.lines))
	r := &Reading{Findings: &finding.Log{}, Tallies: []Tally{{File: f.name, Input: e.Source.Input, Source: e.Source.Label, Dialect: f.described, Read: n}}}
	if n == 0 {
		return r, nil
	}
	return r, g.Gather(Batch{Record: record, Prints: d.prints, export: e})
}

type wrong string

func (w wrong) Error() string { return string(w) }
