package facts

import (
	"slices"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/measure"
)

// counts is how many different documents, or tickets, accounts have in the months of
// the window: by the month's place in it, and by account. Most clients have some in
// most months.
type counts [][]uint32

// add counts some for an account in a month.
func (c counts) add(account uint32, month int, n uint32) {
	c[month] = reaching(c[month], int(account))
	c[month][account] += n
}

// each hands over the counts that are not 0.
func (c counts) each(do func(account uint32, month int, n uint32)) {
	for month, list := range c {
		for account, n := range list {
			if n > 0 {
				do(uint32(account), month, n)
			}
		}
	}
}

// any reports whether anything was counted.
func (c counts) any() bool {
	return slices.ContainsFunc(c, func(of []uint32) bool { return of != nil })
}

// merge adds the counts of a worker, by the numbers that its accounts have here.
func (c counts) merge(o counts, accounts []uint32) {
	o.each(func(account uint32, month int, n uint32) { c.add(accounts[account], month, n) })
}

// countKey packs an account and the month that it has something in.
func countKey(account uint32, month int) uint64 {
	return uint64(month)<<monthShift | uint64(account)
}

func unpackCount(key uint64) (account uint32, month int) {
	return uint32(key & (maxAccounts - 1)), int(key >> monthShift)
}

// freezeCounts turns what is counted and not summed.
func (g *gathering) freezeCounts(f *Facts, owners []clients.Ref) {
	seats := newSeating(f)
	all := make([]Count, seats.len())
	at := func(account uint32, month int) *Count { return &all[seats.seat(owners[account], month)] }
	g.documentsOf.each(func(account uint32, month int, n uint32) { at(account, month).Documents += int64(n) })
	g.ticketsOf.each(func(account uint32, month int, n uint32) { at(account, month).Tickets += int64(n) })
	g.tickets.eachOwn(func(t ownTicket, part measure.Quantity) {
		all[seats.seat(owners[t.of.joined(t.account)], t.month)].OwnTickets += part
	})
	f.Counts = all[:0] // where most have some
	for seat, c := range all {
		if c != (Count{}) {
			of, month := seats.who(seat)
			c.Client, c.Month = of, f.Window.At(month)
			f.Counts = append(f.Counts, c)
		}
	}
}
