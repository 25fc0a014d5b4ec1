package pipeline

import (
	"slices"
	"strings"
	"testing"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/period"
)

// reach is a company of which only the rows by month matter: a table of source
// and rows, of January 2026 on. Sources whose name begins with "hours" are of
// support hours.
func reach(t *testing.T, table string) *Result {
	t.Helper()
	w := period.Window{First: period.MonthOf(2026, 1), Last: period.MonthOf(2026, 6)}
	r := &Result{Facts: &facts.Facts{Window: w}, Options: Options{Limits: DefaultLimits}}
	for row := range strings.Lines(table) {
		fields := strings.Fields(row)
		if len(fields) == 0 {
			continue
		}
		in := exports.Billing
		if strings.HasPrefix(fields[0], "hours") {
			in = exports.SupportHours
		}
		tally := exports.Tally{Input: in, Source: fields[0]}
		for i, text := range fields[1:] {
			c := facts.Coverage{Input: in, Source: fields[0], Month: w.At(i)}
			for _, digit := range strings.TrimLeft(text, ".") {
				c.Rows = c.Rows*10 + int64(digit-'0')
			}
			if c.Rows > 0 {
				tally.Last = c.Month.Last() - 3
				if tally.First == 0 {
					tally.First = c.Month.First()
				}
			}
			r.Facts.Coverage = append(r.Facts.Coverage, c)
		}
		r.Facts.Tallies = append(r.Facts.Tallies, tally)
		r.Options.Sources = append(r.Options.Sources, exports.Source{Input: in, Label: fields[0]})
	}
	return r
}

// said are the checks of coverage that do not pass, and the findings.
func said(r *Result) []string {
	k := &checker{}
	k.coverage(r, r.Options.Limits)
	var lines []string
	for _, c := range k.checks {
		if c.State != Pass {
			lines = append(lines, c.State.String()+" "+c.Name+": "+c.Said())
		}
	}
	log := gaps(r)
	for _, rule := range log.Rules() {
		for _, f := range log.Kept(rule) {
			lines = append(lines, rule.Name+" "+f.Place.String()+" "+f.Detail)
		}
	}
	return lines
}

func TestCoverage(t *testing.T) {
	for name, c := range map[string]struct {
		table string
		set   func(*Result)
		want  []string
	}{
		"whole": {table: `
			billing 9 9 9 9 9 9
			hours   5 6 5 6 5 6`},
		"begins late, as young companies do": {table: `
			billing . . 9 9 9 9
			hours   5 6 5 6 5 6`,
			want: []string{"late-start billing 2026-03-01"}},
		"begins a quarter after others": {table: `
			billing 9 9 9 9 9 9
			hours   . . . 6 5 6`,
			want: []string{"warn begin of support_hours: months in which only others have rows 3, a warning above 0 (its rows are of 2026-04-01 to 2026-06-27)", "late-start support_hours 2026-04-01"}},
		"invoices by the half-year": {table: `
			billing . . . . . 9
			hours   5 6 5 6 5 6`,
			set:  func(r *Result) { r.Options.Sources[0].Every = 6 },
			want: []string{"late-start billing 2026-06-01"}},
		"a month inside is missing": {table: `
			billing 9 9 . 9 9 9
			hours   5 6 5 6 5 6`,
			want: []string{"fail months of billing: months without rows 1, the limit is 0 (2026-03; its rows are of 2026-01-01 to 2026-06-27)", "missing-month billing 2026-03"}},
		"and borne": {table: `
			billing 9 9 . 9 9 9
			hours   5 6 5 6 5 6`,
			set:  func(r *Result) { r.Options.Limits.MissingMonths = 1 },
			want: []string{"warn months of billing: months without rows 1, a warning above 0, the limit is 1 (2026-03; its rows are of 2026-01-01 to 2026-06-27)", "missing-month billing 2026-03"}},
		"the period is missing": {table: `
			billing 9 9 9 9 9 9
			hours   5 6 5 6 5 .`,
			want: []string{"fail months of support_hours: months without rows 1, the limit is 0 (2026-06; its rows are of 2026-01-01 to 2026-05-28)", "missing-month hours 2026-06"}},
		"no row at all": {table: `
			billing 9 9 9 9 9 9
			hours   . . . . . .`,
			want: []string{"fail months of support_hours: months without rows 1, the limit is 0 (2026-06; it has no rows)", "missing-month hours 2026-06"}},
		"one of two sources stops": {table: `
			billing 9 9 9 9 9 9
			shop    9 9 9 9 9 .
			hours   5 6 5 6 5 6`,
			want: []string{"warn sources of billing: months that a source lacks 1, a warning above 0 (shop 2026-06)", "missing-month shop 2026-06"}},
		"and was meant to": {table: `
			billing 9 9 9 9 9 9
			shop    9 9 9 9 9 .
			hours   5 6 5 6 5 6`,
			set: func(r *Result) { r.Options.Sources[1].Until = period.MonthOf(2026, 5) }},
		"invoices of a quarter": {table: `
			billing . 9 . . 9 .
			credits . 1 . . . .
			hours   5 6 5 6 5 6`,
			set:  func(r *Result) { r.Options.Sources[0].Every, r.Options.Sources[1].Occasional = 3, true },
			want: []string{"late-start billing 2026-02-01"}},
		"of which one is missing": {table: `
			billing 9 . . . . 9
			hours   5 6 5 6 5 6`,
			set: func(r *Result) { r.Options.Sources[0].Every = 3 },
			want: []string{"fail months of billing: months without rows 2, the limit is 0 (2026-04, 2026-05; its rows are of 2026-01-01 to 2026-06-27)",
				"missing-month billing 2026-04", "missing-month billing 2026-05"}},
		"of which the last came before the window": {table: `
			billing . . . . . .
			hours   5 6 5 6 5 6`,
			set: func(r *Result) {
				r.Options.Sources[0].Every = 6
				r.Facts.Tallies[0].First, r.Facts.Tallies[0].Last = period.MonthOf(2025, 10).First(), period.MonthOf(2025, 10).Last()
			},
			want: []string{"fail months of billing: months without rows 3, the limit is 0 (2026-04, 2026-05, 2026-06; its rows are of 2025-10-01 to 2025-10-31)",
				"missing-month billing 2026-04", "missing-month billing 2026-05", "missing-month billing 2026-06"}},
		"beside what comes every month": {table: `
			billing 9 . . 9 . .
			shop    9 9 9 9 9 .
			hours   5 6 5 6 5 6`,
			set: func(r *Result) { r.Options.Sources[0].Every = 3 },
			want: []string{"fail months of billing: months without rows 1, the limit is 0 (2026-06; its rows are of 2026-01-01 to 2026-05-28)",
				"warn sources of billing: months that a source lacks 1, a warning above 0 (shop 2026-06)", "missing-month shop 2026-06"}},
		"an entry for each month's file": {table: `
			january  9 . . . . .
			february . 9 . . . .
			march    . . 9 . . .
			april    . . . 9 . .
			may      . . . . 9 .
			june     . . . . . 9
			hours    5 6 5 6 5 6`},
		"the period is half as large as usual": {table: `
			billing 9 9 9 9 9 9
			hours   5 6 5 6 5 2`,
			want: []string{"warn size of support_hours: rows that the month is short of 1, a warning above 0 (2026-06 has 2, usual are 5)", "small-month hours 2026-06: 2 rows, usually 5"}},
		"far less than the company bears": {table: `
			billing 90 90 90 90 90 9
			hours   5 6 5 6 5 6`,
			set: func(r *Result) { r.Options.Limits.SmallMonth.Error = measure.Million / 4 },
			want: []string{"fail size of billing: rows that the month is short of 36, the limit is 0 (2026-06 has 9, usual are 90)",
				"small-month billing 2026-06: 9 rows, usually 90"}},
		"an earlier month is small": {table: `
			billing 90 90 9 90 90 90
			hours   5 6 5 6 5 6`,
			want: []string{"small-month billing 2026-03: 9 rows, usually 90"}},
		"a pool stops": {table: `
			billing 9 9 9 9 9 9
			hours   5 6 5 6 5 6`,
			set: func(r *Result) {
				r.Facts.Pools = []string{"licences", "rent", "trip"}
				for at := range 6 {
					m := r.Facts.Window.At(at)
					r.Facts.PoolCosts = append(r.Facts.PoolCosts, facts.PoolCost{Pool: 0, Month: m})
					if at < 5 {
						r.Facts.PoolCosts = append(r.Facts.PoolCosts, facts.PoolCost{Pool: 1, Month: m})
					}
				}
				r.Facts.PoolCosts = append(r.Facts.PoolCosts, facts.PoolCost{Pool: 2, Month: r.Facts.Window.First})
			},
			want: []string{"warn months of pools: pools without an amount 1, a warning above 0 (rent)"}},
		"older than it should": {table: `
			billing 9 9 9 9 9 9
			hours   5 6 5 6 5 6`,
			set:  func(r *Result) { r.Options.Sources[0].Freshness = exports.Freshness{Warn: 2, Error: 3} },
			want: []string{"warn age of billing: days from the last row to the month's end 3, a warning above 2, the limit is 3 (its rows are of 2026-01-01 to 2026-06-27)"}},
		"stale": {table: `
			billing 9 9 9 9 9 9
			hours   5 6 5 6 5 6`,
			set:  func(r *Result) { r.Options.Sources[0].Freshness = exports.Freshness{Error: 2} },
			want: []string{"fail age of billing: days from the last row to the month's end 3, the limit is 2 (its rows are of 2026-01-01 to 2026-06-27)"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := reach(t, c.table)
			if c.set != nil {
				c.set(r)
			}
			if got := said(r); !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}
