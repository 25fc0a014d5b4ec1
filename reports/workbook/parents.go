package workbook

import (
	"slices"

	"clientworth/pipeline/worth"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// parents ranks the owners of several clients by the sums of these, with the same
// live formulas as the ranking; nil unless parents are what is ranked. The target
// margins of a parent's clients may differ, so its fair price is a value: the sum
// of theirs.
func (b *builder) parents() *xlsx.Sheet {
	all := slices.Clone(b.r.Worth.Parents)
	all = slices.DeleteFunc(all, func(p worth.Parent) bool { return p.Sum.Standing != worth.Present })
	if all == nil {
		return nil
	}
	all = all[:min(len(all), len(b.order))]
	sum := func(i int) *worth.Client { return &all[i].Sum }
	g := &grid{sheet: "sheet.parents", table: "parents", note: b.say("parents.note") + " " + b.say("note.absent"), count: len(all), frozen: 2}
	g.columns = []column{
		{head: "col.rank", width: 6, cell: func(i int) xlsx.Cell { return g.liveRank(i, b.rank(sum(i).Rank)) }},
		{head: "col.parent", width: 30, text: true, cell: func(i int) xlsx.Cell { return xlsx.Text(words.Plain(all[i].Name), b.look.cellStrong) }},
		{head: "col.its clients", width: 9, cell: func(i int) xlsx.Cell { return xlsx.Int(len(all[i].Members), b.look.count) }},
		{head: "col.revenue", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(sum(i).Revenue) }},
		{head: "col.cost", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(sum(i).Cost) }},
		{head: "col.margin", width: 13, cell: func(i int) xlsx.Cell {
			return g.live(i, b.look.amount(sum(i).Margin), "%s-%s", "col.revenue", "col.cost")
		}},
		{head: "col.margin pct", width: 9, cell: func(i int) xlsx.Cell {
			return g.live(i, b.optFloat(sum(i).MarginPct, b.look.percent), `IF(%s>0,%s/%s,"-")`, "col.revenue", "col.margin", "col.revenue")
		}},
		{head: "col.fair price", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(sum(i).FairPrice) }},
		{head: "col.shortfall", width: 13, cell: func(i int) xlsx.Cell {
			return g.live(i, b.look.amountStrong(sum(i).Shortfall), "MAX(0,%s)", "col.gap")
		}},
		{head: "col.own credits", width: 12, cell: func(i int) xlsx.Cell { return b.look.amount(sum(i).OwnCredits) }},
		{head: "col.gap", width: 13, cell: func(i int) xlsx.Cell {
			return g.live(i, b.look.amount(sum(i).Gap), "%s-MAX(%s+%s,0)", "col.fair price", "col.revenue", "col.own credits")
		}},
		{head: "col.client id", width: 16, text: true, cell: func(i int) xlsx.Cell { return b.text(string(all[i].ID)) }},
		{head: "col.position", width: 9, cell: func(i int) xlsx.Cell { return xlsx.Int(i+1, b.look.count) }},
		{head: "col.equals", width: 9, cell: func(i int) xlsx.Cell {
			if i >= liveRows {
				return b.absent()
			}
			n := 0
			for j := i - 1; j >= 0 && sum(j).Shortfall == sum(i).Shortfall; j-- {
				n++
			}
			return g.liveEquals(i, xlsx.Int(n, b.look.count))
		}},
	}
	g.printed = g.at("col.gap")
	s := b.grid(*g)
	b.markMargins(s, g)
	s.Protected = true
	return s
}
