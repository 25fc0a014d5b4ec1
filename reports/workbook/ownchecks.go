package workbook

import (
	"clientworth/pipeline"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/money"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// ownCheck compares what stands on a sheet of the workbook with another sheet, or
// with the ledger. Its figures are added up here the way the formulas do it there.
type ownCheck struct {
	pipeline.Check
	left, right formula
}

// formula reads a side of a check from its sheet, once the sheets are made; nil is
// a value of the ledger.
type formula func() string

// sum adds up a column of a sheet, with the row below its table if below is 1.
func (b *builder) sum(sheet, head words.Key, below int) formula {
	return func() string { return "SUM(" + b.span(sheet, head, below) + ")" }
}

// filled counts the cells with text in a column of a sheet.
func (b *builder) filled(sheet, head words.Key) formula {
	return func() string { return "COUNTIFS(" + b.span(sheet, head, 0) + `,"?*")` }
}

func plus(a, b formula) formula { return func() string { return a() + "+" + b() } }

// ownChecks is the workbook's checks of itself, numbered behind those of the run.
func (b *builder) ownChecks() []ownCheck {
	all := b.checksOfSheets()
	if !b.cut() { // else the ledger is more than the sheet
		all = append(b.checksOfClients(), all...)
	}
	for i := range all {
		all[i].Number = len(b.r.Checks) + i + 1
		all[i].State = pipeline.Pass
	}
	return all
}

// checksOfClients ties the Clients sheet, Unmapped included, to the ledger.
func (b *builder) checksOfClients() []ownCheck {
	l := &b.r.Costs.Ledger
	rest := costing.Sum(b.r.Costs.Unmapped.Months)
	revenue, cost, hours := rest.Revenue, rest.Cost(), rest.Hours
	for _, ref := range b.order {
		c := &b.r.Worth.Clients[ref]
		revenue, cost, hours = revenue+c.Revenue, cost+c.Cost, hours+c.Hours
	}
	tie := func(name words.Key, head words.Key, u pipeline.Unit, left, right int64) ownCheck {
		c := pipeline.Check{Name: b.say(name), A: b.say("sheet.clients"), B: b.say("own.ledger"), Unit: u, Left: left, Right: right}
		return ownCheck{c, b.sum("sheet.clients", head, 1), nil}
	}
	return []ownCheck{
		tie("own.revenue", "col.revenue", pipeline.MinorUnits, int64(revenue), int64(l.BillingUsed)),
		tie("own.cost", "col.cost", pipeline.MinorUnits, int64(cost), int64(l.Clients+l.Unmapped)),
		tie("own.hours", "col.hours", pipeline.MicroHours, int64(hours), int64(l.HoursIn-l.HoursInternal)),
	}
}

// checksOfSheets ties the other sheets to the Clients sheet, and the labour of the
// roles to what they were paid.
func (b *builder) checksOfSheets() []ownCheck {
	var revenue, cost, margin, byKind, byMonth, inRanking, labour, shared money.Amount
	for _, ref := range b.order {
		c := &b.r.Worth.Clients[ref]
		revenue, cost, margin, byKind = revenue+c.Revenue, cost+c.Cost, margin+c.Margin, byKind+c.Labour+c.Direct
		for _, m := range b.r.Costs.Clients[ref].Months {
			byMonth += m.Margin()
		}
	}
	for _, pool := range b.poolSums() {
		for _, ref := range b.order {
			byKind += pool[ref]
		}
	}
	for _, ref := range append(b.gone(), b.ranked...) {
		inRanking += b.r.Worth.Clients[ref].Revenue
	}
	for _, m := range b.r.Costs.Roles {
		labour, shared = labour+m.Cost, shared+m.ToClients+m.ToUnmapped+m.ToInternal+m.Unused
	}
	say := func(keys ...words.Key) (s string) {
		for i, k := range keys {
			if i > 0 {
				s += " + "
			}
			s += b.say(k)
		}
		return s
	}
	tie := func(name words.Key, u pipeline.Unit, a string, left int64, by formula, right int64, other formula) ownCheck {
		return ownCheck{pipeline.Check{Name: b.say(name), A: a, B: b.say("sheet.clients"), Unit: u, Left: left, Right: right}, by, other}
	}
	both := say("sheet.ranking", "sheet.left")
	checks := []ownCheck{
		tie("own.breakdown", pipeline.MinorUnits, say("sheet.breakdown"), int64(byKind), b.sum("sheet.breakdown", "col.cost", 0),
			int64(cost), b.sum("sheet.clients", "col.cost", 0)),
		tie("own.months", pipeline.MinorUnits, say("sheet.months"), int64(byMonth), b.sum("sheet.months", "col.margin", 0),
			int64(margin), b.sum("sheet.clients", "col.margin", 0)),
		tie("own.ranking", pipeline.MinorUnits, both, int64(inRanking), plus(b.sum("sheet.ranking", "col.revenue", 0), b.sum("sheet.left", "col.revenue", 0)),
			int64(revenue), b.sum("sheet.clients", "col.revenue", 0)),
		tie("own.count", pipeline.Count, both, int64(len(b.ranked)+len(b.gone())), plus(b.filled("sheet.ranking", "col.client"), b.filled("sheet.left", "col.client")),
			int64(len(b.order)), b.filled("sheet.clients", "col.client")),
		tie("own.labour", pipeline.MinorUnits, say("sheet.capacity"), int64(shared), b.sum("sheet.capacity", "col.labour cost", 0), int64(labour), nil),
	}
	checks[len(checks)-1].B = b.say("own.ledger")
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
		side := func(n int64, by formula) xlsx.Cell {
			cell := b.figure(n, c.Unit)
			if by != nil {
				cell = cell.By(by())
			}
			return cell
		}
		rows = append(rows, xlsx.Row{Height: lineHeight*float64(lines(c.Name, checkWidth-2)) + padding, Cells: []xlsx.Cell{
			xlsx.Int(c.Number, b.look.count), b.wrap(c.Name), b.wrap(c.A), side(c.Left, c.left), b.wrap(c.B), side(c.Right, c.right),
			b.difference(&c.Check, row), b.figure(0, c.Unit), b.resultCell(&c.Check, row),
		}})
	}
	return rows
}
