package exports

import (
	"slices"

	"clientworth/pipeline/exports/pages"
)

// rowGroup is a row group on its way through a worker, some thousand rows at a
// time: so many stay in the processor's caches, and however large a row group is,
// no more memory is needed. Its buffers are reused.
type rowGroup struct {
	supply *parquetSupply
	number int
	at     int // rows decoded
	rows   int
	fields []storedField
	cells  *arrowRows // fields that are read by way of Arrow
	again  *groupRows // once a row has to be looked at again
}

// batchRows is how many rows are decoded together. Tests make it smaller.
var batchRows = 8 << 10

// storedField is a field that is read from its pages.
type storedField struct {
	stored
	field   int
	column  pages.Column
	fills   []filled
	asCells bool     // a column is made of this field and others
	prints  []uint64 // of the words of the row group's dictionary
}

// open begins with a row group.
func (g *rowGroup) open(s *parquetSupply, d *decoder, group int) (err error) {
	if g.supply != s {
		g.supply, g.fields = s, s.storedFields(d)
	}
	g.number, g.at, g.rows, g.again = group, 0, int(s.reader.MetaData().RowGroup(group).NumRows()), nil
	for i := range g.fields {
		f := &g.fields[i]
		if err := s.openColumn(&f.column, group, f.leaf); err != nil {
			return s.damaged(f.field, err)
		}
		f.prints = f.prints[:0]
	}
	g.cells, err = s.read(group, s.byArrow)
	return err
}

// storedFields says which columns of the decoder are made of which fields.
func (s *parquetSupply) storedFields(d *decoder) (all []storedField) {
	for _, field := range s.mapped {
		stored, ok := s.stored(field)
		if !ok {
			continue
		}
		f := storedField{stored: stored, field: field}
		for _, c := range d.columns {
			switch {
			case len(c.fields) == 1 && c.fields[0] == field:
				f.fills = append(f.fills, filled{column: c})
			case slices.Contains(c.fields, field):
				f.asCells = true
			}
		}
		all = append(all, f)
	}
	return all
}

// fill decodes the next rows of the group, of which the first stands on the given
// line.
func (g *rowGroup) fill(d *decoder, t *table, line int64) error {
	n := min(batchRows, g.rows-g.at)
	d.lines, d.prints = d.lines[:0], sizedTo(d.prints, n)
	clear(d.prints)
	for i := range n {
		d.lines = append(d.lines, line+int64(g.at+i))
	}
	for _, c := range d.columns {
		c.begin(n)
	}
	if len(g.supply.byArrow) > 0 || slices.ContainsFunc(g.fields, func(f storedField) bool { return f.asCells }) {
		t.reset(t.width)
		for _, line := range d.lines {
			t.add(line)
		}
	}
	for i := range g.fields {
		if err := g.fields[i].fill(d, t, n); err != nil {
			return g.supply.damaged(g.fields[i].field, err)
		}
	}
	g.fillCells(d, t, n)
	g.at += n
	return nil
}

// fill decodes the next n values of the field.
func (f *storedField) fill(d *decoder, t *table, n int) error {
	for i := range f.fills {
		f.fills[i].first = f.fills[i].first[:0]
	}
	for row := 0; row < n; {
		r, err := f.column.Next(n - row)
		if err != nil {
			return err
		}
		if r.Words != nil && len(f.prints) == 0 {
			f.learn(r)
		}
		f.print(d.prints[row:row+r.Len], r)
		for i := range f.fills {
			f.fills[i].fill(row, &f.stored, r)
		}
		for i := 0; f.asCells && i < r.Len; i++ {
			if r.Null == nil || !r.Null[i] {
				t.row(row + i)[f.field] = f.cell(r, r.Value(i)).clone() // the page may be gone when the row is complete
			}
		}
		row += r.Len
	}
	return nil
}

// learn begins with the dictionary of a row group.
func (f *storedField) learn(r *pages.Run) {
	f.prints = slices.Grow(f.prints, r.Values())
	for i := range r.Values() {
		f.prints = append(f.prints, valuePrint(r, i))
	}
	for i := range f.fills {
		f.fills[i].learn(&f.stored, r)
	}
}

// valuePrint tells a value apart from others.
func valuePrint(r *pages.Run, value int) uint64 {
	if r.Ints != nil {
		return mix(uint64(r.Ints[value]), 0)
	}
	return printOf(r.Data, r.At[value], r.End[value])
}

// print adds the values of a run to the prints of their rows.
func (f *storedField) print(rows []uint64, r *pages.Run) {
	switch {
	case r.Null != nil:
		for i, row := range rows {
			of := uint64(nullPrint)
			if !r.Null[i] {
				of = valuePrint(r, r.Value(i))
			}
			rows[i] = joinPrints(row, of)
		}
	case r.Words != nil:
		for i, word := range r.Words {
			rows[i] = joinPrints(rows[i], f.prints[word])
		}
	case r.Ints != nil:
		for i, v := range r.Ints {
			rows[i] = joinPrints(rows[i], mix(uint64(v), 0))
		}
	default:
		for i, at := range r.At {
			rows[i] = joinPrints(rows[i], printOf(r.Data, at, r.End[i]))
		}
	}
}

const nullPrint = 0x51ed270b8d3c4f2a

// joinPrints adds the print of a value to that of the values before it in its row.
func joinPrints(row, value uint64) uint64 { return row*0x9e3779b97f4a7c15 + value }

// fillCells decodes the columns that are made of cells, or of nothing.
func (g *rowGroup) fillCells(d *decoder, t *table, n int) {
	var padded []byte
	for _, field := range g.supply.byArrow {
		for row := range n {
			c := &t.row(row)[field]
			*c = g.cells.cell(g.at+row, field)
			d.prints[row] = joinPrints(d.prints[row], mix(c.print(&padded), 0))
		}
	}
	for _, c := range d.columns {
		switch {
		case len(c.fields) == 0:
			c.constant(n)
		case len(c.fields) > 1:
			for row := range n {
				c.cells(row, t.row(row))
			}
		case slices.Contains(g.supply.byArrow, c.fields[0]):
			c.fillCells(t, c.fields[0])
		}
	}
}

// row returns a row of the last batch as it stands in the file. Rows are looked at
// again in their order.
func (g *rowGroup) row(d *decoder, row int) (_ rawRow, err error) {
	first := g.at - len(d.lines)
	if g.again == nil {
		if g.again, err = g.supply.rowsOf(g.number, d.lines[0]-int64(first)); err != nil {
			return nil, err
		}
	}
	return g.again.row(first + row)
}
