package worth

import (
	"cmp"
	"slices"
	"strings"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
)

// ideal returns the clients active in the window by each attribute of the clients
// file, in the file's order of attributes; the values by revenue, largest first.
func ideal(all []Client, f *facts.Facts) []Group {
	var groups []Group
	for _, name := range attributes(f.Clients) {
		at := map[string]int{}
		first := len(groups)
		for i := range all {
			if all[i].Standing == Inactive {
				continue
			}
			value := attribute(&f.Clients[i], name)
			n, ok := at[value]
			if !ok {
				n = len(groups)
				at[value] = n
				groups = append(groups, Group{Attribute: name, Value: value})
			}
			groups[n].add(&all[i])
		}
		slices.SortFunc(groups[first:], func(a, b Group) int {
			return cmp.Or(cmp.Compare(b.Revenue, a.Revenue), strings.Compare(a.Value, b.Value))
		})
	}
	for i := range groups {
		groups[i].relate()
	}
	return groups
}

// attributes lists the names of attributes, each once.
func attributes(all []clients.Client) []string {
	var names []string
	seen := map[string]bool{}
	for i := range all {
		for _, a := range all[i].Attributes {
			if !seen[a.Name] {
				seen[a.Name] = true
				names = append(names, a.Name)
			}
		}
	}
	return names
}

func attribute(c *clients.Client, name string) string {
	for _, a := range c.Attributes {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

func (g *Group) add(w *Client) {
	g.Clients++
	if w.Material {
		g.Short++
	}
	g.Revenue += w.Revenue
	g.Cost += w.Cost
	g.Margin += w.Margin
	g.Hours += w.Hours
	g.Tickets += w.Tickets
}

func (g *Group) relate() {
	g.MarginPct = ratio(g.Margin, g.Revenue)
	g.Underpaying = measure.Ratio(float64(g.Short), float64(g.Clients))
	g.HoursPerTicket = measure.Ratio(g.Hours.Float(), float64(g.Tickets))
}

// concentrate says how much hangs on the largest clients.
func concentrate(all []Client) Concentration {
	var c Concentration
	var sum, squares float64
	for i := range all {
		if r := all[i].Revenue.Float(); r > 0 {
			sum += r
			squares += r * r
		}
	}
	if sum == 0 {
		return c
	}
	byRevenue := order(all, func(a, b *Client) int { return cmp.Compare(b.Revenue, a.Revenue) })
	var top float64
	for i, ref := range byRevenue[:min(10, len(byRevenue))] {
		if all[ref].Revenue <= 0 {
			break
		}
		c.Largest = append(c.Largest, ref)
		top += all[ref].Revenue.Float()
		for _, t := range []struct {
			n     int
			share *measure.Opt[float64]
		}{{1, &c.Top1}, {5, &c.Top5}, {10, &c.Top10}} {
			if i < t.n {
				*t.share = measure.Some(top / sum)
			}
		}
	}
	c.Effective = measure.Some(sum * sum / squares)
	return c
}

// parents sums up the clients of each parent, and ranks parents as clients are
// ranked: the shortfall of a parent is that of its summed gap.
func parents(p *Portfolio, f *facts.Facts) []Parent {
	byID := map[clients.ID]int{}
	names := map[clients.ID]string{}
	for i := range f.Clients {
		names[f.Clients[i].ID] = f.Clients[i].Name
	}
	var all []Parent
	for _, ref := range p.Order {
		c := &f.Clients[ref]
		id := cmp.Or(c.Parent, c.ID)
		at, ok := byID[id]
		if !ok {
			at = len(all)
			byID[id] = at
			all = append(all, Parent{ID: id, Name: cmp.Or(names[id], string(id))})
		}
		all[at].join(&p.Clients[ref])
	}
	for i := range all {
		all[i].Sum.settle(p.Materiality)
	}
	slices.SortFunc(all, func(a, b Parent) int {
		return cmp.Or(
			cmp.Compare(b.Sum.here(), a.Sum.here()),
			cmp.Compare(b.Sum.Shortfall, a.Sum.Shortfall),
			cmp.Compare(a.Sum.Margin, b.Sum.Margin),
			strings.Compare(string(a.ID), string(b.ID)),
		)
	})
	for i := range all {
		if s := &all[i].Sum; s.here() == 1 && s.Shortfall > 0 {
			s.Rank = i + 1
		}
	}
	return all
}

func (p *Parent) join(w *Client) {
	p.Members = append(p.Members, w.Client)
	p.Sum.add(w)
	p.Sum.Standing = max(p.Sum.Standing, w.Standing)
}

// settle sets what follows from the sums of several clients.
func (w *Client) settle(m Materiality) {
	w.missing(m)
	w.MarginPct = ratio(w.Margin, w.Revenue)
	w.BreakevenLoss = Breakeven(w.Shortfall, w.AvoidableMargin)
}

// rankParents ranks parents, and gives every client that is still there its
// parent's rank and place.
func rankParents(p *Portfolio, f *facts.Facts) {
	p.Parents = parents(p, f)
	var here, gone []clients.Ref
	for i := range p.Parents {
		for _, ref := range p.Parents[i].Members {
			w := &p.Clients[ref]
			if w.here() == 0 {
				gone = append(gone, ref)
				continue
			}
			w.Rank = p.Parents[i].Sum.Rank
			here = append(here, ref)
		}
	}
	p.Order = append(here, gone...)
}
