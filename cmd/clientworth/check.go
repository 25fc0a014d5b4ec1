package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"clientworth/pipeline"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/money"
	"clientworth/reports/publish"
)

func (p *program) checkCommand() *cobra.Command {
	var f jobFlags
	cmd := &cobra.Command{
		Use:   "check",
		Short: "read everything, publish nothing, and say what a run would find",
		Args:  cobra.NoArgs,
		RunE:  p.does(func(ctx context.Context, _ []string) error { return p.check(ctx, f) }),
	}
	f.add(cmd.Flags())
	return cmd
}

// check does everything of a run but writing.
func (p *program) check(ctx context.Context, f jobFlags) error {
	j, err := p.prepare(f)
	if err != nil {
		return err
	}
	if err := publish.Try(j.out); err != nil {
		return err
	}
	ctx, cancel := limited(ctx, f.timeout)
	defer cancel()
	progress := p.progress(nil)
	result, err := j.compute(ctx, func(s pipeline.Stage) { progress.step(string(s)) })
	progress.done()
	if result != nil {
		p.found(result)
		if result.Reservations() {
			p.status = statusReservations // as a run would end
		}
	}
	p.warnOfRates(j)
	p.tell("", fmt.Sprintf("output folder %s: free, with space and the right to write; time zone %s", j.out, j.config.Zone))
	return err
}

// warnOfRates says which rates everybody can read. It is no finding of the report,
// which does not depend on the machine.
func (p *program) warnOfRates(j *job) {
	if open := j.config.openRates(); open != "" {
		p.say("everybody on this machine can read %s: chmod o-r, and strict_permissions: true", open)
	}
}

// found says what was read of each file, and what was found in them.
func (p *program) found(r *pipeline.Result) {
	p.say("%s, window %s", r.Period, r.Facts.Window)
	for _, t := range r.Facts.Tallies {
		p.tell("", tally(t, r.Facts.Currency.Code))
	}
	all := r.Findings()
	for _, rule := range all.Rules() {
		total, kept := all.Total(rule), all.Kept(rule)
		p.tell("", fmt.Sprintf("%s: %s, %s%s", rule.Effect, rule.Sentence, often(total), held(total)))
		for _, one := range kept[:min(3, len(kept))] {
			p.tell("    ", strings.Trim(one.Place.String()+": "+one.Detail, ": "))
		}
		if more := total.Count - int64(min(3, len(kept))); more > 0 {
			p.tell("    ", fmt.Sprintf("and %d more", more))
		}
		p.tell("  ", rule.Remedy)
	}
	p.suggested(r.Facts.Unknown)
	for _, c := range r.Checks {
		if c.State != pipeline.Pass {
			p.tell("", fmt.Sprintf("check %d, %s: %s (%s)", c.Number, c.Name, c.State, c.Said()))
		}
	}
}

// tally says in one line what became of the rows of a file, and what those used
// hold.
func tally(t exports.Tally, currency string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", t.File, t.Input)
	if t.Dialect != "" {
		b.WriteString(", " + t.Dialect)
	}
	if t.First != 0 {
		fmt.Fprintf(&b, ", %s to %s", t.First, t.Last)
	}
	fmt.Fprintf(&b, ", %d used", t.Used)
	for _, part := range []struct {
		rows int64
		what string
	}{
		{t.Outside, "outside the window"}, {t.NoRevenue, "no revenue"}, {t.Superseded, "superseded"},
		{t.SetAside, "set aside"}, {t.Totals, "totals"}, {t.Blank, "blank"},
	} {
		if part.rows > 0 {
			fmt.Fprintf(&b, ", %d %s", part.rows, part.what)
		}
	}
	if !t.UsedMoney.IsZero() {
		fmt.Fprintf(&b, "; %s %s", money.Grouped(t.UsedMoney.Fixed(2)), currency)
	}
	if t.UsedHours != 0 {
		fmt.Fprintf(&b, "; %s hours", money.Grouped(t.UsedHours.String()))
	}
	return b.String()
}

// often says how often a rule was met.
func often(t finding.Total) string {
	if t.Rows > t.Count {
		return counted(t.Rows, "row", "rows")
	}
	return counted(t.Count, "time", "times")
}

// held says what the rows of a finding hold.
func held(t finding.Total) string {
	var parts []string
	if !t.Money.IsZero() {
		parts = append(parts, money.Grouped(t.Money.Fixed(2)))
	}
	if t.Hours != 0 {
		parts = append(parts, money.Grouped(t.Hours.String())+" hours")
	}
	if parts == nil {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
