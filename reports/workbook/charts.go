package workbook

import (
	"clientworth/pipeline/money"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// Charts of the summary are of one height, in pixels and in rows.
const (
	chartHeight = 340
	chartRows   = 20
)

// whaleChart draws the sheet of the whale curve.
func (b *builder) whaleChart(at string, points int) xlsx.Chart {
	w, code := &b.r.Worth.Whale, b.r.Facts.Currency.Code
	sheet := xlsx.Quote(b.say("sheet.whale")) + "!"
	last := firstRow + points - 1
	title := b.say("summary.whale plain")
	if w.PeakShare.Known && w.GivenBack > 0 {
		title = b.say("summary.whale", w.Peak+1, b.words.Percent(w.PeakShare.Value), b.words.Amount(w.GivenBack), code)
	}
	end := w.Cumulative[len(w.Cumulative)-1]
	return xlsx.Chart{
		Kind: xlsx.Scatter, At: at, Width: 520, Height: chartHeight, Title: title,
		AltText: b.say("whale.alt", b.words.Amount(w.Cumulative[max(w.Peak, 0)]), code, w.Peak+1, b.words.Amount(end)),
		XTitle:  b.say("whale.x"), YTitle: b.say("whale.y", code), YFormat: "#,##0", XMin: xlsx.At(0), XMax: xlsx.At(float64(len(w.Clients) + 1)),
		Series: []xlsx.Series{{
			Name: sheet + xlsx.Fixed(4, headRow), Colour: blue, Line: true, Markers: points <= 60,
			X: sheet + xlsx.FixedRange(1, firstRow, 1, last), Y: sheet + xlsx.FixedRange(4, firstRow, 4, last),
		}},
	}
}

// bar is a step of the waterfall: from one height to another.
type bar struct {
	key   words.Key
	total bool
	from  money.Amount
	to    money.Amount
}

// waterfall shows how the revenue is used up. A column from below zero to above
// is drawn in two parts, so a loss reads as one.
func (p *front) waterfall() {
	l := &p.r.Costs.Ledger
	var labour, pools, direct money.Amount
	for i := range p.r.Worth.Clients {
		c := &p.r.Worth.Clients[i]
		labour, pools, direct = labour+c.Labour, pools+c.Pools, direct+c.Direct
	}
	at := l.Revenue
	bars := []bar{{"summary.revenue", true, 0, at}}
	for _, step := range []struct {
		key  words.Key
		cost money.Amount
	}{{"col.labour", labour}, {"col.pools", pools}, {"col.direct", direct}} {
		bars = append(bars, bar{step.key, false, at, at - step.cost})
		at -= step.cost
	}
	bars = append(bars, bar{"summary.margin of clients", true, 0, at})
	for _, step := range []struct {
		key  words.Key
		cost money.Amount
	}{
		{"summary.unmapped loss", l.Unmapped - l.RevenueOther}, {"summary.internal", l.Internal}, {"summary.unused", l.Unused},
		{"summary.not allocated", l.NotAllocated}, {"summary.sustaining", l.Sustaining},
	} {
		bars = append(bars, bar{step.key, false, at, at - step.cost})
		at -= step.cost
	}
	bars = append(bars, bar{"summary.profit", true, 0, at})

	p.sheet.Breaks = append(p.sheet.Breaks, p.next()+1)
	p.section("summary.waterfall", summaryWidth, "summary.amount")
	for _, head := range []words.Key{"waterfall.base", "waterfall.cost", "waterfall.below", "waterfall.gain", "waterfall.total"} {
		p.beside(xlsx.Text(p.say(head), p.look.sectionRight))
	}
	first := p.next()
	for _, s := range bars {
		cells := p.bar(s)
		p.add(cells[:2:2]...)
		p.beside(cells[2:]...)
	}
	last := p.next() - 1
	sheet := xlsx.Quote(p.sheet.Name) + "!"
	series := func(col int, colour string) xlsx.Series {
		return xlsx.Series{Name: sheet + xlsx.Fixed(col, first-1), Colour: colour, X: sheet + xlsx.FixedRange(1, first, 1, last), Y: sheet + xlsx.FixedRange(col, first, col, last)}
	}
	p.add()
	code := p.r.Facts.Currency.Code
	title := p.say("summary.waterfall title", p.words.Amount(l.Revenue), p.words.Amount(at), code)
	if at < 0 {
		title = p.say("summary.waterfall loss", p.words.Amount(-at), code)
	}
	p.sheet.Charts = append(p.sheet.Charts, xlsx.Chart{
		Kind: xlsx.Bars, At: xlsx.Ref(1, p.next()), Width: 600, Height: chartHeight, Title: title,
		AltText: p.say("summary.waterfall alt", p.words.Amount(l.Revenue), p.words.Amount(l.Clients), p.words.Amount(at), code),
		XTitle:  p.say("waterfall.x"), YTitle: p.say("waterfall.y", code), YFormat: "#,##0",
		Series: []xlsx.Series{
			series(besideCol, ""), series(besideCol+1, orange), series(besideCol+2, vermillion), series(besideCol+3, green), series(besideCol+4, blue),
		},
	})
}

// bar is a row of the waterfall: the amount, and the parts that are drawn.
func (p *front) bar(s bar) []xlsx.Cell {
	low, high := min(s.from, s.to), max(s.from, s.to)
	base, above, below := max(low, 0)+min(high, 0), max(high, 0)-max(low, 0), min(low, 0)-min(high, 0)
	amount, gain, total := s.to-s.from, money.Amount(0), money.Amount(0)
	switch {
	case s.total:
		base, above, below, total = 0, 0, 0, s.to
	case amount > 0 && low >= 0:
		above, gain = 0, above
	}
	style, label := p.look.keyMoney, p.look.keyLabel
	cells := []xlsx.Cell{xlsx.Text(p.say(s.key), label), p.look.whole(amount, style)}
	for _, a := range []money.Amount{base, above, below, gain, total} {
		cells = append(cells, p.look.whole(a, p.look.keyPlain))
	}
	return cells
}

// quadrant sets what the clients of the ranking pay against what they cost.
func (p *front) quadrant() {
	n := min(len(p.ranked), curvePoints)
	if n == 0 {
		return
	}
	short, last, below := 0, 0, 0
	var most money.Amount
	for i, ref := range p.ranked[:n] {
		c := &p.r.Worth.Clients[ref]
		if c.Shortfall > 0 {
			short, last = short+1, i+1
		}
		if c.Margin < 0 {
			below++
		}
		most = max(most, c.Revenue, c.Cost)
	}
	ranking, sheet := xlsx.Quote(p.say("sheet.ranking"))+"!", xlsx.Quote(p.sheet.Name)+"!"
	at := p.next()
	aside := func(cells ...xlsx.Cell) int { // a row that the chart lies on
		p.add()
		p.beside(cells...)
		return p.next() - 1
	}
	heading := func(key words.Key) xlsx.Cell { return xlsx.Text(p.say(key), p.look.sectionRight) }
	whole := func(a money.Amount) xlsx.Cell { return p.look.whole(a, p.look.keyPlain) }
	line := aside(xlsx.Text(p.say("quadrant.line"), p.look.section), heading("col.cost"), heading("col.revenue")) + 1
	aside(xlsx.Text(p.say("quadrant.from"), p.look.keyLabel), whole(0), whole(0))
	aside(xlsx.Text(p.say("quadrant.to"), p.look.keyLabel), whole(most), whole(most))
	cloud := func(name words.Key, from, to int, colour, symbol string) xlsx.Series {
		row := aside(xlsx.Text(p.say(name), p.look.keyLabel), xlsx.Int(to-from, p.look.keyCount))
		return xlsx.Series{
			Name: sheet + xlsx.Fixed(besideCol, row), Colour: colour, Markers: true, Symbol: symbol,
			X: ranking + xlsx.FixedRange(5, firstRow+from, 5, firstRow+to-1), Y: ranking + xlsx.FixedRange(4, firstRow+from, 4, firstRow+to-1),
		}
	}
	code := p.r.Facts.Currency.Code
	c := xlsx.Chart{
		Kind: xlsx.Scatter, At: xlsx.Ref(5, at), Width: 520, Height: chartHeight, Legend: true,
		Title: p.say("quadrant.title", below), AltText: p.say("quadrant.alt", n, below),
		XTitle: p.say("quadrant.x", code), YTitle: p.say("quadrant.y", code), XFormat: "#,##0", YFormat: "#,##0", XMin: xlsx.At(0),
		Series: []xlsx.Series{{
			Name: sheet + xlsx.Fixed(besideCol, line-1), Colour: grey, Line: true,
			X: sheet + xlsx.FixedRange(besideCol+1, line, besideCol+1, line+1), Y: sheet + xlsx.FixedRange(besideCol+2, line, besideCol+2, line+1),
		}},
	}
	switch { // a cloud is drawn from rows that stand together
	case short < last:
		c.Series = append(c.Series, cloud("col.clients", 0, n, blue, "circle"))
	case short == n:
		c.Series = append(c.Series, cloud("quadrant.short", 0, n, vermillion, "diamond"))
	case short == 0:
		c.Series = append(c.Series, cloud("quadrant.pays", 0, n, blue, "circle"))
	default:
		c.Series = append(c.Series, cloud("quadrant.short", 0, short, vermillion, "diamond"), cloud("quadrant.pays", short, n, blue, "circle"))
	}
	p.sheet.Charts = append(p.sheet.Charts, c)
	p.until(at + chartRows)
}
