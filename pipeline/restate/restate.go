// Package restate sets what a published report said of a period against what is
// known of it now, and names the causes between: lines that came late, credit
// notes, hours, rates, pools, mapping, rules. The causes of a client add up to its
// difference to the cent, because each is what changes when one more part of the
// published figures is replaced, in a fixed order, by what is known now. The
// package never alters what was published.
package restate

import (
	"fmt"
	"maps"
	"slices"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/worth"
)

// Cause is why a figure is restated. The causes are substituted in this order.
type Cause uint8

const (
	LateLines   Cause = iota // billing lines and direct costs that came or changed later
	CreditNotes              // the same of credit notes
	Hours                    // hours, at the rates as published
	Rates                    // what an hour cost
	Pools                    // shared costs and their drivers
	Mapping                  // which client a name means
	Rules                    // the configuration: target margin, recognition, capacity, what counts as our own error
	causes
)

// Causes lists all causes in the order of their substitution.
func Causes() []Cause {
	return []Cause{LateLines, CreditNotes, Hours, Rates, Pools, Mapping, Rules}
}

// Report is what one report says: its facts of a month in long form, and its
// target margins. A company's lines of a year are many, so they come by month.
type Report struct {
	Lines  Lines
	Target func(clients.ID) measure.Share // 0 to below 1
}

// Figures are a client's figures of the months compared.
type Figures struct {
	Revenue   money.Amount
	Cost      money.Amount // cost to serve
	Shortfall money.Amount // against the fair price of these months; none of Unmapped and internal
}

// Margin is what the client leaves.
func (f Figures) Margin() money.Amount { return f.Revenue - f.Cost }

func (f Figures) plus(g Figures) Figures {
	return Figures{f.Revenue + g.Revenue, f.Cost + g.Cost, f.Shortfall + g.Shortfall}
}

func (f Figures) minus(g Figures) Figures {
	return Figures{f.Revenue - g.Revenue, f.Cost - g.Cost, f.Shortfall - g.Shortfall}
}

// Client is what was published of a client, what is known now, and the causes
// between: Was plus all of By is Is.
type Client struct {
	ID     clients.ID     // or clients.UnmappedID, clients.InternalID
	Name   string         // that the client was published under; empty where it was not
	Months []period.Month // in which an amount differs; none where only the target margin does
	Was    Figures
	Is     Figures
	By     [causes]Figures // by Cause
}

// Changed reports whether anything differs.
func (c Client) Changed() bool { return c.By != [causes]Figures{} }

// Restatement compares two reports over months that both know.
type Restatement struct {
	Months  period.Window
	Clients []Client // those of which something differs, by id
	Total   Client   // of all clients, without Unmapped and internal

	Settings []Setting // of the configuration that are others now, by key
}

// Setting is one of the configuration that the published report was made with and
// that is another now. An empty value is none.
type Setting struct{ Key, Was, Is string }

// Changed counts the clients of which something differs, without Unmapped and
// internal.
func (r *Restatement) Changed() (n int) {
	for _, c := range r.Clients {
		if c.ID != clients.UnmappedID && c.ID != clients.InternalID {
			n++
		}
	}
	return n
}

// Compare attributes the difference between what was published and what is known
// now of the months to its causes. Before is what is known now under the rules of
// the published report, the same as now where the rules are; what differs between
// the two is a matter of rules. The words are those of all lines.
//
// Pools are replaced as a whole: a share that moved because hours did is a matter
// of pools. A name that is unknown to the published report, or stood for several
// clients in it, is no matter of mapping.
func Compare(c money.Currency, w *Words, published, before, now *Report, months period.Window) (*Restatement, error) {
	m := &matching{currency: c, words: w, owners: ownersOf(w, published.Lines, months), roles: rolesOf(w, published.Lines, months)}
	for i := range months.Len() {
		if err := m.add(published, before, now, months.At(i)); err != nil {
			return nil, err
		}
	}
	ids := map[clients.ID]*parts{}
	for n, p := range m.all {
		if p != nil {
			ids[clients.ID(w.Say(Word(n)))] = p
		}
	}
	r := &Restatement{Months: months}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		client, err := ids[id].client(id, published.Target(id), now.Target(id))
		if err != nil {
			return nil, fmt.Errorf("restatement of client %s: %w", id, err)
		}
		if client.Changed() {
			r.Clients = append(r.Clients, client)
		}
		if id != clients.UnmappedID && id != clients.InternalID {
			r.Total.add(client)
		}
	}
	return r, nil
}

func (c *Client) add(o Client) {
	c.Was, c.Is = c.Was.plus(o.Was), c.Is.plus(o.Is)
	for i := range c.By {
		c.By[i] = c.By[i].plus(o.By[i])
	}
}

// client takes the steps from the published figures to those of now.
func (p *parts) client(id clients.ID, was, is measure.Share) (Client, error) {
	c := Client{ID: id, Months: p.months}
	at := p.published
	figures, err := at.figures(id, was)
	if err != nil {
		return c, err
	}
	c.Was = figures
	for _, cause := range Causes() {
		target := was
		switch cause {
		case LateLines:
			at[Revenue], at[Direct] = p.moved[Revenue], p.moved[Direct]
		case CreditNotes:
			at[Credit] = p.moved[Credit]
		case Hours:
			at[Labour] = p.atOldRates
		case Rates:
			at[Labour] = p.moved[Labour]
		case Pools:
			at[Pool] = p.moved[Pool]
		case Mapping:
			at = p.known
			for component, own := range p.ruled {
				at[component].own -= own
			}
		case Rules:
			at, target = p.now, is
		}
		next, err := at.figures(id, target)
		if err != nil {
			return c, err
		}
		c.By[cause] = next.minus(figures)
		figures = next
	}
	c.Is = figures
	return c, nil
}

// state is a client's amounts by component.
type state [components]sum

// sum is an amount and the part of it that is our own error; of credits, what
// they gave back for it.
type sum struct{ amount, own money.Amount }

func (s state) figures(id clients.ID, target measure.Share) (Figures, error) {
	f := Figures{
		Revenue: s[Revenue].amount + s[Credit].amount,
		Cost:    s[Labour].amount + s[Pool].amount + s[Direct].amount,
	}
	if id == clients.UnmappedID || id == clients.InternalID {
		return f, nil
	}
	fair, err := worth.FairPrice(f.Cost-s[Labour].own-s[Pool].own-s[Direct].own, target)
	f.Shortfall = max(0, worth.Gap(fair, f.Revenue, s[Revenue].own+s[Credit].own))
	return f, err
}

// parts are a client's amounts as they are substituted.
type parts struct {
	months     []period.Month // in which now differs from what was published
	published  state
	moved      state // known now, under the published mapping and rules, less what is ruled
	known      state // known now, under the published rules
	now        state
	atOldRates sum                      // labour of the hours known now
	ruled      [components]money.Amount // what counts as our own error now, and did not, of the same thing
}

// add adds the parts of a month.
func (p *parts) add(o *parts, m period.Month) {
	if o.published != o.now {
		p.months = append(p.months, m)
	}
	for c := range components {
		p.published[c].add(o.published[c])
		p.moved[c].add(o.moved[c])
		p.known[c].add(o.known[c])
		p.now[c].add(o.now[c])
		p.ruled[c] += o.ruled[c]
	}
	p.atOldRates.add(o.atOldRates)
}

func (s *sum) add(o sum) {
	s.amount += o.amount
	s.own += o.own
}

// reruled is what of the same hours, or of the same amount, counts as our own
// error now and did not as published.
func reruled(before, after cell) (money.Amount, error) {
	if same := before.hours == after.hours && (before.hours != 0 || before.amount == after.amount); !same || before.amount == 0 {
		return 0, nil
	}
	own, err := money.Millionths(int64(after.amount)).Scale(money.Millionths(int64(before.own)), money.Millionths(int64(before.amount)))
	return after.own - money.Amount(int64(own.Lo)), err
}

// atRate is what the hours known now cost at the published rate: what was
// published, and the hours that came or went.
func atRate(before, after cell, r *rate) (sum, error) {
	switch {
	case before.hours == after.hours:
		return before.sum, nil
	case r == nil || r.held: // where it is nil, nobody worked in this role as published
		return after.sum, nil
	}
	change, err := r.price.Of(int64(after.hours - before.hours))
	at := sum{amount: before.amount + change}
	if err == nil && after.amount != 0 {
		var own money.Exact
		own, err = money.Millionths(int64(at.amount)).Scale(money.Millionths(int64(after.own)), money.Millionths(int64(after.amount)))
		at.own = money.Amount(int64(own.Lo))
	}
	return at, err
}
