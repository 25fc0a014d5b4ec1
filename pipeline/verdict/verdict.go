// Package verdict says what the next reasonable step with a client is, and why.
// Parting is the last of them, and a person decides.
package verdict

// Verdict is the outcome for a client. The zero value is the harmless one.
type Verdict uint8

const (
	NoVerdictYet     Verdict = iota // too few months, or revenue that nothing explains
	Conduct                         // abuse, threats, fraud: a person decides
	HasLeft                         // gone, and unranked
	NoActivity                      // neither revenue nor hours in the window, and unranked
	FixOurselves                    // own errors take the margin below target, or are much of the cost
	DemandingWorthIt                // much effort at a fair price
	ExplainDiscount                 // receives far more than it pays
	LookAfter                       // pays far more than it needs to
	PaysForValue                    // the rest without a material shortfall
	Watch                           // a material shortfall, and not sure, long or stable enough
	InvestKnowingly                 // an exception somebody answers for, or revenue that rises
	PrepareToPart                   // every remedy was tried, and leaving costs us nothing
	KeepDoNotExpand                 // every remedy was tried, and leaving would cost us
	AgreeScope                      // remedy: work out of scope makes half of the shortfall
	LimitSupport                    // remedy: hours above the plan do
	Reprice                         // remedy for any other material shortfall
)

// names are for machines: the clients csv. Reports have their own words.
var names = [...]string{
	"No verdict yet", "Conduct: decide in person", "Has left", "No activity", "Fix ourselves first",
	"Demanding, worth it", "Explain the discount", "Look after", "Pays for value", "Watch",
	"Invest knowingly", "Prepare to part", "Keep, do not expand", "Agree the scope", "Limit the support", "Reprice",
}

// String returns the verdict's name in English.
func (v Verdict) String() string { return names[v] }

// Ranked reports whether a client with this verdict stands in the ranking.
func (v Verdict) Ranked() bool { return v != HasLeft && v != NoActivity }
