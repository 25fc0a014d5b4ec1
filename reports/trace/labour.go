package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"clientworth/pipeline/costing"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// worked is an entry of support hours and what it cost.
type worked struct {
	*facts.Entry
	amount money.Amount
}

// workKey is what entries are summed by.
type workKey struct {
	month                period.Month
	role                 string
	account              facts.AccountName
	cause                facts.Cause
	outOfScope, billable bool
}

type roleMonth struct {
	role  facts.Role
	month period.Month
}

// labour traces hours by month, role, activity and entry.
func (l *layout) labour() error {
	l.add(Line{Depth: 1, Component: Labour, What: "Labour", Hours: l.sum.Hours, Amount: l.sum.Labour})
	by, err := l.worked()
	if err != nil {
		return err
	}
	for at, m := range l.of {
		if m.Hours == 0 && m.Labour == 0 {
			continue
		}
		month := l.Months.At(at)
		l.add(Line{Depth: 2, Component: Labour, Month: month, What: month.String(), Hours: m.Hours, Amount: m.Labour})
		for role := range l.r.Facts.Roles {
			rm := roleMonth{facts.Role(role), month}
			if entries := by[rm]; len(entries) > 0 {
				if err := l.role(rm, entries); err != nil {
					return err
				}
			}
		}
	}
	return l.tie(Labour, 3, l.sum.Labour)
}

// worked returns the entries by role and month, each with its cost.
func (l *layout) worked() (map[roleMonth][]*worked, error) {
	entries := map[workKey][]*worked{}
	for i := range l.entries {
		e := &l.entries[i]
		if m := e.Day.Month(); e.Input == exports.SupportHours && l.Months.Contains(m) {
			k := workKey{m, e.Role, e.Account, e.Cause, e.OutOfScope, e.Billable}
			entries[k] = append(entries[k], &worked{Entry: e})
		}
	}
	by := map[roleMonth][]*worked{}
	for i, w := range l.r.Facts.Work {
		if w.Client != l.ref || !l.Months.Contains(w.Month) {
			continue
		}
		k := workKey{w.Month, l.r.Facts.Roles[w.Role], l.r.Facts.Accounts[w.Account], w.Cause, w.OutOfScope, w.Billable}
		if err := l.settleHours(entries[k], w, l.r.Costs.Work[i]); err != nil {
			return nil, err
		}
		rm := roleMonth{w.Role, w.Month}
		by[rm] = append(by[rm], entries[k]...)
		delete(entries, k)
	}
	if len(entries) > 0 {
		return nil, changed("support hours")
	}
	return by, nil
}

// settleHours gives entries their part of what the report has for them together.
func (l *layout) settleHours(entries []*worked, w facts.Work, total money.Amount) error {
	price, _, err := l.r.Costs.Price(l.r.Facts, w.Role, w.Month)
	if err != nil {
		return err
	}
	hours := make([]measure.Hours, len(entries))
	var sum measure.Hours
	for i, e := range entries {
		hours[i] = e.Hours
		sum += e.Hours
	}
	if sum != w.Hours {
		return changed("support hours")
	}
	amounts, err := money.SettleAt(price, hours, total)
	for i, a := range amounts {
		entries[i].amount = a
	}
	return err
}

// role writes a role's hours of a month by activity and entry.
func (l *layout) role(rm roleMonth, entries []*worked) error {
	hours, amount := total(entries)
	_, rate, err := l.r.Costs.Price(l.r.Facts, rm.role, rm.month)
	if err != nil {
		return err
	}
	name := l.r.Facts.Roles[rm.role]
	l.add(Line{Depth: 3, Component: Labour, Month: rm.month, What: name, How: l.rate(rm, hours), Hours: hours, Amount: amount, Place: rate.Place})
	slices.SortStableFunc(entries, func(a, b *worked) int {
		return cmp.Or(strings.Compare(a.Activity, b.Activity), cmp.Compare(a.Day, b.Day), before(a.Entry, b.Entry))
	})
	for _, activity := range runs(entries, func(e *worked) string { return e.Activity }) {
		depth := 4
		if activity[0].Activity != "" {
			hours, amount := total(activity)
			l.add(Line{Depth: depth, Component: Labour, Month: rm.month, What: activity[0].Activity, Hours: hours, Amount: amount})
			depth++
		}
		for _, e := range activity {
			line := Line{Depth: depth, Component: Labour, Month: rm.month, What: words(e.Day.String(), e.Ticket, e.ID),
				How: listed(standard(e.Entry), because(e.Cause, e.OutOfScope)), Hours: e.Hours, Amount: e.amount, Item: name, Place: e.Place, Entry: e.Entry}
			if e.Cause == facts.OwnError {
				line.Own = e.amount
			}
			l.add(line)
		}
	}
	return nil
}

// standard says how an entry without hours got them: "15 min + 46 x 1.5 min".
func standard(e *facts.Entry) string {
	s := e.Standard.Value
	switch {
	case !e.Standard.Known:
		return ""
	case s.Units.IsZero() || s.PerUnit.IsZero():
		return s.Minutes.String() + " min"
	}
	return fmt.Sprintf("%s min + %s x %s min", s.Minutes, s.Units, s.PerUnit)
}

func total(entries []*worked) (h measure.Hours, a money.Amount) {
	for _, e := range entries {
		h += e.Hours
		a += e.amount
	}
	return h, a
}

// rate says what an hour of a role was charged at, and why.
func (l *layout) rate(of roleMonth, hours measure.Hours) string {
	i := slices.IndexFunc(l.r.Costs.Roles, func(r costing.RoleMonth) bool { return r.Role == of.role && r.Month == of.month })
	rm := &l.r.Costs.Roles[i]
	how := fmt.Sprintf("%s h x %s", hours, rm.Rate.Fixed(l.Currency.Places))
	switch {
	case !rm.Monthly:
		return how
	case rm.Supplied > rm.Capacity:
		return how + fmt.Sprintf(", of %s a month over %s h worked, more than the capacity of %s h", l.money(rm.Cost), rm.Supplied, rm.Capacity)
	}
	return how + fmt.Sprintf(", of %s a month over %s h of capacity", l.money(rm.Cost), rm.Capacity)
}
