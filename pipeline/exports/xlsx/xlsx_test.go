package xlsx

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"clientworth/pipeline/finding"
)

func letters(column int32) string { return finding.ColumnName(int(column)) }

func deflated(t testing.TB, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err == nil {
		_, err = w.Write([]byte(s))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCells(t *testing.T) {
	sheet := header + `<worksheet xmlns="` + main + `"><dimension ref="A1:XFD9"/><sheetData>
<row r="1" spans="1:4"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>
<row r="3" hidden="1"><c r="A3"><v>12.50</v></c><c r="C3" s="1"><v>46326</v></c><c r="E3" t="b"><v>1</v></c><c r="XFD3" s="1"/></row>
<row><c><v>1</v></c><c t="inlineStr"><is><t>in_x000D_line &#1576;</t></is></c><c t="str"><f>A1</f><v>a&amp;b</v></c><c t="e"><f>NA()</f><v>#N/A</v></c><c><f>1+1</f></c><c t="str"><f>""</f><v></v></c></row>
<row r="6"><c r="B6" s="3"><v>1.5</v></c><c r="C6" s="2"><v>0.0625</v></c><c r="D6" s="1"><v>60</v></c><c r="E6" t="d"><v>2026-10-31T23:59:59.999</v></c><c r="F6"><f>0.1+0.2</f><v>0.30000000000000004</v></c></row>
<row r="7" ht="15"/><row r="8"><c r="A8" t="inlineStr"><is><r><t><![CDATA[<&>]]></t></r></is></c><c r="B8" t="n"><v/></c></row>
</sheetData></worksheet>`
	got, err := dump(packed(t, parts(sheet)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := `A1 text "Northwind"
B1 text " a < b & \"c\" "
C1 text "rich text"
A3 number "12.5" hidden
C3 date 2026-10-31 0s hidden
E3 boolean "TRUE" hidden
A4 number "1"
B4 text "in\rline ب"
C4 text "a&b" calculated
D4 error "#N/A" calculated
E4 formula without a value
F4 text "" calculated
B6 time 36h0m0s
C6 time 1h30m0s
D6 no date "60"
E6 date 2026-10-31 23h59m59.999s
F6 number "0.3" rounded calculated
A8 text "<&>"
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNumbers(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "7": "7", "007": "7", "-12.50": "-12.5", "1.": "1", ".5": "0.5", "+3": "3",
		"19.989999999999998":                   "19.99",       // how a spreadsheet writes 19.99
		"0.30000000000000004":                  "0.3 rounded", // 0.1+0.2
		"1234.5600000000013":                   "1234.56 rounded",
		"1E-3":                                 "0.001",
		"1.5e+15":                              "1500000000000000",
		"123456789012345":                      "123456789012345",
		"1234567890123456":                     "1234567890123456", // a card number: still exact
		"9007199254740991":                     "9007199254740991",
		"12345678901234567":                    "12345678901234600 rounded",
		"1.2345678901234568E+16":               "12345678901234600 rounded",
		"1.7976931348623157e308":               "17976931348623157" + strings.Repeat("0", 292),
		"123456789012.345":                     "123456789012.345",
		"0.1000000000000000055511151231257827": "0.1",
	} {
		got, err := dump(packed(t, parts(worksheet(`<row r="1"><c r="A1"><v>`+in+`</v></c></row>`))), Limits{})
		number, mark, _ := strings.Cut(want, " ")
		want = fmt.Sprintf("A1 number %q", number)
		if mark != "" {
			want += " " + mark
		}
		if err != nil || got != want+"\n" {
			t.Errorf("%s: got %s (%v), want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"x", "1e999", "0x10", "NaN", "Inf", "1_000", "1,5", "--1", "1 2", "e", "-", "."} {
		if got, err := dump(packed(t, parts(worksheet(`<row r="1"><c r="A1"><v>`+in+`</v></c></row>`))), Limits{}); err == nil {
			t.Errorf("%s: read as %s", in, got)
		}
	}
}

// A number that a spreadsheet can show in full comes back as it was, however it
// was written.
func TestNumberRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units := rapid.Int64Range(-999_999_999_999_999, 999_999_999_999_999).Draw(t, "digits")
		places := rapid.IntRange(0, 6).Draw(t, "places")
		f := float64(units) / math.Pow10(places)
		seventeen := fmt.Sprintf("%.17g", f)
		parsed, err := parseNumber([]byte(seventeen))
		if err != nil {
			t.Fatal(err)
		}
		got, rounded := AppendNumber(nil, parsed)
		want := fmt.Sprintf("%.*f", places, f)
		if strings.Contains(want, ".") {
			want = strings.TrimRight(strings.TrimRight(want, "0"), ".")
		}
		if want == "-0" {
			want = "0"
		}
		if string(got) != want || rounded {
			t.Fatalf("%s: got %s, want %s", seventeen, got, want)
		}
		if want != "0" && !plainNumber(got) {
			t.Fatalf("%s is not plain", got)
		}
	})
}

func TestDates(t *testing.T) {
	for _, c := range []struct {
		serial    float64
		epoch1904 bool
		want      string
	}{
		{61, false, "1900-03-01 0s"},
		{60, false, ""}, {60.99, false, ""}, {1, false, ""}, {0, false, ""}, {-1, false, ""},
		{25569, false, "1970-01-01 0s"},
		{46326, false, "2026-10-31 0s"},
		{44864, true, "2026-10-31 0s"},
		{46326.5, false, "2026-10-31 12h0m0s"},
		{46326.999999988426, false, "2026-10-31 23h59m59.999s"},
		{math.Nextafter(46327, 0), false, "2026-10-31 23h59m59.999s"},
		{math.Nextafter(44865, 0), true, "2026-10-31 23h59m59.999s"},
		{2958465.5, false, "9999-12-31 12h0m0s"}, {2958466, false, ""}, {2957003, true, "9999-12-31 0s"}, {2957004, true, ""},
		{math.MaxFloat64, false, ""},
	} {
		day, millis, ok := date(c.serial, c.epoch1904)
		got := ""
		if ok {
			got = fmt.Sprint(day, " ", time.Duration(millis)*time.Millisecond)
		}
		if got != c.want {
			t.Errorf("%v (1904 %v): got %q, want %q", c.serial, c.epoch1904, got, c.want)
		}
	}
}

func TestEpoch1904(t *testing.T) {
	file := packed(t, with(parts(worksheet(`<row r="1"><c r="A1" s="1"><v>44864</v></c></row>`)),
		"xl/workbook.xml", workbook(`<workbookPr date1904="true"/>`, `<sheet name="Data" sheetId="1" r:id="rId1"/>`)))
	got, err := dump(file, Limits{})
	if want := "A1 date 2026-10-31 0s\n"; got != want || err != nil {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}

func TestFormatKinds(t *testing.T) {
	for code, want := range map[string]Kind{
		"General": Number, "0.00": Number, "#,##0.00\\ \"days\"": Number, "0.00E+00": Number, "@": Number,
		"[Red]#,##0;[Blue]-#,##0": Number, "[$-409]0.00": Number, "\"yyyy\"0": Number, "0%": Number, `_-* #,##0.00\ _d`: Number,
		"yyyy-mm-dd": Date, "dd/mm/yy hh:mm": Date, "mmm": Date, "mmmm yyyy": Date, "[$-F800]dddd\\,\\ mmmm\\ dd": Date,
		`yyyy"年"m"月"d"日"`: Date, "m/d;@": Date, "[$-en-US]d-mmm;@": Date, "e": Date,
		"h:mm": Time, "[h]:mm:ss": Time, "mm:ss.0": Time, "[mm]": Time, "h:mm AM/PM": Time, "[ss]": Time, "[$-409]h:mm": Time,
		"0;yyyy": Number, "[": Number, `"`: Number, `\`: Number, "": Number,
	} {
		if got := formatKind(code); got != want {
			t.Errorf("%s: got %v, want %v", code, got, want)
		}
	}
}

func TestHidden(t *testing.T) {
	ps := parts(header + `<worksheet xmlns="` + main + `"><sheetPr filterMode="1"/><cols><col min="2" max="4" hidden="1"/><col min="6" max="6"/></cols><sheetData>` +
		`<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"><c r="A2"><v>2</v></c></row><row r="3" hidden="true"/></sheetData></worksheet>`)
	ps = with(ps, "xl/workbook.xml", workbook("", `<sheet name="Data" sheetId="1" r:id="rId1"/><sheet name="Old" sheetId="2" state="veryHidden" r:id="rId2"/>`))
	ps = with(ps, "xl/_rels/workbook.xml.rels", relationships("worksheets/sheet1.xml", "worksheets/sheet2.xml"))
	ps = with(ps, "xl/worksheets/sheet2.xml", strings.Replace(worksheet(`<row r="9"><c r="C9"><v>3</v></c></row>`), "</worksheet>",
		`<autoFilter ref="A1:B9"><filterColumn colId="0"/></autoFilter></worksheet>`, 1))
	file := packed(t, ps)
	b, err := Open(bytes.NewReader(file), int64(len(file)), Limits{})
	if err == nil {
		err = b.Check()
	}
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range b.Sheets() {
		got = append(got, fmt.Sprintln(s.Name, s.Hidden, s.Rows, s.HiddenRows, s.HiddenColumns, s.Filtered))
	}
	want := []string{"Data false 2 1 3 true\n", "Old true 1 0 0 true\n"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s, err := b.Sheet("Old"); err != nil || s.Name != "Old" {
		t.Error("a hidden sheet cannot be asked for by its name:", err)
	}
	if _, err := b.Sheet("data"); err == nil {
		t.Error("found a sheet of another name")
	}
}

func TestWhichSheet(t *testing.T) {
	ps := with(parts(worksheet("")), "xl/workbook.xml", workbook("", `<sheet name="One" sheetId="1" r:id="rId1"/><sheet name="Two" sheetId="2" r:id="rId1"/>`))
	_, err := dump(packed(t, ps), Limits{})
	if err == nil || !strings.Contains(err.Error(), `"One" "Two"`) {
		t.Errorf("got %v", err)
	}
}

// What excelize writes, in both of its modes, is read back.
func TestExcelize(t *testing.T) {
	for _, stream := range []bool{false, true} {
		f := excelize.NewFile()
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		if err != nil {
			t.Fatal(err)
		}
		day := time.Date(2026, 10, 31, 18, 0, 0, 0, time.UTC)
		if stream {
			w, err := f.NewStreamWriter("Sheet1")
			if err == nil {
				err = w.SetRow("A1", []any{"<Ромашка> & شرکت", 12.5, true, excelize.Cell{StyleID: style, Value: day}, nil, "=1+1"})
			}
			if err == nil {
				err = w.Flush()
			}
			if err != nil {
				t.Fatal(err)
			}
		} else {
			for ref, v := range map[string]any{"A1": "<Ромашка> & شرکت", "B1": 12.5, "C1": true, "D1": day, "F1": "=1+1"} {
				if err := f.SetCellValue("Sheet1", ref, v); err != nil {
					t.Fatal(err)
				}
			}
		}
		var file bytes.Buffer
		if err := f.Write(&file); err != nil {
			t.Fatal(err)
		}
		got, err := dump(file.Bytes(), Limits{})
		want := "A1 text \"<Ромашка> & شرکت\"\nB1 number \"12.5\"\nC1 boolean \"TRUE\"\nD1 date 2026-10-31 18h0m0s\nF1 text \"=1+1\"\n"
		if got != want || err != nil {
			t.Errorf("stream %v: got %s (%v), want %s", stream, got, err, want)
		}
	}
}

// Every spelling of the same rows gives the same cells, wherever in them the
// bytes at hand happen to end.
func TestSpellings(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cell := rapid.SampledFrom([]string{
			`<c r="%s" s="1"><v>46326.25</v></c>`, `<c r="%s" t="s"><v>2</v></c>`, `<c r="%s"><v>-1234.5</v></c>`,
			`<c r="%s" s="0" t="b"><v>0</v></c>`, `<c r="%s"><v>0.30000000000000004</v></c>`, `<c r="%s" s="3"/>`,
			`<c r="%s" t="inlineStr"><is><t>` + strings.Repeat("long ", 400) + `</t></is></c>`,
		})
		var rows strings.Builder
		for n := range rapid.IntRange(1, 30).Draw(rt, "rows") {
			fmt.Fprintf(&rows, `<row r="%d">`, n+1)
			for c := range rapid.IntRange(0, 8).Draw(rt, "cells") {
				fmt.Fprintf(&rows, cell.Draw(rt, "cell"), fmt.Sprint(letters(int32(c+1)), n+1))
			}
			rows.WriteString("</row>")
		}
		sheet := worksheet(rows.String())
		want, err := dump(packed(t, parts(sheet)), Limits{})
		if err != nil {
			rt.Fatal(err)
		}
		for name, spelling := range map[string]*strings.Replacer{
			"spaces":   strings.NewReplacer(`<c r=`, "<c\n r = ", `</c>`, "</c >\n", `<v>`, ` <v >`),
			"quotes":   strings.NewReplacer(`"`, `'`),
			"prefixes": strings.NewReplacer(`<c `, `<x:c `, `</c>`, `</x:c>`, `<row`, `<x:row`, `</row>`, `</x:row>`),
			"comments": strings.NewReplacer(`<v>`, `<!-- > --><v>`, `</row>`, `<?p > ?></row>`),
		} {
			got, err := dump(packed(t, parts(spelling.Replace(sheet))), Limits{})
			if err != nil || got != want {
				rt.Fatalf("%s: %v\n%s", name, err, cmp.Diff(want, got))
			}
		}
	})
}

// A table of strings far longer than what is read at once keeps its numbers.
func TestManyStrings(t *testing.T) {
	var table, rows strings.Builder
	const many = 30_000
	for i := range many {
		text := fmt.Sprintf("<t>string %d</t>", i)
		if i%3 == 0 {
			text = "<r>" + text + "</r>"
		}
		table.WriteString("<si>" + text + "</si>")
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%[1]d" t="s"><v>%d</v></c></row>`, i+1, i)
	}
	got, err := dump(packed(t, with(parts(worksheet(rows.String())), "xl/sharedStrings.xml", "<sst>"+table.String()+"</sst>")), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range strings.Split(strings.TrimSpace(got), "\n") {
		if want := fmt.Sprintf(`A%d text "string %d"`, i+1, i); l != want {
			t.Fatalf("got %s, want %s", l, want)
		}
	}
}

// When the workbook was made can be asked while a worksheet is inflated beside.
func TestCreatedBesideRows(t *testing.T) {
	core := header + `<cp:coreProperties xmlns:cp="c" xmlns:dcterms="d"><dcterms:created>2026-11-02T08:00:00Z</dcterms:created></cp:coreProperties>`
	file := packed(t, with(parts(worksheet(`<row r="1"><c r="A1"><v>1</v></c></row>`)), "docProps/core.xml", core))
	for range 200 {
		b, err := Open(bytes.NewReader(file), int64(len(file)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := b.Read(b.sheets[0])
		if err != nil {
			t.Fatal(err)
		}
		if made := b.Created(); made != time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC) {
			t.Fatal(made)
		}
		r.Close()
	}
}

// Leaving the loop early leaves nothing behind, and the sheet can be read again.
func TestStopEarly(t *testing.T) {
	var rows strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%[1]d"><v>%[1]d</v></c></row>`, i+1)
	}
	file := packed(t, parts(worksheet(rows.String())))
	b, err := Open(bytes.NewReader(file), int64(len(file)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for range b.Rows(b.sheets[0]) {
		break
	}
	if err := b.Check(); err != nil || b.sheets[0].Rows != 50_000 {
		t.Errorf("%d rows (%v)", b.sheets[0].Rows, err)
	}
}

func TestErrorPlaces(t *testing.T) {
	_, err := dump(packed(t, parts(worksheet(`<row r="12"><c r="B12"><v>1</v></c><c r="C12" t="s"><v>3</v></c></row>`))), Limits{})
	if want := `Data!C12: string "3" of a table of 3`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// The symbolic link is a mode; everything else hostile is in hostile_test.go.
func symlink(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }

func TestLimitIsNamed(t *testing.T) {
	_, err := dump(packed(t, parts(worksheet(`<row r="1"><c r="ZZ1"><v>1</v></c></row>`))), Limits{Columns: 100})
	if over := (*Beyond)(nil); !errors.As(err, &over) || over.Limit != "columns" || over.Max != 100 {
		t.Errorf("got %v", err)
	}
}
