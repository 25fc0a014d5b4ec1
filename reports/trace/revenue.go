package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"clientworth/pipeline/costing"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// billed is what of a row counts in a month: of a billing line, or a direct cost.
type billed struct {
	*facts.Entry
	month  period.Month
	exact  money.Exact
	amount money.Amount
}

// revenueKey is what billing lines are summed by.
type revenueKey struct {
	month                    period.Month
	product                  string
	account                  facts.AccountName
	credit, ownError, recurs bool
}

// revenue traces what was billed, by month, document and line.
func (l *layout) revenue() error {
	l.add(Line{First: true, Component: Revenue, What: "Revenue", Amount: l.sum.Revenue})
	rows, amounts := l.r.Options.Costing.Recognised(l.r.Facts), l.r.Costs.Revenue
	lines := l.billed()
	var all []*billed
	for i, r := range rows {
		if r.Client != l.ref || !l.Months.Contains(r.Month) {
			continue
		}
		k := revenueKey{r.Month, l.r.Facts.Products[r.Product], l.r.Facts.Accounts[r.Account], r.Credit, r.OwnError, r.Recurring}
		if err := settle(l.Currency, lines[k], r.Amount, amounts[i]); err != nil {
			return err
		}
		all = append(all, lines[k]...)
		delete(lines, k)
	}
	if len(lines) > 0 {
		return changed("billing")
	}
	l.documents(all)
	return l.tie(Revenue, 1, l.sum.Revenue)
}

func (l *layout) byDocument() bool { return l.r.Options.Costing.Recognition == costing.ByDocument }

// billed returns the lines by what they are summed by.
func (l *layout) billed() map[revenueKey][]*billed {
	lines := map[revenueKey][]*billed{}
	for i := range l.entries {
		e := &l.entries[i]
		if e.Input != exports.Billing {
			continue
		}
		parts := e.Service
		if l.byDocument() {
			parts = []facts.Part{e.ByDocument}
		}
		for _, p := range parts {
			if l.Months.Contains(p.Month) {
				k := revenueKey{p.Month, l.product(e.Product), e.Account, e.Credit, e.OwnError, e.Recurring}
				lines[k] = append(lines[k], &billed{Entry: e, month: p.Month, exact: p.Amount})
			}
		}
	}
	return lines
}

// product is the product as facts know it: nothing where they gave up keeping
// products apart.
func (l *layout) product(name string) string {
	if _, kept := slices.BinarySearch(l.r.Facts.Products, name); !kept {
		return ""
	}
	return name
}

// settle gives rows their part of what the report has for them together.
func settle(c money.Currency, rows []*billed, exact money.Exact, total money.Amount) error {
	var sum money.Exact
	parts := make([]money.Exact, len(rows))
	for i, r := range rows {
		parts[i] = r.exact
		sum = sum.Add(r.exact)
	}
	if sum != exact {
		return changed("amounts")
	}
	amounts, err := money.SettleTo(c, parts, total)
	for i, a := range amounts {
		rows[i].amount = a
	}
	return err
}

// documents writes lines by month and document; a document of one line is one.
func (l *layout) documents(all []*billed) {
	slices.SortStableFunc(all, func(a, b *billed) int {
		return cmp.Or(cmp.Compare(a.month, b.month), cmp.Compare(a.Day, b.Day), strings.Compare(a.Document, b.Document), a.before(b))
	})
	for _, month := range runs(all, func(b *billed) period.Month { return b.month }) {
		l.add(Line{Depth: 1, Component: Revenue, Month: month[0].month, What: month[0].month.String(), Amount: amountOf(month)})
		for _, doc := range runs(month, func(b *billed) string { return b.Document + "\x00" + b.Day.String() }) {
			if len(doc) > 1 && doc[0].Document != "" {
				l.add(Line{Depth: 2, Component: Revenue, Month: doc[0].month, What: words(doc[0].Day.String(), doc[0].Document), Amount: amountOf(doc)})
				for _, b := range doc {
					l.line(3, cmp.Or(b.Product, "line"), b)
				}
				continue
			}
			for _, b := range doc {
				l.line(2, words(b.Day.String(), b.Document, b.Product), b)
			}
		}
	}
}

// before orders rows by where they stand.
func (b *billed) before(o *billed) int { return before(b.Entry, o.Entry) }

func before(a, b *facts.Entry) int {
	return cmp.Or(strings.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Line, b.Place.Line))
}

// line writes what of a billing line counts in a month.
func (l *layout) line(depth int, what string, b *billed) {
	line := Line{Depth: depth, Component: Revenue, Month: b.month, What: what, Amount: b.amount, Item: b.Product, Place: b.Place, Entry: b.Entry}
	var how []string
	if q := b.Quantity; !q.IsZero() && q != money.Units(1) && q != money.Units(-1) {
		how = append(how, "quantity "+money.Grouped(q.String()))
	}
	if b.Credit {
		how = append(how, "credit note")
	}
	if b.OwnError {
		how = append(how, "our own error")
		line.Own = -b.amount
	}
	if !l.byDocument() && len(b.Service) > 1 {
		first, last := b.Service[0].Month, b.Service[len(b.Service)-1].Month
		how = append(how, fmt.Sprintf("part of %s for %s to %s", money.Grouped(b.ByDocument.Amount.Fixed(l.Currency.Places)), first, last))
	}
	how = append(how, foreign(b.Entry))
	if !l.Currency.Whole(b.exact) && !b.Foreign.Known {
		how = append(how, "exactly "+money.Grouped(b.exact.String()))
	}
	line.How = listed(how...)
	l.add(line)
}

func amountOf(rows []*billed) (sum money.Amount) {
	for _, r := range rows {
		sum += r.amount
	}
	return sum
}

// runs cuts a sorted list where the key changes.
func runs[T any, K comparable](all []T, key func(T) K) (cut [][]T) {
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && key(all[to]) == key(all[from]) {
			to++
		}
		cut = append(cut, all[from:to])
		from = to
	}
	return cut
}

// words joins what is known.
func words(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}
