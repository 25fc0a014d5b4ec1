package workbook

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"clientworth/pipeline/money"
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
	title string // instead of head, where the heading is a figure or a name
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
	frozen  int             // columns that stay in sight
	last    []xlsx.Cell     // a row below the table
	lead    []xlsx.Row      // rows between the way back and the table
	printed int             // columns that are printed; 0 is all
	lines   func(i int) int // lines of text in a row; nil is as many as its texts take

	widths []float64      // of the columns, as they are made
	wrap   []xlsx.StyleID // of texts that take more lines where they are long
}

// head is the row of the headings, first that below it.
func (g *grid) head() int  { return headRow + len(g.lead) }
func (g *grid) first() int { return g.head() + 1 }

// all names the column of a figure, for as many rows as are live.
func (g *grid) all(head words.Key) string {
	n := g.at(head)
	return xlsx.FixedRange(n, g.first(), n, g.first()+max(min(g.count, liveRows), 1)-1)
}

// span names the rows of a figure on another sheet, with the row below the table
// if below.
func (b *builder) span(sheet, head words.Key, below int) string {
	g := b.grids[sheet]
	n := g.at(head)
	return xlsx.Quote(b.say(sheet)) + "!" + xlsx.FixedRange(n, g.first(), n, g.first()+max(g.count, 1)-1+below)
}

// ref names the cell of a figure in row i of the table, from 0.
func (g *grid) ref(head words.Key, i int) string { return xlsx.Ref(g.at(head), g.first()+i) }

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
	b.grids[g.sheet] = &g
	if b.cut() && slices.Contains([]words.Key{"sheet.clients", "sheet.ranking", "sheet.breakdown", "sheet.months", "sheet.own errors", "sheet.left"}, g.sheet) {
		g.note = b.say("note.cut", len(b.order), len(b.r.Worth.Order)) + " " + g.note
	}
	s := &xlsx.Sheet{
		Name: b.say(g.sheet), Tab: blue, FrozenRows: g.head(), FrozenCols: g.frozen,
		Links: []xlsx.Link{{Cell: xlsx.Ref(1, backRow), Target: xlsx.Quote(b.say("sheet.summary")) + "!A1"}},
	}
	table := &xlsx.Table{Name: g.table, Col: 1, Row: g.head(), Count: g.count}
	head := xlsx.Row{Height: 32}
	for _, c := range g.columns {
		title := c.title
		if title == "" {
			title = b.say(c.head)
		}
		width := max(c.width, longestWord(title)*1.15+2)
		if !c.text && c.width >= leastAmount {
			width = max(width, b.sumWidth)
		}
		s.Widths = append(s.Widths, width)
		head.Height = max(head.Height, lineHeight*float64(lines(title, width-2))+4)
		table.Headers = append(table.Headers, unlike(title, table.Headers))
		style := b.look.head
		if c.text {
			style = b.look.headText
		}
		head.Cells = append(head.Cells, xlsx.Text(table.Headers[len(table.Headers)-1], style))
	}
	s.Table = table
	g.widths, g.wrap = s.Widths, []xlsx.StyleID{b.look.cellStrong, b.look.cellWrap}
	if g.printed > 0 {
		s.Printed = xlsx.FixedRange(1, 1, g.printed, g.first()+max(g.count, 1)-1+min(len(g.last), 1))
	}
	s.Rows = append(append(b.top(g.sheet, g.note), g.lead...), head)
	s.Body = xlsx.Body{Count: g.count, Row: g.row}
	if g.last != nil {
		s.Below = []xlsx.Row{{Cells: g.last}}
	}
	return s
}

// leastAmount is the width of the narrowest column of amounts.
const leastAmount = 12

// widthOf is the width that shows an amount with its decimals.
func (b *builder) widthOf(a money.Amount) float64 {
	const point, edges = 1, 2
	whole := b.words.Count(int(a / money.Amount(math.Pow10(b.look.currency.Places))))
	return float64(utf8.RuneCountInString(whole) + point + b.look.currency.Places + edges)
}

// widest is the largest amount of a client, and one that no sum of all exceeds.
func (b *builder) widest() (largest, sum money.Amount) {
	for i := range b.r.Worth.Clients {
		c := &b.r.Worth.Clients[i]
		most := max(c.Revenue.Abs(), c.Cost, c.FairPrice, c.Gap.Abs())
		largest, sum = max(largest, most), sum+most
	}
	return largest, sum
}

// cut reports whether there are more clients than a sheet holds.
func (b *builder) cut() bool { return len(b.order) < len(b.r.Worth.Order) }

// row is a row of the table, from 0.
func (g *grid) row(cells []xlsx.Cell, i int) xlsx.Row {
	n := 1
	for j, c := range g.columns {
		cell := c.cell(i)
		cells = append(cells, cell)
		if g.lines == nil && slices.Contains(g.wrap, cell.Style) {
			n = max(n, lines(cell.Text(), g.widths[j]-3))
		}
	}
	row := xlsx.Row{Cells: cells}
	if g.lines != nil {
		n = max(g.lines(i), 1)
	}
	if n > 1 || g.lines != nil {
		row.Height = lineHeight*float64(n) + padding
	}
	return row
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

// unlike returns a heading that no other one equals: a spreadsheet repairs, that
// is breaks, a table whose headings differ in case only.
func unlike(title string, others []string) string {
	free := title
	for n := 2; slices.ContainsFunc(others, func(o string) bool { return strings.EqualFold(o, free) }); n++ {
		free = fmt.Sprintf("%s (%d)", title, n)
	}
	return free
}

// lineHeight is the height of a line of ordinary text, padding that between rows
// of several lines, in points.
const (
	lineHeight = 13.5
	padding    = 4
)

// lines is how many lines a text takes in a column, broken between words. A
// spreadsheet's width counts digits, and a font that stands in where the workbook's
// own is missing has letters nearly as wide.
func lines(text string, width float64) int {
	width *= 1.1 // a line of words has narrow letters, too
	n, room := 1, width
	for word := range strings.FieldsSeq(text) {
		size := float64(utf8.RuneCountInString(word))
		if size > room && room < width {
			n, room = n+1, width
		}
		for ; size > width; size -= width {
			n++
		}
		room -= size + 1
	}
	return n
}

// longestWord is the length of the longest word of a heading, which must fit its
// column.
func longestWord(text string) float64 {
	n := 0
	for word := range strings.FieldsSeq(text) {
		n = max(n, utf8.RuneCountInString(word))
	}
	return float64(n)
}
