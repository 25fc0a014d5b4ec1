package xlsx

import (
	"github.com/xuri/excelize/v2"
)

// ChartKind is how a chart draws its series.
type ChartKind uint8

const (
	Scatter ChartKind = iota // points by two axes of numbers, joined by a line or not
	Columns                  // stacked columns by category
	Bars                     // stacked bars by category
	Lines                    // lines by category
)

// Chart is a native chart. Its title is its message.
type Chart struct {
	Kind          ChartKind
	At            string // the cell under its corner
	Width, Height uint   // pixels
	Title         string
	AltText       string // what a reader who does not see it is told
	XTitle        string
	YTitle        string
	XFormat       string // number format of the axis
	YFormat       string
	XMin, XMax    *float64
	YMin          *float64
	Legend        bool
	Series        []Series
}

// At returns a bound of an axis.
func At(f float64) *float64 { return &f }

// Series is a line, a cloud of points or a layer of columns.
type Series struct {
	Name    string // a cell, or a text in quotes
	X, Y    string // ranges
	Colour  string // none: not drawn, as the base of a waterfall
	Line    bool
	Markers bool
	Symbol  string // of the markers; "" is a circle
}

// AxisColour is the colour of the text of a chart: the library's own default is
// too faint to be read.
const AxisColour = "404040"

func (b *Book) chart(sheet string, c Chart) {
	types := map[ChartKind]excelize.ChartType{
		Scatter: excelize.Scatter, Columns: excelize.ColStacked, Bars: excelize.BarStacked, Lines: excelize.Line,
	}
	x := &excelize.Chart{
		Type:      types[c.Kind],
		Format:    excelize.GraphicOptions{AltText: c.AltText, Name: c.Title, OffsetX: 4, OffsetY: 4, Positioning: "oneCell"},
		Dimension: excelize.ChartDimension{Width: c.Width, Height: c.Height},
		Legend:    excelize.ChartLegend{Position: "none"},
		Title:     excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: b.directed(c.Title), Font: chartFont(12, true)}}},
		XAxis:     axis(b.directed(c.XTitle), c.XFormat), YAxis: axis(b.directed(c.YTitle), c.YFormat),
		ShowBlanksAs: "gap",
	}
	if c.Legend {
		x.Legend = excelize.ChartLegend{Position: "bottom", Font: chartFont(9, false)}
	}
	x.XAxis.Minimum, x.XAxis.Maximum, x.YAxis.Minimum = c.XMin, c.XMax, c.YMin
	x.YAxis.MajorGridLines = true
	if c.Kind == Bars { // the first category on top, its name beside the plot
		x.XAxis.ReverseOrder = true
	}
	if c.Kind == Columns || c.Kind == Bars {
		x.XAxis.TickLabelPosition = excelize.ChartTickLabelLow
		gap, overlap := uint(50), 100
		x.GapWidth, x.Overlap = &gap, &overlap
	}
	for _, s := range c.Series {
		x.Series = append(x.Series, s.excelize(c.Kind))
	}
	b.fail(b.file.AddChart(sheet, c.At, x))
}

// directed is a text of a chart, which runs from left to right in whatever
// language unless it says otherwise itself.
func (b *Book) directed(text string) string {
	if text == "" || !b.properties.RightToLeft {
		return text
	}
	const rightToLeft, end = "\u202b", "\u202c"
	return rightToLeft + text + end
}

func (s Series) excelize(kind ChartKind) excelize.ChartSeries {
	solid := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{s.Colour}}
	x := excelize.ChartSeries{Name: s.Name, Categories: s.X, Values: s.Y, Fill: solid}
	if kind == Columns || kind == Bars {
		if s.Colour == "" {
			x.Fill = excelize.Fill{Type: "pattern", Pattern: 0}
		}
		return x
	}
	x.Line = excelize.LineOptions{Type: excelize.LineNone}
	if s.Line {
		x.Line = excelize.LineOptions{Type: excelize.LineSolid, Width: 2.25}
	}
	x.Marker = excelize.ChartMarker{Symbol: "none"}
	if s.Markers {
		symbol := s.Symbol
		if symbol == "" {
			symbol = "circle"
		}
		x.Marker = excelize.ChartMarker{Symbol: symbol, Size: 6, Fill: solid, Border: excelize.LineOptions{Type: excelize.LineNone}}
	}
	return x
}

func axis(title, format string) excelize.ChartAxis {
	a := excelize.ChartAxis{Font: *chartFont(9, false)}
	if title != "" {
		a.Title = excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: title, Font: chartFont(9, false)}}}
	}
	if format != "" {
		a.NumFmt = excelize.ChartNumFmt{CustomNumFmt: format}
	}
	return a
}

func chartFont(size float64, bold bool) *excelize.Font {
	return &excelize.Font{Family: Font, Size: size, Bold: bold, Color: AxisColour}
}
