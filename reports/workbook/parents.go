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
	c := b.rankedColumns(g, sum, func(i int) (n int) {
		for j := i - 1; j >= 0 && sum(j).Shortfall == sum(i).Shortfall; j-- {
			n++
		}
		return n
	})
	g.columns = []column{
		{head: "col.rank", width: 6, cell: func(i int) xlsx.Cell { return g.liveRank(i, b.rank(sum(i).Rank)) }},
		{head: "col.parent", width: 30, text: true, cell: func(i int) xlsx.Cell { return xlsx.Text(words.Plain(all[i].Name), b.look.cellStrong) }},
		{head: "col.its clients", width: 9, cell: func(i int) xlsx.Cell { return xlsx.Int(len(all[i].Members), b.look.count) }},
		c.revenue, c.cost, c.margin, c.marginPct,
		{head: "col.fair price", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(sum(i).FairPrice) }},
		c.shortfall, c.ownCredits, c.gap,
		{head: "col.client id", width: 16, text: true, cell: func(i int) xlsx.Cell { return b.text(string(all[i].ID)) }},
		c.position, c.equals,
	}
	g.printed = g.at("col.gap")
	return b.rankedSheet(g)
}
