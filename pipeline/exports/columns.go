package exports

import "slices"

// Column is a canonical column.
type Column struct {
	Name     string
	Kind     Kind
	Required bool
	// Instead lists sets of columns that do in the place of a required one.
	Instead [][]string
	Doc     string
}

// client is the pair of columns by which every input but the register names
// a client.
var client = []Column{
	{Name: "client_id", Kind: Name, Required: true, Instead: [][]string{{"client"}}, Doc: "the client's id"},
	{Name: "client", Kind: Name, Doc: "the client's name, or an alias of it"},
}

var schemas = map[Input][]Column{
	Billing: append(slices.Clone(client),
		Column{Name: "document", Kind: Text, Doc: "number of the invoice or credit note"},
		Column{Name: "line", Kind: Text, Doc: "line within the document"},
		Column{Name: "date", Kind: Date, Required: true, Doc: "date of the document"},
		Column{Name: "service_start", Kind: Date, Doc: "first day of service billed"},
		Column{Name: "service_end", Kind: Date, Doc: "last day of service billed"},
		Column{Name: "product", Kind: Name, Doc: "what was sold"},
		Column{Name: "quantity", Kind: Decimal, Doc: "how many were sold"},
		Column{Name: "amount", Kind: Decimal, Required: true, Doc: "amount of the line without tax; with tax where the source says so"},
		Column{Name: "tax", Kind: Decimal, Doc: "tax on the line, never revenue"},
		Column{Name: "list_amount", Kind: Decimal, Doc: "what the line costs by the price list"},
		Column{Name: "currency", Kind: Name, Doc: "ISO 4217 code; empty is the report currency"},
		Column{Name: "kind", Kind: Name, Doc: "invoice, credit or what is no revenue"},
		Column{Name: "status", Kind: Name, Doc: "draft and void do not count"},
		Column{Name: "corrects", Kind: Text, Doc: "number of the document that a credit note corrects"},
		Column{Name: "cause", Kind: Name, Doc: "why credit was given"},
		Column{Name: "recurring", Kind: Flag, Doc: "whether the line comes back every period"},
	),
	SupportHours: append(slices.Clone(client),
		Column{Name: "date", Kind: Date, Required: true, Doc: "day of the work"},
		Column{Name: "hours", Kind: Duration, Required: true, Instead: [][]string{{"start", "end"}, {"activity"}}, Doc: "time worked"},
		Column{Name: "start", Kind: Time, Doc: "when the work began; with end it gives the hours"},
		Column{Name: "end", Kind: Time, Doc: "when the work ended"},
		Column{Name: "role", Kind: Name, Doc: "team or seniority whose hour has one cost"},
		Column{Name: "agent", Kind: Name, Doc: "who worked"},
		Column{Name: "activity", Kind: Name, Doc: "what was done"},
		Column{Name: "units", Kind: Decimal, Doc: "counted extras of the activity"},
		Column{Name: "ticket", Kind: Text, Doc: "number of the ticket"},
		Column{Name: "cause", Kind: Name, Doc: "why the work was needed"},
		Column{Name: "billable", Kind: Flag, Doc: "whether the hours are billed by a line"},
		Column{Name: "entry", Kind: Text, Doc: "id of the entry"},
	),
	Rates: {
		{Name: "role", Kind: Name, Required: true, Doc: "team or seniority whose hour has one cost"},
		{Name: "hourly_cost", Kind: Decimal, Required: true, Instead: [][]string{{"monthly_cost"}}, Doc: "cost of an hour"},
		{Name: "monthly_cost", Kind: Decimal, Doc: "cost of the whole role in a month"},
		{Name: "capacity_hours", Kind: Duration, Doc: "hours that the role can really deliver in a month"},
		{Name: "people", Kind: Decimal, Doc: "how many people the role has"},
		{Name: "valid_from", Kind: Date, Doc: "first day on which the rate holds; empty is always"},
		{Name: "list_rate", Kind: Decimal, Doc: "list price of an hour"},
	},
	Products: {
		{Name: "product", Kind: Name, Required: true, Doc: "what is sold"},
		{Name: "service_months", Kind: Count, Doc: "months of service that a line of it covers"},
		{Name: "list_price", Kind: Decimal, Doc: "list price of one"},
	},
	Pools: {
		{Name: "pool", Kind: Name, Required: true, Doc: "what is shared"},
		{Name: "month", Kind: Month, Required: true, Doc: "month of the cost"},
		{Name: "amount", Kind: Decimal, Required: true, Doc: "the month's cost"},
		{Name: "driver", Kind: Name, Doc: "quantity by which it is shared out; empty is hours"},
		{Name: "sustaining", Kind: Flag, Doc: "shown and not shared out"},
	},
	PoolServices: {
		{Name: "pool", Kind: Name, Required: true, Doc: "the pool that serves"},
		{Name: "serves", Kind: Name, Required: true, Doc: "the pool that is served"},
		{Name: "share", Kind: Share, Required: true, Doc: "part of the pool that does so"},
	},
	DirectCosts: append(slices.Clone(client),
		Column{Name: "date", Kind: Date, Required: true, Doc: "day of the cost"},
		Column{Name: "amount", Kind: Decimal, Required: true, Doc: "the cost without tax"},
		Column{Name: "category", Kind: Name, Doc: "kind of cost"},
		Column{Name: "currency", Kind: Name, Doc: "ISO 4217 code; empty is the report currency"},
		Column{Name: "cause", Kind: Name, Doc: "why the cost arose"},
	),
	Drivers: append(slices.Clone(client),
		Column{Name: "month", Kind: Month, Required: true, Doc: "month of the quantity"},
		Column{Name: "driver", Kind: Name, Required: true, Doc: "what is counted"},
		Column{Name: "quantity", Kind: Decimal, Required: true, Doc: "how many"},
	),
	Clients: {
		{Name: "client_id", Kind: Name, Required: true, Doc: "the client's id"},
		{Name: "client", Kind: Name, Required: true, Doc: "the client's name"},
		{Name: "aliases", Kind: Text, Doc: "other names, separated by |"},
		{Name: "valid_from", Kind: Date, Doc: "first day on which names and parent hold"},
		{Name: "parent", Kind: Name, Doc: "id of the client that it belongs to"},
		{Name: "segment", Kind: Name, Doc: "group with a target margin of its own"},
		{Name: "owner", Kind: Name, Doc: "who looks after the client"},
		{Name: "contract_start", Kind: Date, Doc: "first day of the contract"},
		{Name: "contract_end", Kind: Date, Doc: "last day of the contract"},
		{Name: "notice_days", Kind: Count, Doc: "days of notice"},
		{Name: "plan_hours", Kind: Duration, Doc: "support hours included in a month"},
		{Name: "strategic", Kind: Flag, Doc: "strategic to us"},
		{Name: "relies_on_us", Kind: Flag, Doc: "cannot do without us at once"},
		{Name: "transition_days", Kind: Count, Doc: "days that it needs to find another supplier"},
		{Name: "referrer", Kind: Flag, Doc: "brings other clients"},
		{Name: "exception_owner", Kind: Name, Doc: "who answers for an exception"},
		{Name: "exception_until", Kind: Date, Doc: "last day of the exception"},
	},
	Activities: {
		{Name: "activity", Kind: Name, Required: true, Doc: "what is done"},
		{Name: "standard_minutes", Kind: Decimal, Doc: "minutes that it takes"},
		{Name: "minutes_per_unit", Kind: Decimal, Doc: "minutes for each counted extra"},
		{Name: "out_of_scope", Kind: Flag, Doc: "not part of what is sold"},
		{Name: "capability", Kind: Flag, Doc: "builds something that can be sold again"},
	},
	Incidents: append(slices.Clone(client),
		Column{Name: "date", Kind: Date, Required: true, Doc: "day of the incident"},
		Column{Name: "kind", Kind: Name, Required: true, Doc: "abuse, threat, fraud, unethical, late_payment, dispute or other"},
		Column{Name: "note", Kind: Text, Doc: "what happened; stays in the findings"},
	),
	Actions: append(slices.Clone(client),
		Column{Name: "date", Kind: Date, Required: true, Doc: "day of the action"},
		Column{Name: "action", Kind: Name, Required: true, Doc: "fixed, scope, limit, reprice or other"},
		Column{Name: "note", Kind: Text, Doc: "what was done"},
	),
	FX: {
		{Name: "currency", Kind: Name, Required: true, Doc: "ISO 4217 code of the other currency"},
		{Name: "month", Kind: Month, Required: true, Doc: "month in which the rate holds"},
		{Name: "rate", Kind: Decimal, Required: true, Doc: "report-currency units for one unit of the other"},
	},
}

// Columns returns the canonical columns of an input, in the order in which a
// batch has those that are mapped. The clients file may have more: every further
// column that is mapped is an attribute, a [Name].
func Columns(in Input) []Column { return schemas[in] }
