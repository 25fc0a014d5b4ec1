package workbook

import (
	"slices"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/money"
	"clientworth/pipeline/verdict"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// talkTo is how many clients the summary names.
const talkTo = 3

// summary is the message first, then whom to talk to, the figures behind it and
// the whale curve.
func (b *builder) summary() *xlsx.Sheet {
	s := &xlsx.Sheet{
		Name: b.say("sheet.summary"), Tab: vermillion, Widths: []float64{44, 17, 17, 17, 17, 17, 17},
	}
	rows := []xlsx.Row{
		{Cells: []xlsx.Cell{xlsx.Text(b.title("summary.name"), b.look.title)}, Height: 22},
		{Cells: []xlsx.Cell{b.masterResult()}},
		{},
		{Cells: []xlsx.Cell{xlsx.Text(b.message(), b.look.message)}, Height: 32},
		{Cells: []xlsx.Cell{xlsx.Text(b.shortMessage(), b.look.lead)}, Height: 20},
		{},
		b.sectionRow("summary.talk", 7),
	}
	ranking := xlsx.Quote(b.say("sheet.ranking")) + "!"
	for _, ref := range b.talk() {
		j := b.r.Judgement(ref)
		at := len(rows) + 1
		rows = append(rows,
			xlsx.Row{Cells: []xlsx.Cell{xlsx.Text(b.name(ref), b.look.link), xlsx.Text(b.words.Verdict(j.Verdict), b.look.strong)}},
			xlsx.Row{Cells: []xlsx.Cell{xlsx.Text("    "+b.words.Reasons(j), b.look.text)}},
		)
		s.Links = append(s.Links, xlsx.Link{
			Cell: xlsx.Ref(1, at), Target: ranking + xlsx.Ref(2, firstRow+slices.Index(b.ranked, ref)), Tip: b.say("summary.evidence"),
		})
	}
	rows = append(rows, xlsx.Row{Cells: []xlsx.Cell{xlsx.Text(b.say("summary.all ranked"), b.look.link)}}, xlsx.Row{})
	s.Links = append(s.Links, xlsx.Link{Cell: xlsx.Ref(1, len(rows)-1), Target: ranking + "A1"})

	rows = append(rows, b.sectionRow("summary.figures", 2))
	chartAt := xlsx.Ref(3, len(rows)+1)
	rows = append(rows, b.keyFigures()...)
	for range 8 {
		rows = append(rows, xlsx.Row{})
	}
	s.Rows = each(rows)
	if n := len(b.curve()); n > 1 {
		s.Charts = append(s.Charts, b.whaleChart(chartAt, n))
	}
	return s
}

// message is what the month says, in one sentence.
func (b *builder) message() string {
	losing, of := 0, 0
	for _, ref := range b.ranked {
		c := &b.r.Worth.Clients[ref]
		if of++; c.Margin < 0 {
			losing++
		}
	}
	if losing == 0 {
		return b.say("summary.message none", of)
	}
	return b.say("summary.message", losing, of)
}

// shortMessage says what is missing of a fair price.
func (b *builder) shortMessage() string {
	short, sum := b.short()
	if short == 0 {
		return b.say("summary.shortfall none")
	}
	return b.say("summary.shortfall", short, b.words.Amount(sum), b.r.Facts.Currency.Code)
}

func (b *builder) short() (n int, sum money.Amount) {
	for _, ref := range b.ranked {
		if c := &b.r.Worth.Clients[ref]; c.Material {
			n++
			sum += c.Shortfall
		}
	}
	return n, sum
}

// talk returns the clients to talk to first: those with a verdict that asks for
// a step, in the order of the ranking.
func (b *builder) talk() []clients.Ref {
	var talk []clients.Ref
	for _, ref := range b.ranked {
		if j := b.r.Judgement(ref); j != nil && asksForAStep(j.Verdict) && len(talk) < talkTo {
			talk = append(talk, ref)
		}
	}
	return talk
}

func asksForAStep(v verdict.Verdict) bool {
	switch v {
	case verdict.Conduct, verdict.PrepareToPart, verdict.KeepDoNotExpand, verdict.AgreeScope, verdict.LimitSupport, verdict.Reprice:
		return true
	}
	return false
}

func (b *builder) sectionRow(key words.Key, width int) xlsx.Row {
	row := xlsx.Row{Cells: []xlsx.Cell{xlsx.Text(b.say(key), b.look.section)}, Height: 20}
	for range width - 1 {
		row.Cells = append(row.Cells, xlsx.Empty(b.look.section))
	}
	return row
}

// keyFigures is the company's month in a dozen figures.
func (b *builder) keyFigures() []xlsx.Row {
	l, unmapped := b.r.Costs.Ledger, costing.Sum(b.r.Costs.Unmapped.Months)
	_, short := b.short()
	margin := l.Revenue - l.Clients
	amount := func(key words.Key, a money.Amount) xlsx.Row {
		return xlsx.Row{Cells: []xlsx.Cell{xlsx.Text(b.say(key), b.look.keyLabel), b.look.whole(a, b.look.keyMoney)}}
	}
	return []xlsx.Row{
		amount("summary.revenue", l.Revenue),
		amount("summary.cost", l.Clients),
		amount("summary.margin", margin),
		amount("summary.short", short),
		amount("summary.unused", l.Unused),
		amount("summary.internal", l.Internal),
		amount("summary.not allocated", l.NotAllocated),
		amount("summary.sustaining", l.Sustaining),
		amount("summary.unmapped", unmapped.Margin()),
		amount("summary.profit", l.Revenue+l.RevenueOther-l.CostIn),
	}
}

func (b *builder) whaleChart(at string, points int) xlsx.Chart {
	w := &b.r.Worth.Whale
	sheet := xlsx.Quote(b.say("sheet.whale")) + "!"
	last := firstRow + points - 1
	title := b.say("summary.whale plain")
	if w.PeakShare.Known && w.GivenBack > 0 {
		title = b.say("summary.whale", w.Peak+1, b.words.Percent(w.PeakShare.Value), b.words.Amount(w.GivenBack), b.r.Facts.Currency.Code)
	}
	end := w.Cumulative[len(w.Cumulative)-1]
	return xlsx.Chart{
		Kind: xlsx.Scatter, At: at, Width: 700, Height: 380, Title: title,
		AltText: b.say("whale.alt", b.words.Amount(w.Cumulative[max(w.Peak, 0)]), b.r.Facts.Currency.Code, w.Peak+1, b.words.Amount(end)),
		XTitle:  b.say("whale.x"), YTitle: b.say("whale.y", b.r.Facts.Currency.Code), YFormat: "#,##0",
		XMin: xlsx.At(0), XMax: xlsx.At(float64(len(w.Clients) + 1)),
		Series: []xlsx.Series{{
			Name: sheet + xlsx.Fixed(4, headRow), Colour: blue, Line: true, Markers: points <= 60,
			X: sheet + xlsx.FixedRange(1, firstRow, 1, last), Y: sheet + xlsx.FixedRange(4, firstRow, 4, last),
		}},
	}
}
