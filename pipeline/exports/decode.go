package exports

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// A decoder makes Arrow records of rows. Its columns take the values of a run of
// rows one column at a time and in the order of the rows: texts by column.read,
// which knows the grammars of the source, and what the format itself types by
// number, moment and truth. A row of which a value cannot be read is taken out of
// the run again and becomes a finding.

// plan is how one canonical column is read from one file.
type plan struct {
	Column
	from    Mapping
	fields  []int // positions in the row, from 0; empty where it has a Value or the file lacks it
	header  header
	needed  bool // a row without it is set aside
	derived bool // hours made of start and end

	words  map[string]string // folded word of the export -> canonical word
	marks  marks
	unit   unit
	layout layout
	// What was settled over the whole column, and not configured: a value that
	// contradicts it is an error.
	settledMarks, settledLayout bool
	// Of a worksheet nothing was settled: all values looked at were typed.
	unseen bool

	zone, home *time.Location
}

// simple reports whether the column is one field as it stands.
func (p *plan) simple() bool {
	return len(p.fields) == 1 && !p.from.Negate && !p.from.Exclusive && p.words == nil
}

// word returns the canonical word for a word of the export.
func (p *plan) word(text string) string {
	if p.words == nil || text == "" {
		return text
	}
	if word, ok := p.words[folded(text)]; ok {
		return word
	}
	if word, ok := p.words["*"]; ok {
		return word
	}
	return text
}

// column is one canonical column of a batch in the making. Values of unused
// kinds stay empty.
type column struct {
	*plan
	names    *names
	shared   []uint32 // number + 1 of each text that a workbook shares
	ids      []uint32
	offsets  []int32 // of text
	text     []byte
	days     []int32
	decimals []decimal128.Num
	ints     []int64 // Duration, Share, Count; of Time seconds since 1970, or midnight where no day is said
	flags    []bool
	valid    []byte // bitmap; nil where every row has a value
	rows     int
	bad      []problem
	notes    []problem
	signed   []problem // amounts that say their currency
	memo     *names    // texts of values that are one number
	values   []int64   // and the numbers
}

// problem is a cell that could not be read, or that a note is about.
type problem struct {
	row    int
	rule   *finding.Rule
	text   string // of the cell
	detail string
	column *column
}

// begin makes room for the values of a batch.
func (c *column) begin(rows int) {
	c.rows, c.valid, c.bad, c.notes, c.signed = rows, nil, c.bad[:0], c.notes[:0], c.signed[:0]
	switch c.Kind {
	case Name:
		c.ids = sizedTo(c.ids, rows)
	case Text:
		c.offsets = append(c.offsets[:0], 0)
		c.text = c.text[:0]
	case Date, Month:
		c.days = sizedTo(c.days, rows)
	case Decimal:
		c.decimals = sizedTo(c.decimals, rows)
	case Duration, Share, Count, Time:
		c.ints = sizedTo(c.ints, rows)
	case Flag:
		c.flags = sizedTo(c.flags, rows)
	}
}

func sizedTo[T any](s []T, n int) []T {
	if cap(s) < n {
		s = make([]T, n+n/4)
	}
	return s[:n]
}

// null says that the row has no value.
func (c *column) null(row int) {
	if c.needed {
		c.fail(row, MissingValue, c.Name+" is empty")
		return
	}
	c.clear(row)
}

func (c *column) clear(row int) {
	if c.valid == nil {
		c.valid = bytes.Repeat([]byte{0xff}, (c.rows+7)/8)
	}
	c.valid[row/8] &^= 1 << (row % 8)
	switch c.Kind {
	case Name:
		c.ids[row] = 0
	case Text:
		c.offsets = append(c.offsets, int32(len(c.text)))
	case Date, Month:
		c.days[row] = 0
	case Decimal:
		c.decimals[row] = decimal128.Num{}
	case Duration, Share, Count, Time:
		c.ints[row] = 0
	case Flag:
		c.flags[row] = false
	}
}

// empty says that no row has a value.
func (c *column) empty() {
	c.valid = make([]byte, (c.rows+7)/8)
	clear(c.ids)
	clear(c.days)
	clear(c.decimals)
	clear(c.ints)
	clear(c.flags)
	if c.Kind == Text {
		c.offsets = sizedTo(c.offsets, c.rows+1)
		clear(c.offsets)
	}
}

// set says that the row has a value after all.
func (c *column) set(row int) {
	if c.valid != nil {
		c.valid[row/8] |= 1 << (row % 8)
	}
}

// failed reports whether the row's value could not be read.
func (c *column) failed(row int) bool {
	return slices.ContainsFunc(c.bad, func(p problem) bool { return p.row == row })
}

// has reports whether the row has a value.
func (c *column) has(row int) bool { return c.valid == nil || c.valid[row/8]>>(row%8)&1 == 1 }

// fail says that the row's value cannot be read: the row is set aside.
func (c *column) fail(row int, rule *finding.Rule, detail string) {
	c.clear(row)
	c.bad = append(c.bad, problem{row: row, rule: rule, detail: detail, column: c})
}

func (c *column) failText(row int, rule *finding.Rule, text, what string) {
	c.fail(row, rule, quoted(text)+" is not "+what)
	c.bad[len(c.bad)-1].text = text
}

// note says something of the row's value, which is used all the same.
func (c *column) note(row int, rule *finding.Rule, text string) {
	c.notes = append(c.notes, problem{row: row, rule: rule, text: text, detail: quoted(text), column: c})
}

// longestName is more than anything is called: a longer text is a quote that was
// not closed where it should, and would not fit into a cell of the workbook.
const longestName = 4096

// quoted shows a value in a finding: its beginning, without control characters.
func quoted(text string) string {
	const most = 40
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return '\ufffd'
		}
		return r
	}, text)
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most]) + "..."
	}
	return `"` + text + `"`
}

// read sets the value of a row from its text.
func (c *column) read(row int, text string) {
	text = c.word(trimmed(text))
	if text == "" {
		c.null(row)
		return
	}
	if rule, what := c.meant(row, text); rule != nil {
		c.failText(row, rule, text, what)
	}
}

// meant sets the value of a row from a text that is not empty. Where that cannot be
// read it returns what the text is not.
func (c *column) meant(row int, text string) (rule *finding.Rule, what string) {
	switch c.Kind {
	case Name:
		if len(text) > longestName {
			return BadValue, fmt.Sprintf("a name: it has %d bytes, and may have %d", len(text), longestName)
		}
		c.ids[row] = c.names.id(text)
	case Text:
		c.addText(text)
	case Date, Month, Time:
		m, ok := c.layout.read(unguarded(text))
		if !ok && c.Kind == Time {
			m, ok = clockOnly(text)
		}
		if !ok {
			return BadDate, "a date like " + c.layout.text
		}
		c.moment(row, m)
	case Decimal:
		e, exact, ok := c.marks.figured(unguarded(text))
		if !ok {
			return BadAmount, "a number"
		}
		if !exact {
			c.note(row, RoundedValue, text)
		}
		c.sign(row, text)
		c.number(row, e)
	case Duration:
		h, ok := c.marks.duration(unguarded(text), c.unit)
		if !ok {
			return BadDuration, "a duration"
		}
		c.whole(row, int64(h))
	case Share:
		v, ok := c.marks.share(unguarded(text))
		if !ok {
			return BadValue, "a share like 20%"
		}
		c.whole(row, v)
	case Count:
		n, ok := c.marks.count(unguarded(text))
		if !ok {
			return BadValue, "a whole number"
		}
		c.whole(row, n)
	case Flag:
		v, ok := flags[folded(text)]
		if !ok {
			return BadValue, "yes or no"
		}
		c.truth(row, v)
	}
	return nil, ""
}

func (c *column) addText(text string) {
	c.text = append(c.text, text...)
	c.offsets = append(c.offsets, int32(len(c.text)))
}

// number sets the value of a row from a number that the format itself types: of
// a [Duration] it counts the configured unit, of a [Share] it is the fraction.
func (c *column) number(row int, e money.Exact) {
	switch c.Kind {
	case Decimal:
		if c.from.Negate {
			e = e.Neg()
		}
		c.decimals[row] = decimal128.New(e.Hi, e.Lo)
	case Duration:
		if c.unit == noUnit {
			c.failText(row, BadDuration, e.String(), "a duration without a unit")
			return
		}
		h, ok := c.unit.times(e)
		if !ok {
			c.failText(row, BadDuration, e.String(), "a duration")
			return
		}
		c.whole(row, int64(h))
	case Share:
		c.whole(row, int64(e.Lo))
	default: // an id, a count or a word that a spreadsheet took for a number
		c.read(row, e.String())
	}
}

func (c *column) whole(row int, v int64) {
	if c.from.Negate {
		v = -v
	}
	c.ints[row] = v
}

// moment sets the value of a row from a date that the format itself types.
func (c *column) moment(row int, m moment) {
	switch c.Kind {
	case Date:
		c.days[row] = int32(m.in(c.zone, c.home) - period.UnixEpoch)
		if c.from.Exclusive {
			c.days[row]--
		}
	case Month:
		c.days[row] = int32(m.in(c.zone, c.home).Month().First() - period.UnixEpoch)
	case Time:
		c.ints[row] = m.seconds()
	default:
		c.read(row, m.day.String())
	}
}

// truth sets the value of a row from a yes or no that the format itself types.
func (c *column) truth(row int, v bool) {
	if c.Kind != Flag {
		c.read(row, map[bool]string{false: "false", true: "true"}[v])
		return
	}
	c.flags[row] = v != c.from.Negate
}

// product sets the value of a row to the product of two cells. Where one is
// empty there is none.
func (c *column) product(row int, one, other cell) {
	if one.empty() || other.empty() {
		c.null(row)
		return
	}
	a, ok1 := c.factor(row, one)
	b, ok2 := c.factor(row, other)
	if !ok1 || !ok2 {
		return
	}
	e, err := a.Times(b)
	if err != nil {
		c.fail(row, BadAmount, err.Error())
		return
	}
	c.number(row, e)
}

// difference sets the value of a row to one cell less another, which may be
// empty.
func (c *column) difference(row int, one, other cell) {
	if one.empty() {
		c.null(row)
		return
	}
	a, ok := c.factor(row, one)
	if !ok {
		return
	}
	var b money.Exact
	if !other.empty() {
		if b, ok = c.factor(row, other); !ok {
			return
		}
	}
	c.number(row, a.Sub(b))
}

// factor reads one of the two numbers of which a value is made.
func (c *column) factor(row int, v cell) (money.Exact, bool) {
	text, m := unguarded(trimmed(string(v.text))), c.marks
	if v.kind == numberCell {
		m = plainDecimal
	}
	e, exact, ok := m.figured(text)
	switch {
	case !ok && !c.failed(row):
		c.failText(row, BadAmount, text, "a number")
	case ok && !exact:
		c.note(row, RoundedValue, text)
	}
	if ok {
		c.sign(row, text)
	}
	return e, ok
}

// share reads 20% and 0.2 alike, in millionths.
func (m marks) share(text string) (int64, bool) {
	body := percentless(text)
	e, ok := m.amount(body)
	if ok && body != trimmed(text) {
		var err error
		e, err = e.Scale(money.Millionths(1), money.Millionths(100))
		ok = err == nil
	}
	v, fits := e.Int64()
	return v, ok && fits
}

// percentless takes a percent sign off.
func percentless(text string) string {
	return strings.TrimSuffix(strings.TrimSuffix(trimmed(text), "%"), "٪")
}

// figured reads a number in millionths, rounded half away from zero where it is
// finer than that: then it is not exact.
func (m marks) figured(text string) (e money.Exact, exact, ok bool) {
	n, ok := m.figure(text)
	if !ok {
		return money.Exact{}, false, false
	}
	return n.exact()
}

// amount reads a number of no more than six decimals.
func (m marks) amount(text string) (money.Exact, bool) {
	e, exact, ok := m.figured(text)
	return e, exact && ok
}

// count reads a whole number; 12.0 is one.
func (m marks) count(text string) (int64, bool) {
	e, ok := m.amount(text)
	if !ok || e.Decimals() != 0 {
		return 0, false
	}
	e, err := e.Scale(money.Millionths(1), money.Millionths(measure.Million))
	v, fits := e.Int64()
	return v, err == nil && fits
}

// unguarded takes off the apostrophe that some exports put before text that a
// spreadsheet might take for a formula.
func unguarded(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok {
		return trimmed(rest)
	}
	return text
}

func folded(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

var flags = map[string]bool{
	"yes": true, "y": true, "true": true, "t": true, "1": true, "x": true, "on": true, "ja": true, "wahr": true, "да": true, "oui": true, "بله": true, "✓": true,
	"no": false, "n": false, "false": false, "f": false, "0": false, "-": false, "off": false, "nein": false, "falsch": false, "нет": false, "non": false, "خیر": false,
}
