package facts

import (
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// revenueSum is what lines of one key add up to. Sums of money and quantities are
// millionths; the few that do not fit stand in another table in full.
type revenueSum struct {
	amount   int64
	count    int64
	lines    uint32
	unlisted uint32 // lines without a list amount
}

// wide is what did not fit into a sum.
type wide struct{ amount, count money.Exact }

// revenues sums lines by account, product, month and flags. Most lines fall in
// the same month by service period as by document: those stand in same; the
// others stand in both byService and byDocument. What is billed by the period for
// months after the window stands in later.
type revenues struct {
	same, byService, byDocument, later sums
}

// sums is one table of revenue, with what only some of its keys have.
type sums struct {
	table[revenueSum]
	lists table[money.Exact] // list amounts
	wide  table[wide]
}

// revenueKey packs what lines are summed by: 12 bits of the month's place in the
// window, 22 of the product, 26 of the account, 4 of the flags. What is compared first
// comes first, so that packed keys are in the order of facts.
type revenueKey struct {
	account uint32
	product uint32
	month   int
	flags   revenueFlags
}

type revenueFlags uint8

const (
	isRecurring revenueFlags = 1 << iota
	isOwnError
	isCredit
)

// Limits of the packed keys, and of what is kept apart.
const (
	maxAccounts = 1 << 26
	maxProducts = 1 << 22
	maxMonths   = 1 << 12
)

func (k revenueKey) pack() uint64 {
	return uint64(k.month)<<monthShift | uint64(k.product)<<30 | uint64(k.account)<<4 | uint64(k.flags)
}

func unpackRevenue(key uint64) revenueKey {
	return revenueKey{
		month:   int(key >> monthShift),
		product: uint32(key>>30) & (maxProducts - 1),
		account: uint32(key>>4) & (maxAccounts - 1),
		flags:   revenueFlags(key & 15),
	}
}

func (s *sums) add(key uint64, p part, lines, unlisted uint32) {
	sum := s.at(key)
	s.put(key, sum, p.amount, p.count)
	sum.lines += lines
	sum.unlisted += unlisted
	if !p.list.IsZero() {
		list := s.lists.at(key)
		*list = list.Add(p.list)
	}
}

// put adds money and a quantity to the sum of a key.
func (s *sums) put(key uint64, sum *revenueSum, amount, count money.Exact) {
	a, fits := plus(sum.amount, amount)
	c, too := plus(sum.count, count)
	if fits && too {
		sum.amount, sum.count = a, c
		return
	}
	w := s.wide.at(key)
	w.amount, w.count = w.amount.Add(amount), w.count.Add(count)
}

// plus adds to a sum of 64 bits, if it fits.
func plus(sum int64, v money.Exact) (int64, bool) {
	narrow, fits := v.Int64()
	more := sum + narrow
	return more, fits && (sum^more)&(narrow^more) >= 0
}

// part returns what the sum of a key amounts to.
func (s *sums) part(key uint64, sum *revenueSum) part {
	w := s.wide.get(key)
	return part{
		amount: money.Millionths(sum.amount).Add(w.amount), count: money.Millionths(sum.count).Add(w.count),
		list: s.lists.get(key),
	}
}

// merge adds all of other sums, which are empty then, under other keys of the same months.
func (s *sums) merge(o *sums, rename func(key uint64) uint64) {
	s.reach(len(o.months))
	s.lists.reach(len(o.months))
	s.wide.reach(len(o.months))
	sideBySide(len(o.months), func(month int) {
		s.lists.mergeIn(month, &o.lists, rename, func(_ uint64, to, from *money.Exact) { *to = to.Add(*from) })
		s.wide.mergeIn(month, &o.wide, rename, func(_ uint64, to, from *wide) {
			to.amount, to.count = to.amount.Add(from.amount), to.count.Add(from.count)
		})
		s.lists.months[month].settle()
		s.wide.months[month].settle()
		s.mergeIn(month, &o.table, rename, func(key uint64, to, from *revenueSum) {
			s.put(key, to, money.Millionths(from.amount), money.Millionths(from.count))
			to.lines += from.lines
			to.unlisted += from.unlisted
		})
	})
	*o = sums{}
}

// turned returns sums of the opposite sign, and empties these.
func (s *sums) turned() *sums {
	turned := &sums{}
	s.drain(func(key uint64, sum *revenueSum) {
		p := s.part(key, sum)
		p.amount, p.list, p.count = p.amount.Neg(), p.list.Neg(), p.count.Neg()
		turned.add(key, p, sum.lines, sum.unlisted)
	})
	*s = sums{}
	return turned
}

// line is a line as it is to be recognised.
type line struct {
	key      revenueKey // without month
	document period.Month
	service  []part // by service period; nil is the month of the document
	whole    part
	unlisted uint32
	entry    *Entry // where the line is traced
}

// reaches reports whether any of a line counts in the window, or is owed after
// it: then its amount matters.
func (l *line) reaches(w period.Window) bool {
	if l.service == nil || w.Contains(l.document) {
		return w.Contains(l.document)
	}
	first, last := l.service[0].month, l.service[len(l.service)-1].month
	return last >= w.First && min(first, l.document) <= w.Last
}

// add recognises a line both ways, and returns what of it falls in the window
// each way, and whether anything does.
func (r *revenues) add(w period.Window, l line) (inService, inDocument money.Exact, touches [2]bool) {
	if l.service == nil {
		return r.addSame(w, l)
	}
	first := uint32(1)
	for _, p := range l.service {
		if !w.Contains(p.month) {
			r.owe(w, l, p)
			continue
		}
		l.key.month = w.Index(p.month)
		r.byService.add(l.key.pack(), p, first, l.unlisted)
		inService = inService.Add(p.amount)
		touches[0] = true
		first = 0
	}
	if w.Contains(l.document) {
		l.key.month = w.Index(l.document)
		r.byDocument.add(l.key.pack(), l.whole, 1, l.unlisted)
		inDocument = l.whole.amount
		touches[1] = true
	}
	return inService, inDocument, touches
}

// owe adds a part of a line that was billed by the period for a later month.
func (r *revenues) owe(w period.Window, l line, p part) {
	if l.document > w.Last || p.month <= w.Last || p.month > w.Last+maxMonths {
		return
	}
	k := revenueKey{account: l.key.account, month: int(p.month - w.Last - 1)}
	r.later.add(k.pack(), part{amount: p.amount}, 1, 0)
}

func (r *revenues) addSame(w period.Window, l line) (inService, inDocument money.Exact, touches [2]bool) {
	if !w.Contains(l.document) {
		return
	}
	l.key.month = w.Index(l.document)
	r.same.add(l.key.pack(), l.whole, 1, l.unlisted)
	return l.whole.amount, l.whole.amount, [2]bool{true, true}
}

// merge adds everything of other revenues, under the numbers that their
// accounts and products have here, with the sign turned where asked.
func (r *revenues) merge(o *revenues, accounts, products []uint32, negate bool) {
	rename := renaming(accounts, products, func(key uint64) uint64 {
		k := unpackRevenue(key)
		k.account, k.product = accounts[k.account], products[k.product]
		return k.pack()
	})
	for _, t := range []struct{ to, from *sums }{
		{&r.same, &o.same}, {&r.byService, &o.byService}, {&r.byDocument, &o.byDocument}, {&r.later, &o.later},
	} {
		if negate {
			t.from = t.from.turned()
		}
		t.to.merge(t.from, rename)
	}
}

// keepProducts is how many sums of revenue are kept apart by product. A company
// with more of them (20,000 clients, 24 months, 16 products) gets its revenue by
// client and month alone: memory must not grow with what is sold. Whether there
// are more does not depend on who counts them, nor in which order.
const keepProducts = 1 << 20

// crowded reports whether there are too many sums to keep products apart.
func (r *revenues) crowded(most int) bool {
	return max(r.same.len(), r.byService.len(), r.byDocument.len()) > most
}

// together gives up keeping products apart.
func (r *revenues) together() {
	for _, s := range []*sums{&r.same, &r.byService, &r.byDocument} {
		from := *s
		*s = sums{}
		from.drain(func(key uint64, sum *revenueSum) {
			k := unpackRevenue(key)
			k.product = 0
			s.add(k.pack(), from.part(key, sum), sum.lines, sum.unlisted)
		})
	}
}
