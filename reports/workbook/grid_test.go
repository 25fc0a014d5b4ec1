package workbook

import (
	"strings"
	"testing"

	"clientworth/pipeline"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
	"clientworth/pipeline/worth"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// A row is as high as its longest text needs: a spreadsheet that is not told lays
// the second line of a name over the next row.
func TestRowsAreAsHighAsTheirTexts(t *testing.T) {
	eur, _ := money.CurrencyOf("EUR")
	w, err := words.In(words.English, eur)
	if err != nil {
		t.Fatal(err)
	}
	b := builder{words: w, r: &pipeline.Result{Facts: &facts.Facts{Currency: eur}, Worth: &worth.Portfolio{}}, book: xlsx.New(xlsx.Properties{}), grids: map[words.Key]*grid{}}
	b.look = newLook(b.book, eur)
	names := []string{"Acme", strings.TrimSpace(strings.Repeat("Holding ", 9))}
	s := b.grid(grid{sheet: "sheet.clients", count: len(names), columns: []column{
		{head: "col.client", width: 28, text: true, cell: func(i int) xlsx.Cell { return xlsx.Text(names[i], b.look.cellStrong) }},
		{head: "col.client id", width: 10, text: true, cell: func(i int) xlsx.Cell { return xlsx.Text(names[1], b.look.cell) }}, // runs on
	}})
	for i, want := range []float64{0, 3*lineHeight + padding} {
		if got := s.Body.Row(nil, i).Height; got != want {
			t.Errorf("row %d is %v high, not %v", i, got, want)
		}
	}
}
