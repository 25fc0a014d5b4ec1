// Package worth sets what a client costs against what it pays: margin, fair
// price, gap and shortfall over the window, how sure they are, since when, what
// the client receives, and what acting would risk. It refuses to be sure on
// little data: what cannot be told is absent.
package worth

import (
	"clientworth/pipeline/clients"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// Client is what the window says of one client. Amounts are minor units of the
// report currency.
type Client struct {
	Client clients.Ref
	Rank   int // by shortfall, from 1; 0 is unranked
	// ValueRank is the rank by value gap, from 1; 0 is unranked.
	ValueRank int

	Revenue    money.Amount
	Recurring  money.Amount
	OwnCredits money.Amount
	Cost       money.Amount
	Labour     money.Amount
	Pools      money.Amount
	Direct     money.Amount
	OwnError   money.Amount // own-error cost
	Margin     money.Amount
	MarginPct  measure.Opt[float64]
	Target     measure.Share // target margin of its segment
	FairPrice  money.Amount
	Gap        money.Amount
	Shortfall  money.Amount
	Material   bool

	GapLow, GapHigh   measure.Opt[money.Amount] // 90 % interval
	PUnderpaying      measure.Opt[float64]
	RankLow, RankHigh measure.Opt[int] // 90 % interval
	Stability         measure.Opt[float64]

	MonthsUnderpaying int
	MonthsObserved    int
	FirstObserved     int                       // position in the window
	Trend             measure.Opt[money.Amount] // Theil-Sen slope of the monthly margin, per month
	TrendP            measure.Opt[float64]      // Mann-Kendall, two-sided

	Hours   measure.Hours
	Tickets int64

	OutOfScope    money.Amount
	AgainstAdvice money.Amount
	Capability    money.Amount
	AbovePlan     money.Amount

	Value    measure.Opt[money.Amount]
	ValueGap measure.Opt[money.Amount]

	Avoidable       money.Amount // avoidable cost
	AvoidableMargin money.Amount
	// AvoidableAt is the avoidable margin with labour avoidable to 0, 50 and 100 %.
	AvoidableAt   [3]money.Amount
	Uplift        measure.Opt[float64] // S / R
	BreakevenLoss measure.Opt[float64] // S / (A + S)
}

// Portfolio is all clients together.
type Portfolio struct {
	Clients []Client      // by clients.Ref
	Order   []clients.Ref // by shortfall, then margin, then id: the order of the ranking
	Whale   Whale
}

// Whale is the whale curve: cumulative margin, the best clients first.
type Whale struct {
	Clients    []clients.Ref
	Cumulative []money.Amount
	Peak       int // position of the largest cumulative margin
}
