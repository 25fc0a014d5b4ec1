package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"clientworth/pipeline"
	"clientworth/reports/publish"
)

// jobFlags are the flags of the commands that do the job.
type jobFlags struct {
	config  string
	period  string
	asOf    string
	out     string
	force   bool
	timeout time.Duration
}

func (f *jobFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.config, "config", "clientworth.yaml", "the configuration")
	flags.StringVar(&f.period, "period", "", "month to report on, 2026-10 (default: the last one that is over)")
	flags.StringVar(&f.asOf, "as-of", "", "day that counts as today, 2026-11-02")
	flags.StringVar(&f.out, "out", "", "folder for reports (default: output of the configuration)")
	flags.DurationVar(&f.timeout, "timeout", 0, "give up after so long, 30m")
}

func (p *program) runCommand() *cobra.Command {
	var f jobFlags
	cmd := &cobra.Command{
		Use:   "run",
		Short: "read the exports and publish the report of a month",
		Args:  cobra.NoArgs,
		RunE:  p.does(func(ctx context.Context, _ []string) error { return p.report(ctx, f) }),
	}
	f.add(cmd.Flags())
	cmd.Flags().BoolVar(&f.force, "force", false, "publish the next revision even if nothing changed")
	return cmd
}

// report does the job, and tells the watcher, if there is one, how it went.
func (p *program) report(ctx context.Context, f jobFlags) error {
	j, err := p.prepare(f)
	if err != nil {
		return err
	}
	run := publish.Run{
		Started: p.now().UTC(), Program: version(), Period: j.period.String(), Configuration: j.config.digest(),
	}
	diary := &diary{now: p.now}
	defer diary.close()
	beat := j.config.Heartbeat
	beat.patience = p.patience
	beat.start(ctx)
	err = p.recorded(ctx, j, f, &run, diary)
	status := p.status
	if err != nil {
		status = statusOf(err)
	}
	if unheard := beat.end(context.WithoutCancel(ctx), p.now(), status, run); unheard != nil {
		diary.unheard(unheard)
	}
	return err
}

// recorded publishes the month's report, or says what stopped it. A run that got
// the output folder is recorded there, however it ends.
func (p *program) recorded(ctx context.Context, j *job, f jobFlags, run *publish.Run, diary *diary) error {
	folder, err := publish.Open(j.out)
	if err != nil {
		return err
	}
	defer folder.Close()
	if err := diary.open(folder); err != nil {
		return err
	}
	if last := folder.Ended(); last.After(p.now().Add(24 * time.Hour)) {
		p.note("the clock says %s, but the last run was on %s: is the clock right?", p.now().Format(time.DateOnly), last.Format(time.DateOnly))
	}
	ctx, cancel := limited(ctx, f.timeout)
	defer cancel()
	err = guarded(func() error { return p.attempt(ctx, j, folder, run, f.force, diary) })
	if err != nil {
		run.Ended, run.Status, run.Message = p.now().UTC(), statusOf(err), err.Error()
		diary.failed(err)
		return errors.Join(err, folder.Record(*run))
	}
	diary.ended(p.status, run.Folder)
	return p.forget(j, folder)
}

// forget removes findings files that are older than the company keeps them.
func (p *program) forget(j *job, folder *publish.Folder) error {
	if j.config.RetentionDays == 0 {
		return nil
	}
	removed, err := folder.Forget("findings-", p.now().Add(-time.Duration(j.config.RetentionDays)*24*time.Hour), p.now())
	for _, name := range removed {
		p.say("removed %s, older than %d days", name, j.config.RetentionDays)
	}
	return err
}

// attempt computes, and publishes if there is something new.
func (p *program) attempt(ctx context.Context, j *job, folder *publish.Folder, run *publish.Run, force bool, diary *diary) error {
	if err := folder.RequireSpace(); err != nil {
		return err
	}
	progress := p.progress(diary)
	defer progress.done()
	result, err := j.compute(ctx, func(s pipeline.Stage) { progress.step(string(s)) })
	if result != nil {
		run.Inputs = inputDigests(result)
		account(run, result)
	}
	if err != nil {
		return err
	}
	if before, ok := folder.Published(run.Period); ok && before.Same(*run) && !force {
		run.Folder, run.Outputs = before.Folder, before.Outputs
		progress.done()
		return p.nothingToDo(j, before)
	}
	p.status = statusDone
	if result.Reservations() {
		p.status = statusReservations
	}
	run.Ended, run.Status, run.Message = p.now().UTC(), p.status, headline(result)
	if result.Restatement, err = j.restated(folder, result, *run); err != nil {
		p.say("the last report cannot be compared with: %v", err)
	}
	if err := j.recall(folder, result); err != nil {
		p.say("earlier verdicts cannot be graded: %v", err)
	}
	progress.step("writing the report")
	published, err := folder.Publish(*run, func(dir string, revision int) ([]publish.Digest, error) {
		digests, err := j.write(ctx, dir, result, *run, revision)
		return digests, cmp.Or(context.Cause(ctx), err)
	})
	if err != nil {
		return err
	}
	*run = published
	progress.done()
	p.published(j, result, published)
	return nil
}

// limited ends the context after the time given, if any.
func limited(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, limit, fmt.Errorf("stopped: it took longer than --timeout %s", limit))
}
