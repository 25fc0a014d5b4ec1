// Package words holds every text that the reports say, in each language, and
// the ways of writing figures within sentences. A text is named by a key; the
// same keys stand in each catalogue.
package words

import (
	"embed"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"clientworth/pipeline/money"
)

// Language is a language that reports are written in, as a BCP 47 tag.
type Language string

const (
	English Language = "en"
	Russian Language = "ru"
	Persian Language = "fa"
)

//go:embed *.txt
var files embed.FS

// Key names a text.
type Key string

// Words speaks one language and writes amounts of one currency.
type Words struct {
	Language Language
	Currency money.Currency
	texts    map[Key]string
	manner   manner
}

// In returns the words of a language. The empty language is English.
func In(l Language, c money.Currency) (*Words, error) {
	if l == "" {
		l = English
	}
	m, ok := manners[l]
	if !ok {
		return nil, fmt.Errorf("no reports in the language %q", l)
	}
	texts, err := read(l)
	if err != nil {
		return nil, err
	}
	return &Words{Language: l, Currency: c, texts: texts, manner: m}, nil
}

// RightToLeft reports whether the language is written from right to left.
func (w *Words) RightToLeft() bool { return w.manner.rightToLeft }

// read reads a catalogue: lines "key: text", "#" for comments. A line that
// begins with a space continues the text before it.
func read(l Language) (map[Key]string, error) {
	b, err := files.ReadFile(string(l) + ".txt")
	if err != nil {
		return nil, err
	}
	texts := map[Key]string{}
	var last Key
	for n, line := range strings.Split(string(b), "\n") {
		switch {
		case line == "" || line[0] == '#':
			continue
		case line[0] == ' ':
			texts[last] += " " + strings.TrimSpace(line)
			continue
		}
		key, text, ok := strings.Cut(line, ": ")
		if _, twice := texts[Key(key)]; !ok || twice {
			return nil, fmt.Errorf("%s.txt:%d: no \"key: text\", or the key stands there twice: %s", l, n+1, line)
		}
		last = Key(key)
		texts[last] = strings.TrimSpace(text)
	}
	return texts, nil
}

// Say returns a text with its figures. {0} stands for the first of them, and
// {0|client|clients} for the form of a word that goes with it, where it is a
// whole number. A missing text is a programming error that a test finds.
func (w *Words) Say(k Key, figures ...any) string {
	text, ok := w.texts[k]
	if !ok {
		panic(fmt.Sprintf("words: no text %q in language %q", k, w.Language))
	}
	if !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		slot, after, _ := strings.Cut(rest, "}")
		b.WriteString(w.fill(k, slot, figures))
		text = after
	}
}

func (w *Words) fill(k Key, slot string, figures []any) string {
	forms := strings.Split(slot, "|")
	i := int(forms[0][0] - '0')
	if i < 0 || i >= len(figures) {
		panic(fmt.Sprintf("words: text %q has no figure %s", k, slot))
	}
	if len(forms) > 1 {
		n, _ := figures[i].(int)
		return forms[1+min(w.manner.form(n), len(forms)-2)]
	}
	switch v := figures[i].(type) {
	case int:
		return w.Count(v)
	case string:
		return w.insulated(v)
	case fmt.Stringer:
		return v.String()
	}
	panic(fmt.Sprintf("words: text %q was given a %T", k, figures[i]))
}

// insulated keeps the mark that a name ends with at its end: after Latin or Cyrillic
// letters in a sentence from right to left, "B.V." would lose its last point to
// the sentence.
func (w *Words) insulated(name string) string {
	if !w.manner.rightToLeft {
		return name
	}
	letters := strings.TrimRightFunc(name, unicode.IsPunct)
	last, _ := utf8.DecodeLastRuneInString(letters)
	if letters == name || !unicode.In(last, unicode.Latin, unicode.Cyrillic, unicode.Greek) {
		return name
	}
	const leftToRight = "\u200e"
	return name + leftToRight
}

// Plain returns text of an export as it may be shown: without control
// characters and without characters that turn the direction of writing.
func Plain(s string) string {
	clean := func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case r < ' ', r >= 0x7f && r < 0xa0, r == 0x200e, r == 0x200f, r == 0x061c,
			r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return -1
		}
		return r
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			s = strings.Map(clean, s)
			break
		}
	}
	return strings.TrimSpace(s)
}

// Languages returns the languages of the reports.
func Languages() []Language { return []Language{English, Russian, Persian} }
