package facts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
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

// covers adds the months of a source, and reports those that are missing or half
// as large as usual.
func (g *gathering) covers(src exports.Source, rows cover) {
	for i, n := range rows {
		g.facts.Coverage = append(g.facts.Coverage, Coverage{Input: src.Input, Source: src.Label, Month: g.Window.At(i), Rows: n})
	}
	for i, n := range rows {
		f := finding.Finding{Place: finding.Place{File: src.Label}, Detail: g.Window.At(i).String()}
		usual := usual(rows, i)
		switch {
		case n == 0:
			f.Rule = ruleMissingMonth
		case 2*n < usual:
			f.Rule = ruleHalfMonth
			f.Detail += fmt.Sprintf(": %d rows, usually %d", n, usual)
		default:
			continue
		}
		g.findings.Add(f)
	}
}

// usual is the median number of rows of the other months that have any, the lower
// of two; zero with fewer than three of them.
func usual(rows cover, but int) int64 {
	var others []int64
	for i, n := range rows {
		if i != but && n > 0 {
			others = append(others, n)
		}
	}
	if len(others) < 3 {
		return 0
	}
	slices.Sort(others)
	return others[(len(others)-1)/2]
}

func compareCoverage(a, b Coverage) int {
	return cmp.Or(strings.Compare(string(a.Input), string(b.Input)), strings.Compare(a.Source, b.Source), cmp.Compare(a.Month, b.Month))
}
