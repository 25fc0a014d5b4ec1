package workbook

import (
	"strings"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/reports/xlsx"
)

// Colours of Okabe and Ito, which people tell apart whatever their eyes, and
// the greys between them.
const (
	blue       = "0072B2"
	orange     = "E69F00"
	vermillion = "D55E00"
	green      = "009E73"
	sky        = "56B4E9"

	navy  = "1B3A57" // headings
	grey  = "595959" // notes
	faint = "D9D9D9" // rules
	wash  = "F2F5F8" // what is filled
	input = "FFF4D6" // what may be typed over
)

// look is the styles of a workbook, each by its use.
type look struct {
	currency money.Currency

	title, message, lead, note, link, section, head, headText                                     xlsx.StyleID
	text, wrap, strong, cell, cellWrap, cellStrong, cellLink, absent                              xlsx.StyleID
	money, money0, percent, share, hours, count, ratio, exact                                     xlsx.StyleID
	totalText, totalMoney, totalHours, totalCount                                                 xlsx.StyleID
	keyLabel, keyMoney, keyPercent, master, code, inputPercent                                    xlsx.StyleID
	moneyStrong, right, inputCount, flag, page, small, smallRight, body                           xlsx.StyleID
	figure, figurePercent, sectionRight, linkRight, bold, boldMoney, indented, keyCount, keyPlain xlsx.StyleID
	hint, hintHead                                                                                xlsx.StyleID
	warn, bad, good                                                                               int
}

func newLook(b *xlsx.Book, c money.Currency) look {
	money, hours := "#,##0"+places(c.Places), "#,##0.00"
	s := b.Style
	l := look{
		currency: c,
		title:    s(xlsx.Style{Size: 14, Bold: true, Colour: navy}),
		message:  s(xlsx.Style{Size: 20, Bold: true, Colour: navy}),
		lead:     s(xlsx.Style{Size: 12, Colour: xlsx.Ink}),
		note:     s(xlsx.Style{Italic: true, Colour: grey}),
		hint:     s(xlsx.Style{Italic: true, Colour: grey, Align: xlsx.Start, Indent: 1}),
		hintHead: s(xlsx.Style{Bold: true, Colour: grey, Rule: faint, Align: xlsx.Start, Indent: 1}),
		link:     s(xlsx.Style{Colour: blue, Underline: true}),
		section:  s(xlsx.Style{Size: 12, Bold: true, Colour: navy, Rule: navy}),
		head:     s(xlsx.Style{Bold: true, Colour: "FFFFFF", Fill: navy, Wrap: true, Align: xlsx.End}),
		headText: s(xlsx.Style{Bold: true, Colour: "FFFFFF", Fill: navy, Wrap: true, Align: xlsx.Start, Indent: 1}),

		text:       s(xlsx.Style{Top: true, Align: xlsx.Start}),
		wrap:       s(xlsx.Style{Top: true, Align: xlsx.Start, Wrap: true}),
		strong:     s(xlsx.Style{Top: true, Align: xlsx.Start, Bold: true}),
		cell:       s(xlsx.Style{Top: true, Align: xlsx.Start, Indent: 1}),
		cellWrap:   s(xlsx.Style{Top: true, Align: xlsx.Start, Indent: 1, Wrap: true}),
		cellStrong: s(xlsx.Style{Top: true, Align: xlsx.Start, Indent: 1, Bold: true, Wrap: true}),
		cellLink:   s(xlsx.Style{Top: true, Align: xlsx.Start, Indent: 1, Bold: true, Wrap: true, Colour: blue, Underline: true}),
		absent:     s(xlsx.Style{Top: true, Colour: grey, Align: xlsx.End}),

		money:       s(xlsx.Style{Align: xlsx.End, Top: true, Format: money}),
		moneyStrong: s(xlsx.Style{Align: xlsx.End, Top: true, Bold: true, Format: money}),
		right:       s(xlsx.Style{Top: true, Align: xlsx.End}),
		inputCount:  s(xlsx.Style{Align: xlsx.End, Fill: input, Format: "#,##0", Unlocked: true, Bold: true}),
		flag:        s(xlsx.Style{Bold: true, Colour: "8A2E00"}),
		page:        s(xlsx.Style{Size: 16, Bold: true, Colour: navy, Rule: navy}),
		small:       s(xlsx.Style{Bold: true, Colour: grey, Rule: faint}),
		smallRight:  s(xlsx.Style{Wrap: true, Bold: true, Colour: grey, Rule: faint, Align: xlsx.End}),
		body:        s(xlsx.Style{Wrap: true, Top: true}),
		money0:      s(xlsx.Style{Align: xlsx.End, Top: true, Format: "#,##0"}),
		percent:     s(xlsx.Style{Align: xlsx.End, Top: true, Format: "0.0%"}),
		share:       s(xlsx.Style{Align: xlsx.End, Top: true, Format: `[>0.99]">99%";[<0.01]"<1%";0%`}),
		hours:       s(xlsx.Style{Align: xlsx.End, Top: true, Format: hours}),
		count:       s(xlsx.Style{Align: xlsx.End, Top: true, Format: "#,##0"}),
		ratio:       s(xlsx.Style{Align: xlsx.End, Top: true, Format: "0.000"}),
		exact:       s(xlsx.Style{Align: xlsx.End, Top: true, Format: "#,##0.00####"}),

		totalText:  s(xlsx.Style{Bold: true, Overline: navy}),
		totalMoney: s(xlsx.Style{Align: xlsx.End, Bold: true, Overline: navy, Format: money}),
		totalHours: s(xlsx.Style{Align: xlsx.End, Bold: true, Overline: navy, Format: hours}),
		totalCount: s(xlsx.Style{Align: xlsx.End, Bold: true, Overline: navy, Format: "#,##0"}),

		sectionRight:  s(xlsx.Style{Wrap: true, Bold: true, Colour: navy, Rule: navy, Align: xlsx.End}),
		linkRight:     s(xlsx.Style{Colour: blue, Underline: true, Align: xlsx.End, Top: true}),
		bold:          s(xlsx.Style{Bold: true, Size: 11, Top: true}),
		boldMoney:     s(xlsx.Style{Align: xlsx.End, Bold: true, Size: 11, Top: true, Format: "#,##0"}),
		indented:      s(xlsx.Style{Indent: 1, Colour: grey, Top: true}),
		keyCount:      s(xlsx.Style{Align: xlsx.End, Rule: faint, Format: "#,##0"}),
		keyPlain:      s(xlsx.Style{Align: xlsx.End, Rule: faint, Format: "#,##0", Colour: grey}),
		figure:        s(xlsx.Style{Align: xlsx.End, Bold: true, Size: 14, Colour: navy, Format: "#,##0"}),
		figurePercent: s(xlsx.Style{Align: xlsx.End, Bold: true, Size: 14, Colour: navy, Format: "0.0%"}),
		keyLabel:      s(xlsx.Style{Rule: faint}),
		keyMoney:      s(xlsx.Style{Align: xlsx.End, Rule: faint, Bold: true, Format: "#,##0"}),
		keyPercent:    s(xlsx.Style{Align: xlsx.End, Rule: faint, Bold: true, Format: "0.0%"}),
		master:        s(xlsx.Style{Bold: true, Colour: grey}),
		code:          s(xlsx.Style{Top: true, Size: 8, Colour: grey}),
		inputPercent:  s(xlsx.Style{Align: xlsx.End, Fill: input, Format: "0.0%", Unlocked: true, Bold: true}),
	}
	l.warn = b.Difference(xlsx.Style{Bold: true, Colour: "7A4F00", Fill: "FFE9B8"})
	l.bad = b.Difference(xlsx.Style{Bold: true, Colour: "8A2E00", Fill: "FBDCCB"})
	l.good = b.Difference(xlsx.Style{Bold: true, Colour: "00573F", Fill: "D5F0E6"})
	return l
}

// places is the decimals of a number format.
func places(n int) string {
	if n == 0 {
		return ""
	}
	return "." + strings.Repeat("0", n)
}

// amount is a cell of money, to the last minor unit.
func (l *look) amount(a money.Amount) xlsx.Cell { return xlsx.Decimal(a, l.currency.Places, l.money) }

// whole is a cell of money shown in whole units; the cell itself is exact.
func (l *look) whole(a money.Amount, s xlsx.StyleID) xlsx.Cell {
	return xlsx.Decimal(a, l.currency.Places, s)
}

// hour is a cell of hours.
func (l *look) hour(h measure.Hours) xlsx.Cell { return xlsx.Decimal(h, money.Places, l.hours) }

// total is a cell of money in a row of totals.
func (l *look) total(a money.Amount) xlsx.Cell {
	return xlsx.Decimal(a, l.currency.Places, l.totalMoney)
}

// amountStrong is a cell of the money that matters most in its row.
func (l *look) amountStrong(a money.Amount) xlsx.Cell {
	return xlsx.Decimal(a, l.currency.Places, l.moneyStrong)
}
