// Package costing turns facts into what each client costs to serve, month by
// month: support labour at capacity cost rates, shares of cost pools, direct
// costs. Every total is shared out to the cent. The package knows no file and
// judges nobody.
package costing

import (
	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Basis is what a monthly cost is divided by to give a capacity cost rate.
type Basis uint8

const (
	PracticalCapacity Basis = iota
	HoursWorked             // only for the test of stability
)

// Recognition says in which month revenue counts.
type Recognition uint8

const (
	ByService  Recognition = iota // spread over its service period
	ByDocument                    // in the month of the document
)

// Options are the choices of the method; the zero value is the baseline. Driver,
// Basis and Recognition serve the question whether a verdict hangs on our choices.
type Options struct {
	Driver      facts.Driver // drives every shared pool instead of its own; "" leaves each its own
	Basis       Basis
	Recognition Recognition

	// HoursPerMonth are the paid hours of one person, and Practical the share of
	// them that is left after leave, training and breaks. They give the capacity
	// of a role of which only the people are known. Zero is what Defaults has.
	HoursPerMonth measure.Hours
	Practical     measure.Share
}

// Defaults returns the baseline with what a role of which only the people are known
// can deliver written out.
func Defaults() Options {
	return Options{HoursPerMonth: 160 * measure.Million, Practical: 80 * measure.Million / 100}
}

// Recognised returns the revenue of the facts as these options recognise it:
// Costs.Revenue stands beside it, row for row.
func (o Options) Recognised(f *facts.Facts) []facts.Revenue {
	if o.Recognition == ByDocument && f.ByDocument != nil {
		return f.ByDocument
	}
	return f.Revenue
}

// Costs is what clients brought and cost in the window, in minor units of the
// report currency. Every total ties to its source: see Ledger.
type Costs struct {
	Currency money.Currency
	Window   period.Window
	Clients  []Client // by clients.Ref
	Unmapped Client

	Roles  []RoleMonth // by role and month
	Pools  []PoolMonth // by pool and month
	Shares []PoolShare // by pool, month and client, Unmapped last

	// Work, Revenue and Direct are the amounts of the facts of the same index;
	// Revenue of facts.ByDocument where that is how revenue was recognised.
	Work    []money.Amount
	Revenue []money.Amount
	Direct  []money.Amount

	Ledger   Ledger
	Findings *finding.Log // what the arithmetic met; never nil
}

// Client is one client's months, one per month of the window.
type Client struct {
	Months []Month
}

// Month is what one client brought and cost in one month.
type Month struct {
	Revenue    money.Amount // net of credits
	Recurring  money.Amount // the recurring part of it
	OwnCredits money.Amount // credits for our own errors, as a positive amount; they are in Revenue

	Labour    money.Amount
	LabourOwn money.Amount // the part that our own errors caused
	Pools     money.Amount
	PoolsOwn  money.Amount
	Direct    money.Amount
	DirectOwn money.Amount

	// Parts of the labour without own errors.
	OutOfScope    money.Amount // out of scope or cannot_deliver
	AgainstAdvice money.Amount
	Capability    money.Amount
	AbovePlan     money.Amount // of hours above the plan's included hours

	Hours          measure.Hours
	HoursOwn       measure.Hours
	HoursAbovePlan measure.Hours
	Documents      int64
	Tickets        int64
	Lines          int64

	List      money.Amount // list amount of delivered lines
	ListKnown bool         // every line has one
	// Given is the list value of hours beyond the plan that no line bills.
	// It is not known where the plan, or the list rate of such an hour, is not.
	Given      money.Amount
	GivenKnown bool
}

// Cost is the cost to serve of the month.
func (m Month) Cost() money.Amount { return m.Labour + m.Pools + m.Direct }

// OwnErrorCost is the part of the cost that our own mistakes caused.
func (m Month) OwnErrorCost() money.Amount { return m.LabourOwn + m.PoolsOwn + m.DirectOwn }

// ClientCaused is the rest of the cost.
func (m Month) ClientCaused() money.Amount { return m.Cost() - m.OwnErrorCost() }

// Margin is revenue less cost to serve.
func (m Month) Margin() money.Amount { return m.Revenue - m.Cost() }

// RoleMonth is the capacity of a role and where its cost of a month went.
type RoleMonth struct {
	Role     facts.Role
	Month    period.Month
	Rate     money.Exact   // capacity cost rate: what an hour was charged at, to six places
	Monthly  bool          // paid by the month
	Capacity measure.Hours // practical capacity; zero where paid by the hour
	Supplied measure.Hours // the larger of capacity and hours worked
	Worked   measure.Hours // by clients, Unmapped and internal
	Internal measure.Hours

	Cost         money.Amount // Used + Unused
	Used         money.Amount // ToClients + ToUnmapped + ToInternal
	ToClients    money.Amount
	ToUnmapped   money.Amount
	ToInternal   money.Amount
	Unused       money.Amount
	UnusedHours  measure.Hours
	ClientCaused money.Amount // of ToClients, without own errors
}

// PoolMonth is a pool's cost of a month and where it went.
type PoolMonth struct {
	Pool         facts.Pool
	Month        period.Month
	Driver       facts.Driver
	Sustaining   bool
	Cost         money.Amount     // as given
	AfterService money.Amount     // after pools have served each other: ToClients + ToUnmapped + NotAllocated + Sustained
	Quantity     measure.Quantity // of the driver, clients and Unmapped together; see PoolShare
	ToClients    money.Amount
	ToUnmapped   money.Amount
	NotAllocated money.Amount // its driver had no quantity
	Sustained    money.Amount // kept, because the pool is sustaining
}

// PoolShare is a client's or Unmapped's share of a pool in a month; there is one
// for each that has a quantity of the driver.
type PoolShare struct {
	Pool     facts.Pool
	Month    period.Month
	Client   clients.Ref
	Quantity measure.Quantity // of the driver; of revenue, minor units of the currency
	Amount   money.Amount
	Own      money.Amount // the part that our own errors caused
}

// Ledger holds the totals that must tie, in minor units and hours.
type Ledger struct {
	BillingUsed  money.Amount // revenue recognised in the window
	Revenue      money.Amount // of clients
	RevenueOther money.Amount // Unmapped

	CostIn       money.Amount // labour, pools and direct costs put in
	Clients      money.Amount
	Unmapped     money.Amount
	Internal     money.Amount
	Unused       money.Amount
	NotAllocated money.Amount
	Sustaining   money.Amount

	HoursIn       measure.Hours
	HoursClients  measure.Hours
	HoursUnmapped measure.Hours
	HoursInternal measure.Hours
}
