package facts

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
)

// freezeCredits returns the largest credit of each client that has one.
func (g *gathering) freezeCredits(owners []clients.Ref) []Credit {
	largest := map[clients.Ref]given{}
	for account, c := range g.accounts.credits {
		if of := owners[account]; of >= 0 {
			largest[of] = largest[of].larger(c)
		}
	}
	var all []Credit
	for _, of := range slices.Sorted(maps.Keys(largest)) {
		c := largest[of]
		all = append(all, Credit{Client: of, Place: finding.Place{File: c.file, Line: c.line, Field: "amount"}, Amount: c.size})
	}
	return all
}

// successors says which clients were merged into others by the end of the window.
func (g *gathering) successors(f *Facts) []measure.Opt[clients.Ref] {
	into := make([]measure.Opt[clients.Ref], len(f.Clients))
	for of, seat := range g.seats {
		if seat < 0 {
			continue
		}
		if to, ok := g.register.Successor(clients.Ref(of), f.Window.Last.Last()); ok && g.seats[to] >= 0 {
			into[seat] = measure.Some(g.seats[to])
		}
	}
	return into
}

// freezeRest turns what is few: activity, drivers, incidents and actions.
func (g *gathering) freezeRest(f *Facts, owners []clients.Ref) {
	spans := make([]span, len(f.Clients))
	for i, seen := range g.accounts.seen {
		if owners[i] >= 0 {
			spans[owners[i]].join(seen.span)
		}
	}
	into := g.successors(f)
	for i, s := range spans {
		if s.first != 0 {
			f.Activity = append(f.Activity, Activity{Client: clients.Ref(i), First: s.first, Last: s.last, FirstBilled: s.billed, LastOwnError: s.erred, Into: into[i]})
		}
	}
	f.Credits = g.freezeCredits(owners)
	for _, d := range g.drives {
		if owners[d.account] != clients.Internal {
			f.Drivers = append(f.Drivers, DriverQuantity{Client: owners[d.account], Month: d.month, Driver: d.driver, Quantity: d.quantity})
		}
	}
	slices.SortFunc(f.Drivers, func(a, b DriverQuantity) int {
		return cmp.Or(cmp.Compare(a.Client, b.Client), cmp.Compare(a.Month, b.Month), strings.Compare(string(a.Driver), string(b.Driver)), cmp.Compare(a.Quantity, b.Quantity))
	})
	for _, i := range g.incidents {
		if i.Client = owners[i.account]; i.Client >= 0 {
			f.Incidents = append(f.Incidents, i.Incident)
		}
	}
	slices.SortFunc(f.Incidents, func(a, b Incident) int {
		return cmp.Or(cmp.Compare(a.Client, b.Client), cmp.Compare(a.Day, b.Day), strings.Compare(a.Kind, b.Kind))
	})
	for _, a := range g.actions {
		if a.Client = owners[a.account]; a.Client >= 0 {
			f.Actions = append(f.Actions, a.Action)
		}
	}
	slices.SortFunc(f.Actions, func(a, b Action) int {
		return cmp.Or(cmp.Compare(a.Client, b.Client), cmp.Compare(a.Day, b.Day), strings.Compare(a.Kind, b.Kind))
	})
}
