package exports

import "clientworth/pipeline/exports/pages"

// groupRows are the rows of a row group as raw rows, in their order and not all of
// them: for tables, and for rows that are looked at again.
type groupRows struct {
	supply *parquetSupply
	line   int64 // of the first row
	fields []rowField
	cells  *arrowRows // fields that are read by way of Arrow
}

// rowField is a field that is read from its pages, with the run that holds the row.
type rowField struct {
	stored
	field  int
	column pages.Column
	run    *pages.Run
	from   int // row of the group with which the run begins
}

// rowsOf begins with the mapped fields of a row group.
func (s *parquetSupply) rowsOf(group int, line int64) (g *groupRows, err error) {
	g = &groupRows{supply: s, line: line}
	for _, field := range s.mapped {
		stored, ok := s.stored(field)
		if !ok {
			continue
		}
		f := rowField{stored: stored, field: field, run: &pages.Run{}}
		if err := s.openColumn(&f.column, group, f.leaf); err != nil {
			return nil, s.damaged(field, err)
		}
		g.fields = append(g.fields, f)
	}
	g.cells, err = s.read(group, s.byArrow)
	return g, err
}

// row returns a row, which is valid until the next one; it is not before the last one.
func (g *groupRows) row(i int) (r tableRow, err error) {
	r = tableRow{line: g.line + int64(i), cells: make([]cell, len(g.supply.schema.Fields()))}
	for n := range g.fields {
		f := &g.fields[n]
		for i >= f.from+f.run.Len {
			f.from += f.run.Len
			if f.run, err = f.column.Next(batchRows); err != nil {
				return r, g.supply.damaged(f.field, err)
			}
		}
		if at := i - f.from; f.run.Null == nil || !f.run.Null[at] {
			r.cells[f.field] = f.cell(f.run, f.run.Value(at))
		}
	}
	for _, field := range g.supply.byArrow {
		r.cells[field] = g.cells.cell(i, field)
	}
	return r, nil
}

// openColumn begins to read a column of a row group.
func (s *parquetSupply) openColumn(c *pages.Column, group, leaf int) error {
	meta := s.reader.MetaData()
	of := meta.RowGroup(group)
	chunk, err := of.ColumnChunk(leaf)
	if err != nil {
		return err
	}
	return c.Open(s.stream.file, s.before.Size(), chunk, meta.Schema.Column(leaf), of.NumRows())
}
