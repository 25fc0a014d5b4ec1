package facts

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// billing gathers the lines of one billing export that one worker reads.
type billing struct {
	*ground
	export *exports.Export

	accounts   *accounts
	products   *names
	kinds      *meanings[kind]
	states     *meanings[nature]
	causes     *meanings[Cause]
	currencies *meanings[string]
	home       *meanings[bool] // whether it is the report currency

	revenues
	oneProduct  bool              // too many to keep them apart
	positive    map[int]*revenues // credit notes with positive amounts, by file
	counts      counts            // of documents
	corrections []correction
	files       []fileSums
	watch       *watch // for equal rows
	months      cover
	findings    finding.Log
	unheard     map[string]*unheardWords // by column
	traced      []*Entry

	last       uint64   // fingerprint of the document read last; most rows have the same
	mentions   mentions // of documents
	monthTable []period.Month
	block      block
	cols       billingColumns
}

// kind is what the column kind says of a line.
type kind struct {
	nature
	said bool
}

// correction is a credit note that names the document it corrects; it waits
// until that document is known.
type correction struct {
	line
	file     int
	at       int64
	corrects string
	positive bool
}

// fileSums is what became of the rows of one file.
type fileSums struct {
	exports.Tally
	positiveMoney money.Exact // of credit notes with positive amounts, as they stand
	negative      bool        // has credit notes with negative amounts
}

type billingColumns struct {
	accountColumns
	documents, corrects              textColumn
	dates, starts, ends              dayColumn
	amounts, lists, quantities       decimalColumn
	products, currency, kind, status nameColumn
	cause                            nameColumn
	recurring                        flagColumn
}

func newBilling(g *ground, e *exports.Export) *billing {
	b := &billing{
		ground: g, export: e,
		accounts: newAccounts(g.register),
		products: newNames(),
		kinds: newMeanings(func(w string) kind {
			return kind{nature: natureOf(kinds, w), said: strings.TrimSpace(w) != ""}
		}),
		states:     newMeanings(func(w string) nature { return natureOf(states, w) }),
		causes:     newMeanings(causeOf),
		currencies: newMeanings(exports.CurrencyCode),
		home: newMeanings(func(w string) bool {
			c := exports.CurrencyCode(w)
			return c == "" || c == g.Currency.Code
		}),
		monthTable: monthTable(),
		files:      make([]fileSums, len(e.Source.Files)),
		months:     make(cover, g.Window.Len()),
		counts:     make(counts, g.Window.Len()),
		unheard:    map[string]*unheardWords{"kind": {}, "status": {}, "cause": {}},
	}
	b.mentions = newMentions(g.documents, b.counts)
	return b
}

// Gather takes one batch.
func (b *billing) Gather(batch exports.Batch) error {
	b.open(batch)
	b.watch.look(batch)
	file := &b.files[batch.File]
	if err := b.block.gather(b, &b.cols.accountColumns, true, batch, file); err != nil {
		return err
	}
	if !b.oneProduct && (b.crowded(b.keepProducts) || len(b.products.list) > maxProducts/2) {
		b.oneProduct = true
		b.together()
	}
	return nil
}

func (b *billing) open(batch exports.Batch) {
	e := b.export
	b.cols = billingColumns{
		accountColumns: b.accounts.columns(batch, e),
		documents:      textsOf(batch, e, "document"), corrects: textsOf(batch, e, "corrects"),
		dates: daysOf(batch, e, "date"), starts: daysOf(batch, e, "service_start"), ends: daysOf(batch, e, "service_end"),
		amounts: decimalsOf(batch, e, "amount"), lists: decimalsOf(batch, e, "list_amount"), quantities: decimalsOf(batch, e, "quantity"),
		products: namesOf(batch, e, "product"), currency: namesOf(batch, e, "currency"),
		kind: namesOf(batch, e, "kind"), status: namesOf(batch, e, "status"), cause: namesOf(batch, e, "cause"),
		recurring: flagsOf(batch, e, "recurring"),
	}
	b.products.column(b.cols.products)
	b.kinds.column(b.cols.kind)
	b.states.column(b.cols.status)
	b.causes.column(b.cols.cause)
	b.currencies.column(b.cols.currency)
	b.home.column(b.cols.currency)
}

func (b *billing) row(batch exports.Batch, file *fileSums, row int) error {
	c := &b.cols
	amount, _ := c.amounts.at(row) // rows without amount or date do not come this far
	day := c.dates.at(row)
	see(&file.Tally, day)
	b.months.see(b.Window, day.Month())
	file.GrossMoney = file.GrossMoney.Add(amount.Abs())
	if b.farAfter(day.Month()) {
		b.findings.Add(finding.Finding{Rule: ruleFarAfter, Place: batch.Place(row, "date"), Detail: day.String(), Money: amount})
	}
	of := b.kinds.at(c.kind.code(row))
	if b.states.at(c.status.code(row)) == nothing || of.nature == nothing {
		file.NoRevenue++
		return nil
	}
	account := c.at(row, day)
	if b.accounts.seen[account].ours {
		file.NoRevenue++
		b.findings.Add(finding.Finding{Rule: ruleBilledInternally, Place: batch.Place(row, "client"), Money: amount})
		return nil
	}
	b.hear(row)
	l, err := b.line(batch, row, account, day, amount, of)
	if err != nil {
		return err
	}
	if l.key.flags&isCredit == 0 && b.Window.Contains(l.document) {
		b.countDocument(row, account, b.Window.Index(l.document))
	}
	b.trace(batch, row, day, &l)
	return b.recognise(batch, file, row, l, of)
}

// hear notes the words of a line that are in no table. After that they are a sale's
// like others: it is enough that a worker meets them once.
func (b *billing) hear(row int) {
	c := &b.cols
	if code := c.kind.code(row); b.kinds.list[code].nature == unheard {
		b.kinds.list[code].nature = sale
		b.unheard["kind"].hear(c.kind.word(code))
	}
	if code := c.status.code(row); b.states.list[code] == unheard {
		b.states.list[code] = sale
		b.unheard["status"].hear(c.status.word(code))
	}
}

// cause reads why credit was given. A word that is in no table is noted likewise.
func (b *billing) cause(row int) Cause {
	code := b.cols.cause.code(row)
	if b.causes.list[code] == unheardCause {
		b.causes.list[code] = OtherCause
		b.unheard["cause"].hear(b.cols.cause.word(code))
	}
	return b.causes.list[code]
}

// line makes a row a line in the report currency.
func (b *billing) line(batch exports.Batch, row int, account uint32, day period.Day, amount money.Exact, of kind) (line, error) {
	c := &b.cols
	l := line{document: day.Month()}
	l.key.account = account
	l.key.product = b.products.at(c.products.code(row))
	if of.nature == credit || !of.said && amount.Sign() < 0 {
		l.key.flags |= isCredit
		if b.cause(row) == OwnError {
			l.key.flags |= isOwnError
			b.accounts.seen[account].span.err(day, b.Window)
		}
	}
	if c.recurring.at(row) {
		l.key.flags |= isRecurring
	}
	l.whole.month = l.document
	l.whole.count, _ = c.quantities.at(row)
	currency := b.currencies.at(c.currency.code(row))
	var err error
	l.whole.amount, err = b.converted(amount, currency, l.document)
	listed, noRate := b.listAmount(row, &l, currency)
	if err = cmp.Or(err, noRate); !listed && l.key.flags&isCredit == 0 {
		l.unlisted = 1
	}
	if served := b.serve(batch, row, day, &l); served != nil {
		return l, served
	}
	if err != nil && (!errors.Is(err, errNoRate) || l.reaches(b.Window)) {
		return l, &exports.Placed{Place: batch.Place(row, "currency"), Err: err, Remedy: remedyRate}
	}
	if l.key.flags&isCredit != 0 && b.Window.Contains(l.document) {
		b.accounts.credited(account, given{c.file, c.lines[row], l.whole.amount.Abs()})
	}
	return l, nil
}

// listAmount reads what the line costs without a discount, in the line's currency,
// or works it out by the price list, which is in the report currency.
func (b *billing) listAmount(row int, l *line, currency string) (listed bool, err error) {
	if v, ok := b.cols.lists.at(row); ok {
		l.whole.list, err = b.converted(v, currency, l.document)
		return true, err
	}
	p, ok := b.priceList[b.products.list[l.key.product]]
	if !ok || !p.price.Known {
		return false, nil
	}
	count, ok := b.cols.quantities.at(row)
	if !ok {
		return false, nil
	}
	v, overflow := p.price.Value.Times(count)
	l.whole.list = v
	return overflow == nil, nil
}

// serve shares the line out over its service period.
func (b *billing) serve(batch exports.Batch, row int, day period.Day, l *line) error {
	s := service{b.cols.starts.at(row), b.cols.ends.at(row)}
	if n := b.priceList[b.products.list[l.key.product]].months; n > 0 && s.end == 0 {
		if s.start == 0 {
			s.start = day
		}
		s = months(s.start, n)
	}
	switch {
	case s == service{}:
		return nil
	case s.start == 0 || s.end == 0:
		b.findings.Add(finding.Finding{Rule: ruleHalfService, Place: batch.Place(row, "service_start"), Money: l.whole.amount})
		return nil
	case s.end < s.start:
		b.findings.Add(finding.Finding{Rule: ruleBackwardService, Place: batch.Place(row, "service_end"), Money: l.whole.amount})
		return nil
	case s.start.Month() == l.document && s.end.Month() == l.document:
		return nil
	}
	parts, err := spread(b.Currency, l.whole, s)
	if err != nil {
		return &exports.Placed{Place: batch.Place(row, "amount"), Err: err, Remedy: "amounts above 9,000,000,000,000 need whole minor units"}
	}
	if l.key.flags&isCredit != 0 {
		parts = notBefore(l.document, parts)
	}
	l.service = parts
	return nil
}

// countDocument counts the document of a line that is no credit, in a month of the
// window.
func (b *billing) countDocument(row int, account uint32, month int) {
	name := b.cols.documents.at(row)
	if name == "" {
		return
	}
	print := fingerprint(b.accounts.identity(b.ground, account)^uint64(month), name)
	if print != b.last {
		b.mentions.add(&mention{print: print, cell: countKey(account, month)})
		b.last = print
	}
}

func (b *billing) recognise(batch exports.Batch, file *fileSums, row int, l line, of kind) error {
	at := &b.accounts.seen[l.key.account]
	at.rows++
	at.span.bill(l.document)
	positive := of.nature == credit && l.whole.amount.Sign() > 0
	file.negative = file.negative || of.nature == credit && l.whole.amount.Sign() < 0
	if l.key.flags&isCredit != 0 && l.service == nil {
		if name := strings.TrimSpace(b.cols.corrects.at(row)); name != "" {
			place := batch.Place(row, "corrects")
			b.corrections = append(b.corrections, correction{line: l, file: batch.File, at: place.Line, corrects: strings.Clone(name), positive: positive})
			return nil
		}
	}
	b.settle(batch.File, file, l, positive)
	return nil
}

// settle sums a line and counts its row.
func (b *billing) settle(fileNumber int, file *fileSums, l line, positive bool) {
	l.entry.settled(l, positive)
	at := &b.accounts.seen[l.key.account].span
	if l.service == nil || b.ByDocument {
		at.see(l.document)
	} else {
		at.see(l.service[0].month)
		at.see(l.service[len(l.service)-1].month)
	}
	if b.oneProduct {
		l.key.product = 0
	}
	to := &b.revenues
	if positive {
		to = b.positiveOf(fileNumber)
	}
	used, inDocument, touches := to.add(b.Window, l)
	in := touches[0]
	if b.ByDocument {
		used, in = inDocument, touches[1]
	}
	switch {
	case !in:
		file.Outside++
	case positive:
		file.Used++
		file.positiveMoney = file.positiveMoney.Add(used)
	default:
		file.Used++
		file.UsedMoney = file.UsedMoney.Add(used)
	}
}

func (b *billing) positiveOf(file int) *revenues {
	if b.positive == nil {
		b.positive = map[int]*revenues{}
	}
	if b.positive[file] == nil {
		b.positive[file] = &revenues{}
	}
	return b.positive[file]
}

var errNoRate = errors.New("no rate")

// converted returns an amount in the report currency, by the rate of a month.
func (g *ground) converted(amount money.Exact, currency string, m period.Month) (money.Exact, error) {
	if currency == "" || currency == g.Currency.Code || amount.IsZero() {
		return amount, nil
	}
	rate, ok := g.fx[fxKey{currency, m}]
	if !ok {
		if _, err := money.CurrencyOf(currency); err != nil {
			return amount, fmt.Errorf("%w: %w", errNoRate, err)
		}
		return amount, fmt.Errorf("%w from %s to %s in %s", errNoRate, currency, g.Currency.Code, m)
	}
	return amount.Times(rate)
}

type fxKey struct {
	currency string
	month    period.Month
}

// listing is what the products input says of a product.
type listing struct {
	months int64
	price  measure.Opt[money.Exact]
}
