package workbook

import (
	"fmt"

	"clientworth/pipeline"
	"clientworth/pipeline/money"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// The words that results are made of stand in cells of their own, right of what is
// printed, so that formulas stay the same in every language.
const (
	resultColumn = 9
	legendRow    = backRow
	passCol      = resultColumn + iota
	warnCol
	failCol
	notRunCol
	allPassCol
	someFailCol
	someWarnCol

	checkWidth = 34
)

// checks is the comparisons that must hold, live: first those of the run, then
// those of the workbook's sheets with each other.
func (b *builder) checks() *xlsx.Sheet {
	all := b.r.Checks
	g := grid{sheet: "sheet.checks", table: "checks", note: b.say("checks.note"), count: len(all), frozen: 2}
	side := func(c *pipeline.Check, n int64) xlsx.Cell {
		if c.State == pipeline.NotRun {
			return b.absent()
		}
		return b.figure(n, c.Unit)
	}
	const wide = 44.0
	g.lines = func(i int) int {
		return max(lines(b.words.Term(all[i].A), wide-2), lines(b.words.Term(all[i].B), wide-2), lines(b.words.Term(all[i].Name), checkWidth-2))
	}
	g.columns = []column{
		{head: "col.number", width: 7, cell: func(i int) xlsx.Cell { return xlsx.Int(all[i].Number, b.look.count) }},
		{head: "col.check", width: checkWidth, text: true, cell: func(i int) xlsx.Cell { return b.wrap(b.words.Term(all[i].Name)) }},
		{head: "col.a", width: wide, text: true, cell: func(i int) xlsx.Cell { return b.wrap(b.words.Term(all[i].A)) }},
		{head: "col.value a", width: 17, cell: func(i int) xlsx.Cell { return side(&all[i], all[i].Left) }},
		{head: "col.b", width: wide, text: true, cell: func(i int) xlsx.Cell { return b.wrap(b.words.Term(all[i].B)) }},
		{head: "col.value b", width: 17, cell: func(i int) xlsx.Cell { return side(&all[i], all[i].Right) }},
		{head: "col.difference", width: 14, cell: func(i int) xlsx.Cell {
			if all[i].State == pipeline.NotRun {
				return b.absent()
			}
			return b.difference(&all[i], firstRow+i)
		}},
		{head: "col.tolerance", width: 13, cell: func(i int) xlsx.Cell { return side(&all[i], all[i].Tolerance) }},
		{head: "col.result", width: 13, text: true, cell: func(i int) xlsx.Cell { return b.resultCell(&all[i], firstRow+i) }},
	}
	s := b.grid(g)
	s.Rows[checksRow-1].Cells = []xlsx.Cell{b.liveMaster()}
	s.Rows[legendRow-1] = b.legend(s.Rows[legendRow-1])
	s.Below = append(s.Below, b.ownRows()...)
	s.Printed = xlsx.FixedRange(1, 1, resultColumn, b.lastCheck())
	b.markResults(s)
	s.Protected = true
	return s
}

// markResults colours the words of the results.
func (b *builder) markResults(s *xlsx.Sheet) {
	block := xlsx.Range(resultColumn, firstRow, resultColumn, b.lastCheck())
	first := xlsx.Ref(resultColumn, firstRow)
	is := func(col int) string { return first + "=" + xlsx.Fixed(col, legendRow) }
	s.Formats = []xlsx.Format{
		{Range: block, Formula: is(passCol), Style: b.look.good},
		{Range: block, Formula: is(warnCol), Style: b.look.warn},
		{Range: block, Formula: "OR(" + is(failCol) + "," + is(notRunCol) + ")", Style: b.look.bad},
	}
}

func (b *builder) difference(c *pipeline.Check, row int) xlsx.Cell {
	return b.figure(c.Left-c.Right, c.Unit).By(fmt.Sprintf("D%d-F%d", row, row))
}

// legend is the row with the words of the results.
func (b *builder) legend(row xlsx.Row) xlsx.Row {
	cells := make([]xlsx.Cell, someWarnCol)
	copy(cells, row.Cells)
	for col, key := range map[int]string{
		passCol: b.say("checks.pass"), warnCol: b.say("checks.warn"), failCol: b.say("checks.fail"), notRunCol: b.say("checks.not run"),
		allPassCol: b.say("checks.all pass"), someFailCol: b.say("checks.some fail"), someWarnCol: b.say("checks.some warn"),
	} {
		cells[col-1] = xlsx.Text(key, b.look.code)
	}
	return xlsx.Row{Cells: cells, Height: row.Height}
}

// figure is one side of a check in its unit.
func (b *builder) figure(n int64, u pipeline.Unit) xlsx.Cell {
	switch u {
	case pipeline.MinorUnits:
		return b.look.amount(money.Amount(n))
	case pipeline.MicroHours:
		return xlsx.Number(money.Millionths(n).Fixed(2), b.look.exact)
	}
	return xlsx.Int(n, b.look.count)
}

// resultCell compares live; what was not run or only warns keeps its word.
func (b *builder) resultCell(c *pipeline.Check, row int) xlsx.Cell {
	pass, warn, fail := xlsx.Fixed(passCol, legendRow), xlsx.Fixed(warnCol, legendRow), xlsx.Fixed(failCol, legendRow)
	otherwise := fail
	switch c.State {
	case pipeline.NotRun:
		return xlsx.Text(b.say("checks.not run"), b.look.cellStrong).By(xlsx.Fixed(notRunCol, legendRow))
	case pipeline.Warn:
		otherwise = warn
	}
	// A spreadsheet's fractions are binary, and its sums are off by more the larger they are.
	places := 6
	if c.Unit == pipeline.MinorUnits {
		places = b.look.currency.Places
	}
	formula := fmt.Sprintf("IF(ROUND(ABS(G%d)-H%d,%d)<=0,%s,%s)", row, row, places, pass, otherwise)
	return xlsx.Text(b.resultWord(c), b.look.cellStrong).By(formula)
}

// resultWord is the outcome of a check as its formula finds it.
func (b *builder) resultWord(c *pipeline.Check) string {
	difference := c.Left - c.Right
	switch {
	case c.State == pipeline.NotRun:
		return b.say("checks.not run")
	case max(difference, -difference) <= c.Tolerance:
		return b.say("checks.pass")
	case c.State == pipeline.Warn:
		return b.say("checks.warn")
	}
	return b.say("checks.fail")
}

// masterResult is the outcome of all checks, as every sheet shows it.
func (b *builder) masterResult() xlsx.Cell {
	return b.master().By(xlsx.Quote(b.say("sheet.checks")) + "!" + xlsx.Fixed(1, checksRow))
}

// master is the outcome of all checks: without checks nothing is sure.
func (b *builder) master() xlsx.Cell {
	all := make([]*pipeline.Check, 0, len(b.r.Checks)+len(b.own))
	for i := range b.r.Checks {
		all = append(all, &b.r.Checks[i])
	}
	for i := range b.own {
		all = append(all, &b.own[i].Check)
	}
	outcome := words.Key("checks.all pass")
	for _, c := range all {
		switch b.resultWord(c) {
		case b.say("checks.pass"):
		case b.say("checks.warn"):
			outcome = "checks.some warn"
		default:
			return xlsx.Text(b.say("checks.some fail"), b.look.master)
		}
	}
	if len(b.r.Checks) == 0 {
		outcome = "checks.some fail"
	}
	return xlsx.Text(b.say(outcome), b.look.master)
}

// liveMaster counts the results on the sheet of the checks itself.
func (b *builder) liveMaster() xlsx.Cell {
	if len(b.r.Checks) == 0 {
		return b.master()
	}
	last := b.lastCheck()
	numbers, results := xlsx.FixedRange(1, firstRow, 1, last), xlsx.FixedRange(resultColumn, firstRow, resultColumn, last)
	at := func(col int) string { return xlsx.Fixed(col, legendRow) }
	passed, warned := fmt.Sprintf("COUNTIFS(%s,%s)", results, at(passCol)), fmt.Sprintf("COUNTIFS(%s,%s)", results, at(warnCol))
	return b.master().By(fmt.Sprintf(`IF(%s+%s<COUNT(%s),%s,IF(%s,%s,%s))`,
		passed, warned, numbers, at(someFailCol), warned, at(someWarnCol), at(allPassCol)))
}
