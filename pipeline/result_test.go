package pipeline_test

import (
	"testing"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
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
