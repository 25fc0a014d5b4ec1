package workbook

import (
	"clientworth/pipeline/measure"
	"clientworth/reports/xlsx"
)

// curvePoints is how many points of the whale curve are drawn at most.
const curvePoints = 500

// whale is the figures of the whale curve: the chart on the summary draws them.
func (b *builder) whale() *xlsx.Sheet {
	w := &b.r.Worth.Whale
	points := b.curve()
	g := grid{sheet: "sheet.whale", table: "whale", note: b.say("whale.note"), count: len(points), frozen: 2}
	if len(points) < len(w.Clients) {
		g.note += " " + b.say("whale.thinned", len(points), len(w.Clients))
	}
	g.columns = []column{
		{head: "col.position", width: 9, cell: func(i int) xlsx.Cell { return xlsx.Int(points[i]+1, b.look.count) }},
		{head: "col.client", width: 32, text: true, cell: func(i int) xlsx.Cell { return xlsx.Text(b.name(w.Clients[points[i]]), b.look.cellStrong) }},
		{head: "col.margin", width: 15, cell: func(i int) xlsx.Cell { return b.look.amount(b.r.Worth.Clients[w.Clients[points[i]]].Margin) }},
		{head: "col.cumulative", width: 17, cell: func(i int) xlsx.Cell {
			c := b.look.amount(w.Cumulative[points[i]])
			if len(points) < len(w.Clients) {
				return c
			}
			return c.By("SUM(" + xlsx.Fixed(3, firstRow) + ":" + xlsx.Ref(3, firstRow+i) + ")")
		}},
		{head: "col.cumulative share", width: 13, cell: func(i int) xlsx.Cell {
			total := w.Cumulative[len(w.Cumulative)-1]
			if total <= 0 {
				return b.absent()
			}
			return b.optFloat(measure.Ratio(w.Cumulative[points[i]].Float(), total.Float()), b.look.percent)
		}},
	}
	return b.grid(g)
}

// curve returns the positions that are drawn: all, or evenly chosen ones with
// the first, the peak and the last among them.
func (b *builder) curve() []int {
	w := &b.r.Worth.Whale
	n := len(w.Clients)
	var points []int
	for i := range n {
		if n <= curvePoints || i == 0 || i == n-1 || i == w.Peak || i*curvePoints/n != (i-1)*curvePoints/n {
			points = append(points, i)
		}
	}
	return points
}
