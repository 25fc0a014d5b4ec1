package facts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"clientworth/pipeline/finding"
)

// unheardWords are words of a column that no map and no table has, each once and in
// order. Of a column of free text, mapped by mistake, only the first are kept: which
// these are does not depend on who met them.
type unheardWords []string

const mostUnheard = 1000

// hear takes a word, whose bytes may be the batch's.
func (u *unheardWords) hear(word string) {
	word = strings.TrimSpace(word)
	at, known := slices.BinarySearch(*u, word)
	if known || at == mostUnheard {
		return
	}
	*u = slices.Insert(*u, at, strings.Clone(word))
	*u = (*u)[:min(len(*u), mostUnheard)]
}

// String names a few of them.
func (u unheardWords) String() string {
	const few = 5
	var said []string
	for _, word := range u[:min(few, len(u))] {
		said = append(said, strconv.Quote(word))
	}
	text := strings.Join(said, ", ")
	switch more := len(u) - few; {
	case len(u) == mostUnheard:
		text += fmt.Sprintf(" and at least %d more", more)
	case more > 0:
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// wordColumn is a column of a source whose words mean something.
type wordColumn struct{ source, field string }

// unheardIn returns the words of a column that were not known so far.
func (g *gathering) unheardIn(source, field string) *unheardWords {
	column := wordColumn{source, field}
	if g.unheard[column] == nil {
		g.unheard[column] = &unheardWords{}
	}
	return g.unheard[column]
}

// hearAll adds the words that a worker met.
func (g *gathering) hearAll(source, field string, words unheardWords) {
	all := g.unheardIn(source, field)
	for _, word := range words {
		all.hear(word)
	}
}

// sayUnheard reports the words of each source's column that are not known.
func (g *gathering) sayUnheard() {
	for column, words := range g.unheard {
		if len(*words) == 0 {
			continue
		}
		rule := ruleUnknownWord
		if column.field == "cause" {
			rule = ruleUnknownCause
		}
		g.findings.Add(finding.Finding{Rule: rule, Place: finding.Place{File: column.source, Field: column.field}, Detail: words.String()})
	}
}
