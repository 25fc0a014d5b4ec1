package workbook

import (
	"clientworth/pipeline/clients"
	"clientworth/pipeline/money"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// trendLines is how many clients have a trend line beside their months.
const trendLines = 2000

// months is the margin of each client and month: red where it lost money.
func (b *builder) months() *xlsx.Sheet {
	order, window := b.order, b.r.Facts.Window
	const from = 4 // column of the first month
	to := from + window.Len() - 1
	g := grid{sheet: "sheet.months", table: "months", note: b.say("months.note"), count: len(order), frozen: 3}
	g.columns = []column{
		{head: "col.rank", width: 6, cell: func(i int) xlsx.Cell { return b.rank(b.r.Worth.Clients[order[i]].Rank) }},
		{head: "col.client", width: 28, text: true, cell: func(i int) xlsx.Cell { return xlsx.Text(b.name(order[i]), b.look.cellStrong) }},
		{head: "col.trend line", width: 14, text: true, cell: func(i int) xlsx.Cell { return xlsx.Cell{} }},
	}
	for t := range window.Len() {
		g.columns = append(g.columns, column{title: b.words.Month(window.At(t)), width: max(11, b.amountWidth-3), cell: func(i int) xlsx.Cell {
			return b.look.whole(b.r.Costs.Clients[order[i]].Months[t].Margin(), b.look.money0)
		}})
	}
	g.columns = append(g.columns, column{head: "col.margin", width: 14, cell: func(i int) xlsx.Cell {
		row := firstRow + i
		return b.look.amount(b.r.Worth.Clients[order[i]].Margin).By("SUM(" + xlsx.Range(from, row, to, row) + ")")
	}}, column{head: "col.trend", width: 13, cell: func(i int) xlsx.Cell { return b.optAmount(b.r.Worth.Clients[order[i]].Trend) }},
		column{head: "col.trend p", width: 9, cell: func(i int) xlsx.Cell { return b.optFloat(b.r.Worth.Clients[order[i]].TrendP, b.look.ratio) }})
	s := b.grid(g)
	if len(order) > 0 {
		s.Formats = []xlsx.Format{{
			Range: xlsx.Range(from, firstRow, to, firstRow+len(order)-1), Scale: []string{"F2A67E", "FFFFFF", "8EC3E6"},
		}}
	}
	for i := range min(len(order), trendLines) {
		row := firstRow + i
		s.Sparklines = append(s.Sparklines, xlsx.Sparkline{
			Cell: xlsx.Ref(from-1, row), Range: xlsx.Quote(s.Name) + "!" + xlsx.Range(from, row, to, row),
		})
	}
	return s
}

// breakdown is what each client's cost is made of.
func (b *builder) breakdown() *xlsx.Sheet {
	order := b.order
	pools := b.poolSums()
	g := grid{sheet: "sheet.breakdown", table: "breakdown", note: b.say("breakdown.note"), count: len(order), frozen: 2}
	first := 3
	last := first + 1 + len(b.r.Facts.Pools)
	g.columns = []column{
		{head: "col.rank", width: 6, cell: func(i int) xlsx.Cell { return b.rank(b.r.Worth.Clients[order[i]].Rank) }},
		{head: "col.client", width: 28, text: true, cell: func(i int) xlsx.Cell { return xlsx.Text(b.name(order[i]), b.look.cellStrong) }},
		{head: "col.labour", width: 14, cell: func(i int) xlsx.Cell { return b.look.amount(b.r.Worth.Clients[order[i]].Labour) }},
	}
	for p, name := range b.r.Facts.Pools {
		g.columns = append(g.columns, column{title: b.say("col.pool", words.Plain(name)), width: 14, cell: func(i int) xlsx.Cell {
			return b.look.amount(pools[p][order[i]])
		}})
	}
	g.columns = append(g.columns,
		column{head: "col.direct", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(b.r.Worth.Clients[order[i]].Direct) }},
		column{head: "col.cost", width: 14, cell: func(i int) xlsx.Cell {
			row := firstRow + i
			return b.look.amount(b.r.Worth.Clients[order[i]].Cost).By("SUM(" + xlsx.Range(first, row, last, row) + ")")
		}},
		column{head: "col.own error", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(b.r.Worth.Clients[order[i]].OwnError) }},
		column{head: "col.caused", width: 14, cell: func(i int) xlsx.Cell {
			c := &b.r.Worth.Clients[order[i]]
			row := firstRow + i
			return b.look.amount(c.Cost - c.OwnError).By(xlsx.Ref(last+1, row) + "-" + xlsx.Ref(last+2, row))
		}},
		column{head: "col.out of scope", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(b.r.Worth.Clients[order[i]].OutOfScope) }},
		column{head: "col.above plan", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(b.r.Worth.Clients[order[i]].AbovePlan) }},
		column{head: "col.against advice", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(b.r.Worth.Clients[order[i]].AgainstAdvice) }},
		column{head: "col.capability", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(b.r.Worth.Clients[order[i]].Capability) }},
		column{head: "col.hours", width: 11, cell: func(i int) xlsx.Cell { return b.look.hour(b.r.Worth.Clients[order[i]].Hours) }},
	)
	return b.grid(g)
}

// poolSums returns each pool's shares over the window, by client.
func (b *builder) poolSums() [][]money.Amount {
	sums := make([][]money.Amount, len(b.r.Facts.Pools))
	for p := range sums {
		sums[p] = make([]money.Amount, len(b.r.Facts.Clients))
	}
	for _, s := range b.r.Costs.Shares {
		if s.Client >= clients.Ref(0) {
			sums[s.Pool][s.Client] += s.Amount
		}
	}
	return sums
}
