package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/restate"
	"clientworth/pipeline/verdict"
	"clientworth/reports"
	"clientworth/reports/publish"
	"clientworth/reports/tables"
	"clientworth/reports/words"
)

// restated sets what the last report said of its months against what is known
// now. There is nothing to say without an earlier report, or where none of its
// months is left in the window or its currency was another one.
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
	all := restate.NewWords()
	said, same, err := published(dir, month, r.Facts.Currency.Code, all)
	if err != nil || !same {
		return nil, err
	}
	of, err := readVerdicts(filepath.Join(dir, reports.NamesOf(month).ClientsCSV), r.Facts.Currency)
	if err != nil {
		return nil, err
	}
	segments, names := map[clients.ID]string{}, map[clients.ID]string{}
	for _, c := range r.Facts.Clients {
		segments[c.ID] = c.Segment
	}
	then := maps.Clone(segments)
	for _, c := range of {
		then[c.Client], names[c.Client] = c.Segment, c.Name
	}
	both := period.Window{First: max(said.window.First, r.Facts.Window.First), Last: month}
	was := &restate.Report{Lines: said.lines, Target: func(id clients.ID) measure.Share { return said.target(then[id]) }}
	now := &restate.Report{
		Lines:  restate.Known(all, r.Facts, r.Costs, r.Options.Costing.Recognition, words.Plain),
		Target: func(id clients.ID) measure.Share { return r.Options.Worth.TargetOf(segments[id]) },
	}
	before := now
	if rules := said.rules(r.Options.Costing); rules != r.Options.Costing {
		costs, err := costing.Compute(r.Facts, rules)
		if err != nil {
			return nil, fmt.Errorf("by the rules of %s: %w", last.Folder, err)
		}
		before = &restate.Report{Lines: restate.Known(all, r.Facts, costs, rules.Recognition, words.Plain)}
	}
	restatement, err := restate.Compare(r.Facts.Currency, all, was, before, now, both)
	if err != nil {
		return nil, err
	}
	for i := range restatement.Clients {
		restatement.Clients[i].Name = names[restatement.Clients[i].ID]
	}
	restatement.Settings = changed(said.settings, j.config.inForce())
	return restatement, nil
}

// changed lists the settings that differ, but for those that only a newer release
// of the program has.
func changed(was, is map[string]string) (all []restate.Setting) {
	for _, key := range slices.Sorted(maps.Keys(is)) {
		if old, known := was[key]; known && old != is[key] {
			all = append(all, restate.Setting{Key: key, Was: old, Is: is[key]})
		}
	}
	return all
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
		said, err := readVerdicts(filepath.Join(dir, reports.NamesOf(m).ClientsCSV), r.Facts.Currency)
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
	window    period.Window
	lines     restate.Lines
	margin    measure.Share
	bySegment map[string]measure.Share

	recognise     string // service or document
	hoursPerMonth measure.Hours
	practical     measure.Share

	settings map[string]string
}

func (p *past) target(segment string) measure.Share {
	if m, ok := p.bySegment[segment]; ok {
		return m
	}
	return p.margin
}

// rules are the options of costing that the report was made with, on top of those
// that no configuration changes.
func (p *past) rules(o costing.Options) costing.Options {
	o.Recognition = recognitions[p.recognise]
	o.HoursPerMonth, o.Practical = p.hoursPerMonth, p.practical
	return o
}

// published reads a report's facts and the rules it was made by; same is whether
// its currency is.
func published(dir string, month period.Month, currency string, w *restate.Words) (p *past, same bool, err error) {
	names := reports.NamesOf(month)
	text, err := os.ReadFile(filepath.Join(dir, names.Manifest))
	if err != nil {
		return nil, false, err
	}
	var m tables.Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, false, err
	}
	if m.Currency != currency {
		return nil, false, nil
	}
	if p, err = rulesOf(&m); err != nil {
		return nil, false, fmt.Errorf("%s: %w", names.Manifest, err)
	}
	file, err := os.Open(filepath.Join(dir, names.Facts))
	if err != nil {
		return nil, false, err
	}
	defer file.Close()
	p.lines, err = tables.ReadFacts(file, w)
	return p, true, err
}

// rulesOf reads from a manifest what of its configuration a restatement needs.
func rulesOf(m *tables.Manifest) (*past, error) {
	var inForce struct {
		Settings map[string]string `json:"settings"`
	}
	if err := json.Unmarshal(m.Configuration, &inForce); err != nil {
		return nil, err
	}
	p := &past{settings: inForce.Settings, bySegment: map[string]measure.Share{}, recognise: inForce.Settings["revenue.recognise"]}
	first, last, _ := strings.Cut(m.Window, " to ")
	hours, errHours := decimal(inForce.Settings["hours_per_month"])
	p.hoursPerMonth = measure.Hours(hours.Lo)
	var errs [4]error
	p.window.First, errs[0] = period.ParseMonth(first)
	p.window.Last, errs[1] = period.ParseMonth(last)
	p.margin, errs[2] = share(inForce.Settings["target_margin"])
	p.practical, errs[3] = share(inForce.Settings["practical_capacity"])
	if err := cmp.Or(errHours, errs[0], errs[1], errs[2], errs[3]); err != nil {
		return nil, err
	}
	if by := inForce.Settings["target_margin_by_segment"]; by != "" {
		segment := "" // as far as it goes: a comma may be part of it
		for one := range strings.SplitSeq(by, ", ") {
			segment += one
			at := strings.LastIndex(segment, ": ")
			if margin, err := share(segment[at+1:]); at >= 0 && err == nil {
				p.bySegment[segment[:at]], segment = margin, ""
			} else {
				segment += ", "
			}
		}
		if segment != "" {
			return nil, fmt.Errorf("target_margin_by_segment %q cannot be read", by)
		}
	}
	return p, nil
}
