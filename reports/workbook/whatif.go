package workbook

import (
	"fmt"
	"strings"

	"clientworth/pipeline/money"
	"clientworth/pipeline/worth"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// The inputs of the What-if sheet stand in rows of their own; formulas name them.
// These are the only names of the workbook.
var inputNames = [...]struct {
	name    string // ASCII, in formulas
	key     words.Key
	min     float64
	max     float64
	publish bool // empty means: as published
}{
	{name: "target_margin", key: "input.target", min: 0, max: 0.95, publish: true},
	{name: "price_uplift", key: "input.uplift", min: -1, max: 10},
	{name: "labour_change", key: "input.labour", min: -1, max: 10},
	{name: "labour_avoidable", key: "input.avoidable", min: 0, max: 1, publish: true},
	{name: "direct_avoidable", key: "input.avoidable direct", min: 0, max: 1, publish: true},
	{name: "pools_avoidable", key: "input.avoidable pools", min: 0, max: 1, publish: true},
	{name: "leaving_risk", key: "input.risk", min: 0, max: 1},
}

const (
	inputsHead = headRow // the heading of the inputs
	inputsRow  = inputsHead + 1
	changedRow = inputsRow + len(inputNames)
	inputCol   = 2
	defaultCol = 3
	changedCol = 4
	markCol    = 5  // "as published: ", once an input was changed
	wordCol    = 12 // that word, right of what is printed
)

// whatIf lets a reader change a few inputs; every figure that hangs on them is
// live.
func (b *builder) whatIf() *xlsx.Sheet {
	n := min(len(b.ranked), liveRows)
	client := func(i int) *worth.Client { return &b.r.Worth.Clients[b.ranked[i]] }
	g := &grid{sheet: "sheet.what if", table: "what_if", note: b.say("what if.note"), count: n, frozen: 1, lead: b.inputRows()}
	if n < len(b.ranked) {
		g.note += " " + b.say("what if.cut", n, len(b.ranked))
	}
	live := func(i int, c xlsx.Cell, formula string, of ...words.Key) xlsx.Cell {
		cells := make([]any, len(of))
		for j, head := range of {
			cells[j] = g.ref(head, i)
		}
		return c.By(fmt.Sprintf(formula, cells...))
	}
	places := fmt.Sprint(b.look.currency.Places)
	amount := b.look.amount
	ranking := xlsx.Quote(b.say("sheet.ranking")) + "!"
	g.columns = []column{
		{head: "col.client", width: 34, text: true, cell: func(i int) xlsx.Cell { return xlsx.Text(b.name(b.ranked[i]), b.look.cellStrong) }},
		{head: "if.rank", width: 12, cell: func(i int) xlsx.Cell {
			rank := b.standing[i].rank
			return live(i, b.rank(rank), `IF(%s>0,_xlfn.RANK.EQ(%s,`+g.all("if.shortfall")+`)+%s,"-")`, "if.shortfall", "if.shortfall", "col.equals")
		}},
		{head: "if.verdict", width: 24, text: true, cell: func(i int) xlsx.Cell {
			return b.verdictCell(b.ranked[i]).By(xlsx.Fixed(markCol, changedRow) + "&" + ranking + xlsx.Ref(3, firstRow+i))
		}},
		{head: "if.revenue", width: 14, cell: func(i int) xlsx.Cell {
			return live(i, amount(client(i).Revenue), b.rounded("%s+ROUND(MAX(%s,0)*price_uplift,"+places+")"), "col.revenue", "col.revenue")
		}},
		{head: "if.margin", width: 14, cell: func(i int) xlsx.Cell {
			return live(i, amount(client(i).Margin), b.rounded("%s-%s-ROUND(%s*labour_change,"+places+")"), "if.revenue", "col.cost", "col.labour")
		}},
		{head: "if.fair price", width: 14, cell: func(i int) xlsx.Cell {
			return live(i, amount(client(i).FairPrice), b.rounded("(%s+%s)/(1-%s)"), "col.caused", "if.labour", "if.target")
		}},
		{head: "if.gap", width: 14, cell: func(i int) xlsx.Cell {
			return live(i, amount(client(i).Gap), b.rounded("%s-MAX(%s+%s,0)"), "if.fair price", "if.revenue", "col.own credits")
		}},
		{head: "if.shortfall", width: 14, cell: func(i int) xlsx.Cell { return live(i, b.look.amountStrong(client(i).Shortfall), "MAX(0,%s)", "if.gap") }},
		{head: "if.avoidable margin", width: 14, cell: func(i int) xlsx.Cell {
			return live(i, amount(client(i).AvoidableMargin), b.rounded("%s-%s-%s-%s"), "if.revenue", "if.avoidable labour", "if.avoidable direct", "if.avoidable pools")
		}},
		{head: "if.asking", width: 15, cell: func(i int) xlsx.Cell {
			return live(i, amount(0), `IF(AND(price_uplift<>0,%s<=0),"-",ROUND((%s-%s)*(1-leaving_risk),`+places+")-ROUND((%s-%s+%s)*leaving_risk,"+places+"))",
				"col.revenue", "if.revenue", "col.revenue", "if.avoidable margin", "if.revenue", "col.revenue")
		}},
		{head: "if.target", width: 9, cell: func(i int) xlsx.Cell {
			return live(i, xlsx.Float(client(i).Target.Float(), b.look.percent),
				`IF(target_margin="",%s,target_margin)`, "col.target")
		}},
		{head: "col.revenue", width: 13, cell: func(i int) xlsx.Cell { return amount(client(i).Revenue) }},
		{head: "col.own credits", width: 12, cell: func(i int) xlsx.Cell { return amount(client(i).OwnCredits) }},
		{head: "col.cost", width: 13, cell: func(i int) xlsx.Cell { return amount(client(i).Cost) }},
		{head: "col.caused", width: 13, cell: func(i int) xlsx.Cell { return amount(client(i).Cost - client(i).OwnError) }},
		{head: "if.labour", width: 13, cell: func(i int) xlsx.Cell {
			return live(i, amount(0), "ROUND(%s*labour_change,"+places+")", "col.caused labour")
		}},
		{head: "if.avoidable labour", width: 13, cell: func(i int) xlsx.Cell {
			return live(i, amount(client(i).AvoidableParts.Labour),
				`IF(labour_avoidable="",%s+ROUND(%s*labour_change,`+places+"),ROUND((%s+%s)*labour_avoidable,"+places+"))",
				"col.avoidable labour", "col.avoidable labour", "col.caused labour", "if.labour")
		}},
		{head: "if.avoidable direct", width: 13, cell: func(i int) xlsx.Cell {
			return live(i, amount(client(i).AvoidableParts.Direct), `IF(direct_avoidable="",%s,ROUND(%s*direct_avoidable,`+places+"))",
				"col.avoidable direct", "col.caused direct")
		}},
		{head: "if.avoidable pools", width: 13, cell: func(i int) xlsx.Cell {
			return live(i, amount(client(i).AvoidableParts.Pools), `IF(pools_avoidable="",%s,ROUND(%s*pools_avoidable,`+places+"))",
				"col.avoidable pools", "col.caused pools")
		}},
		{head: "col.labour", width: 13, cell: func(i int) xlsx.Cell { return amount(client(i).Labour) }},
		{head: "col.caused labour", width: 13, cell: func(i int) xlsx.Cell { return amount(client(i).Caused.Labour) }},
		{head: "col.caused direct", width: 13, cell: func(i int) xlsx.Cell { return amount(client(i).Caused.Direct) }},
		{head: "col.caused pools", width: 13, cell: func(i int) xlsx.Cell { return amount(client(i).Caused.Pools) }},
		{head: "col.avoidable labour", width: 13, cell: func(i int) xlsx.Cell { return amount(client(i).AvoidableParts.Labour) }},
		{head: "col.avoidable direct", width: 13, cell: func(i int) xlsx.Cell { return amount(client(i).AvoidableParts.Direct) }},
		{head: "col.avoidable pools", width: 13, cell: func(i int) xlsx.Cell { return amount(client(i).AvoidableParts.Pools) }},
		{head: "col.target", width: 9, cell: func(i int) xlsx.Cell { return xlsx.Float(client(i).Target.Float(), b.look.percent) }},
		{head: "col.position", width: 9, cell: func(i int) xlsx.Cell { return xlsx.Int(i+1, b.look.count) }},
		{head: "col.equals", width: 9, cell: func(i int) xlsx.Cell {
			s, m := g.all("if.shortfall"), g.all("if.margin")
			equals := b.standing[i].equals
			return live(i, xlsx.Int(equals, b.look.count),
				"COUNTIFS("+s+",%s,"+m+`,"<"&%s)+COUNTIFS(`+s+",%s,"+m+",%s,"+g.all("col.position")+`,"<"&%s)`,
				"if.shortfall", "if.margin", "if.shortfall", "if.margin", "col.position")
		}},
	}
	g.lead[len(g.lead)-1] = b.totals(g, n)
	g.printed = g.at("if.target")
	s := b.grid(*g)
	s.Protected = true
	b.guardInputs(s)
	return s
}

// totals is a row above the table, in sight: what the inputs come to in all.
func (b *builder) totals(g *grid, n int) xlsx.Row {
	var revenue, margin, fair, short, avoidable money.Amount
	for _, ref := range b.ranked[:n] {
		c := &b.r.Worth.Clients[ref]
		revenue, margin, fair, short, avoidable = revenue+c.Revenue, margin+c.Margin, fair+c.FairPrice, short+c.Shortfall, avoidable+c.AvoidableMargin
	}
	cells := make([]xlsx.Cell, g.at("if.asking"))
	for i := range cells {
		cells[i] = xlsx.Empty(b.look.totalText)
	}
	cells[0] = xlsx.Text(b.say("what if.all"), b.look.totalText)
	for head, sum := range map[words.Key]money.Amount{
		"if.revenue": revenue, "if.margin": margin, "if.fair price": fair, "if.shortfall": short, "if.avoidable margin": avoidable, "if.asking": 0,
	} {
		cells[g.at(head)-1] = b.look.total(sum).By("SUM(" + g.all(head) + ")")
	}
	return xlsx.Row{Cells: cells}
}

// inputRows is the inputs above the table, with their defaults.
func (b *builder) inputRows() []xlsx.Row {
	l := &b.look
	rows := []xlsx.Row{{Cells: []xlsx.Cell{
		xlsx.Text(b.say("input.head"), l.small), xlsx.Text(b.say("input.value"), l.smallRight), xlsx.Text(b.say("input.default"), l.smallRight),
		xlsx.Text(b.say("input.changed"), l.smallRight), xlsx.Text(b.say("input.meaning"), l.hintHead),
	}}}
	var flags []string
	for i, in := range inputNames {
		row := inputsRow + i
		at, standard := xlsx.Ref(inputCol, row), xlsx.Ref(defaultCol, row)
		value, preset := xlsx.Number("0", l.inputPercent), xlsx.Number("0", l.percent)
		flag := fmt.Sprintf("IF(%s=%s,0,1)", at, standard)
		if in.publish {
			value, preset = xlsx.Empty(l.inputPercent), xlsx.Text(b.say("input.as published"), l.right)
			flag = fmt.Sprintf(`IF(%s="",0,1)`, at)
		}
		rows = append(rows, xlsx.Row{Cells: []xlsx.Cell{
			xlsx.Text(b.say(in.key), l.strong), value, preset, xlsx.Int(0, l.count).By(flag), xlsx.Text(b.say(in.key+" meaning"), l.hint),
		}})
		flags = append(flags, xlsx.Ref(changedCol, row))
	}
	changed := "SUM(" + flags[0] + ":" + flags[len(flags)-1] + ")"
	last := make([]xlsx.Cell, wordCol)
	last[0] = xlsx.Text(b.say("input.all changed"), l.strong)
	last[changedCol-1] = xlsx.Int(0, l.count).By(changed)
	last[markCol-1] = xlsx.Text("", l.flag).By(fmt.Sprintf(`IF(%s=0,"",%s)`, xlsx.Ref(changedCol, changedRow), xlsx.Fixed(wordCol, changedRow)))
	last[wordCol-1] = xlsx.Text(b.say("input.mark"), l.code)
	return append(rows, xlsx.Row{Cells: last}, xlsx.Row{})
}

// guardInputs names and guards the cells of the inputs.
func (b *builder) guardInputs(s *xlsx.Sheet) {
	for i, in := range inputNames {
		row := inputsRow + i
		b.book.Name(in.name, xlsx.Quote(s.Name)+"!"+xlsx.Fixed(inputCol, row))
		s.Validation = append(s.Validation, xlsx.Validation{
			Cell: xlsx.Ref(inputCol, row), Min: in.min, Max: in.max, Title: cut(b.say(in.key), 32),
			Message: b.say("input.range", b.words.Percent(in.min), b.words.Percent(in.max)),
		})
	}
}

// cut shortens a text to the given number of letters, as a prompt's title needs.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}
