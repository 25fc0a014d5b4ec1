// Package verdict says what the next reasonable step with a client is, and why.
// Parting is the last of them, and a person decides.
package verdict

// Verdict is the outcome for a client. The zero value is the harmless one.
type Verdict uint8

const (
	NoVerdictYet Verdict = iota
	Conduct
	HasLeft
	NoActivity
	FixOurselves
	DemandingWorthIt
	ExplainDiscount
	LookAfter
	PaysForValue
	Watch
	InvestKnowingly
	PrepareToPart
	KeepDoNotExpand
	AgreeScope
	LimitSupport
	Reprice
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
