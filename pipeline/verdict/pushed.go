package verdict

import (
	"cmp"
	"slices"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/money"
	"clientworth/pipeline/worth"
)

// bearers are the clients on which stranded cost can land: of labour in
// proportion to their own labour, of pools to their own pools, of direct costs to
// revenue.
type bearers struct {
	all   []worth.Client // by clients.Ref
	whole [3]money.Amount
	// near are those that meet their target margin and bear some cost, the one
	// that the least stranded cost would push below it first.
	near []bearer
}

// bearer is a client that a stranded cost of less than room cannot push below its
// target margin, whoever leaves.
type bearer struct {
	client clients.Ref
	room   float64
}

func bearersOf(all []worth.Client) *bearers {
	b := &bearers{all: all}
	for i := range all {
		for part, weight := range weights(&all[i]) {
			b.whole[part] += weight
		}
	}
	for i := range all {
		w := &all[i]
		var most float64 // of any kind of cost that it bears
		for part, weight := range weights(w) {
			if weight > 0 {
				most = max(most, weight.Float()/b.whole[part].Float())
			}
		}
		if most > 0 && atLeast(w.Margin, w.Revenue, w.Target) {
			const rounding = 3 // parts, rounded each
			spare := w.Margin.Float() - w.Revenue.Float()*w.Target.Float()
			b.near = append(b.near, bearer{w.Client, (spare - rounding) / most})
		}
	}
	slices.SortFunc(b.near, func(x, y bearer) int { return cmp.Or(cmp.Compare(x.room, y.room), cmp.Compare(x.client, y.client)) })
	return b
}

// weights are what stranded labour, pools and direct costs follow.
func weights(w *worth.Client) (all [3]money.Amount) {
	if w.Standing == worth.Present {
		all = [3]money.Amount{max(w.Labour, 0), max(w.Pools, 0), max(w.Revenue, 0)}
	}
	return all
}

// pushed returns the clients that would not meet their target margin any more
// with their part of the stranded cost, those that take most first.
func (b *bearers) pushed(leaving clients.Ref, stranded worth.Parts) []Pushed {
	amounts := [3]money.Amount{stranded.Labour, stranded.Pools, stranded.Direct}
	others := b.whole
	for part, weight := range weights(&b.all[leaving]) {
		others[part] -= weight
	}
	var most float64 // that any room can be compared with
	for part, amount := range amounts {
		if amount > 0 && others[part] > 0 {
			most += amount.Float() * b.whole[part].Float() / others[part].Float()
		}
	}
	var all []Pushed
	for _, near := range b.near {
		const slack = 1 + 1e-9 // of floats
		if near.room > most*slack {
			break
		}
		if near.client == leaving {
			continue
		}
		w := &b.all[near.client]
		var takes money.Amount
		for part, weight := range weights(w) {
			if others[part] > 0 {
				takes += scale(amounts[part], int64(weight), int64(others[part])).Value
			}
		}
		if after := w.Margin - takes; takes > 0 && !atLeast(after, w.Revenue, w.Target) {
			all = append(all, Pushed{Client: w.Client, Takes: takes, Margin: after})
		}
	}
	slices.SortFunc(all, func(a, b Pushed) int { return cmp.Or(cmp.Compare(b.Takes, a.Takes), cmp.Compare(a.Client, b.Client)) })
	return all
}
