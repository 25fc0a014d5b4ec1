package workbook

import (
	"clientworth/pipeline"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// ownChecks compares the sheets of the workbook with each other and with the
// ledger. The formulas that read the sheets stand in sums, by check.
func (b *builder) ownChecks() []pipeline.Check {
	l := &b.r.Costs.Ledger
	var revenue, cost, margin, labour money.Amount
	var gone int64
	for _, ref := range b.r.Worth.Order {
		c := &b.r.Worth.Clients[ref]
		revenue, cost, margin = revenue+c.Revenue, cost+c.Cost, margin+c.Margin
	}
	gone = int64(len(b.r.Worth.Order) - len(b.ranked))
	for _, m := range b.r.Costs.Roles {
		labour += m.Cost
	}
	hours := func(h measure.Hours) int64 { return int64(h) }
	sum := func(s string) string { return "SUM(" + s + ")" }
	count := func(s string) string { return "COUNTIFS(" + s + `,"?*")` }
	b.sums = nil
	var checks []pipeline.Check
	add := func(name, a, bb string, u pipeline.Unit, left, right int64, sumA, sumB string) {
		checks = append(checks, pipeline.Check{
			Number: len(b.r.Checks) + len(checks) + 1, Name: b.say("own." + words.Key(name)), A: a, B: bb, Unit: u, Left: left, Right: right, State: pipeline.Pass,
		})
		b.sums = append(b.sums, [2]string{sumA, sumB})
	}
	sheet, ledger := func(key string) string { return b.say(words.Key("sheet." + key)) }, b.say("own.ledger")
	add("revenue", sheet("clients"), ledger, pipeline.MinorUnits, int64(revenue+l.RevenueOther), int64(l.BillingUsed), sum(b.span("sheet.clients", "col.revenue", 1)), "")
	add("cost", sheet("clients"), ledger, pipeline.MinorUnits, int64(cost+l.Unmapped), int64(l.Clients+l.Unmapped), sum(b.span("sheet.clients", "col.cost", 1)), "")
	add("hours", sheet("clients"), ledger, pipeline.MicroHours, hours(l.HoursClients+l.HoursUnmapped), hours(l.HoursIn-l.HoursInternal), sum(b.span("sheet.clients", "col.hours", 1)), "")
	add("breakdown", sheet("breakdown"), sheet("clients"), pipeline.MinorUnits, int64(cost), int64(cost), sum(b.span("sheet.breakdown", "col.cost", 0)), sum(b.span("sheet.clients", "col.cost", 0)))
	add("months", sheet("months"), sheet("clients"), pipeline.MinorUnits, int64(margin), int64(margin), sum(b.span("sheet.months", "col.margin", 0)), sum(b.span("sheet.clients", "col.margin", 0)))
	add("ranking", sheet("ranking")+" + "+sheet("left"), sheet("clients"), pipeline.MinorUnits, int64(revenue), int64(revenue),
		sum(b.span("sheet.ranking", "col.revenue", 0))+"+"+sum(b.span("sheet.left", "col.revenue", 0)), sum(b.span("sheet.clients", "col.revenue", 0)))
	add("count", sheet("ranking")+" + "+sheet("left"), sheet("clients"), pipeline.Count, int64(len(b.ranked))+gone, int64(len(b.r.Worth.Order)),
		count(b.span("sheet.ranking", "col.client", 0))+"+"+count(b.span("sheet.left", "col.client", 0)), count(b.span("sheet.clients", "col.client", 0)))
	add("labour", sheet("capacity"), ledger, pipeline.MinorUnits, int64(labour), int64(labour), sum(b.span("sheet.capacity", "col.labour cost", 0)), "")
	return checks
}

// ownHead is the row of the heading of the workbook's own checks.
func (b *builder) ownHead() int { return firstRow + max(len(b.r.Checks), 1) + 1 }

// lastCheck is the row of the last check on the sheet.
func (b *builder) lastCheck() int { return b.ownHead() + len(b.own) }

// ownRows is the rows below the table of the run's checks.
func (b *builder) ownRows() []xlsx.Row {
	var rows []xlsx.Row
	if len(b.r.Checks) == 0 {
		rows = append(rows, xlsx.Row{})
	}
	head := make([]xlsx.Cell, resultColumn)
	for i := range head {
		head[i] = xlsx.Empty(b.look.section)
	}
	head[0] = xlsx.Text(b.say("own.head"), b.look.section)
	rows = append(rows, xlsx.Row{}, xlsx.Row{Cells: head, Height: 20})
	for i := range b.own {
		c, row := &b.own[i], b.ownHead()+1+i
		value := func(n int64, formula string) xlsx.Cell {
			cell := b.figure(n, c.Unit)
			if formula != "" {
				cell = cell.By(formula)
			}
			return cell
		}
		rows = append(rows, xlsx.Row{Cells: []xlsx.Cell{
			xlsx.Int(c.Number, b.look.count), b.wrap(c.Name), b.wrap(c.A), value(c.Left, b.sums[i][0]), b.wrap(c.B), value(c.Right, b.sums[i][1]),
			b.difference(c, row), b.figure(0, c.Unit), b.resultCell(c, row),
		}})
	}
	return rows
}
