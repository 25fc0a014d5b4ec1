package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"testing"
)

// A member of a workbook made by a test, and what the archive says of it.
type member struct {
	name, body string
	forge      func(*zip.FileHeader)
}

// book makes a workbook whose one sheet has the given rows. Members replace those
// of the same name, or come besides.
func book(t *testing.T, rows string, members ...member) string {
	t.Helper()
	return bookOf(t, `<worksheet><sheetData>`+rows+`</sheetData></worksheet>`, members...)
}

func bookOf(t *testing.T, sheet string, members ...member) string {
	t.Helper()
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	relation := func(id, kind, target string) string {
		return fmt.Sprintf(`<Relationship Id="%s" Type="%s%s" Target="%s"/>`, id, office, kind, target)
	}
	all := []member{
		{name: "_rels/.rels", body: "<Relationships>" + relation("a", "officeDocument", "xl/workbook.xml") + "</Relationships>"},
		{name: "xl/workbook.xml", body: `<workbook xmlns:r="r"><sheets><sheet name="Data" r:id="s"/></sheets></workbook>`},
		{name: "xl/_rels/workbook.xml.rels", body: "<Relationships>" + relation("s", "worksheet", "s.xml") + relation("h", "worksheet", "h.xml") + relation("f", "styles", "f.xml") + "</Relationships>"},
		{name: "xl/f.xml", body: `<styleSheet><cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>`},
		{name: "xl/s.xml", body: sheet},
		{name: "xl/h.xml", body: `<worksheet><sheetData/></worksheet>`},
	}
	for _, m := range members {
		replaced := false
		for i := range all {
			if all[i].name == m.name {
				all[i], replaced = m, true
				break
			}
		}
		if !replaced {
			all = append(all, m)
		}
	}
	return archived(t, all)
}

func archived(t *testing.T, members []member) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		var raw bytes.Buffer
		w, err := flate.NewWriter(&raw, flate.DefaultCompression)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(m.body))
		w.Close()
		h := &zip.FileHeader{Name: m.name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE([]byte(m.body)), CompressedSize64: uint64(raw.Len()), UncompressedSize64: uint64(len(m.body))}
		if m.forge != nil {
			m.forge(h)
		}
		to, err := z.CreateRaw(h)
		if err == nil {
			_, err = to.Write(raw.Bytes())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// line writes cells as a row of a sheet: a text, or XML that begins with a mark
// of its type: "=..." is what follows the c of the element.
func line(n int, cells ...string) string {
	row := fmt.Sprintf(`<row r="%d">`, n)
	for i, c := range cells {
		at := fmt.Sprintf("%c%d", 'A'+i, n)
		if len(c) > 0 && c[0] == '=' {
			row += `<c r="` + at + `"` + c[1:] + `</c>`
		} else {
			row += `<c r="` + at + `" t="inlineStr"><is><t>` + c + `</t></is></c>`
		}
	}
	return row + "</row>"
}
