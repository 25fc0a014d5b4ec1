package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"clientworth/pipeline"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/reports"
	"clientworth/reports/publish"
)

// headline says in one line what the report found. It counts the clients of the
// ranking, as the workbook's Summary does: not those that left.
func headline(r *pipeline.Result) string {
	title := r.Period.String()
	if r.Company != "" {
		title = r.Company + ", " + title
	}
	var clients, short, below, material int
	var missing money.Amount
	for ref, c := range r.Worth.Clients {
		if !r.Judgements[ref].Verdict.Ranked() {
			continue
		}
		clients++
		if c.Margin < 0 {
			below++
		}
		if c.Shortfall > 0 {
			short++
		}
		if c.Material {
			material++
			missing += c.Shortfall
		}
	}
	all, none := fmt.Sprintf("all %d clients pay for what they cost", clients), fmt.Sprintf("of %d clients none has a material shortfall", clients)
	tooLittle, more := fmt.Sprintf("%d of %d clients pay too little", material, clients), fmt.Sprintf("%d cost more than they pay", below)
	if material == 1 {
		tooLittle = fmt.Sprintf("1 of %d clients pays too little", clients)
	}
	if below == 1 {
		more = "1 costs more than it pays"
	}
	if clients == 1 {
		all, none, tooLittle, more = "the only client pays for what it costs", "the only client has no material shortfall", "the only client pays too little", "costs more than it pays"
	}
	if r.MuchUnmapped() {
		title += ", as far as the mapped names tell"
	}
	switch {
	case clients == 0:
		return title + ": no client is left to rank"
	case material > 0:
		unsaid := ""
		if n := r.NotYetJudged(); n > 0 {
			unsaid = fmt.Sprintf(", %s not judged yet", counted(int64(n), "client", "clients"))
		}
		return fmt.Sprintf("%s: %s, %s %s in %s%s", title, tooLittle,
			r.Facts.Currency.Grouped(missing), r.Facts.Currency.Code, counted(int64(r.Seen().Len()), "month", "months"), unsaid)
	case below > 0:
		return fmt.Sprintf("%s: %s, but %s", title, none, more)
	case short > 0:
		return title + ": " + none
	}
	return title + ": " + all
}

// published says what a good run did, in a few lines that cron can mail.
func (p *program) published(j *job, r *pipeline.Result, run publish.Run) {
	p.say("%s", run.Message)
	if p.status == statusReservations {
		for _, c := range r.Checks {
			if c.State == pipeline.Warn {
				p.tell("", fmt.Sprintf("check %d warns: %s: %s", c.Number, c.Name, c.Said()))
			}
		}
		all := r.Findings()
		for _, e := range []finding.Effect{finding.SetAside, finding.Unmapped} {
			if t := all.Effect(e); t.Count > 0 {
				p.say("%s: %s%s, see %s", e, counted(t.Rows, "row", "rows"), held(t), reports.NamesOf(r.Period).Findings)
			}
		}
	}
	p.noted(r)
	p.restated(r)
	p.warnOfRates(j)
	p.say("published %s", filepath.Join(j.out, run.Folder, reports.NamesOf(r.Period).Workbook))
}

// changing are the notes on rows that count otherwise than they stand in the files:
// who knows of it may want others.
var changing = []string{"same-file", "corrected-entry", "equal-rows"}

// noted names in a line the notes that change figures.
func (p *program) noted(r *pipeline.Result) {
	var notes []string
	all := r.Findings()
	for _, rule := range all.Rules() {
		if slices.Contains(changing, rule.Name) {
			notes = append(notes, fmt.Sprintf("%s %s", strings.ReplaceAll(rule.Name, "-", " "), often(all.Total(rule))))
		}
	}
	if notes != nil {
		p.tell("", fmt.Sprintf("noted: %s; see %s", strings.Join(notes, ", "), reports.NamesOf(r.Period).Findings))
	}
}

// restated says what the last report said otherwise: the margin, or the shortfall
// that a change of the configuration made another one.
func (p *program) restated(r *pipeline.Result) {
	s := r.Restatement
	if s == nil || len(s.Clients) == 0 {
		return
	}
	was, is, amount := s.Total.Was, s.Total.Is, r.Facts.Currency.Grouped
	margin := "stays " + amount(is.Margin())
	if was.Margin() != is.Margin() {
		margin = fmt.Sprintf("is %s, reported last as %s", amount(is.Margin()), amount(was.Margin()))
	}
	p.tell("", fmt.Sprintf("restated: the margin of %s %s", spoken(s.Months), margin))
	if was.Shortfall != is.Shortfall {
		p.tell("  ", fmt.Sprintf("all shortfalls together are %s, reported last as %s", amount(is.Shortfall), amount(was.Shortfall)))
	}
	p.tell("  ", fmt.Sprintf("clients restated: %d", s.Changed()))
	for _, c := range s.Settings {
		p.tell("  ", fmt.Sprintf("the configuration changed: %s from %s to %s", c.Key, cmp.Or(c.Was, "nothing"), cmp.Or(c.Is, "nothing")))
	}
}

// spoken is a window in words: a month, or the first to the last.
func spoken(w period.Window) string {
	if w.Len() == 1 {
		return w.Last.String()
	}
	return w.String()
}

// counted is a number with the word for what it counts.
func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// nothingToDo says that the report stands, after making sure that it does.
func (p *program) nothingToDo(j *job, before publish.Run) error {
	if err := publish.Check(filepath.Join(j.out, before.Folder), before.Outputs); err != nil {
		return err
	}
	p.say("nothing to do: %s was made of the same inputs", filepath.Join(j.out, before.Folder))
	return nil
}
