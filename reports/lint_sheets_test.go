package reports_test

import (
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"clientworth/pipeline/verdict"
	"clientworth/reports/words"
)

var (
	hyperlink  = regexp.MustCompile(`<hyperlink ref="([^"]*)"([^>]*)>`)
	location   = regexp.MustCompile(` location="'([^']*)'!([A-Z]+)([0-9]+)"`)
	protection = regexp.MustCompile(`<sheetProtection [^>]*>`)
	format     = regexp.MustCompile(`<conditionalFormatting sqref="([^"]*)">(.*?)</conditionalFormatting>`)
	rule       = regexp.MustCompile(`<cfRule [^>]*>(?:<formula>([^<]*)</formula>)?`)
	// What a number may look like: the reader's own separators, no currency or
	// language, no more than six decimals, and words only for what is nearly sure.
	number = regexp.MustCompile(`^(#,##0|0)(\.0{1,3})?#{0,4}%?$|^\[>0\.99\]">99%";\[<0\.01\]"<1%";0%$`)
)

// links checks that every link leads to a cell of the workbook, that each sheet
// but the first leads back to it, and that it leads to evidence.
func (l *linter) links() {
	pages := l.parts.pages(l.t)
	at := map[string]*page{}
	for _, pg := range pages {
		at[pg.name] = pg
	}
	for i, pg := range pages {
		back, out := false, 0
		for _, m := range hyperlink.FindAllStringSubmatch(pg.xml, -1) {
			to := location.FindStringSubmatch(html.UnescapeString(m[2]))
			switch {
			case to == nil || at[to[1]] == nil:
				l.say(pg.name+"!"+m[1], "a link to nowhere")
			case at[to[1]] == pages[0]:
				back = true
			case at[to[1]].at[to[2]+to[3]] == nil && to[3] != "1":
				l.say(pg.name+"!"+m[1], "a link to an empty cell")
			default:
				out++
			}
		}
		if i > 0 && !back {
			l.say(pg.name, "no way back to the first sheet")
		}
		if i == 0 && out == 0 {
			l.say(pg.name, "no way to the evidence")
		}
	}
}

// locks checks that nobody needs a password, that what is locked can be filtered
// and its columns set, and that sheets with formulas are locked but for tables that
// are there to be sorted.
func (l *linter) locks(pg *page) {
	lock := protection.FindString(pg.xml)
	if lock == "" {
		return
	}
	for _, word := range []string{"password=", "hashValue=", "algorithmName="} {
		if strings.Contains(lock, word) {
			l.say(pg.name, "a password")
		}
	}
	for _, free := range []string{"selectLockedCells", "selectUnlockedCells", "autoFilter", "formatColumns"} {
		if !strings.Contains(lock, free+`="false"`) && !strings.Contains(lock, free+`="0"`) {
			l.say(pg.name, "locked against %s", free)
		}
	}
}

// looks checks numbers' formats, rules of colour, and that tabs have colours.
func (l *linter) looks(pg *page) {
	if !strings.Contains(pg.xml, "<tabColor ") {
		l.say(pg.name, "a tab without a colour")
	}
	if strings.Contains(pg.xml, "<x14:conditionalFormatting") || strings.Contains(pg.xml, "<x14:dataBar") {
		l.say(pg.name, "a rule of colour that old viewers lose")
	}
	for _, m := range format.FindAllStringSubmatch(pg.xml, -1) {
		rules := rule.FindAllStringSubmatch(m[2], -1)
		if len(rules) != 1 || strings.Contains(m[1], " ") {
			l.say(pg.name+"!"+m[1], "%d rules of colour for one range", len(rules))
		}
		for _, r := range rules {
			if strings.HasPrefix(r[1], "=") {
				l.say(pg.name+"!"+m[1], "a rule of colour that begins with an equals sign")
			}
		}
	}
}

func (l *linter) numbers() {
	for _, m := range regexp.MustCompile(`<numFmt [^>]*formatCode="([^"]*)"`).FindAllStringSubmatch(l.parts["xl/styles.xml"], -1) {
		for part := range strings.SplitSeq(html.UnescapeString(m[1]), ";") {
			if code := html.UnescapeString(m[1]); !number.MatchString(part) && !number.MatchString(code) {
				l.say("styles", "numbers are written as %s", code)
				break
			}
		}
	}
}

// The sheets stand in the order in which they are read, the first with what ranks
// and judges, the last with findings, checks and the method.
func TestSheetsStandInOrder(t *testing.T) {
	var names []string
	for _, pg := range unzip(t, written(t, words.English)+workbookName).pages(t) {
		names = append(names, pg.name)
	}
	order := []string{"Summary", "Ranking", "Clients", "Parents", "Cost breakdown", "Months", "What if", "Dossiers", "Fix ourselves first",
		"Who left", "Ideal client", "Capacity", "Restatement", "Whale curve", "Findings", "Checks", "Method"}
	last := -1
	for _, name := range names {
		at := slices.Index(order, name)
		if at <= last {
			t.Errorf("%q does not stand where it belongs: %q", name, names)
		}
		last = at
	}
	if len(names) < 10 || names[0] != "Summary" || !slices.Equal(names[len(names)-3:], order[len(order)-3:]) {
		t.Errorf("the sheets are %q", names)
	}
}

// The method says what the report is about, by which run and configuration, and
// accounts for each input by its digest and rows.
func TestMethodSaysWhereTheReportComesFrom(t *testing.T) {
	p := unzip(t, written(t, words.English)+workbookName)
	r := sample(t)
	var said []string
	for _, pg := range p.pages(t) {
		if pg.name != "Method" {
			continue
		}
		for i := range pg.cells {
			if text := pg.cells[i].text(); text != "" {
				said = append(said, text)
			}
		}
	}
	all := "\n" + strings.Join(said, "\n") + "\n"
	wanted := []string{r.Facts.Currency.Code, "run-1", "v0", "2026-10-31", optionsIn(words.English).Run.ConfigurationSHA256}
	w, err := words.In(words.English, r.Facts.Currency)
	must(t, err)
	for v := range verdict.Reprice + 1 { // each verdict, and when it is given
		wanted = append(wanted, w.Verdict(v), w.When(v))
	}
	for _, tally := range r.Facts.Tallies {
		wanted = append(wanted, tally.File, tally.SHA256, strconv.FormatInt(tally.Read, 10), strconv.FormatInt(tally.Used, 10))
	}
	for _, want := range wanted {
		if !strings.Contains(all, want) {
			t.Errorf("the method does not say %q", want)
		}
	}
}
