package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"clientworth/reports/publish"
)

// fault is something that may be wrong with an export, and what the program says
// of it. Nothing of it may make it crash, hang, guess or lose a row silently.
type fault struct {
	name     string
	billing  string            // the export, in the place of the two clients' own
	as       string            // its name; "" is billing.csv
	path     string            // that the configuration names; "" is the name, or its folder
	settings string            // of its entry in the configuration
	more     map[string]string // further files
	months   int               // of the window; 0 is one
	status   int
	says     []string
	silent   string // what it must not say
}

// finds checks what the program says of each fault.
func finds(t *testing.T, faults ...fault) {
	t.Helper()
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			dir := t.TempDir()
			company(t, dir)
			if f.as == "" {
				f.as = "billing.csv"
			}
			if f.more == nil {
				f.more = map[string]string{}
			}
			f.more[f.as] = f.billing
			for _, name := range slices.Sorted(maps.Keys(f.more)) { // a marker comes after its file
				text := f.more[name]
				if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
					t.Fatal(err)
				}
				write(t, filepath.Join(dir, name), text)
			}
			if folder, _, several := strings.Cut(f.as, "/"); f.path == "" && several {
				f.path = folder
			}
			config := filepath.Join(dir, "clientworth.yaml")
			text, err := os.ReadFile(config)
			if err != nil {
				t.Fatal(err)
			}
			months := fmt.Sprintf("window_months: %d\n", max(f.months, 1))
			write(t, config, strings.Replace(strings.Replace(string(text), "window_months: 1\n", months, 1), "  - path: billing.csv\n", "  - path: "+cmp.Or(f.path, f.as)+"\n"+f.settings, 1))
			var out bytes.Buffer
			status := run([]string{"check", "--config", config, "--period", "2026-10"}, nil, &out, &out)
			if status != f.status {
				t.Errorf("status %d, want %d", status, f.status)
			}
			said := strings.Join(strings.Fields(out.String()), " ") // whatever the width of its lines
			for _, w := range f.says {
				if !strings.Contains(said, w) {
					t.Errorf("nothing is said of %q", w)
				}
			}
			if f.silent != "" && strings.Contains(said, f.silent) {
				t.Errorf("it says %q", f.silent)
			}
			if strings.Contains(out.String(), "runtime error") || strings.Contains(out.String(), "defect") {
				t.Error("it crashed")
			}
			if t.Failed() || testing.Verbose() {
				t.Logf("%.3000s", out.String())
			}
		})
	}
}

const two = "document,client_id,client,date,amount\n1,A,Acme,2026-10-05,1000.00\n2,B,Bolt,2026-10-12,500.00\n"

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.Bytes()
}

// A file cut at a line end looks like a whole one: only what is said of it beside
// it, or at its end, can tell.
func TestFault22CutAtALineEnd(t *testing.T) {
	whole := two + "Total,,,,1500.00\n"
	cut, atTheEnd := two[:strings.Index(two, "2,B")], "    control_total: true\n"
	finds(t,
		fault{name: "total", billing: whole, settings: atTheEnd, says: []string{"2 used"}},
		fault{name: "no total", billing: two, settings: atTheEnd, status: 4, says: []string{"billing.csv: no total of all its rows stands at its end", "control_total: false"}},
		fault{name: "rows below the total", billing: whole + "3,B,Bolt,2026-10-13,1.00\n", settings: atTheEnd, status: 4, says: []string{"no total of all its rows"}},
		fault{name: "cut after a client's total", billing: cut + "Total for Acme,,,,1000.00\n2,B,Bolt,2026-10-12,500.00\nTotal for Bolt,,,,500.00\n", settings: atTheEnd, status: 4, says: []string{"no total of all its rows"}},
	)
	digest := fmt.Sprintf("%x", sha256.Sum256([]byte(two)))
	for name, c := range map[string]struct {
		manifest, text string
		status         int
		says           string
	}{
		"all agrees":   {"file,rows,total,sha256\nbilling.csv,2,1500.00," + digest + "\n", two, 0, "2 used"},
		"rows agree":   {"file,rows\nexports/billing.csv,2\n", two, 0, "2 used"},
		"rows":         {"file,rows\nbilling.csv,2\n", cut, 4, "billing.csv: the number of its rows is 1, not 2, as manifest.csv:2 says"},
		"total":        {"file,total\nbilling.csv,1500\n", cut, 4, "billing.csv: its rows add up to 1000, not 1500, as manifest.csv:2 says"},
		"digest":       {"file,sha256\nbilling.csv," + digest + "\n", cut, 4, "billing.csv: its SHA-256 is "},
		"not named":    {"file,rows\nother.csv,2\n", two, 5, "billing.csv: manifest.csv does not name it"},
		"no figures":   {"file,name\nbilling.csv,2\n", two, 4, "manifest.csv:1: nothing is said of any file"},
		"no number":    {"file,rows\nbilling.csv,two\n", two, 4, `manifest.csv:2: "two" is not a number of rows`},
		"cut":          {"file,rows\nbilling.csv\n", two, 4, "manifest.csv:2"},
		"empty":        {"", two, 4, "manifest.csv:1"},
		"no such file": {"-", two, 5, "manifest.csv: "},
	} {
		f := fault{name: name, billing: c.text, settings: "    manifest: manifest.csv\n", more: map[string]string{"manifest.csv": c.manifest}, status: c.status, says: []string{c.says}}
		if c.manifest == "-" {
			f.more = nil
		}
		finds(t, f)
	}
	finds(t, fault{name: "hours", billing: two, status: 4, more: map[string]string{"manifest.csv": "file,total\nhours.csv,15.5\n", "clientworth.yaml": "currency: EUR\nwindow_months: 1\nbilling:\n  - path: billing.csv\n" +
		"support_hours:\n  - path: hours.csv\n    manifest: manifest.csv\nrates:\n  - {role: support, hourly_cost: 60.00}\n"}, says: []string{"hours.csv: its rows add up to 15, not 15.5"}})
}

func TestFault23CutInsideAQuote(t *testing.T) {
	finds(t,
		fault{name: "cut", billing: two + "3,B,\"Bolt, In", status: 4, says: []string{"billing.csv:4", "never closed", "quote: none"}},
		fault{name: "cut before its end", billing: two + "3,B,\"Bolt\nand Co\",2026-10-12,\"5", status: 4, says: []string{"billing.csv:4", "never closed"}},
	)
}

func TestFault24DamagedGzip(t *testing.T) {
	gz := zipped(t, strings.Repeat(two, 50))
	flipped := bytes.Clone(gz)
	flipped[len(flipped)-6] ^= 1
	for name, file := range map[string]string{
		"half":            string(gz[:len(gz)/2]),
		"one byte short":  string(gz[:len(gz)-1]),
		"no checksum":     string(gz[:len(gz)-8]),
		"wrong checksum":  string(flipped),
		"junk after it":   string(gz) + "junk",
		"zeros after it":  string(gz) + "\x00\x00\x00\x00\x00\x00\x00\x00",
		"only its header": string(gz[:10]),
	} {
		finds(t, fault{name: name, as: "billing.csv.gz", billing: file, status: 4, says: []string{"billing.csv.gz", "damaged or incomplete gzip"}})
	}
}

func TestFault25TwoGzipMembers(t *testing.T) {
	finds(t, fault{name: "two", as: "billing.csv.gz", billing: string(zipped(t, two[:50])) + string(zipped(t, two[50:])), says: []string{"2 used"}})
}

func TestFault27UploadInProgress(t *testing.T) {
	const done = "    done: true\n"
	finds(t,
		fault{name: "done", billing: two, settings: done, more: map[string]string{"billing.csv.done": ""}, says: []string{"2 used"}},
		fault{name: "a folder of it", as: "in/a.csv", billing: two, settings: done, more: map[string]string{"in/a.csv.done": ""}, says: []string{"2 used"}},
		fault{name: "on its way", billing: two, settings: done, status: 5, says: []string{"billing.csv: there is no billing.csv.done beside it", "wait for it"}},
		fault{name: "one of two", as: "in/a.csv", billing: two, settings: done, more: map[string]string{"in/a.csv.done": "", "in/b.csv": two}, status: 5, says: []string{"in/b.csv: there is no b.csv.done"}},
	)
	dir := t.TempDir()
	company(t, dir)
	config, marker := filepath.Join(dir, "clientworth.yaml"), filepath.Join(dir, "billing.csv.done")
	write(t, marker, "")
	if err := os.Chtimes(marker, time.Time{}, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, strings.Replace(string(text), "billing.csv\n", "billing.csv\n"+done, 1))
	var out bytes.Buffer
	if status := run([]string{"check", "--config", config, "--period", "2026-10"}, nil, &out, &out); status != statusMissing || !strings.Contains(out.String(), "billing.csv.done is older than the file") {
		t.Errorf("status %d: %s", status, &out)
	}
}

func TestFault28Empty(t *testing.T) {
	const header = "document,client_id,client,date,amount\n"
	finds(t,
		fault{name: "no byte", status: 4, says: []string{"billing.csv: the file is empty"}},
		fault{name: "blank lines", billing: "\n\n\n", status: 4, says: []string{"billing.csv", "no header"}},
		fault{name: "a byte order mark", billing: "\ufeff", status: 4, says: []string{"billing.csv: the file is empty"}},
		fault{name: "header only", billing: header, status: 5, says: []string{"months of billing: fail", "it has no rows"}},
		fault{name: "a client of a workbook is missing", as: "billing.xlsx", billing: book(t, sheetOf(soundRows[0], []string{"2", "", "", "2026-10-12", "=><v>5</v>"})), status: 4, says: []string{"billing.xlsx:Data!C3"}},
		fault{name: "an empty workbook", as: "billing.xlsx", billing: book(t, ""), status: 4, says: []string{"billing.xlsx", "empty"}},
		fault{name: "an empty gzip", as: "billing.csv.gz", billing: string(zipped(t, "")), status: 4, says: []string{"empty"}},
	)
}

func TestFault29WrongMonth(t *testing.T) {
	finds(t,
		fault{name: "earlier", billing: strings.ReplaceAll(two, "2026-10", "2026-09"), status: 5, says: []string{"its rows are of 2026-09-05 to 2026-09-12"}},
		fault{name: "later", billing: strings.ReplaceAll(two, "2026-10", "2026-11"), status: 5, says: []string{"its rows are of 2026-11-05 to 2026-11-12"}},
	)
}

func TestFault30SameFileTwice(t *testing.T) {
	finds(t, fault{name: "two names", as: "billing/a.csv", billing: two, more: map[string]string{"billing/b.csv": two},
		says: []string{"the same bytes as billing/a.csv", "2 superseded"}})
}

func TestFault31OverlappingExports(t *testing.T) {
	finds(t,
		fault{name: "corrected", as: "billing/1.csv", billing: two,
			more: map[string]string{"billing/2.csv": "document,client_id,client,date,amount\n2,B,Bolt,2026-10-12,550.00\n3,A,Acme,2026-10-20,10.00\n"},
			says: []string{"1.csv: billing, CSV, comma, UTF-8, 2026-10-05 to 2026-10-05, 1 used, 1 superseded", "billing/1.csv:3: as in billing/2.csv:2"}},
		fault{name: "the later one by its own stamp", as: "billing/1.xlsx", billing: book(t, sheetOf(soundRows[0], []string{"2", "B", "Bolt", "2026-10-12", "=><v>550</v>"}), made("2026-11-09T08:00:00Z")),
			more: map[string]string{"billing/2.xlsx": book(t, sheetOf(append(soundRows, []string{"3", "B", "Bolt", "2026-10-30", "=><v>1</v>"})...), made("2026-11-02T08:00:00Z"))},
			says: []string{"billing/2.xlsx:3: as in billing/1.xlsx:3"}},
		fault{name: "the later one by its last row", as: "billing/1.xlsx", billing: book(t, sheetOf(soundRows[0], []string{"2", "B", "Bolt", "2026-10-12", "=><v>550</v>"}), made("2026-11-09T08:00:00Z")),
			more: map[string]string{"billing/2.xlsx": book(t, sheetOf(append(soundRows, []string{"3", "B", "Bolt", "2026-10-30", "=><v>1</v>"})...))},
			says: []string{"billing/1.xlsx:3: as in billing/2.xlsx:3"}},
		fault{name: "of equal rank", as: "billing/1/b.csv", path: "billing/*/b.csv", billing: two, more: map[string]string{"billing/2/b.csv": strings.Replace(two, "500.00", "550.00", 1)},
			status: 4, says: []string{"billing/2/b.csv:3: the same entry differs from that of billing/1/b.csv:3", "rename the files"}},
	)
}

// Refunds and credit notes in a file of their own need not come every month.
func TestOccasionalSource(t *testing.T) {
	monthly := "document,client_id,client,date,amount\n"
	for month := 6; month <= 10; month++ {
		monthly += fmt.Sprintf("%d,A,Acme,2026-%02d-05,100.00\nb%d,B,Bolt,2026-%02d-05,100.00\n", month, month, month, month)
	}
	credits := "document,client_id,client,date,amount,kind\nc1,A,Acme,2026-06-09,-10.00,credit\nc2,A,Acme,2026-07-09,-10.00,credit\nc3,A,Acme,2026-09-09,-10.00,credit\n"
	hours := "client,date,hours,role\nAcme,2026-06-06,1.00,support\nAcme,2026-07-06,1.00,support\nAcme,2026-08-06,1.00,support\nAcme,2026-09-06,1.00,support\nBolt,2026-10-13,10.00,support\n"
	const lacks = "sources of billing: warn"
	finds(t,
		fault{name: "said", billing: monthly, months: 5, settings: "  - path: credits.csv\n    occasional: true\n", more: map[string]string{"credits.csv": credits, "hours.csv": hours}, says: []string{"3 used"}, silent: lacks},
		fault{name: "not said", billing: monthly, months: 5, settings: "  - path: credits.csv\n", more: map[string]string{"credits.csv": credits}, status: 3, says: []string{"3 used", lacks}},
	)
}

// made says of a workbook when it was made.
func made(at string) member {
	return member{name: "docProps/core.xml", body: `<coreProperties><dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created></coreProperties>`}
}

func TestFault32TotalDisagrees(t *testing.T) {
	finds(t,
		fault{name: "agrees", billing: two + "Total,,,,1500.00\n", says: []string{"1 totals"}},
		fault{name: "disagrees", billing: two + "Total,,,,1500.01\n", status: 4, says: []string{"billing.csv:4", "a totals row says 1500.01, the rows above it add up to 1500"}},
		fault{name: "says nothing", billing: two + "Total,,,,\n", status: 4, says: []string{"billing.csv:4", "totals row"}},
	)
}

func TestFault33HalfTheRows(t *testing.T) {
	var b strings.Builder
	b.WriteString("document,client_id,client,date,amount\n")
	for month := 6; month <= 10; month++ {
		for i := range map[bool]int{true: 4, false: 10}[month == 10] {
			fmt.Fprintf(&b, "%d-%d,A,Acme,2026-%02d-05,100.00\n", month, i, month)
		}
	}
	b.WriteString("x,B,Bolt,2026-09-12,500.00\n")
	finds(t, fault{name: "half", billing: b.String(), months: 5, status: 3, says: []string{"size of billing: warn", "2026-10: 4 rows, usually 10"}})
}

func sheetOf(rows ...[]string) string {
	all := line(1, "document", "client_id", "client", "date", "amount")
	for i, r := range rows {
		all += line(i+2, r...)
	}
	return all
}

var soundRows = [][]string{{"1", "A", "Acme", "2026-10-05", "=><v>1000</v>"}, {"2", "B", "Bolt", "2026-10-12", "=><v>500</v>"}}

func TestFault34Fault35Bombs(t *testing.T) {
	zeros := strings.Repeat(" ", 64<<20)
	finds(t,
		fault{name: "in the sheet", as: "b.xlsx", billing: bookOf(t, "<worksheet><sheetData>"+zeros+"</sheetData></worksheet>"), status: 4, says: []string{"b.xlsx", "limit of 200 to 1"}},
		fault{name: "in a picture", as: "b.xlsx", billing: book(t, sheetOf(soundRows...), member{name: "xl/media/a.png", body: zeros}), status: 4, says: []string{"b.xlsx", "limit of 200 to 1"}},
		fault{name: "in the styles", as: "b.xlsx", billing: book(t, sheetOf(soundRows...), member{name: "xl/f.xml", body: "<styleSheet>" + zeros + "</styleSheet>"}), status: 4, says: []string{"b.xlsx", "limit of 200 to 1"}},
		fault{name: "in the hidden sheet", as: "b.xlsx", billing: book(t, sheetOf(soundRows...), member{name: "xl/h.xml", body: zeros}), status: 4, says: []string{"b.xlsx", "limit of 200 to 1"}},
	)
}

// A limit is a setting; what is beyond it names the number and the setting.
func TestFault40Fault41LimitsAreSettings(t *testing.T) {
	wide := book(t, sheetOf(soundRows...)[:len(sheetOf(soundRows...))-len("</row>")]+`<c r="F3"><v>1</v></c></row>`)
	deep := bookOf(t, `<worksheet><a><b><c/></b></a><sheetData>`+sheetOf(soundRows...)+`</sheetData></worksheet>`)
	of := func(limit string) map[string]string {
		return map[string]string{"clientworth.yaml": "currency: EUR\nwindow_months: 1\nlimits:\n  workbook: {" + limit + "}\nbilling:\n  - path: billing.csv\n" +
			"support_hours:\n  - path: hours.csv\nrates:\n  - {role: support, hourly_cost: 60.00}\n"}
	}
	for limit, text := range map[string]string{"columns: 5": wide, "depth: 3": deep, "members: 5": wide, "inflated: 900": wide} {
		name, n, _ := strings.Cut(limit, ": ")
		finds(t, fault{name: limit, as: "b.xlsx", billing: text, more: of(limit), status: 4, says: []string{"b.xlsx", "limit of " + n, "raise limits.workbook." + name + ", which is " + n}})
	}
	finds(t,
		fault{name: "ratio", as: "b.xlsx", billing: book(t, sheetOf(soundRows...), member{name: "xl/media/a.png", body: strings.Repeat(" ", 2<<20)}), more: of("ratio: 2000"), says: []string{"2 used"}},
		fault{name: "none", as: "b.xlsx", billing: wide, more: of("columns: 0"), status: 64, says: []string{"limits.workbook"}},
	)
}

func TestFault36ForgedArchive(t *testing.T) {
	good := `<worksheet><sheetData>` + sheetOf(soundRows...) + `</sheetData></worksheet>`
	forged := func(forge func(*zip.FileHeader)) string {
		return bookOf(t, good, member{name: "xl/s.xml", body: good, forge: forge})
	}
	finds(t,
		fault{name: "sound", as: "b.xlsx", billing: forged(func(*zip.FileHeader) {}), says: []string{"2 used"}},
		fault{name: "checksum", as: "b.xlsx", billing: forged(func(h *zip.FileHeader) { h.CRC32++ }), status: 4, says: []string{"checksum"}},
		fault{name: "size", as: "b.xlsx", billing: forged(func(h *zip.FileHeader) { h.UncompressedSize64-- }), status: 4, says: []string{"larger than"}},
		fault{name: "3 GB", as: "b.xlsx", billing: forged(func(h *zip.FileHeader) { h.UncompressedSize64 = 3 << 30 }), status: 4, says: []string{"limit of"}},
		fault{name: "encrypted member", as: "b.xlsx", billing: forged(func(h *zip.FileHeader) { h.Flags |= 1 }), status: 4, says: []string{"encrypted"}},
	)
}

func TestFault37Fault38Fault39Fault41HostileSheets(t *testing.T) {
	good := `<worksheet><sheetData>` + sheetOf(soundRows...) + `</sheetData></worksheet>`
	for name, c := range map[string]struct{ sheet, says string }{
		"cut":              {good[:len(good)-60], "ends in"},
		"DOCTYPE":          {`<!DOCTYPE a SYSTEM "file:///etc/passwd">` + good, "DOCTYPE"},
		"entities":         {`<!DOCTYPE a [<!ENTITY a "b">]>` + good, "DOCTYPE"},
		"row 2e9":          {strings.Replace(good, `r="3"`, `r="2000000000"`, 1), "out of range"},
		"column ZZZZZZZ":   {strings.Replace(good, `"E3"`, `"ZZZZZZZ3"`, 1), "cell reference"},
		"string -1":        {strings.Replace(good, `><v>500</v>`, ` t="s"><v>-1</v>`, 1), "of a table of"},
		"nested":           {strings.Replace(good, `<sheetData>`, strings.Repeat("<a>", 100)+`<sheetData>`, 1), "limit of 64"},
		"nested 2e6 times": {strings.Replace(good, `<sheetData>`, strings.Repeat("<abcdefgh>", 2_000_000), 1), "limit of"},
	} {
		finds(t, fault{name: name, as: "b.xlsx", billing: bookOf(t, c.sheet), status: 4, says: []string{"b.xlsx", c.says}})
	}
}

func TestFault40WideRows(t *testing.T) {
	var rows strings.Builder
	rows.WriteString(line(1, "document", "client_id", "client", "date", "amount"))
	for i := range 50_000 {
		fmt.Fprintf(&rows, `<row r="%d"><c r="XFD%[1]d"><v>1</v></c></row>`, i+2)
	}
	finds(t, fault{name: "XFD", as: "b.xlsx", billing: book(t, rows.String()), status: 4, says: []string{"b.xlsx", "XFD2", "limit of 1024"}})
}

func TestFault42StrangeMembers(t *testing.T) {
	good := sheetOf(soundRows...)
	for name, m := range map[string]member{
		"twice":         {name: "XL/S.xml", body: ""},
		"backslash":     {name: `..\evil.xml`},
		"parent folder": {name: `xl/../../evil.xml`},
		"symbolic link": {name: "xl/link", forge: func(h *zip.FileHeader) { h.SetMode(os.ModeSymlink | 0o777) }},
	} {
		finds(t, fault{name: name, as: "b.xlsx", billing: book(t, good, m), status: 4, says: []string{"b.xlsx"}})
	}
}

func TestFault43NotWhatItsNameSays(t *testing.T) {
	finds(t,
		fault{name: "old workbook", as: "b.xlsx", billing: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), status: 4, says: []string{"b.xlsx", "old .xls workbook or one with a password", "save it as .xlsx"}},
		fault{name: "web page", as: "b.xlsx", billing: "<html><table><tr><td>1</td></tr></table></html>", status: 4, says: []string{"b.xlsx", "web page", "export it as"}},
		fault{name: "text", as: "b.xlsx", billing: two, status: 4, says: []string{"b.xlsx", "is text", ".csv"}},
		fault{name: "workbook", as: "b.csv", billing: book(t, sheetOf(soundRows...)), says: []string{"XLSX", "2 used"}},
		fault{name: "another archive", as: "b.xlsx", billing: archived(t, []member{{name: "a.csv", body: two}}), status: 4, says: []string{"b.xlsx", "not a workbook"}},
		fault{name: "picture", as: "b.csv", billing: "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00", status: 4, says: []string{"b.csv"}},
	)
}

func TestFault44CellsWithoutValue(t *testing.T) {
	for name, cell := range map[string]string{
		"formula": `=><f>A1*2</f>`, "#N/A": `= t="e"><v>#N/A</v>`, "#REF!": `= t="e"><f>Z1</f><v>#REF!</v>`, "#N/A as text": "#N/A",
	} {
		finds(t, fault{name: name, as: "b.xlsx", billing: book(t, sheetOf(append(soundRows, []string{"3", "B", "Bolt", "2026-10-13", cell})...)), status: 4,
			says: []string{"b.xlsx: billing, XLSX", "2 used, 1 set aside", "b.xlsx:Data!E4"}})
	}
}

func TestFault45DatesOfWorkbooks(t *testing.T) {
	day := func(serial string) []string {
		return []string{"3", "B", "Bolt", `= s="2"><v>` + serial + "</v>", "=><v>1</v>"}
	}
	typed := func(serial string) string {
		return sheetOf([]string{"1", "A", "Acme", `= s="1"><v>46296</v>`, "=><v>1000</v>"}, day(serial))
	}
	finds(t,
		fault{name: "last moment of the month", as: "b.xlsx", billing: book(t, typed("46326.999999988")), says: []string{"2026-10-01 to 2026-10-31, 2 used"}},
		fault{name: "1904", as: "b.xlsx", billing: book(t, strings.ReplaceAll(typed("44864.999999988"), "46296", "44834"),
			member{name: "xl/workbook.xml", body: `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="Data" r:id="s"/></sheets></workbook>`}), says: []string{"2026-10-01 to 2026-10-31, 2 used"}},
		fault{name: "serial 60", as: "b.xlsx", billing: book(t, typed("60")), status: 4, says: []string{"1 used, 1 set aside", "b.xlsx:Data!D3"}},
	)
}

func TestFault46HiddenContent(t *testing.T) {
	hidden := strings.Replace(sheetOf(soundRows...), `<row r="3"`, `<row hidden="1" r="3"`, 1)
	finds(t,
		fault{name: "row", as: "b.xlsx", billing: book(t, hidden), says: []string{"2 used", "1 hidden row"}},
		fault{name: "filter", as: "b.xlsx", billing: bookOf(t, `<worksheet><sheetData>`+hidden+`</sheetData><autoFilter ref="A1:E3"><filterColumn colId="0"><filters><filter val="1"/></filters></filterColumn></autoFilter></worksheet>`), says: []string{"2 used", "a filter that is set"}},
		fault{name: "sheet", as: "b.xlsx", billing: book(t, sheetOf(soundRows...),
			member{name: "xl/workbook.xml", body: `<workbook xmlns:r="r"><sheets><sheet name="Data" r:id="s"/><sheet name="More" state="hidden" r:id="h"/></sheets></workbook>`},
			member{name: "xl/h.xml", body: `<worksheet><sheetData>` + line(1, "a") + `</sheetData></worksheet>`}), says: []string{"2 used", "1 row on a hidden sheet, which is not read"}},
		fault{name: "two sheets", as: "b.xlsx", billing: book(t, sheetOf(soundRows...),
			member{name: "xl/workbook.xml", body: `<workbook xmlns:r="r"><sheets><sheet name="Data" r:id="s"/><sheet name="More" r:id="h"/></sheets></workbook>`}), status: 4, says: []string{"Data", "More", "set sheet:"}},
	)
}

func TestFault47ManyBadRows(t *testing.T) {
	var b strings.Builder
	b.WriteString(two)
	for i := range 100_000 {
		fmt.Fprintf(&b, "%d,B,Bolt,2026-10-99,1.00\n", i+3)
	}
	finds(t, fault{name: "100,000", billing: b.String(), status: 4, says: []string{"2 used, 100000 set aside", "100000 times", "billing.csv:4: date"}})
}

// reported makes a report of exports and returns its folder.
func reported(t *testing.T, status int, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	company(t, dir)
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	var out bytes.Buffer
	if got := run([]string{"run", "--config", filepath.Join(dir, "clientworth.yaml"), "--period", "2026-10"}, nil, &out, &out); got != status {
		t.Fatalf("status %d, want %d: %.3000s", got, status, &out)
	}
	return filepath.Join(dir, "reports", "2026-10")
}

// table reads a CSV file of a report.
func table(t *testing.T, report, name string) []map[string]string {
	t.Helper()
	return records(t, contents(t, report, name))
}

// records reads CSV, each row by the names of its columns.
func records(t *testing.T, text []byte) (rows []map[string]string) {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = r[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func TestFault48OneBadRow(t *testing.T) {
	var b strings.Builder
	b.WriteString(two)
	for i := range 100_000 {
		amount := "1.00"
		if i == 54_321 {
			amount = "1.0.0"
		}
		fmt.Fprintf(&b, "%d,B,Bolt,2026-10-12,%s\n", i+3, amount)
	}
	report := reported(t, statusReservations, map[string]string{"billing.csv": b.String()})
	if found := table(t, report, "findings-2026-10.csv"); len(found) != 1 || found[0]["file"] != "billing.csv" || found[0]["line"] != "54325" || found[0]["rule"] != "bad-amount" {
		t.Errorf("found %v", found)
	}
	for _, c := range table(t, report, "clients-2026-10.csv") {
		if c["client_id"] == "B" && c["revenue"] != "100499.00" {
			t.Errorf("revenue %s", c["revenue"])
		}
	}
}

func TestFault52Durations(t *testing.T) {
	forms := []string{"1:30", "1:30:00", "01:30:00", "1.5", "1h 30m", "90m", "1.5h", "5400s", "۱:۳۰", "1 h 30 min", "1.50"}
	hours := "client,date,hours,role\nAcme,2026-10-06,5.00,support\n"
	for _, f := range forms {
		hours += "Bolt,2026-10-13," + f + ",support\n"
	}
	for _, c := range table(t, reported(t, statusDone, map[string]string{"hours.csv": hours}), "clients-2026-10.csv") {
		if c["client_id"] == "B" && c["hours"] != "16.50" {
			t.Errorf("%d times an hour and a half are %s", len(forms), c["hours"])
		}
	}
}

// hostile are names that must stay text, whatever reads them.
var hostile = []string{
	"=cmd|' /C calc'!A0", "@SUM(1+1)", "+1", "-1", "\ttab", "a\rb", "a\nb", strings.Repeat("x", 40_000), "\u202egnp.exe", "🙂", "a]b", `a"b`, "../../etc/passwd",
	"Асme", "", " ", "Total", "Total for B", "null", "_unmapped", "name:x", "Ünïcödé", "<b>&amp;</b>", "%s%d", "clients-2026-10.csv", "'quoted",
}

func TestFault54HostileNames(t *testing.T) {
	var billing, hours bytes.Buffer
	b, h := csv.NewWriter(&billing), csv.NewWriter(&hours)
	b.Write([]string{"document", "client", "date", "amount"})
	h.Write([]string{"client", "date", "hours", "role"})
	for i, name := range append(hostile, "Acme") {
		b.Write([]string{fmt.Sprint(i), name, "2026-10-05", "100.00"})
		h.Write([]string{name, "2026-10-06", "1", "support"})
	}
	b.Flush()
	h.Flush()
	report := reported(t, statusReservations, map[string]string{"billing.csv": billing.String(), "hours.csv": hours.String(),
		"clientworth.yaml": "currency: EUR\nwindow_months: 1\nlimits: {set_aside: 10%, unmapped: 20%}\nbilling:\n  - path: billing.csv\nsupport_hours:\n  - path: hours.csv\nrates:\n  - {role: support, hourly_cost: 60.00}\n"})
	revenue := 0
	for _, c := range table(t, report, "clients-2026-10.csv") {
		if i := strings.IndexAny(c["client"], "=+-@\t\r\n\u202e"); i == 0 || strings.ContainsAny(c["client"], "\x00\u202e") {
			t.Errorf("%.60q is no plain text", c["client"])
		}
		var of int
		if _, err := fmt.Sscanf(c["revenue"], "%d.00", &of); err != nil {
			t.Error(err)
		}
		revenue += of
	}
	if want := 100 * len(hostile); revenue != want { // with Acme, without the name that is none
		t.Errorf("revenue %d, want %d", revenue, want)
	}
	if _, err := publish.Verify(report); err != nil {
		t.Error(err)
	}
	for _, nul := range []string{"a\x00b"} {
		finds(t, fault{name: "NUL", billing: strings.Replace(two, "Bolt", nul, 1), status: 4, says: []string{"NUL"}})
	}
}

func TestFault49Encodings(t *testing.T) {
	names := strings.NewReplacer("Acme", "Ромашка", "Bolt", "Луч").Replace(two)
	utf16 := func(order unicode.Endianness, mark unicode.BOMPolicy) string {
		s, err := unicode.UTF16(order, mark).NewEncoder().String(names)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	cp1251, err := charmap.Windows1251.NewEncoder().String(names)
	if err != nil {
		t.Fatal(err)
	}
	hours := map[string]string{"hours.csv": "client,date,hours,role\nРомашка,2026-10-06,5.00,support\nЛуч,2026-10-13,10.00,support\n"}
	for name, c := range map[string]struct {
		text, settings string
		status         int
		says           string
	}{
		"UTF-16 little":         {utf16(unicode.LittleEndian, unicode.UseBOM), "", 0, "UTF-16, 2026-10-05 to 2026-10-12, 2 used"},
		"UTF-16 big":            {utf16(unicode.BigEndian, unicode.UseBOM), "", 0, "UTF-16, 2026-10-05 to 2026-10-12, 2 used"},
		"UTF-16 without mark":   {utf16(unicode.LittleEndian, unicode.IgnoreBOM), "", 4, "a NUL byte"},
		"UTF-16 configured":     {utf16(unicode.LittleEndian, unicode.IgnoreBOM), "    encoding: utf-16le\n", 0, "2 used"},
		"cp1251":                {cp1251, "    encoding: windows-1251\n", 0, "windows-1251, 2026-10-05 to 2026-10-12, 2 used"},
		"cp1251, not said":      {cp1251, "", 4, "billing.csv:2: text that is not UTF-8 (byte 5 of the line)"},
		"mixed":                 {names + cp1251[len(two[:38]):], "", 4, "billing.csv:4: text that is not UTF-8"},
		"invalid UTF-8":         {two + "3,B,Bo\xc3\x28t,2026-10-12,1\n", "", 4, "billing.csv:4: text that is not UTF-8 (byte 7 of the line)"},
		"cut in a letter":       {two + "3,B,Bolt,2026-10-12,1\xd0", "", 4, "billing.csv:4"},
		"not in cp1252":         {two + "3,B,\x81,2026-10-12,1\n", "    encoding: windows-1252\n", 4, "correct encoding:"},
		"an encoding of no one": {two, "    encoding: klingon\n", 4, "klingon"},
	} {
		finds(t, fault{name: name, billing: c.text, settings: c.settings, more: hours, status: c.status, says: []string{c.says}})
	}
}

func TestFault50Numbers(t *testing.T) {
	export := func(rows ...string) string {
		text := "document;client_id;client;date;amount\n1;A;Acme;2026-10-05;1000\n"
		for i, n := range rows {
			text += fmt.Sprintf("%d;B;Bolt;2026-10-12;%s\n", i+2, n)
		}
		return text
	}
	finds(t,
		fault{name: "decimal comma", billing: export("1.234,50", "2,5"), says: []string{"3 used"}},
		fault{name: "a point and three digits", billing: export("1.234"), status: 4, says: []string{`"1.234"`, "set decimal:"}},
		fault{name: "a comma and three digits", billing: export("1,234"), status: 4, says: []string{`"1,234"`, "set decimal:"}},
		fault{name: "both marks", billing: export("1.50", "1,50"), status: 4, says: []string{`"1,50"`, "set decimal:"}},
		fault{name: "spaces", billing: export("1 234,50", "1\u00a0234,50", "1\u202f234,50", "1'234,50", "1’234,50"), says: []string{"6 used"}},
		fault{name: "Persian", billing: export("۱٬۲۳۴٫۵۰", "٣٫٥"), says: []string{"3 used"}},
		fault{name: "signs", billing: export("(1 234,50)", "1 234,50-", "\u22121 234,50", "-1 234,50", "€ 5000,25", "-€1,25", "€-1,25"), says: []string{"8 used"}},
		fault{name: "no number", billing: export("1,5", "NaN", "Inf", "0x10", "1e3", "1,2,3", "--1", "1..5", "12 34,50"), status: 4, says: []string{"2 used, 8 set aside"}},
	)
}

func TestFault51DayOrMonth(t *testing.T) {
	export := func(days ...string) string {
		text := "document,client_id,client,date,amount\n"
		for i, d := range days {
			text += fmt.Sprintf("%d,%s,%s,1.00\n", i+1, []string{"A,Acme", "B,Bolt"}[i%2], d)
		}
		return text
	}
	finds(t,
		fault{name: "both would do", billing: export("03/10/2026", "10/10/2026"), status: 4, says: []string{`"03/10/2026"`, "set date_format:"}},
		fault{name: "one is above 12", billing: export("03/10/2026", "13/10/2026"), says: []string{"2026-10-03 to 2026-10-13, 2 used"}},
		fault{name: "month first", billing: export("10/03/2026", "10/13/2026"), says: []string{"2026-10-03 to 2026-10-13, 2 used"}},
		fault{name: "both are above 12", billing: export("13/10/2026", "10/13/2026"), status: 4, says: []string{`"10/13/2026"`, "date_format:"}},
		fault{name: "said", billing: export("03/10/2026", "10/10/2026"), settings: "    date_format: dd/mm/yyyy\n", says: []string{"2026-10-03 to 2026-10-10, 2 used"}},
		fault{name: "no such day", billing: export("01/10/2026", "13/10/2026", "31/11/2026", "29/02/2026"), status: 4, says: []string{"2 used, 2 set aside"}},
	)
}

func TestFault53MalformedRows(t *testing.T) {
	finds(t,
		fault{name: "unclosed quote", billing: two + "3,\"B,Bolt,2026-10-12,1\n4,B,Bolt,2026-10-12,1\n", status: 4, says: []string{"billing.csv:4", "never closed"}},
		fault{name: "bare carriage return", billing: two + "3,B,Bolt\r,2026-10-12,1\n", status: 4, says: []string{"billing.csv:4", "carriage return"}},
		fault{name: "carriage returns alone", billing: strings.ReplaceAll(two, "\n", "\r"), says: []string{"2 used"}},
		fault{name: "NUL", billing: two + "3,B,Bo\x00lt,2026-10-12,1\n", status: 4, says: []string{"billing.csv:4", "NUL"}},
		fault{name: "too many fields", billing: two + "3,B,Bolt, Inc.,2026-10-12,1\n", status: 4, says: []string{"2 used, 1 set aside", "billing.csv:4: 6 fields, the header has 5"}},
		fault{name: "too few fields", billing: two + "3,B,Bolt\n", status: 4, says: []string{"2 used, 1 set aside", "billing.csv:4: 3 fields"}},
		fault{name: "repeated header", billing: two + two[:38] + "3,B,Bolt,2026-10-12,1\n", says: []string{"3 used", "billing.csv:4"}},
		fault{name: "another header", billing: two + "document,client_id,client,amount,date\n3,B,Bolt,1,2026-10-12\n", status: 4, says: []string{"billing.csv:4", "names of columns"}},
		fault{name: "footer", billing: two + "Printed on 2026-11-01,,,,\n", settings: "    footers: [Printed on]\n", says: []string{"2 used"}},
		fault{name: "footer, not said", billing: two + "Printed on 2026-11-01\n", status: 4, says: []string{"2 used, 1 set aside", "billing.csv:4"}},
		fault{name: "stray quote", billing: two + "3,B,5\" pipe,2026-10-12,1\n", status: 4, says: []string{"billing.csv:4", "quote"}},
	)
}
