package workbook

import (
	"clientworth/pipeline/finding"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// shownFindings is how many findings the sheet shows at most; the findings file
// has those kept.
const shownFindings = 20_000

// findings is what is wrong or doubtful in the data, and where.
func (b *builder) findings() *xlsx.Sheet {
	shown, counted := b.shown()
	g := grid{sheet: "sheet.findings", table: "findings", note: b.say("findings.note"), count: len(shown)}
	switch {
	case counted == 0:
		g.note = b.say("findings.none")
	case !b.options.Values:
		g.note += " " + b.say("findings.redacted")
	}
	if int(counted) > len(shown) {
		g.note += " " + b.say("findings.cut", len(shown), int(counted))
	}
	g.lines = func(i int) int {
		f := &shown[i]
		return max(lines(f.Place.String(), 42), lines(b.words.Rule(f.Rule), 42), lines(f.Detail, 32), lines(b.words.Remedy(f.Rule), 42), lines(f.Rule.Name, 22))
	}
	effects := [...]words.Key{finding.Note: "effect.note", finding.SetAside: "effect.set aside", finding.Unmapped: "effect.unmapped"}
	g.columns = []column{
		{head: "col.effect", width: 12, text: true, cell: func(i int) xlsx.Cell { return b.text(b.say(effects[shown[i].Rule.Effect])) }},
		{head: "col.rule", width: 24, text: true, cell: func(i int) xlsx.Cell { return b.text(shown[i].Rule.Name) }},
		{head: "col.place", width: 44, text: true, cell: func(i int) xlsx.Cell { return b.wrap(shown[i].Place.String()) }},
		{head: "col.what", width: 44, text: true, cell: func(i int) xlsx.Cell { return b.wrap(b.words.Rule(shown[i].Rule)) }},
		{head: "col.detail", width: 34, text: true, cell: func(i int) xlsx.Cell { return b.wrap(shown[i].Detail) }},
		{head: "col.money", width: 15, cell: func(i int) xlsx.Cell {
			if shown[i].Money.IsZero() {
				return b.absent()
			}
			return xlsx.Number(shown[i].Money.Fixed(b.look.currency.Places), b.look.exact)
		}},
		{head: "col.hours held", width: 11, cell: func(i int) xlsx.Cell {
			if shown[i].Hours == 0 {
				return b.absent()
			}
			return b.look.hour(shown[i].Hours)
		}},
		{head: "col.remedy", width: 44, text: true, cell: func(i int) xlsx.Cell { return b.wrap(b.words.Remedy(shown[i].Rule)) }},
	}
	return b.grid(g)
}

// shown returns the findings of the sheet and how many there are in all.
func (b *builder) shown() (shown []finding.Finding, counted int64) {
	log := b.options.Findings
	for _, rule := range log.Rules() {
		counted += log.Total(rule).Count
		kept := log.Kept(rule)
		shown = append(shown, kept[:min(len(kept), shownFindings-len(shown))]...)
	}
	return shown, counted
}
