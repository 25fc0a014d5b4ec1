package xlsx

import (
	"cmp"
	"fmt"

	"github.com/xuri/excelize/v2"
)

// Sheet is a worksheet: from the top its rows, the body, and the rows below it.
type Sheet struct {
	Name   string
	Tab    string // colour of the tab, RRGGBB
	Widths []float64
	Rows   []Row
	Body   Body
	Below  []Row

	FrozenRows int  // they are repeated on every printed page too, unless Once
	Once       bool // they are printed on the first page only
	FrozenCols int
	Gridlines  bool
	Portrait   bool
	Printed    string // the block that is printed, $A$1:$F$20; "" is all
	// Scale, in per cent, is how large the sheet is printed, so that its breaks
	// count: fitted to the width of a page, a spreadsheet ignores them.
	Scale     uint
	Breaks    []int // rows, from 1, that start a new printed page
	Protected bool  // without a password; cells of unlocked styles stay open

	Table      *Table
	Charts     []Chart
	Links      []Link
	Formats    []Format
	Validation []Validation
	Sparklines []Sparkline
}

// rows counts the rows of the sheet.
func (s *Sheet) rows() int { return len(s.Rows) + s.Body.Count + len(s.Below) }

// row returns a row of the sheet, from 0. The cells given are used again for one of
// the body.
func (s *Sheet) row(i int, cells *[]Cell) Row {
	body := i - len(s.Rows)
	if body < 0 {
		return s.Rows[i]
	}
	if body >= s.Body.Count {
		return s.Below[body-s.Body.Count]
	}
	row := s.Body.Row((*cells)[:0], body)
	*cells = row.Cells
	return row
}

// Table is a native table with a filter in its header row.
type Table struct {
	Name     string
	Col, Row int // of the header's first cell
	Headers  []string
	Count    int // rows below the header
}

// Link leads from a cell to a place in the same workbook.
type Link struct {
	Cell   string
	Target string // 'Sheet name'!A1
	Tip    string
}

// Format lays a look over the cells of a range: by a formula, or as a scale of
// two or three colours from the lowest value to the highest.
type Format struct {
	Range   string
	Formula string // without the leading "="
	Style   int    // see Book.Difference
	Scale   []string
	Middle  string // the value in the middle of a scale of three; "" is 0
}

// Validation limits what may be typed into a cell.
type Validation struct {
	Cell     string
	Min, Max float64
	Title    string
	Message  string // shown when the cell is chosen, and when the entry is refused
}

// Sparkline is a little chart in a cell, a column for each number of a range; those
// below zero have another colour.
type Sparkline struct{ Cell, Range string }

// Quote writes a sheet's name as a formula does.
func Quote(sheet string) string {
	q := []byte{'\''}
	for i := range len(sheet) {
		if q = append(q, sheet[i]); sheet[i] == '\'' {
			q = append(q, '\'')
		}
	}
	return string(append(q, '\''))
}

// Add adds a sheet behind the others.
func (b *Book) Add(s *Sheet) {
	f := b.file
	if len(b.sheets) == 0 {
		b.fail(f.SetSheetName("Sheet1", s.Name))
	} else {
		_, err := f.NewSheet(s.Name)
		b.fail(err)
	}
	b.sheets = append(b.sheets, s)
	b.view(s)
	b.page(s)
	b.marks(s)
	for _, c := range s.Charts {
		b.chart(s.Name, c)
	}
}

// view sets what is seen on the screen.
func (b *Book) view(s *Sheet) {
	f := b.file
	grid, rtl := s.Gridlines, b.properties.RightToLeft
	b.fail(f.SetSheetView(s.Name, 0, &excelize.ViewOptions{ShowGridLines: &grid, RightToLeft: &rtl}))
	tab, fit := "FF"+cmp.Or(s.Tab, "7F7F7F"), s.Scale == 0
	b.fail(f.SetSheetProps(s.Name, &excelize.SheetPropsOptions{TabColorRGB: &tab, FitToPage: &fit}))
	for i, w := range s.Widths {
		col, _ := excelize.ColumnNumberToName(i + 1)
		b.fail(f.SetColWidth(s.Name, col, col, w))
	}
	if s.FrozenRows > 0 || s.FrozenCols > 0 {
		b.fail(f.SetPanes(s.Name, panes(s.FrozenCols, s.FrozenRows)))
	}
}

func panes(cols, rows int) *excelize.Panes {
	p := &excelize.Panes{Freeze: true, XSplit: cols, YSplit: rows, TopLeftCell: Ref(cols+1, rows+1)}
	switch {
	case cols == 0:
		p.ActivePane = "bottomLeft"
	case rows == 0:
		p.ActivePane = "topRight"
	default:
		p.ActivePane = "bottomRight"
	}
	p.Selection = []excelize.Selection{{SQRef: p.TopLeftCell, ActiveCell: p.TopLeftCell, Pane: p.ActivePane}}
	return p
}

// page sets what is printed: one page wide or to scale, the frozen rows on every
// page.
func (b *Book) page(s *Sheet) {
	f := b.file
	size, wide, tall, way := b.properties.Paper.size(), 1, 0, "landscape"
	if s.Portrait {
		way = "portrait"
	}
	layout := &excelize.PageLayoutOptions{Size: &size, Orientation: &way}
	if s.Scale > 0 {
		layout.AdjustTo = &s.Scale
	} else {
		layout.FitToWidth, layout.FitToHeight = &wide, &tall
	}
	b.fail(f.SetPageLayout(s.Name, layout))
	side, top := 0.5, 0.6
	b.fail(f.SetPageMargins(s.Name, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &top}))
	b.fail(f.SetHeaderFooter(s.Name, &excelize.HeaderFooterOptions{OddFooter: b.properties.Footer}))
	if s.FrozenRows > 0 && !s.Once {
		b.fail(f.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", Scope: s.Name,
			RefersTo: fmt.Sprintf("%s!$1:$%d", Quote(s.Name), s.FrozenRows),
		}))
	}
	if s.Printed != "" {
		b.fail(f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: s.Name, RefersTo: Quote(s.Name) + "!" + s.Printed}))
	}
	for _, row := range s.Breaks {
		b.fail(f.InsertPageBreak(s.Name, Ref(1, row)))
	}
}

// marks sets what lies on the cells: table, links, formats, validation.
func (b *Book) marks(s *Sheet) {
	f := b.file
	if t := s.Table; t != nil {
		for i, h := range t.Headers {
			b.fail(f.SetCellStr(s.Name, Ref(t.Col+i, t.Row), h))
		}
		stripes := true
		b.fail(f.AddTable(s.Name, &excelize.Table{
			Name: t.Name, StyleName: "TableStyleLight1", ShowRowStripes: &stripes,
			Range: Range(t.Col, t.Row, t.Col+len(t.Headers)-1, t.Row+max(t.Count, 1)),
		}))
	}
	for _, l := range s.Links {
		b.fail(f.SetCellHyperLink(s.Name, l.Cell, l.Target, "Location", excelize.HyperlinkOpts{Tooltip: &l.Tip}))
	}
	for _, c := range s.Formats {
		b.fail(f.SetConditionalFormat(s.Name, c.Range, []excelize.ConditionalFormatOptions{c.excelize()}))
	}
	for _, v := range s.Validation {
		b.fail(f.AddDataValidation(s.Name, v.excelize()))
	}
	if len(s.Sparklines) > 0 {
		// Columns, since LibreOffice draws of a line the marks only.
		o := &excelize.SparklineOptions{Type: "column", SeriesColor: "#0072B2", Negative: true, Axis: true}
		for _, l := range s.Sparklines {
			o.Location = append(o.Location, l.Cell)
			o.Range = append(o.Range, l.Range)
		}
		b.fail(f.AddSparkline(s.Name, o))
	}
	if s.Protected {
		b.fail(f.ProtectSheet(s.Name, &excelize.SheetProtectionOptions{
			SelectLockedCells: true, SelectUnlockedCells: true, AutoFilter: true, FormatColumns: true, FormatRows: true,
		}))
	}
}

func (c Format) excelize() excelize.ConditionalFormatOptions {
	switch len(c.Scale) {
	case 0:
		id := c.Style
		return excelize.ConditionalFormatOptions{Type: "formula", Criteria: c.Formula, Format: &id}
	case 2:
		return excelize.ConditionalFormatOptions{
			Type: "2_color_scale", Criteria: "=", MinType: "min", MaxType: "max",
			MinColor: "#" + c.Scale[0], MaxColor: "#" + c.Scale[1],
		}
	}
	return excelize.ConditionalFormatOptions{
		Type: "3_color_scale", Criteria: "=", MinType: "min", MidType: "num", MaxType: "max", MidValue: cmp.Or(c.Middle, "0"),
		MinColor: "#" + c.Scale[0], MidColor: "#" + c.Scale[1], MaxColor: "#" + c.Scale[2],
	}
}

func (v Validation) excelize() *excelize.DataValidation {
	d := excelize.NewDataValidation(false)
	d.SetSqref(v.Cell)
	_ = d.SetRange(v.Min, v.Max, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween)
	d.SetInput(v.Title, v.Message)
	d.SetError(excelize.DataValidationErrorStyleStop, v.Title, v.Message)
	return d
}
