package exports

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// class is what a row is that is not like the others.
type class uint8

const (
	dataRow class = iota
	emptyRow
	headerAgain
	footerRow
	totalsRow
	raggedRow
	exceptedRow
)

// totalsLabels begin a row that sums up the rows above it, either alone or before
// "for", "of" or a colon.
var totalsLabels = []string{"total", "totals", "grand total", "subtotal", "sub-total", "sub total", "total time", "total hours", "total amount",
	"sum", "gesamt", "summe", "gesamtsumme", "zwischensumme", "итого", "всего", "جمع", "جمع کل", "مجموع"}

// judge says what a row is, by its texts alone.
func (f *file) judge(src *Source, r rawRow) class {
	first := firstText(r)
	if first < 0 {
		return emptyRow
	}
	label := folded(textOf(r, first))
	switch {
	case f.isHeader(r):
		return headerAgain
	case slices.ContainsFunc(src.Footers, func(s string) bool { return like(label, folded(s)) }):
		return footerRow
	case src.isTotal(label) && f.lacks(r, first):
		return totalsRow
	case !f.fits(src, r):
		return raggedRow
	case f.excepted(r):
		return exceptedRow
	}
	return dataRow
}

// firstText returns the first field that is not empty, or -1.
func firstText(r rawRow) int {
	for i := range r.width() {
		if trimmed(textOf(r, i)) != "" {
			return i
		}
	}
	return -1
}

// excepted reports whether a word of the row says that it is none of ours.
func (f *file) excepted(r rawRow) bool {
	return slices.ContainsFunc(f.except, func(e except) bool { return e.is(textOf(r, e.field)) })
}

// like reports whether a text begins as the pattern says, or, where the pattern
// has * for any text or # for a number, is as it says.
func like(text, pattern string) bool {
	i := strings.IndexAny(pattern, "*#")
	if i < 0 {
		return strings.HasPrefix(text, pattern)
	}
	expression := strings.NewReplacer(`\*`, ".*", "#", "[0-9]+").Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile("^" + expression + "$").MatchString(text)
}

func (src *Source) isTotal(label string) bool {
	if slices.ContainsFunc(src.Totals, func(s string) bool { return strings.HasPrefix(label, folded(s)) }) {
		return true
	}
	for _, word := range totalsLabels {
		rest, ok := strings.CutPrefix(label, word)
		if ok && (rest == "" || rest[0] == ':' || strings.HasPrefix(rest, " for ") || strings.HasPrefix(rest, " of ")) {
			return true
		}
	}
	return false
}

// lacks reports whether the row has no value, or only the label, where a row must
// have one.
func (f *file) lacks(r rawRow, label int) bool {
	return slices.ContainsFunc(f.plans, func(p *plan) bool {
		return p.needed && len(p.fields) > 0 && (p.fields[0] == label || trimmed(textOf(r, p.fields[0])) == "")
	})
}

func (f *file) isHeader(r rawRow) bool {
	if r.width() < len(f.header.names) {
		return false
	}
	for i, name := range f.header.names {
		if trimmed(textOf(r, i)) != trimmed(name) {
			return false
		}
	}
	return true
}

// fits reports whether the row has the fields of the header. Empty fields beyond
// them hold nothing that could be lost.
func (f *file) fits(src *Source, r rawRow) bool {
	width := len(f.header.names)
	for i := width; i < r.width(); i++ {
		if trimmed(textOf(r, i)) != "" {
			return false
		}
	}
	return r.width() >= width || src.ShortRows
}

// held is the money and hours of some rows.
type held struct {
	rows  int64
	money money.Exact
	hours measure.Hours
}

func (h held) plus(o held) held {
	return held{h.rows + o.rows, h.money.Add(o.money), h.hours + o.hours}
}

// since reports whether the rows from one point of the file to another hold as
// much as a totals row says. Each duration may have been rounded.
func (h held) since(start, says held) bool {
	off := h.hours - start.hours - says.hours
	return h.money.Sub(start.money) == says.money && max(off, -off) <= measure.Hours(h.rows-start.rows)
}

func (h held) sinceAny(starts []held, says held) bool {
	for _, start := range slices.Backward(starts) {
		if h.since(start, says) {
			return true
		}
	}
	return false
}

// holds returns what a row holds, as far as it can be read, and whether any can.
func (f *file) holds(r rawRow) (h held, known bool) {
	h.rows = 1
	for _, p := range f.plans {
		if len(p.fields) != 1 || p.fields[0] >= r.width() {
			continue
		}
		c := column{plan: p}
		c.begin(1)
		switch {
		case p.Kind == Decimal && p.Name == "amount", p.Kind == Duration && p.Name == "hours":
			c.take(0, r.cell(p.fields[0]))
		default:
			continue
		}
		if !c.has(0) {
			continue
		}
		known = true
		h = h.plus(c.held(0))
	}
	return h, known
}

// total is a totals row, with what it says and what stands above it in its piece.
type total struct {
	piece int
	line  int64
	says  held
	known bool // it says something that can be read
	above held
	heads bool // it is no total but a heading, from which one may count
}

// control checks the totals rows of a file against the rows above each: since the
// file's beginning, or since any heading or totals row before it. sums are what
// the pieces hold.
func control(totals []total, sums map[int]held) error {
	slices.SortFunc(totals, func(a, b total) int { return int(a.line - b.line) })
	var before held // all pieces before the current one
	piece := 0
	starts := []held{{}} // the likeliest last
	for _, t := range totals {
		for ; piece < t.piece; piece++ {
			before = before.plus(sums[piece])
		}
		here := before.plus(t.above)
		if t.heads {
			starts = append(starts, here)
			continue
		}
		if !t.known || !here.sinceAny(starts, t.says) {
			return &atLine{line: t.line, err: t.disagrees(here),
				remedy: "export it again; where it is no totals row, correct its first field or list that under footers:"}
		}
		starts = append(starts, here)
	}
	return nil
}

func (t total) disagrees(here held) error {
	switch {
	case !t.known:
		return errors.New("a totals row without a total that can be read")
	case t.says.money.IsZero():
		return fmt.Errorf("a totals row says %v hours, the rows above it add up to %v", t.says.hours, here.hours)
	}
	return fmt.Errorf("a totals row says %v, the rows above it add up to %v", t.says.money, here.money)
}

// sum adds up what the rows of the batch hold, those of a line before the given
// one, or all where it is 0.
func (d *decoder) sum(before int64) (h held) {
	n := len(d.lines)
	if before > 0 {
		n, _ = slices.BinarySearch(d.lines, before)
	}
	h.rows = int64(n)
	for _, row := range d.gone { // no data
		if row < n {
			h.rows--
		}
	}
	for _, c := range d.columns {
		if c.Name == "amount" || c.Name == "hours" {
			for row := range n {
				h = h.plus(c.held(row))
			}
		}
	}
	return h
}

// ragged is the finding of a row that has not the fields of the header.
func (f *file) ragged(r rawRow) finding.Finding {
	found := finding.Finding{Rule: RaggedRow, Place: finding.Place{File: f.name, Sheet: f.sheet, Line: r.at()},
		Detail: fmt.Sprintf("%d fields, the header has %d", r.width(), len(f.header.names))}
	if r.width() < len(f.header.names) { // what it has stands where it should
		h, _ := f.holds(r)
		found.Money, found.Hours = h.money, h.hours
	}
	return found
}
