package xlsx

import (
	"encoding/xml"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// What a chart refers to, as excelize writes it: numbers of a scatter as if they
// were text, and without the values that stand there.
var (
	numberReference = regexp.MustCompile(`(<(?:xVal|yVal|val)>)<(?:str|num)Ref><f>([^<]*)</f>(?:<numCache>.*?</numCache>)?</(?:str|num)Ref>`)
	textReference   = regexp.MustCompile(`(<(?:tx|cat)>)<strRef><f>([^<]*)</f></strRef>`)
)

// cached gives the references of a chart their values, for viewers that do not
// look into the cells.
func (b *Book) cached(chart []byte) []byte {
	fill := func(pattern *regexp.Regexp, kind, before string, want func(Cell) bool) {
		chart = pattern.ReplaceAllFunc(chart, func(found []byte) []byte {
			m := pattern.FindSubmatch(found)
			cells, err := b.at(html.UnescapeString(string(m[2])))
			b.fail(err)
			var s strings.Builder
			fmt.Fprintf(&s, `%s<%sRef><f>%s</f><%sCache>%s<ptCount val="%d"></ptCount>`, m[1], kind, m[2], kind, before, len(cells))
			for i, c := range cells {
				if want(c) {
					fmt.Fprintf(&s, `<pt idx="%d"><v>`, i)
					_ = xml.EscapeText(&s, []byte(c.text()))
					s.WriteString(`</v></pt>`)
				}
			}
			fmt.Fprintf(&s, `</%sCache></%sRef>`, kind, kind)
			return []byte(s.String())
		})
	}
	fill(numberReference, "num", "<formatCode>General</formatCode>", func(c Cell) bool { return c.kind == number || c.kind == decimal })
	fill(textReference, "str", "", func(c Cell) bool { return c.kind != empty })
	return chart
}

// text is the cell's value as a spreadsheet keeps it.
func (c Cell) text() string {
	if c.kind == decimal {
		return string(appendDecimal(nil, c.scaled, int(c.places)))
	}
	return c.value
}

var reference = regexp.MustCompile(`^'(.*)'!\$([A-Z]+)\$([0-9]+)(?::\$([A-Z]+)\$([0-9]+))?$`)

// at returns the cells of a column that a reference such as 'Sheet'!$A$2:$A$9
// names.
func (b *Book) at(ref string) ([]Cell, error) {
	m := reference.FindStringSubmatch(ref)
	if m == nil || m[4] != "" && m[4] != m[2] {
		return nil, fmt.Errorf("a chart refers to %s, which is no part of a column", ref)
	}
	for _, s := range b.sheets {
		if Quote(s.Name) != "'"+m[1]+"'" {
			continue
		}
		col, err := excelize.ColumnNameToNumber(m[2])
		if err != nil {
			return nil, err
		}
		from, _ := strconv.Atoi(m[3])
		to := from
		if m[5] != "" {
			to, _ = strconv.Atoi(m[5])
		}
		if from < 1 || to < from || to > s.rows() {
			return nil, fmt.Errorf("a chart refers to %s, where the sheet has %d rows", ref, s.rows())
		}
		return s.column(col, from, to), nil
	}
	return nil, fmt.Errorf("a chart refers to %s: there is no such sheet", ref)
}

// column returns the cells of a column in some rows, all from 1.
func (s *Sheet) column(col, from, to int) []Cell {
	var found, cells []Cell
	for row := from; row <= to; row++ {
		r := s.row(row-1, &cells)
		if col > len(r.Cells) {
			found = append(found, Cell{})
			continue
		}
		found = append(found, r.Cells[col-1])
	}
	return found
}
