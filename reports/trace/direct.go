package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// directKey is what direct costs are summed by.
type directKey struct {
	month    period.Month
	category string
	account  facts.AccountName
	cause    facts.Cause
}

// direct traces direct costs by month.
func (l *layout) direct() error {
	l.add(Line{Depth: 1, Component: Direct, What: "Direct costs", Amount: l.sum.Direct})
	rows := map[directKey][]*billed{}
	for i := range l.entries {
		if e := &l.entries[i]; e.Input == exports.DirectCosts && l.Months.Contains(e.Day.Month()) {
			k := directKey{e.Day.Month(), e.Category, e.Account, e.Cause}
			rows[k] = append(rows[k], &billed{Entry: e, month: k.month, exact: e.Amount})
		}
	}
	var all []*billed
	for i, d := range l.r.Facts.Direct {
		if d.Client != l.ref || !l.Months.Contains(d.Month) {
			continue
		}
		k := directKey{d.Month, l.r.Facts.Categories[d.Category], l.r.Facts.Accounts[d.Account], d.Cause}
		if err := settle(l.Currency, rows[k], d.Amount, l.r.Costs.Direct[i]); err != nil {
			return err
		}
		all = append(all, rows[k]...)
		delete(rows, k)
	}
	if len(rows) > 0 {
		return changed("direct costs")
	}
	slices.SortStableFunc(all, func(a, b *billed) int { return cmp.Or(cmp.Compare(a.Day, b.Day), a.before(b)) })
	for _, month := range runs(all, func(b *billed) period.Month { return b.month }) {
		l.add(Line{Depth: 2, Component: Direct, Month: month[0].month, What: month[0].month.String(), Amount: amountOf(month)})
		for _, b := range month {
			line := Line{Depth: 3, Component: Direct, Month: b.month, What: words(b.Day.String(), b.Category), How: listed(foreign(b.Entry), because(b.Cause, false)),
				Amount: b.amount, Item: b.Category, Place: b.Place, Entry: b.Entry}
			if b.Cause == facts.OwnError {
				line.Own = b.amount
			}
			l.add(line)
		}
	}
	return l.tie(Direct, 2, l.sum.Direct)
}

// foreign says what an amount was converted from: "4,860.00 GBP at 1.15247".
func foreign(e *facts.Entry) string {
	f := e.Foreign.Value
	if !e.Foreign.Known {
		return ""
	}
	return fmt.Sprintf("%s %s at %s", money.Grouped(f.Amount.Fixed(2)), f.Currency, f.Rate)
}

// listed joins what is said of a line.
func listed(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), ", ")
}

// because says why work was done, where that matters.
func because(c facts.Cause, outOfScope bool) string {
	how := map[facts.Cause]string{
		facts.OwnError: "our own error", facts.CannotDeliver: "asked for what we do not do",
		facts.AgainstAdvice: "against our advice", facts.Capability: "built a capability",
	}[c]
	if outOfScope && c != facts.OwnError {
		how = strings.TrimPrefix(how+", out of scope", ", ")
	}
	return how
}
