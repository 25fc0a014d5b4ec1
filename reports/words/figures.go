package words

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// manner is how a language writes figures.
type manner struct {
	group, point string
	percent      string
	rightToLeft  bool
	// form tells which form of a word goes with a number, from 0.
	form func(n int) int
}

var manners = map[Language]manner{
	English: {group: ",", point: ".", percent: "%", form: func(n int) int {
		if n == 1 {
			return 0
		}
		return 1
	}},
	// Russian has three forms: 1 клиент, 2 клиента, 5 клиентов.
	Russian: {group: "\u00a0", point: ",", percent: "\u00a0%", form: func(n int) int {
		n = max(n, -n)
		switch {
		case n%10 == 1 && n%100 != 11:
			return 0
		case n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
			return 1
		}
		return 2
	}},
	// A Persian noun stays as it is after a number.
	Persian: {group: ",", point: ".", percent: "%", rightToLeft: true, form: func(int) int { return 0 }},
}

const minus = "\u2212"

// toRight is the mark that keeps what follows in the order in which figures are
// read: between Persian words 2026-10 would show as 10-2026, and a minus behind its
// number.
const toRight = "\u200e"

func (w *Words) figure(s string) string {
	if w.manner.rightToLeft {
		return toRight + s
	}
	return s
}

// Count writes a whole number: 12,340.
func (w *Words) Count(n int) string { return w.grouped(strconv.Itoa(n)) }

// Amount writes an amount in whole units of the currency, as sentences do:
// 48,200. Half a unit is rounded away from zero.
func (w *Words) Amount(a money.Amount) string {
	unit := int64(math.Pow10(w.Currency.Places))
	whole := (int64(a.Abs()) + unit/2) / unit
	if a < 0 {
		whole = -whole
	}
	return w.grouped(strconv.FormatInt(whole, 10))
}

// Percent writes a fraction in per cent, whole: 61%.
func (w *Words) Percent(f float64) string {
	return w.grouped(strconv.FormatFloat(100*f, 'f', 0, 64)) + w.manner.percent
}

// Percent1 writes a fraction in per cent to one place: 61.4%.
func (w *Words) Percent1(f float64) string {
	return w.grouped(strconv.FormatFloat(100*f, 'f', 1, 64)) + w.manner.percent
}

// Decimal writes a number with the given places.
func (w *Words) Decimal(f float64, places int) string {
	return w.grouped(strconv.FormatFloat(f, 'f', places, 64))
}

// Hours writes hours to one place. Half of it is rounded away from zero.
func (w *Words) Hours(h measure.Hours) string {
	const tenth = measure.Million / 10
	tenths := (int64(max(h, -h)) + tenth/2) / tenth
	s := fmt.Sprintf("%d.%d", tenths/10, tenths%10)
	if h < 0 {
		s = "-" + s
	}
	return w.grouped(s)
}

// grouped writes a plain decimal with the language's marks.
func (w *Words) grouped(s string) string {
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	var b strings.Builder
	if s[0] == '-' && strings.Trim(s, "-0.") != "" {
		b.WriteString(w.figure(minus))
	}
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(w.manner.group)
		}
		b.WriteRune(d)
	}
	if fraction != "" {
		b.WriteString(w.manner.point + fraction)
	}
	return b.String()
}

// Day writes a day as ISO 8601 has it, with the Jalali day beside it in Persian.
func (w *Words) Day(d period.Day) string {
	if w.Language != Persian || d == 0 {
		return d.String()
	}
	year, month, day := jalali(d)
	return fmt.Sprintf("%s (%s)", w.figure(d.String()), w.figure(fmt.Sprintf("%04d-%02d-%02d", year, month, day)))
}

// Sure writes a probability in per cent; neither 0 nor 100, which nobody is.
func (w *Words) Sure(p float64) string {
	switch {
	case p > 0.99:
		return w.Say("figure.over", w.Percent(0.99))
	case p < 0.01:
		return w.Say("figure.under", w.Percent(0.01))
	}
	return w.Percent(p)
}

// P writes the p-value of a test: p = 0.012, or p < 0.001.
func (w *Words) P(p float64) string {
	if p < 0.001 {
		return w.figure(w.Say("figure.p under", w.Decimal(0.001, 3)))
	}
	return w.figure(w.Say("figure.p", w.Decimal(p, 3)))
}

// Month writes a month as ISO 8601 has it, with the Jalali months that it touches
// beside it in Persian.
func (w *Words) Month(m period.Month) string {
	if w.Language != Persian || m == 0 {
		return m.String()
	}
	_, from, _ := jalali(m.First())
	year, to, _ := jalali(m.Last())
	return fmt.Sprintf("%s (%s/%s %04d)", w.figure(m.String()), jalaliMonths[from-1], jalaliMonths[to-1], year)
}

// Months writes a run of months: 2025-11 to 2026-10.
func (w *Words) Months(m period.Window) string {
	return w.Say("figure.between", w.figure(m.First.String()), w.figure(m.Last.String()))
}
