package clients

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Normal is a name as names are compared: in Unicode's NFKC, without case,
// quotes and punctuation, with single spaces, Arabic letters as Persian writes
// them, and digits as 0 to 9. Two names are the same only if their Normal is.
type Normal string

// Normalise returns the normal form of a name. A name of nothing but signs has
// none.
func Normalise(name string) Normal {
	if n, ok := quick(name); ok {
		return n
	}
	return Normal(settled(name))
}

// settled takes the form until it stays, since where a sign vanishes a letter may
// meet its accent; twice does for all names that people have.
func settled(name string) string {
	for range 8 {
		form := folded(name)
		if form == name {
			break
		}
		name = form
	}
	return name
}

// folded takes the form once. Folding alone turns the two cases of Cherokee into
// each other; lower case settles them.
func folded(name string) string {
	return collapse(dotted.Replace(strings.ToLower(fold.String(norm.NFKC.String(name)))))
}

// dotted takes the dot off that folding leaves above the small letter of İ: I is the
// capital of i and, in Turkish, of ı, as İ is of i, so all four are one letter in two cases.
var dotted = strings.NewReplacer("i\u0307", "i")

var fold = cases.Fold()

// quick normalises names of letters and signs whose form depends on no other, all
// at once: most names of most exports.
func quick(name string) (Normal, bool) {
	var room [64]byte
	b, gap := room[:0], false
	for _, r := range name {
		page := int(r / pageLetters)
		if page >= len(alone) {
			return "", false
		}
		switch r = alone[page]()[r%pageLetters]; r {
		case unsettled:
			return "", false
		case vanishes:
			continue
		case separates:
			gap = true
			continue
		}
		if gap && len(b) > 0 {
			b = append(b, ' ')
		}
		gap = false
		b = utf8.AppendRune(b, r)
	}
	if string(b) == name {
		return Normal(name), true
	}
	return Normal(b), true
}

// What a letter or sign becomes that does not become another letter.
const (
	vanishes  rune = 0
	separates rune = ' '
	unsettled rune = -1 // that depends on others, or is several letters
)

// pageLetters is how many letters' forms are worked out together: no more than one
// or two scripts are met by most runs.
const pageLetters = 128

// alone has the forms of letters and signs that stand alone, from those of ASCII to
// Arabic ones, page by page.
var alone = func() (pages [0x700 / pageLetters]func() []rune) {
	for page := range pages {
		pages[page] = sync.OnceValue(func() []rune {
			forms := make([]rune, pageLetters)
			for i := range forms {
				forms[i] = formOf(rune(page*pageLetters + i))
			}
			return forms
		})
	}
	return pages
}()

// formOf returns what a letter or sign becomes wherever it stands, as far as that
// is one letter: nothing on the way joins what stands before it.
func formOf(r rune) rune {
	once := []rune(strings.ToLower(fold.String(norm.NFKC.String(string(r)))))
	if len(once) != 1 || !apart(r) || !apart(once[0]) {
		return unsettled
	}
	form := single(once[0])
	if form != vanishes && form != separates && (!apart(form) || folded(string(form)) != string(form)) {
		return unsettled
	}
	return form
}

// apart reports whether a letter or sign never joins what stands before it.
func apart(r rune) bool { return norm.NFKC.PropertiesString(string(r)).BoundaryBefore() }

// collapse drops what does not tell names apart: marks that join or direct text
// vanish, as does the full stop of abbreviations (S.A. is SA) and the
// apostrophe; every other sign separates words.
func collapse(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch r = single(r); r {
		case vanishes:
			continue
		case separates:
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(r)
	}
	return b.String()
}

// single returns what a letter or sign in small letters becomes by itself.
func single(r rune) rune {
	if v, ok := variants[r]; ok {
		r = v
	}
	switch {
	case r == 0, unicode.Is(unicode.Cf, r), strings.ContainsRune(".'`´‘’ʼ", r), isVowelSign(r):
		return vanishes
	case unicode.IsDigit(r):
		return digit(r)
	case !unicode.IsLetter(r) && !unicode.IsMark(r):
		return separates
	}
	return r
}

// variants are letters that Arabic and Persian keyboards write differently, and
// small letters of one capital; zero is dropped.
var variants = map[rune]rune{
	'ي': 'ی', 'ى': 'ی', 'ئ': 'ی', 'ك': 'ک', 'ة': 'ه', 'ۀ': 'ه', 'ە': 'ه',
	'أ': 'ا', 'إ': 'ا', 'ٱ': 'ا', 'ؤ': 'و', 'ـ': 0, 'ё': 'е', 'ı': 'i',
}

// isVowelSign reports Arabic vowel signs, which are written or not at will.
func isVowelSign(r rune) bool { return r >= 0x064B && r <= 0x0652 || r == 0x0670 }

// digit returns 0 to 9 for a digit of any script: a script's digits stand in a
// row from a code point that ends in 0 or 6.
func digit(r rune) rune {
	switch {
	case r >= 0x0660 && r <= 0x0669:
		return r - 0x0660 + '0'
	case r >= 0x06F0 && r <= 0x06F9:
		return r - 0x06F0 + '0'
	}
	return r
}

// Bare is the name without legal forms at its ends: "acme ltd" is "acme", "ооо
// ромашка" is "ромашка". A name of legal forms alone stays as it is.
func (n Normal) Bare() Normal {
	for length := n.formAtEnd(); length > 0; length = n.formAtEnd() {
		n = n[:len(n)-length]
	}
	for length := n.formAtStart(); length > 0; length = n.formAtStart() {
		n = n[length:]
	}
	return n
}

// longestForm is how many words the longest legal form has.
const longestForm = 3

// formAtEnd returns the length of the legal form after a name, with the space between
// them; 0 is none.
func (n Normal) formAtEnd() (length int) {
	at := len(n)
	for range longestForm {
		if at = strings.LastIndexByte(string(n[:at]), ' '); at < 0 {
			break
		}
		if forms()[string(n[at+1:])] {
			length = len(n) - at
		}
	}
	return length
}

// formAtStart is [Normal.formAtEnd] of the form before a name.
func (n Normal) formAtStart() (length int) {
	from := 0
	for range longestForm {
		space := strings.IndexByte(string(n[from:]), ' ')
		if space < 0 {
			break
		}
		if leading()[string(n[:from+space])] {
			length = from + space + 1
		}
		from += space + 1
	}
	return length
}

// Legal forms as they stand in normal form: after a name, and before it.
var (
	forms = sync.OnceValue(func() map[string]bool {
		return wordSet(`ltd|limited|llc|llp|lp|inc|incorporated|corp|corporation|co|company|plc|pty|pty ltd|pvt|pvt ltd|private limited|pte|pte ltd|
			gmbh|gmbh co kg|mbh|ag|kg|kgaa|ohg|gbr|ug|ev|eg|se|sa|sas|sasu|sarl|eurl|snc|scs|sl|slu|sau|srl|spa|sapa|lda|ltda|sa de cv|
			bv|nv|vof|cv|oy|oyj|ab|hb|as|asa|aps|is|ehf|hf|kft|zrt|nyrt|bt|sro|as|doo|dd|ad|ead|eood|ood|sp zoo|sp z oo|sp j|sp k|uab|sia|ou|
			ооо|зао|оао|пао|ао|нао|ип|тоо|чп|тов|ат|пат|kk|gk|sdn bhd|bhd|tbk|jsc|ojsc|cjsc|pjsc|fze|fzco|wll|dmcc|
			سهامی خاص|سهامی عام|با مسئولیت محدود|با مسیولیت محدود|مسیولیت محدود|ش م م`)
	})
	leading = sync.OnceValue(func() map[string]bool {
		return wordSet(`ооо|зао|оао|пао|ао|нао|ип|тоо|чп|тов|ат|пат|pt|cv|شرکت|موسسه`)
	})
)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.SplitSeq(list, "|") {
		set[strings.TrimSpace(w)] = true
	}
	return set
}

// skeleton writes letters of Cyrillic and Greek that look like Latin ones as
// those, and all without their accents: names of one skeleton look the same.
func (n Normal) skeleton() string {
	return strings.Map(func(r rune) rune {
		switch l, ok := lookalikes[r]; {
		case ok:
			return l
		case r >= 0x0300 && r <= 0x036F:
			return -1
		}
		return r
	}, norm.NFD.String(string(n)))
}

var lookalikes = func() map[rune]rune {
	m := map[rune]rune{}
	from, to := []rune("авеікмнорстухѕјԁԛԝһαβεικνορτυχ"), []rune("abeikmhopctyxsjdqwhabeikvoptux")
	for i, r := range from {
		m[r] = to[i]
	}
	return m
}()

// mixed reports whether a word of the name has letters of two scripts of which
// one could hide as the other.
func (n Normal) mixed() bool {
	for w := range strings.FieldsSeq(string(n)) {
		scripts := 0
		for _, of := range []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek} {
			if strings.ContainsFunc(w, func(r rune) bool { return unicode.Is(of, r) }) {
				scripts++
			}
		}
		if scripts > 1 {
			return true
		}
	}
	return false
}
