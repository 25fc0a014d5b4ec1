package facts

import (
	"context"
	"slices"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/exports"
)

// Only when billing has been read is it known who is who. Accounts that were taken
// for one client until then may turn out to be several: documents of one number were
// taken for one, and counted for whoever was met first. Or those of several clients
// turn out to be one's, by two spellings: then a document that has both counted for
// each. Billing is then read once more, for its documents alone.

// identities returns what tells the clients of the accounts apart so far.
func (g *gathering) identities() []uint64 {
	all := make([]uint64, len(g.accounts.list))
	for n := range g.accounts.list {
		all[n] = g.identity(&g.accounts.list[n])
	}
	return all
}

// mistaken reports whether accounts of one identity turned out to be several clients,
// or those of several to be one, and documents were counted by that.
func (g *gathering) mistaken(identities []uint64) bool {
	if !slices.ContainsFunc(g.documentsOf, func(of []uint32) bool { return of != nil }) {
		return false
	}
	owners, taken := map[uint64]clients.Ref{}, map[clients.Ref]uint64{}
	for n, identity := range identities {
		owner := g.accounts.list[n].owner(g.register).Ref
		if was, met := owners[identity]; met && was != owner {
			return true
		}
		if was, met := taken[owner]; met && was != identity && owner >= 0 {
			return true
		}
		owners[identity], taken[owner] = owner, identity
	}
	return false
}

// recount counts the documents of billing with the register as it is now.
func (g *gathering) recount(ctx context.Context, sources []exports.Source) error {
	again := newGathering(g.Options)
	documents := again.documents
	again.ground = g.ground
	again.documents, again.accounts = documents, newAccounts(g.register)
	err := again.readBilling(ctx, sources)
	again.searches.Wait()
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
