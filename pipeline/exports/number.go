package exports

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"clientworth/pipeline/money"
)

// marks are the signs by which a source writes numbers.
type marks struct {
	point    rune   // the decimal mark
	grouping string // marks that may stand between groups of three digits
	indian   bool   // groups of two before the last three
	given    string // the grouping as configured
}

// spaces group digits in every source: they can mean nothing else.
const spaces = " \u00a0\u202f\u2009'’`"

// pointed are the marks of a source with this decimal mark.
func pointed(point rune, grouping string) marks {
	m := marks{point: point, grouping: grouping, given: grouping}
	switch {
	case grouping == "indian":
		m.grouping, m.indian = ",", true
	case grouping == "" && point == '.':
		m.grouping = ","
	case grouping == "" && point == ',':
		m.grouping = "."
	}
	return m
}

// number is text taken apart: its digits without marks, and how many of them are
// decimals.
type number struct {
	negative bool
	digits   string
	decimals int
}

// figure reads a number by the grammar of the source: a sign or parentheses, a
// currency before or after it, groups of three digits, one decimal mark. It
// refuses everything else, exponents among it.
func (m marks) figure(text string) (n number, ok bool) {
	body, negative, ok := unsigned(text)
	if !ok {
		return n, false
	}
	n.negative = negative
	if strings.ContainsAny(body, "\u066b\u066c") { // Arabic marks say which they are
		m = pointed('.', "")
	}
	var digits strings.Builder
	whole, decimals, pointed := body, "", false
	if i := strings.IndexFunc(body, func(r rune) bool { return plain(r) == m.point }); i >= 0 && !(m.point == ',' && m.grouping == ",") {
		_, size := utf8.DecodeRuneInString(body[i:])
		whole, decimals, pointed = body[:i], body[i+size:], true
	}
	if !m.groups(whole, &digits) {
		return n, false
	}
	before := digits.Len()
	for _, r := range decimals {
		d, ok := digit(r)
		if !ok {
			return n, false
		}
		digits.WriteByte(d)
	}
	n.digits, n.decimals = digits.String(), digits.Len()-before
	return n, n.digits != "" && !(pointed && n.decimals == 0 && before == 0)
}

// groups appends the digits before the decimal mark and checks their grouping.
func (m marks) groups(whole string, to *strings.Builder) bool {
	var mark rune
	run, sizes := 0, []int(nil)
	for _, r := range whole {
		if d, ok := digit(r); ok {
			to.WriteByte(d)
			run++
			continue
		}
		r = plain(r)
		if !strings.ContainsRune(m.grouping, r) && !strings.ContainsRune(spaces, r) || mark != 0 && r != mark {
			return false
		}
		mark, sizes, run = r, append(sizes, run), 0
	}
	if mark == 0 {
		return true
	}
	if sizes[0] == 1 && strings.HasPrefix(to.String(), "0") { // 0.307 counts no thousands
		return false
	}
	for i, n := range sizes {
		switch {
		case n == 0, i == 0 && n > 3, i > 0 && !m.indian && n != 3, i > 0 && m.indian && n != 2 && n != 3:
			return false
		}
	}
	return run == 3
}

// unsigned takes signs, parentheses and a currency off a number.
func unsigned(text string) (body string, negative, ok bool) {
	body = trimmed(text)
	signs := 0
	for changed := true; changed; {
		changed = false
		switch r, size := utf8.DecodeRuneInString(body); {
		case minus(r), r == '+':
			signs, negative, changed = signs+1, negative || minus(r), true
			body = trimmed(body[size:])
		case r == '(' && strings.HasSuffix(body, ")"):
			signs, negative, changed = signs+1, true, true
			body = trimmed(body[1 : len(body)-1])
		}
		switch r, size := utf8.DecodeLastRuneInString(body); {
		case body == "":
		case minus(r):
			signs, negative, changed = signs+1, true, true
			body = trimmed(body[:len(body)-size])
		}
		if rest, found := withoutCurrency(body); found {
			body, changed = rest, true
		}
	}
	return body, negative, signs <= 1 && body != ""
}

// withoutCurrency takes one currency sign or ISO 4217 code off either end.
func withoutCurrency(s string) (string, bool) {
	if r, size := utf8.DecodeRuneInString(s); unicode.Is(unicode.Sc, r) {
		return trimmed(s[size:]), true
	}
	if r, size := utf8.DecodeLastRuneInString(s); unicode.Is(unicode.Sc, r) {
		return trimmed(s[:len(s)-size]), true
	}
	if len(s) > 3 {
		if _, err := money.CurrencyOf(s[:3]); err == nil {
			return trimmed(s[3:]), true
		}
		if _, err := money.CurrencyOf(s[len(s)-3:]); err == nil {
			return trimmed(s[:len(s)-3]), true
		}
	}
	return s, false
}

func minus(r rune) bool { return r == '-' || r == '\u2212' }

func trimmed(s string) string { return strings.TrimFunc(s, blank) }

// blank are spaces, with those that stand only for direction or byte order.
func blank(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200e' || r == '\u200f' || r == '\u200b' || r == '\ufeff'
}

// digit returns the ASCII digit of a Western, Arabic-Indic or Persian one.
func digit(r rune) (byte, bool) {
	switch {
	case r >= '0' && r <= '9':
		return byte(r), true
	case r >= '\u0660' && r <= '\u0669':
		return byte('0' + r - '\u0660'), true
	case r >= '\u06f0' && r <= '\u06f9':
		return byte('0' + r - '\u06f0'), true
	}
	return 0, false
}

// plain returns the mark that an Arabic mark stands for.
func plain(r rune) rune {
	switch r {
	case '\u066b':
		return '.'
	case '\u066c':
		return ','
	}
	return r
}

// exact returns the number in millionths, rounded half away from zero where it
// has further decimals: then it is not exact.
func (n number) exact() (e money.Exact, exact, ok bool) {
	digits, decimals := n.digits, n.decimals
	exact = true
	up := false
	for ; decimals > money.Places; decimals-- {
		last := digits[len(digits)-1]
		digits = digits[:len(digits)-1]
		exact, up = exact && last == '0', last >= '5'
	}
	digits = strings.TrimLeft(digits, "0") + strings.Repeat("0", money.Places-decimals)
	if len(digits) > 38 {
		return money.Exact{}, false, false
	}
	var hi, lo uint64
	for i := range len(digits) {
		ph, pl := bits.Mul64(lo, 10)
		var carry uint64
		lo, carry = bits.Add64(pl, uint64(digits[i]-'0'), 0)
		hi = hi*10 + ph + carry
	}
	e = money.Exact{Hi: int64(hi), Lo: lo}
	if e.Hi < 0 || e.Cmp(money.MaxExact) > 0 {
		return money.Exact{}, false, false
	}
	if up {
		e = e.Add(money.Millionths(1))
	}
	if n.negative {
		e = e.Neg()
	}
	return e, exact, true
}
