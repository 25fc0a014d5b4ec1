package workbook

import (
	"slices"

	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// A data sheet has a title, a note, the result of the checks, a way back, and
// then one table.
const (
	checksRow = 3
	backRow   = 4
	headRow   = 5
	firstRow  = headRow + 1
)

// column is a column of a data sheet. Cell returns what stands in row i of the
// table, from 0.
type column struct {
	head  words.Key
	width float64
	text  bool // text under a heading that stands at its reading side
	cell  func(i int) xlsx.Cell
}

// grid is a data sheet.
type grid struct {
	sheet   words.Key
	note    string
	table   string // name of the native table, in ASCII
	columns []column
	count   int
	frozen  int // columns that stay in sight
	height  float64
	last    []xlsx.Cell // a row below the table
}

// at returns the position of a column, from 1.
func (g *grid) at(head words.Key) int {
	for i, c := range g.columns {
		if c.head == head {
			return i + 1
		}
	}
	panic("workbook: no column " + string(head))
}

// grid makes a data sheet.
func (b *builder) grid(g grid) *xlsx.Sheet {
	s := &xlsx.Sheet{
		Name: b.say(g.sheet), Tab: blue, FrozenRows: headRow, FrozenCols: g.frozen,
		Links: []xlsx.Link{{Cell: xlsx.Ref(1, backRow), Target: xlsx.Quote(b.say("sheet.summary")) + "!A1"}},
	}
	table := &xlsx.Table{Name: g.table, Col: 1, Row: headRow, Count: g.count}
	head := xlsx.Row{Height: 32}
	for _, c := range g.columns {
		s.Widths = append(s.Widths, c.width)
		table.Headers = append(table.Headers, b.say(c.head))
		style := b.look.head
		if c.text {
			style = b.look.headText
		}
		head.Cells = append(head.Cells, xlsx.Text(b.say(c.head), style))
	}
	if g.table != "" {
		s.Table = table
	}
	s.Rows = func(yield func(xlsx.Row) bool) {
		for _, row := range append(b.top(g.sheet, g.note), head) {
			if !yield(row) {
				return
			}
		}
		cells := make([]xlsx.Cell, len(g.columns))
		for i := range g.count {
			for j, c := range g.columns {
				cells[j] = c.cell(i)
			}
			if !yield(xlsx.Row{Cells: cells, Height: g.height}) {
				return
			}
		}
		if g.last != nil {
			yield(xlsx.Row{Cells: g.last})
		}
	}
	return s
}

// top is the rows above the heading of a data sheet.
func (b *builder) top(sheet words.Key, note string) []xlsx.Row {
	return []xlsx.Row{
		{Cells: []xlsx.Cell{xlsx.Text(b.title(sheet), b.look.title)}, Height: 22},
		{Cells: []xlsx.Cell{xlsx.Text(note, b.look.note)}},
		{Cells: []xlsx.Cell{b.masterResult()}},
		{Cells: []xlsx.Cell{xlsx.Text(b.say("back"), b.look.link)}},
	}
}

// absent marks a figure that cannot be told.
func (b *builder) absent() xlsx.Cell { return xlsx.Text(b.say("absent"), b.look.absent) }

// each returns rows that are known beforehand.
func each(rows []xlsx.Row) xlsx.Rows { return slices.Values(rows) }
