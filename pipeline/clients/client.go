// Package clients says who is who: which client an exported id or name means.
// A client is found by its id, else by its exact name or alias after
// normalising; never by likeness.
package clients

import (
	"clientworth/pipeline/measure"
	"clientworth/pipeline/period"
)

// ID identifies a client. A client without an id has the id "name:" and its
// normalised name.
type ID string

// Ref is a client's position in the sorted register, or one of the two parties
// that are no client.
type Ref int32

const (
	Unmapped Ref = -1 // a name that no client owns
	Internal Ref = -2 // our own company
)

// What stands in published tables in the place of these two parties' ids.
const (
	UnmappedID ID = "_unmapped"
	InternalID ID = "_internal"
)

// Client is a client as the clients file describes it, or as the billing export
// names it. Absent values are zero.
type Client struct {
	ID             ID
	Name           string
	Parent         ID
	Segment        string
	Attributes     []Attribute // every further column of the clients file, in its order; Segment is among them
	Owner          string
	ContractStart  period.Day
	ContractEnd    period.Day
	NoticeDays     measure.Opt[int]
	PlanHours      measure.Opt[measure.Hours] // support hours included in a month
	Strategic      bool                       // to us
	ReliesOnUs     bool
	TransitionDays measure.Opt[int]
	Referrer       bool
	ExceptionOwner string
	ExceptionUntil period.Day
	Listed         bool // in the clients file
}

// Attribute is a further thing known of a client, such as its region.
type Attribute struct{ Name, Value string }
