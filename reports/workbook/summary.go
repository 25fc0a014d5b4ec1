package workbook

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/verdict"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

const (
	talkTo       = 3 // clients that the summary names
	summaryWidth = 8
	besideCol    = summaryWidth + 2 // from here on stand figures of charts alone
	pageRows     = 50               // of the summary that fit on a page
)

// summary is the message first, then whom to talk to, the figures behind it and
// three pictures of them.
func (b *builder) summary() *xlsx.Sheet {
	p := &front{builder: b, sheet: &xlsx.Sheet{
		Name: b.say("sheet.summary"), Tab: vermillion, Scale: 64, FrozenRows: 2, Protected: true, Widths: []float64{42, 17, 17, 17, 17, 17, 17, 17},
	}}
	if wide := 1.35 * (b.sumWidth - 3); wide > 17 { // for the key figures, whose letters are large: it shrinks to the page
		for i := range p.sheet.Widths[1:] {
			p.sheet.Widths[1+i] = wide
		}
		p.sheet.Scale = uint(64 * (42 + 7*17) / (42 + 7*wide))
	}
	p.tall(22, xlsx.Text(b.title("summary.name"), b.look.title))
	p.link(1, xlsx.Quote(b.say("sheet.checks"))+"!A1", b.say("summary.evidence"))
	p.add(b.masterResult())
	p.wholeUnits()
	p.tall(32, xlsx.Text(b.message(), b.look.message))
	p.tall(20, xlsx.Text(b.shortMessage(), b.look.lead))
	p.begins()
	p.setAside()
	p.unmapped()
	p.restated()
	p.keyFigures()
	p.talk()
	p.changes()
	p.steps()
	p.waterfall()
	p.quadrant()
	p.sheet.Rows = p.rows
	p.sheet.Printed = xlsx.FixedRange(1, 1, summaryWidth, len(p.rows))
	return p.sheet
}

// front is the summary being written.
type front struct {
	*builder
	sheet *xlsx.Sheet
	rows  []xlsx.Row
}

func (p *front) add(cells ...xlsx.Cell) { p.rows = append(p.rows, xlsx.Row{Cells: cells}) }

func (p *front) tall(height float64, cells ...xlsx.Cell) {
	p.rows = append(p.rows, xlsx.Row{Cells: cells, Height: height})
}

// beside adds what a chart alone needs to the last row, right of what is printed.
func (p *front) beside(cells ...xlsx.Cell) {
	row := &p.rows[len(p.rows)-1]
	for len(row.Cells) < besideCol-1 {
		row.Cells = append(row.Cells, xlsx.Cell{})
	}
	row.Cells = append(row.Cells, cells...)
}

// next is the number of the row that is added next.
func (p *front) next() int { return len(p.rows) + 1 }

// until adds empty rows up to the given one, for a chart to lie on.
func (p *front) until(row int) {
	for p.next() < row {
		p.add()
	}
}

func (p *front) link(col int, target, tip string) {
	p.sheet.Links = append(p.sheet.Links, xlsx.Link{Cell: xlsx.Ref(col, p.next()), Target: target, Tip: tip})
}

// heading adds a heading over some columns.
func (p *front) heading(text string, width int) {
	cells := make([]xlsx.Cell, width)
	for i := range cells {
		cells[i] = xlsx.Empty(p.look.section)
	}
	cells[0] = xlsx.Text(text, p.look.section)
	p.add()
	p.tall(20, cells...)
}

// section adds a heading over some columns, with headings of figures in it.
func (p *front) section(key words.Key, width int, heads ...words.Key) {
	cells := make([]xlsx.Cell, width)
	for i := range cells {
		cells[i] = xlsx.Empty(p.look.section)
		if i > 0 && i <= len(heads) && heads[i-1] != "" {
			cells[i] = xlsx.Text(p.say(heads[i-1]), p.look.sectionRight)
		}
	}
	cells[0] = xlsx.Text(p.say(key), p.look.section)
	height := 20.0
	for _, head := range heads {
		if head != "" && lines(p.say(head), 15) > 1 {
			height = 32
		}
	}
	p.add()
	p.tall(height, cells...)
}

// talk names the clients to talk to first, each with its reasons and the way to
// the evidence.
func (p *front) talk() {
	refs := p.toTalkTo()
	p.section("summary.talk", summaryWidth, "", "", "col.shortfall", "col.sure", "col.months short", "summary.page", "summary.row")
	switch {
	case len(refs) == 0:
		p.add(xlsx.Text(p.say("summary.nobody"), p.look.text))
	case len(refs) == talkTo && asksForAStep(p.r.Judgement(refs[talkTo-1]).Verdict):
		p.add(xlsx.Text(p.say("talk.how", talkTo), p.look.note))
	default:
		p.add(xlsx.Text(p.say("talk.how few"), p.look.note))
	}
	for i, ref := range refs {
		c, j := &p.r.Worth.Clients[ref], p.r.Judgement(ref)
		row := fmt.Sprintf("%s!%s", xlsx.Quote(p.say("sheet.ranking")), xlsx.Ref(2, firstRow+slices.Index(p.ranked, ref)))
		p.link(8, row, p.say("summary.evidence"))
		page := xlsx.Cell{}
		if at := p.pages[ref]; at > 0 {
			page = xlsx.Text(p.say("summary.to page"), p.look.linkRight)
			p.link(7, fmt.Sprintf("%s!%s", xlsx.Quote(p.say("sheet.dossiers")), xlsx.Ref(1, at)), p.say("summary.evidence"))
		}
		p.tall(18, xlsx.Text(fmt.Sprintf("%d. %s", i+1, p.name(ref)), p.look.bold), xlsx.Text(p.words.Verdict(j.Verdict), p.look.bold), xlsx.Cell{},
			p.look.whole(c.Shortfall, p.look.boldMoney), p.optFloat(c.PUnderpaying, p.look.share),
			xlsx.Text(p.say("figure.of", c.MonthsUnderpaying, c.MonthsObserved), p.look.right), page, xlsx.Text(p.say("summary.to row"), p.look.linkRight))
		for _, line := range broken(p.words.Reasons(j), 165) {
			p.add(xlsx.Text(line, p.look.indented))
		}
	}
	p.leftOut(refs)
	p.conduct(refs)
	p.link(1, xlsx.Quote(p.say("sheet.ranking"))+"!A1", "")
	p.add(xlsx.Text(p.say("summary.all ranked"), p.look.link))
}

// leftOut says why clients that rank above the last of those to talk to are none of
// them.
func (p *front) leftOut(talk []clients.Ref) {
	var out []clients.Ref
	left := len(talk)
	for _, ref := range p.ranked {
		if slices.Contains(talk, ref) {
			if left--; left == 0 {
				break
			}
		} else if p.r.Worth.Clients[ref].Rank > 0 {
			out = append(out, ref)
		}
	}
	for _, ref := range out[:min(len(out), talkTo)] {
		v := p.r.Judgement(ref).Verdict
		why, ok := whyLeftOut[v]
		switch {
		case !ok:
			why = "talk.other"
		case v == verdict.InvestKnowingly && !p.excepted(ref):
			why = "talk.rising"
		}
		p.add(xlsx.Text(p.say(why, p.name(ref), p.r.Worth.Clients[ref].Rank, p.words.Verdict(v)), p.look.note))
	}
	if n := len(out) - talkTo; n > 0 {
		p.add(xlsx.Text(p.say("talk.more left out", n), p.look.note))
	}
}

// conduct names who crossed a red line and ranks too low to be talked to for its
// shortfall: what happened stands apart from money.
func (p *front) conduct(talk []clients.Ref) {
	for _, ref := range p.ranked {
		j := p.r.Judgement(ref)
		if j == nil || j.Verdict != verdict.Conduct || slices.Contains(talk, ref) {
			continue
		}
		if at := p.pages[ref]; at > 0 {
			p.link(1, fmt.Sprintf("%s!%s", xlsx.Quote(p.say("sheet.dossiers")), xlsx.Ref(1, at)), p.say("summary.evidence"))
		}
		p.add(xlsx.Text(p.say("talk.conduct", p.name(ref), p.words.Reason(j.Reasons[0])), p.look.link))
	}
}

var whyLeftOut = map[verdict.Verdict]words.Key{
	verdict.InvestKnowingly: "talk.invest", verdict.Watch: "talk.watch", verdict.FixOurselves: "talk.fix", verdict.NoVerdictYet: "talk.no verdict",
}

// excepted reports whether somebody answers for investing in a client; otherwise
// it is for its growth.
func (p *front) excepted(ref clients.Ref) bool {
	return slices.ContainsFunc(p.r.Judgement(ref).Reasons, func(r verdict.Reason) bool { return r.Kind == verdict.Excepted })
}

// begins says that the exports begin after the window does.
func (p *front) begins() {
	if seen := p.r.Seen(); seen != p.r.Facts.Window {
		p.add(xlsx.Text(p.say("summary.begins", p.words.Month(seen.First), seen.Len()), p.look.text))
	}
}

// wholeUnits says that amounts are shown without their decimals.
func (p *front) wholeUnits() {
	if p.look.currency.Places == 0 {
		p.add()
		return
	}
	p.add(xlsx.Text(p.say("summary.whole", p.look.currency.Code), p.look.note))
}

// setAside says what could not be read and is in no figure.
func (p *front) setAside() {
	out := p.options.Findings.Effect(finding.SetAside)
	if out.Count == 0 {
		return
	}
	p.link(1, xlsx.Quote(p.say("sheet.findings"))+"!A1", p.say("summary.evidence"))
	p.add(xlsx.Text(p.say("summary.set aside", int(out.Rows), out.Money.Fixed(p.look.currency.Places), p.look.currency.Code, p.words.Hours(out.Hours)), p.look.link))
}

// unmapped says how much is of names that no client owns.
func (p *front) unmapped() {
	l := &p.r.Costs.Ledger
	if l.HoursUnmapped == 0 && l.RevenueOther == 0 {
		return
	}
	key := words.Key("summary.some unmapped")
	figures := []any{p.words.Hours(l.HoursUnmapped), p.words.Amount(l.RevenueOther), p.look.currency.Code}
	if p.r.MuchUnmapped() {
		key, figures = "summary.much unmapped", slices.Insert(figures, 1, any(p.words.Hours(l.HoursIn)))
	}
	p.link(1, xlsx.Quote(p.say("sheet.findings"))+"!A1", p.say("summary.evidence"))
	p.add(xlsx.Text(p.say(key, figures...), p.look.link))
}

// restated says what is known differently now than the last report had it.
func (p *front) restated() {
	r := p.r.Restatement
	if r == nil || len(r.Clients) == 0 {
		return
	}
	was, is, code := r.Total.Was, r.Total.Is, p.r.Facts.Currency.Code
	moved := p.say("restated.margin stays", p.words.Amount(is.Margin()), code)
	if was.Margin() != is.Margin() {
		moved = p.say("restated.margin", p.words.Amount(was.Margin()), p.words.Amount(is.Margin()), code)
	}
	if was.Shortfall != is.Shortfall {
		moved += p.say("comma") + " " + p.say("restated.shortfall", p.words.Amount(was.Shortfall), p.words.Amount(is.Shortfall), code)
	}
	p.link(1, xlsx.Quote(p.say("sheet.restatement"))+"!A1", p.say("summary.evidence"))
	p.add(xlsx.Text(p.say("summary.restated", p.words.Months(r.Months), moved, r.Changed()), p.look.link))
	if settings := p.settingsChanged(); settings != "" {
		p.add(xlsx.Text(settings, p.look.text))
	}
}

// settingsChanged says which settings the last report was made with that are others
// now.
func (b *builder) settingsChanged() string {
	var all []string
	for _, s := range b.r.Restatement.Settings {
		all = append(all, b.say("restated.setting", words.Plain(s.Key), cmp.Or(words.Plain(s.Was), b.say("absent")), cmp.Or(words.Plain(s.Is), b.say("absent"))))
	}
	if all == nil {
		return ""
	}
	return b.say("restated.settings", strings.Join(all, b.say("comma")+" "))
}

// toTalkTo returns the clients to talk to first: those with a verdict that asks
// for a step, in the order of the ranking; where these are few, those to mend our
// errors with. Who is only to be watched is not sure to underpay.
func (b *builder) toTalkTo() []clients.Ref {
	var talk []clients.Ref
	for _, fits := range []func(verdict.Verdict) bool{asksForAStep, mend} {
		for _, ref := range b.ranked {
			if j := b.r.Judgement(ref); j != nil && fits(j.Verdict) && len(talk) < talkTo {
				talk = append(talk, ref)
			}
		}
	}
	return talk
}

// mend is the verdict that asks us to mend our errors.
func mend(v verdict.Verdict) bool { return v == verdict.FixOurselves }

func asksForAStep(v verdict.Verdict) bool {
	switch v {
	case verdict.Conduct, verdict.PrepareToPart, verdict.KeepDoNotExpand, verdict.AgreeScope, verdict.LimitSupport, verdict.Reprice:
		return true
	}
	return false
}

// steps counts the clients of each verdict, with the money at stake: those of the
// ranking and their total, then those that stand apart.
func (p *front) steps() {
	if heading := p.next() + 1; heading+chartRows > pageRows { // no page ends within the chart
		p.sheet.Breaks = append(p.sheet.Breaks, heading)
	}
	p.section("summary.steps", 4, "col.clients", "col.revenue", "col.shortfall")
	order := []verdict.Verdict{
		verdict.Conduct, verdict.PrepareToPart, verdict.KeepDoNotExpand, verdict.Reprice, verdict.LimitSupport, verdict.AgreeScope,
		verdict.FixOurselves, verdict.InvestKnowingly, verdict.Watch, verdict.ExplainDiscount, verdict.LookAfter, verdict.DemandingWorthIt,
		verdict.PaysForValue, verdict.NoVerdictYet, verdict.HasLeft, verdict.NoActivity,
	}
	chartAt := p.next()
	var ranked, small stake
	var apart []verdict.Verdict
	for _, v := range order {
		of := p.stake(func(i int) bool { return p.r.Judgements[i].Verdict == v })
		switch {
		case of.clients == 0:
		case !v.Ranked():
			apart = append(apart, v)
		default:
			ranked.add(of)
			p.step(p.words.Verdict(v), "sheet.ranking", of)
		}
	}
	p.add(xlsx.Text(p.say("steps.ranked"), p.look.totalText), xlsx.Int(ranked.clients, p.look.totalCount),
		p.look.whole(ranked.revenue, p.look.totalCount), p.look.whole(ranked.shortfall, p.look.totalCount))
	small = p.stake(func(i int) bool {
		c := &p.r.Worth.Clients[i]
		return p.r.Judgements[i].Verdict.Ranked() && c.Shortfall > 0 && !c.Material
	})
	if small.clients > 0 {
		p.step(p.say("steps.small"), "sheet.ranking", small)
	}
	for _, v := range apart {
		p.step(p.say("steps.not ranked", p.words.Verdict(v)), "sheet.left", p.stake(func(i int) bool { return p.r.Judgements[i].Verdict == v }))
	}
	if n := len(p.curve()); n > 1 {
		p.sheet.Charts = append(p.sheet.Charts, p.whaleChart(xlsx.Ref(5, chartAt), n))
		p.until(chartAt + chartRows)
	}
}

// stake is a number of clients and the money at stake with them.
type stake struct {
	clients            int
	revenue, shortfall money.Amount
}

func (s *stake) add(o stake) {
	s.clients, s.revenue, s.shortfall = s.clients+o.clients, s.revenue+o.revenue, s.shortfall+o.shortfall
}

// stake adds up the clients that fit.
func (b *builder) stake(fits func(i int) bool) (s stake) {
	for i := range b.r.Judgements {
		if fits(i) {
			s.add(stake{1, b.r.Worth.Clients[i].Revenue, b.r.Worth.Clients[i].Shortfall})
		}
	}
	return s
}

// step adds a row of the table of steps.
func (p *front) step(what string, evidence words.Key, s stake) {
	p.link(1, xlsx.Quote(p.say(evidence))+"!A1", p.say("summary.evidence"))
	p.add(xlsx.Text(what, p.look.keyLabel), xlsx.Int(s.clients, p.look.keyCount), p.look.whole(s.revenue, p.look.keyMoney), p.look.whole(s.shortfall, p.look.keyMoney))
}

// keyFigures is the company's window in a line of figures.
func (p *front) keyFigures() {
	l := &p.r.Costs.Ledger
	margin, left := l.Revenue-l.Clients, l.Revenue+l.RevenueOther-l.CostIn
	_, short := p.short()
	p.add()
	row := p.next() + 1 // of the values
	labels, values := []xlsx.Cell{}, []xlsx.Cell{}
	add := func(key words.Key, value xlsx.Cell, evidence words.Key) {
		labels, values = append(labels, xlsx.Text(p.say(key), p.look.smallRight)), append(values, value)
		p.sheet.Links = append(p.sheet.Links, xlsx.Link{
			Cell: xlsx.Ref(len(values), row), Target: xlsx.Quote(p.say(evidence)) + "!A1", Tip: p.say("summary.evidence"),
		})
	}
	amount := func(a money.Amount) xlsx.Cell { return p.look.whole(a, p.look.figure) }
	add("summary.revenue", amount(l.Revenue), "sheet.clients")
	add("col.cost", amount(l.Clients), "sheet.breakdown")
	add("col.margin", amount(margin), "sheet.months")
	add("col.margin pct", p.optFloat(measure.Ratio(margin.Float(), l.Revenue.Float()), p.look.figurePercent), "sheet.months")
	add("col.shortfall", amount(short), "sheet.ranking")
	add("summary.unused", amount(l.Unused), "sheet.capacity")
	add("col.unmapped", amount(l.RevenueOther-l.Unmapped), "sheet.findings")
	add("summary.left", amount(left), "sheet.checks")
	p.tall(28, labels...)
	p.tall(20, values...)
}

// message is what the month says, in one sentence.
func (b *builder) message() string {
	losing := 0
	for _, ref := range b.ranked {
		if b.r.Worth.Clients[ref].Margin < 0 {
			losing++
		}
	}
	switch {
	case len(b.ranked) == 0:
		return b.say("summary.message empty")
	case losing > 0:
		return b.say("summary.message", losing, len(b.ranked))
	case len(b.ranked) == 1:
		return b.say("summary.message only")
	}
	return b.say("summary.message none", len(b.ranked))
}

// shortMessage says what is missing of a fair price.
func (b *builder) shortMessage() string {
	short, sum := b.short()
	if short == 0 {
		return b.say("summary.shortfall none")
	}
	message := b.say("summary.shortfall", short, b.words.Amount(sum), b.r.Facts.Currency.Code)
	if n := b.r.NotYetJudged(); n > 0 {
		message += " " + b.say("summary.not judged", n)
	}
	return message
}

// short counts the material shortfalls of the ranking and adds them up.
func (b *builder) short() (n int, sum money.Amount) {
	for _, ref := range b.ranked {
		if c := &b.r.Worth.Clients[ref]; c.Material {
			n++
			sum += c.Shortfall
		}
	}
	return n, sum
}
