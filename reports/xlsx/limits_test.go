package xlsx

import (
	"io"
	"strings"
	"testing"
)

// Fault 77: what a spreadsheet cannot hold is an error that says so, and nothing is
// left out of the file in silence. Of links there is one a sheet and one a dossier,
// far from their limit of 65,530.
func TestFault77BeyondTheLimits(t *testing.T) {
	for name, c := range map[string]struct {
		sheet Sheet
		want  string
	}{
		"rows":       {Sheet{Name: "Rows", Body: Body{Count: MaxRows + 1, Row: func(cells []Cell, _ int) Row { return Row{Cells: cells} }}}, "1048577 rows, a sheet holds 1048576"},
		"sheet name": {Sheet{Name: strings.Repeat("x", 32)}, "sheet name"},
	} {
		b := New(Properties{})
		b.Add(&c.sheet)
		if err := b.Write(io.Discard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
