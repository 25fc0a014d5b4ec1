package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/adrg/strutil"
	"github.com/adrg/strutil/metrics"
	"github.com/spf13/cobra"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/period"
	"clientworth/reports/publish"
	"clientworth/reports/trace"
)

func (p *program) explainCommand() *cobra.Command {
	var f jobFlags
	var month, format string
	cmd := &cobra.Command{
		Use:   "explain CLIENT",
		Short: "show how each figure of a client came about, down to lines",
		Args:  cobra.ExactArgs(1),
		RunE: p.does(func(ctx context.Context, args []string) error {
			return p.explain(ctx, f, args[0], month, format)
		}),
	}
	f.add(cmd.Flags())
	aboutNewest(cmd)
	cmd.Flags().StringVar(&month, "month", "", "one month of the window, with all its entries")
	cmd.Flags().StringVar(&format, "format", "text", "text, or csv for everything")
	return cmd
}

// explain computes the report again, reads the client's rows again, and lays
// one out against the other.
func (p *program) explain(ctx context.Context, f jobFlags, name, monthFlag, format string) error {
	j, err := p.last(f)
	if err != nil {
		return err
	}
	if format != "text" && format != "csv" {
		return &usageError{fmt.Errorf("--format: %q is neither text nor csv", format), ""}
	}
	var month period.Month
	if monthFlag != "" {
		if month, err = period.ParseMonth(monthFlag); err != nil {
			return &usageError{fmt.Errorf("--month: %w", err), ""}
		}
	}
	ctx, cancel := limited(ctx, f.timeout)
	defer cancel()
	result, err := p.computed(ctx, j)
	if err != nil {
		return err
	}
	if month != 0 && !result.Facts.Window.Contains(month) {
		return &usageError{fmt.Errorf("--month: %s is not in the window, %s", month, result.Facts.Window), ""}
	}
	client, err := named(result, name)
	if err != nil {
		return err
	}
	entries, err := facts.Trace(ctx, result.Options.Sources, result.Options.Facts, result.Facts, client)
	if err != nil {
		return &unfitError{err}
	}
	months := result.Facts.Window
	if month != 0 {
		months = period.Window{First: month, Last: month}
	}
	t, err := trace.Of(result, client, entries, months)
	if err != nil {
		return err
	}
	if format == "csv" {
		return t.CSV(p.out)
	}
	return t.Text(p.out)
}

// aboutNewest says of a command that it asks about what is published.
func aboutNewest(cmd *cobra.Command) {
	cmd.Flags().Lookup("period").Usage = "month asked about, 2026-10 (default: the newest published)"
}

// last prepares a question about the newest month published, unless a period is
// named; where nothing is published it is about the last month that is over.
func (p *program) last(f jobFlags) (*job, error) {
	j, err := p.prepare(f)
	if err != nil || f.period != "" || f.asOf != "" {
		return j, err
	}
	name, folder := publish.Latest(j.out)
	if month, err := period.ParseMonth(name); err == nil {
		j.period = month
		p.note("about %s, the newest month published; --period names another", folder)
	} else {
		p.note("about %s, the last month that is over: nothing is published yet", j.period)
	}
	return j, nil
}

// computed does a job's computing for a command that publishes nothing. It says
// so if the report published of the month was made of something else.
func (p *program) computed(ctx context.Context, j *job) (*pipeline.Result, error) {
	progress := p.progress(nil)
	r, err := j.compute(ctx, func(s pipeline.Stage) { progress.step(string(s)) })
	progress.done()
	if err != nil {
		return r, err
	}
	now := publish.Run{Program: version(), Period: j.period.String(), Configuration: j.config.digest(), Inputs: inputDigests(r)}
	if run, ok := publish.Newest(j.out, now.Period); ok && !run.Same(now) {
		p.note("not as published: what %s was made of has changed since", run.Folder)
	}
	return r, nil
}

// note says something beside the answer, which alone goes to standard output.
func (p *program) note(format string, args ...any) {
	if !p.quiet {
		fmt.Fprintf(p.err, format+"\n", args...)
	}
}

// named finds a client by id or name, as a person types them.
func named(r *pipeline.Result, name string) (clients.Ref, error) {
	if name == "_unmapped" || strings.EqualFold(name, "unmapped") {
		return clients.Unmapped, nil
	}
	var found []clients.Ref
	nearest, likeness := "", 0.0
	var within []string
	for i, c := range r.Facts.Clients {
		if string(c.ID) == name {
			return clients.Ref(i), nil
		}
		if strings.EqualFold(c.Name, name) || strings.EqualFold(string(c.ID), name) {
			found = append(found, clients.Ref(i))
		}
		if strings.Contains(strings.ToLower(c.Name), strings.ToLower(name)) {
			within = append(within, strconv.Quote(c.Name))
		}
		if l := strutil.Similarity(strings.ToLower(c.Name), strings.ToLower(name), metrics.NewJaroWinkler()); l > likeness {
			nearest, likeness = c.Name, l
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return 0, &usageError{fmt.Errorf("%d clients are called %q", len(found), name), "name one by its id"}
	}
	remedy := "name a client by its id, or by its name as the report has it"
	switch {
	case 0 < len(within) && len(within) <= 3:
		remedy = fmt.Sprintf("did you mean %s?", strings.Join(within, " or "))
	case likeness > 0.8:
		remedy = fmt.Sprintf("did you mean %q?", nearest)
	}
	return 0, &usageError{fmt.Errorf("no client is called %q", name), remedy}
}
