package exports

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"clientworth/pipeline/finding"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// A workbook for a test: a cell is a string, a shared text, a money.Exact, a
// period.Day, a clock, a bool, or raw XML.
type (
	shared string // a text that the workbook keeps once for all cells
	clock  string // a fraction of a day
	raw    string // the cell's attributes and content
)

func workbookOf(t testing.TB, rows [][]any) []byte {
	t.Helper()
	var sheet, texts strings.Builder
	numbers := map[shared]int{}
	for i, row := range rows {
		if len(row) == 0 {
			continue
		}
		fmt.Fprintf(&sheet, `<row r="%d">`, i+1)
		for c, v := range row {
			if text, ok := v.(shared); ok {
				number, met := numbers[text]
				if !met {
					number = len(numbers)
					numbers[text] = number
					fmt.Fprintf(&texts, "<si><t>%s</t></si>", escaped(string(text)))
				}
				v = raw(fmt.Sprintf(` t="s"><v>%d</v>`, number))
			}
			fmt.Fprintf(&sheet, `<c r="%s%d"%s</c>`, finding.ColumnName(c+1), i+1, cellXML(v))
		}
		sheet.WriteString("</row>")
	}
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	relation := func(id, kind, target string) string {
		return fmt.Sprintf(`<Relationship Id="%s" Type="%s%s" Target="%s"/>`, id, office, kind, target)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range [][2]string{
		{"_rels/.rels", "<Relationships>" + relation("a", "officeDocument", "xl/workbook.xml") + "</Relationships>"},
		{"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="Data" r:id="s"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", "<Relationships>" + relation("s", "worksheet", "s.xml") + relation("f", "styles", "f.xml") + relation("t", "sharedStrings", "t.xml") + "</Relationships>"},
		{"xl/t.xml", "<sst>" + texts.String() + "</sst>"},
		{"xl/f.xml", `<styleSheet><cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="46"/></cellXfs></styleSheet>`},
		{"xl/s.xml", `<worksheet><sheetData>` + sheet.String() + `</sheetData></worksheet>`},
	} {
		w, err := z.Create(p[0])
		if err == nil {
			_, err = w.Write([]byte(p[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func escaped(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(text)
}

func cellXML(v any) string {
	switch v := v.(type) {
	case nil:
		return ">"
	case string:
		return ` t="inlineStr"><is><t>` + escaped(v) + "</t></is>"
	case money.Exact:
		return "><v>" + v.String() + "</v>"
	case period.Day:
		return fmt.Sprintf(` s="1"><v>%d</v>`, int(v-period.UnixEpoch)+25569)
	case clock:
		return ` s="2"><v>` + string(v) + "</v>"
	case bool:
		return fmt.Sprintf(` t="b"><v>%d</v>`, map[bool]int{true: 1}[v])
	case raw:
		return string(v)
	}
	panic(fmt.Sprintf("no cell of %T", v))
}

// saved writes a file for a source and returns the source with it.
func saved(t testing.TB, src Source, name string, content []byte) Source {
	t.Helper()
	src.Folder = t.TempDir()
	if err := os.WriteFile(filepath.Join(src.Folder, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
	src.Files, src.Label = []string{name}, name
	return src
}

// listed reads a source and lists its rows, its tallies and its findings.
func listed(src Source) (rows []string, tally Tally, findings []string, err error) {
	e, err := Open(context.Background(), src)
	if err != nil {
		return nil, tally, nil, err
	}
	reading, err := e.Each(context.Background(), func(r Row) error {
		rows = append(rows, fmt.Sprint(r.Place("").Line, " ", listedRow(e, r)))
		return nil
	})
	if err != nil {
		return nil, tally, nil, err
	}
	for _, rule := range reading.Findings.Rules() {
		for _, f := range reading.Findings.Kept(rule) {
			findings = append(findings, f.Place.String()+": "+rule.Name+": "+f.Detail)
		}
	}
	return rows, reading.Tallies[0], findings, nil
}

func listedRow(e *Export, r Row) string {
	var b strings.Builder
	for _, c := range e.Columns {
		value := any(r.Text(c.Name))
		switch c.Kind {
		case Date, Month:
			value = r.Day(c.Name)
		case Decimal:
			value = r.Decimal(c.Name).Value
		case Duration:
			value = r.Hours(c.Name).Value
		case Share:
			value = r.Share(c.Name).Value
		case Count:
			value = r.Count(c.Name).Value
		case Flag:
			value = r.Flag(c.Name).Value
		}
		if r.column(c.Name) == nil {
			value = "-"
		}
		fmt.Fprintf(&b, "%s=%v ", c.Name, value)
	}
	return b.String()
}

var billingColumns = map[string]Mapping{
	"client": {Header: []string{"Client"}}, "document": {Header: []string{"No"}}, "date": {Header: []string{"Date"}},
	"amount": {Multiply: [2]string{"Qty", "Price"}}, "tax": {Header: []string{"Tax"}}, "recurring": {Header: []string{"Recurring"}},
}

// The same rows as a workbook and as CSV are the same export, whether their
// values are typed or text, and whatever marks the source writes numbers with.
func TestWorkbookIsCSV(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		header := []string{"Client", "No", "Date", "Qty", "Price", "Tax", "Recurring"}
		sheet := [][]any{nil, {"Sales report"}, {}, nil}
		text := "\nSales report\n\n\n" + strings.Join(header, ";") + "\n"
		var names []any
		for _, h := range header {
			names = append(names, h)
		}
		sheet = append(sheet, names)
		number := rapid.Map(rapid.Int64Range(-99_999_999, 99_999_999), func(n int64) money.Exact { return money.Millionths(n * 1000) })
		comma, keptOnce := rapid.Bool().Draw(rt, "comma"), rapid.Bool().Draw(rt, "texts kept once")
		spell := func(e money.Exact) string {
			if comma {
				return strings.Replace(e.String(), ".", ",", 1)
			}
			return e.String()
		}
		for range rapid.IntRange(1, 30).Draw(rt, "rows") {
			client := rapid.SampledFrom([]string{"Ромашка", "A & <B>", "=1+1", "شرکت", "007", ""}).Draw(rt, "client")
			number1, number2, tax := number.Draw(rt, "qty"), number.Draw(rt, "price"), number.Draw(rt, "tax")
			day := period.UnixEpoch + period.Day(rapid.IntRange(18000, 25000).Draw(rt, "day"))
			recurring := rapid.Bool().Draw(rt, "recurring")
			y, m, d := day.Date()
			german := fmt.Sprintf("%02d.%02d.%04d", d, m, y)
			fields := []string{client, "12", german, spell(number1), spell(number2), spell(tax), fmt.Sprint(recurring)}
			cells := []any{client, money.Units(12), day, number1, number2, tax, recurring}
			for i := range cells {
				if rapid.Bool().Draw(rt, "as text") {
					cells[i] = fields[i]
				}
				if text, ok := cells[i].(string); ok && keptOnce {
					cells[i] = shared(text)
				}
			}
			text += strings.Join(fields, ";") + "\n"
			sheet = append(sheet, cells)
		}
		src := Source{Input: Billing, Columns: billingColumns, Dates: "dd.mm.yyyy", Decimal: "."}
		if comma {
			src.Decimal = ","
		}
		wantRows, wantTally, wantFindings, err := listed(saved(t, src, "a.csv", []byte(text)))
		if err != nil {
			rt.Fatal(err)
		}
		rows, tally, findings, err := listed(saved(t, src, "a.xlsx", workbookOf(t, sheet)))
		if err != nil {
			rt.Fatal(err)
		}
		if strings.Join(rows, "\n") != strings.Join(wantRows, "\n") || tally.SetAside != wantTally.SetAside || len(findings) != len(wantFindings) {
			rt.Fatalf("got\n%s %v\nwant\n%s %v", strings.Join(rows, "\n"), findings, strings.Join(wantRows, "\n"), wantFindings)
		}
	})
}

var hoursColumns = map[string]Mapping{
	"client": {Header: []string{"Client"}}, "date": {Header: []string{"Date"}}, "hours": {Header: []string{"Time"}},
}

func TestWorkbookCells(t *testing.T) {
	day, _ := period.DayOf(2026, 10, 31)
	sheet := [][]any{
		{"Client", "Date", "Time"},
		{"A", day, money.Millionths(1_500_000)},
		{money.Units(12345), "2026-10-31", clock("0.0625")},
		{"B", day, raw(`><f>1/3</f><v>33.333333333333336</v>`)},
		{"C", day, raw(` t="e"><f>NA()</f><v>#N/A</v>`)},
		{"D", day, raw(`><f>1+1</f>`)},
		{raw(`><v>1234567890123456789</v>`), day, money.Units(1)},
		{"E", raw(` s="1"><v>60</v>`), money.Units(1)},
		{"F", day, money.Units(1), "a note"},
		{},
		{"G", day, clock("1.5")},
		{"H", raw(` s="1"><v>46326.999988426</v>`), clock("0.000694450231481481")},
		{"I", day},
		{"Client", "Date", "Time"},
		{"", ""},
	}
	rows, tally, findings, err := listed(saved(t, Source{Input: SupportHours, HoursUnit: "hours", Columns: hoursColumns}, "a.xlsx", workbookOf(t, sheet)))
	if err != nil {
		t.Fatal(err)
	}
	want := `2 client=A date=2026-10-31 hours=1.50
3 client=12345 date=2026-10-31 hours=1.50
4 client=B date=2026-10-31 hours=33.333333
11 client=G date=2026-10-31 hours=36.00
12 client=H date=2026-10-31 hours=0.016667`
	if got := strings.ReplaceAll(strings.Join(rows, "\n"), " \n", "\n"); strings.TrimSpace(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	wantFindings := `a.xlsx:Data!C5: bad-cell: "#N/A" stands in the cell
a.xlsx:Data!C6: bad-cell: "formula without a value" stands in the cell
a.xlsx:Data!A7: bad-cell: "a number of more than 15 digits" stands in the cell
a.xlsx:Data!B8: bad-cell: "60, formatted as a date" stands in the cell
a.xlsx:Data!C13: missing-value: hours is empty
a.xlsx:Data!9: ragged-row: 4 fields, the header has 3
a.xlsx:Data!14: repeated-header: 
a.xlsx:Data!C4: rounded-value: "33.3333333333333"`
	if got := strings.Join(findings, "\n"); got != wantFindings {
		t.Errorf("got\n%s\nwant\n%s", got, wantFindings)
	}
	if tally.Read != 14 || tally.SetAside != 6 || tally.Headers != 2 || tally.Blank != 1 || tally.SHA256 == "" || tally.Dialect != `XLSX, sheet "Data"` {
		t.Errorf("%+v", tally)
	}
}

// Each workbook numbers the texts that it keeps once in its own order.
func TestTextsKeptOnceInTwoWorkbooks(t *testing.T) {
	day, _ := period.DayOf(2026, 10, 31)
	book := func(clients ...shared) []byte {
		sheet := [][]any{{"Client", "Date", "Time"}}
		for _, c := range clients {
			sheet = append(sheet, []any{c, day, money.Units(1)})
		}
		return workbookOf(t, sheet)
	}
	src := saved(t, Source{Input: SupportHours, HoursUnit: "hours", Columns: hoursColumns}, "a.xlsx", book("A", "B", "A"))
	if err := os.WriteFile(filepath.Join(src.Folder, "b.xlsx"), book("B", "C", "A", "C"), 0o600); err != nil {
		t.Fatal(err)
	}
	src.Files = append(src.Files, "b.xlsx")
	rows, _, _, err := listed(src)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, row := range rows {
		_, client, _ := strings.Cut(row, "client=")
		got.WriteString(client[:1])
	}
	if got.String() != "ABABCAC" {
		t.Errorf("got %s", got.String())
	}
}

// Where all values of the first rows are typed, nothing settles how a text far
// below writes its date: it is read if there is one way to, else a setting decides.
func TestTextBelowTypedCells(t *testing.T) {
	day, _ := period.DayOf(2026, 10, 31)
	sheet := [][]any{{"Client", "Date", "Time"}}
	for range 5000 {
		sheet = append(sheet, []any{"A", day, money.Units(1)})
	}
	src := Source{Input: SupportHours, HoursUnit: "hours", Columns: hoursColumns}
	rows, _, _, err := listed(saved(t, src, "a.xlsx", workbookOf(t, append(sheet, []any{"B", "31/10/2026", "1,5"}))))
	if want := "5002 client=B date=2026-10-31 hours=1.50 "; err != nil || rows[5000] != want {
		t.Errorf("got %v (%v), want %s", rows[max(0, len(rows)-1):], err, want)
	}
	for _, last := range [][]any{{"B", "03/04/2026", "1"}, {"B", day, "1,234"}} {
		_, _, _, err = listed(saved(t, src, "a.xlsx", workbookOf(t, append(sheet, last))))
		if err == nil || !strings.Contains(err.Error(), "a.xlsx:Data!") {
			t.Errorf("%v: got %v", last, err)
		}
	}
}

func TestUnfitWorkbooks(t *testing.T) {
	sound := workbookOf(t, [][]any{{"Client", "Date", "Time"}, {"A", period.UnixEpoch + 20000, money.Units(1)}})
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"cut":       {sound[:len(sound)/2], "cut off or damaged"},
		"no header": {workbookOf(t, [][]any{{"Client", "Hours"}}), "no column"},
		"empty":     {workbookOf(t, nil), "the sheet is empty"},
	} {
		if _, _, _, err := listed(saved(t, Source{Input: SupportHours, HoursUnit: "hours", Columns: hoursColumns}, "a.xlsx", c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	_, _, _, err := listed(saved(t, Source{Input: SupportHours, HoursUnit: "hours", Columns: hoursColumns, Sheet: "Other"}, "a.xlsx", sound))
	if err == nil || !strings.Contains(err.Error(), `no sheet "Other"`) {
		t.Error(err)
	}
}

func TestHiddenContentIsReported(t *testing.T) {
	book := workbookOf(t, [][]any{{"Client", "Date", "Time"}, {"A", period.UnixEpoch + 20000, money.Units(1)}})
	src := Source{Input: SupportHours, HoursUnit: "hours", Columns: hoursColumns}
	rows, _, findings, err := listed(saved(t, src, "a.xlsx", remade(t, book, `<row r="2"`, `<row hidden="1" r="2"`)))
	want := `a.xlsx: hidden-content: sheet "Data": 1 hidden row`
	if err != nil || len(rows) != 1 || len(findings) != 1 || findings[0] != want {
		t.Errorf("got %v %q (%v), want %q", rows, findings, err, want)
	}
}

// Only the first of merged cells has the value.
func TestMergedCellsAreReported(t *testing.T) {
	book := workbookOf(t, [][]any{{"Client", "Date", "Time"}, {"A", period.UnixEpoch + 20000, money.Units(1)}, {"", period.UnixEpoch + 20001, money.Units(2)}})
	src := Source{Input: SupportHours, HoursUnit: "hours", Columns: hoursColumns}
	areas := `</sheetData><mergeCells count="3"><mergeCell ref="A1:B1"/><mergeCell ref="D2:E2"/><mergeCell ref="A2:A3"/></mergeCells>`
	_, _, findings, err := listed(saved(t, src, "a.xlsx", remade(t, book, `</sheetData>`, areas)))
	want := `a.xlsx:Data!2: merged-cells: rows 2 to 3`
	if err != nil || !slices.Contains(findings, want) || len(findings) != 1 {
		t.Errorf("%q (%v), want %q", findings, err, want)
	}
}

// remade is a workbook in which a text of the sheet is replaced by another.
func remade(t *testing.T, book []byte, from, to string) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		part, err := w.Create(f.Name)
		if err == nil {
			_, err = part.Write(bytes.Replace(text, []byte(from), []byte(to), 1))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
