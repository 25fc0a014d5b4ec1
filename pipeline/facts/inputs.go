package facts

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// remedyRate says how a missing rate of exchange is given.
const remedyRate = "add the rates of all months to the input fx, each with currency, month and rate; a word that is no code needs a map under columns:"

// The small inputs, row by row. Every row is used, outside the window, set aside
// or an error.

// wrong is the error of a value of a row.
func wrong(r exports.Row, column, remedy, format string, a ...any) error {
	return &exports.Placed{Place: r.Place(column), Err: fmt.Errorf(format, a...), Remedy: remedy}
}

// placed gives errors of the register their place.
func (g *gathering) placed(err error) error {
	var twice *clients.Twice
	var nameless *clients.Nameless
	var circle *clients.Circle
	switch {
	case errors.As(err, &circle):
		for _, row := range g.listed {
			if row.ID == circle.ID {
				return &exports.Placed{Place: row.Place, Err: err, Remedy: "correct the column parent of the clients file"}
			}
		}
	case errors.As(err, &twice):
		return &exports.Placed{Place: twice.Again, Err: err, Remedy: "give each row of a client a valid_from of its own, or the clients different ids"}
	case errors.As(err, &nameless):
		return &exports.Placed{Place: nameless.Place, Err: err, Remedy: "fill in client_id or client"}
	}
	return err
}

func (g *gathering) used(r exports.Row) { g.tally[r.File()].Used++ }

// client reads a row of the clients file.
func (g *gathering) client(e *exports.Export, r exports.Row) error {
	c := clients.Client{
		ID: clients.ID(r.Text("client_id")), Name: r.Text("client"), Parent: clients.ID(strings.TrimSpace(r.Text("parent"))),
		Segment: strings.TrimSpace(r.Text("segment")), Owner: r.Text("owner"),
		ContractStart: r.Day("contract_start"), ContractEnd: r.Day("contract_end"),
		NoticeDays: days(r, "notice_days"), PlanHours: r.Hours("plan_hours"), TransitionDays: days(r, "transition_days"),
		Strategic: r.Flag("strategic").Value, ReliesOnUs: r.Flag("relies_on_us").Value, Referrer: r.Flag("referrer").Value,
		ExceptionOwner: r.Text("exception_owner"), ExceptionUntil: r.Day("exception_until"),
	}
	for _, col := range e.Columns {
		if col.Name == "segment" || !known(col.Name) {
			c.Attributes = append(c.Attributes, clients.Attribute{Name: col.Name, Value: strings.TrimSpace(r.Text(col.Name))})
		}
	}
	if c.ContractStart != 0 && c.ContractEnd != 0 && c.ContractEnd < c.ContractStart {
		return wrong(r, "contract_end", "correct the clients file", "the contract ends on %s, before it starts on %s", c.ContractEnd, c.ContractStart)
	}
	if c.PlanHours.Value < 0 {
		return wrong(r, "plan_hours", "correct the clients file", "plan hours are negative")
	}
	g.listed = append(g.listed, clients.Listed{
		Client: c, Aliases: aliases(r.Text("aliases")), ValidFrom: r.Day("valid_from"), Place: r.Place("client_id"),
	})
	g.used(r)
	return nil
}

// known reports whether a column of the clients file is one of the canonical.
func known(column string) bool {
	return slices.ContainsFunc(exports.Columns(exports.Clients), func(c exports.Column) bool { return c.Name == column })
}

func aliases(cell string) []string {
	return strings.FieldsFunc(cell, func(r rune) bool { return r == '|' || r == ';' })
}

func days(r exports.Row, column string) measure.Opt[int] {
	n := r.Count(column)
	return measure.Opt[int]{Value: int(n.Value), Known: n.Known}
}

// rateOfExchange reads a row of fx.
func (g *gathering) rateOfExchange(_ *exports.Export, r exports.Row) error {
	key := fxKey{exports.CurrencyCode(r.Text("currency")), r.Month("month")}
	rate := r.Decimal("rate")
	if rate.Value.Sign() <= 0 {
		return wrong(r, "rate", "give units of the report currency for one unit of the other", "a rate of exchange must be above zero")
	}
	if old, twice := g.fx[key]; twice && old != rate.Value {
		return wrong(r, "rate", "keep one of them", "%s has two rates in %s", key.currency, key.month)
	}
	g.fx[key] = rate.Value
	g.used(r)
	return nil
}

// product reads a row of products.
func (g *gathering) product(_ *exports.Export, r exports.Row) error {
	name := strings.Clone(strings.TrimSpace(r.Text("product")))
	months := r.Count("service_months")
	p := listing{months: months.Value, price: r.Decimal("list_price")}
	if months.Known && (months.Value < 1 || months.Value > 1200) {
		return wrong(r, "service_months", "leave it empty where a line covers no period", "%d months is no service period", months.Value)
	}
	if old, twice := g.priceList[name]; twice && old != p {
		return wrong(r, "product", "keep one of them", "the product %q stands twice", name)
	}
	g.priceList[name] = p
	g.used(r)
	return nil
}

// standard reads a row of activities.
func (g *gathering) standard(_ *exports.Export, r exports.Row) error {
	name := canonical(r.Text("activity"))
	a := activity{
		known: true, minutes: r.Decimal("standard_minutes"), perUnit: r.Decimal("minutes_per_unit").Value,
		outOfScope: r.Flag("out_of_scope").Value, capability: r.Flag("capability").Value,
	}
	if !a.minutes.Known && r.Decimal("minutes_per_unit").Known {
		a.minutes.Known = true
	}
	switch {
	case name == "":
		return wrong(r, "activity", "fill in the activity", "the row names no activity")
	case a.minutes.Value.Sign() < 0 || a.perUnit.Sign() < 0:
		return wrong(r, "standard_minutes", "give minutes of zero or more", "minutes are negative")
	}
	if old, twice := g.activityTable[name]; twice && old != a {
		return wrong(r, "activity", "keep one of them", "the activity %q stands twice", name)
	}
	g.activityTable[name] = a
	g.used(r)
	return nil
}

// rate reads a row of rates.
func (g *gathering) rate(_ *exports.Export, r exports.Row) error {
	rate := Rate{
		ValidFrom: r.Day("valid_from"), Hourly: r.Decimal("hourly_cost"), Monthly: r.Decimal("monthly_cost"),
		Capacity: r.Hours("capacity_hours").Value, List: r.Decimal("list_rate"), Place: r.Place("role"),
	}
	name := r.Text("role")
	if people := r.Decimal("people"); people.Known {
		if people.Value.Hi != 0 || people.Value.Lo >= 1<<62 {
			return wrong(r, "people", "correct the rates", "people must be a number of zero or more")
		}
		rate.People = measure.Some(measure.Quantity(people.Value.Lo))
	}
	const remedy = "give hourly_cost, or monthly_cost with capacity_hours or people"
	switch {
	case rate.Hourly.Known == rate.Monthly.Known:
		return wrong(r, "hourly_cost", remedy, "the rate of %q needs either an hourly or a monthly cost", name)
	case rate.Hourly.Value.Sign() < 0 || rate.Monthly.Value.Sign() < 0 || rate.Capacity < 0 || rate.List.Value.Sign() < 0:
		return wrong(r, "hourly_cost", remedy, "the rate of %q has a negative figure", name)
	case rate.Monthly.Known && rate.Capacity == 0 && rate.People.Value == 0:
		return wrong(r, "monthly_cost", remedy, "the monthly cost of %q has no capacity", name)
	}
	role := g.roles.number(name)
	if role >= maxRoles {
		return wrong(r, "role", "map role to a column with fewer values", "more than %d roles", maxRoles-1)
	}
	rate.Role = Role(role)
	if i := slices.IndexFunc(g.rates, func(o Rate) bool { return o.Role == rate.Role && o.ValidFrom == rate.ValidFrom }); i >= 0 {
		return wrong(r, "role", "give each rate of a role a valid_from of its own", "%q has two rates from the same day; the other stands at %s", name, g.rates[i].Place)
	}
	g.rates = append(g.rates, rate)
	g.used(r)
	return nil
}

// pool reads a row of pools.
func (g *gathering) pool(_ *exports.Export, r exports.Row) error {
	name, amount, month := r.Text("pool"), r.Decimal("amount"), r.Month("month")
	pool := g.pools.number(name)
	if !g.Window.Contains(month) {
		g.tally[r.File()].Outside++
		return nil
	}
	cost := PoolCost{
		Pool: Pool(pool), Month: month, Amount: amount.Value, Driver: canonicalDriver(r.Text("driver")),
		Sustaining: r.Flag("sustaining").Value, Place: r.Place("amount"),
	}
	if len(g.pools.list) > maxRoles {
		return wrong(r, "pool", "map pool to a column with fewer values", "more than %d pools", maxRoles-1)
	}
	if err := g.addPoolCost(r, cost); err != nil {
		return err
	}
	t := &g.tally[r.File()]
	t.Used++
	t.UsedMoney = t.UsedMoney.Add(amount.Value)
	return nil
}

// addPoolCost adds up the rows of a pool and month.
func (g *gathering) addPoolCost(r exports.Row, cost PoolCost) error {
	i := slices.IndexFunc(g.facts.PoolCosts, func(o PoolCost) bool { return o.Pool == cost.Pool && o.Month == cost.Month })
	if i < 0 {
		g.facts.PoolCosts = append(g.facts.PoolCosts, cost)
		return nil
	}
	o := &g.facts.PoolCosts[i]
	if o.Driver != cost.Driver || o.Sustaining != cost.Sustaining {
		return wrong(r, "driver", "give all rows of a pool and month one driver", "the pool %q is driven differently at %s", g.pools.list[cost.Pool], o.Place)
	}
	o.Amount = o.Amount.Add(cost.Amount)
	return nil
}

// canonicalDriver writes the drivers that the job knows in their own words; an
// empty one is hours.
func canonicalDriver(word string) Driver {
	d := cmp.Or(Driver(canonical(word)), ByHours)
	if d.counted() {
		return d
	}
	return Driver(strings.TrimSpace(word))
}

// service reads a row of pool_services.
func (g *gathering) service(_ *exports.Export, r exports.Row) error {
	from, to, share := strings.TrimSpace(r.Text("pool")), strings.TrimSpace(r.Text("serves")), r.Share("share")
	for _, name := range []string{from, to} {
		if _, ok := g.pools.find[name]; !ok || name == "" {
			return wrong(r, "pool", "add it to the input pools, or correct the name", "there is no pool %q", name)
		}
	}
	if !share.Known || share.Value < 0 || share.Value > measure.Million {
		return wrong(r, "share", "give a share between 0 and 100 %", "the share of %q is none", from)
	}
	s := Service{Pool: Pool(g.pools.number(from)), Serves: Pool(g.pools.number(to)), Share: share.Value, Place: r.Place("share")}
	if i := slices.IndexFunc(g.facts.Services, func(o Service) bool { return o.Pool == s.Pool && o.Serves == s.Serves }); i >= 0 {
		return wrong(r, "serves", "keep one of them", "the service of %q to %q stands twice, also at %s", from, to, g.facts.Services[i].Place)
	}
	g.facts.Services = append(g.facts.Services, s)
	g.used(r)
	return nil
}

// checkInputs checks what only whole inputs can tell.
func (g *gathering) checkInputs() error {
	given := map[Pool]measure.Share{}
	for _, s := range g.facts.Services {
		if given[s.Pool] += s.Share; given[s.Pool] > measure.Million {
			return &exports.Placed{Place: s.Place, Err: fmt.Errorf("the pool %q gives more than 100%% of itself", g.pools.list[s.Pool]),
				Remedy: "correct the shares of pool_services"}
		}
	}
	if len(g.roles.list) == 2 {
		g.onlyRole = g.roles.list[1]
	}
	return nil
}

// directSum is what direct costs of one key add up to.
type directSum struct{ amount money.Exact }

// directKey packs an account, category, month and cause as a workKey does.
func directKey(account, category uint32, month int, cause Cause) uint64 {
	return workKey{account: account, role: category, month: month, cause: cause}.pack()
}

// who numbers the account that a row names.
func (g *gathering) who(e *exports.Export, r exports.Row, day period.Day) uint32 {
	key := accountKey{source: e.Source.Label, id: strings.Clone(strings.TrimSpace(r.Text("client_id"))), name: strings.Clone(strings.TrimSpace(r.Text("client")))}
	place := r.Place("client")
	at := placeOf(r.File(), place.Line)
	n := g.accounts.number(key, place.File, at)
	if g.accounts.list[n].turns != nil {
		n = g.accounts.on(n, day, place.File, at)
	}
	g.accounts.seen[n].rows++
	return n
}

// directCost reads a row of direct_costs.
func (g *gathering) directCost(e *exports.Export, r exports.Row) error {
	day, amount := r.Day("date"), r.Decimal("amount")
	t := &g.tally[r.File()]
	see(t, day)
	month := day.Month()
	t.GrossMoney = t.GrossMoney.Add(amount.Value.Abs())
	account := g.who(e, r, day)
	g.accounts.seen[account].span.see(month)
	if !g.Window.Contains(month) {
		t.Outside++
		return nil
	}
	exact, err := g.converted(amount.Value, exports.CurrencyCode(r.Text("currency")), month)
	if err != nil {
		return wrong(r, "currency", remedyRate, "%w", err)
	}
	category := g.categories.number(r.Text("category"))
	if category >= maxRoles {
		return wrong(r, "category", "map category to a column with fewer values", "more than %d categories", maxRoles-1)
	}
	cause := causeOf(r.Text("cause"))
	switch cause {
	case unheardCause:
		g.unheardIn(e.Source.Label, "cause").hear(r.Text("cause"))
		cause = OtherCause
	case OwnError:
		g.accounts.seen[account].span.err(day, g.Window)
	}
	sum := g.direct.at(directKey(account, category, g.Window.Index(month), cause))
	sum.amount = sum.amount.Add(exact)
	g.traceDirect(r, account, day, category, cause, exact)
	t.Used++
	t.UsedMoney = t.UsedMoney.Add(exact)
	return nil
}

// drive is a quantity of a driver of the company's own.
type drive struct {
	account  uint32
	month    period.Month
	driver   Driver
	quantity measure.Quantity
}

// driver reads a row of drivers.
func (g *gathering) driver(e *exports.Export, r exports.Row) error {
	month, quantity, name := r.Month("month"), r.Decimal("quantity"), strings.TrimSpace(r.Text("driver"))
	q, fits := quantity.Value.Int64()
	switch {
	case !fits:
		return wrong(r, "quantity", "count in larger units", "%w", money.ErrOverflow)
	case !g.Window.Contains(month):
		g.tally[r.File()].Outside++
		return nil
	case canonicalDriver(name).counted():
		return wrong(r, "driver", "give the driver another name", "%q is counted from the exports and cannot be given", name)
	}
	d := drive{g.who(e, r, month.First()), month, Driver(strings.Clone(name)), measure.Quantity(q)}
	g.drives = append(g.drives, d)
	g.traceDriver(r, d)
	g.used(r)
	return nil
}

type incident struct {
	account uint32
	Incident
}

var redLines = map[string]bool{"abuse": true, "threat": true, "fraud": true, "unethical": true}

// incident reads a row of incidents. Its note is not read.
func (g *gathering) incident(e *exports.Export, r exports.Row) error {
	day, kind := r.Day("date"), strings.ReplaceAll(canonical(r.Text("kind")), " ", "_")
	if !redLines[kind] && kind != "late_payment" && kind != "dispute" && kind != "other" {
		return wrong(r, "kind", "use abuse, threat, fraud, unethical, late_payment, dispute or other", "%q is no kind of incident", kind)
	}
	g.incidents = append(g.incidents, incident{g.who(e, r, day), Incident{Day: day, Kind: kind, RedLine: redLines[kind]}})
	g.used(r)
	return nil
}

type action struct {
	account uint32
	Action
}

// action reads a row of actions.
func (g *gathering) action(e *exports.Export, r exports.Row) error {
	day, kind := r.Day("date"), canonical(r.Text("action"))
	if !slices.Contains([]string{"fixed", "scope", "limit", "reprice", "other"}, kind) {
		return wrong(r, "action", "use fixed, scope, limit, reprice or other", "%q is no kind of action", kind)
	}
	g.actions = append(g.actions, action{g.who(e, r, day), Action{Day: day, Kind: kind}})
	g.used(r)
	return nil
}
