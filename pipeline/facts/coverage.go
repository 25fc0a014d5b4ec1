package facts

import (
	"cmp"
	"strings"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/period"
)

// Coverage is how many rows a source has of a month of the window. A month that
// it lacks has a row with none.
type Coverage struct {
	Input  exports.Input
	Source string
	Month  period.Month
	Rows   int64
}

// cover counts rows by month of the window.
type cover []int64

func (c cover) see(w period.Window, m period.Month) {
	if w.Contains(m) {
		c[w.Index(m)]++
	}
}

func (c cover) add(o cover) {
	for i, n := range o {
		c[i] += n
	}
}

// covers adds the months of a source.
func (g *gathering) covers(src exports.Source, rows cover) {
	for i, n := range rows {
		g.facts.Coverage = append(g.facts.Coverage, Coverage{Input: src.Input, Source: src.Label, Month: g.Window.At(i), Rows: n})
	}
}

func compareCoverage(a, b Coverage) int {
	return cmp.Or(strings.Compare(string(a.Input), string(b.Input)), strings.Compare(a.Source, b.Source), cmp.Compare(a.Month, b.Month))
}

// begin is the month of the first row that files have, in the window or before it.
func begin(files []exports.Tally) (first period.Month) {
	for _, t := range files {
		if m := t.First.Month(); m != 0 && (first == 0 || m < first) {
			first = m
		}
	}
	return first
}
