package reports_test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"clientworth/reports"
	"clientworth/reports/tables"
	"clientworth/reports/words"
)

// lint looks at what a validator by schema does not see and returns what is
// wrong, each as "where: what".
func lint(t testing.TB, p parts) []string {
	l := &linter{t: t, parts: p}
	l.workbook()
	for _, pg := range p.pages(t) {
		l.formulas(pg)
		l.sheet(pg)
		l.locks(pg)
		l.looks(pg)
	}
	l.links()
	l.numbers()
	l.tables()
	l.charts()
	l.contrast()
	return l.wrong
}

type linter struct {
	t     testing.TB
	parts parts
	wrong []string
}

func (l *linter) say(where, format string, a ...any) {
	l.wrong = append(l.wrong, where+": "+fmt.Sprintf(format, a...))
}

// workbook checks names, properties and links out of the file.
func (l *linter) workbook() {
	book := l.parts["xl/workbook.xml"]
	names := []string{"target_margin", "price_uplift", "labour_change", "labour_avoidable", "direct_avoidable", "pools_avoidable", "leaving_risk", "_xlnm.Print_Titles", "_xlnm.Print_Area", "_xlnm._FilterDatabase"}
	for _, m := range regexp.MustCompile(`<definedName[^>]* name="([^"]*)"|<definedName name="([^"]*)"`).FindAllStringSubmatch(book, -1) {
		if name := m[1] + m[2]; !slices.Contains(names, name) {
			l.say("workbook", "the name %s is not one of the inputs", name)
		}
	}
	if strings.Contains(book, `state="hidden"`) || strings.Contains(book, `state="veryHidden"`) {
		l.say("workbook", "a hidden sheet")
	}
	if core := l.parts["docProps/core.xml"]; strings.Contains(core, "xuri") || strings.Contains(core, "2006-09-16") || !strings.Contains(core, "<dc:title>") {
		l.say("properties", "the library's own, or none")
	}
	seen := map[string]bool{}
	for i, pg := range l.parts.pages(l.t) {
		if selected := strings.Contains(pg.xml, ` tabSelected="`); selected != (i == 0) {
			l.say(pg.name, "the workbook opens elsewhere, or on several sheets at once")
		}
		if len([]rune(pg.name)) > 31 || strings.ContainsAny(pg.name, `:\/?*[]`) || seen[strings.ToLower(pg.name)] {
			l.say(pg.name, "no good name for a sheet")
		}
		seen[strings.ToLower(pg.name)] = true
	}
	for name, text := range l.parts {
		if strings.HasSuffix(name, ".rels") && strings.Contains(text, `TargetMode="External"`) {
			l.say(name, "a link out of the workbook")
		}
		if strings.Contains(name, "externalLink") || strings.Contains(name, "vbaProject") || strings.Contains(name, "pivot") {
			l.say(name, "does not belong here")
		}
	}
}

var (
	function = regexp.MustCompile(`([A-Z_a-z][A-Z_a-z.0-9]*)\(`)
	constant = regexp.MustCompile(`(?:^|[^A-Z$a-z_0-9.!'])([0-9]+(?:\.[0-9]+)?)`)
	quoted   = regexp.MustCompile(`"[^"]*"|'[^']*'!`)
	rounding = regexp.MustCompile(`,[0-9]\)`)
)

var allowed = []string{
	"SUM", "SUMIFS", "COUNTIFS", "COUNT", "SUMPRODUCT", "INDEX", "MATCH", "IF", "IFERROR", "ROUND", "MIN", "MAX", "ABS", "AND", "OR", "SUBTOTAL", "LARGE",
	"_xlfn.RANK.EQ", "TEXT", "HYPERLINK",
}

func (l *linter) formulas(pg *page) {
	byColumn := map[int]map[string]int{}
	for i := range pg.cells {
		c := &pg.cells[i]
		if c.Formula == "" {
			continue
		}
		where := pg.name + "!" + c.Ref
		if !strings.Contains(pg.xml, `<c r="`+c.Ref+`"`) || c.Value == "" && c.Type != "str" {
			l.say(where, "a formula without its value")
		}
		if strings.HasPrefix(c.Value, "#") {
			l.say(where, "an error value")
		}
		if len(c.Formula) > 120 {
			l.say(where, "a formula of %d characters", len(c.Formula))
		}
		plain := quoted.ReplaceAllString(c.Formula, "")
		for _, f := range function.FindAllStringSubmatch(plain, -1) {
			if !slices.Contains(allowed, f[1]) {
				l.say(where, "the function %s", f[1])
			}
		}
		if strings.Contains(plain, "ROUND(") {
			plain = rounding.ReplaceAllString(plain, ")")
		}
		for _, k := range constant.FindAllStringSubmatch(cellRef.ReplaceAllString(plain, ""), -1) {
			if !slices.Contains([]string{"0", "1", "12", "100"}, k[1]) {
				l.say(where, "the constant %s in %s", k[1], c.Formula)
			}
		}
		for _, r := range quoted.ReplaceAllString(c.Formula, "") {
			if r > 126 {
				l.say(where, "a formula that is not ASCII")
				break
			}
		}
		if byColumn[c.col] == nil {
			byColumn[c.col] = map[string]int{}
		}
		byColumn[c.col][relative(c.Formula, c.col, c.row)]++
	}
	l.sameDown(pg)
}

// sameDown checks that within a table a column has one formula. The checks are of
// rows, hours and money, each to places of its own.
func (l *linter) sameDown(pg *page) {
	for _, tb := range l.tablesOf(pg) {
		for col := tb.col1; col <= tb.col2; col++ {
			first := ""
			for row := tb.row1 + 1; row <= tb.row2; row++ {
				c := pg.at[ref(col, row)]
				if c == nil || c.Formula == "" {
					continue
				}
				switch f := relative(rounding.ReplaceAllString(c.Formula, ")"), col, row); {
				case first == "":
					first = f
				case f != first:
					l.say(pg.name+"!"+c.Ref, "another formula than above: %s", c.Formula)
					row = tb.row2
				}
			}
		}
	}
}

func ref(col, row int) string {
	s := ""
	for ; col > 0; col = (col - 1) / 26 {
		s = string(rune('A'+(col-1)%26)) + s
	}
	return s + strconv.Itoa(row)
}

func (l *linter) sheet(pg *page) {
	for what, mark := range map[string]string{
		"merged cells": "<mergeCell ", "a hidden row or column": `hidden="1"`, "a hidden row or col": `hidden="true"`,
	} {
		if strings.Contains(pg.xml, mark) {
			l.say(pg.name, "%s", what)
		}
	}
	if !strings.Contains(pg.xml, "<oddFooter>") {
		l.say(pg.name, "no footer")
	}
	switch fit, breaks := strings.Contains(pg.xml, `fitToPage="`), strings.Contains(pg.xml, "<rowBreaks"); {
	case breaks && fit:
		l.say(pg.name, "page breaks that nobody will see, because the sheet is fitted to a page")
	case fit && !strings.Contains(pg.xml, `fitToWidth="1"`), !fit && !strings.Contains(pg.xml, ` scale="`):
		l.say(pg.name, "no print set-up")
	}
	l.top(pg)
	if a1 := pg.at["A1"]; a1 == nil || a1.text() == "" {
		l.say(pg.name, "no title in A1")
	}
	for i := range pg.cells {
		for _, r := range pg.cells[i].text() {
			if r < ' ' && r != '\n' || r >= 0x202a && r <= 0x202e {
				l.say(pg.name+"!"+pg.cells[i].Ref, "a control character")
				break
			}
		}
	}
}

// top checks that the word of the checks stands in the rows that stay in sight.
func (l *linter) top(pg *page) {
	frozen := 0
	if m := regexp.MustCompile(`<pane [^>]*ySplit="([0-9]+)"`).FindStringSubmatch(pg.xml); m != nil {
		frozen, _ = strconv.Atoi(m[1])
	}
	for row := 1; row <= frozen; row++ {
		if c := pg.at[ref(1, row)]; c != nil && (strings.HasSuffix(c.Formula, "!$A$3") || strings.HasPrefix(c.Formula, "IF(COUNTIFS(")) {
			return
		}
	}
	l.say(pg.name, "the result of the checks is not in the rows that stay in sight")
}

type tableXML struct {
	Name    string `xml:"name,attr"`
	Ref     string `xml:"ref,attr"`
	Columns []struct {
		Name string `xml:"name,attr"`
	} `xml:"tableColumns>tableColumn"`
	col1, row1, col2, row2 int
}

func (l *linter) tablesOf(pg *page) []tableXML {
	rels := "xl/worksheets/_rels/" + strings.TrimPrefix(pg.part, "xl/worksheets/") + ".rels"
	if l.parts[rels] == "" {
		return nil
	}
	var found []tableXML
	for _, target := range l.parts.targets(l.t, rels) {
		name := "xl/" + strings.TrimPrefix(strings.TrimPrefix(target, "../"), "/xl/")
		if !strings.HasPrefix(name, "xl/tables/") {
			continue
		}
		var tb tableXML
		decode(l.t, l.parts[name], &tb)
		from, to, _ := strings.Cut(tb.Ref, ":")
		tb.col1, tb.row1 = position(from)
		tb.col2, tb.row2 = position(to)
		found = append(found, tb)
	}
	return found
}

// tables checks headings and names of native tables.
func (l *linter) tables() {
	names := map[string]bool{}
	for _, pg := range l.parts.pages(l.t) {
		for _, tb := range l.tablesOf(pg) {
			if !regexp.MustCompile(`^[a-z_]+$`).MatchString(tb.Name) || names[tb.Name] {
				l.say(pg.name, "no good name for a table: %s", tb.Name)
			}
			names[tb.Name] = true
			seen := map[string]bool{}
			for i, c := range tb.Columns {
				head := strings.ToLower(strings.TrimSpace(c.Name))
				if seen[head] || head == "" {
					l.say(pg.name, "the heading %q stands twice, or is empty", c.Name)
				}
				seen[head] = true
				if at := pg.at[ref(tb.col1+i, tb.row1)]; at == nil || at.Type != "inlineStr" && at.Type != "str" || at.text() != c.Name {
					l.say(pg.name, "the heading %q is not the text of its cell", c.Name)
				}
			}
		}
	}
}

// charts checks that who does not see them is told, and that axes have names.
func (l *linter) charts() {
	for name, text := range l.parts {
		switch {
		case strings.HasPrefix(name, "xl/drawings/drawing"):
			for _, m := range regexp.MustCompile(`<xdr:cNvPr [^>]*>`).FindAllString(text, -1) {
				if !regexp.MustCompile(`descr="[^"]{20,}"`).MatchString(m) {
					l.say(name, "a chart without alt text")
				}
			}
		case strings.HasPrefix(name, "xl/charts/chart"):
			if n := strings.Count(text, "<title>"); n != 3 {
				l.say(name, "%d titles: a chart has a message and two named axes", n)
			}
			if strings.Contains(text, "pieChart") || strings.Contains(text, "3DChart") {
				l.say(name, "a pie or a third dimension")
			}
			references, caches := strings.Count(text, "</f>"), strings.Count(text, "<ptCount val=")
			if points := strings.Count(text, "<pt idx="); references != caches || points < references {
				l.say(name, "%d references, %d of them with values, %d values: a viewer that reads no cells shows nothing", references, caches, points)
			}
			if strings.Contains(text, "<xVal><strRef>") {
				l.say(name, "numbers along an axis are called text")
			}
			for _, m := range regexp.MustCompile(`(?s)<tickLblPos.*?</txPr>`).FindAllString(text, -1) {
				if !strings.Contains(m, `srgbClr val="404040"`) {
					l.say(name, "an axis too faint to be read")
				}
			}
		}
	}
}

// contrast checks text against what it stands on: 4.5 to 1.
func (l *linter) contrast() {
	var styles struct {
		Fonts []struct {
			Color struct {
				RGB string `xml:"rgb,attr"`
			} `xml:"color"`
		} `xml:"fonts>font"`
		Fills []struct {
			Fg struct {
				RGB string `xml:"rgb,attr"`
			} `xml:"patternFill>fgColor"`
		} `xml:"fills>fill"`
		Xfs []struct {
			Font int `xml:"fontId,attr"`
			Fill int `xml:"fillId,attr"`
		} `xml:"cellXfs>xf"`
	}
	decode(l.t, l.parts["xl/styles.xml"], &styles)
	for i, x := range styles.Xfs {
		ink, paper := styles.Fonts[x.Font].Color.RGB, styles.Fills[x.Fill].Fg.RGB
		if c := contrast(ink, paper); c < 4.5 {
			l.say("styles", "style %d has %s on %s: contrast %.1f", i, ink, paper, c)
		}
	}
}

func contrast(ink, paper string) float64 {
	a, b := luminance(ink, 0), luminance(paper, 1)
	return (math.Max(a, b) + 0.05) / (math.Min(a, b) + 0.05)
}

// luminance is that of WCAG 2.2, of a colour AARRGGBB.
func luminance(argb string, otherwise float64) float64 {
	if len(argb) < 6 {
		return otherwise
	}
	n, _ := strconv.ParseUint(argb[len(argb)-6:], 16, 32)
	part := func(v uint64) float64 {
		c := float64(v&255) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(n>>16) + 0.7152*part(n>>8) + 0.0722*part(n)
}

// written writes the sample's report in a language and returns its folder.
func written(t testing.TB, l words.Language) string {
	t.Helper()
	dir := t.TempDir()
	if err := reports.Write(t.Context(), dir, sample(t), optionsIn(l)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func optionsIn(l words.Language) reports.Options {
	return reports.Options{
		Run:           tables.Run{ID: "run-1", Program: "clientworth", Version: "v0", Go: "go1.26", Architecture: "amd64", ConfigurationSHA256: strings.Repeat("c0", 32)},
		Configuration: []byte(`{"currency":"EUR"}`), Dossiers: 5, Language: l,
	}
}

const workbookName = "/clientworth-2026-10.xlsx"

func TestWorkbookIsSound(t *testing.T) {
	for _, l := range words.Languages() {
		for _, w := range lint(t, unzip(t, written(t, l)+workbookName)) {
			t.Errorf("%s: %s", l, w)
		}
	}
}

// Fault 76: a sound workbook is broken in each way that the lint looks for.
func TestFault76LintCanFail(t *testing.T) {
	p := unzip(t, written(t, words.English)+workbookName)
	sheets := map[string]string{}
	for _, pg := range p.pages(t) {
		sheets[pg.name] = pg.part
	}
	ranking := sheets["Ranking"]
	formula := regexp.MustCompile(`<f>ROUND\(D6-E6,2\)</f><v>[^<]*</v>`).FindString(p[ranking])
	for _, broken := range []struct {
		what string
		p    parts
	}{
		{"a formula without its value", p.with(t, ranking, formula, "<f>ROUND(D6-E6,2)</f>")},
		{"the function INDIRECT", p.with(t, ranking, "<f>ROUND(D6-E6,2)</f>", "<f>ROUND(INDIRECT(D6)-E6,2)</f>")},
		{"the constant 7", p.with(t, ranking, "<f>ROUND(D6-E6,2)</f>", "<f>ROUND(D6-E6*7,2)</f>")},
		{"another formula than above", p.with(t, ranking, "<f>ROUND(D7-E7,2)</f>", "<f>ROUND(D7-E8,2)</f>")},
		{"an error value", p.with(t, ranking, formula, "<f>ROUND(D6-E6,2)</f><v>#REF!</v>")},
		{"stands twice", p.with(t, "xl/tables/table1.xml", `name="Revenue"`, `name="margin "`)},
		{"is not the text of its cell", p.with(t, ranking, ">Revenue<", ">Turnover<")},
		{"merged cells", p.with(t, ranking, "</sheetData>", `</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>`)},
		{"a hidden row", p.with(t, ranking, `<row r="7"`, `<row hidden="1" r="7"`)},
		{"a hidden sheet", p.with(t, "xl/workbook.xml", `name="Ranking"`, `state="hidden" name="Ranking"`)},
		{"is not one of the inputs", p.with(t, "xl/workbook.xml", "target_margin", "A1")},
		{"a chart without alt text", p.with(t, "xl/drawings/drawing1.xml", `descr="`, `x="`)},
		{"shows nothing", p.without(t, "xl/charts/chart1.xml", `<numCache>.*?</numCache>`)},
		{"rows that stay in sight", p.with(t, ranking, `ySplit="5"`, `ySplit="2"`)},
		{"opens elsewhere", p.with(t, ranking, "<sheetView ", `<sheetView tabSelected="1" `)},
		{"the library's own", p.without(t, "docProps/core.xml", `<dc:title>.*</dc:title>`)},
		{"no footer", p.without(t, ranking, `<oddFooter>.*</oddFooter>`)},
		{"a link to nowhere", p.with(t, ranking, "location=\"&#39;Summary", "location=\"&#39;Somewhere")},
		{"no way back", p.with(t, ranking, "location=\"&#39;Summary", "location=\"&#39;Clients")},
		{"a password", p.with(t, ranking, "<sheetProtection ", `<sheetProtection password="CC1A" `)},
		{"locked against autoFilter", p.with(t, ranking, `autoFilter="false"`, `autoFilter="true"`)},
		{"begins with an equals sign", p.with(t, ranking, "<formula>F6", "<formula>=F6")},
		{"a tab without a colour", p.without(t, ranking, `<tabColor [^>]*></tabColor>`)},
		{"numbers are written as", p.with(t, "xl/styles.xml", `formatCode="#,##0.00"`, `formatCode="[$-407]#.##0,00"`)},
		{"contrast", p.with(t, "xl/styles.xml", "FF0072B2", "FFB8B8B8")},
	} {
		found := lint(t, broken.p)
		if !slices.ContainsFunc(found, func(w string) bool { return strings.Contains(w, broken.what) }) {
			t.Errorf("%q was not seen; found: %q", broken.what, found)
		}
	}
}
