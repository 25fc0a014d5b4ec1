package workbook

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"clientworth/pipeline/costing"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/verdict"
	"clientworth/pipeline/worth"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// methodLine is how many letters of a sentence fit the printed width.
const methodLine = 255

// asDecided is the verdicts in the order in which they are tried: the first that
// fits is given.
var asDecided = []verdict.Verdict{
	verdict.Conduct, verdict.NoActivity, verdict.HasLeft, verdict.NoVerdictYet, verdict.FixOurselves,
	verdict.DemandingWorthIt, verdict.ExplainDiscount, verdict.LookAfter, verdict.PaysForValue,
	verdict.Watch, verdict.InvestKnowingly, verdict.PrepareToPart, verdict.KeepDoNotExpand,
	verdict.AgreeScope, verdict.LimitSupport, verdict.Reprice,
}

// method says what the report is, what it was made from and how.
func (b *builder) method() *xlsx.Sheet {
	rows := b.top("sheet.method", b.say("method.note"))
	blank := xlsx.Row{}
	line := func(name, value string) {
		head := xlsx.Text(name, b.look.strong)
		for _, line := range broken(words.Plain(value), methodLine) {
			rows = append(rows, xlsx.Row{Cells: []xlsx.Cell{head, xlsx.Text(line, b.look.text)}})
			head = xlsx.Cell{}
		}
	}
	pair := func(key words.Key, value string) { line(b.say(key), value) }
	section := func(key words.Key) {
		rows = append(rows, blank, xlsx.Row{Cells: []xlsx.Cell{xlsx.Text(b.say(key), b.look.section), xlsx.Empty(b.look.section)}, Height: 20})
	}
	r, run := b.r, b.options.Run
	rows = append(rows, blank)
	pair("method.company", r.Company)
	pair("method.purpose", b.say("method.purpose text"))
	pair("method.period", b.words.Month(r.Period))
	pair("method.window", b.words.Months(r.Facts.Window))
	pair("method.as of", b.words.Day(r.AsOf))
	pair("method.currency", r.Facts.Currency.Code)
	if b.options.Contact != "" {
		pair("method.contact", b.options.Contact)
	}
	pair("method.target", b.words.Percent1(r.Target.Float()))
	pair("method.run", run.ID)
	pair("method.version", run.Program+" "+run.Version+", "+run.Go+", "+run.Architecture)
	pair("method.configuration", run.ConfigurationSHA256)
	section("method.method")
	for _, key := range []words.Key{
		"method.revenue", "method.cost", "method.own", "method.fair", "method.gap", "method.ranking", "method.value", "method.unmapped", "method.house", "method.observed",
		"method.sure", "method.alike", "method.ranks", "method.trend", "method.stability", "method.leaving", "method.change", "method.worked", "method.rounding",
	} {
		text := key + " text"
		if key == "method.revenue" && r.Options.Worth.Baseline.Recognition == costing.ByDocument {
			text = "method.revenue document text"
		}
		pair(key, b.say(text))
	}
	section("method.verdicts")
	for _, v := range asDecided {
		line(b.words.Verdict(v), b.words.When(v))
	}
	section("method.deviations")
	for _, key := range []words.Key{"method.intervals", "method.too sure", "method.unexplained", "method.names", "method.sorting", "method.print", "method.prices", "method.restated", "method.digits"} {
		pair(key, b.say(key+" text"))
	}
	breaks := []int{len(rows) + 2}
	section("method.settings")
	for _, s := range b.settings() {
		rows = append(rows, xlsx.Row{Cells: []xlsx.Cell{xlsx.Text(s.Key, b.look.text), xlsx.Text(b.setting(s.Value), b.look.text), {}, xlsx.Text(b.words.Setting(s.Key, s.Meaning), b.look.note)}})
	}
	s := &xlsx.Sheet{
		Name: b.say("sheet.method"), Tab: "7F7F7F", Scale: 45, FrozenRows: backRow, Breaks: append(breaks, len(rows)+2),
		Widths: []float64{34, 22, 20, 14, 20, 11, 11, 11, 11, 11, 11, 11, 68},
		Links:  []xlsx.Link{{Cell: xlsx.Ref(1, backRow), Target: xlsx.Quote(b.say("sheet.summary")) + "!A1"}},
	}
	section("method.inputs")
	rows, s.Table = b.inputs(rows, s.Widths)
	s.Rows = rows
	return s
}

// inputs adds a row for each file that was read.
func (b *builder) inputs(rows []xlsx.Row, widths []float64) ([]xlsx.Row, *xlsx.Table) {
	heads := []struct {
		key  words.Key
		text bool
		cell func(t *exports.Tally) xlsx.Cell
	}{
		{"col.file", true, func(t *exports.Tally) xlsx.Cell { return b.wrap(t.File) }},
		{"col.input", true, func(t *exports.Tally) xlsx.Cell { return b.text(string(t.Input)) }},
		{"col.dialect", true, func(t *exports.Tally) xlsx.Cell { return b.wrap(t.Dialect) }},
		{"col.size", false, func(t *exports.Tally) xlsx.Cell { return b.count(t.Size) }},
		{"col.covers", true, func(t *exports.Tally) xlsx.Cell { return b.wrap(covers(t)) }},
		{"col.rows read", false, func(t *exports.Tally) xlsx.Cell { return b.count(t.Read) }},
		{"col.rows used", false, func(t *exports.Tally) xlsx.Cell { return b.count(t.Used) }},
		{"col.rows outside", false, func(t *exports.Tally) xlsx.Cell { return b.count(t.Outside) }},
		{"col.rows no revenue", false, func(t *exports.Tally) xlsx.Cell { return b.count(t.NoRevenue) }},
		{"col.rows superseded", false, func(t *exports.Tally) xlsx.Cell { return b.count(t.Superseded) }},
		{"col.rows set aside", false, func(t *exports.Tally) xlsx.Cell { return b.count(t.SetAside) }},
		{"col.rows other", false, func(t *exports.Tally) xlsx.Cell { return b.count(t.Headers + t.Blank + t.Totals) }},
		{"col.digest", true, func(t *exports.Tally) xlsx.Cell { return xlsx.Text(t.SHA256, b.look.code) }},
	}
	table := &xlsx.Table{Name: "inputs", Col: 1, Row: len(rows) + 1, Count: len(b.r.Facts.Tallies)}
	head := xlsx.Row{Height: 32}
	for i, h := range heads {
		head.Height = max(head.Height, lineHeight*float64(lines(b.say(h.key), widths[i]-2))+padding)
		style := b.look.head
		if h.text {
			style = b.look.headText
		}
		table.Headers = append(table.Headers, b.say(h.key))
		head.Cells = append(head.Cells, xlsx.Text(b.say(h.key), style))
	}
	rows = append(rows, head)
	for i := range b.r.Facts.Tallies {
		var row xlsx.Row
		for _, h := range heads {
			row.Cells = append(row.Cells, h.cell(&b.r.Facts.Tallies[i]))
		}
		rows = append(rows, row)
	}
	return rows, table
}

func covers(t *exports.Tally) string {
	if t.First == 0 {
		return ""
	}
	return t.First.String() + " – " + t.Last.String()
}

// settings are the choices of the method that a company may set, as in force.
func (b *builder) settings() []worth.Setting {
	o := b.r.Options
	return append(o.Worth.Settings(), o.Verdict.Settings()...)
}

// setting writes the value of a setting.
func (b *builder) setting(v any) string {
	switch v := v.(type) {
	case *measure.Share:
		return b.words.Percent1(v.Float())
	case *money.Exact:
		return v.String()
	case *measure.Hours:
		return v.String()
	case *map[string]measure.Share:
		var s []string
		for _, name := range slices.Sorted(maps.Keys(*v)) {
			s = append(s, words.Plain(name)+": "+b.words.Percent1((*v)[name].Float()))
		}
		if len(s) == 0 {
			return b.say("absent")
		}
		return strings.Join(s, "; ")
	case *bool:
		if *v {
			return b.say("yes")
		}
		return b.say("no")
	case *int:
		return b.words.Count(*v)
	case *uint64:
		return strconv.FormatUint(*v, 10)
	}
	return fmt.Sprint(reflect.ValueOf(v).Elem())
}
