package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"clientworth/pipeline/costing"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/period"
	"clientworth/pipeline/verdict"
	"clientworth/pipeline/worth"
)

// Options are the choices of a run, each package's own.
type Options struct {
	Company string
	Period  period.Month
	AsOf    period.Day
	Sources []exports.Source

	Facts   facts.Options
	Costing costing.Options
	Worth   worth.Options
	Verdict verdict.Options
	Limits  Limits

	// Progress, if set, is told what the run does next.
	Progress func(Stage)
}

// Limits are what is borne of unfit exports: above a limit nothing is published.
type Limits struct {
	SetAside measure.Share // of money and of hours, each apart
	Unmapped measure.Share // likewise

	// MissingMonths are the months without a row that billing, or support hours,
	// may have from their first row to the period.
	MissingMonths int
	// SmallMonth are the shares of its usual rows below which the period is small.
	SmallMonth Bounds[measure.Share]
}

// DefaultLimits are 1 % set aside, 5 % unmapped, no month missing, and a warning
// of half the usual rows.
var DefaultLimits = Limits{
	SetAside: measure.Million / 100, Unmapped: measure.Million / 20, SmallMonth: Bounds[measure.Share]{Warn: measure.Million / 2},
}

// Stage is a step of the run.
type Stage string

const (
	Gathering Stage = "reading exports"
	Costing   Stage = "costing"
	Judging   Stage = "judging"
	Checking  Stage = "checking"
)

// Run does the month's job: exports become facts, facts costs, costs worth,
// worth verdicts, and all totals are tied. The result of a run whose checks fail
// is returned beside the error [*Unfit], so that it can be said what failed.
func Run(ctx context.Context, o Options) (*Result, error) {
	o.tell(Gathering)
	f, err := facts.Gather(ctx, o.Sources, o.Facts)
	if err != nil {
		return nil, err
	}
	o.tell(Costing)
	c, err := costing.Compute(f, o.Costing)
	if err != nil {
		return nil, elsewhen(f, o, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	o.tell(Judging)
	o.Worth.Baseline = o.Costing
	p, err := worth.Assess(f, c, o.Worth)
	if err != nil {
		return nil, err
	}
	r := &Result{
		Company: o.Company, Period: o.Period, AsOf: o.AsOf, Target: o.Worth.Target, Options: o,
		Facts: f, Costs: c, Worth: p, Judgements: verdict.Decide(f, c, p, o.Verdict),
	}
	r.Recall(nil)
	o.tell(Checking)
	r.Checks = reconcile(r, o.Limits)
	return r, r.unfit()
}

// elsewhen returns why costs cannot be computed: where the exports are not of the
// period, what they lack follows from that.
func elsewhen(f *facts.Facts, o Options, err error) error {
	k := &checker{}
	k.coverage(&Result{Facts: f, Options: o}, o.Limits)
	r := &Result{Checks: k.checks}
	return cmp.Or(r.unfit(), err)
}

func (o Options) tell(s Stage) {
	if o.Progress != nil {
		o.Progress(s)
	}
}

// Unfit says that a check failed: nothing may be published.
type Unfit struct{ Failed []Check }

func (u *Unfit) Error() string {
	c := u.Failed[0]
	s := fmt.Sprintf("check %d failed: %s: %s", c.Number, c.Name, c.Said())
	if n := len(u.Failed) - 1; n > 0 {
		s += fmt.Sprintf(" (and %d more)", n)
	}
	return s
}

// Late reports whether exports are missing, stale or of the wrong period.
func (u *Unfit) Late() bool {
	return slices.ContainsFunc(u.Failed, func(c Check) bool { return c.Late })
}

// Remedy says what to do about it, a line for each remedy.
func (u *Unfit) Remedy() string {
	var all []string
	for _, c := range u.Failed {
		if !slices.Contains(all, c.Remedy) {
			all = append(all, c.Remedy)
		}
	}
	return strings.Join(all, "\n")
}

// unfit returns the error of the checks that did not pass, or nil. Exports that are
// missing come first: they may be why others failed.
func (r *Result) unfit() error {
	var late, failed []Check
	for _, c := range r.Checks {
		switch {
		case c.State == Pass || c.State == Warn:
		case c.Late:
			late = append(late, c)
		default:
			failed = append(failed, c)
		}
	}
	if failed = append(late, failed...); failed == nil {
		return nil
	}
	return &Unfit{Failed: failed}
}
