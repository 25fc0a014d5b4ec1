package facts_test

import (
	"context"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// gather gathers and fails the test where it cannot.
func gather(t testing.TB, sources []exports.Source, o facts.Options) *facts.Facts {
	t.Helper()
	f, err := facts.Gather(context.Background(), sources, o)
	if err != nil {
		t.Fatalf("gather: %v", err)
	}
	return f
}

func currency(t testing.TB, code string) money.Currency {
	c, err := money.CurrencyOf(code)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func month(t testing.TB, s string) period.Month {
	m, err := period.ParseMonth(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// window is 2026-01 to 2026-06 unless a test says otherwise.
func options(t testing.TB) facts.Options {
	return facts.Options{Currency: currency(t, "EUR"), Window: period.Window{First: month(t, "2026-01"), Last: month(t, "2026-06")}, Workers: 2}
}

// inline is a source whose rows stand in the configuration.
func inline(in exports.Input, rows ...map[string]string) exports.Source {
	s := exports.Source{Input: in, Label: "clientworth.yaml", Files: []string{"clientworth.yaml"}}
	for i, r := range rows {
		s.Inline = append(s.Inline, exports.Inline{Line: int64(i + 1), Values: r})
	}
	return s
}

// file is the text of one file of a source.
type file struct{ name, text string }

// source writes files into a folder of the test's own; the headers are the
// canonical names.
func source(t testing.TB, in exports.Input, files ...file) exports.Source {
	t.Helper()
	dir := t.TempDir()
	s := exports.Source{Input: in, Label: string(in), Folder: dir, Decimal: ".", Dates: "yyyy-mm-dd"}
	if in == exports.Pools || in == exports.Drivers || in == exports.FX {
		s.Dates = ""
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.name), []byte(strings.TrimLeft(f.text, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		s.Files = append(s.Files, f.name)
	}
	return s
}

// flood is rows of which each has a name of its own, too many to be kept for the next
// file: there the same codes mean other names.
func flood(row string) string {
	var text strings.Builder
	for i := range 2200 {
		fmt.Fprintf(&text, row, fmt.Sprintf("%04d%s", i, strings.Repeat("x", 4000)))
	}
	return text.String()
}

// exact reads a plain decimal of at most six places.
func exact(s string) (money.Exact, error) {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return money.Exact{}, fmt.Errorf("%q is no number", s)
	}
	r.Mul(r, big.NewRat(1_000_000, 1))
	if !r.IsInt() || !r.Num().IsInt64() {
		return money.Exact{}, fmt.Errorf("%q has more than six places", s)
	}
	return money.Millionths(r.Num().Int64()), nil
}

// balanced fails the test if a row of any file is not accounted for.
func balanced(t testing.TB, f *facts.Facts) {
	t.Helper()
	for _, tally := range f.Tallies {
		if !tally.Balanced() {
			t.Errorf("%s: %d rows read, %d accounted for: %+v", tally.File, tally.Read, tally.Accounted(), tally)
		}
	}
}
