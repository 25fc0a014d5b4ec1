package reports_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// parts is an unzipped workbook, for the checks that look at what was written
// and not at what was meant.
type parts map[string]string

func unzip(t testing.TB, path string) parts {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	p := parts{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		p[f.Name] = string(b)
	}
	return p
}

// zipped writes parts as a workbook.
func (p parts) zipped(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	var names []string
	for name := range p {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, p[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// with returns the parts with one text of one part replaced.
func (p parts) with(t testing.TB, name, old, new string) parts {
	t.Helper()
	if !strings.Contains(p[name], old) {
		t.Fatalf("%s does not contain %q", name, old)
	}
	q := parts{}
	for k, v := range p {
		q[k] = v
	}
	q[name] = strings.Replace(p[name], old, new, 1)
	return q
}

// without returns the parts with what a pattern matches left out of one part.
func (p parts) without(t testing.TB, name, pattern string) parts {
	t.Helper()
	return p.with(t, name, regexp.MustCompile(pattern).FindString(p[name]), "")
}

// matched returns the first match of a pattern.
func matched(t testing.TB, text, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindString(text)
	if m == "" {
		t.Fatalf("nothing matches %s", pattern)
	}
	return m
}

// page is a sheet as it was written.
type page struct {
	name  string
	part  string
	xml   string
	cells []cellXML
	at    map[string]*cellXML
}

type cellXML struct {
	Ref     string `xml:"r,attr"`
	Type    string `xml:"t,attr"`
	Style   int    `xml:"s,attr"`
	Formula string `xml:"f"`
	Value   string `xml:"v"`
	Inline  string `xml:"is>t"`

	row, col int
}

// text is what the cell shows, before any format.
func (c *cellXML) text() string {
	if c.Type == "inlineStr" {
		return c.Inline
	}
	return c.Value
}

// pages reads the sheets in the workbook's order.
func (p parts) pages(t testing.TB) []*page {
	t.Helper()
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	decode(t, p["xl/workbook.xml"], &book)
	targets := p.targets(t, "xl/_rels/workbook.xml.rels")
	shared := p.shared(t)
	var pages []*page
	for _, s := range book.Sheets {
		part := "xl/" + strings.TrimPrefix(strings.TrimPrefix(targets[s.ID], "/xl/"), "xl/")
		pg := &page{name: s.Name, part: part, xml: p[part], at: map[string]*cellXML{}}
		var sheet struct {
			Rows []struct {
				Cells []cellXML `xml:"c"`
			} `xml:"sheetData>row"`
		}
		decode(t, pg.xml, &sheet)
		for _, r := range sheet.Rows {
			for _, c := range r.Cells {
				c.col, c.row = position(c.Ref)
				if c.Type == "s" {
					n, _ := strconv.Atoi(c.Value)
					c.Value, c.Type = shared[n], "str"
				}
				pg.cells = append(pg.cells, c)
			}
		}
		for i := range pg.cells {
			pg.at[pg.cells[i].Ref] = &pg.cells[i]
		}
		pages = append(pages, pg)
	}
	return pages
}

func (p parts) targets(t testing.TB, rels string) map[string]string {
	var r struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	decode(t, p[rels], &r)
	m := map[string]string{}
	for _, x := range r.Relationship {
		m[x.ID] = x.Target
	}
	return m
}

func (p parts) shared(t testing.TB) []string {
	if p["xl/sharedStrings.xml"] == "" {
		return nil
	}
	var sst struct {
		Items []struct {
			T    string   `xml:"t"`
			Runs []string `xml:"r>t"`
		} `xml:"si"`
	}
	decode(t, p["xl/sharedStrings.xml"], &sst)
	var all []string
	for _, s := range sst.Items {
		all = append(all, s.T+strings.Join(s.Runs, ""))
	}
	return all
}

func decode(t testing.TB, text string, v any) {
	t.Helper()
	if err := xml.Unmarshal([]byte(text), v); err != nil {
		t.Fatalf("%.60q: %v", text, err)
	}
}

// position reads C12 as column 3, row 12.
func position(ref string) (col, row int) {
	i := 0
	for ; i < len(ref) && ref[i] >= 'A'; i++ {
		col = col*26 + int(ref[i]-'A') + 1
	}
	row, _ = strconv.Atoi(ref[i:])
	return col, row
}

var cellRef = regexp.MustCompile(`(\$?)([A-Z]{1,3})(\$?)([0-9]+)`)

// relative writes a formula so that it is the same text in each row that it was
// filled down to.
func relative(formula string, col, row int) string {
	return cellRef.ReplaceAllStringFunc(formula, func(ref string) string {
		m := cellRef.FindStringSubmatch(ref)
		c, r := position(m[2] + m[4])
		part := func(fixed string, letter string, n, at int) string {
			if fixed != "" {
				return fmt.Sprintf("%s%d", letter, n)
			}
			return fmt.Sprintf("%s[%d]", letter, n-at)
		}
		return part(m[3], "R", r, row) + part(m[1], "C", c, col)
	})
}
