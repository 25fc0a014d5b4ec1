package facts

import (
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// part is what of a line falls in one month.
type part struct {
	month  period.Month
	amount money.Exact
	list   money.Exact
	count  money.Exact // quantity
}

func (p *part) add(o part) {
	p.amount, p.list, p.count = p.amount.Add(o.amount), p.list.Add(o.list), p.count.Add(o.count)
}

// service is the days that a line bills, both included; zero is unknown.
type service struct{ start, end period.Day }

// months returns the service period of n months that starts on a day.
func months(start period.Day, n int64) service {
	y, m, d := start.Date()
	last := period.MonthOf(y, m) + period.Month(n)
	return service{start: start, end: last.First() + period.Day(min(d, last.Days())) - 2}
}

// spread shares a line out over the months of its service by days, by largest
// remainder: in minor units if it is whole minor units, else in millionths.
func spread(c money.Currency, whole part, s service) ([]part, error) {
	first, last := s.start.Month(), s.end.Month()
	days := make([]int64, int(last-first)+1)
	for i := range days {
		m := first + period.Month(i)
		days[i] = int64(min(m.Last(), s.end)-max(m.First(), s.start)) + 1
	}
	parts := make([]part, len(days))
	for i := range parts {
		parts[i].month = first + period.Month(i)
	}
	return parts, share(c, whole, days, parts)
}

// share splits each figure of a line by weights into parts.
func share(c money.Currency, whole part, weights []int64, parts []part) error {
	for _, f := range []struct {
		total money.Exact
		of    func(*part) *money.Exact
	}{
		{whole.amount, func(p *part) *money.Exact { return &p.amount }},
		{whole.list, func(p *part) *money.Exact { return &p.list }},
		{whole.count, func(p *part) *money.Exact { return &p.count }},
	} {
		if f.total.IsZero() {
			continue
		}
		split, err := splitExact(c, f.total, weights)
		if err != nil {
			return err
		}
		for i := range parts {
			*f.of(&parts[i]) = split[i]
		}
	}
	return nil
}

func splitExact(c money.Currency, total money.Exact, weights []int64) ([]money.Exact, error) {
	unit := c
	if !c.Whole(total) {
		unit = money.Currency{Places: money.Places}
	}
	amount, err := unit.Round(total)
	if err != nil {
		return nil, err
	}
	split, err := money.Split(amount, weights)
	if err != nil {
		return nil, err
	}
	exact := make([]money.Exact, len(split))
	for i, a := range split {
		exact[i] = unit.Exact(a)
	}
	return exact, nil
}

// notBefore moves what falls before a month into it, as a credit never changes
// an earlier month.
func notBefore(m period.Month, parts []part) []part {
	var early part
	n := 0
	for n < len(parts) && parts[n].month < m {
		early.add(parts[n])
		n++
	}
	if n == 0 {
		return parts
	}
	early.month = m
	if parts = parts[n:]; len(parts) > 0 && parts[0].month == m {
		parts[0].add(early)
		return parts
	}
	return append([]part{early}, parts...)
}
