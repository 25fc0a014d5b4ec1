package workbook

import (
	"cmp"
	"slices"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/verdict"
	"clientworth/reports/xlsx"
)

// ownErrors is what our own mistakes cost, by client: mended first, they need no
// conversation about price.
func (b *builder) ownErrors() *xlsx.Sheet {
	var refs []clients.Ref
	sum := func(i int) costing.Month { return costing.Sum(b.r.Costs.Clients[refs[i]].Months) }
	total := func(ref clients.Ref) money.Amount {
		c := &b.r.Worth.Clients[ref]
		return c.OwnError + c.OwnCredits
	}
	for _, ref := range b.order {
		if total(ref) > 0 {
			refs = append(refs, ref)
		}
	}
	slices.SortStableFunc(refs, func(x, y clients.Ref) int { return cmp.Compare(total(y), total(x)) })
	g := grid{sheet: "sheet.own errors", table: "own_errors", note: b.say("own errors.note"), count: len(refs), frozen: 1}
	if len(refs) == 0 {
		g.note = b.say("own errors.none")
	}
	at := func(col, i int) string { return xlsx.Ref(col, firstRow+i) }
	g.columns = []column{
		{head: "col.client", width: 28, text: true, cell: func(i int) xlsx.Cell { return xlsx.Text(b.name(refs[i]), b.look.cellStrong) }},
		{head: "col.verdict", width: 24, text: true, cell: func(i int) xlsx.Cell { return b.verdictCell(refs[i]) }},
		{head: "col.own hours", width: 12, cell: func(i int) xlsx.Cell { return b.look.hour(sum(i).HoursOwn) }},
		{head: "col.labour", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(sum(i).LabourOwn) }},
		{head: "col.pools", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(sum(i).PoolsOwn) }},
		{head: "col.direct", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(sum(i).DirectOwn) }},
		{head: "col.own credits", width: 14, cell: func(i int) xlsx.Cell { return b.look.amount(sum(i).OwnCredits) }},
		{head: "col.own total", width: 14, cell: func(i int) xlsx.Cell {
			return b.look.amount(total(refs[i])).By("SUM(" + xlsx.Range(4, firstRow+i, 7, firstRow+i) + ")")
		}},
		{head: "col.cost", width: 14, cell: func(i int) xlsx.Cell { return b.look.amount(b.r.Worth.Clients[refs[i]].Cost) }},
		{head: "col.own share", width: 12, cell: func(i int) xlsx.Cell {
			c := &b.r.Worth.Clients[refs[i]]
			if c.Cost == 0 {
				return b.absent()
			}
			return b.optFloat(measure.Ratio(total(refs[i]).Float(), c.Cost.Float()), b.look.percent).By(at(8, i) + "/" + at(9, i))
		}},
		{head: "col.margin", width: 14, cell: func(i int) xlsx.Cell { return b.look.amount(b.r.Worth.Clients[refs[i]].Margin) }},
		{head: "col.margin without", width: 16, cell: func(i int) xlsx.Cell {
			return b.look.amount(b.r.Worth.Clients[refs[i]].Margin + total(refs[i])).By(at(11, i) + "+" + at(8, i))
		}},
	}
	return b.grid(g)
}

// left is the clients that are gone: what they paid and cost while they were here.
func (b *builder) left() *xlsx.Sheet {
	refs := b.gone()
	g := grid{sheet: "sheet.left", table: "gone", note: b.say("left.note"), count: len(refs), frozen: 1}
	if len(refs) == 0 {
		g.note = b.say("left.none")
	}
	g.columns = []column{
		{head: "col.client", width: 28, text: true, cell: func(i int) xlsx.Cell { return xlsx.Text(b.name(refs[i]), b.look.cellStrong) }},
		{head: "col.verdict", width: 18, text: true, cell: func(i int) xlsx.Cell { return b.verdictCell(refs[i]) }},
		{head: "col.contract end", width: 14, text: true, cell: func(i int) xlsx.Cell { return b.day(b.r.Facts.Clients[refs[i]].ContractEnd) }},
		{head: "col.months observed", width: 11, cell: func(i int) xlsx.Cell { return b.count(int64(b.r.Worth.Clients[refs[i]].MonthsObserved)) }},
		{head: "col.revenue", width: 14, cell: func(i int) xlsx.Cell { return b.look.amount(b.r.Worth.Clients[refs[i]].Revenue) }},
		{head: "col.cost", width: 14, cell: func(i int) xlsx.Cell { return b.look.amount(b.r.Worth.Clients[refs[i]].Cost) }},
		{head: "col.margin", width: 14, cell: func(i int) xlsx.Cell {
			row := firstRow + i
			return b.look.amount(b.r.Worth.Clients[refs[i]].Margin).By(xlsx.Ref(5, row) + "-" + xlsx.Ref(6, row))
		}},
		{head: "col.hours", width: 12, cell: func(i int) xlsx.Cell { return b.look.hour(b.r.Worth.Clients[refs[i]].Hours) }},
		{head: "col.own error", width: 14, cell: func(i int) xlsx.Cell { return b.look.amount(b.r.Worth.Clients[refs[i]].OwnError) }},
		{head: "col.last said", width: 30, text: true, cell: func(i int) xlsx.Cell { return b.said(b.lastSaid(refs[i])) }},
		{head: "col.reasons", width: 60, text: true, cell: func(i int) xlsx.Cell { return b.reasonsCell(refs[i]) }},
	}
	return b.grid(g)
}

// lastSaid is the last verdict that an earlier report gave on a client now gone,
// while it was still there.
func (b *builder) lastSaid(ref clients.Ref) string {
	for _, said := range slices.Backward(b.grades(ref)) {
		if said.Verdict.Ranked() {
			return b.words.Month(said.Period) + ": " + b.words.Verdict(said.Verdict)
		}
	}
	return b.say("absent")
}

// grades are those of what earlier reports said of a client, oldest first.
func (b *builder) grades(ref clients.Ref) []verdict.Grade {
	of := func(g verdict.Grade, r clients.Ref) int { return cmp.Compare(g.Ref, r) }
	first, _ := slices.BinarySearchFunc(b.r.Grades, ref, of)
	end, _ := slices.BinarySearchFunc(b.r.Grades, ref+1, of)
	return b.r.Grades[first:end]
}

// ideal is which kinds of clients are worth having more of.
func (b *builder) ideal() *xlsx.Sheet {
	groups := b.r.Worth.Ideal
	g := grid{sheet: "sheet.ideal", table: "ideal", note: b.say("ideal.note"), count: len(groups), frozen: 2}
	if len(groups) == 0 {
		g.note = b.say("ideal.none")
	}
	g.columns = []column{
		{head: "col.attribute", width: 18, text: true, cell: func(i int) xlsx.Cell { return xlsx.Text(b.attribute(groups[i].Attribute), b.look.cellStrong) }},
		{head: "col.is", width: 24, text: true, cell: func(i int) xlsx.Cell {
			if groups[i].Value == "" {
				return b.text(b.say("unknown"))
			}
			return b.text(groups[i].Value)
		}},
		{head: "col.clients", width: 10, cell: func(i int) xlsx.Cell { return b.count(int64(groups[i].Clients)) }},
		{head: "col.revenue", width: 15, cell: func(i int) xlsx.Cell { return b.look.amount(groups[i].Revenue) }},
		{head: "col.cost", width: 15, cell: func(i int) xlsx.Cell { return b.look.amount(groups[i].Cost) }},
		{head: "col.margin", width: 15, cell: func(i int) xlsx.Cell {
			row := firstRow + i
			return b.look.amount(groups[i].Margin).By(xlsx.Ref(4, row) + "-" + xlsx.Ref(5, row))
		}},
		{head: "col.margin pct", width: 10, cell: func(i int) xlsx.Cell { return b.optFloat(groups[i].MarginPct, b.look.percent) }},
		{head: "col.underpaying share", width: 13, cell: func(i int) xlsx.Cell { return b.optFloat(groups[i].Underpaying, b.look.percent) }},
		{head: "col.hours", width: 13, cell: func(i int) xlsx.Cell { return b.look.hour(groups[i].Hours) }},
		{head: "col.tickets", width: 10, cell: func(i int) xlsx.Cell { return b.count(groups[i].Tickets) }},
		{head: "col.hours per ticket", width: 12, cell: func(i int) xlsx.Cell { return b.optFloat(groups[i].HoursPerTicket, b.look.ratio) }},
	}
	return b.grid(g)
}
