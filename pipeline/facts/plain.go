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
// convert, no correction. They are taken a block at a time and step by step: whose
// all rows are, what they say, where their sums stand, and then the sums, so that
// the waits for memory overlap. A row that is not plain goes the general way; the
// two give the same facts.

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

// findAll finds the numbers that the entries of keys have in their months, which are
// new if need be.
func (t *table[V]) findAll(keys []uint64, at []uint32) {
	months := t.months
	for i, key := range keys {
		at[i] = 0
		if month := int(key >> monthShift); month < len(months) {
			at[i] = months[month].glance(key)
		}
	}
	for i, key := range keys {
		if at[i] != 0 && t.months[key>>monthShift].entry(int(at[i]-1)).key == key {
			at[i]--
			continue
		}
		at[i] = uint32(t.find(key))
	}
}

// block is the plain rows of a block.
type block struct {
	whose [blockRows]uint32 // of each row of the block: an account's number + 1; 0 is not plain

	// All plain rows.
	accounts [blockRows]uint32
	months   [blockRows]period.Month
	met      int

	// Those in the window.
	rows    [blockRows]int32 // of the batch
	keys    [blockRows]uint64
	at      [blockRows]uint32
	amounts [blockRows]int64 // of lines, or hours
	counts  [blockRows]int64 // quantities
	n       int
}

// meet notes that a plain row is of an account and month.
func (k *block) meet(account uint32, m period.Month) {
	k.accounts[k.met], k.months[k.met] = account, m
	k.met++
}

// add notes a row in the window, and returns its place in the block.
func (k *block) add(row int, key uint64) (n int) {
	n = k.n
	k.rows[n], k.keys[n] = int32(row), key
	k.n++
	return n
}

// begin finds out whose the rows of a block are that may be plain: those of
// accounts that are known and have one owner.
func (k *block) begin(p *accountColumns, from, to int) {
	k.met, k.n = 0, 0
	whose := k.whose[:to-from]
	for i := range whose {
		whose[i] = p.remembered(p.ids.code(from+i), p.names.code(from+i))
	}
	for i, n := range whose {
		if n != 0 && !p.accounts.seen[n-1].plain {
			whose[i] = 0
		}
	}
}

// see notes what was seen of the accounts.
func (k *block) see(of *accounts, billed bool) {
	months := k.months[:k.met]
	for i, account := range k.accounts[:k.met] {
		at := &of.seen[account]
		at.rows++
		at.span.see(months[i])
		if billed {
			at.span.bill(months[i])
		}
	}
}

// taker takes the rows of a batch: [billing] or [support].
type taker interface {
	plainBatch(exports.Batch) bool // whether rows of it may be plain
	// plainRow notes the key and the sums of a row of an account, unless it is not plain.
	plainRow(file *fileSums, row int, account uint32) bool
	row(batch exports.Batch, file *fileSums, row int) error // in the general way
	sumBlock()                                              // adds the plain rows of a block
	superseded(file int, line int64) bool
}

// gather takes a batch of rows by one of two ways. Of lines that are billed it is
// noted when.
func (k *block) gather(of taker, p *accountColumns, billed bool, batch exports.Batch, file *fileSums) error {
	rows := int(batch.Record.NumRows())
	if !of.plainBatch(batch) {
		for row := range rows {
			if of.superseded(batch.File, p.lines[row]) {
				file.Superseded++
				continue
			}
			if err := of.row(batch, file, row); err != nil {
				return err
			}
		}
		return nil
	}
	for from := 0; from < rows; from += blockRows {
		to := min(from+blockRows, rows)
		k.begin(p, from, to)
		for row := from; row < to; row++ {
			if whose := k.whose[row-from]; whose != 0 && of.plainRow(file, row, whose-1) {
				continue
			}
			if err := of.row(batch, file, row); err != nil {
				return err
			}
		}
		k.see(p.accounts, billed)
		of.sumBlock()
	}
	return nil
}

func (b *billing) plainBatch(batch exports.Batch) bool {
	c := &b.cols
	return b.wants == nil && len(b.priceList) == 0 && !b.skips(batch.File) &&
		(c.starts.days == nil) == (c.ends.days == nil) && c.lists.values == nil && c.corrects.texts == nil
}

func (b *billing) plainRow(file *fileSums, row int, account uint32) bool {
	c := &b.cols
	of := b.kinds.list[c.kind.code(row)]
	if !b.home.list[c.currency.code(row)] || of.nature >= unheard || c.status.index != nil && b.states.list[c.status.code(row)] != sale {
		return false
	}
	amount := exactOf(c.amounts.values, row)
	quantity, _ := c.quantities.at(row)
	narrow, fits := amount.Int64()
	count, too := quantity.Int64()
	if !fits || !too {
		return false
	}
	flags := revenueFlags(0)
	switch {
	case of.nature == credit && amount.Sign() > 0:
		return false
	case of.nature == credit, !of.said && amount.Hi < 0:
		flags = isCredit
		if b.cause(row) == OwnError {
			flags |= isOwnError
		}
	}
	if c.recurring.at(row) {
		flags |= isRecurring
	}
	day := c.dates.at(row)
	month := monthOf(b.monthTable, day)
	if c.starts.days != nil && !b.servedIn(row, month) || b.farAfter(month) {
		return false
	}
	file.negative = file.negative || of.nature == credit && amount.Hi < 0
	see(&file.Tally, day)
	file.GrossMoney = file.GrossMoney.Add(amount.Abs())
	b.block.meet(account, month)
	if flags&isOwnError != 0 {
		b.accounts.seen[account].span.err(day, b.Window)
	}
	if !b.Window.Contains(month) {
		file.Outside++
		return true
	}
	if flags&isCredit != 0 {
		b.accounts.credited(account, given{c.file, c.lines[row], amount.Abs()})
	}
	index := b.Window.Index(month)
	b.months[index]++
	file.Used++
	file.UsedMoney = file.UsedMoney.Add(amount)
	product := b.products.at(c.products.code(row))
	if b.oneProduct {
		product = 0
	}
	n := b.block.add(row, revenueKey{account: account, product: product, month: index, flags: flags}.pack())
	b.block.amounts[n], b.block.counts[n] = narrow, count
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

// countDocuments counts the documents of the plain rows of a block.
func (b *billing) countDocuments() {
	if b.cols.documents.texts == nil {
		return
	}
	k := &b.block
	for i, key := range k.keys[:k.n] {
		if revenueFlags(key)&isCredit == 0 {
			of := unpackRevenue(key)
			b.countDocument(int(k.rows[i]), of.account, of.month)
		}
	}
}

// sumBlock also counts the documents of the plain lines. Without a price list nothing
// is known of what a line that is no credit would cost by it.
func (b *billing) sumBlock() {
	b.countDocuments()
	k := &b.block
	b.same.findAll(k.keys[:k.n], k.at[:k.n])
	for i, at := range k.at[:k.n] {
		key := k.keys[i]
		sum := b.same.sum(key, int(at))
		b.same.put(key, sum, money.Millionths(k.amounts[i]), money.Millionths(k.counts[i]))
		sum.lines++
		if revenueFlags(key)&isCredit == 0 {
			sum.unlisted++
		}
	}
}

func (s *support) plainBatch(batch exports.Batch) bool {
	return s.wants == nil && s.totals == nil && !s.skips(batch.File) && s.cols.hours.values != nil
}

// sumBlock also counts the tickets of the plain entries.
func (s *support) sumBlock() {
	k := &s.block
	s.work.findAll(k.keys[:k.n], k.at[:k.n])
	for i, at := range k.at[:k.n] {
		sum := s.work.sum(k.keys[i], int(at))
		sum.hours += measure.Hours(k.amounts[i])
		sum.entries++
	}
	if s.cols.tickets.texts == nil {
		return
	}
	for i, key := range k.keys[:k.n] {
		s.ticket(int(k.rows[i]), unpackWork(key), measure.Hours(k.amounts[i]))
	}
}

func (s *support) plainRow(file *fileSums, row int, account uint32) bool {
	c := &s.cols
	hours, ok := c.hours.at(row)
	key := workKey{role: s.roles.at(c.role.code(row)), cause: s.causes.list[c.cause.code(row)]}
	if !ok || hours < 0 || key.role == 0 {
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
	if s.farAfter(month) {
		return false
	}
	see(&file.Tally, day)
	s.block.meet(account, month)
	if key.cause == OwnError {
		s.accounts.seen[account].span.err(day, s.Window)
	}
	if !s.Window.Contains(month) {
		file.Outside++
		return true
	}
	key.month = s.Window.Index(month)
	s.months[key.month]++
	file.Used++
	file.UsedHours += measure.Hours(hours)
	s.block.amounts[s.block.add(row, key.pack())] = hours
	return true
}
