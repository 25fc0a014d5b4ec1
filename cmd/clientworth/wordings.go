package main

import (
	"fmt"
	"slices"
	"strings"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
)

// wordings holds, for the columns whose words mean something, those of an export
// that are not known until they are mapped: a credit note or our own error that
// nobody maps counts as any other invoice or any other work.
type wordings map[string][]string

// meant says for each of these columns how its words are mapped.
var meant = []struct{ column, how string }{
	{"kind", "credits and what is no revenue are told by {column: %s, map: {credit: [...], no revenue: [...]}}"},
	{"status", "drafts and what was cancelled are told by {column: %s, map: {no revenue: [...]}}"},
	{"cause", "what is our own error is told by {column: %s, map: {own_error: [...]}}"},
}

// fewWords is how many words of a column are shown at most.
const fewWords = 8

// row takes the words of a row. Presets map their own, incidents have words of ours.
func (v wordings) row(s *exports.Source, r exports.Row) {
	if s.Preset != "" || s.Input == exports.Incidents {
		return
	}
	for _, m := range meant {
		if word := r.Text(m.column); word != "" && !facts.Known(m.column, word) && len(v[m.column]) <= fewWords && !slices.Contains(v[m.column], word) {
			v[m.column] = append(v[m.column], strings.Clone(word))
		}
	}
}

// text shows the words, where they are few, as comments of an entry.
func (v wordings) text(s *exports.Source) (lines string) {
	for _, m := range meant {
		words, header := v[m.column], m.column
		if mapping, ok := s.Columns[m.column]; ok {
			header = mapping.Header[0]
		}
		if n := len(words); n > 0 && n <= fewWords {
			slices.Sort(words)
			lines += fmt.Sprintf("    # %s says %s: %s\n", m.column, oneLine(strings.Join(words, ", ")), fmt.Sprintf(m.how, yamlText(header)))
		}
	}
	return lines
}
