package pipeline

import (
	"fmt"
	"math/big"
	"strconv"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// State is the outcome of a check. A check that was not run has failed.
type State uint8

const (
	NotRun State = iota
	Pass
	Warn
	Fail
)

func (s State) String() string { return [...]string{"not run", "pass", "warn", "fail"}[s] }

// Check compares two figures that must agree within a tolerance. A limit is the
// tolerance of a figure that should be nothing.
type Check struct {
	Number    int
	Name      string
	A, B      string // what the two figures are, in words
	Left      int64
	Right     int64
	Unit      Unit
	Tolerance int64
	Bound     int64 // of a check that warns: above it nothing is published; 0 is none
	Whole     int64 // what the first figure is a part of, where its limit is a share
	Share     measure.Share
	State     State
	Detail    string // what the first figure consists of, where it is unwanted
	Late      bool   // of exports that are missing, stale or of the wrong period
	Remedy    string

	currency money.Currency
}

// Unit is what the two figures of a check count.
type Unit uint8

const (
	Count      Unit = iota // of rows or clients
	MinorUnits             // of the report currency
	MicroHours             // millionths of an hour
)

// Said puts the check in words: "clients + Unmapped 12.00, ledger 12.01", of a limit
// "months without rows 2, the limit is 1", and of one that is a share "Unmapped 45.25
// of 902.00 hours, 5.02 %; the limit is 5 %".
func (c Check) Said() string {
	if c.B != nothing {
		return fmt.Sprintf("%s %s, %s %s", c.A, c.figure(c.Left), c.B, c.figure(c.Right))
	}
	s := c.A + " " + c.figure(c.Left)
	switch {
	case c.Whole > 0:
		s += fmt.Sprintf(" of %s %s, %s; the limit is %s", c.figure(c.Whole), c.unit(), c.part(), percent(c.Share))
	case c.State != Warn:
		s += ", the limit is " + c.figure(c.Tolerance)
	case c.Bound > 0:
		s += fmt.Sprintf(", a warning above %s, the limit is %s", c.figure(c.Tolerance), c.figure(c.Bound))
	default:
		s += ", a warning above " + c.figure(c.Tolerance)
	}
	if c.Detail != "" {
		s += " (" + c.Detail + ")"
	}
	return s
}

// part is the share that the first figure is, with as many places as tell it from
// its limit.
func (c Check) part() string {
	is := 100 * float64(c.Left) / float64(c.Whole)
	for places := 1; ; places++ {
		s := strconv.FormatFloat(is, 'f', places, 64)
		if places == mostPlaces || c.Left <= c.Tolerance || s != strconv.FormatFloat(100*c.Share.Float(), 'f', places, 64) {
			return s + "%"
		}
	}
}

// mostPlaces is how many decimals of a percentage are shown at most.
const mostPlaces = 6

// percent writes a share in per cent, with the places that it has.
func percent(s measure.Share) string { return money.Millionths(100*int64(s)).String() + "%" }

func (c Check) figure(v int64) string {
	switch c.Unit {
	case MinorUnits:
		return c.currency.Grouped(money.Amount(v))
	case MicroHours:
		return money.Grouped(measure.Hours(v).String())
	}
	return money.Grouped(fmt.Sprint(v))
}

// unit is the word for what the check counts.
func (c Check) unit() string {
	return [...]string{Count: "rows", MinorUnits: c.currency.Code, MicroHours: "hours"}[c.Unit]
}

// checker numbers the checks and settles each.
type checker struct {
	currency money.Currency
	checks   []Check
}

func (k *checker) add(c Check) {
	c.Number = len(k.checks) + 1
	c.currency = k.currency
	c.State = Pass
	if difference := c.Left - c.Right; max(difference, -difference) > c.Tolerance {
		c.State = Fail
	}
	k.checks = append(k.checks, c)
}

// equal checks that two figures agree to the unit.
func (k *checker) equal(name string, u Unit, a string, left int64, b string, right int64) {
	k.add(Check{Name: name, Unit: u, A: a, B: b, Left: left, Right: right, Remedy: ourFault})
}

// share checks that something unwanted does not exceed its share of a whole.
func (k *checker) share(name string, u Unit, a string, left, whole int64, limit measure.Share, remedy string) {
	whole = max(whole, -whole)
	k.add(Check{Name: name, Unit: u, A: a, B: nothing, Left: left, Whole: whole, Share: limit, Tolerance: part(whole, limit), Remedy: remedy})
}

// nothing is what the figure of a limit is compared with.
const nothing = "none"

const ourFault = "this is a defect of the program: please report it with the log of this run"

// reconcile ties the result to its sources: rows, revenue, cost and hours, from
// the files down to the ranking, and holds what was left out against its limits.
func reconcile(r *Result, limits Limits) []Check {
	k := &checker{currency: r.Costs.Currency}
	k.rows(r)
	k.revenue(r)
	k.cost(r)
	k.hours(r)
	k.ranking(r)
	k.limits(r, limits)
	k.coverage(r, limits)
	return k.checks
}

// rows holds for each input that every row read is accounted for.
func (k *checker) rows(r *Result) {
	var order []exports.Input
	sums := map[exports.Input]*exports.Tally{}
	for _, t := range r.Facts.Tallies {
		s := sums[t.Input]
		if s == nil {
			s = &exports.Tally{}
			sums[t.Input] = s
			order = append(order, t.Input)
		}
		s.Add(t)
	}
	for _, in := range order {
		s := sums[in]
		k.equal("rows of "+string(in), Count, "read", s.Read,
			"used + outside the window + no revenue + superseded + set aside + headers + blank + totals", s.Accounted())
	}
}

func (k *checker) revenue(r *Result) {
	l := r.Costs.Ledger
	var facts monthSums
	for _, v := range r.Options.Costing.Recognised(r.Facts) {
		facts.add(v.Month, v.Amount)
	}
	k.exactly("revenue gathered", "billing rows used", used(r, exports.Billing), "facts", facts.sum)
	k.equal("revenue of the months", MinorUnits, "facts, each month rounded once", k.rounded(facts, "revenue of the months"), "ledger", int64(l.BillingUsed))
	k.equal("revenue shared out", MinorUnits, "clients + Unmapped", int64(l.Revenue+l.RevenueOther), "ledger", int64(l.BillingUsed))
}

// used is the money of an input's rows that count.
func used(r *Result, in exports.Input) (sum money.Exact) {
	for _, t := range r.Facts.Tallies {
		if t.Input == in {
			sum = sum.Add(t.UsedMoney)
		}
	}
	return sum
}

// monthSums adds up exact amounts by month.
type monthSums struct {
	sum    money.Exact
	months map[period.Month]money.Exact
}

func (s *monthSums) add(m period.Month, a money.Exact) {
	if s.months == nil {
		s.months = map[period.Month]money.Exact{}
	}
	s.sum = s.sum.Add(a)
	s.months[m] = s.months[m].Add(a)
}

// rounded makes each month whole minor units and adds them up. An amount that is
// none is a check that was not run.
func (k *checker) rounded(s monthSums, name string) (sum int64) {
	for _, m := range s.months {
		a, err := k.currency.Round(m)
		if err != nil {
			k.checks = append(k.checks, Check{Name: name, Remedy: err.Error()})
		}
		sum += int64(a)
	}
	return sum
}

// exactly checks two exact sums, shown in minor units; a difference below one
// still fails.
func (k *checker) exactly(name, a string, left money.Exact, b string, right money.Exact) {
	x, errX := k.currency.Round(left)
	y, errY := k.currency.Round(right)
	k.equal(name, MinorUnits, a, int64(x), b, int64(y))
	if left != right || errX != nil || errY != nil {
		k.checks[len(k.checks)-1].State = Fail
	}
}

func (k *checker) cost(r *Result) {
	l := r.Costs.Ledger
	k.equal("cost shared out", MinorUnits,
		"clients + Unmapped + internal + unused capacity + not allocated + sustaining",
		int64(l.Clients+l.Unmapped+l.Internal+l.Unused+l.NotAllocated+l.Sustaining), "cost put in", int64(l.CostIn))
	var labour, pools, direct money.Amount
	for _, m := range r.Costs.Roles {
		labour += m.Cost
	}
	for _, m := range r.Costs.Pools {
		pools += m.Cost
	}
	for _, a := range r.Costs.Direct {
		direct += a
	}
	k.pooled(r)
	k.belonging(r)
	k.equal("cost by kind", MinorUnits, "labour + pools + direct", int64(labour+pools+direct), "cost put in", int64(l.CostIn))
}

// pooled ties what pools shared out to the rows of pools.
func (k *checker) pooled(r *Result) {
	var facts money.Exact
	var given, shared money.Amount
	for _, p := range r.Facts.PoolCosts {
		facts = facts.Add(p.Amount)
		a, err := k.currency.Round(p.Amount)
		if err != nil {
			k.checks = append(k.checks, Check{Name: "pools shared out", Remedy: err.Error()})
		}
		given += a
	}
	for _, m := range r.Costs.Pools {
		shared += m.ToClients + m.ToUnmapped + m.NotAllocated + m.Sustained
	}
	k.exactly("pools gathered", "pool rows used", used(r, exports.Pools), "facts", facts)
	k.equal("pools shared out", MinorUnits, "clients + Unmapped + not allocated + sustaining", int64(shared), "facts, each pool and month rounded once", int64(given))
}

// belonging ties direct costs to their rows.
func (k *checker) belonging(r *Result) {
	var facts monthSums
	var costs money.Amount
	for i, d := range r.Facts.Direct {
		facts.add(d.Month, d.Amount)
		costs += r.Costs.Direct[i]
	}
	k.exactly("direct costs gathered", "direct cost rows used", used(r, exports.DirectCosts), "facts", facts.sum)
	k.equal("direct costs of the months", MinorUnits, "facts, each month rounded once", k.rounded(facts, "direct costs of the months"),
		"direct costs of clients, Unmapped and internal", int64(costs))
}

func (k *checker) hours(r *Result) {
	l := r.Costs.Ledger
	var read, work measure.Hours
	for _, t := range r.Facts.Tallies {
		if t.Input == exports.SupportHours {
			read += t.UsedHours
		}
	}
	for _, w := range r.Facts.Work {
		work += w.Hours
	}
	k.equal("hours gathered", MicroHours, "support rows used", int64(read), "facts", int64(work))
	k.equal("hours shared out", MicroHours, "clients + Unmapped + internal",
		int64(l.HoursClients+l.HoursUnmapped+l.HoursInternal), "hours worked", int64(l.HoursIn))
	k.equal("hours costed", MicroHours, "hours worked", int64(l.HoursIn), "facts", int64(work))
}

// ranking ties what is ranked to the ledger.
func (k *checker) ranking(r *Result) {
	l := r.Costs.Ledger
	var revenue, cost money.Amount
	seen := map[clients.Ref]bool{}
	for _, c := range r.Worth.Clients {
		revenue += c.Revenue
		cost += c.Cost
	}
	for _, ref := range r.Worth.Order {
		seen[ref] = true
	}
	k.equal("revenue ranked", MinorUnits, "clients of the report", int64(revenue), "ledger", int64(l.Revenue))
	k.equal("cost ranked", MinorUnits, "clients of the report", int64(cost), "ledger", int64(l.Clients))
	k.equal("clients listed", Count, "in the order of the ranking, each once", int64(len(seen)), "clients", int64(len(r.Facts.Clients)))
}

// limits holds what was set aside and what is unmapped against the limits, money
// and hours apart.
func (k *checker) limits(r *Result, limits Limits) {
	l := r.Costs.Ledger
	var aside, gross money.Exact
	var asideHours measure.Hours
	var asideRows, rows int64
	for _, t := range r.Facts.Tallies {
		aside = aside.Add(t.SetAsideMoney)
		gross = gross.Add(t.GrossMoney)
		asideHours += t.SetAsideHours
		if t.Input == exports.Billing || t.Input == exports.SupportHours {
			asideRows += t.SetAside
			rows += t.Read - t.Headers - t.Blank - t.Totals
		}
	}
	const fix = "mend the rows listed among the findings, or raise limits.set_aside"
	k.share("rows set aside", Count, "set aside", asideRows, rows, limits.SetAside, fix)
	asideMoney, _ := k.currency.Round(aside)
	grossMoney, _ := k.currency.Round(gross)
	k.share("money set aside", MinorUnits, "set aside", int64(asideMoney), int64(grossMoney), limits.SetAside, fix)
	k.share("hours set aside", MicroHours, "set aside", int64(asideHours), int64(l.HoursIn+asideHours), limits.SetAside, fix)

	const name = "give the names listed among the findings an alias in the clients file, or list them in internal_names if they are our own; or raise limits.unmapped"
	unmapped, billed := r.unmappedMoney()
	k.share("money unmapped", MinorUnits, "Unmapped", int64(unmapped), int64(billed), limits.Unmapped, name)
	k.share("hours unmapped", MicroHours, "Unmapped", int64(l.HoursUnmapped), int64(l.HoursIn), limits.Unmapped, name)
}

// unmappedMoney returns the size of the revenue of names that no client owns, and
// of all revenue, invoices and credits alike: what cancels out is no less
// unknown.
func (r *Result) unmappedMoney() (unmapped, all money.Amount) {
	for i, v := range r.Options.Costing.Recognised(r.Facts) {
		a := r.Costs.Revenue[i].Abs()
		all += a
		if v.Client == clients.Unmapped {
			unmapped += a
		}
	}
	return unmapped, all
}

// MuchUnmapped reports whether more hours, or more revenue, than is borne by default
// are of names that no client owns: what is said of the clients hangs on them.
func (r *Result) MuchUnmapped() bool {
	l := r.Costs.Ledger
	unmapped, billed := r.unmappedMoney()
	return int64(l.HoursUnmapped) > part(int64(l.HoursIn), DefaultLimits.Unmapped) || int64(unmapped) > part(int64(billed), DefaultLimits.Unmapped)
}

// part returns the share of a total, rounded down.
func part(total int64, s measure.Share) int64 {
	n := new(big.Int).Mul(big.NewInt(max(total, -total)), big.NewInt(int64(s)))
	return n.Quo(n, big.NewInt(measure.Million)).Int64()
}
