package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/verdict"
	"clientworth/pipeline/worth"
)

var slot = regexp.MustCompile(`\{([0-9])`)

// said returns every literal in the sources of the reports that looks like a key
// of a catalogue.
func said(t *testing.T) map[Key]bool {
	t.Helper()
	en, err := read(English)
	if err != nil {
		t.Fatal(err)
	}
	groups := map[string]bool{}
	for k := range en {
		group, _, _ := strings.Cut(string(k), ".")
		groups[group] = true
	}
	keys := map[Key]bool{}
	files, _ := filepath.Glob("../*/*.go")
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				text, _ := strconv.Unquote(l.Value)
				group, rest, dotted := strings.Cut(text, ".")
				if _, known := en[Key(text)]; known || dotted && groups[group] && rest != "" && regexp.MustCompile(`^[a-z ]+$`).MatchString(rest) {
					keys[Key(text)] = true
				}
			}
			return true
		})
	}
	if len(keys) < 200 {
		t.Fatalf("only %d keys were found in the sources", len(keys))
	}
	return keys
}

// composed are the groups whose keys are put together from a word of the data.
var composed = []string{"term.", "action.", "incident.", "setting.", "rule.", "remedy."}

// elsewhere are the groups whose English texts stand where they arise: in the
// checks, settings and rules of the pipeline. The other languages translate them.
var elsewhere = []string{"term.", "setting.", "rule.", "remedy."}

func translated(k Key) bool {
	return slices.ContainsFunc(elsewhere, func(p string) bool { return strings.HasPrefix(string(k), p) })
}

func TestEveryTextIsThere(t *testing.T) {
	keys := said(t)
	en, _ := read(English)
	for _, l := range Languages() {
		texts, err := read(l)
		if err != nil {
			t.Fatal(err)
		}
		for k := range keys {
			if texts[k] == "" && !strings.HasSuffix(string(k), "xlsx") {
				t.Errorf("%s.txt: no text %q, which the reports say", l, k)
			}
		}
		for k, text := range texts {
			base := regexp.MustCompile(` (text|meaning|when)$`).ReplaceAllString(string(k), "")
			if !keys[k] && !keys[Key(base)] && !strings.HasPrefix(string(k), "own.") && !slices.ContainsFunc(composed, func(p string) bool { return strings.HasPrefix(string(k), p) }) {
				t.Errorf("%s.txt: nobody says %q", l, k)
			}
			if _, ok := en[k]; !ok && !translated(k) {
				t.Errorf("%s.txt: %q does not stand in en.txt", l, k)
			}
			if a, b := slots(text), slots(en[k]); a != b && en[k] != "" {
				t.Errorf("%s.txt: %q has the figures %q, en.txt %q", l, k, a, b)
			}
		}
		for k := range en {
			if _, ok := texts[k]; !ok {
				t.Errorf("%s.txt: no text %q", l, k)
			}
		}
	}
}

// slots are the figures that a text uses.
func slots(text string) string {
	var all []string
	for _, m := range slot.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(all, m[1]) {
			all = append(all, m[1])
		}
	}
	slices.Sort(all)
	return strings.Join(all, "")
}

// TestEverySentence says each verdict, reason and change in each language.
func TestEverySentence(t *testing.T) {
	eur, _ := money.CurrencyOf("EUR")
	for _, l := range Languages() {
		w, err := In(l, eur)
		if err != nil {
			t.Fatal(err)
		}
		for v := verdict.NoVerdictYet; v <= verdict.Reprice; v++ {
			if w.Verdict(v) == "" {
				t.Errorf("%s: verdict %v has no name", l, v)
			}
		}
		for k := verdict.PaysAgainstFair; k <= verdict.NothingLeft; k++ {
			for _, n := range []int{1, 2, 5, 11, 21} {
				s := w.Reason(verdict.Reason{Kind: k, Amount: 123_456, Other: -50, Share: 0.612, Limit: 0.8, Count: n, Of: n, Hours: 1_500_000, Day: 700_000, Text: "abuse"})
				if s == "" || strings.ContainsAny(s, "{}|") {
					t.Errorf("%s: reason %d: %q", l, k, s)
				}
			}
		}
		for lever := verdict.Price; lever <= verdict.OlderExports; lever++ {
			for _, to := range []verdict.Verdict{verdict.PaysForValue, verdict.NoVerdictYet} {
				s := w.Change(verdict.Change{Lever: lever, Months: 2, To: to})
				if s == "" || strings.ContainsAny(s, "{}|") || to == verdict.NoVerdictYet && lever == verdict.FewerHours && strings.Contains(s, w.Verdict(to)) {
					t.Errorf("%s: change %d: %q", l, lever, s)
				}
			}
		}
	}
}

func TestHalfAnHour(t *testing.T) {
	w, err := In(English, money.Currency{})
	if err != nil {
		t.Fatal(err)
	}
	for h, want := range map[measure.Hours]string{45_250_000: "45.3", 45_249_999: "45.2", -250_000: "\u22120.3", 49_999: "0.0", -49_999: "0.0", 1_234_050_000: "1,234.1"} {
		if got := w.Hours(h); got != want {
			t.Errorf("%d millionths of an hour became %q, not %q", h, got, want)
		}
	}
}

func TestFigures(t *testing.T) {
	eur, _ := money.CurrencyOf("EUR")
	jpy, _ := money.CurrencyOf("JPY")
	for _, c := range []struct {
		language Language
		currency money.Currency
		amount   money.Amount
		want     string
	}{
		{English, eur, 123_456_789, "1,234,568"}, {English, eur, -50, "\u22121"}, {English, eur, 49, "0"}, {English, eur, -49, "0"}, {English, jpy, 1_234, "1,234"},
	} {
		w, err := In(c.language, c.currency)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Amount(c.amount); got != c.want {
			t.Errorf("%s: %d became %q, not %q", c.language, c.amount, got, c.want)
		}
	}
}

func TestPlain(t *testing.T) {
	if got := Plain(" a\u202eb\x00c\td\ne\u200f "); got != "abc d e" {
		t.Errorf("%q", got)
	}
}

// TestMissingTextFails shows that the tests above would see a hole.
func TestMissingTextFails(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a text that is missing was said")
		}
	}()
	eur, _ := money.CurrencyOf("EUR")
	w, _ := In(English, eur)
	w.Say("no such text")
}

// TestPipelineIsTranslated looks for the words of checks, settings and rules that
// a language lacks.
func TestPipelineIsTranslated(t *testing.T) {
	needed := phrases(t, "../../pipeline/check.go", map[string][]int{"equal": {0, 2, 4}, "exactly": {0, 1, 3}, "atMost": {0, 2}}, "term.")
	needed = append(needed, sides(t, "../../pipeline/coverage.go")...)
	o, v := worth.Defaults(), verdict.Defaults()
	for _, s := range append(o.Settings(), v.Settings()...) {
		needed = append(needed, Key("setting."+s.Key))
	}
	for _, name := range ruleNames(t) {
		needed = append(needed, Key("rule."+name), Key("remedy."+name))
	}
	if len(needed) < 80 {
		t.Fatalf("only %d words were found in the pipeline", len(needed))
	}
	for _, l := range Languages()[1:] {
		texts, err := read(l)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range needed {
			if texts[k] == "" {
				t.Errorf("%s.txt: no text %q", l, k)
			}
		}
	}
}

// sides returns what the checks written out in a file compare.
func sides(t *testing.T, path string) (keys []Key) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\bA: "([^"]+)"`).FindAllSubmatch(text, -1) {
		keys = append(keys, Key("term."+string(m[1])))
	}
	if len(keys) == 0 {
		t.Errorf("%s has no checks", path)
	}
	return keys
}

// phrases returns the texts that stand as given arguments of calls in a file.
func phrases(t *testing.T, path string, calls map[string][]int, prefix string) []Key {
	t.Helper()
	var keys []Key
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		for _, i := range calls[name.Sel.Name] {
			if i < len(call.Args) {
				if l, ok := call.Args[i].(*ast.BasicLit); ok && l.Kind == token.STRING {
					text, _ := strconv.Unquote(l.Value)
					keys = append(keys, Key(prefix+text))
				}
			}
		}
		return true
	})
	return keys
}

// ruleNames returns the names of all rules that the pipeline declares.
func ruleNames(t *testing.T) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir("../../pipeline", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			typ, ok := lit.Type.(*ast.SelectorExpr)
			if !ok || typ.Sel.Name != "Rule" {
				return true
			}
			for _, e := range lit.Elts {
				kv, ok := e.(*ast.KeyValueExpr)
				if !ok || kv.Key.(*ast.Ident).Name != "Name" {
					continue
				}
				if l, ok := kv.Value.(*ast.BasicLit); ok {
					name, _ := strconv.Unquote(l.Value)
					names = append(names, name)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// Between Persian words a date, and a number with its minus, must keep their order.
func TestPersianFiguresKeepTheirOrder(t *testing.T) {
	euro, _ := money.CurrencyOf("EUR")
	w, err := In(Persian, euro)
	if err != nil {
		t.Fatal(err)
	}
	october := period.MonthOf(2026, 10)
	for got, want := range map[string]string{
		w.Amount(-123_400):                    toRight + "−1,234",
		w.Amount(123_400):                     "1,234",
		w.Day(october.Last()):                 toRight + "2026-10-31 (" + toRight + "1405-08-09)",
		w.Month(october):                      toRight + "2026-10 (مهر/آبان 1405)",
		w.Months(period.WindowTo(october, 2)): toRight + "2026-09 تا " + toRight + "2026-10",
	} {
		if got != want {
			t.Errorf("%+q, not %+q", got, want)
		}
	}
}

// TestOfOne says counts of one and of several, and a p-value that rounds to nothing.
func TestOfOne(t *testing.T) {
	eur, _ := money.CurrencyOf("EUR")
	for _, c := range []struct {
		language Language
		reason   verdict.Reason
		want     string
	}{
		{English, verdict.Reason{Kind: verdict.ShortMonths, Count: 1, Of: 1}, "Short in 1 of 1 month."},
		{English, verdict.Reason{Kind: verdict.Untested, Count: 1}, "1 month is too little to say how sure this is."},
		{English, verdict.Reason{Kind: verdict.Untested, Count: 4}, "4 months, much alike, are too little to say how sure this is."},
		{English, verdict.Reason{Kind: verdict.FewMonths, Count: 0, Limit: 1}, "0 of the 1 month that a verdict needs."},
		{English, verdict.Reason{Kind: verdict.Rising, Amount: 100_00, Share: 0.00049}, "Revenue rises by 100 a month (p < 0.001)."},
		{English, verdict.Reason{Kind: verdict.Rising, Amount: 100_00, Share: 0.0213}, "Revenue rises by 100 a month (p = 0.021)."},
		{Russian, verdict.Reason{Kind: verdict.ShortMonths, Count: 1, Of: 1}, "Недоплата в 1 из 1 месяца."},
		{Russian, verdict.Reason{Kind: verdict.FewMonths, Count: 2, Limit: 3}, "2 из 3 месяцев, нужных для вывода."},
		{Russian, verdict.Reason{Kind: verdict.Rising, Amount: 100_00, Share: 0.00049}, "Выручка растёт на 100 в месяц (p < 0,001)."},
	} {
		w, err := In(c.language, eur)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Reason(c.reason); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// In a sentence from right to left a name in Latin or Cyrillic letters keeps the
// point it ends with; nothing else is touched.
func TestNamesKeepTheirLastMark(t *testing.T) {
	eur, _ := money.CurrencyOf("EUR")
	for _, test := range []struct {
		in         Language
		name, want string
	}{
		{Persian, "Oranvelt B.V.", "Oranvelt B.V.\u200e"}, {Persian, "ООО «Бирлик»", "ООО «Бирлик»\u200e"}, {Persian, "Acme", "Acme"},
		{Persian, "پخش «آرام»", "پخش «آرام»"}, {Persian, "99%", "99%"}, {English, "Oranvelt B.V.", "Oranvelt B.V."},
	} {
		w, err := In(test.in, eur)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Say("changes.and more", test.name, 1); !strings.HasPrefix(got, test.want+" ") && !strings.HasPrefix(got, test.want+"،") {
			t.Errorf("%s: %q becomes %q", test.in, test.name, got)
		}
	}
}
