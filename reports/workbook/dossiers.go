package workbook

import (
	"fmt"
	"slices"
	"strings"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/verdict"
	"clientworth/pipeline/worth"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// dossierWidths is the columns of a page.
var dossierWidths = []float64{34, 15, 15, 15, 15, 15}

// dossierScale lets the page of a window of twelve months fit on the paper, in
// per cent; letter is shorter.
var dossierScale = map[xlsx.Paper]uint{xlsx.A4: 63, xlsx.Letter: 59}

// inDossiers are the clients that have a page, in the order of the ranking: those to
// talk to, and those of whom it can be said whether what was tried worked.
func (b *builder) inDossiers() []clients.Ref {
	var refs []clients.Ref
	for _, ref := range b.ranked {
		if len(refs) == b.options.Dossiers {
			break
		}
		j := b.r.Judgement(ref)
		if j != nil && (asksForAStep(j.Verdict) || b.r.Worth.Clients[ref].Material || slices.ContainsFunc(j.Actions, measured)) {
			refs = append(refs, ref)
		}
	}
	return refs
}

// measured reports whether there are months enough before and after an action.
func measured(a verdict.Action) bool { return a.Gap.Change.Known }

// dossiers is a printable page for each of the first clients: what one needs to
// have at hand when talking to it.
func (b *builder) dossiers() *xlsx.Sheet {
	s := &xlsx.Sheet{
		Name: b.say("sheet.dossiers"), Tab: orange, Widths: dossierWidths, Portrait: true, Scale: dossierScale[b.options.Paper], FrozenRows: backRow, Once: true,
		Links: []xlsx.Link{{Cell: xlsx.Ref(1, backRow), Target: xlsx.Quote(b.say("sheet.summary")) + "!A1"}},
	}
	if b.amountWidth > 15 {
		s.Widths = slices.Clone(dossierWidths)
		for i := range s.Widths[1:] {
			s.Widths[1+i] = b.amountWidth
		}
		s.Scale = uint(float64(s.Scale) * (34 + 5*15) / (34 + 5*b.amountWidth))
	}
	d := dossier{builder: b, rows: b.top("sheet.dossiers", b.say("dossiers.note"))}
	refs := b.inDossiers()
	if len(refs) == 0 {
		d.rows[1] = xlsx.Row{Cells: []xlsx.Cell{xlsx.Text(b.say("dossiers.none"), b.look.note)}}
	}
	for i, ref := range refs {
		if i > 0 {
			s.Breaks = append(s.Breaks, len(d.rows)+1)
		}
		b.pages[ref] = len(d.rows) + 2
		d.page(ref)
	}
	s.Rows = d.rows
	return s
}

// dossier is the pages being written.
type dossier struct {
	*builder
	rows []xlsx.Row
}

// said is text at the edge of the page.
func (d *dossier) said(s string) xlsx.Cell { return xlsx.Text(s, d.look.text) }

func (d *dossier) add(cells ...xlsx.Cell) { d.rows = append(d.rows, xlsx.Row{Cells: cells}) }

// paragraph is a text over the width of the page, one row for each sentence that
// fits a line.
func (d *dossier) paragraph(texts ...string) {
	for _, text := range texts {
		for _, line := range broken(text, 104) {
			d.add(xlsx.Text(line, d.look.text))
		}
	}
}

// section adds a heading over the page, with headings of figures in it; "" is none.
func (d *dossier) section(key words.Key, heads ...words.Key) {
	cells := []xlsx.Cell{xlsx.Text(d.say(key), d.look.small)}
	height := 0.0
	for i := range len(dossierWidths) - 1 {
		if i >= len(heads) || heads[i] == "" {
			cells = append(cells, xlsx.Empty(d.look.small))
			continue
		}
		head := d.say(heads[i])
		cells = append(cells, xlsx.Text(head, d.look.smallRight))
		if lines(head, 14) > 1 {
			height = 2*lineHeight + 2
		}
	}
	d.add()
	d.rows = append(d.rows, xlsx.Row{Cells: cells, Height: height})
}

func (d *dossier) page(ref clients.Ref) {
	c, j := &d.r.Worth.Clients[ref], d.r.Judgement(ref)
	head := []xlsx.Cell{xlsx.Text(d.name(ref), d.look.page)}
	for range len(dossierWidths) - 1 {
		head = append(head, xlsx.Empty(d.look.page))
	}
	d.add()
	d.rows = append(d.rows, xlsx.Row{Cells: head, Height: 24})
	rank := d.say("absent")
	if c.Rank > 0 {
		rank = d.words.Count(c.Rank)
	}
	d.add(xlsx.Text(d.words.Verdict(j.Verdict), d.look.strong), xlsx.Text(d.say("dossier.rank", rank), d.look.right),
		xlsx.Cell{}, xlsx.Text(string(d.r.Facts.Clients[ref].ID), d.look.right), xlsx.Text(words.Plain(d.r.Facts.Clients[ref].Segment), d.look.right))
	d.section("dossier.why")
	for _, r := range j.Reasons {
		d.paragraph(d.words.Reason(r))
	}
	if j.Economic != j.Verdict {
		d.paragraph(d.say("dossier.by figures", d.words.Verdict(j.Economic)))
	}
	if change := d.words.Change(j.Change); change != "" {
		d.section("dossier.change")
		d.paragraph(change)
		if j.Change.Lever == verdict.Price && d.r.SharesByRevenue() {
			d.paragraph(d.say("change.shared"))
		}
	}
	d.figures(c)
	d.paragraph(d.say("dossier.lines", fmt.Sprintf("clientworth explain %s --period %s", argument(string(d.r.Facts.Clients[ref].ID)), d.r.Period)))
	d.months(ref)
	d.tried(j)
	d.contract(j)
	d.exit(c, j)
	d.questions(j)
}

// argument writes an id as one argument of a command.
func argument(id string) string {
	const plain = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_."
	if strings.Trim(id, plain) == "" {
		return id
	}
	return "'" + strings.ReplaceAll(id, "'", `'\''`) + "'"
}

// figures is the window's price and cost side by side.
func (d *dossier) figures(c *worth.Client) {
	d.section("dossier.figures")
	type figure struct {
		key  words.Key
		cell xlsx.Cell
	}
	a := d.look.amount
	left := []figure{
		{"col.revenue", a(c.Revenue)}, {"col.cost", a(c.Cost)}, {"col.margin", a(c.Margin)}, {"col.fair price", a(c.FairPrice)},
		{"col.shortfall", d.look.amountStrong(c.Shortfall)}, {"col.sure", d.optFloat(c.PUnderpaying, d.look.share)}, {"col.uplift", d.optFloat(c.Uplift, d.look.percent)},
	}
	right := []figure{
		{"col.labour", a(c.Labour)}, {"col.pools", a(c.Pools)}, {"col.direct", a(c.Direct)}, {"col.own error", a(c.OwnError)},
		{"col.out of scope", a(c.OutOfScope)}, {"col.above plan", a(c.AbovePlan)}, {"col.value gap", d.optAmount(c.ValueGap)},
	}
	for i := range left {
		d.add(xlsx.Text(d.say(left[i].key), d.look.text), left[i].cell, xlsx.Cell{}, xlsx.Text(d.say(right[i].key), d.look.cell), xlsx.Cell{}, right[i].cell)
	}
}

// months is the client's window month by month.
func (d *dossier) months(ref clients.Ref) {
	d.section("dossier.months", "col.revenue", "col.cost", "col.margin", "col.hours", "col.tickets")
	for t, m := range d.r.Costs.Clients[ref].Months {
		row := len(d.rows) + 1
		d.add(d.said(d.words.Month(d.r.Facts.Window.At(t))), d.look.amount(m.Revenue), d.look.amount(m.Cost()),
			d.look.amount(m.Margin()).By(xlsx.Ref(2, row)+"-"+xlsx.Ref(3, row)), d.look.hour(m.Hours), d.count(m.Tickets))
	}
}

// tried is what was done so far, and whether it worked. A day in two calendars takes
// the column before it, too.
func (d *dossier) tried(j *verdict.Judgement) {
	if len(j.Actions) == 0 {
		d.section("dossier.tried")
		d.paragraph(d.say("dossier.nothing tried"))
	} else {
		d.section("dossier.tried", "", "dossier.day", "dossier.before", "dossier.after", "dossier.worked")
	}
	for _, a := range j.Actions {
		worked := d.say("dossier.cannot tell")
		if a.Worked.Known {
			worked = d.say("dossier.did not work")
			if a.Worked.Value {
				worked = d.say("dossier.did work")
			}
		}
		d.add(d.said(d.words.Action(a.Kind)), xlsx.Cell{}, xlsx.Text(d.words.Day(a.Day), d.look.right), d.optAmount(a.Gap.Before), d.optAmount(a.Gap.After), xlsx.Text(worked, d.look.right))
		if measured(a) {
			d.paragraph(d.say("dossier.changed", d.words.Amount(a.Gap.Change.Value), d.words.Amount(a.Gap.Low.Value), d.words.Amount(a.Gap.High.Value), d.r.Facts.Currency.Code))
		}
	}
	for _, v := range j.Fits {
		if v != j.Verdict {
			d.paragraph(d.say("dossier.fits", d.words.Verdict(v)))
		}
	}
	if g := d.latestGrade(j.Client); g != nil {
		sentence := words.Key("dossier.said wrongly")
		if g.Held.Value {
			sentence = "dossier.said rightly"
		}
		d.paragraph(d.say(sentence, d.words.Month(g.Period), d.words.Verdict(g.Verdict), g.Since))
	}
	for _, i := range j.Incidents {
		d.paragraph(d.say("dossier.incident", d.words.Incident(i.Kind), d.words.Day(i.Day)))
	}
}

// contract is the dates that a talk must keep to.
func (d *dossier) contract(j *verdict.Judgement) {
	d.section("dossier.contract")
	c := &j.Contract
	days := func(n measure.Opt[int]) xlsx.Cell {
		if !n.Known {
			return d.absent()
		}
		return d.count(int64(n.Value))
	}
	pair := func(a words.Key, x xlsx.Cell, b words.Key, y xlsx.Cell) {
		d.add(xlsx.Text(d.say(a), d.look.text), xlsx.Cell{}, x, xlsx.Text(d.say(b), d.look.cell), xlsx.Cell{}, y)
	}
	right := func(c xlsx.Cell) xlsx.Cell { c.Style = d.look.right; return c }
	pair("dossier.start", right(d.day(c.Start)), "dossier.end", right(d.day(c.End)))
	pair("dossier.notice", days(c.NoticeDays), "dossier.last notice", right(d.day(c.LastNotice)))
	pair("dossier.transition", days(c.TransitionDays), "dossier.earliest", right(d.day(c.Earliest)))
	if c.ReliesOnUs {
		d.paragraph(d.say("dossier.relies"))
	}
	if len(c.Missing) > 0 {
		d.paragraph(d.say("dossier.missing", strings.Join(c.Missing, d.say("comma")+" ")))
	}
}

// exit is what its leaving would do.
func (d *dossier) exit(c *worth.Client, j *verdict.Judgement) {
	d.section("dossier.exit", "dossier.labour 0", "dossier.labour 50", "dossier.labour 100")
	d.add(xlsx.Text(d.say("col.avoidable margin"), d.look.text), d.look.amount(c.AvoidableAt[0]), d.look.amount(c.AvoidableAt[1]), d.look.amount(c.AvoidableAt[2]))
	if c.AvoidableMargin > 0 {
		d.paragraph(d.say("dossier.costs money", d.words.Amount(c.AvoidableMargin), d.r.Facts.Currency.Code, c.MonthsObserved))
	}
	if c.AvoidableMargin < 0 {
		d.paragraph(d.say("dossier.saves money", d.words.Amount(-c.AvoidableMargin), d.r.Facts.Currency.Code, c.MonthsObserved))
	}
	switch {
	case c.BreakevenLoss.Known && c.AvoidableMargin <= 0:
		d.paragraph(d.say("dossier.breakeven any"))
	case c.BreakevenLoss.Known:
		d.paragraph(d.say("dossier.breakeven", d.words.Percent(c.BreakevenLoss.Value)))
	}
	e := j.Exit
	if e == nil {
		return
	}
	if e.Replacement.Known {
		d.paragraph(d.say("dossier.replacement", d.words.Amount(e.Replacement.Value), d.r.Facts.Currency.Code))
	}
	if e.Stranded > 0 {
		d.paragraph(d.say("dossier.stranded", d.words.Amount(e.Stranded), d.r.Facts.Currency.Code))
	}
	for _, p := range e.Pushed[:min(3, len(e.Pushed))] {
		d.paragraph(d.say("dossier.pushed", d.name(p.Client), d.words.Amount(p.Takes)))
	}
	d.exitMonths(e)
}

// exitMonths is the change of profit after notice, month by month.
func (d *dossier) exitMonths(e *verdict.Exit) {
	if len(e.Months) == 0 {
		return
	}
	d.section("dossier.exit months", "col.revenue", "dossier.prepaid", "dossier.still caused", "dossier.stranded cost", "dossier.change of profit")
	shown := lastMonths(e.Months)
	for _, m := range shown {
		d.add(d.said(d.words.Month(m.Month)), d.look.amount(m.Revenue), d.look.amount(m.Prepaid), d.look.amount(m.Cost), d.look.amount(m.Stranded), d.look.amount(m.Change))
	}
	if len(shown) < len(e.Months) {
		d.paragraph(d.say("dossier.exit cut", len(shown), len(e.Months)))
	}
}

// lastMonths are the six months that end with the first without the client.
func lastMonths(all []verdict.ExitMonth) []verdict.ExitMonth {
	return all[max(0, len(all)-6):]
}

// questions are what to ask, by verdict.
func (d *dossier) questions(j *verdict.Judgement) {
	d.section("dossier.questions")
	for _, key := range questionsOf(j.Economic) {
		d.paragraph("• " + d.say(key))
	}
}

func questionsOf(v verdict.Verdict) []words.Key {
	of := map[verdict.Verdict][]words.Key{
		verdict.Reprice:         {"ask.worth to you", "ask.what if price", "ask.less for same"},
		verdict.AgreeScope:      {"ask.which work", "ask.who else", "ask.worth to you"},
		verdict.LimitSupport:    {"ask.why so many", "ask.self help", "ask.bigger plan"},
		verdict.PrepareToPart:   {"ask.what tried", "ask.who else", "ask.hand over"},
		verdict.KeepDoNotExpand: {"ask.what tried", "ask.less for same", "ask.bigger plan"},
		verdict.Conduct:         {"ask.what happened", "ask.our part", "ask.who speaks"},
	}
	if q, ok := of[v]; ok {
		return q
	}
	return []words.Key{"ask.worth to you", "ask.why so many", "ask.our part"}
}

// broken breaks a text into lines of at most n letters, between words.
func broken(text string, n int) []string {
	r := []rune(text)
	var out []string
	for len(r) > n {
		at := n
		for at > n/2 && r[at] != ' ' {
			at--
		}
		out = append(out, string(r[:at]))
		r = r[at:]
		for len(r) > 0 && r[0] == ' ' {
			r = r[1:]
		}
	}
	return append(slices.Clip(out), string(r))
}
