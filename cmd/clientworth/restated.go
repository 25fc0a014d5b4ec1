package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/restate"
	"clientworth/pipeline/verdict"
	"clientworth/reports"
	"clientworth/reports/publish"
	"clientworth/reports/tables"
)

// restated sets what the last report said of its period against what is known
// now. There is nothing to say without an earlier report, or where its period has
// left the window or its currency was another one.
func (j *job) restated(folder *publish.Folder, r *pipeline.Result, run publish.Run) (*restate.Restatement, error) {
	last, ok := folder.Last(run)
	if !ok {
		return nil, nil
	}
	month, err := period.ParseMonth(last.Period)
	if err != nil || !r.Facts.Window.Contains(month) {
		return nil, err
	}
	dir := filepath.Join(folder.Path(), last.Folder)
	if err := publish.Check(dir, last.Outputs); err != nil {
		return nil, err
	}
	said, same, err := published(dir, month, r.Facts.Currency.Code)
	if err != nil || !same {
		return nil, err
	}
	segments := map[clients.ID]string{}
	for _, c := range r.Facts.Clients {
		segments[c.ID] = c.Segment
	}
	months := period.Window{First: month, Last: month}
	now := restate.Report{
		Lines:  restate.Lines(r.Facts, r.Costs, r.Options.Costing.Recognition, months),
		Target: func(id clients.ID) measure.Share { return r.Options.Worth.TargetOf(segments[id]) },
	}
	for i := range now.Lines {
		now.Lines[i] = tables.AsPublished(now.Lines[i])
	}
	was := restate.Report{Lines: said.lines, Target: func(id clients.ID) measure.Share { return said.target(segments[id]) }}
	return restate.Compare(r.Facts.Currency, was, now, months)
}

// recall grades what the reports of the window's earlier periods said.
func (j *job) recall(folder *publish.Folder, r *pipeline.Result) error {
	var past []verdict.Past
	for m := r.Facts.Window.First; m < r.Period; m++ {
		run, ok := folder.Published(m.String())
		if !ok {
			continue
		}
		dir := filepath.Join(folder.Path(), run.Folder)
		if err := publish.Check(dir, run.Outputs); err != nil {
			return err
		}
		_, table, _, _, _, _ := reports.Names(m)
		said, err := readVerdicts(filepath.Join(dir, table), r.Facts.Currency)
		if err != nil {
			return err
		}
		past = append(past, said...)
	}
	r.Recall(past)
	return nil
}

func readVerdicts(name string, c money.Currency) ([]verdict.Past, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	said, err := tables.ReadVerdicts(file, c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return said, nil
}

// past is what a published report says for a later one.
type past struct {
	lines     []restate.Line
	margin    measure.Share
	bySegment map[string]measure.Share
}

func (p *past) target(segment string) measure.Share {
	if m, ok := p.bySegment[segment]; ok {
		return m
	}
	return p.margin
}

// published reads a report's facts and target margins; same is whether its
// currency is.
func published(dir string, month period.Month, currency string) (p *past, same bool, err error) {
	_, _, _, factsName, _, manifestName := reports.Names(month)
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return nil, false, err
	}
	var m tables.Manifest
	var inForce struct {
		Settings map[string]string `json:"settings"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, false, err
	}
	if err := json.Unmarshal(m.Configuration, &inForce); err != nil {
		return nil, false, err
	}
	if m.Currency != currency {
		return nil, false, nil
	}
	p = &past{bySegment: map[string]measure.Share{}}
	if p.margin, err = share(inForce.Settings["target_margin"]); err != nil {
		return nil, false, err
	}
	if by := inForce.Settings["target_margin_by_segment"]; by != "" {
		for _, one := range strings.Split(by, ", ") {
			at := strings.LastIndex(one, ": ")
			if at < 0 {
				return nil, false, fmt.Errorf("%s: target_margin_by_segment %q cannot be read", manifestName, by)
			}
			if p.bySegment[one[:at]], err = share(one[at+2:]); err != nil {
				return nil, false, err
			}
		}
	}
	file, err := os.Open(filepath.Join(dir, factsName))
	if err != nil {
		return nil, false, err
	}
	defer file.Close()
	p.lines, err = tables.ReadFacts(file)
	return p, true, err
}
