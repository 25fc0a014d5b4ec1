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
// for each. What was counted so is read once more.

// admit makes clients of whom billing names, which all of it has to be read for. What
// was gathered apart of support hours, if any yet, is returned, or gathered anew.
func (g *gathering) admit(ctx context.Context, sources []exports.Source, worked *gathering) (*gathering, error) {
	if g.ClientsClosed {
		return worked, nil
	}
	billed, before := g.identities(), worked.identities()
	if !g.register.Admit(g.named()) {
		return worked, nil
	}
	if g.documentsOf.any() && !agree(billed, g.identities()) {
		if err := g.recount(ctx, sources); err != nil {
			return nil, err
		}
	}
	if worked.turned() || worked.ticketsOf.any() && !agree(before, worked.identities()) {
		worked = g.apart()
		return worked, worked.readSupport(ctx, sources)
	}
	return worked, nil
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

// recount counts the documents of billing with the register as it is now.
func (g *gathering) recount(ctx context.Context, sources []exports.Source) error {
	again := g.apart()
	err := again.readBilling(ctx, sources)
	if err != nil {
		return err
	}
	accounts := make([]uint32, len(again.accounts.list))
	for n, a := range again.accounts.list {
		accounts[n] = g.accounts.number(a.accountKey, a.file, a.at)
	}
	g.documentsOf = make(counts, g.Window.Len())
	g.documentsOf.merge(again.documentsOf, accounts)
	return nil
}
