package costing

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Rules are what can be wrong with quantities, capacities and pools.
var Rules = []*finding.Rule{AboveCapacity, NegativeDriver, PoolStops, NegativePool, NotAllocated}

// AboveCapacity is found where a role worked more hours than it has.
var AboveCapacity = &finding.Rule{
	Name:     "above-capacity",
	Effect:   finding.Note,
	Sentence: "more hours were worked than the role's practical capacity",
	Remedy:   "check capacity_hours or people of the role in rates, and the hours of that month",
}

// labour costs every role's hours of each month at the rate in force.
func (b *book) labour() error {
	w, rows := b.facts.Window, b.facts.Work
	b.costs.Work = make([]money.Amount, len(rows))
	by := spans(len(rows), len(b.facts.Roles)*w.Len(),
		func(i int) (clients.Ref, int) { return rows[i].Client, b.roleAndMonth(&rows[i]) },
		func(sum measure.Hours, i int) measure.Hours { return sum + rows[i].Hours })
	rates, err := ratesByRole(b.facts)
	if err != nil {
		return err
	}
	var missing []error
	for role := range b.facts.Roles {
		var without []period.Month
		for at := range w.Len() {
			worked := by[role*w.Len()+at]
			rate, ok := inForce(rates[role], w.At(at))
			switch {
			case ok:
				err = b.roleMonth(facts.Role(role), at, rate, worked)
				if err != nil {
					return fmt.Errorf("labour of role %q in %s: %w", b.facts.Roles[role], w.At(at), err)
				}
			case len(worked) > 0:
				without = append(without, w.At(at))
			}
		}
		if len(without) > 0 {
			missing = append(missing, &NoRate{Role: b.facts.Roles[role], Months: without, Rated: b.ratedLike(role, rates)})
		}
	}
	if len(missing) > 0 {
		return errors.Join(missing...)
	}
	b.takeLabour()
	return nil
}

// ratedLike returns the role with rates whose name differs from that of another role by
// its case alone.
func (b *book) ratedLike(role int, rates [][]facts.Rate) string {
	for other, name := range b.facts.Roles {
		if other != role && len(rates[other]) > 0 && strings.EqualFold(name, b.facts.Roles[role]) {
			return name
		}
	}
	return ""
}

func (b *book) roleAndMonth(w *facts.Work) int {
	return int(w.Role)*b.facts.Window.Len() + b.facts.Window.Index(w.Month)
}

// NoRate is the error that a role worked in months for which it has no rate.
type NoRate struct {
	Role   string
	Months []period.Month
	Rated  string // what the rates call a role that differs by its case alone; "" is none
}

func (e *NoRate) Error() string {
	when := e.Months[0].String()
	if n := len(e.Months); n > 1 {
		when += fmt.Sprintf(" to %s (%d months)", e.Months[n-1], n)
	}
	said := fmt.Sprintf("role %q has hours but no rate in %s", e.Role, when)
	if e.Rated != "" {
		said += fmt.Sprintf("; the rates call it %q", e.Rated)
	}
	return said
}

// Remedy says what to add.
func (e *NoRate) Remedy() string {
	if e.Rated != "" {
		return "write the role the same way in the rates and in the support hours"
	}
	return fmt.Sprintf("add one to rates, with valid_from %s or earlier, or without it", e.Months[0].First())
}

// ratesByRole returns the rates of each role, the earliest first. Two different
// rates of one role from the same day are an error.
func ratesByRole(f *facts.Facts) ([][]facts.Rate, error) {
	by := make([][]facts.Rate, len(f.Roles))
	for _, r := range f.Rates {
		by[r.Role] = append(by[r.Role], r)
	}
	for role, rates := range by {
		slices.SortStableFunc(rates, func(a, b facts.Rate) int { return cmp.Compare(a.ValidFrom, b.ValidFrom) })
		for i := 1; i < len(rates); i++ {
			a, b := rates[i-1], rates[i]
			if b.Place = a.Place; a.ValidFrom == b.ValidFrom && a != b {
				return nil, fmt.Errorf("%s: role %q has two different rates from the same day; correct valid_from in rates",
					rates[i].Place, f.Roles[role])
			}
		}
	}
	return by, nil
}

// inForce returns the rate with the latest valid_from that is not after the first
// day of the month.
func inForce(rates []facts.Rate, m period.Month) (facts.Rate, bool) {
	for _, r := range slices.Backward(rates) {
		if r.ValidFrom <= m.First() {
			return r, true
		}
	}
	return facts.Rate{}, false
}

// capacity returns the practical capacity of a role that is paid by the month.
func (o Options) capacity(r facts.Rate) (measure.Hours, error) {
	if r.Capacity > 0 {
		return r.Capacity, nil
	}
	hours := money.Millionths(int64(cmp.Or(o.HoursPerMonth, Defaults().HoursPerMonth)))
	practical := money.Millionths(int64(cmp.Or(o.Practical, Defaults().Practical)))
	paid, err := hours.Times(money.Millionths(int64(r.People.Value)))
	if err != nil {
		return 0, err
	}
	e, err := paid.Times(practical)
	if err != nil || e.Hi != 0 {
		return 0, cmp.Or(err, money.ErrOverflow)
	}
	if e.IsZero() {
		return 0, fmt.Errorf("%s: monthly_cost needs capacity_hours or people in rates", r.Place)
	}
	return measure.Hours(e.Lo), nil
}

// roleMonth costs a role's hours of a month, given as spans of rows of one party
// each, at its rate.
func (b *book) roleMonth(role facts.Role, at int, rate facts.Rate, spans []span[measure.Hours]) error {
	if !rate.Monthly.Known && len(spans) == 0 {
		return nil
	}
	rm := RoleMonth{Role: role, Month: b.facts.Window.At(at), Monthly: rate.Monthly.Known}
	hours := make([]measure.Hours, len(spans))
	for i, s := range spans {
		hours[i] = s.sum
		rm.Worked += s.sum
		if s.client == clients.Internal {
			rm.Internal += s.sum
		}
	}
	price, err := b.supply(&rm, rate)
	if err != nil {
		return err
	}
	if rm.Used, err = price.Of(int64(rm.Worked)); err != nil {
		return err
	}
	if err := b.hold(price, hours); err != nil {
		return err
	}
	if !rm.Monthly {
		rm.Cost = rm.Used
	}
	rm.Unused = rm.Cost - rm.Used
	parts, err := money.SettleAt(price, hours, rm.Used)
	if err != nil {
		return err
	}
	for i, s := range spans {
		rm.take(s.client, parts[i])
		if err := b.settleWork(price, s, parts[i]); err != nil {
			return err
		}
	}
	b.costs.Roles = append(b.costs.Roles, rm)
	b.costs.Ledger.CostIn += rm.Cost
	return nil
}

// hold makes sure that labour can be held even where corrected hours are larger
// than those that are left of them.
func (b *book) hold(p money.Price, hours []measure.Hours) error {
	var sum measure.Hours
	for _, h := range hours {
		sum += max(h, -h)
	}
	gross, err := p.Of(int64(sum))
	if b.gross += gross; err == nil && b.gross > math.MaxInt64/4 {
		err = money.ErrOverflow
	}
	return err
}

// supply fills in what the role supplies and costs, and returns what a millionth
// of an hour is charged at.
func (b *book) supply(rm *RoleMonth, rate facts.Rate) (p money.Price, err error) {
	c := b.costs.Currency
	if amount := cmp.Or(rate.Hourly.Value, rate.Monthly.Value); amount.Sign() < 0 {
		return p, fmt.Errorf("%s: a rate below zero; correct it in rates", rate.Place)
	}
	if !rm.Monthly {
		rm.Rate, rm.Supplied = rate.Hourly.Value, rm.Worked
		return rm.price(c, rate)
	}
	if rm.Cost, err = c.Round(rate.Monthly.Value); err != nil {
		return p, err
	}
	if rm.Capacity, err = b.options.capacity(rate); err != nil {
		return p, err
	}
	rm.Supplied = max(rm.Capacity, rm.Worked)
	if rm.Worked > rm.Capacity {
		b.costs.Findings.Add(finding.Finding{
			Rule:   AboveCapacity,
			Place:  rate.Place,
			Detail: fmt.Sprintf("%s, %s: %s of %s hours", b.facts.Roles[rm.Role], rm.Month, rm.Worked, rm.Capacity),
			Hours:  rm.Worked - rm.Capacity,
		})
	}
	if b.options.Basis == HoursWorked && rm.Worked > 0 {
		rm.Supplied = rm.Worked
	}
	rm.UnusedHours = rm.Supplied - rm.Worked
	if rm.Rate, err = c.Exact(rm.Cost).Scale(money.Millionths(measure.Million), money.Millionths(int64(rm.Supplied))); err != nil {
		return p, err
	}
	return rm.price(c, rate)
}

// price is what a millionth of an hour is charged at.
func (rm *RoleMonth) price(c money.Currency, rate facts.Rate) (money.Price, error) {
	if !rm.Monthly {
		return money.PriceOf(c, rate.Hourly.Value, measure.Hours(measure.Million))
	}
	return money.PriceOf(c, c.Exact(rm.Cost), rm.Supplied)
}

// settleWork shares a party's labour out over its rows.
func (b *book) settleWork(p money.Price, s span[measure.Hours], total money.Amount) error {
	if s.to == s.from+1 {
		b.costs.Work[s.from] = total
		return nil
	}
	work := b.facts.Work
	return settleKinds(b.costs.Work, int(s.from), int(s.to), total,
		func(i int) uint64 { return kindOf(uint64(work[i].Cause), work[i].OutOfScope, work[i].Billable) },
		func(i int) measure.Hours { return work[i].Hours },
		func(one, other measure.Hours) measure.Hours { return one + other },
		func(hours []measure.Hours, total money.Amount) ([]money.Amount, error) {
			return money.SettleAt(p, hours, total)
		})
}

func (rm *RoleMonth) take(ref clients.Ref, a money.Amount) {
	switch ref {
	case clients.Unmapped:
		rm.ToUnmapped += a
	case clients.Internal:
		rm.ToInternal += a
	default:
		rm.ToClients += a
	}
}

// takeLabour adds the rows of labour up by client and month.
func (b *book) takeLabour() {
	roles := make([]*RoleMonth, len(b.facts.Roles)*b.facts.Window.Len())
	for i := range b.costs.Roles {
		r := &b.costs.Roles[i]
		roles[int(r.Role)*b.facts.Window.Len()+b.facts.Window.Index(r.Month)] = r
	}
	for i := range b.facts.Work {
		w, a := &b.facts.Work[i], b.costs.Work[i]
		if w.Client == clients.Internal {
			continue
		}
		if w.Client >= 0 && w.Cause != facts.OwnError {
			roles[b.roleAndMonth(w)].ClientCaused += a
		}
		b.months(w.Client)[b.facts.Window.Index(w.Month)].takeLabour(w, a)
	}
}

func (m *Month) takeLabour(w *facts.Work, a money.Amount) {
	m.Labour += a
	m.Hours += w.Hours
	if w.Cause == facts.OwnError {
		m.LabourOwn += a
		m.HoursOwn += w.Hours
		return
	}
	if w.OutOfScope || w.Cause == facts.CannotDeliver {
		m.OutOfScope += a
	}
	switch w.Cause {
	case facts.AgainstAdvice:
		m.AgainstAdvice += a
	case facts.Capability:
		m.Capability += a
	}
}

// Price returns what a millionth of an hour of a role cost in a month of the
// window, as it was charged, and the rate in force.
func (c *Costs) Price(f *facts.Facts, role facts.Role, m period.Month) (money.Price, facts.Rate, error) {
	i := slices.IndexFunc(c.Roles, func(r RoleMonth) bool { return r.Role == role && r.Month == m })
	rates, err := ratesByRole(f)
	if err != nil {
		return money.Price{}, facts.Rate{}, err
	}
	rate, ok := inForce(rates[role], m)
	if i < 0 || !ok {
		return money.Price{}, rate, &NoRate{Role: f.Roles[role], Months: []period.Month{m}}
	}
	p, err := c.Roles[i].price(c.Currency, rate)
	return p, rate, err
}
