package workbook

import (
	"cmp"
	"slices"
	"strings"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/period"
	"clientworth/pipeline/restate"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

var causeHeads = map[restate.Cause]words.Key{
	restate.LateLines: "cause.late lines", restate.CreditNotes: "cause.credit notes", restate.Hours: "cause.hours", restate.Rates: "cause.rates",
	restate.Pools: "cause.pools", restate.Mapping: "cause.mapping", restate.Rules: "cause.rules",
}

// restatement is what the last published report said of its months, what is
// known now, and the causes between, which add up to the cent.
func (b *builder) restatement() *xlsx.Sheet {
	r := b.r.Restatement
	g := grid{sheet: "sheet.restatement", table: "restatement", note: b.say("restatement.none"), frozen: 1}
	var rows []restate.Client
	if r != nil {
		rows = r.Clients
		g.note, g.count = b.say("restatement.note", b.words.Months(r.Months)), len(rows)
		if len(rows) == 0 {
			g.note = b.say("restatement.same", b.words.Months(r.Months))
		}
		if settings := b.settingsChanged(); settings != "" {
			g.note += " " + settings
		}
	}
	party := b.parties()
	margin := func(f restate.Figures) xlsx.Cell { return b.look.amount(f.Margin()) }
	g.columns = []column{
		{head: "col.client", width: 30, text: true, cell: func(i int) xlsx.Cell { return xlsx.Text(party(rows[i].ID), b.look.cellStrong) }},
		{head: "restatement.months", width: 18, text: true, cell: func(i int) xlsx.Cell { return b.said(b.monthsOf(rows[i].Months)) }},
		{head: "restatement.margin was", width: 15, cell: func(i int) xlsx.Cell { return margin(rows[i].Was) }},
	}
	for _, cause := range restate.Causes() {
		g.columns = append(g.columns, column{head: causeHeads[cause], width: 13, cell: func(i int) xlsx.Cell { return margin(rows[i].By[cause]) }})
	}
	g.lines = func(i int) int { return max(lines(b.monthsOf(rows[i].Months), 16), lines(party(rows[i].ID), 28)) }
	last := len(g.columns)
	g.columns = append(g.columns,
		column{head: "restatement.margin is", width: 15, cell: func(i int) xlsx.Cell {
			row := firstRow + i
			return margin(rows[i].Is).By("SUM(" + xlsx.Range(3, row, last, row) + ")")
		}},
		column{head: "restatement.shortfall was", width: 15, cell: func(i int) xlsx.Cell { return b.look.amount(rows[i].Was.Shortfall) }},
	)
	was := len(g.columns)
	for _, cause := range restate.Causes() {
		if slices.ContainsFunc(rows, func(c restate.Client) bool { return c.By[cause].Shortfall != 0 }) {
			g.columns = append(g.columns, column{title: b.say("restatement.shortfall by", b.say(causeHeads[cause])), width: 13,
				cell: func(i int) xlsx.Cell { return b.look.amount(rows[i].By[cause].Shortfall) }})
		}
	}
	is := len(g.columns) + 1
	g.columns = append(g.columns,
		column{head: "restatement.shortfall is", width: 15, cell: func(i int) xlsx.Cell {
			row := firstRow + i
			return b.look.amount(rows[i].Is.Shortfall).By("SUM(" + xlsx.Range(was, row, is-1, row) + ")")
		}},
		column{head: "restatement.shortfall change", width: 15, cell: func(i int) xlsx.Cell {
			row := firstRow + i
			return b.look.amount(rows[i].Is.Shortfall - rows[i].Was.Shortfall).By(xlsx.Ref(is, row) + "-" + xlsx.Ref(was, row))
		}},
	)
	return b.grid(g)
}

// monthsOf lists months, three and more in a row by the first and the last.
func (b *builder) monthsOf(all []period.Month) string {
	var names []string
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n] == all[0]+period.Month(n) {
			n++
		}
		if n < 3 {
			n = 1
			names = append(names, all[0].String())
		} else {
			names = append(names, b.words.Months(period.Window{First: all[0], Last: all[n-1]}))
		}
		all = all[n:]
	}
	return strings.Join(names, b.say("comma")+" ")
}

// parties names who stands in published facts: a client, as it is called now or
// was when it was last reported on, Unmapped, or our own company.
func (b *builder) parties() func(clients.ID) string {
	names := map[clients.ID]string{}
	if r := b.r.Restatement; r != nil {
		for i := range r.Clients {
			names[r.Clients[i].ID] = words.Plain(r.Clients[i].Name)
		}
	}
	for i := range b.r.Before {
		names[b.r.Before[i].Client] = words.Plain(b.r.Before[i].Name)
	}
	for ref := range b.r.Facts.Clients {
		names[b.r.Facts.Clients[ref].ID] = b.name(clients.Ref(ref))
	}
	return func(id clients.ID) string {
		switch id {
		case clients.UnmappedID:
			return b.say("unmapped")
		case clients.InternalID:
			return b.say("internal")
		}
		return cmp.Or(names[id], words.Plain(string(id)))
	}
}
