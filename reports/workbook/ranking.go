package workbook

import (
	"cmp"
	"fmt"
	"slices"

	"clientworth/pipeline/worth"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// liveRows is how many rows of a ranking are formulas: each rank looks at all of
// them.
const liveRows = 2000

// ranking is the clients by shortfall, with the figures that lead to it as live
// formulas. What decides stands on the left and is printed; what it was computed
// from stands on the right.
func (b *builder) ranking() *xlsx.Sheet {
	client := func(i int) *worth.Client { return &b.r.Worth.Clients[b.ranked[i]] }
	g := &grid{sheet: "sheet.ranking", table: "ranking", note: b.say("ranking.note") + " " + b.say("note.absent"), count: len(b.ranked), frozen: 2}
	if b.r.Worth.Parents != nil {
		g.note = b.say("ranking.by parent") + " " + g.note
	}
	if len(b.ranked) > liveRows {
		g.note += " " + b.say("ranking.beyond", liveRows)
	}
	reasonsWidth := 58.0
	g.lines = func(i int) int {
		j := b.r.Judgement(b.ranked[i])
		if j == nil {
			return 1
		}
		return max(lines(b.words.Reasons(j), reasonsWidth-2), lines(b.words.Change(j.Change), 42), lines(b.words.Verdict(j.Verdict), 21), lines(b.name(b.ranked[i]), 23), lines(b.since(b.ranked[i]), 18))
	}
	c := b.rankedColumns(g, client, func(i int) int { return b.standing[i].equals })
	g.columns = []column{
		{head: "col.rank", width: 6, cell: func(i int) xlsx.Cell {
			if b.r.Worth.Parents != nil {
				return b.rank(client(i).Rank) // its parent's
			}
			return g.liveRank(i, b.rank(client(i).Rank))
		}},
		{head: "col.client", width: 26, text: true, cell: func(i int) xlsx.Cell {
			if b.pages[b.ranked[i]] > 0 {
				return xlsx.Text(b.name(b.ranked[i]), b.look.cellLink)
			}
			return xlsx.Text(b.name(b.ranked[i]), b.look.cellStrong)
		}},
		{head: "col.verdict", width: 23, text: true, cell: func(i int) xlsx.Cell { return b.verdictCell(b.ranked[i]) }},
		c.revenue, c.cost, c.margin, c.marginPct,
		{head: "col.fair price", width: 13, cell: func(i int) xlsx.Cell {
			return g.live(i, b.look.amount(client(i).FairPrice), b.rounded("(%s-%s)/(1-%s)"), "col.cost", "col.own error", "col.target")
		}},
		c.shortfall,
		{head: "col.sure", width: 10, cell: func(i int) xlsx.Cell { return b.optFloat(client(i).PUnderpaying, b.look.share) }},
		{head: "col.months short", width: 9, cell: func(i int) xlsx.Cell {
			return xlsx.Text(b.say("figure.of", client(i).MonthsUnderpaying, client(i).MonthsObserved), b.look.right)
		}},
		{head: "col.since", width: 20, text: true, cell: func(i int) xlsx.Cell { return b.said(b.since(b.ranked[i])) }},
		{head: "col.reasons", width: reasonsWidth, text: true, cell: func(i int) xlsx.Cell { return b.reasonsCell(b.ranked[i]) }},
		{head: "col.change", width: 44, text: true, cell: func(i int) xlsx.Cell { return b.changeCell(i) }},
		{head: "col.trend", width: 12, cell: func(i int) xlsx.Cell { return b.optAmount(client(i).Trend) }},
		{head: "col.target", width: 8, cell: func(i int) xlsx.Cell { return xlsx.Float(client(i).Target.Float(), b.look.percent) }},
		{head: "col.own error", width: 12, cell: func(i int) xlsx.Cell { return b.look.amount(client(i).OwnError) }},
		c.ownCredits, c.gap,
		{head: "col.gap low", width: 13, cell: func(i int) xlsx.Cell { return b.optAmount(client(i).GapLow) }},
		{head: "col.gap high", width: 13, cell: func(i int) xlsx.Cell { return b.optAmount(client(i).GapHigh) }},
		{head: "col.rank range", width: 11, cell: func(i int) xlsx.Cell { return b.between(client(i).RankLow, client(i).RankHigh) }},
		{head: "col.value rank", width: 9, cell: func(i int) xlsx.Cell { return b.rank(client(i).ValueRank) }},
		{head: "col.client id", width: 16, text: true, cell: func(i int) xlsx.Cell { return b.text(string(b.r.Facts.Clients[b.ranked[i]].ID)) }},
		c.position, c.equals,
	}
	g.printed = g.at("col.reasons")
	s := b.rankedSheet(g)
	for i, ref := range b.ranked { // to the client's page
		if at := b.pages[ref]; at > 0 {
			s.Links = append(s.Links, xlsx.Link{
				Cell:   xlsx.Ref(g.at("col.client"), firstRow+i),
				Target: fmt.Sprintf("%s!%s", xlsx.Quote(b.say("sheet.dossiers")), xlsx.Ref(1, at)), Tip: b.say("summary.to page"),
			})
		}
	}
	return s
}

// rankedColumns are those that lead to a rank, of clients or of parents.
type rankedColumns struct{ revenue, cost, margin, marginPct, shortfall, ownCredits, gap, position, equals column }

// rankedColumns are of the figures of each row; equals is how many rows of the same
// shortfall stand before one.
func (b *builder) rankedColumns(g *grid, of func(row int) *worth.Client, equals func(row int) int) rankedColumns {
	return rankedColumns{
		revenue: column{head: "col.revenue", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(of(i).Revenue) }},
		cost:    column{head: "col.cost", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(of(i).Cost) }},
		margin: column{head: "col.margin", width: 13, cell: func(i int) xlsx.Cell {
			return g.live(i, b.look.amount(of(i).Margin), b.rounded("%s-%s"), "col.revenue", "col.cost")
		}},
		marginPct: column{head: "col.margin pct", width: 9, cell: func(i int) xlsx.Cell {
			return g.live(i, b.optFloat(of(i).MarginPct, b.look.percent), `IF(%s>0,%s/%s,"-")`, "col.revenue", "col.margin", "col.revenue")
		}},
		shortfall: column{head: "col.shortfall", width: 13, cell: func(i int) xlsx.Cell {
			return g.live(i, b.look.amountStrong(of(i).Shortfall), "MAX(0,%s)", "col.gap")
		}},
		ownCredits: column{head: "col.own credits", width: 12, cell: func(i int) xlsx.Cell { return b.look.amount(of(i).OwnCredits) }},
		gap: column{head: "col.gap", width: 13, cell: func(i int) xlsx.Cell {
			return g.live(i, b.look.amount(of(i).Gap), b.rounded("%s-MAX(%s+%s,0)"), "col.fair price", "col.revenue", "col.own credits")
		}},
		position: column{head: "col.position", width: 9, cell: func(i int) xlsx.Cell { return xlsx.Int(i+1, b.look.count) }},
		equals: column{head: "col.equals", width: 9, cell: func(i int) xlsx.Cell {
			if i >= liveRows {
				return b.absent()
			}
			return g.liveEquals(i, xlsx.Int(equals(i), b.look.count))
		}},
	}
}

func (b *builder) rankedSheet(g *grid) *xlsx.Sheet {
	s := b.grid(*g)
	b.markMargins(s, g)
	s.Protected = true
	return s
}

// rounded is a formula of an amount that is compared: 35304.43-35293.78 is a little less
// in a spreadsheet than the 10.6500000000015 that COUNTIFS takes it for.
func (b *builder) rounded(formula string) string {
	return fmt.Sprintf("ROUND(%s,%d)", formula, b.look.currency.Places)
}

// live adds a formula whose %s are the cells of the given figures in the row.
func (g *grid) live(i int, c xlsx.Cell, formula string, of ...words.Key) xlsx.Cell {
	if i >= liveRows {
		return c
	}
	cells := make([]any, len(of))
	for j, head := range of {
		cells[j] = g.ref(head, i)
	}
	return c.By(fmt.Sprintf(formula, cells...))
}

// liveRank makes a rank a formula: that of the shortfall, after those equal ones
// that stand before it.
func (g *grid) liveRank(i int, c xlsx.Cell) xlsx.Cell {
	return g.live(i, c, `IF(%s>0,_xlfn.RANK.EQ(%s,`+g.all("col.shortfall")+`)+%s,"-")`, "col.shortfall", "col.shortfall", "col.equals")
}

// liveEquals makes a formula of how many rows of the same shortfall stand before
// one: those of a smaller margin, or of the same one and an earlier position.
func (g *grid) liveEquals(i int, c xlsx.Cell) xlsx.Cell {
	s, m := g.all("col.shortfall"), g.all("col.margin")
	return g.live(i, c, "COUNTIFS("+s+",%s,"+m+`,"<"&%s)+COUNTIFS(`+s+",%s,"+m+",%s,"+g.all("col.position")+`,"<"&%s)`,
		"col.shortfall", "col.margin", "col.shortfall", "col.margin", "col.position")
}

// standing is the rank of a client by its own shortfall, 0 where it has none, and
// how many rows of the same shortfall stand before it: they have the smaller margin,
// or the smaller id.
type standing struct{ rank, equals int }

// standings returns those of the rows of the ranking. Only live rows show them: the
// others have none.
func (b *builder) standings() []standing {
	live := b.ranked[:min(len(b.ranked), liveRows)]
	rows := make([]int, len(live))
	for i := range rows {
		rows[i] = i
	}
	client := func(row int) *worth.Client { return &b.r.Worth.Clients[live[row]] }
	slices.SortStableFunc(rows, func(i, j int) int {
		return cmp.Or(cmp.Compare(client(j).Shortfall, client(i).Shortfall), cmp.Compare(client(i).Margin, client(j).Margin))
	})
	all := make([]standing, len(b.ranked))
	for at, row := range rows {
		if at > 0 && client(row).Shortfall == client(rows[at-1]).Shortfall {
			all[row].equals = all[rows[at-1]].equals + 1
		}
		if client(row).Shortfall > 0 {
			all[row].rank = 1 + at
		}
	}
	return all
}

// markMargins shades losses, which their sign says as well.
func (b *builder) markMargins(s *xlsx.Sheet, g *grid) {
	if g.count == 0 {
		return
	}
	n := g.at("col.margin")
	s.Formats = append(s.Formats, xlsx.Format{
		Range: xlsx.Range(n, g.first(), n, g.first()+g.count-1), Formula: xlsx.Ref(n, g.first()) + "<0", Style: b.look.bad,
	})
}

func (b *builder) changeCell(i int) xlsx.Cell {
	j := b.r.Judgement(b.ranked[i])
	if j == nil {
		return b.said("")
	}
	return b.said(b.words.Change(j.Change))
}
