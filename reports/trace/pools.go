package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"clientworth/pipeline/costing"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// pools traces the client's share of each pool, month by month.
func (l *layout) pools() error {
	l.add(Line{Depth: 1, Component: Pool, What: "Pools", Amount: l.sum.Pools})
	months := make([][]costing.PoolShare, len(l.of))
	for _, s := range l.r.Costs.Shares {
		if s.Client == l.ref && l.Months.Contains(s.Month) {
			at := l.Months.Index(s.Month)
			months[at] = append(months[at], s)
		}
	}
	for at, shares := range months {
		if len(shares) == 0 {
			continue
		}
		m := l.Months.At(at)
		l.add(Line{Depth: 2, Component: Pool, Month: m, What: m.String(), Amount: l.of[at].Pools})
		for _, s := range shares {
			l.add(l.share(s))
		}
	}
	return l.tie(Pool, 3, l.sum.Pools)
}

// share says which part of a pool is the client's, and of how much.
func (l *layout) share(s costing.PoolShare) Line {
	i := slices.IndexFunc(l.r.Costs.Pools, func(p costing.PoolMonth) bool { return p.Pool == s.Pool && p.Month == s.Month })
	of := &l.r.Costs.Pools[i]
	name := l.r.Facts.Pools[s.Pool]
	line := Line{Depth: 3, Component: Pool, Month: s.Month, What: name, Item: name, Amount: s.Amount, Own: s.Own,
		Quantity: s.Quantity.String(), Of: of.Quantity.String(), Place: l.placeOf(s)}
	switch of.Driver {
	case facts.ByHours:
		line.Quantity, line.Of = measure.Hours(s.Quantity).String(), measure.Hours(of.Quantity).String()
	case facts.ByRevenue:
		line.Quantity, line.Of = l.Currency.Format(money.Amount(s.Quantity)), l.Currency.Format(money.Amount(of.Quantity))
	}
	line.How = fmt.Sprintf("%s of %s %s%s, of %s", money.Grouped(line.Quantity), money.Grouped(line.Of), of.Driver, l.counted(of.Driver, s.Month), l.money(of.AfterService))
	if got := of.AfterService - of.Cost; got > 0 {
		line.How += fmt.Sprintf(" (%s and %s from other pools, %s)", l.money(of.Cost), l.money(got), l.services(s.Pool))
	} else if got < 0 {
		line.How += fmt.Sprintf(" (%s less %s for other pools, %s)", l.money(of.Cost), l.money(-got), l.services(s.Pool))
	}
	if s.Own != 0 {
		line.How += fmt.Sprintf("; our own errors %s", l.money(s.Own))
	}
	return line
}

// services is where it stands which pools serve a pool, and which it serves:
// "pool-services.csv:2, 5".
func (l *layout) services(pool facts.Pool) string {
	var places []finding.Place
	for _, s := range l.r.Facts.Services {
		if s.Pool == pool || s.Serves == pool {
			places = append(places, finding.Place{File: s.Place.File, Sheet: s.Place.Sheet, Line: s.Place.Line})
		}
	}
	return list(places)
}

// counted is where the client's quantities of a driver of the company's own stand:
// " (seats.csv:2, 5)".
func (l *layout) counted(driver facts.Driver, m period.Month) string {
	var places []finding.Place
	for i := range l.entries {
		if e := &l.entries[i]; e.Input == exports.Drivers && e.Driver == driver && e.Day.Month() == m {
			places = append(places, finding.Place{File: e.Place.File, Sheet: e.Place.Sheet, Line: e.Place.Line})
		}
	}
	if places == nil {
		return ""
	}
	return " (" + list(places) + ")"
}

// list names places, and a file once for several of its lines.
func list(places []finding.Place) string {
	slices.SortFunc(places, func(a, b finding.Place) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	texts := make([]string, len(places))
	for i, p := range places {
		texts[i] = p.String()
		if i > 0 && p.File == places[i-1].File {
			texts[i] = strings.TrimPrefix(texts[i], p.File+":")
		}
	}
	return strings.Join(texts, ", ")
}

func (l *layout) placeOf(s costing.PoolShare) finding.Place {
	for _, p := range l.r.Facts.PoolCosts {
		if p.Pool == s.Pool && p.Month == s.Month {
			return p.Place
		}
	}
	return finding.Place{}
}
