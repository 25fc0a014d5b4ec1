package exports

import (
	"slices"
	"strings"
)

// tabler makes tables of raw rows, in the order of the file: it knows under
// which heading a row stands and what the row before said, and leaves out what
// is no data.
type tabler struct {
	*file
	src     *Source
	skip    int          // rows up to the header
	groups  []string     // headings that the next row stands under
	filling []int        // fields that continuation rows leave empty
	before  map[int]cell // what the last full row has there
}

func newTabler(f *file, src *Source) *tabler {
	t := &tabler{file: f, src: src, skip: f.skip, before: map[int]cell{}}
	for _, p := range f.plans {
		if len(p.fields) == 1 && slices.Contains(src.Fill, p.Name) {
			t.filling = append(t.filling, p.fields[0])
		}
	}
	return t
}

// take adds a row to the piece, or accounts for it otherwise.
func (t *tabler) take(p *piece, r rawRow) {
	p.width = len(t.header.names) + 1 // the last cell is the heading
	p.counted.Read++
	class := t.judge(t.src, r)
	if t.skip > 0 {
		t.skip--
		if class != emptyRow {
			p.counted.Headers++
			return
		}
	}
	if class == dataRow || class == raggedRow {
		if name, ok := t.heading(r); ok {
			t.groups = append(t.groups, name)
			p.counted.Headers++
			p.totals = append(p.totals, total{piece: p.number, line: r.at(), heads: true})
			return
		}
	}
	if class == totalsRow {
		t.close(r)
	}
	if class != dataRow {
		p.other(t.file, class, r)
		return
	}
	cells := p.add(r.at())
	for i := range min(r.width(), len(cells)-1) {
		cells[i] = r.cell(i)
	}
	t.fill(cells)
	if n := len(t.groups); n > 0 {
		cells[len(cells)-1] = cell{kind: textCell, text: []byte(t.groups[n-1])}
	}
}

// heading returns the name in a row that holds nothing else, where the source has
// its groups named in such rows.
func (t *tabler) heading(r rawRow) (name string, ok bool) {
	if t.src.Group == "" {
		return "", false
	}
	for i := range r.width() {
		text := trimmed(textOf(r, i))
		if text != "" && name != "" {
			return "", false
		}
		if text != "" {
			name = text
		}
	}
	return name, name != ""
}

// close ends the group that a totals row names, and those within it.
func (t *tabler) close(r rawRow) {
	for i := len(t.groups) - 1; i >= 0; i-- {
		for field := range r.width() {
			if strings.HasSuffix(folded(textOf(r, field)), " "+folded(t.groups[i])) {
				t.groups = t.groups[:i]
				return
			}
		}
	}
	t.groups = nil
}

// fill gives a continuation row what it leaves empty: all columns of Fill, or it
// is none.
func (t *tabler) fill(cells []cell) {
	continued := len(t.filling) > 0
	for _, f := range t.filling {
		continued = continued && cells[f].empty()
	}
	for _, f := range t.filling {
		if continued {
			cells[f] = t.before[f]
		} else {
			t.before[f] = cells[f].clone()
		}
	}
}

// other accounts for a row that is no data.
func (p *piece) other(f *file, class class, r rawRow) {
	switch class {
	case emptyRow:
		if f.keyed {
			p.counted.Read-- // a row stands where its last line does
		} else {
			p.counted.Blank++
		}
	case headerAgain:
		p.counted.Headers++
		p.note(f, RepeatedHeader, r.at())
	case footerRow:
		p.counted.Headers++
	case totalsRow:
		says, known := f.holds(r)
		p.counted.Totals++
		p.totals = append(p.totals, total{piece: p.number, line: r.at(), says: says, known: known})
	case exceptedRow:
		p.counted.NoRevenue++
	case raggedRow:
		p.aside = append(p.aside, f.ragged(r))
	}
}
