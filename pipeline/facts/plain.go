package facts

import (
	"sync"

	"github.com/apache/arrow/go/v17/arrow/array"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// The rows of most exports are plain: no service period to spread, no currency to
// convert, no correction. They are summed a block at a time: first the keys of all
// rows of the block, then their places in the table, then their sums, so that the
// waits for memory overlap. A row that is not plain goes the general way; the two
// give the same facts.

const blockRows = 1024

// monthTable has the month of each day from 1970 on for as long as exports date.
var monthTable = sync.OnceValue(func() []period.Month {
	const years = 150
	t := make([]period.Month, 0, years*366)
	for d := period.UnixEpoch; d.Month().Year() < 1970+years; d++ {
		t = append(t, d.Month())
	}
	return t
})

// monthOf returns the month of a day.
func monthOf(table []period.Month, d period.Day) period.Month {
	if i := int(d - period.UnixEpoch); uint(i) < uint(len(table)) {
		return table[i]
	}
	return d.Month()
}

// findAll finds the entries of keys, which are new if need be.
func (t *table[V]) findAll(keys []uint64, at []uint32) {
	for i, key := range keys {
		at[i] = t.glance(key)
	}
	for i, key := range keys {
		if at[i] != 0 && t.entry(int(at[i]-1)).key == key {
			at[i]--
			continue
		}
		at[i] = uint32(t.find(key))
	}
}

// glance returns what the first slot for a key holds: most often its entry + 1.
func (t *table[V]) glance(key uint64) uint32 {
	if month := int(key >> monthShift); month < len(t.months) && len(t.months[month].slots) > 0 {
		slots := t.months[month].slots
		return slots[mix(key)&uint64(len(slots)-1)]
	}
	return 0
}

// block is the plain rows of a block.
type block struct {
	keys    [blockRows]uint64
	at      [blockRows]uint32
	amounts [blockRows]money.Exact
	counts  [blockRows]money.Exact // quantities
	hours   [blockRows]int64
	n       int
}

// plainBatch reports whether rows of the batch may be plain.
func (b *billing) plainBatch(batch exports.Batch) bool {
	c := &b.cols
	return b.wants == nil && len(b.priceList) == 0 && (len(b.skip) == 0 || len(b.skip[batch.File]) == 0) &&
		(c.starts.days == nil) == (c.ends.days == nil) && c.lists.values == nil && c.corrects.texts == nil
}

// plainAccount returns the account of a row, if it is known and has one owner.
func (p *party) plainAccount(row int) (uint32, bool) {
	n := p.remembered(p.ids.code(row), p.names.code(row))
	if n == 0 {
		return 0, false
	}
	return n - 1, p.accounts.seen[n-1].plain
}

// gatherPlain sums a batch of rows of which most are plain.
func (b *billing) gatherPlain(batch exports.Batch, file *fileSums) error {
	rows := int(batch.Record.NumRows())
	for from := 0; from < rows; from += blockRows {
		b.block.n = 0
		for row := from; row < min(from+blockRows, rows); row++ {
			if b.plainRow(file, row) {
				continue
			}
			if err := b.row(batch, file, row); err != nil {
				return err
			}
		}
		b.sumBlock()
	}
	return nil
}

// plainRow notes the key and amount of a row, unless it is not plain.
func (b *billing) plainRow(file *fileSums, row int) bool {
	c := &b.cols
	of := b.kinds.list[c.kind.code(row)]
	currency := b.home.list[c.currency.code(row)]
	account, ok := c.plainAccount(row)
	if !ok || !currency || of.nature == nothing || c.status.index != nil && b.states.list[c.status.code(row)] == nothing {
		return false
	}
	amount := exactOf(c.amounts.values, row)
	flags := revenueFlags(0)
	switch {
	case of.nature == credit && amount.Sign() > 0:
		return false
	case of.nature == credit, !of.said && amount.Hi < 0:
		flags = isCredit
		if b.causes.list[c.cause.code(row)] == OwnError {
			flags |= isOwnError
		}
	}
	if c.recurring.at(row) {
		flags |= isRecurring
	}
	day := c.dates.at(row)
	month := monthOf(b.monthTable, day)
	if c.starts.days != nil && !b.servedIn(row, month) {
		return false
	}
	file.negative = file.negative || of.nature == credit && amount.Hi < 0
	see(&file.Tally, day)
	file.GrossMoney = file.GrossMoney.Add(amount.Abs())
	at := &b.accounts.seen[account]
	at.rows++
	at.span.bill(month)
	at.span.see(month)
	if flags&isOwnError != 0 {
		at.span.err(day, b.Window)
	}
	if !b.Window.Contains(month) {
		file.Outside++
		return true
	}
	index := b.Window.Index(month)
	b.months[index]++
	file.Used++
	file.UsedMoney = file.UsedMoney.Add(amount)
	if c.documents.texts != nil && flags&isCredit == 0 {
		b.countDocument(row, account, month)
	}
	product := b.products.codes[c.products.code(row)]
	if b.oneProduct {
		product = 0
	}
	n := b.block.n
	b.block.keys[n] = revenueKey{account: account, product: product, month: index, flags: flags}.pack()
	b.block.amounts[n] = amount
	if c.quantities.values != nil {
		b.block.counts[n], _ = c.quantities.at(row)
	}
	b.block.n++
	return true
}

// servedIn reports whether a line has no service period, or one within a month.
func (b *billing) servedIn(row int, month period.Month) bool {
	start, end := b.cols.starts.at(row), b.cols.ends.at(row)
	return start == 0 && end == 0 ||
		start != 0 && start <= end && monthOf(b.monthTable, start) == month && monthOf(b.monthTable, end) == month
}

func exactOf(values *array.Decimal128, row int) money.Exact {
	v := values.Value(row)
	return money.Exact{Hi: v.HighBits(), Lo: v.LowBits()}
}

// sumBlock adds the plain rows of a block. Without a price list nothing is known
// of what a line that is no credit would cost by it.
func (b *billing) sumBlock() {
	k := &b.block
	b.same.findAll(k.keys[:k.n], k.at[:k.n])
	for i, at := range k.at[:k.n] {
		sum := &b.same.entry(int(at)).sum
		sum.amount = sum.amount.Add(k.amounts[i])
		sum.lines++
		if revenueFlags(k.keys[i])&isCredit == 0 {
			sum.unlisted++
		}
	}
	if b.cols.quantities.values == nil {
		return
	}
	for i, at := range k.at[:k.n] {
		if !k.counts[i].IsZero() {
			g := b.same.goodsAt(int(at))
			g.count = g.count.Add(k.counts[i])
		}
	}
}

// plainBatch reports whether entries of the batch may be plain.
func (s *support) plainBatch(batch exports.Batch) bool {
	return s.wants == nil && s.totals == nil && (len(s.skip) == 0 || len(s.skip[batch.File]) == 0) && s.cols.hours.values != nil
}

// gatherPlain sums a batch of entries of which most are plain.
func (s *support) gatherPlain(batch exports.Batch, file *fileSums) error {
	rows := int(batch.Record.NumRows())
	for from := 0; from < rows; from += blockRows {
		s.block.n = 0
		for row := from; row < min(from+blockRows, rows); row++ {
			if s.plainRow(file, row) {
				continue
			}
			if err := s.row(batch, file, row); err != nil {
				return err
			}
		}
		k := &s.block
		s.work.findAll(k.keys[:k.n], k.at[:k.n])
		for i, at := range k.at[:k.n] {
			sum := &s.work.entry(int(at)).sum
			sum.hours += measure.Hours(k.hours[i])
			sum.entries++
		}
	}
	return nil
}

// plainRow notes the key and hours of an entry, unless it is not plain.
func (s *support) plainRow(file *fileSums, row int) bool {
	c := &s.cols
	hours, ok := c.hours.at(row)
	key := workKey{role: s.roles.codes[c.role.code(row)], cause: s.causes.list[c.cause.code(row)]}
	account, one := c.plainAccount(row)
	if !ok || hours < 0 || !one || key.role == 0 {
		return false
	}
	if c.activity.index != nil {
		of := &s.activities.list[c.activity.code(row)]
		key.outOfScope = of.outOfScope
		if of.capability && key.cause == OtherCause {
			key.cause = Capability
		}
	}
	key.account, key.billable = account, c.billable.at(row)
	day := c.dates.at(row)
	month := monthOf(s.monthTable, day)
	see(&file.Tally, day)
	at := &s.accounts.seen[account]
	at.rows++
	at.span.see(month)
	if key.cause == OwnError {
		at.span.err(day, s.Window)
	}
	if !s.Window.Contains(month) {
		file.Outside++
		return true
	}
	key.month = s.Window.Index(month)
	s.months[key.month]++
	file.Used++
	file.UsedHours += measure.Hours(hours)
	if c.tickets.texts != nil {
		s.ticket(row, key, measure.Hours(hours))
	}
	n := s.block.n
	s.block.keys[n] = key.pack()
	s.block.hours[n] = hours
	s.block.n++
	return true
}
