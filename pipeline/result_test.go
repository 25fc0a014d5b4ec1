package pipeline_test

import (
	"slices"
	"testing"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/period"
	"clientworth/pipeline/verdict"
	"clientworth/pipeline/worth"
)

// What the stages found is told once each.
func TestFindingsStandOnce(t *testing.T) {
	r := &pipeline.Result{
		Facts:      &facts.Facts{Findings: &finding.Log{}, Clients: []clients.Client{{ID: "1"}}},
		Costs:      &costing.Costs{Findings: &finding.Log{}},
		Worth:      &worth.Portfolio{Findings: &finding.Log{}},
		Judgements: []verdict.Judgement{{Verdict: verdict.PrepareToPart, Contract: verdict.Contract{Missing: []string{"notice_days"}}}},
	}
	if got := r.Findings().Effect(finding.Note).Count; got != 1 {
		t.Errorf("a client to part with has no notice in its contract: %d findings of it", got)
	}
}

// Of earlier reports, the verdicts before are those of the last one.
func TestBeforeIsTheLastReport(t *testing.T) {
	w := period.WindowTo(period.MonthOf(2026, 10), 12)
	r := &pipeline.Result{Facts: &facts.Facts{Window: w}, Costs: &costing.Costs{Window: w}, Worth: &worth.Portfolio{}}
	said := func(m int, id clients.ID) verdict.Past {
		return verdict.Past{Period: period.MonthOf(2026, m), Client: id}
	}
	r.Recall([]verdict.Past{said(8, "a"), said(9, "a"), said(9, "b")})
	if !slices.Equal(r.Before, []verdict.Past{said(9, "a"), said(9, "b")}) {
		t.Errorf("%+v", r.Before)
	}
}
