package pipeline

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"clientworth/pipeline/costing"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/verdict"
	"clientworth/pipeline/worth"
)

// Every rule has a name of its own, a sentence and a remedy, all written alike,
// so that a list of findings reads like one text.
func TestRulesReadAlike(t *testing.T) {
	kebab := regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for _, r := range slices.Concat(Rules, exports.Rules, facts.Rules, costing.Rules, worth.Rules, verdict.Rules) {
		if !kebab.MatchString(r.Name) || seen[r.Name] {
			t.Errorf("rule %q: a name is lower-case words with hyphens, and its own", r.Name)
		}
		seen[r.Name] = true
		for _, text := range []string{r.Sentence, r.Remedy} {
			first, _ := utf8.DecodeRuneInString(text)
			if text == "" || unicode.IsUpper(first) || strings.HasSuffix(text, ".") {
				t.Errorf("rule %s: %q should begin in lower case and end without a stop", r.Name, text)
			}
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d rules: is a table missing?", len(seen))
	}
}
