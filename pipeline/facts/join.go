package facts

import (
	"maps"
	"slices"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
)

// What the workers gathered is added up here, in any order: the sums are the same.

// joinBilling adds up what the workers gathered of one source.
func (g *gathering) joinBilling(of *billed) {
	reading, parts := of.reading, of.parts
	of.parts, of.reading = nil, nil
	files := make([]fileSums, len(reading.Tallies))
	for _, b := range parts {
		for i := range files {
			files[i].join(b.files[i])
		}
	}
	for _, b := range parts {
		g.joinLines(b, files)
	}
	became := make([]exports.Tally, len(files))
	for i, f := range files {
		became[i] = f.Tally
		money := f.positiveMoney
		if !f.negative {
			money = money.Neg()
		}
		became[i].UsedMoney = became[i].UsedMoney.Add(money)
		if f.negative && slices.ContainsFunc(parts, func(b *billing) bool { return b.positive[i] != nil }) {
			g.findings.Add(finding.Finding{Rule: ruleCreditSigns, Place: finding.Place{File: reading.Tallies[i].File, Field: "amount"}, Money: f.positiveMoney})
		}
	}
	g.account(reading, became)
	months := make(cover, g.Window.Len())
	for _, b := range parts {
		months.add(b.months)
	}
	g.covers(of.source, months)
}

// joinLines adds what one worker gathered. Positive credit notes turn their sign
// where a file has no negative ones.
func (g *gathering) joinLines(b *billing, files []fileSums) {
	b.mentions.settleAll()
	accounts := g.join(b.accounts)
	products := g.products.into(b.products)
	if len(g.products.list) > maxProducts/2 && !b.oneProduct {
		b.oneProduct = true
		b.together()
	}
	g.revenues.merge(&b.revenues, accounts, products, false)
	for file, positive := range b.positive {
		g.revenues.merge(positive, accounts, products, !files[file].negative)
	}
	g.documentsOf.merge(b.counts, accounts)
	g.follow(b.traced, accounts, func(file int) bool { return files[file].negative })
	g.findings.Merge(&b.findings)
	for field, words := range b.unheard {
		g.hearAll(b.export.Source.Label, field, *words)
	}
	if !g.oneProduct && (b.oneProduct || g.crowded(g.keepProducts)) {
		g.oneProduct = true
		g.findings.Add(finding.Finding{Rule: ruleProductsTogether, Place: finding.Place{File: b.export.Source.Label, Field: "product"}})
	}
	if g.oneProduct {
		g.together()
	}
}

func (g *gathering) joinSupport(reading *exports.Reading, parts []*support, months cover) {
	became := make([]exports.Tally, len(reading.Tallies))
	for _, s := range parts {
		s.closeTicket()
		s.mentions.settleAll()
		for i := range became {
			addTally(&became[i], s.files[i].Tally)
		}
		months.add(s.months)
		accounts := g.join(s.accounts)
		roles := g.roles.into(s.roles)
		g.joinWork(&s.work, accounts, roles)
		g.ticketsOf.merge(s.counts, accounts)
		g.follow(s.traced, accounts, nil)
		g.findings.Merge(&s.findings)
		g.hearAll(s.export.Source.Label, "cause", s.unheard)
	}
	g.account(reading, became)
}

// joinApart adds all that was gathered apart of billing, or of support hours.
func (g *gathering) joinApart(o *gathering) {
	accounts := g.join(o.accounts)
	g.revenues.merge(&o.revenues, accounts, g.products.into(o.products), false)
	g.joinWork(&o.work, accounts, g.roles.into(o.roles))
	g.documentsOf.merge(o.documentsOf, accounts)
	g.ticketsOf.merge(o.ticketsOf, accounts)
	g.follow(o.traced, accounts, nil)
	g.findings.Merge(o.findings)
	g.tallies = append(g.tallies, o.tallies...)
	g.facts.Coverage = append(g.facts.Coverage, o.facts.Coverage...)
	maps.Copy(g.cells, o.cells)
	for column, words := range o.unheard {
		g.hearAll(column.source, column.field, *words)
	}
	g.found = append(g.found, o.found...)
}

func (g *gathering) joinWork(from *table[workSum], accounts, roles []uint32) {
	rename := renaming(accounts, roles, func(key uint64) uint64 {
		k := unpackWork(key)
		k.account, k.role = accounts[k.account], roles[k.role]
		return k.pack()
	})
	g.work.merge(from, rename, func(_ uint64, to, from *workSum) {
		to.hours += from.hours
		to.entries += from.entries
	})
}

// renaming is how keys change with the numbers of accounts and words; nil where all keep
// theirs, as what the first worker met does.
func renaming(accounts, words []uint32, rename func(key uint64) uint64) func(key uint64) uint64 {
	for _, to := range [][]uint32{accounts, words} {
		for from, n := range to {
			if n != uint32(from) {
				return rename
			}
		}
	}
	return nil
}

// join numbers the accounts of a worker here, and returns those numbers.
func (g *gathering) join(from *accounts) []uint32 {
	to := make([]uint32, len(from.list))
	for i, a := range from.list {
		to[i] = g.accounts.take(a, from.seen[i])
	}
	for i, c := range from.credits {
		g.accounts.credited(to[i], c)
	}
	from.into, from.as = g.accounts, to
	return to
}

func (f *fileSums) join(o fileSums) {
	addTally(&f.Tally, o.Tally)
	f.positiveMoney = f.positiveMoney.Add(o.positiveMoney)
	f.negative = f.negative || o.negative
}
