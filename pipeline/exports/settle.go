package exports

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// A settler looks at the texts of one column, row after row, until only one way
// of reading them is left. It knows three ends: one way; several ways that make
// no difference in any row; or several that do, or none that fits all rows: then
// a setting must decide.
type settler struct {
	*plan
	days    []layout // ways still open for dates
	points  []rune   // and for numbers
	split   bool     // they differ for some row
	clash   bool     // no way fits all rows
	example string   // of a text that shows it
	seen    bool     // any text
}

func newSettler(p *plan, src *Source) *settler {
	s := &settler{plan: p}
	switch p.Kind {
	case Date, Month, Time:
		if src.Dates == "" {
			s.days = allDays(p.Kind)
		}
	case Decimal, Duration, Share, Count:
		if src.Decimal == "" {
			s.points = []rune{'.', ','}
		}
	}
	return s
}

// open reports whether the column still has to be looked at.
func (s *settler) open() bool { return !s.clash && (len(s.days) > 1 || len(s.points) > 1) }

// known is what can be said of a column; more rows only say more.
type known struct {
	days, points       int
	split, clash, seen bool
}

func (s *settler) knows() known { return known{len(s.days), len(s.points), s.split, s.clash, s.seen} }

// row takes a row into account.
func (s *settler) row(r rawRow) {
	if !s.open() {
		return
	}
	for _, f := range s.fields {
		if f < r.width() && r.cell(f).kind == textCell {
			s.see(string(r.cell(f).text))
		}
	}
}

// configure gives a plan what the source says of numbers and dates.
func (p *plan) configure(src *Source, from period.Day) (err error) {
	point := '.'
	switch src.Decimal {
	case ",":
		point = ','
	case "", ".":
	default:
		return fmt.Errorf("decimal %q is neither a point nor a comma", src.Decimal)
	}
	p.marks = pointed(point, src.Grouping)
	p.layout = guesses[0]
	if src.Dates != "" {
		p.layout, err = layoutOf(src.Dates)
		if p.layout.from = from; err == nil && src.Dates == yearless && from == 0 {
			err = fmt.Errorf("date_format %s has no year, and the file does not say in which year it begins", yearless)
		}
	}
	u, ok := units[src.HoursUnit]
	if !ok {
		return fmt.Errorf("hours_unit %q is not hours, minutes or seconds", src.HoursUnit)
	}
	switch p.unit = u; {
	case p.Name != "hours":
		p.unit = hours
	case src.HoursUnit == "" && len(p.fields) == 1 && p.fields[0] < len(p.header.names) && !namesHours(p.header.names[p.fields[0]]):
		p.unit = noUnit
	}
	return err
}

// namesHours reports whether the name of a column says that it counts hours, and
// nothing else.
func namesHours(header string) bool {
	named := folded(header)
	parts := strings.FieldsFunc(named, func(r rune) bool { return !unicode.IsLetter(r) })
	if slices.ContainsFunc(parts, func(part string) bool { return words[part] == minutes || words[part] == seconds }) {
		return false
	}
	return slices.ContainsFunc(parts, func(part string) bool { return words[part] == hours || part == "decimal" }) ||
		slices.ContainsFunc([]string{"hour", "stunde", "heure", "hora", "час", "ساعت"}, func(s string) bool { return strings.Contains(named, s) })
}

// settling is the settlers of all columns of a file.
type settling struct {
	*file
	columns []*settler
}

// settling configures the plans of the file and begins to settle what the source
// leaves open.
func (f *file) settling(src *Source) (*settling, error) {
	s := &settling{file: f}
	for _, p := range f.plans {
		if err := p.configure(src, f.from); err != nil {
			return nil, err
		}
		s.columns = append(s.columns, newSettler(p, src))
	}
	return s, nil
}

// row takes a row into account. Few rows say anything new: only those are judged.
func (s *settling) row(src *Source, r rawRow) {
	judged := false
	for _, c := range s.columns {
		now := *c
		if now.row(r); now.knows() == c.knows() {
			continue
		}
		if !judged && s.judge(src, r) != dataRow {
			return
		}
		*c, judged = now, true
	}
}

// enough reports whether the rest of the file can settle nothing more: what one
// column of numbers proved holds for the others.
func (s *settling) enough() bool {
	proved := slices.ContainsFunc(s.columns, func(c *settler) bool { return len(c.points) == 1 })
	return !slices.ContainsFunc(s.columns, func(c *settler) bool {
		return c.open() && !(proved && c.days == nil)
	})
}

// settle gives each plan its way of reading, or says which setting must.
func (s *settling) settle() error {
	for _, c := range s.columns {
		if err := c.settle(s.columns); err != nil {
			return &atLine{field: c.Name, err: err}
		}
	}
	return nil
}

// see takes the text of a row into account. A text that cannot be read in any
// way says nothing.
func (s *settler) see(text string) {
	text = unguarded(s.word(trimmed(text)))
	if text == "" {
		return
	}
	s.seen = true
	if len(s.days) > 0 {
		s.days = narrowed(s, text, s.days, allDays(s.Kind), func(l layout) (period.Day, bool) {
			m, ok := l.read(text)
			return m.day, ok
		})
	} else {
		s.points = narrowed(s, text, s.points, []rune{'.', ','}, func(point rune) (money.Exact, bool) {
			m := pointed(point, s.marks.given)
			if s.Kind == Duration {
				h, ok := m.duration(text, hours)
				return money.Millionths(int64(h)), ok
			}
			return m.amount(percentless(text))
		})
	}
}

func allDays(k Kind) []layout {
	if k == Month {
		return append(slices.Clone(monthGuesses), guesses...)
	}
	return guesses
}

// narrowed returns the ways that can read the text too.
func narrowed[W any, V comparable](s *settler, text string, ways, all []W, read func(W) (V, bool)) []W {
	var left []W
	var value V
	for _, way := range ways {
		v, ok := read(way)
		if !ok {
			continue
		}
		if len(left) > 0 && v != value {
			s.split, s.example = true, text
		}
		left, value = append(left, way), v
	}
	if len(left) > 0 {
		return left
	}
	for _, way := range all {
		if _, ok := read(way); ok {
			s.clash, s.example = true, text
			return nil
		}
	}
	return ways
}

// settle gives the plan its way of reading, or says which setting must. Others
// are the settlers of the same file: what one column proves holds for all.
func (s *settler) settle(others []*settler) error {
	switch {
	case s.days != nil || s.clash && s.isDay():
		return s.settleDays(others)
	case s.points != nil || s.clash:
		return s.settlePoint(others)
	}
	return nil
}

func (s *settler) isDay() bool { return s.Kind == Date || s.Kind == Month || s.Kind == Time }

var (
	errDateForm  = errors.New("the dates can be read in more than one way")
	errDateClash = errors.New("no one form of date fits the whole column")
	errMarkForm  = errors.New("the decimal mark cannot be told from the mark between thousands")
	errMarkClash = errors.New("some numbers have a decimal point, others a decimal comma")
	errNoUnit    = errors.New("nothing says whether a bare number counts hours, minutes or seconds")
)

const (
	remedyDates   = "set date_format: to the form in which this export writes dates, as in dd.mm.yyyy"
	remedyDecimal = `set decimal: to the mark before the decimals in this export, "." or ","`
	remedyUnit    = "set hours_unit: to hours, minutes or seconds"
)

func (s *settler) settleDays(others []*settler) error {
	if s.clash {
		return unsettled{errDateClash, s.example, remedyDates}
	}
	if s.split && len(s.days) > 1 {
		s.days = proved(s.days, others, func(o *settler, l layout) bool { return len(o.days) == 1 && o.days[0].text == l.text })
		if len(s.days) != 1 {
			return unsettled{errDateForm, s.example, remedyDates}
		}
	}
	s.layout, s.settledLayout = s.days[0], true
	return nil
}

// proved returns the ways that are the only one left for some other column.
func proved[W any](ways []W, others []*settler, proves func(o *settler, way W) bool) []W {
	var left []W
	for _, way := range ways {
		if slices.ContainsFunc(others, func(o *settler) bool { return proves(o, way) }) {
			left = append(left, way)
		}
	}
	return left
}

func (s *settler) settlePoint(others []*settler) error {
	if s.clash {
		return unsettled{errMarkClash, s.example, remedyDecimal}
	}
	if len(s.points) > 1 {
		ways := proved(s.points, others, func(o *settler, point rune) bool { return len(o.points) == 1 && o.points[0] == point })
		switch {
		case len(ways) == 1:
			s.points = ways
		case s.split:
			return unsettled{errMarkForm, s.example, remedyDecimal}
		}
	}
	s.marks, s.settledMarks = pointed(s.points[0], s.marks.given), true
	return nil
}

// unsettled says what cannot be decided without a setting.
type unsettled struct {
	error
	example string
	remedy  string
}

var errOtherHeader = errors.New("names of columns in the place of values")

// contradicts returns the error of a text that cannot be read as the rest of its
// column was settled to be, but can in another way: then the column was settled
// wrongly. The name of a column means that another table begins here.
func (p *plan) contradicts(text string) error {
	text = unguarded(trimmed(text))
	if text != "" && p.header.at[headerKey(text)] != nil {
		return unsettled{errOtherHeader, text, "another table begins here: export each into a file of its own"}
	}
	if _, bare := p.marks.figure(text); bare && p.Kind == Duration && p.unit == noUnit {
		return unsettled{errNoUnit, text, remedyUnit}
	}
	if p.unseen {
		_, err := p.only(text)
		return err
	}
	if p.settledLayout {
		for _, l := range allDays(p.Kind) {
			if _, ok := l.read(text); ok {
				return unsettled{errDateClash, text, remedyDates}
			}
		}
	}
	if p.settledMarks {
		other := map[rune]rune{'.': ',', ',': '.'}[p.marks.point]
		if _, ok := pointed(other, "").amount(percentless(text)); ok {
			return unsettled{errMarkClash, text, remedyDecimal}
		}
	}
	return nil
}

// only returns the plan that reads a text in the only way in which it can be
// read. It is for a column whose first rows were all typed, so that nothing has
// settled how its texts are written.
func (p *plan) only(text string) (*plan, error) {
	s := newSettler(p, &Source{})
	s.see(text)
	switch {
	case s.split && s.isDay():
		return nil, unsettled{errDateForm, text, remedyDates}
	case s.split:
		return nil, unsettled{errMarkForm, text, remedyDecimal}
	}
	q := *p
	if len(s.days) > 0 {
		q.layout = s.days[0]
	}
	if len(s.points) > 0 {
		q.marks = pointed(s.points[0], p.marks.given)
	}
	return &q, nil
}
