package exports

import (
	"strings"
	"testing"

	"clientworth/pipeline/finding"
)

// samples are rows of billing that break one rule each.
var samples = map[*finding.Rule]string{
	BadAmount:      "A,2026-10-02,twelve,,\n",
	BadDate:        "A,2026-02-29,1.00,,\n",
	BadValue:       "A,2026-10-02,1.00,perhaps,\n",
	MissingValue:   "A,2026-10-02,,,\n",
	RaggedRow:      "A,2026-10-02,1.00,,,more\n",
	RoundedValue:   "A,2026-10-02,1.0000001,,\n",
	NoLineEnd:      "A,2026-10-02,1.00,,",
	RepeatedHeader: "client_id,date,amount,recurring,document\n",
}

// Every rule has a sample that it is found in; those of other formats have theirs
// beside their readers. How rules are worded is tested for all packages at once.
func TestRules(t *testing.T) {
	elsewhere := map[*finding.Rule]string{BadDuration: "TestHoursOfTimes", BadCell: "sheet_test.go", HiddenContent: "sheet_test.go", MergedCells: "sheet_test.go"}
	for _, rule := range Rules {
		sample, ok := samples[rule]
		if !ok {
			if elsewhere[rule] == "" {
				t.Errorf("the rule %s has no sample", rule.Name)
			}
			continue
		}
		_, r, err := read(t, Source{}, 1, "a.csv", "client_id,date,amount,recurring,document\nA,2026-10-01,1.50,yes,1\n"+sample)
		if err != nil {
			t.Fatal(rule.Name, err)
		}
		if met := r.Findings.Rules(); len(met) != 1 || met[0] != rule || r.Findings.Total(rule).Count != 1 {
			t.Errorf("the sample of %s is found to be %v", rule.Name, met)
		}
	}
}

// A hundred thousand bad rows are all counted and bounded findings kept.
func TestManyBadRows(t *testing.T) {
	const bad = 100_000
	rows, r, err := read(t, Source{}, 2, "a.csv", "client_id,date,amount\nA,2026-10-01,1.50\n"+strings.Repeat("A,2026-02-30,2\n", bad))
	if err != nil || len(rows) != 1 {
		t.Fatal(len(rows), err)
	}
	if r.Tallies[0].SetAside != bad || r.Findings.Total(BadDate).Count != bad || r.Findings.Total(BadDate).Money.String() != "200000" || len(r.Findings.Kept(BadDate)) != finding.Keep {
		t.Errorf("%+v, %+v", r.Tallies[0], r.Findings.Total(BadDate))
	}
}
