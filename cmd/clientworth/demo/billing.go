package demo

import (
	"fmt"
	"iter"
	"strconv"
)

// line is a line of an invoice or credit note. Amounts are in cents.
type line struct {
	document string
	line     int
	day      string
	from, to string // the service period, where it is not the month
	client   string
	name     string
	product  string
	quantity int
	amount   int // net
	tax      int
	currency string
	kind     string
	status   string
	often    string // monthly, yearly or once
	list     int
	noList   bool
	reason   string // of a credit note
	corrects string
}

var billingHeader = []string{
	"Document", "Line", "Date", "Service from", "Service to", "Client no", "Client", "Product", "Quantity", "Net", "VAT", "Currency",
	"Type", "Status", "Billed", "List price", "Reason", "Corrects",
}

func (l line) row() []string {
	list := cents(l.list)
	if l.noList {
		list = ""
	}
	return []string{
		l.document, strconv.Itoa(l.line), l.day, l.from, l.to, l.client, l.name, l.product, strconv.Itoa(l.quantity),
		cents(l.amount), cents(l.tax), l.currency, l.kind, l.status, l.often, list, l.reason, l.corrects,
	}
}

// billing writes the billing export, month by month.
func billing(all []client) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for m := range months {
			for _, c := range all {
				for _, l := range c.billed(m) {
					if !yield(l.row()) {
						return
					}
				}
			}
			if !yield(counterSale(m).row()) {
				return
			}
		}
		yield(illegible.row())
	}
}

// counterSale is a training day sold to nobody whom the billing system knows.
func counterSale(m int) line {
	return line{
		document: number("B", m, 1), line: 1, day: on(m, 20), name: "", product: "Training day", quantity: 1,
		amount: 39000 + m*500, tax: 8190 + m*105, currency: "EUR", kind: "invoice", status: "paid", often: "once", list: 45000,
	}
}

// illegible is a line whose document somebody dated by hand.
var illegible = line{
	document: "H-17", line: 1, day: "2026-02-30", client: "1004", product: "Training day", quantity: 1,
	amount: 39000, currency: "EUR", kind: "invoice", status: "paid", often: "once", list: 45000,
}

// billed returns what the client is billed in a month.
func (c client) billed(m int) []line {
	if !c.with(m) {
		return nil
	}
	r := draw(forBilling, c.number, m)
	lines := c.invoice(m, r)
	for i := range lines {
		c.complete(&lines[i], i, m)
	}
	switch {
	case r.chance(3): // a draft that was never sent
		for _, l := range c.invoice(m, r) {
			c.complete(&l, len(lines), m)
			l.document, l.status = "draft-"+l.document, "draft"
			lines = append(lines, l)
		}
	case c.credit > 0 && m%4 == c.number%4:
		lines = append(lines, c.creditNote(m, c.credit, "our error"))
	case c.refund > 0 && m%4 == c.number%4:
		lines = append(lines, c.creditNote(m, c.refund, "goodwill"))
	}
	return lines
}

// invoice returns the products, quantities and amounts of a month's invoice.
func (c client) invoice(m int, r *random) []line {
	var lines []line
	switch fee := c.feeOf(m); {
	case c.annual < 0:
		lines = append(lines,
			line{product: "Licence", quantity: 1, amount: fee * 60, often: "monthly"},
			line{product: "Support plan", quantity: 1, amount: fee * 40, often: "monthly"})
	case (m-c.annual)%12 == 0:
		lines = append(lines, line{
			product: "Licence and support, a year", quantity: 1, amount: fee * 1200, often: "yearly",
			from: at(m).First().String(), to: at(m + 11).Last().String(),
		})
	}
	if c.usage > 0 {
		pages := r.about(c.usage*100/pagePrice, 30)
		lines = append(lines, line{product: "Pages", quantity: pages, amount: pages * pagePrice, often: "monthly"})
	}
	if c.project > 0 && m%3 == c.number%3 {
		lines = append(lines, line{product: "Project work", quantity: 1, amount: r.about(c.project*100, 20), often: "once"})
	}
	return lines
}

const pagePrice = 12 // cents

// feeOf returns the fee of a month in EUR: it rises where the client grows, and
// where it accepted a new price.
func (c client) feeOf(m int) int {
	fee := c.fee * 100
	if c.reprice >= 0 && m >= c.reprice {
		fee += fee * c.raise / 100
	}
	for range m {
		fee += fee * c.grow / 100
	}
	return fee / 100
}

// complete fills in what every line of the month's invoice has.
func (c client) complete(l *line, i, m int) {
	l.document, l.line, l.day = number("R", m, c.number), i+1, on(m, 1+c.number*7%27)
	l.client, l.name = strconv.Itoa(c.number), c.Name
	l.currency = "EUR"
	if c.pounds > 0 {
		l.currency = "GBP"
	}
	l.tax = l.amount * 21 / 100
	l.kind, l.status = "invoice", "paid"
	if m == months-1 {
		l.status = "open"
	}
	l.list, l.noList = l.amount*c.listPercent()/100, c.quoted > 0
}

func (c client) listPercent() int {
	if c.list > 0 {
		return c.list
	}
	return 100 + c.number%9
}

// creditNote gives back part of the month's invoice.
func (c client) creditNote(m, eur int, reason string) line {
	l := line{product: "Support plan", quantity: -1, amount: -eur * 100, often: "monthly"}
	c.complete(&l, 0, m)
	l.corrects, l.document, l.day = l.document, number("C", m, c.number), on(m, 28)
	l.kind, l.reason, l.list = "credit note", reason, l.amount
	return l
}

// number returns the number of a document: its month and its client's number.
func number(series string, m, client int) string {
	return fmt.Sprintf("%s%02d%02d-%04d", series, at(m).Year()%100, at(m).OfYear(), client)
}
