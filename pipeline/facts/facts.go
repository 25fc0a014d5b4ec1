// Package facts gathers rows of exports into facts: what each client was billed
// and what was worked for it, by month. Rows flow through as Arrow record
// batches and are gone; memory grows with clients and months. Facts are sorted
// and complete, and are never changed once gathered.
package facts

import (
	"slices"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Indexes into the tables of names of [Facts].
type (
	Role     uint16
	Product  uint32
	Account  uint32 // a name as one source exports it
	Pool     uint16
	Category uint16
)

// Cause is why work was done or credit given.
type Cause uint8

const (
	OtherCause    Cause = iota
	OwnError            // our mistake
	CannotDeliver       // asked for what we do not do
	AgainstAdvice       // rework after our advice was refused: the client's cost
	Capability          // a hard request that built something we can sell again
)

// Facts is all that the arithmetic needs to know. Every slice is sorted by its
// fields in the order in which they are declared.
type Facts struct {
	Currency money.Currency
	Window   period.Window
	Begin    period.Month // of the first row of billing, support hours or direct costs, whoever it names; 0 where there is none

	Clients    []clients.Client // by id; clients.Ref is the position
	Roles      []string
	Products   []string
	Pools      []string
	Categories []string // of direct costs
	Accounts   []AccountName

	Revenue    []Revenue // as recognised by service period
	ByDocument []Revenue // as recognised by document date; nil where it is the same
	Owed       []Owed
	Credits    []Credit
	Work       []Work
	Activity   []Activity // one per client, in all data
	Counts     []Count
	PoolCosts  []PoolCost
	Services   []Service
	Direct     []Direct
	Drivers    []DriverQuantity
	Rates      []Rate
	Incidents  []Incident
	Actions    []Action

	Coverage []Coverage
	Unknown  []Unknown
	Tallies  []exports.Tally
	Findings *finding.Log
}

// AccountName is a client's name and id as one source exports them.
type AccountName struct {
	Source string
	ID     string
	Name   string
}

// Revenue is what a client was billed for a product and recognised in a month.
type Revenue struct {
	Client    clients.Ref
	Month     period.Month
	Product   Product
	Account   Account
	Credit    bool // a credit note or refund
	OwnError  bool // a credit for our mistake
	Recurring bool
	ListKnown bool        // whether all those lines have a list amount
	Amount    money.Exact // net, report currency; negative for a credit
	List      money.Exact // list amount of the same lines
	Quantity  money.Exact
	Lines     int64
}

// Owed is what a client was billed by the period for a month after the window:
// service that is paid or invoiced, and still to be given.
type Owed struct {
	Client clients.Ref
	Month  period.Month
	Amount money.Exact
}

// Credit is the largest credit of a client that was given in the window: where to
// look if they are too large.
type Credit struct {
	Client clients.Ref
	Place  finding.Place
	Amount money.Exact // report currency, above zero
}

// Work is the hours of a role for a client in a month.
type Work struct {
	Client     clients.Ref
	Month      period.Month
	Role       Role
	Account    Account
	Cause      Cause
	OutOfScope bool
	Billable   bool // billed by a line, so no part of the value given away
	Hours      measure.Hours
	Entries    int64
}

// Activity is the span of months in which a client was billed or worked for, in
// all data, inside the window or not.
type Activity struct {
	Client      clients.Ref
	First, Last period.Month
	FirstBilled period.Month // zero where never billed
	// LastOwnError is the day of the last entry of an own error by the end of the
	// window: hours, a direct cost or a credit. Zero where there is none.
	LastOwnError period.Day
	// Into is whom its id and name mean on the window's last day, where that is
	// another client, which it was merged into.
	Into measure.Opt[clients.Ref]
}

// Count is what is counted and not summed, for a client and month.
type Count struct {
	Client    clients.Ref
	Month     period.Month
	Documents int64 // distinct documents that are no credit
	Tickets   int64 // distinct tickets with hours
	// OwnTickets is the part of the tickets that own errors caused, in
	// millionths of a ticket: a ticket with several causes splits by hours.
	OwnTickets measure.Quantity
}

// Driver is what a pool is shared out by.
type Driver string

// What every company has is counted from its exports; any other word is a driver of
// the company's own.
const (
	ByHours    Driver = "hours"
	ByTickets  Driver = "tickets"
	ByInvoices Driver = "invoices"
	ByRevenue  Driver = "revenue"
	ByClients  Driver = "clients"
)

// counted reports whether a driver is counted from the exports.
func (d Driver) counted() bool {
	return slices.Contains([]Driver{ByHours, ByTickets, ByInvoices, ByRevenue, ByClients}, d)
}

// PoolCost is a pool's cost of a month.
type PoolCost struct {
	Pool       Pool
	Month      period.Month
	Amount     money.Exact
	Driver     Driver
	Sustaining bool
	Place      finding.Place
}

// Service is the share of a pool that serves another, or itself.
type Service struct {
	Pool   Pool
	Serves Pool
	Share  measure.Share
	Place  finding.Place
}

// Direct is a cost that belongs to a client outright.
type Direct struct {
	Client   clients.Ref
	Month    period.Month
	Category Category
	Account  Account
	Cause    Cause
	Amount   money.Exact
}

// DriverQuantity is a client's quantity of a driver of the company's own.
type DriverQuantity struct {
	Client   clients.Ref
	Month    period.Month
	Driver   Driver
	Quantity measure.Quantity
}

// Rate is what an hour, or a month, of a role costs from a day on. Exactly one
// of Hourly and Monthly is known.
type Rate struct {
	Role      Role
	ValidFrom period.Day // zero: always
	Hourly    measure.Opt[money.Exact]
	Monthly   measure.Opt[money.Exact]
	Capacity  measure.Hours // practical capacity of a month; zero with Hourly
	People    measure.Opt[measure.Quantity]
	List      measure.Opt[money.Exact] // list price of an hour
	Place     finding.Place
}

// Incident is something recorded about a client's conduct or payment.
type Incident struct {
	Client  clients.Ref
	Day     period.Day
	Kind    string
	RedLine bool
}

// Action is a step taken with a client.
type Action struct {
	Client clients.Ref
	Day    period.Day
	Kind   string // fixed, scope, limit, reprice or other
}
