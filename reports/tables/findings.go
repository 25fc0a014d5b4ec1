package tables

import (
	"iter"

	"clientworth/pipeline/finding"
)

// FindingColumns is the columns of the findings table.
var FindingColumns = []Column{
	{Name: "effect"}, {Name: "rule"}, {Name: "file"}, {Name: "sheet"}, {Name: "line", Kind: Whole}, {Name: "column", Kind: Whole}, {Name: "field"},
	{Name: "what"}, {Name: "detail"}, {Name: "money", Kind: Decimal, Places: 6}, {Name: "hours", Kind: Fraction, Places: 6}, {Name: "remedy"},
}

// Findings is a row for each finding kept: what was set aside first, then what
// is unmapped, then notes; by rule and place.
func Findings(log *finding.Log) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, rule := range log.Rules() {
			for _, f := range log.Kept(rule) {
				if !yield(findingRow(rule, f)) {
					return
				}
			}
		}
	}
}

func findingRow(rule *finding.Rule, f finding.Finding) Row {
	row := Row{
		word(rule.Effect.String()), word(rule.Name), word(f.Place.File), word(f.Place.Sheet), {}, {}, word(f.Place.Field),
		word(rule.Sentence), word(f.Detail), {}, {}, word(rule.Remedy),
	}
	if f.Place.Line > 0 {
		row[4] = whole(f.Place.Line)
	}
	if f.Place.Column > 0 {
		row[5] = whole(f.Place.Column)
	}
	if !f.Money.IsZero() {
		row[9] = exact(f.Money)
	}
	if f.Hours != 0 {
		row[10] = whole(f.Hours)
	}
	return row
}
