package facts

import (
	"bytes"
	"encoding/csv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// The same rows as CSV and as Parquet give the same facts and the same equal rows,
// however many row groups there are and whatever their dictionaries.
func TestParquetFactsAreCSVs(t *testing.T) {
	euro, err := money.CurrencyOf("EUR")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		sources := plainSources(t, rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 5)))
		for _, src := range sources[1:] {
			repeat(t, src, rapid.IntRange(0, 50).Draw(r, "repeated"))
		}
		group, dictionary := rapid.Int64Range(100, 2000).Draw(r, "row group"), rapid.Bool().Draw(r, "dictionary")
		o := Options{Currency: euro, Window: period.WindowTo(period.MonthOf(2026, 6), 4), InternalNames: []string{"C3"}, Workers: 2}
		var got [2]*Facts
		var equal [2][]string // what is said of equal rows
		for i := range got {
			if i == 1 {
				for n := 1; n < len(sources); n++ {
					toParquet(t, &sources[n], group, dictionary)
				}
			}
			if got[i], err = Gather(t.Context(), sources, o); err != nil {
				r.Fatal(err)
			}
			for _, f := range got[i].Findings.Kept(ruleEqualRows) {
				equal[i] = append(equal[i], f.Detail)
			}
		}
		if !slices.Equal(equal[0], equal[1]) {
			r.Fatalf("equal rows: CSV %q, Parquet %q", equal[0], equal[1])
		}
		sameButForPlaces := cmp.Options{
			cmp.AllowUnexported(finding.Log{}), cmpopts.IgnoreTypes(&finding.Log{}), cmpopts.EquateEmpty(),
			cmpopts.IgnoreFields(exports.Tally{}, "File", "Size", "SHA256", "Dialect", "Headers", "Read"),
			cmpopts.IgnoreFields(finding.Place{}, "File", "Line"),
		}
		if diff := cmp.Diff(got[0], got[1], sameButForPlaces); diff != "" {
			r.Fatalf("-CSV +Parquet:\n%s", diff)
		}
	})
}

// repeat writes some rows of a CSV file a second time, at its end.
func repeat(t *testing.T, src exports.Source, n int) {
	path := filepath.Join(src.Folder, src.Files[0])
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(data), "\n")
	lines = append(lines, lines[1:1+min(n, len(lines)-2)]...)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
}

// toParquet writes the CSV file of a source again as Parquet: days and numbers by
// type, the rest as texts.
func toParquet(t *testing.T, src *exports.Source, group int64, dictionary bool) {
	data, err := os.ReadFile(filepath.Join(src.Folder, src.Files[0]))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var fields []arrow.Field
	for _, name := range rows[0] {
		kind := arrow.DataType(arrow.BinaryTypes.String)
		switch {
		case name == "date" || strings.HasPrefix(name, "service_"):
			kind = arrow.FixedWidthTypes.Date32
		case name == "amount" || name == "hours" || name == "quantity":
			kind = &arrow.Decimal128Type{Precision: 12, Scale: 2}
		}
		fields = append(fields, arrow.Field{Name: name, Type: kind, Nullable: true})
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	for _, row := range rows[1:] {
		for i, text := range row {
			if text == "" {
				b.Field(i).AppendNull()
			} else if err := b.Field(i).AppendValueFromString(text); err != nil {
				t.Fatal(err)
			}
		}
	}
	src.Files = []string{"f.parquet"}
	f, err := os.Create(filepath.Join(src.Folder, src.Files[0]))
	if err != nil {
		t.Fatal(err)
	}
	table := array.NewTableFromRecords(b.Schema(), []arrow.Record{b.NewRecord()})
	props := parquet.NewWriterProperties(parquet.WithDictionaryDefault(dictionary), parquet.WithDictionaryPageSizeLimit(300), parquet.WithStoreDecimalAsInteger(group%2 == 0))
	if err := pqarrow.WriteTable(table, f, group, props, pqarrow.DefaultWriterProps()); err != nil {
		t.Fatal(err)
	}
}
