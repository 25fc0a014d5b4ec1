package worth

import (
	"errors"
	"fmt"

	"clientworth/pipeline/costing"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// Options are the choices of this package. Start from [Defaults].
type Options struct {
	// Target is the margin the company needs, as a share of revenue; below 1.
	Target measure.Share
	// TargetBySegment replaces it for the clients of a segment.
	TargetBySegment map[string]measure.Share

	// A shortfall is material above the larger of the two.
	MaterialAmount money.Exact   // report currency
	MaterialShare  measure.Share // of revenue

	RateCV  measure.Share // how uncertain each role's cost rate is
	Confide measure.Share // what the intervals cover
	Seed    uint64        // of the draws
	Draws   int           // joint draws of all gaps for the interval of the rank

	QuietMonths int // without revenue, hours and direct costs: the client has left
	MinMonths   int // observed months below which nothing is said
	PoolFrom    int // clients from which a group's means are pooled
	GroupFrom   int // clients from which a segment is a group of its own

	Avoidable Avoidable
	ByParent  bool // rank parents, with their clients as detail

	// Baseline is how the costs were computed that Assess is given.
	Baseline costing.Options
}

// Avoidable says which share of a cost ends when the client leaves: by kind, and
// by name where a role, category or pool has its own.
type Avoidable struct {
	LabourHourly  measure.Share // labour paid by the hour
	LabourMonthly measure.Share // labour paid by the month
	Direct        measure.Share
	Pools         measure.Share

	Roles      map[string]measure.Share
	Categories map[string]measure.Share
	PoolNames  map[string]measure.Share
}

const percent = measure.Million / 100

// Defaults returns the choices of the method as published.
func Defaults() Options {
	return Options{
		Baseline:       costing.Defaults(),
		Target:         20 * percent,
		MaterialAmount: money.Units(100),
		MaterialShare:  1 * percent,
		RateCV:         5 * percent,
		Confide:        90 * percent,
		Seed:           1,
		Draws:          2000,
		QuietMonths:    3,
		MinMonths:      3,
		PoolFrom:       5,
		GroupFrom:      10,
		Avoidable: Avoidable{
			LabourHourly:  100 * percent,
			LabourMonthly: 50 * percent,
			Direct:        100 * percent,
		},
	}
}

// Setting is one choice: its key in the configuration, its value in place, and
// its meaning in one line. The configuration, the Method sheet and the manual
// read and print settings from the same table.
type Setting struct {
	Key string
	// Value points into the options: *measure.Share, *money.Exact, *int,
	// *uint64, *bool or *map[string]measure.Share.
	Value   any
	Meaning string
}

// Settings lists the choices that a company may set. Those of Defaults hold the
// default values, in the same order.
func (o *Options) Settings() []Setting {
	a := &o.Avoidable
	return []Setting{
		{"target_margin", &o.Target, "margin that the company needs, as a share of revenue"},
		{"target_margin_by_segment", &o.TargetBySegment, "the same for the clients of a segment"},
		{"materiality.amount", &o.MaterialAmount, "a shortfall up to this amount is not material"},
		{"materiality.share", &o.MaterialShare, "a shortfall up to this share of what the client pays is not material"},
		{"hours_per_month", &o.Baseline.HoursPerMonth, "paid hours of one person in a month, for roles of which only the people are known"},
		{"practical_capacity", &o.Baseline.Practical, "share of those hours that is left after leave, training and breaks"},
		{"rate_cv", &o.RateCV, "how uncertain each role's cost rate is, as a share of it"},
		{"confidence", &o.Confide, "share of cases that the intervals are meant to cover"},
		{"seed", &o.Seed, "seed of the draws behind the intervals of the rank"},
		{"draws", &o.Draws, "joint draws of all gaps behind the intervals of the rank, at most; many clients need fewer"},
		{"quiet_months", &o.QuietMonths, "months without revenue, hours and direct costs after which a client has left"},
		{"min_months", &o.MinMonths, "observed months below which nothing is said about a client"},
		{"pool_from", &o.PoolFrom, "clients from which the means of a group are pooled"},
		{"group_from", &o.GroupFrom, "clients from which a segment is a group of its own"},
		{"avoidable.labour_hourly", &a.LabourHourly, "share of labour paid by the hour that ends when the client leaves"},
		{"avoidable.labour_monthly", &a.LabourMonthly, "share of labour paid by the month that ends when the client leaves"},
		{"avoidable.direct", &a.Direct, "share of direct costs that ends when the client leaves"},
		{"avoidable.pools", &a.Pools, "share of pools that ends when the client leaves"},
		{"avoidable.roles", &a.Roles, "the same for a role by name"},
		{"avoidable.categories", &a.Categories, "the same for a category of direct costs by name"},
		{"avoidable.pool_names", &a.PoolNames, "the same for a pool by name"},
		{"rank_by_parent", &o.ByParent, "rank parents, with their clients as detail"},
	}
}

// TargetOf returns the target margin of a segment.
func (o Options) TargetOf(segment string) measure.Share {
	if t, ok := o.TargetBySegment[segment]; ok {
		return t
	}
	return o.Target
}

func (o Options) check() error {
	for segment, t := range o.TargetBySegment {
		if t < 0 || t >= measure.Million {
			return fmt.Errorf("target_margin_by_segment: %s: the margin must be at least 0%% and below 100%%", segment)
		}
	}
	if o.Target < 0 || o.Target >= measure.Million {
		return errors.New("target_margin: the margin must be at least 0% and below 100%")
	}
	if o.Confide <= 0 || o.Confide >= measure.Million {
		return errors.New("confidence: the share must be above 0% and below 100%")
	}
	return nil
}
