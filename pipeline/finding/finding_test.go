package finding

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

var (
	odd  = &Rule{Name: "odd", Effect: Note, Sentence: "it is odd", Remedy: "look"}
	bad  = &Rule{Name: "bad", Effect: SetAside, Sentence: "it is bad", Remedy: "mend"}
	who  = &Rule{Name: "who", Effect: Unmapped, Sentence: "who is it", Remedy: "map"}
	both = []*Rule{odd, bad}
)

func TestPlace(t *testing.T) {
	for want, p := range map[string]Place{
		"billing.csv":            {File: "billing.csv"},
		"billing.csv:12":         {File: "billing.csv", Line: 12},
		"billing.csv:12: amount": {File: "billing.csv", Line: 12, Field: "amount", Column: 3},
		"billing.csv: amount":    {File: "billing.csv", Field: "amount"},
		"book.xlsx:Lines!C12":    {File: "book.xlsx", Sheet: "Lines", Line: 12, Column: 3, Field: "amount"},
		"book.xlsx:Lines!12":     {File: "book.xlsx", Sheet: "Lines", Line: 12},
	} {
		if got := p.String(); got != want {
			t.Errorf("%+v is %q, not %q", p, got, want)
		}
	}
	for n, want := range map[int]string{1: "A", 26: "Z", 27: "AA", 52: "AZ", 53: "BA", 702: "ZZ", 703: "AAA", 16384: "XFD"} {
		if got := ColumnName(n); got != want {
			t.Errorf("column %d is %q, not %q", n, got, want)
		}
	}
}

func TestLogCountsAllAndKeepsTheFirst(t *testing.T) {
	const n = 3*Keep + 7
	var l Log
	for _, i := range rand.New(rand.NewPCG(1, 2)).Perm(n) {
		l.Add(Finding{Rule: bad, Place: Place{File: "f", Line: int64(i + 1)}, Money: money.Units(2), Hours: measure.Million})
	}
	if got, want := l.Total(bad), (Total{Count: n, Rows: n, Money: money.Units(2 * n), Hours: n * measure.Million}); got != want {
		t.Errorf("total is %+v, not %+v", got, want)
	}
	kept := l.Kept(bad)
	if len(kept) != Keep {
		t.Fatalf("%d are kept", len(kept))
	}
	for i, f := range kept {
		if f.Place.Line != int64(i+1) {
			t.Fatalf("finding %d is of line %d", i, f.Place.Line)
		}
	}
}

// However findings are dealt out over logs, and in whatever order these are
// merged, the result is the same.
func TestLogMergesInAnyOrder(t *testing.T) {
	deal := func(seed uint64, parts int) string {
		r := rand.New(rand.NewPCG(seed, 0))
		logs := make([]Log, parts)
		for _, i := range r.Perm(2*Keep + 100) {
			logs[r.IntN(parts)].Add(Finding{Rule: both[i%2], Place: Place{File: fmt.Sprint("f", i%3), Line: int64(i)}})
		}
		var all Log
		for _, i := range r.Perm(parts) {
			all.Merge(&logs[i])
		}
		return fmt.Sprint(all.Total(odd), all.Total(bad), all.Kept(odd), all.Kept(bad))
	}
	want := deal(1, 1)
	for seed := range uint64(5) {
		if deal(seed, 1+int(seed)) != want {
			t.Errorf("seed %d gives another log", seed)
		}
	}
}

// The files of a report are written side by side, and read the same findings.
func TestReadingALogChangesNothing(t *testing.T) {
	var l Log
	for line := range int64(3000) {
		l.Add(Finding{Rule: who, Place: Place{File: "a.csv", Line: 3000 - line}})
	}
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for i, f := range l.Kept(who) {
				if f.Place.Line != int64(i+1) {
					t.Errorf("finding %d is of line %d", i, f.Place.Line)
					return
				}
			}
		})
	}
	readers.Wait()
}

func TestRulesInTheOrderOfTheirWeight(t *testing.T) {
	var l Log
	for _, r := range []*Rule{odd, who, bad} {
		l.Add(Finding{Rule: r, Money: money.Units(1)})
	}
	if got := l.Rules(); !slices.Equal(got, []*Rule{bad, who, odd}) {
		t.Errorf("rules come as %v", got)
	}
	if got := l.Effect(Unmapped); got.Count != 1 || got.Money != money.Units(1) {
		t.Errorf("unmapped in all: %+v", got)
	}
	l.Add(Finding{Rule: who, Rows: 14})
	if got := l.Effect(Unmapped); got.Count != 2 || got.Rows != 15 {
		t.Errorf("a finding of 14 rows beside one of a row makes %+v", got)
	}
	if (&Log{}).Kept(bad) != nil || (&Log{}).Total(bad) != (Total{}) {
		t.Error("an empty log has something")
	}
}

func TestRedacted(t *testing.T) {
	named := &Rule{Name: "named", Names: true}
	for detail, want := range map[string]string{
		`"1.234,50 €" is not a number`:      `"9.999,99 €" is not a number`,
		`"Anna@home.example" is not a date`: `"Xxxx@xxxx.xxxxxxx" is not a date`,
		`"she said "no"" is not a number`:   `"xxx xxxx "xx"" is not a number`,
		`"Борей ۱۲" is not a date`:          `"Xxxxx 99" is not a date`,
		"3 fields, the header has 5":        "3 fields, the header has 5",
		`a lonely " stays`:                  `a lonely " stays`,
	} {
		var l Log
		l.Add(Finding{Rule: bad, Detail: detail})
		if got := l.Redacted().Kept(bad)[0].Detail; got != want {
			t.Errorf("%s became %s, not %s", detail, got, want)
		}
		l.Add(Finding{Rule: named, Detail: detail, Money: money.Units(3)})
		redacted := l.Redacted()
		if got := redacted.Kept(named)[0].Detail; got != detail {
			t.Errorf("a name became %s", got)
		}
		if l.Kept(bad)[0].Detail != detail || redacted.Total(named) != l.Total(named) {
			t.Error("the log itself, or a total, was changed")
		}
	}
}
