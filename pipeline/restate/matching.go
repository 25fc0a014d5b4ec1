package restate

import (
	"cmp"
	"fmt"
	"iter"
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
	roles    roles
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
	m.entries = append(m.entries, entry{client, m.roles.itemOf(l), l.Source, l.Component, on, cell{l.Hours, sum{l.Amount, l.OwnError}}})
}

// add adds a month.
func (m *matching) add(published, before, now *Report, at period.Month) error {
	m.entries = m.entries[:0]
	was := published.Lines(at)
	for i := range was {
		m.enter(&was[i], was[i].Client, asPublished)
	}
	rates, err := m.rates()
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
	if err := m.sort(); err != nil {
		return err
	}
	m.holdRates(rates)
	return cores.Each(len(m.all), 256, func(first, last int) error {
		for client := first; client < last; client++ {
			if err := m.match(client, rates, at); err != nil {
				return err
			}
		}
		return nil
	})
}

// sort sorts the entries by client, whose numbers are small, and by what they are of.
func (m *matching) sort() error {
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
	return cores.Each(n, 256, func(first, last int) error {
		for client := first; client < last; client++ {
			slices.SortFunc(m.of(client), func(a, b entry) int { return a.compare(&b) })
		}
		return nil
	})
}

// match sets what was published of a client and month beside what became of it.
func (m *matching) match(client int, rates map[Word]*rate, at period.Month) error {
	if len(m.of(client)) == 0 {
		return nil
	}
	var p parts
	for of := range m.things(client) {
		if err := p.match(of, rates[of[0].item]); err != nil {
			return fmt.Errorf("%q in %s: %w", m.words.Say(of[0].item), at, err)
		}
	}
	if m.all[client] == nil {
		m.all[client] = &parts{}
	}
	m.all[client].add(&p, at)
	return nil
}

// of returns a client's entries.
func (m *matching) of(client int) []entry {
	from := int32(0)
	if client > 0 {
		from = m.ends[client-1]
	}
	return m.sorted[from:m.ends[client]]
}

// things returns a client's entries, those of one thing together.
func (m *matching) things(client int) iter.Seq[[]entry] {
	return func(yield func([]entry) bool) {
		for own := m.of(client); len(own) > 0; {
			n := 1
			for n < len(own) && own[n].compare(&own[0]) == 0 {
				n++
			}
			if !yield(own[:n]) {
				return
			}
			own = own[n:]
		}
	}
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
func (p *parts) match(of []entry, r *rate) error {
	component := of[0].component
	published, moved := across(of)
	for i := range of {
		e := &of[i]
		if e.on&asKnown != 0 {
			p.known[component].add(e.sum)
		}
		if e.on&asNow != 0 {
			p.now[component].add(e.sum)
		}
	}
	p.published[component].add(published.sum)
	var ruled money.Amount
	if !r.blurred() {
		var err error
		if ruled, err = reruled(published, moved); err != nil {
			return err
		}
	}
	p.ruled[component] += ruled
	p.moved[component].add(sum{moved.amount, moved.own - ruled})
	if component == Labour {
		cost, err := atRate(published, moved, r)
		if err != nil {
			return err
		}
		p.atOldRates.add(cost)
	}
	return nil
}

// across is what a thing was as published, and is under the published rules and
// mapping.
func across(of []entry) (published, moved cell) {
	for i := range of {
		e := &of[i]
		if e.on&asPublished != 0 {
			published.add(e.cell)
		}
		if e.on&asMoved != 0 {
			moved.add(e.cell)
		}
	}
	return published, moved
}

// rate is what an hour of a role cost as published. It is held where the same
// hours of every client still cost the same: then whatever else moved is hours.
// What is published as one role may be several, at rates of their own: it is mixed.
type rate struct {
	price       money.Price
	held, mixed bool
}

// blurred reports whether the share of our own errors in the cost of the same hours
// may have moved by rates alone: those of one of several roles published as one.
func (r *rate) blurred() bool { return r != nil && r.mixed && !r.held }

// rates returns what an hour of each role cost as published, where hours were.
func (m *matching) rates() (map[Word]*rate, error) {
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
	rates := map[Word]*rate{}
	for role, v := range sums {
		if v.hours <= 0 || v.amount < 0 {
			continue
		}
		p, err := money.PriceOf(m.currency, m.currency.Exact(v.amount), v.hours)
		if err != nil {
			return nil, err
		}
		rates[role] = &rate{price: p, mixed: role == m.roles.others}
	}
	return rates, nil
}

// holdRates finds the rates that are held. A month's labour is rounded once and
// split, so each line may have moved by a minor unit.
func (m *matching) holdRates(rates map[Word]*rate) {
	changed := map[Word]bool{}
	for client := range m.all {
		for of := range m.things(client) {
			r := rates[of[0].item]
			if of[0].component != Labour || r == nil {
				continue
			}
			was, is := across(of)
			if was.hours == 0 || was.hours != is.hours {
				continue
			}
			r.held = true
			if off := is.amount - was.amount; max(off, -off) > money.Amount(len(of)) {
				changed[of[0].item] = true
			}
		}
	}
	for role := range changed {
		rates[role].held = false
	}
}
