package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
)

// oneCell is a sheet whose first cell is as given.
func oneCell(cell string) string { return worksheet(`<row r="1">` + cell + `</row>`) }

func TestHostileSheets(t *testing.T) {
	good := oneCell(`<c r="A1"><v>100.25</v></c>`)
	for name, c := range map[string]struct{ sheet, want string }{
		"cut after a row":           {strings.TrimSuffix(good, "</sheetData></worksheet>"), "ends inside <sheetData>"},
		"cut in a tag":              {good[:len(good)-4], "ends in the middle"},
		"cut in a value":            {good[:strings.Index(good, "0.25")], "ends inside <v>"},
		"nothing":                   {"", "holds no element"},
		"wrong end tag":             {strings.Replace(good, "</row>", "</rows>", 1), "does not close"},
		"something after the end":   {good + "<worksheet/>", "second root"},
		"text after the end":        {good + "x", "outside of the root"},
		"no worksheet":              {"<chartsheet/>", "is no worksheet"},
		"no data":                   {"<worksheet/>", "holds no <sheetData>"},
		"two data":                  {strings.Replace(good, "</sheetData>", "</sheetData><sheetData/>", 1), "second <sheetData>"},
		"DOCTYPE":                   {`<!DOCTYPE a SYSTEM "file:///etc/passwd">` + strings.TrimPrefix(good, header), "DOCTYPE"},
		"undefined entity":          {oneCell(`<c r="A1" t="str"><v>&xxe;</v></c>`), "undefined entity"},
		"entity in a formula":       {oneCell(`<c r="A1"><f>&xxe;</f><v>1</v></c>`), "undefined entity"},
		"bare ampersand":            {oneCell(`<c r="A1" t="str"><v>A&B</v></c>`), "& without"},
		"forbidden character":       {oneCell(`<c r="A1" t="str"><v>&#0;</v></c>`), "undefined character"},
		"control character":         {oneCell("<c r=\"A1\" t=\"str\"><v>a\x01b</v></c>"), "U+0001"},
		"invalid UTF-8":             {oneCell("<c r=\"A1\" t=\"str\"><v>a\xffb</v></c>"), "invalid UTF-8"},
		"UTF-16":                    {strings.Replace(good, "UTF-8", "UTF-16", 1), "encoding"},
		"no quotes":                 {oneCell(`<c r=A1><v>1</v></c>`), "quotes"},
		"attribute twice":           {oneCell(`<c r="A1" r="A2"><v>1</v></c>`), "twice"},
		"row 2e9":                   {worksheet(`<row r="2000000000"><c><v>1</v></c></row>`), "out of range"},
		"row 0":                     {worksheet(`<row r="0"><c><v>1</v></c></row>`), "out of range"},
		"rows out of order":         {worksheet(`<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>`), "out of order"},
		"rows repeated":             {worksheet(`<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>`), "repeated"},
		"column ZZZZZZZ":            {oneCell(`<c r="ZZZZZZZ1"><v>1</v></c>`), "cell reference"},
		"column XFE":                {oneCell(`<c r="XFE1"><v>1</v></c>`), "out of range"},
		"column in use beyond":      {oneCell(`<c r="XFD1"><v>1</v></c>`), "limit of 1024"},
		"cells out of order":        {oneCell(`<c r="B1"><v>1</v></c><c r="A1"><v>1</v></c>`), "out of order"},
		"cells repeated":            {oneCell(`<c r="B1"><v>1</v></c><c r="B1"><v>1</v></c>`), "repeated"},
		"cell of another row":       {oneCell(`<c r="B2"><v>1</v></c>`), "cell reference"},
		"reference without letter":  {oneCell(`<c r="1"><v>1</v></c>`), "cell reference"},
		"string index too large":    {oneCell(`<c r="A1" t="s"><v>3</v></c>`), "of a table of 3"},
		"string index negative":     {oneCell(`<c r="A1" t="s"><v>-1</v></c>`), "of a table of 3"},
		"string index huge":         {oneCell(`<c r="A1" t="s"><v>99999999999999999999</v></c>`), "of a table of 3"},
		"style index too large":     {oneCell(`<c r="A1" s="9"><v>1</v></c>`), "style"},
		"style index negative":      {oneCell(`<c r="A1" s="-1"><v>1</v></c>`), "style"},
		"unknown type":              {oneCell(`<c r="A1" t="q"><v>1</v></c>`), "unknown cell type"},
		"two values":                {oneCell(`<c r="A1"><v>1</v><v>2</v></c>`), "two values"},
		"no number":                 {oneCell(`<c r="A1"><v>1;2</v></c>`), "is no number"},
		"no boolean":                {oneCell(`<c r="A1" t="b"><v>2</v></c>`), "no boolean"},
		"text in a row":             {worksheet(`<row r="1">1</row>`), "text between cells"},
		"text in a cell":            {oneCell(`<c r="A1">1</c>`), "outside of its value"},
		"element in a row":          {worksheet(`<row r="1"><cell/></row>`), "unexpected <cell>"},
		"element between rows":      {worksheet(`<r/>`), "unexpected <r>"},
		"element in a value":        {oneCell(`<c r="A1"><v><b/>1</v></c>`), "unexpected <b>"},
		"nested":                    {oneCell("<c><extLst>" + strings.Repeat("<a>", 100)), "limit of 64"},
		"nested elsewhere":          {"<worksheet>" + strings.Repeat("<a>", 100), "limit of 64"},
		"nested two million times":  {"<worksheet>" + strings.Repeat("<a>", 2_000_000), "limit of 200 to 1"},
		"columns that do not exist": {`<worksheet><cols><col min="5" max="2000000000" hidden="1"/></cols><sheetData/></worksheet>`, "do not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, packed(t, parts(c.sheet)), c.want)
		})
	}
}

func refused(t *testing.T, file []byte, want string) {
	t.Helper()
	got, err := dump(file, Limits{})
	switch {
	case err == nil:
		t.Errorf("read as %.200q, want an error with %q", got, want)
	case !strings.Contains(err.Error(), want):
		t.Errorf("got %v, want an error with %q", err, want)
	case strings.Contains(err.Error(), "panicked"):
		t.Error(err)
	}
}

func TestHostileParts(t *testing.T) {
	sheet := oneCell(`<c r="A1" t="s"><v>0</v></c>`)
	const book = "xl/workbook.xml"
	for name, c := range map[string]struct {
		parts []part
		want  string
	}{
		"no relationships":      {without(parts(sheet), "_rels/.rels"), "not a workbook"},
		"no workbook":           {without(parts(sheet), book), "no main document"},
		"no sheet":              {without(parts(sheet), "xl/worksheets/sheet1.xml"), "is missing"},
		"no styles":             {without(parts(sheet), "xl/styles.xml"), "is missing"},
		"no strings":            {without(parts(sheet), "xl/sharedStrings.xml"), "is missing"},
		"styles cut":            {with(parts(sheet), "xl/styles.xml", "<styleSheet><cellXfs>"), "ends inside"},
		"strings cut":           {with(parts(sheet), "xl/sharedStrings.xml", "<sst><si><t>a</t></si>"), "ends inside"},
		"strings cut in a text": {with(parts(sheet), "xl/sharedStrings.xml", "<sst><si><t>a"), "ends inside"},
		"text between strings":  {with(parts(sheet), "xl/sharedStrings.xml", "<sst>a</sst>"), "outside of a string"},
		"text in a string":      {with(parts(sheet), "xl/sharedStrings.xml", "<sst><si>a</si></sst>"), "outside of <t>"},
		"strings of another":    {with(parts(sheet), "xl/sharedStrings.xml", "<html/>"), "no table of strings"},
		"entities in strings":   {with(parts(sheet), "xl/sharedStrings.xml", `<!DOCTYPE lolz [<!ENTITY lol "lol">]><sst><si><t>&lol;</t></si></sst>`), "DOCTYPE"},
		"DOCTYPE in workbook":   {with(parts(sheet), book, "<!doctype x><workbook/>"), "DOCTYPE"},
		"same name twice":       {with(parts(sheet), book, workbook("", `<sheet name="A" r:id="rId1"/><sheet name="a" r:id="rId1"/>`)), "occurs twice"},
		"no relationship":       {with(parts(sheet), book, workbook("", `<sheet name="A" r:id="rId7"/>`)), "no relationship"},
		"no visible sheet":      {with(parts(sheet), book, workbook("", `<sheet name="A" state="hidden" r:id="rId1"/>`)), "0 visible sheets"},
		"duplicate member":      {append(parts(sheet), part{"XL/Worksheets/Sheet1.xml", sheet}), "second member"},
		"backslash":             {append(parts(sheet), part{`..\evil.xml`, ""}), "unsafe"},
		"parent folder":         {append(parts(sheet), part{`xl/../../evil.xml`, ""}), "unsafe"},
		"absolute":              {append(parts(sheet), part{`/etc/passwd`, ""}), "unsafe"},
		"drive":                 {append(parts(sheet), part{`C:evil`, ""}), "unsafe"},
		"empty name":            {append(parts(sheet), part{"", ""}), "unsafe"},
		"ratio of styles":       {with(parts(sheet), "xl/styles.xml", "<styleSheet>"+strings.Repeat(" ", 8<<20)+"</styleSheet>"), "limit of 200 to 1"},
		"ratio of strings":      {with(parts(sheet), "xl/sharedStrings.xml", "<sst>"+strings.Repeat(" ", 8<<20)+"</sst>"), "limit of 200 to 1"},
		"ratio of a picture":    {append(parts(sheet), part{"xl/media/a.png", strings.Repeat("\x00", 8<<20)}), "limit of 200 to 1"},
		"deep workbook":         {with(parts(sheet), book, "<workbook>"+strings.Repeat("<a>", 100)), "limit of 64"},
		"binary workbook":       {append(with(parts(sheet), "_rels/.rels", strings.Replace(parts(sheet)[1].body, "workbook.xml", "workbook.bin", 1)), part{"xl/workbook.bin", ""}), "binary"},
		"number format":         {with(parts(sheet), "xl/styles.xml", `<styleSheet><cellXfs><xf numFmtId="x"/></cellXfs></styleSheet>`), "number format"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, packed(t, c.parts), c.want) })
	}
}

func TestTooManyMembers(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range 10_001 {
		if _, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	refused(t, b.Bytes(), "limit of 10000")
}

// What the archive says of its members must be true. The members of the second
// test are only read for their checksum, the last one by Check.
func TestForgedArchive(t *testing.T) {
	sheet := oneCell(`<c r="A1"><v>100.25</v></c>`)
	for name, c := range map[string]struct {
		change func(*zip.FileHeader)
		want   string
	}{
		"wrong checksum":  {func(h *zip.FileHeader) { h.CRC32++ }, "checksum"},
		"zero checksum":   {func(h *zip.FileHeader) { h.CRC32 = 0 }, "checksum"},
		"size too small":  {func(h *zip.FileHeader) { h.UncompressedSize64-- }, "larger than"},
		"size too large":  {func(h *zip.FileHeader) { h.UncompressedSize64++ }, "smaller than"},
		"encrypted":       {func(h *zip.FileHeader) { h.Flags |= 1 }, "encrypted"},
		"other method":    {func(h *zip.FileHeader) { h.Method = 12 }, "method 12"},
		"symbolic link":   {symlink, "no plain file"},
		"said to be 3 GB": {func(h *zip.FileHeader) { h.UncompressedSize64 = 3 << 30 }, "limit of 2147483648"},
		"said to be 2^63": {func(h *zip.FileHeader) { h.UncompressedSize64 = 1 << 63 }, "limit of 2147483648"},
	} {
		for _, member := range []string{"xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "docProps/app.xml", "[Content_Types].xml"} {
			t.Run(name+"/"+member, func(t *testing.T) {
				ps := append(parts(sheet), part{"docProps/app.xml", "<Properties/>"})
				refused(t, packedBy(t, ps, func(h *zip.FileHeader) {
					if h.Name == member {
						c.change(h)
					}
				}), c.want)
			})
		}
	}
}

// 100.25 becomes 900.25 in a stored member: only the checksum can tell.
func TestFlippedByte(t *testing.T) {
	sheet := oneCell(`<c r="A1"><v>100.25</v></c>`)
	file := packedBy(t, parts(sheet), func(h *zip.FileHeader) { h.Method = zip.Store })
	if got, err := dump(file, Limits{}); got != "A1 number \"100.25\"\n" || err != nil {
		t.Fatalf("got %q (%v)", got, err)
	}
	refused(t, bytes.Replace(file, []byte("100.25"), []byte("900.25"), 1), "checksum")
}

// A damaged sheet that nobody reads still makes the file unfit.
func TestDamagedOtherSheet(t *testing.T) {
	ps := with(parts(worksheet("")), "xl/workbook.xml", workbook("", `<sheet name="Data" r:id="rId1"/><sheet name="Old" state="hidden" r:id="rId2"/>`))
	ps = with(ps, "xl/_rels/workbook.xml.rels", relationships("worksheets/sheet1.xml", "worksheets/sheet2.xml"))
	ps = with(ps, "xl/worksheets/sheet2.xml", worksheet("<row>"))
	refused(t, packed(t, ps), "does not close")
}

// Any cut of a workbook is refused.
func TestCutFile(t *testing.T) {
	file := packed(t, parts(oneCell(`<c r="A1"><v>1</v></c>`)))
	for n := range file {
		if _, err := dump(file[:n], Limits{}); err == nil {
			t.Fatalf("read %d of %d bytes without an error", n, len(file))
		}
	}
}

// Two sheets' worth of hostile width is refused at once, not slowly read.
func TestWideRows(t *testing.T) {
	var rows strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&rows, `<row r="%d"><c r="XFD%[1]d"><v>1</v></c></row>`, i+1)
	}
	refused(t, packed(t, parts(worksheet(rows.String()))), "limit of 1024")
}

// No bytes make a workbook panic; and whatever sheet is accepted is well-formed
// by another parser's judgement and reads the same when no cell is plain.
func FuzzSheet(f *testing.F) {
	for _, s := range []string{
		worksheet(""), oneCell(`<c r="A1" s="1" t="s"><v>2</v></c>`), oneCell(`<c r="A1" t="inlineStr"><is><t>a&#65;</t></is></c>`),
		oneCell(`<c r="B1"><v>-1.50</v></c><c r="C1" s="3"><v>0.5</v></c>`), "<worksheet><sheetData/><!-- a --><?b c?></worksheet>",
		oneCell(`<c r="A1"><f>1</f><v>]]&gt;<![CDATA[2]]></v></c>`),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, sheet []byte) {
		got, err := dump(packed(t, parts(string(sheet))), Limits{})
		if err != nil {
			if strings.Contains(err.Error(), "panicked") {
				t.Fatal(err)
			}
			return
		}
		d := xml.NewDecoder(bytes.NewReader(sheet))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("accepted, but %v", err)
			}
		}
		odd := bytes.ReplaceAll(sheet, []byte("<c r="), []byte("<c  r="))
		if again, err := dump(packed(t, parts(string(odd))), Limits{}); again != got || err != nil {
			t.Fatalf("got %s, otherwise %s (%v)", got, again, err)
		}
	})
}

func FuzzOpen(f *testing.F) {
	f.Add(packed(f, parts(oneCell(`<c r="A1"><v>1</v></c>`))))
	f.Add(packedBy(f, parts(worksheet("")), func(h *zip.FileHeader) { h.Method = zip.Store }))
	f.Fuzz(func(t *testing.T, file []byte) {
		if _, err := dump(file, Limits{Inflated: 1 << 24}); err != nil && strings.Contains(err.Error(), "panicked") {
			t.Fatal(err)
		}
	})
}
