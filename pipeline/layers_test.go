package pipeline_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers says which packages of this module a package may import, and why no
// others. "..." stands for everything below. A package that is not listed fails
// the test: whoever adds one says here where it belongs.
var layers = []struct {
	pkg    string
	may    []string
	reason string
}{
	{"pipeline/money", nil, "exact amounts stand below everything"},
	{"pipeline/period", nil, "so do days and months"},
	{"pipeline/cores", nil, "and what shares work out over the cores of the machine"},
	{"pipeline/measure", []string{"pipeline/money"}, "hours and shares are written as money is"},
	{"pipeline/finding", []string{"pipeline/money", "pipeline/measure"}, "a finding holds money and hours, and knows no format and no client"},
	{"pipeline/exports/...", []string{"pipeline/exports/...", "pipeline/cores", "pipeline/finding", "pipeline/money", "pipeline/measure", "pipeline/period"}, "reading knows neither clients nor costs"},
	{"pipeline/clients", []string{"pipeline/exports", "pipeline/finding", "pipeline/money", "pipeline/measure", "pipeline/period"}, "who is who does not depend on what they pay"},
	{"pipeline/facts", []string{"pipeline/cores", "pipeline/exports", "pipeline/clients", "pipeline/finding", "pipeline/money", "pipeline/measure", "pipeline/period"}, "facts are gathered before anything is computed from them"},
	{"pipeline/costing", []string{"pipeline/cores", "pipeline/facts", "pipeline/clients", "pipeline/finding", "pipeline/money", "pipeline/measure", "pipeline/period"}, "a cost does not depend on what it is worth"},
	{"pipeline/worth", []string{"pipeline/cores", "pipeline/costing", "pipeline/facts", "pipeline/clients", "pipeline/finding", "pipeline/money", "pipeline/measure", "pipeline/period"}, "a figure does not depend on the verdict it leads to"},
	{"pipeline/restate", []string{"pipeline/cores", "pipeline/worth", "pipeline/costing", "pipeline/facts", "pipeline/clients", "pipeline/money", "pipeline/measure", "pipeline/period"}, "what changed is a matter of figures, not of verdicts or words"},
	{"pipeline/verdict", []string{"pipeline/worth", "pipeline/costing", "pipeline/facts", "pipeline/clients", "pipeline/finding", "pipeline/money", "pipeline/measure", "pipeline/period"}, "a verdict is a matter of figures, not of files or words"},
	{"pipeline", []string{"pipeline/..."}, "the job knows its stages and no report"},
	{"reports/xlsx", []string{"pipeline/finding"}, "a spreadsheet knows nothing of the trade but how a place in it is called"},
	{"reports/publish", nil, "publishing knows nothing of what it publishes"},
	{"reports/words", []string{"pipeline/..."}, "words are made of results"},
	{"reports/tables", []string{"pipeline/...", "reports/words"}, "tables write results down"},
	{"reports/trace", []string{"pipeline/...", "reports/tables", "reports/words"}, "a trace is laid out from a result and the rows behind it"},
	{"reports/workbook", []string{"pipeline/...", "reports/words", "reports/tables", "reports/xlsx"}, "so do sheets"},
	{"reports", []string{"pipeline/...", "reports/..."}, "the published files together"},
	{"cmd/clientworth/demo", []string{"pipeline/money", "pipeline/period", "pipeline/measure"}, "the sample company is written as exports, without knowing what is made of them"},
	{"cmd/clientworth", []string{"..."}, "the command ties everything together"},
}

// libraries says who alone may import a library or a part of the standard one.
var libraries = []struct {
	prefix string
	only   []string
	reason string
}{
	{"github.com/apache/arrow/", []string{"pipeline/exports/...", "pipeline/facts", "reports/tables"}, "rows flow through the door and are gone"},
	{"github.com/xuri/excelize/", []string{"reports/xlsx"}, "one place knows the spreadsheet library"},
	{"github.com/spf13/", []string{"cmd/clientworth"}, "flags exist in the command only"},
	{"github.com/goccy/go-yaml", []string{"cmd/clientworth"}, "so does the configuration"},
	{"golang.org/x/sys/", []string{"reports/publish", "cmd/clientworth", "pipeline/exports/..."}, "the operating system stays at the edges"},
	{"os", []string{"pipeline/exports/...", "reports", "reports/publish", "reports/xlsx", "cmd/clientworth/..."}, "nothing between exports and reports knows a file"},
	{"io/fs", []string{"pipeline/exports/...", "reports", "reports/publish", "reports/xlsx", "cmd/clientworth/..."}, "nothing between exports and reports knows a file"},
	{"net", []string{"cmd/clientworth"}, "the job calls nobody"},
	{"math/rand", nil, "draws come from a configured seed: math/rand/v2 with a source of one's own"},
	{"log", []string{"cmd/clientworth"}, "packages return what happened"},
	{"unsafe", []string{"pipeline/exports/..."}, "only the reader's hot loops may look below the types"},
}

// pure are the packages that compute: the same arguments give the same result,
// whenever, wherever and on however many cores. What they do side by side, they do
// by way of pipeline/cores.
var pure = []string{"pipeline/money", "pipeline/period", "pipeline/measure", "pipeline/finding", "pipeline/clients", "pipeline/costing", "pipeline/worth", "pipeline/restate", "pipeline/verdict"}

// clocks are the functions that make a result depend on the moment.
var clocks = []string{"Now", "Since", "Until", "After", "Tick", "NewTimer", "NewTicker", "Sleep"}

const module = "clientworth"

func TestLayers(t *testing.T) {
	all := packages(t)
	for _, l := range layers {
		if all[strings.TrimSuffix(l.pkg, "/...")] == nil {
			t.Errorf("%s is listed as a layer and does not exist", l.pkg)
		}
	}
	for pkg, files := range all {
		layer := slices.IndexFunc(layers, func(l struct {
			pkg    string
			may    []string
			reason string
		}) bool {
			return covers(l.pkg, pkg)
		})
		if layer < 0 {
			t.Errorf("%s stands in no layer: add it to the table, with its reason", pkg)
			continue
		}
		for name, file := range files {
			for _, imported := range imports(file) {
				if own, ok := strings.CutPrefix(imported, module+"/"); ok && !anyCovers(layers[layer].may, own) {
					t.Errorf("%s imports %s: %s", name, own, layers[layer].reason)
				}
				for _, l := range libraries {
					if within(l.prefix, imported) && !anyCovers(l.only, pkg) {
						t.Errorf("%s imports %s: %s", name, imported, l.reason)
					}
				}
			}
		}
	}
}

func TestPurePackagesKnowNoClockAndNoGoroutine(t *testing.T) {
	all := packages(t)
	for _, pkg := range pure {
		if all[pkg] == nil {
			t.Errorf("%s is listed as pure and does not exist", pkg)
		}
		for name, file := range all[pkg] {
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.GoStmt:
					t.Errorf("%s starts a goroutine", name)
				case *ast.SelectorExpr:
					if n.Sel.Name == "Go" {
						t.Errorf("%s starts a goroutine", name)
					}
					if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clocks, n.Sel.Name) {
						t.Errorf("%s uses time.%s", name, n.Sel.Name)
					}
				}
				return true
			})
		}
	}
}

// The clock is read in one place: the command.
func TestOnlyTheCommandReadsTheClock(t *testing.T) {
	for pkg, files := range packages(t) {
		if pkg == "cmd/clientworth" {
			continue
		}
		for name, file := range files {
			ast.Inspect(file, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && (s.Sel.Name == "Now" || s.Sel.Name == "Local") {
						t.Errorf("%s uses time.%s", name, s.Sel.Name)
					}
				}
				return true
			})
		}
	}
}

func TestTopLevelHoldsNothingElse(t *testing.T) {
	known := []string{"cmd", "pipeline", "reports", "testdata", "go.mod", "go.sum", "README.md", "ARCHITECTURE.md", "CHANGELOG.md", "Makefile",
		"clientworth", "demo", // what the README's commands leave behind, ignored by git
	}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); !strings.HasPrefix(name, ".") && !slices.Contains(known, name) {
			t.Errorf("%s does not belong at the top", name)
		}
	}
}

// packages parses the program's files, without tests, by package folder.
func packages(t *testing.T) map[string]map[string]*ast.File {
	t.Helper()
	all := map[string]map[string]*ast.File{}
	set := token.NewFileSet()
	for _, top := range []string{"cmd", "pipeline", "reports"} {
		err := filepath.WalkDir(filepath.Join("..", top), func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() && d.Name() == "testdata" {
				return errOrSkip(err)
			}
			if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
				return nil
			}
			file, err := parser.ParseFile(set, p, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			name, err := filepath.Rel("..", p)
			if err != nil {
				return err
			}
			name = filepath.ToSlash(name)
			pkg := path.Dir(name)
			if all[pkg] == nil {
				all[pkg] = map[string]*ast.File{}
			}
			all[pkg][name] = file
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func errOrSkip(err error) error {
	if err != nil {
		return err
	}
	return filepath.SkipDir
}

func imports(file *ast.File) []string {
	var paths []string
	for _, i := range file.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			panic(fmt.Sprint("import path: ", err))
		}
		paths = append(paths, p)
	}
	return paths
}

// within reports whether an import path is the one named, or lies below it.
// math/rand/v2 is another library than math/rand.
func within(prefix, imported string) bool {
	if strings.HasSuffix(prefix, "/") {
		return strings.HasPrefix(imported, prefix)
	}
	return imported == prefix || prefix != "math/rand" && strings.HasPrefix(imported, prefix+"/") && prefix != "os"
}

func covers(pattern, pkg string) bool {
	below, all := strings.CutSuffix(pattern, "...")
	if !all {
		return pattern == pkg
	}
	return below == "" || strings.HasPrefix(pkg+"/", below)
}

func anyCovers(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return covers(p, pkg) })
}
