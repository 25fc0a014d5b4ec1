package exports

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"clientworth/pipeline/period"
)

// layout is how a source writes the day: its parts in their order. What follows
// the day may be a time of day, in any of the usual forms.
type layout struct {
	text  string
	parts []part
	// Of a layout without a year: the day from which on a date comes first.
	from period.Day
}

type part struct {
	kind  partKind
	text  string // of a literal
	exact bool   // digits follow at once, so the part has its full width
	width int
}

type partKind uint8

const (
	literal partKind = iota
	year
	month
	monthName
	dayOfMonth
	weekday
)

// layoutOf reads a layout as a spreadsheet writes it: yyyy-mm-dd, dd.mm.yyyy
// hh:mm, d-mmm-yy. From the first hour on it is a time of day and not looked at.
func layoutOf(text string) (layout, error) {
	l := layout{text: text}
	seen := map[partKind]int{}
	for rest := strings.ToLower(text); rest != ""; {
		c := rest[0]
		n := len(rest) - len(strings.TrimLeft(rest, string(c)))
		if c == 'h' || strings.HasPrefix(rest, "t") && strings.HasPrefix(rest[1:], "h") {
			break
		}
		p, err := partOf(c, n, rest)
		if err != nil {
			return l, fmt.Errorf("date layout %q: %w", text, err)
		}
		if p.kind == literal {
			_, n = utf8.DecodeRuneInString(rest)
			if c == '"' || c == '\'' {
				if i := strings.IndexByte(rest[1:], c); i >= 0 {
					p.text, n = rest[1:1+i], i+2
				}
			}
		}
		seen[p.kind]++
		l.parts = append(l.parts, p)
		rest = rest[n:]
	}
	for i := range l.parts[:max(len(l.parts)-1, 0)] {
		l.parts[i].exact = l.parts[i].kind != literal && l.parts[i+1].kind != literal && l.parts[i+1].kind != monthName
	}
	for n := len(l.parts); n > 0 && l.parts[n-1].kind == literal && strings.TrimSpace(l.parts[n-1].text) == ""; n-- {
		l.parts = l.parts[:n-1]
	}
	if seen[year] != 1 && text != yearless || seen[dayOfMonth] > 1 || seen[month]+seen[monthName] != 1 {
		return l, fmt.Errorf("date layout %q has not one year and one month", text)
	}
	return l, nil
}

// CheckLayout reports what is wrong with a date layout of the configuration.
func CheckLayout(text string) error {
	_, err := layoutOf(text)
	return err
}

func partOf(c byte, n int, rest string) (part, error) {
	switch {
	case c == 'y' && (n == 2 || n == 4):
		return part{kind: year, width: n}, nil
	case c == 'm' && n <= 2:
		return part{kind: month, width: n}, nil
	case c == 'm' && n <= 4:
		return part{kind: monthName}, nil
	case c == 'd' && n <= 2:
		return part{kind: dayOfMonth, width: n}, nil
	case c == 'd' && n <= 4:
		return part{kind: weekday}, nil
	case c >= 'a' && c <= 'z':
		return part{}, fmt.Errorf("%q means nothing; use y, m, d, h and s", rest[:n])
	}
	_, size := utf8.DecodeRuneInString(rest)
	return part{kind: literal, text: rest[:size]}, nil
}

// moment is a day, and the time of day where the text has one.
type moment struct {
	day    period.Day
	clock  time.Duration // since midnight
	timed  bool
	offset int  // seconds east of Greenwich
	zoned  bool // the text says so
}

// yearless is the one layout without a year; a leading zero may be lost.
const yearless = "ddmm"

// read reads a date by the layout.
func (l layout) read(text string) (m moment, ok bool) {
	rest := trimmed(text)
	if l.text == yearless && len(rest) == 3 {
		rest = "0" + rest
	}
	y, mon, d := 0, 0, 1
	for _, p := range l.parts {
		switch p.kind {
		case literal:
			if rest, ok = cutLiteral(rest, p.text); !ok {
				return m, false
			}
		case weekday:
			rest = strings.TrimLeftFunc(rest, unicode.IsLetter)
		case monthName:
			if mon, rest, ok = monthNamed(rest); !ok {
				return m, false
			}
		default:
			n, after, ok := digitsOf(rest, p)
			if !ok {
				return m, false
			}
			rest = after
			switch p.kind {
			case year:
				y = fullYear(n, p.width)
			case month:
				mon = n
			case dayOfMonth:
				d = n
			}
		}
	}
	if l.text == yearless {
		m.day, ok = within(l.from, mon, d)
	} else {
		m.day, ok = period.DayOf(y, mon, d)
	}
	if !ok {
		return m, false
	}
	return m.withClock(rest)
}

func cutLiteral(rest, literal string) (string, bool) {
	if strings.TrimSpace(literal) == "" {
		after := strings.TrimLeftFunc(rest, blank)
		return after, len(after) < len(rest)
	}
	return strings.CutPrefix(rest, literal)
}

// digitsOf reads the digits of a part: all there are, up to its greatest width.
func digitsOf(s string, p part) (n int, rest string, ok bool) {
	most, least := 2, 1
	if p.kind == year {
		most, least = p.width, p.width
	} else if p.exact {
		least = 2
	}
	count := 0
	for i, r := range s {
		d, isDigit := digit(r)
		if !isDigit || count == most {
			return n, s[i:], count >= least && !(isDigit && !p.exact)
		}
		n, count = n*10+int(d-'0'), count+1
	}
	return n, "", count >= least
}

// fullYear takes a year of two digits for the one from 1930 to 2029 that
// spreadsheets take it for.
func fullYear(n, width int) int {
	switch {
	case width == 4:
		return n
	case n < 30:
		return 2000 + n
	}
	return 1900 + n
}

// monthNames are the first letters by which a month's name is known.
var monthNames = [12][]string{
	{"jan", "янв"}, {"feb", "fév", "фев"}, {"mar", "mär", "mrz", "мар"}, {"apr", "avr", "апр"},
	{"may", "mai", "май", "мая"}, {"jun", "juin", "июн"}, {"jul", "juil", "июл"}, {"aug", "aoû", "авг"},
	{"sep", "сен"}, {"oct", "okt", "окт"}, {"nov", "ноя"}, {"dec", "dez", "déc", "дек"},
}

func monthNamed(s string) (n int, rest string, ok bool) {
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(s)
	}
	word := strings.ToLower(s[:end])
	for i, names := range monthNames {
		for _, name := range names {
			if strings.HasPrefix(word, name) {
				return i + 1, strings.TrimPrefix(s[end:], "."), true
			}
		}
	}
	return 0, s, false
}

// withClock reads what follows the day: nothing, or a time of day.
func (m moment) withClock(rest string) (moment, bool) {
	rest = trimmed(rest)
	if rest == "" {
		return m, true
	}
	if rest[0] == 'T' || rest[0] == 't' || rest[0] == ',' {
		rest = trimmed(rest[1:])
	}
	clock, rest, ok := clockOf(rest)
	if !ok {
		return m, false
	}
	m.clock, m.timed = clock, true
	m.offset, m.zoned, ok = offsetOf(trimmed(rest))
	return m, ok
}

// clockOf reads h:mm, h:mm:ss with any decimals, and AM or PM after it.
func clockOf(s string) (d time.Duration, rest string, ok bool) {
	var v [3]int
	n := 0
	for rest = s; n < 3; n++ {
		if n > 0 {
			if rest == "" || rest[0] != ':' {
				break
			}
			rest = rest[1:]
		}
		if v[n], rest, ok = digitsOf(rest, part{kind: dayOfMonth, exact: n > 0}); !ok {
			return 0, s, false
		}
	}
	if n < 2 || v[0] > 24 || v[1] > 59 || v[2] > 60 {
		return 0, s, false
	}
	d = time.Duration(v[0])*time.Hour + time.Duration(v[1])*time.Minute + time.Duration(v[2])*time.Second
	if n == 3 && rest != "" && (rest[0] == '.' || rest[0] == ',') {
		rest = strings.TrimLeft(rest[1:], "0123456789")
	}
	half := strings.ToLower(strings.ReplaceAll(trimmed(rest), ".", ""))
	if strings.HasPrefix(half, "am") || strings.HasPrefix(half, "pm") {
		if v[0] < 1 || v[0] > 12 {
			return 0, s, false
		}
		d -= time.Duration(v[0]/12*12) * time.Hour
		if half[0] == 'p' {
			d += 12 * time.Hour
		}
		rest = half[2:]
	}
	return d, rest, d <= 24*time.Hour
}

// offsetOf reads Z, UTC, GMT or +hh:mm.
func offsetOf(s string) (seconds int, zoned, ok bool) {
	switch strings.ToUpper(s) {
	case "":
		return 0, false, true
	case "Z", "UTC", "GMT":
		return 0, true, true
	}
	for _, form := range []string{"-07:00", "-0700", "-07"} {
		if t, err := time.Parse(form, s); err == nil {
			_, seconds = t.Zone()
			return seconds, true, true
		}
	}
	return 0, false, false
}

// in returns the day that it was at home. Without a time of day, or without a
// zone to come from, it is the day as written.
func (m moment) in(zone, home *time.Location) period.Day {
	if m.zoned {
		zone = time.FixedZone("", m.offset)
	}
	if !m.timed || zone == nil || home == nil || zone.String() == home.String() {
		return m.day
	}
	y, mo, d := m.day.Date()
	// What the clock shows is no time since midnight on a day that the clock changes.
	t := time.Date(y, time.Month(mo), d, 0, 0, int(m.clock/time.Second), 0, zone).In(home)
	day, _ := period.DayOf(t.Year(), int(t.Month()), t.Day())
	return day
}

// seconds counts from 1970-01-01, as the clock shows it. Of a time without a day
// it counts from midnight.
func (m moment) seconds() int64 {
	s := int64(m.clock / time.Second)
	if m.day == 0 {
		return s
	}
	return int64(m.day-period.UnixEpoch)*86400 + s - int64(m.offset)
}

// clockOnly reads a time without a day.
func clockOnly(text string) (m moment, ok bool) {
	clock, rest, ok := clockOf(text)
	return moment{clock: clock, timed: true}, ok && trimmed(rest) == ""
}

// guesses are the layouts that a column without a configured one may have. A
// year of two digits comes last.
var guesses = func() (all []layout) {
	for _, sep := range []string{"-", "/", ".", " "} {
		for _, form := range []string{"yyyy-mm-dd", "dd-mm-yyyy", "mm-dd-yyyy", "dd-mm-yy", "mm-dd-yy", "dd-mmm-yyyy", "dd-mmm-yy", "mmm-dd-yyyy"} {
			all = append(all, must(layoutOf(strings.ReplaceAll(form, "-", sep))))
		}
	}
	for _, form := range []string{"yyyymmdd", "mmm d, yyyy", "ddd, mmm d, yyyy"} {
		all = append(all, must(layoutOf(form)))
	}
	return all
}()

// monthGuesses are the layouts of a column of months, besides those of days.
var monthGuesses = []layout{
	must(layoutOf("yyyy-mm")), must(layoutOf("yyyy/mm")), must(layoutOf("mm/yyyy")), must(layoutOf("mm.yyyy")), must(layoutOf("mm-yyyy")),
	must(layoutOf("mmm yyyy")), must(layoutOf("mmm-yyyy")), must(layoutOf("mmm-yy")),
}

func must(l layout, err error) layout {
	if err != nil {
		panic(err)
	}
	return l
}
