// Package finding holds what is wrong or doubtful in the data, and where. A
// finding is data, not an error: it is counted, published and never stops a run
// by itself.
package finding

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// Effect is what a finding means for the row it stands on.
type Effect uint8

const (
	Note     Effect = iota // nothing was changed or left out
	SetAside               // the row is not used
	Unmapped               // the row's client is unknown: it counts in the row "Unmapped"
)

func (e Effect) String() string {
	return [...]string{"note", "set aside", "unmapped"}[e]
}

// Rule is one thing that can be wrong: its name for machines, a sentence and a
// remedy for people.
type Rule struct {
	Name     string
	Effect   Effect
	Sentence string
	Remedy   string
	// Names is that its detail names clients, or words to be mapped, without which nobody
	// could mend it.
	Names bool
}

// Place is where in the inputs something stands. Line and Column count from 1;
// zero is unknown. In a spreadsheet Sheet is set and Line is the row.
type Place struct {
	File   string
	Sheet  string
	Line   int64
	Column int
	Field  string // the canonical or exported name of the column
}

// String writes file:line: column, or file:Sheet!C12.
func (p Place) String() string {
	s := p.File
	switch {
	case p.Sheet != "" && p.Line > 0 && p.Column > 0:
		return fmt.Sprintf("%s:%s!%s%d", s, p.Sheet, ColumnName(p.Column), p.Line)
	case p.Sheet != "" && p.Line > 0:
		return fmt.Sprintf("%s:%s!%d", s, p.Sheet, p.Line)
	case p.Line > 0:
		s = fmt.Sprintf("%s:%d", s, p.Line)
	}
	if p.Field != "" {
		s += ": " + p.Field
	}
	return s
}

// ColumnName writes a column number, from 1, as a spreadsheet does: A, Z, AA.
func ColumnName(n int) string {
	var b []byte
	for ; n > 0; n = (n - 1) / 26 {
		b = append(b, byte('A'+(n-1)%26))
	}
	slices.Reverse(b)
	return string(b)
}

// Finding is one thing found. Money and Hours are what the row holds, where it
// could be read; where it stands for several rows, what they hold together.
type Finding struct {
	Rule   *Rule
	Place  Place
	Detail string // what was found, in a few words; never a whole row
	Rows   int64  // how many rows it stands for; 0 is one
	Money  money.Exact
	Hours  measure.Hours
}

// redacted returns the finding with the value of a cell, which its detail has in
// quotes, reduced to its shape: "1,234.50" to "9,999.99", "Anna" to "Xxxx". Names of
// clients stay where the finding is about them.
func (f Finding) redacted() Finding {
	from, to := strings.IndexByte(f.Detail, '"'), strings.LastIndexByte(f.Detail, '"')
	if f.Rule.Names || from < 0 {
		return f
	}
	f.Detail = f.Detail[:from] + strings.Map(shape, f.Detail[from:to]) + f.Detail[to:]
	return f
}

// shape keeps what kind of character stands somewhere, and which sign.
func shape(r rune) rune {
	switch {
	case unicode.IsDigit(r):
		return '9'
	case unicode.IsUpper(r):
		return 'X'
	case unicode.IsLetter(r), unicode.IsMark(r):
		return 'x'
	}
	return r
}

// Total is how often a rule was met, on how many rows, and the money and hours
// these hold.
type Total struct {
	Count int64
	Rows  int64
	Money money.Exact
	Hours measure.Hours
}

// Keep is how many findings of one rule a Log keeps; all are counted.
const Keep = 10_000

// Log gathers findings: all are counted, and the first of each rule by place are
// kept. The order in which findings are added changes nothing. The zero value is
// ready to use. A Log to which nothing is added any more may be read by several at
// once.
type Log struct {
	rules map[*Rule]*entry
}

type entry struct {
	total Total
	kept  []Finding // at most 2*Keep, trimmed to the first Keep by place
	full  bool      // it was trimmed: the first Keep are in order, and no later one counts
}

// Add counts a finding and keeps it if it is among the first.
func (l *Log) Add(f Finding) {
	e := l.entry(f.Rule)
	e.total = e.total.plus(Total{Count: 1, Rows: max(f.Rows, 1), Money: f.Money, Hours: f.Hours})
	e.keep(f)
}

func (l *Log) entry(r *Rule) *entry {
	if l.rules == nil {
		l.rules = map[*Rule]*entry{}
	}
	e := l.rules[r]
	if e == nil {
		e = &entry{}
		l.rules[r] = e
	}
	return e
}

func (e *entry) keep(all ...Finding) {
	for _, f := range all {
		if e.full && compare(f, e.kept[Keep-1]) >= 0 {
			continue
		}
		if e.kept = append(e.kept, f); len(e.kept) == 2*Keep {
			e.kept, e.full = first(e.kept), true
		}
	}
}

// first sorts findings and returns those that are kept.
func first(all []Finding) []Finding {
	slices.SortFunc(all, compare)
	return all[:min(len(all), Keep)]
}

func compare(a, b Finding) int {
	if by := a.Place.compare(b.Place); by != 0 {
		return by
	}
	return cmp.Or(strings.Compare(a.Detail, b.Detail), a.Money.Cmp(b.Money), cmp.Compare(a.Hours, b.Hours))
}

func (p Place) compare(o Place) int {
	if p.File == o.File && p.Sheet == o.Sheet && p.Line != o.Line {
		return cmp.Compare(p.Line, o.Line)
	}
	return cmp.Or(
		strings.Compare(p.File, o.File),
		strings.Compare(p.Sheet, o.Sheet),
		cmp.Compare(p.Line, o.Line),
		cmp.Compare(p.Column, o.Column),
		strings.Compare(p.Field, o.Field),
	)
}

// Merge adds everything of another log.
func (l *Log) Merge(o *Log) {
	for r, from := range o.rules {
		e := l.entry(r)
		e.total = e.total.plus(from.total)
		e.keep(from.kept...)
	}
}

// Redacted returns the log with values of cells reduced to their shape.
func (l *Log) Redacted() *Log {
	all := &Log{}
	for r, from := range l.rules {
		e := all.entry(r)
		e.total = from.total
		for _, f := range l.Kept(r) {
			e.kept = append(e.kept, f.redacted())
		}
	}
	return all
}

func (t Total) plus(o Total) Total {
	return Total{Count: t.Count + o.Count, Rows: t.Rows + o.Rows, Money: t.Money.Add(o.Money), Hours: t.Hours + o.Hours}
}

// Rules returns the rules that were met, by effect (set aside first) and name.
func (l *Log) Rules() []*Rule {
	return slices.SortedFunc(maps.Keys(l.rules), func(a, b *Rule) int {
		order := [...]int{Note: 2, SetAside: 0, Unmapped: 1}
		return cmp.Or(cmp.Compare(order[a.Effect], order[b.Effect]), strings.Compare(a.Name, b.Name))
	})
}

// Total returns how often the rule was met and what those rows hold.
func (l *Log) Total(r *Rule) Total {
	if e := l.rules[r]; e != nil {
		return e.total
	}
	return Total{}
}

// Effect returns the totals of all rules of one effect.
func (l *Log) Effect(e Effect) Total {
	var t Total
	for r, of := range l.rules {
		if r.Effect == e {
			t = t.plus(of.total)
		}
	}
	return t
}

// Kept returns the findings kept of a rule, by place.
func (l *Log) Kept(r *Rule) []Finding {
	e := l.rules[r]
	if e == nil {
		return nil
	}
	return first(slices.Clone(e.kept))
}
