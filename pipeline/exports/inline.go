package exports

import (
	"context"
	"maps"
	"slices"

	"clientworth/pipeline/finding"
)

// openInline makes one file of the rows that the configuration itself holds. Its
// numbers have a decimal point.
func (e *Export) openInline() error {
	src := e.Source
	names := map[string]bool{}
	for _, row := range src.Inline {
		for name := range row.Values {
			names[name] = true
		}
	}
	if src.Decimal == "" {
		src.Decimal = "."
	}
	f := &file{name: src.Label, described: "configuration"}
	if len(src.Files) > 0 {
		f.name = src.Files[0]
	}
	f.header = newHeader(slices.Sorted(maps.Keys(names)))
	plans, missing, err := src.match(f.header)
	if err == nil && len(missing) > 0 {
		err = headerFound{plans: plans, missing: missing, header: f.header, line: src.Inline[0].Line}.missingError()
	}
	if err != nil {
		return f.placed(err)
	}
	f.plans = plans
	var settlers []*settler
	for _, p := range plans {
		if err := p.configure(&src); err != nil {
			return f.placed(err)
		}
		t := newSettler(p, &src)
		settlers = append(settlers, t)
		for _, row := range src.Inline {
			if t.open() {
				for _, field := range p.fields {
					t.see(row.Values[f.header.names[field]])
				}
			}
		}
	}
	for _, t := range settlers {
		if err := t.settle(settlers); err != nil {
			return f.placed(&atLine{line: src.Inline[0].Line, field: t.Name, err: err})
		}
	}
	e.files = []*file{f}
	e.unite()
	return nil
}

// readInline gives the gatherer the rows of the configuration as one batch. A row
// that cannot be read is an error: it is the configuration that is wrong.
func (e *Export) readInline(_ context.Context, g Gatherer) (*Reading, error) {
	f := e.files[0]
	d := newDecoder(f.plans)
	for _, c := range d.columns {
		c.begin(len(e.Source.Inline))
		for row, in := range e.Source.Inline {
			cells := make([]cell, len(f.header.names))
			for i, name := range f.header.names {
				cells[i] = cell{kind: textCell, text: []byte(in.Values[name])}
			}
			c.cells(row, cells)
		}
	}
	for _, in := range e.Source.Inline {
		d.lines = append(d.lines, in.Line)
	}
	for _, p := range d.bad() {
		return nil, &Placed{Place: finding.Place{File: f.name, Line: d.lines[p.row], Field: p.column.Name}, Err: wrong(p.detail), Remedy: p.rule.Remedy}
	}
	record := d.record(e.Schema)
	defer record.Release()
	n := int64(len(d.lines))
	r := &Reading{Findings: &finding.Log{}, Tallies: []Tally{{File: f.name, Input: e.Source.Input, Source: e.Source.Label, Dialect: f.described, Read: n}}}
	if n == 0 {
		return r, nil
	}
	return r, g.Gather(Batch{Record: record, export: e})
}

type wrong string

func (w wrong) Error() string { return string(w) }
