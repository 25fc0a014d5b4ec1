package workbook

import (
	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/money"
	"clientworth/pipeline/worth"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// clients is every client with every figure, and Unmapped below the table.
func (b *builder) clients() *xlsx.Sheet {
	order := b.order
	client := func(i int) *worth.Client { return &b.r.Worth.Clients[order[i]] }
	who := func(i int) *clients.Client { return &b.r.Facts.Clients[order[i]] }
	amount := func(head words.Key, of func(c *worth.Client) xlsx.Cell) column {
		return column{head: head, width: 13, cell: func(i int) xlsx.Cell { return of(client(i)) }}
	}
	g := grid{sheet: "sheet.clients", table: "clients", note: b.say("clients.note") + " " + b.say("note.absent"), count: len(order), frozen: 2}
	g.columns = []column{
		{head: "col.rank", width: 6, cell: func(i int) xlsx.Cell { return b.rank(client(i).Rank) }},
		{head: "col.client", width: 28, text: true, cell: func(i int) xlsx.Cell { return xlsx.Text(b.name(order[i]), b.look.cellStrong) }},
		{head: "col.client id", width: 16, text: true, cell: func(i int) xlsx.Cell { return b.text(string(who(i).ID)) }},
		{head: "col.parent", width: 12, text: true, cell: func(i int) xlsx.Cell { return b.text(string(who(i).Parent)) }},
		{head: "col.segment", width: 14, text: true, cell: func(i int) xlsx.Cell { return b.text(who(i).Segment) }},
		{head: "col.verdict", width: 21, text: true, cell: func(i int) xlsx.Cell {
			if j := b.r.Judgement(order[i]); j != nil {
				return b.text(b.words.Verdict(j.Verdict))
			}
			return b.absent()
		}},
		amount("col.revenue", func(c *worth.Client) xlsx.Cell { return b.look.amount(c.Revenue) }),
		amount("col.recurring", func(c *worth.Client) xlsx.Cell { return b.look.amount(c.Recurring) }),
		amount("col.cost", func(c *worth.Client) xlsx.Cell { return b.look.amount(c.Cost) }),
		amount("col.labour", func(c *worth.Client) xlsx.Cell { return b.look.amount(c.Labour) }),
		amount("col.pools", func(c *worth.Client) xlsx.Cell { return b.look.amount(c.Pools) }),
		amount("col.direct", func(c *worth.Client) xlsx.Cell { return b.look.amount(c.Direct) }),
		amount("col.own error", func(c *worth.Client) xlsx.Cell { return b.look.amount(c.OwnError) }),
		amount("col.margin", func(c *worth.Client) xlsx.Cell { return b.look.amount(c.Margin) }),
		amount("col.margin pct", func(c *worth.Client) xlsx.Cell { return b.optFloat(c.MarginPct, b.look.percent) }),
		amount("col.fair price", func(c *worth.Client) xlsx.Cell { return b.look.amount(c.FairPrice) }),
		amount("col.gap", func(c *worth.Client) xlsx.Cell { return b.look.amount(c.Gap) }),
		amount("col.shortfall", func(c *worth.Client) xlsx.Cell { return b.look.amount(c.Shortfall) }),
		amount("col.sure", func(c *worth.Client) xlsx.Cell { return b.optFloat(c.PUnderpaying, b.look.share) }),
		amount("col.stability", func(c *worth.Client) xlsx.Cell { return b.optFloat(c.Stability, b.look.share) }),
		amount("col.months underpaying", func(c *worth.Client) xlsx.Cell { return b.count(int64(c.MonthsUnderpaying)) }),
		amount("col.months observed", func(c *worth.Client) xlsx.Cell { return b.count(int64(c.MonthsObserved)) }),
		amount("col.trend", func(c *worth.Client) xlsx.Cell { return b.optAmount(c.Trend) }),
		amount("col.trend p", func(c *worth.Client) xlsx.Cell { return b.optFloat(c.TrendP, b.look.ratio) }),
		amount("col.hours", func(c *worth.Client) xlsx.Cell { return b.look.hour(c.Hours) }),
		amount("col.tickets", func(c *worth.Client) xlsx.Cell { return b.count(c.Tickets) }),
		amount("col.value", func(c *worth.Client) xlsx.Cell { return b.optAmount(c.Value) }),
		amount("col.value gap", func(c *worth.Client) xlsx.Cell { return b.optAmount(c.ValueGap) }),
		amount("col.avoidable margin", func(c *worth.Client) xlsx.Cell { return b.look.amount(c.AvoidableMargin) }),
		amount("col.uplift", func(c *worth.Client) xlsx.Cell { return b.optFloat(c.Uplift, b.look.percent) }),
		amount("col.breakeven", func(c *worth.Client) xlsx.Cell { return b.optFloat(c.BreakevenLoss, b.look.share) }),
	}
	g.printed = g.at("col.sure")
	g.last = b.unmappedCells(&g)
	return b.grid(g)
}

// unmappedCells is the row below the table for names that no client owns.
func (b *builder) unmappedCells(g *grid) []xlsx.Cell {
	sum := costing.Sum(b.r.Costs.Unmapped.Months)
	figures := map[words.Key]xlsx.Cell{
		"col.client":    xlsx.Text(b.say("unmapped"), b.look.totalText),
		"col.client id": xlsx.Text("_unmapped", b.look.totalText),
		"col.hours":     xlsx.Number(sum.Hours.String(), b.look.totalHours),
		"col.tickets":   xlsx.Int(sum.Tickets, b.look.totalCount),
	}
	for head, amount := range map[words.Key]money.Amount{
		"col.revenue": sum.Revenue, "col.recurring": sum.Recurring, "col.cost": sum.Cost(),
		"col.labour": sum.Labour, "col.pools": sum.Pools, "col.direct": sum.Direct,
		"col.own error": sum.OwnErrorCost(), "col.margin": sum.Margin(),
	} {
		figures[head] = b.look.total(amount)
	}
	cells := make([]xlsx.Cell, len(g.columns))
	for i, c := range g.columns {
		cells[i] = xlsx.Empty(b.look.totalText)
		if f, ok := figures[c.head]; ok {
			cells[i] = f
		}
	}
	return cells
}
