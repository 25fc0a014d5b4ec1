package tables

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/restate"
)

// Facts come back by month, in words; rows of more than one group, too.
func TestReadFacts(t *testing.T) {
	euro, _ := money.CurrencyOf("EUR")
	columns := FactColumns(euro)
	row := func(month, component, names string, quantity, amount int64) Row {
		return Row{plainly("2026-10"), plainly(month), plainly("A"), plainly(component), plainly("item"), plainly("crm"), plainly(names),
			whole(quantity), {}, whole(amount), whole(int64(0)), {}}
	}
	const many = rowGroup + 10
	rows := slices.Repeat([]Row{row("2026-10", "labour", "Acme", 2_500_000, 12_345)}, many)
	rows = append(rows, row("2026-09", "pool", "", 7, -1))
	var b bytes.Buffer
	if err := WriteParquet(&b, columns, slices.Values(rows)); err != nil {
		t.Fatal(err)
	}
	w := restate.NewWords()
	lines, err := ReadFacts(bytes.NewReader(b.Bytes()), w)
	if err != nil {
		t.Fatal(err)
	}
	october, september := lines(period.MonthOf(2026, 10)), lines(period.MonthOf(2026, 9))
	labour := restate.Line{Component: restate.Labour, Client: w.Of("A"), Item: w.Of("item"), Source: w.Of("crm"), Names: w.Of("Acme"), Hours: 2_500_000, Amount: 12_345}
	pool := restate.Line{Component: restate.Pool, Client: w.Of("A"), Item: w.Of("item"), Source: w.Of("crm"), Amount: -1}
	if len(october) != many || slices.ContainsFunc(october, func(l restate.Line) bool { return l != labour }) {
		t.Errorf("%d lines in October, the last %+v", len(october), october[len(october)-1])
	}
	if !slices.Equal(september, []restate.Line{pool}) {
		t.Errorf("September has %+v", september)
	}
}

func TestOtherTablesAreNoFacts(t *testing.T) {
	euro, _ := money.CurrencyOf("EUR")
	numbers := FactColumns(euro)
	for i := range numbers {
		numbers[i].Kind = Whole
	}
	for name, columns := range map[string][]Column{"clients": ClientColumns(euro), "numbers": numbers} {
		var b bytes.Buffer
		if err := WriteParquet(&b, columns, slices.Values([]Row{make(Row, len(columns))})); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadFacts(bytes.NewReader(b.Bytes()), restate.NewWords()); !errors.Is(err, errNoFacts) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadFacts(bytes.NewReader([]byte("no Parquet at all")), restate.NewWords()); err == nil {
		t.Error("what is no Parquet was read")
	}
}
