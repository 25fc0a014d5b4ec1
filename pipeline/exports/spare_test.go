package exports

import (
	"context"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
)

// printed gathers what tells rows apart, and the texts of a column.
type printed struct {
	column string
	prints map[uint64]bool
	texts  []string
}

func (p *printed) Gather(b Batch) error {
	for _, of := range b.Prints {
		p.prints[of] = true
	}
	for r := range b.Rows() {
		p.texts = append(p.texts, r.Text(p.column))
	}
	return nil
}

// Rows that differ in nothing but texts that nobody reads are no equal rows.
func TestSpare(t *testing.T) {
	rows := [][]any{{"client", "date", "hours", "entry"}, {"A", "2026-01-02", "1", "1"}, {"A", "2026-01-02", "1", "2"}, {"A", "2026-01-02", "1", "2"}}
	text := arrow.BinaryTypes.String
	for name, content := range map[string][]byte{
		"a.csv":     []byte("client,date,hours,entry\nA,2026-01-02,1,1\nA,2026-01-02,1,2\nA,2026-01-02,1,2\n"),
		"a.parquet": parquetOf(t, []arrow.DataType{text, text, text, text}, rows, 2),
	} {
		e, err := Open(context.Background(), saved(t, Source{Input: SupportHours, HoursUnit: "hours"}, name, content))
		if err != nil {
			t.Fatal(err)
		}
		for _, spared := range []bool{false, true} {
			p := printed{column: "entry", prints: map[uint64]bool{}}
			if spared {
				e.Spare("entry")
			}
			if _, err := e.Read(context.Background(), Crew{}, func() Gatherer { return &p }); err != nil {
				t.Fatal(err)
			}
			if len(p.prints) != 2 || len(p.texts) != 3 || (p.texts[0] == "") != spared {
				t.Errorf("%s, spared %t: %d kinds of rows, entries %q", name, spared, len(p.prints), p.texts)
			}
		}
	}
}

// A row goes on with the one before it only if it leaves all columns of Fill empty,
// read or not.
func TestSpareLeavesFill(t *testing.T) {
	src := saved(t, Source{Input: SupportHours, HoursUnit: "hours", Fill: []string{"client", "entry"}}, "a.csv", []byte("client,date,hours,entry\nA,2026-01-02,1,1\n,2026-01-03,1,2\n,2026-01-04,1,\n"))
	e, err := Open(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	e.Spare("entry")
	p := printed{column: "client", prints: map[uint64]bool{}}
	if _, err := e.Read(context.Background(), Crew{}, func() Gatherer { return &p }); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(p.texts, ","); got != "A,," {
		t.Errorf("clients %q", got)
	}
}
