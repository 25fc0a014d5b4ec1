package workbook

import (
	"fmt"

	"clientworth/pipeline/finding"
	"clientworth/pipeline/worth"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// liveRows is how many rows of the ranking are formulas: each rank looks at all
// of them.
const liveRows = 2000

// ranking is the clients by shortfall, with the figures that lead to it as live
// formulas.
func (b *builder) ranking() *xlsx.Sheet {
	client := func(i int) *worth.Client { return &b.r.Worth.Clients[b.ranked[i]] }
	g := grid{
		sheet: "sheet.ranking", table: "ranking", note: b.say("ranking.note"), count: len(b.ranked), frozen: 2,
	}
	if len(b.ranked) > liveRows {
		g.note += " " + b.say("ranking.beyond", liveRows)
	}
	live := func(i int, c xlsx.Cell, formula func(row int) string) xlsx.Cell {
		if i >= liveRows {
			return c
		}
		return c.By(formula(firstRow + i))
	}
	at := func(head words.Key) string { return finding.ColumnName(g.at(head)) }
	all := func(head words.Key) string {
		n := g.at(head)
		return xlsx.FixedRange(n, firstRow, n, firstRow+min(len(b.ranked), liveRows)-1)
	}
	row := func(i int, head words.Key) string { return fmt.Sprintf("%s%d", at(head), i) }

	g.columns = []column{
		{head: "col.rank", width: 6, cell: func(i int) xlsx.Cell {
			return live(i, b.rank(client(i).Rank), func(n int) string {
				s, m, p := all("col.shortfall"), all("col.margin"), all("col.position")
				own, margin, pos := row(n, "col.shortfall"), row(n, "col.margin"), row(n, "col.position")
				return fmt.Sprintf(`IF(%s>0,RANK.EQ(%s,%s)+COUNTIFS(%s,%s,%s,"<"&%s)+COUNTIFS(%s,%s,%s,%s,%s,"<"&%s),"%s")`,
					own, own, s, s, own, m, margin, s, own, m, margin, p, pos, b.say("absent"))
			})
		}},
		{head: "col.client", width: 28, text: true, cell: func(i int) xlsx.Cell { return xlsx.Text(b.name(b.ranked[i]), b.look.strong) }},
		{head: "col.verdict", width: 21, text: true, cell: func(i int) xlsx.Cell { return b.verdictCell(i) }},
		{head: "col.revenue", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(client(i).Revenue) }},
		{head: "col.cost", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(client(i).Cost) }},
		{head: "col.own error", width: 12, cell: func(i int) xlsx.Cell { return b.look.amount(client(i).OwnError) }},
		{head: "col.own credits", width: 12, cell: func(i int) xlsx.Cell { return b.look.amount(client(i).OwnCredits) }},
		{head: "col.margin", width: 13, cell: func(i int) xlsx.Cell {
			return live(i, b.look.amount(client(i).Margin), func(n int) string {
				return fmt.Sprintf("%s-%s", row(n, "col.revenue"), row(n, "col.cost"))
			})
		}},
		{head: "col.margin pct", width: 9, cell: func(i int) xlsx.Cell {
			return live(i, b.optFloat(client(i).MarginPct, b.look.percent), func(n int) string {
				return fmt.Sprintf(`IF(%s>0,%s/%s,"%s")`, row(n, "col.revenue"), row(n, "col.margin"), row(n, "col.revenue"), b.say("absent"))
			})
		}},
		{head: "col.target", width: 8, cell: func(i int) xlsx.Cell { return xlsx.Float(client(i).Target.Float(), b.look.percent) }},
		{head: "col.fair price", width: 13, cell: func(i int) xlsx.Cell {
			return live(i, b.look.amount(client(i).FairPrice), func(n int) string {
				return fmt.Sprintf("ROUND((%s-%s)/(1-%s),%d)", row(n, "col.cost"), row(n, "col.own error"), row(n, "col.target"), b.look.currency.Places)
			})
		}},
		{head: "col.gap", width: 13, cell: func(i int) xlsx.Cell {
			return live(i, b.look.amount(client(i).Gap), func(n int) string {
				return fmt.Sprintf("%s-MAX(%s+%s,0)", row(n, "col.fair price"), row(n, "col.revenue"), row(n, "col.own credits"))
			})
		}},
		{head: "col.shortfall", width: 13, cell: func(i int) xlsx.Cell {
			return live(i, b.look.amount(client(i).Shortfall), func(n int) string {
				return fmt.Sprintf("MAX(0,%s)", row(n, "col.gap"))
			})
		}},
		{head: "col.sure", width: 10, cell: func(i int) xlsx.Cell { return b.optFloat(client(i).PUnderpaying, b.look.share) }},
		{head: "col.gap low", width: 13, cell: func(i int) xlsx.Cell { return b.optAmount(client(i).GapLow) }},
		{head: "col.gap high", width: 13, cell: func(i int) xlsx.Cell { return b.optAmount(client(i).GapHigh) }},
		{head: "col.rank range", width: 10, cell: func(i int) xlsx.Cell { return b.between(client(i).RankLow, client(i).RankHigh) }},
		{head: "col.months underpaying", width: 12, cell: func(i int) xlsx.Cell { return b.count(int64(client(i).MonthsUnderpaying)) }},
		{head: "col.months observed", width: 10, cell: func(i int) xlsx.Cell { return b.count(int64(client(i).MonthsObserved)) }},
		{head: "col.trend", width: 12, cell: func(i int) xlsx.Cell { return b.optAmount(client(i).Trend) }},
		{head: "col.reasons", width: 70, text: true, cell: func(i int) xlsx.Cell { return b.reasonsCell(i) }},
		{head: "col.change", width: 46, text: true, cell: func(i int) xlsx.Cell { return b.changeCell(i) }},
		{head: "col.client id", width: 16, text: true, cell: func(i int) xlsx.Cell { return b.text(string(b.r.Facts.Clients[b.ranked[i]].ID)) }},
		{head: "col.position", width: 8, cell: func(i int) xlsx.Cell { return xlsx.Int(i+1, b.look.count) }},
	}
	return b.grid(g)
}

func (b *builder) verdictCell(i int) xlsx.Cell {
	j := b.r.Judgement(b.ranked[i])
	if j == nil {
		return b.absent()
	}
	return xlsx.Text(b.words.Verdict(j.Verdict), b.look.wrap)
}

func (b *builder) reasonsCell(i int) xlsx.Cell {
	j := b.r.Judgement(b.ranked[i])
	if j == nil {
		return b.wrap("")
	}
	return b.wrap(b.words.Reasons(j))
}

func (b *builder) changeCell(i int) xlsx.Cell {
	j := b.r.Judgement(b.ranked[i])
	if j == nil {
		return b.wrap("")
	}
	return b.wrap(b.words.Change(j.Change))
}
