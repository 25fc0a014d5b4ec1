// Package worth sets what a client costs against what it pays: margin, fair
// price, gap and shortfall over the window, how sure they are, since when, what
// the client receives, and what acting would risk. It refuses to be sure on
// little data: what cannot be told is absent.
package worth

import (
	"clientworth/pipeline/clients"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// Standing says whether a client is still there.
type Standing uint8

const (
	Inactive Standing = iota // neither revenue nor hours nor direct costs in the window
	Left                     // its contract ended, it was merged, or it has been quiet for months
	Present
)

// Client is what the window says of one client. Amounts are minor units of the
// report currency.
type Client struct {
	Client   clients.Ref
	Standing Standing
	Rank     int // by shortfall, from 1; 0 is unranked
	// ValueRank is the rank by value gap, from 1; 0 is unranked.
	ValueRank int

	Revenue      money.Amount
	Recurring    money.Amount
	OwnCredits   money.Amount
	Cost         money.Amount
	Labour       money.Amount
	Pools        money.Amount
	Direct       money.Amount
	OwnError     money.Amount // own-error cost
	Margin       money.Amount
	MarginPct    measure.Opt[float64]
	PaidOverFair measure.Opt[float64] // R / F: far above 1 is the other tail
	Target       measure.Share        // target margin of its segment
	FairPrice    money.Amount
	Gap          money.Amount
	Shortfall    money.Amount
	Material     bool

	Unexplained bool // it has months without revenue that nothing explains

	GapLow, GapHigh   measure.Opt[money.Amount] // 90 % interval
	PUnderpaying      measure.Opt[float64]
	Correlation       float64          // lag-1 autocorrelation of its group's monthly gaps
	RankLow, RankHigh measure.Opt[int] // 90 % interval
	Stability         measure.Opt[float64]

	MonthsUnderpaying int
	MonthsObserved    int
	FirstObserved     int                       // position in the window
	Trend             measure.Opt[money.Amount] // Theil-Sen slope of the monthly margin, per month
	TrendP            measure.Opt[float64]      // Mann-Kendall, two-sided
	RevenueTrend      measure.Opt[money.Amount] // the same of the monthly revenue, credits for our errors added back
	RevenueTrendP     measure.Opt[float64]
	GapTrend          measure.Opt[money.Amount] // and of the monthly gap
	RevenueSlope      Slope                     // the trend of revenue before rounding
	GapSlope          Slope

	Hours   measure.Hours
	Tickets int64

	OutOfScope    money.Amount
	AgainstAdvice money.Amount
	Capability    money.Amount
	AbovePlan     money.Amount

	Value    measure.Opt[money.Amount]
	ValueGap measure.Opt[money.Amount]

	Caused          Parts        // client-caused cost
	Avoidable       money.Amount // avoidable cost, a part of it
	AvoidableParts  Parts        // they add up to Avoidable
	AvoidableMargin money.Amount
	// AvoidableAt is the avoidable margin with labour avoidable to 0, 50 and 100 %.
	AvoidableAt   [3]money.Amount
	Uplift        measure.Opt[float64] // S / R
	BreakevenLoss measure.Opt[float64] // S / (A + S)
}

// Parts is a cost by kind.
type Parts struct{ Labour, Direct, Pools money.Amount }

// Portfolio is all clients together.
type Portfolio struct {
	Options     Options // in force
	Materiality Materiality

	Clients []Client      // by clients.Ref
	Order   []clients.Ref // by shortfall, then margin, then id: the order of the ranking
	// Parents are the groups of clients with one parent, in the order of the
	// ranking; a client without a parent is its own. Nil unless ranked by parent.
	Parents       []Parent
	Total         Client // all clients together, without estimates and ranks
	Whale         Whale
	Ideal         []Group // by attribute and value
	Concentration Concentration

	Findings *finding.Log
}

// Parent is several clients of one owner. Its figures are the sums of theirs,
// its shortfall that of the summed gap.
type Parent struct {
	ID      clients.ID
	Name    string
	Members []clients.Ref
	Sum     Client
}

// Group is the clients that share a value of an attribute: which clients are
// worth having more of.
type Group struct {
	Attribute, Value string // the value "" is: unknown
	Clients          int
	Short            int // with a material shortfall
	Revenue, Cost    money.Amount
	Margin           money.Amount
	MarginPct        measure.Opt[float64]
	Underpaying      measure.Opt[float64] // share of the clients with a material shortfall
	Hours            measure.Hours
	Tickets          int64
	HoursPerTicket   measure.Opt[float64]
}

// Concentration says how much of the company hangs on few clients. Shares are
// of the revenue of clients with revenue above zero, and absent without any.
type Concentration struct {
	Largest   []clients.Ref // by revenue, at most ten
	Top1      measure.Opt[float64]
	Top5      measure.Opt[float64]
	Top10     measure.Opt[float64]
	Effective measure.Opt[float64] // 1 / sum of squared shares: so many equal clients would concentrate as much
}

// Whale is the whale curve: cumulative margin, the best clients first, of the
// clients that are active in the window.
type Whale struct {
	Clients    []clients.Ref
	Cumulative []money.Amount
	Peak       int                  // position of the largest cumulative margin; -1 without clients
	PeakShare  measure.Opt[float64] // of the total margin; absent where that is not above zero
	GivenBack  money.Amount         // lost again after the peak
}
