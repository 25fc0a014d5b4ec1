package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"
)

// A part is a member of a workbook made by a test.
type part struct{ name, body string }

const (
	header    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	relation1 = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	main      = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
)

// parts are those of a small workbook: a sheet "Data" of the given XML, styles
// plain, date, clock, duration, and three shared strings.
func parts(sheet string) []part {
	return []part{
		{"[Content_Types].xml", header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`},
		{"_rels/.rels", header + `<Relationships xmlns="x"><Relationship Id="rId1" Type="` + relation1 + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", workbook("", `<sheet name="Data" sheetId="1" r:id="rId1"/>`)},
		{"xl/_rels/workbook.xml.rels", relationships("worksheets/sheet1.xml")},
		{"xl/styles.xml", header + `<styleSheet xmlns="` + main + `"><numFmts count="1"><numFmt numFmtId="164" formatCode="[h]:mm:ss"/></numFmts>` +
			`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="164"/></cellXfs></styleSheet>`},
		{"xl/sharedStrings.xml", header + `<sst xmlns="` + main + `" count="3" uniqueCount="3"><si><t>Northwind</t></si>` +
			`<si><t xml:space="preserve"> a &lt; b &amp; "c" </t></si><si><r><t>rich </t></r><r><rPr><b/></rPr><t>text</t></r><rPh sb="0" eb="1"><t>guide</t></rPh></si></sst>`},
		{"xl/worksheets/sheet1.xml", sheet},
	}
}

func workbook(properties, sheets string) string {
	return header + `<workbook xmlns="` + main + `" xmlns:r="` + relation1 + `">` + properties + `<sheets>` + sheets + `</sheets></workbook>`
}

func relationships(sheets ...string) string {
	var b strings.Builder
	b.WriteString(header + `<Relationships xmlns="x">`)
	for i, s := range sheets {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s/worksheet" Target="%s"/>`, i+1, relation1, s)
	}
	b.WriteString(`<Relationship Id="s" Type="` + relation1 + `/styles" Target="styles.xml"/>`)
	b.WriteString(`<Relationship Id="t" Type="` + relation1 + `/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`)
	return b.String()
}

func worksheet(rows string) string {
	return header + `<worksheet xmlns="` + main + `"><sheetData>` + rows + `</sheetData></worksheet>`
}

// with replaces a part, or adds it.
func with(ps []part, name, body string) []part {
	for i := range ps {
		if ps[i].name == name {
			ps[i].body = body
			return ps
		}
	}
	return append(ps, part{name, body})
}

func without(ps []part, name string) []part {
	var kept []part
	for _, p := range ps {
		if p.name != name {
			kept = append(kept, p)
		}
	}
	return kept
}

// packed makes a workbook of parts.
func packed(t testing.TB, ps []part) []byte {
	t.Helper()
	return packedBy(t, ps, func(*zip.FileHeader) {})
}

// packedBy lets a test change what the archive says of each member, after its
// content is known.
func packedBy(t testing.TB, ps []part, change func(*zip.FileHeader)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range ps {
		raw := deflated(t, p.body)
		h := &zip.FileHeader{Name: p.name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE([]byte(p.body)),
			CompressedSize64: uint64(len(raw)), UncompressedSize64: uint64(len(p.body))}
		change(h)
		if h.Method == zip.Store {
			raw = []byte(p.body)
			h.CompressedSize64 = h.UncompressedSize64
		}
		w, err := z.CreateRaw(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(raw); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// dump reads a workbook's only visible sheet, and then all others, into lines
// "C12 kind text"; everything that is wrong is an error.
func dump(file []byte, l Limits) (string, error) {
	b, err := Open(bytes.NewReader(file), int64(len(file)), l)
	if err != nil {
		return "", err
	}
	s, err := b.Sheet("")
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for row, err := range b.Rows(s) {
		if err != nil {
			return out.String(), err
		}
		for _, c := range row.Cells {
			fmt.Fprintf(&out, "%s\n", line(row, c))
		}
	}
	return out.String(), b.Check()
}

func line(row *Row, c Cell) string {
	s := fmt.Sprintf("%s%d %v", letters(c.Column), row.Number, c.Kind)
	switch c.Kind {
	case Date:
		s += fmt.Sprintf(" %v %v", c.Day, c.Clock)
	case Time:
		s += fmt.Sprintf(" %v", c.Clock)
	case Formula:
	default:
		s += fmt.Sprintf(" %q", c.Text)
	}
	if c.Rounded {
		s += " rounded"
	}
	if c.Formula && c.Kind != Formula {
		s += " calculated"
	}
	if row.Hidden {
		s += " hidden"
	}
	return s
}
