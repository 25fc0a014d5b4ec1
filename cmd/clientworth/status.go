package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"clientworth/pipeline"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/exports"
	"clientworth/reports/publish"
)

// Exit statuses. 2 is what Go's runtime itself ends with when it crashes: it is
// never ours, and like any other number it means failure.
const (
	statusDone         = 0
	statusFailed       = 1
	statusReservations = 3
	statusUnfit        = 4
	statusMissing      = 5
	statusHeld         = 6
	statusOutput       = 7
	statusUsage        = 64
	statusInterrupted  = 130
	statusTerminated   = 143
)

// statuses says what each exit status means, for the help and the README.
var statuses = []struct {
	status  int
	meaning string
}{
	{statusDone, "published, or nothing to do"},
	{statusFailed, "failed"},
	{statusReservations, "published with reservations: rows set aside or unmapped, months missing or small, within the limits"},
	{statusUnfit, "inputs unfit, or a check failed: nothing published"},
	{statusMissing, "input missing, stale or of the wrong period: nothing published"},
	{statusHeld, "another run holds the output folder"},
	{statusOutput, "output cannot be written"},
	{statusUsage, "wrong usage or configuration"},
	{statusInterrupted, "stopped by an interrupt"},
	{statusTerminated, "stopped by a request to terminate"},
}

func longHelp() string {
	var b strings.Builder
	b.WriteString("clientworth works out what each client costs to serve, sets it against what the\n" +
		"client pays, and publishes a workbook with the next reasonable step for each.\n\nExit statuses:\n")
	for _, s := range statuses {
		wrap(&b, fmt.Sprintf("  %3d  %s", s.status, s.meaning))
	}
	return b.String() + "Any other status is a failure."
}

// usageError is a command line that cannot be meant.
type usageError struct {
	error
	remedy string
}

// stopped is the cause of a context that ended early.
type stopped struct {
	status int
	reason string
}

func (s *stopped) Error() string { return s.reason }

// grace is how long a run that is stopped may take to clear up. One that waits for
// the machine, as for a file that nobody writes to, would never end by itself; the
// next run removes what it leaves.
const grace = 4 * time.Second

// stoppable returns a context that ends on an interrupt or a request to
// terminate, with the reason as its cause.
func stoppable(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	over := make(chan struct{})
	go func() {
		stop := &stopped{statusTerminated, "stopped by a request to terminate"}
		select {
		case <-over:
			return
		case s := <-signals:
			if s == os.Interrupt {
				stop = &stopped{statusInterrupted, "stopped by an interrupt"}
			}
		}
		cancel(stop)
		select {
		case <-over:
		case <-time.After(grace):
			fmt.Fprintf(os.Stderr, "clientworth: %v, in the middle of its work\n", stop)
			os.Exit(stop.status)
		}
	}()
	return ctx, func() { signal.Stop(signals); close(over); cancel(nil) }
}

// statusOf returns the exit status that an error stands for.
func statusOf(err error) int {
	var (
		stop    *stopped
		usage   *usageError
		missing *missingError
		unfit   *unfitError
		config  *configError
		output  *publish.OutputError
		record  *publish.RecordError
	)
	switch {
	case err == nil:
		return statusDone
	case errors.As(err, &stop):
		return stop.status
	case errors.As(err, &missing):
		return statusMissing
	case errors.As(err, &usage), errors.As(err, &config):
		return statusUsage
	case errors.Is(err, publish.ErrHeld):
		return statusHeld
	case errors.As(err, &output):
		return statusOutput
	case errors.As(err, &unfit):
		return unfit.status()
	case errors.As(err, &record), errors.Is(err, publish.ErrAltered):
		return statusUnfit
	}
	return statusFailed
}

// remedyOf returns what to do about an error, "" where nothing is known.
func remedyOf(err error) string {
	var (
		usage  *usageError
		config *configError
		output *publish.OutputError
		record *publish.RecordError
		placed *exports.Placed
		check  *pipeline.Unfit
		rate   *costing.NoRate
		crash  *crash

		missing *missingError
	)
	switch {
	case errors.As(err, &usage):
		return usage.remedy
	case errors.As(err, &missing):
		return missing.Remedy
	case errors.As(err, &config):
		return config.Remedy
	case errors.As(err, &output):
		return output.Remedy
	case errors.As(err, &record):
		return record.Remedy
	case errors.As(err, &placed) && placed.Remedy != "":
		return placed.Remedy
	case errors.As(err, &check):
		return check.Remedy()
	case errors.As(err, &rate):
		return rate.Remedy()
	case errors.As(err, &crash):
		return "this is a defect of the program: please report it with the log of this run"
	case errors.Is(err, publish.ErrUnknown):
		return "name the folder of a report, such as reports/2026-10"
	case errors.Is(err, publish.ErrStray):
		return "move it elsewhere: the folder of a report holds nothing else"
	case errors.Is(err, publish.ErrAltered):
		return "restore the folder from a backup, or publish the month anew: clientworth run --force"
	case errors.Is(err, publish.ErrHeld):
		return "wait for it to end; what it publishes is whole"
	case errors.Is(err, fs.ErrPermission):
		return mayRead
	case exhausted(err):
		return "raise the limit on open files (ulimit -n)"
	}
	return ""
}

const mayRead = "give the user who runs this the right to read it"

// exhausted reports whether no more files could be opened, which is no fault of them.
func exhausted(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// mostLines is how long the report of a failure may be.
const mostLines = 20

// finish says what went wrong, if anything did, and returns the exit status.
func (p *program) finish(err error) int {
	if err == nil || errors.Is(err, syscall.EPIPE) { // who reads has seen enough
		return p.status
	}
	lines := strings.Split(strings.TrimRight("clientworth: "+err.Error(), "\n"), "\n")
	if unfit := (*pipeline.Unfit)(nil); errors.As(err, &unfit) {
		lines = checksFailed(unfit)
	}
	remedy := remedyOf(err)
	if room := mostLines - strings.Count(remedy, "\n") - 2; len(lines) > room {
		lines = append(lines[:room], fmt.Sprintf("... and %d more", len(lines)-room))
	}
	if remedy != "" {
		for _, l := range strings.Split(remedy, "\n") {
			lines = append(lines, "  "+l)
		}
	}
	for _, l := range lines {
		p.fault(l)
	}
	return statusOf(err)
}

// fault writes a line to standard error: wrapped where a person reads it, whole
// where a log or a search does.
func (p *program) fault(line string) {
	if f, ok := p.err.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		wrap(p.err, line)
		return
	}
	fmt.Fprintln(p.err, line)
}

// checksFailed names every check that failed.
func checksFailed(u *pipeline.Unfit) []string {
	var lines []string
	for _, c := range u.Failed {
		lines = append(lines, fmt.Sprintf("clientworth: check %d failed: %s: %s", c.Number, c.Name, c.Said()))
	}
	return append(lines, "  nothing is published; clientworth check lists what was found")
}
