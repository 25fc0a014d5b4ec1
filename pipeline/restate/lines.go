package restate

import (
	"fmt"
	"slices"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Line is a row of a report's facts in long form.
type Line struct {
	Component Component
	Client    Word
	Item      Word // product, role, pool or category
	Source    Word // of the configuration
	Names     Word // of the client in that source, with NameMark between them
	Hours     measure.Hours
	Amount    money.Amount
	OwnError  money.Amount // the part of it that is our own error, above zero for a credit
}

func (l *Line) sum() sum { return sum{l.Amount, l.OwnError} }

// NameMark stands between several names of a client in one source.
const NameMark = "; "

// Component is what a line is part of.
type Component uint8

const (
	Revenue Component = iota
	Credit
	Labour
	Pool
	Direct
	components
)

var componentNames = [components]string{"revenue", "credit", "labour", "pool", "direct"}

// ComponentOf returns the component of a name.
func ComponentOf(name string) (Component, error) {
	if c := slices.Index(componentNames[:], name); c >= 0 {
		return Component(c), nil
	}
	return 0, fmt.Errorf("no component is called %q", name)
}

// Lines are lines by month. Those of a month may be gone when another one is asked
// for.
type Lines func(period.Month) []Line

// sides are the reports of a month, added up by key: what was published, and what
// is known now under the published rules and mapping.
type sides map[key]side

type key struct {
	client, item, source Word
	component            Component
}

type side struct{ published, moved cell }

type cell struct {
	hours measure.Hours
	sum
}

func (c *cell) add(l *Line) {
	c.hours += l.Hours
	c.sum.add(l.sum())
}

func (s sides) add(published, before []Line, o owners) {
	for i := range published {
		l := &published[i]
		k := key{l.Client, l.Item, l.Source, l.Component}
		v := s[k]
		v.published.add(l)
		s[k] = v
	}
	for i := range before {
		l := &before[i]
		k := key{o.of(l), l.Item, l.Source, l.Component}
		v := s[k]
		v.moved.add(l)
		s[k] = v
	}
}

// prices returns what an hour of each role cost as published, where hours were.
func (s sides) prices(c money.Currency) (map[Word]money.Price, error) {
	sums := map[Word]cell{}
	for k, v := range s {
		if k.component == Labour {
			at := sums[k.item]
			at.hours += v.published.hours
			at.sum.add(v.published.sum)
			sums[k.item] = at
		}
	}
	prices := map[Word]money.Price{}
	for role, v := range sums {
		if v.hours <= 0 || v.amount < 0 {
			continue
		}
		p, err := money.PriceOf(c, c.Exact(v.amount), v.hours)
		if err != nil {
			return nil, err
		}
		prices[role] = p
	}
	return prices, nil
}
