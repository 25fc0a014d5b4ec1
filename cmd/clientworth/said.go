package main

import (
	"fmt"
	"path/filepath"

	"clientworth/pipeline"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/money"
	"clientworth/reports/publish"
)

// headline says in one line what the report found.
func headline(r *pipeline.Result) string {
	short, material := 0, money.Amount(0)
	for _, c := range r.Worth.Clients {
		if c.Material {
			short++
			material += c.Shortfall
		}
	}
	title := r.Period.String()
	if r.Company != "" {
		title = r.Company + ", " + title
	}
	if short == 0 {
		return fmt.Sprintf("%s: all %d clients pay for what they cost", title, len(r.Worth.Clients))
	}
	return fmt.Sprintf("%s: %d of %d clients pay too little, %s %s in %d months",
		title, short, len(r.Worth.Clients), r.Facts.Currency.Format(material), r.Facts.Currency.Code, r.Facts.Window.Len())
}

// published says what a good run did, in a few lines that cron can mail.
func (p *program) published(j *job, r *pipeline.Result, run publish.Run) {
	p.say("%s", run.Message)
	if p.status == statusReservations {
		all := r.Findings()
		for _, e := range []finding.Effect{finding.SetAside, finding.Unmapped} {
			if t := all.Effect(e); t.Count > 0 {
				p.say("%s: %d rows%s, see findings-%s.csv", e, t.Count, held(t), r.Period)
			}
		}
	}
	if s := r.Restatement; s != nil && len(s.Clients) > 0 {
		was, is := s.Total.Was, s.Total.Is
		p.say("restated: the margin of %s is %s, reported last as %s (clients restated: %d)", s.Months.Last,
			r.Facts.Currency.Format(is.Revenue-is.Cost), r.Facts.Currency.Format(was.Revenue-was.Cost), len(s.Clients))
	}
	p.say("published %s", filepath.Join(j.out, run.Folder, "clientworth-"+run.Period+".xlsx"))
}

// nothingToDo says that the report stands, after making sure that it does.
func (p *program) nothingToDo(j *job, before publish.Run) error {
	if err := publish.Check(filepath.Join(j.out, before.Folder), before.Outputs); err != nil {
		return err
	}
	p.say("nothing to do: %s was made of the same inputs", filepath.Join(j.out, before.Folder))
	return nil
}
