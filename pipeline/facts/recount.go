package facts

import (
	"context"
	"slices"

	"clientworth/pipeline/cores"
	"clientworth/pipeline/exports"
)

// Only when billing has been read is it known who is who. Accounts that were taken
// for one client until then may turn out to be several: documents or tickets of one
// number were taken for one, and counted for whoever was met first. Or those of several
// clients turn out to be one's, by two spellings: then a document that has both counted
// for each. Or an account turns out to become somebody else's on a day. What was gathered
// so is gathered anew.

// admit makes clients of whom billing names, which all of it has to be read for. What
// was gathered of support hours may be nothing yet.
func (g *gathering) admit(ctx context.Context, sources []exports.Source, billed, worked *gathering) error {
	if g.ClientsClosed {
		return nil
	}
	documents, tickets := billed.identities(), worked.identities()
	if !g.register.Admit(billed.named()) {
		return nil
	}
	if billed.mistaken(documents) {
		*billed = *g.apart()
		if err := billed.readBilling(ctx, sources); err != nil {
			return err
		}
	}
	if worked.mistaken(tickets) {
		*worked = *g.apart()
		return worked.readSupport(ctx, sources)
	}
	return nil
}

// mistaken reports whether accounts were taken for others than they turn out to be.
func (g *gathering) mistaken(before []uint64) bool {
	return g.turned() || (g.documentsOf.any() || g.ticketsOf.any()) && !agree(before, g.identities())
}

// identities returns what tells the clients of the accounts apart so far.
func (g *gathering) identities() []uint64 {
	const some = 1024
	all := make([]uint64, len(g.accounts.list))
	cores.Each(len(all), some, func(first, last int) error {
		for n := first; n < last; n++ {
			all[n] = g.identity(&g.accounts.list[n])
		}
		return nil
	})
	return all
}

// turned reports whether the owners of an account turn out to change on other days than
// was known.
func (g *gathering) turned() bool {
	return slices.ContainsFunc(g.accounts.list, func(a account) bool {
		return !slices.Equal(a.turns, g.register.Turns(a.id, a.name))
	})
}

// agree reports whether accounts that are told apart by one list of identities are so
// by the other, and none else.
func agree(one, other []uint64) bool {
	there, back := map[uint64]uint64{}, map[uint64]uint64{}
	for n := range one {
		if is, met := there[one[n]]; met && is != other[n] {
			return false
		}
		if is, met := back[other[n]]; met && is != one[n] {
			return false
		}
		there[one[n]], back[other[n]] = other[n], one[n]
	}
	return true
}
