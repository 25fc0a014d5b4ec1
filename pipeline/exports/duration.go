package exports

import (
	"strings"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// unit is what a bare number of a duration counts, in seconds.
type unit int64

const (
	noUnit  unit = 0
	seconds unit = 1
	minutes unit = 60
	hours   unit = 3600
)

var units = map[string]unit{"": hours, "hours": hours, "minutes": minutes, "seconds": seconds}

// duration reads 1:30, 1:30:00, 1.5, 1h 30m, 90m and bare numbers of the given
// unit, in millionths of an hour, rounded half away from zero where a second is
// not a whole number of them. A duration may be negative and pass 24 hours.
func (m marks) duration(text string, bare unit) (measure.Hours, bool) {
	text = trimmed(text)
	if strings.Contains(text, ":") {
		return colons(text)
	}
	if strings.IndexFunc(text, letter) >= 0 {
		return m.worded(text)
	}
	n, ok := m.figure(text)
	if !ok || bare == noUnit {
		return 0, false
	}
	return n.of(bare)
}

// of returns a number of units in millionths of an hour.
func (n number) of(u unit) (measure.Hours, bool) {
	e, _, ok := n.exact() // a duration is rounded to millionths of an hour anyway
	if !ok {
		return 0, false
	}
	return u.times(e)
}

// times returns so many units in millionths of an hour.
func (u unit) times(e money.Exact) (measure.Hours, bool) {
	e, err := e.Scale(money.Millionths(int64(u)), money.Millionths(int64(hours)))
	h, ok := e.Int64()
	return measure.Hours(h), err == nil && ok
}

// colons reads h:mm and h:mm:ss, after an optional minus.
func colons(text string) (measure.Hours, bool) {
	body, negative, ok := unsigned(text)
	if !ok {
		return 0, false
	}
	total, n := int64(0), 0
	for field := range strings.SplitSeq(body, ":") {
		v, ok := int64(0), field != ""
		count := 0
		for _, r := range field {
			d, isDigit := digit(r)
			ok = ok && isDigit && count < 7
			v, count = v*10+int64(d)-'0', count+1
		}
		if n++; !ok || n > 3 || n > 1 && (count != 2 || v > 59) {
			return 0, false
		}
		total = total*60 + v
	}
	if n == 2 {
		total *= 60
	}
	return signedHours(total, negative)
}

func signedHours(total int64, negative bool) (measure.Hours, bool) {
	h := (total*measure.Million + int64(hours)/2) / int64(hours)
	if negative {
		h = -h
	}
	return measure.Hours(h), true
}

func letter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 'а' && r <= 'я'
}

// words are the units that a duration may name. A day is not among them: nobody
// knows how many hours it has.
var words = map[string]unit{
	"h": hours, "hr": hours, "hrs": hours, "hour": hours, "hours": hours, "std": hours, "ч": hours, "час": hours, "часов": hours,
	"m": minutes, "min": minutes, "mins": minutes, "minute": minutes, "minutes": minutes, "мин": minutes,
	"s": seconds, "sec": seconds, "secs": seconds, "second": seconds, "seconds": seconds, "сек": seconds, "с": seconds,
}

// worded reads 2h 30m, 90m, 1.5 h, 45 sec: each unit at most once, the larger
// first.
func (m marks) worded(text string) (measure.Hours, bool) {
	negative := false
	if rest, cut := strings.CutPrefix(text, "-"); cut {
		text, negative = rest, true
	}
	var total measure.Hours
	last := hours + 1
	for text = strings.ToLower(text); text != ""; {
		at := strings.IndexFunc(text, letter)
		if at <= 0 {
			return 0, false
		}
		n, ok := m.figure(text[:at])
		text = text[at:]
		end := strings.IndexFunc(text, func(r rune) bool { return !letter(r) })
		if end < 0 {
			end = len(text)
		}
		u := words[text[:end]]
		if !ok || n.negative || u == noUnit || u >= last {
			return 0, false
		}
		h, ok := n.of(u)
		if !ok || h > 1<<60 {
			return 0, false
		}
		total, last = total+h, u
		text = strings.TrimLeft(text[end:], " .,")
	}
	if negative {
		total = -total
	}
	return total, true
}
