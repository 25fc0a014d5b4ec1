package restate

import (
	"cmp"
	"fmt"
	"slices"

	"clientworth/pipeline/cores"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// matching sets reports side by side and adds them up by client, a month at a
// time.
type matching struct {
	currency money.Currency
	words    *Words
	owners   owners
	all      []*parts // by the client's number; nil is none so far

	entries, sorted []entry // of the month
	ends            []int32 // of each client's entries among the sorted ones
}

// entry is a line as it counts on some sides: as published, as known now under the
// published rules and mapping, under the published rules, and as it is.
type entry struct {
	client, item, source Word
	component            Component
	on                   sides
	cell
}

type sides uint8

const (
	asPublished sides = 1 << iota
	asMoved
	asKnown
	asNow
)

type cell struct {
	hours measure.Hours
	sum
}

func (c *cell) add(o cell) {
	c.hours += o.hours
	c.sum.add(o.sum)
}

func (m *matching) enter(l *Line, client Word, on sides) {
	m.entries = append(m.entries, entry{client, l.Item, l.Source, l.Component, on, cell{l.Hours, sum{l.Amount, l.OwnError}}})
}

// add adds a month.
func (m *matching) add(published, before, now *Report, at period.Month) error {
	m.entries = m.entries[:0]
	was := published.Lines(at)
	for i := range was {
		m.enter(&was[i], was[i].Client, asPublished)
	}
	prices, err := m.prices()
	if err != nil {
		return err
	}
	is := asKnown
	if before == now {
		is |= asNow
	}
	known := before.Lines(at)
	for i := range known {
		l := &known[i]
		if owner := m.owners.of(l); owner != l.Client {
			m.enter(l, owner, asMoved)
			m.enter(l, l.Client, is)
			continue
		}
		m.enter(l, l.Client, is|asMoved)
	}
	if before != now {
		known = now.Lines(at)
		for i := range known {
			m.enter(&known[i], known[i].Client, asNow)
		}
	}
	m.sort()
	return cores.Each(len(m.all), 256, func(first, last int) error {
		for client := first; client < last; client++ {
			if err := m.match(client, prices, at); err != nil {
				return err
			}
		}
		return nil
	})
}

// sort sorts the entries by client, whose numbers are small.
func (m *matching) sort() {
	n := len(m.words.list)
	if more := n - len(m.all); more > 0 {
		m.all, m.ends = append(m.all, make([]*parts, more)...), append(m.ends, make([]int32, more)...)
	}
	clear(m.ends)
	for i := range m.entries {
		m.ends[m.entries[i].client]++
	}
	end := int32(0)
	for i, count := range m.ends {
		m.ends[i] = end // for now where they begin
		end += count
	}
	m.sorted = slices.Grow(m.sorted[:0], len(m.entries))[:len(m.entries)]
	for i := range m.entries {
		e := &m.entries[i]
		m.sorted[m.ends[e.client]] = *e
		m.ends[e.client]++
	}
}

// match sets what was published of a client and month beside what became of it.
func (m *matching) match(client int, prices map[Word]money.Price, at period.Month) error {
	from := int32(0)
	if client > 0 {
		from = m.ends[client-1]
	}
	own := m.sorted[from:m.ends[client]]
	if len(own) == 0 {
		return nil
	}
	slices.SortFunc(own, func(a, b entry) int { return a.compare(&b) })
	var p parts
	for len(own) > 0 {
		n := 1
		for n < len(own) && own[n].compare(&own[0]) == 0 {
			n++
		}
		if err := p.match(own[:n], prices[own[0].item]); err != nil {
			return fmt.Errorf("%q in %s: %w", m.words.Say(own[0].item), at, err)
		}
		own = own[n:]
	}
	if m.all[client] == nil {
		m.all[client] = &parts{}
	}
	m.all[client].add(&p, at)
	return nil
}

func (e *entry) compare(o *entry) int {
	switch {
	case e.component != o.component:
		return cmp.Compare(e.component, o.component)
	case e.item != o.item:
		return cmp.Compare(e.item, o.item)
	}
	return cmp.Compare(e.source, o.source)
}

// match adds the entries of one thing to the parts.
func (p *parts) match(of []entry, price money.Price) error {
	component := of[0].component
	var published, moved cell
	for i := range of {
		e := &of[i]
		if e.on&asPublished != 0 {
			published.add(e.cell)
		}
		if e.on&asMoved != 0 {
			moved.add(e.cell)
		}
		if e.on&asKnown != 0 {
			p.known[component].add(e.sum)
		}
		if e.on&asNow != 0 {
			p.now[component].add(e.sum)
		}
	}
	p.published[component].add(published.sum)
	ruled, err := reruled(published, moved)
	if err != nil {
		return err
	}
	p.ruled[component] += ruled
	p.moved[component].add(sum{moved.amount, moved.own - ruled})
	if component == Labour {
		cost, err := atRate(published, moved, price)
		if err != nil {
			return err
		}
		p.atOldRates.add(cost)
	}
	return nil
}

// prices returns what an hour of each role cost as published, where hours were.
func (m *matching) prices() (map[Word]money.Price, error) {
	sums := map[Word]*cell{}
	for i := range m.entries {
		e := &m.entries[i]
		if e.component != Labour {
			continue
		}
		if sums[e.item] == nil {
			sums[e.item] = &cell{}
		}
		sums[e.item].add(e.cell)
	}
	prices := map[Word]money.Price{}
	for role, v := range sums {
		if v.hours <= 0 || v.amount < 0 {
			continue
		}
		p, err := money.PriceOf(m.currency, m.currency.Exact(v.amount), v.hours)
		if err != nil {
			return nil, err
		}
		prices[role] = p
	}
	return prices, nil
}
