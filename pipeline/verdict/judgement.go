package verdict

import (
	"clientworth/pipeline/clients"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/worth"
)

// Judgement is the next reasonable step with a client, the evidence for it and
// what it would risk. Sentences are made of it in the reports.
type Judgement struct {
	Client  clients.Ref
	Verdict Verdict
	// Economic is the verdict without the incident that a verdict Conduct hides
	// it behind; otherwise it is Verdict.
	Economic Verdict
	Reasons  []Reason // the weightiest first
	Change   Change
	Fits     []Verdict // remedies that fit: some of AgreeScope, LimitSupport, Reprice

	Incidents []Incident // in the window, oldest first
	Actions   []Action   // taken so far, oldest first
	Contract  Contract
	Exit      *Exit // nil where the client is gone already
}

// ReasonKind says which sentence a reason is, and so which of its figures hold.
type ReasonKind uint8

const (
	PaysAgainstFair   ReasonKind = iota + 1 // pays Amount for service worth Other at a target margin of Share
	Credited                                // Amount of what it pays was credited for our own errors
	ShortMonths                             // short in Count of Of months
	ShortSeldom                             // short in only Count of Of months, Limit would be needed
	HowSure                                 // Share sure that it underpays
	NotSure                                 // only Share sure, Limit would be needed
	Untested                                // nothing can be said about how sure: Count observed months
	OnChoices                               // only Share of the variants agree, Limit would be needed
	FewMonths                               // Count months observed, Of are needed
	UnexplainedMonths                       // months without revenue that nothing explains: bought before the exports begin?
	OwnErrors                               // own errors cost Amount, Share of the cost
	OwnErrorsMargin                         // they take the margin from Other to Amount, below Share of revenue
	Mended                                  // own errors of Amount were mended on Day, and none came since
	EffortHours                             // Hours in Of months, among the most demanding; from Limit a month
	EffortTickets                           // Count tickets in Of months, among the most demanding; from Limit a month
	EffortBoth                              // Hours a month and Count tickets in Of months, among the most demanding
	ValueAbove                              // receives Other of value for Amount, Share of the value not paid
	PaysWell                                // pays Share times its fair price Other
	PaysAboveValue                          // pays Share times the value received, Other
	PaysFor                                 // pays Amount, above the fair price Other
	SmallShortfall                          // Amount is short, which is not material
	OutOfScope                              // out-of-scope work costs Amount, Share of the shortfall
	AbovePlan                               // hours above the plan cost Amount, Share of the shortfall
	Excepted                                // Text answers for an exception until Day
	Strategic                               // strategic to us
	Refers                                  // brings other clients
	Rising                                  // revenue rises by Amount a month, p = Share
	Tried                                   // Text (an action) was tried on Day
	StillShort                              // short by Amount in the Count months since, of the window
	ShortNoMore                             // not short in the Count months since, of the window
	LeavingCosts                            // leaving would lose Amount of profit a year, margin or not
	LeavingSaves                            // leaving would save Amount a year at the configured shares, Other with all labour avoidable
	RedLine                                 // an incident of kind Text on Day, the first of Count
	ErrorsBefore                            // own errors had cost Amount by the end of its month
	Ended                                   // the contract ended on Day
	Quiet                                   // no revenue and no hours for Count months
	NothingInWindow                         // neither revenue nor hours in the window
	NoRevenue                               // costs Amount and pays nothing
	MoreCredits                             // credits beyond the invoices: revenue is Amount
	MightRise                               // revenue rises by Amount a month, over too few months to tell
	NothingLeft                             // costs Amount, and invoices less credits come to nothing
	Merged                                  // into the client Text
)

// Reason is a sentence with its figures; its kind says which of them hold.
type Reason struct {
	Kind   ReasonKind
	Amount money.Amount
	Other  money.Amount
	Share  float64 // as a fraction
	Limit  float64 // the threshold it is held against, as a fraction or a count
	Count  int
	Of     int
	Hours  measure.Hours
	Day    period.Day
	Text   string
}

// Lever is what would have to change for a better verdict.
type Lever uint8

const (
	NoLever      Lever = iota // nothing needed, or nothing that we could name
	Price                     // Amount more a month, Share of revenue
	FewerHours                // Hours fewer a month
	OwnWork                   // own errors lower by Amount
	MoreMonths                // Months more of observation
	OlderExports              // billing exports from before the window
)

// Change is the smallest change that moves the client to a better verdict.
type Change struct {
	Lever Lever
	// To is the verdict that it would lead to; NoVerdictYet where that cannot be
	// known.
	To     Verdict
	Amount money.Amount // Price: a month; OwnWork: of the window
	Share  measure.Opt[float64]
	Hours  measure.Hours // a month
	Months int
}

// Incident is something that happened in the window. What it was in detail
// stays in the findings.
type Incident struct {
	Day     period.Day
	Kind    string
	RedLine bool
}

// Action is a step taken with the client, and its mean monthly gap in the observed
// months before and after the month of it.
type Action struct {
	Day    period.Day
	Kind   string
	Before int // months
	After  int
	Gap    worth.Comparison
	// Worked is whether the whole interval of the change lies below zero; false
	// where it lies above; absent where it cannot be told.
	Worked measure.Opt[bool]
}

// Contract is what parting must keep to. Absent dates are zero.
type Contract struct {
	Start, End     period.Day
	NoticeDays     measure.Opt[int]
	ReliesOnUs     bool
	TransitionDays measure.Opt[int]
	// LastNotice is the last day to give notice for the end of the contract;
	// zero where End or NoticeDays is unknown.
	LastNotice period.Day
	// Earliest is the first day on which the client could be gone if notice
	// were given on the day after the period, with the longer of notice and
	// transition; zero where unknown.
	Earliest period.Day
	Missing  []string // columns of the clients file that parting would need
}

// Exit is what parting would do to profit, month by month. It takes an average
// month of the window for the months to come.
type Exit struct {
	Months []ExitMonth
	// Stranded is the cost of a month that stays and lands on the others, and
	// StrandedParts that of the window, by kind.
	Stranded      money.Amount
	StrandedParts worth.Parts
	// Pushed are the clients that it would push below their target margin, those
	// that it hits hardest first. It is worked out where parting is the verdict,
	// and by [Leave].
	Pushed []Pushed
	// Replacement is the revenue a month, at target margin, that would bring
	// back the avoidable margin lost; absent where nothing is lost.
	Replacement measure.Opt[money.Amount]
}

// ExitMonth is a month after notice is given: the revenue still coming in, the
// cost still caused, the cost no longer caused but still paid, and the change of
// profit against keeping the client.
type ExitMonth struct {
	Month    period.Month
	Revenue  money.Amount
	Prepaid  money.Amount // billed by the period for this month, and still owed
	Cost     money.Amount
	Stranded money.Amount
	Change   money.Amount
}

// Pushed is a client that would fall below its target margin.
type Pushed struct {
	Client clients.Ref
	Takes  money.Amount // stranded cost of the window that lands on it
	Margin money.Amount // what remains of its own
}
