package xlsx

import "github.com/xuri/excelize/v2"

// Align is how a cell's text stands across its column.
type Align uint8

const (
	Natural Align = iota // text by its own script, numbers opposite
	Start                // at the side where reading starts, whatever the script
	End
	Centre
)

// Style is how a cell looks. Colours are RRGGBB; Format is a number format code.
type Style struct {
	Size      float64 // points; zero is 10
	Bold      bool
	Italic    bool
	Underline bool
	Colour    string
	Fill      string
	Format    string
	Align     Align
	Wrap      bool
	Top       bool // text at the top of the row
	Indent    int
	Rule      string // colour of a line below
	Overline  string // colour of a line above
	Unlocked  bool
}

// Font is the one typeface of a workbook.
const Font = "Calibri"

// Ink is the colour of ordinary text.
const Ink = "262626"

// Style returns the identity of a style. All styles must be asked for before
// the book is written.
func (b *Book) Style(s Style) StyleID {
	if id, ok := b.styles[s]; ok {
		return id
	}
	id, err := b.file.NewStyle(s.excelize(b.properties.RightToLeft))
	b.fail(err)
	b.styles[s] = StyleID(id)
	return StyleID(id)
}

// Difference returns the identity of a style that a conditional format lays over
// a cell's own.
func (b *Book) Difference(s Style) int {
	x := s.excelize(false)
	x.Alignment, x.Protection = nil, nil
	x.Font = &excelize.Font{Bold: s.Bold, Color: s.Colour}
	id, err := b.file.NewConditionalStyle(x)
	b.fail(err)
	return id
}

func (s Style) excelize(rightToLeft bool) *excelize.Style {
	size, colour := s.Size, s.Colour
	if size == 0 {
		size = 10
	}
	if colour == "" {
		colour = Ink
	}
	x := &excelize.Style{Font: &excelize.Font{Family: Font, Size: size, Bold: s.Bold, Italic: s.Italic, Color: colour}}
	if s.Underline {
		x.Font.Underline = "single"
	}
	if s.Fill != "" {
		x.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{s.Fill}}
	}
	if s.Format != "" {
		x.CustomNumFmt = &s.Format
	}
	if s.Rule != "" {
		x.Border = append(x.Border, excelize.Border{Type: "bottom", Color: s.Rule, Style: 1})
	}
	if s.Overline != "" {
		x.Border = append(x.Border, excelize.Border{Type: "top", Color: s.Overline, Style: 1})
	}
	a := &excelize.Alignment{WrapText: s.Wrap, Indent: s.Indent, Vertical: "center"}
	sides := [...]string{"", "left", "right", "center"}
	if rightToLeft {
		sides[Start], sides[End] = sides[End], sides[Start]
	}
	a.Horizontal = sides[s.Align]
	if s.Top {
		a.Vertical = "top"
	}
	if rightToLeft {
		a.ReadingOrder = 2
	}
	x.Alignment = a
	if s.Unlocked {
		x.Protection = &excelize.Protection{Locked: false}
	}
	return x
}
