package verdict

import (
	"clientworth/pipeline/measure"
	"clientworth/pipeline/worth"
)

// Options are the thresholds of the verdicts. Start from [Defaults].
type Options struct {
	OwnErrorShare measure.Share

	DemandingAt   measure.Share // percentile of hours or tickets per observed month
	DemandingFrom int           // clients that a percentile needs

	DiscountShare  measure.Share // of the value received
	LookAfterAt    measure.Share // percentile of revenue over fair price
	LookAfterRatio measure.Share // least revenue over fair price
	LookAfterValue measure.Share // least revenue over value received

	SureAt     measure.Share // probability of underpaying
	LongAt     measure.Share // share of the months underpaying
	StableAt   measure.Share // share of the variants that agree
	GrowthP    measure.Share // Mann-Kendall p-value of rising revenue
	GrowthFrom int           // observed months that a rise needs

	TriedMonths int // since the remedy

	ScopeShare measure.Share // of the shortfall
	LimitShare measure.Share // of the shortfall
}

const percent = measure.Million / 100

// Defaults returns the thresholds of the method as published.
func Defaults() Options {
	return Options{
		OwnErrorShare:  20 * percent,
		DemandingAt:    90 * percent,
		DemandingFrom:  10,
		DiscountShare:  25 * percent,
		LookAfterAt:    90 * percent,
		LookAfterRatio: 150 * percent,
		LookAfterValue: 120 * percent,
		SureAt:         80 * percent,
		LongAt:         50 * percent,
		StableAt:       75 * percent,
		GrowthP:        5 * percent,
		GrowthFrom:     5,
		TriedMonths:    3,
		ScopeShare:     50 * percent,
		LimitShare:     50 * percent,
	}
}

// Settings lists the thresholds that a company may set. Those of Defaults hold
// the default values, in the same order.
func (o *Options) Settings() []worth.Setting {
	return []worth.Setting{
		{Key: "verdicts.own_error_share", Value: &o.OwnErrorShare, Meaning: "fix ourselves first: own errors are at least this share of the cost to serve"},
		{Key: "verdicts.demanding_percentile", Value: &o.DemandingAt, Meaning: "demanding: hours or tickets a month at or above this percentile"},
		{Key: "verdicts.demanding_from", Value: &o.DemandingFrom, Meaning: "clients with hours or tickets from which that percentile is taken"},
		{Key: "verdicts.discount_share", Value: &o.DiscountShare, Meaning: "explain the discount: value above revenue by more than this share of the value"},
		{Key: "verdicts.look_after_percentile", Value: &o.LookAfterAt, Meaning: "look after: revenue over fair price at or above this percentile"},
		{Key: "verdicts.look_after_ratio", Value: &o.LookAfterRatio, Meaning: "look after: and at least so much revenue for each unit of fair price"},
		{Key: "verdicts.look_after_value", Value: &o.LookAfterValue, Meaning: "look after: where value is known, so much revenue for each unit of value instead"},
		{Key: "verdicts.sure", Value: &o.SureAt, Meaning: "watch: the probability of underpaying is below this"},
		{Key: "verdicts.months_share", Value: &o.LongAt, Meaning: "watch: underpaying in a smaller share of the months than this"},
		{Key: "verdicts.stability", Value: &o.StableAt, Meaning: "watch: a smaller share of the variants of the method agrees"},
		{Key: "verdicts.growth_p", Value: &o.GrowthP, Meaning: "invest knowingly: revenue rises with a p-value below this"},
		{Key: "verdicts.growth_from", Value: &o.GrowthFrom, Meaning: "invest knowingly: observed months that a rise needs"},
		{Key: "verdicts.tried_months", Value: &o.TriedMonths, Meaning: "prepare to part: months since a remedy was tried"},
		{Key: "verdicts.scope_share", Value: &o.ScopeShare, Meaning: "agree the scope: out-of-scope work costs at least this share of the shortfall"},
		{Key: "verdicts.limit_share", Value: &o.LimitShare, Meaning: "limit the support: hours above the plan cost at least this share of the shortfall"},
	}
}
