package facts

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Entry is a row of an export as it counts for a client: a billing line, an entry
// of support hours, a direct cost or the quantity of a driver of the company's own. What
// its input does not have is zero.
type Entry struct {
	Input   exports.Input
	Place   finding.Place
	Account AccountName
	Day     period.Day

	// Of billing.
	Document  string
	Product   string
	Quantity  money.Exact
	Credit    bool
	Recurring bool
	OwnError  bool
	// Service is what of the line counts in which month by its service period;
	// ByDocument is all of it in the month of its document. Report currency.
	Service    []Part
	ByDocument Part

	// Of support hours; Cause also of direct costs.
	Role       string
	Activity   string
	Ticket     string
	ID         string
	Cause      Cause
	OutOfScope bool
	Billable   bool
	Hours      measure.Hours

	// Standard is the time equation that gave the hours; unknown where the export
	// has hours.
	Standard measure.Opt[Standard]

	// Of direct costs.
	Category string
	Amount   money.Exact // report currency

	// Of drivers, whose day is the first of the month.
	Driver Driver

	// Of billing and direct costs in another currency than the report's.
	Foreign measure.Opt[Foreign]

	account uint32
	file    int
	turned  bool // a credit note with a positive amount
}

// Standard is minutes of an activity, and minutes for each of some units.
type Standard struct{ Minutes, PerUnit, Units money.Exact }

// Foreign is an amount in another currency, and the rate it was converted at.
type Foreign struct {
	Currency     string
	Amount, Rate money.Exact
}

// foreign says what an amount was converted from.
func (g *ground) foreign(amount money.Exact, currency string, m period.Month) (f measure.Opt[Foreign]) {
	if currency == "" || currency == g.Currency.Code || amount.IsZero() {
		return f
	}
	return measure.Some(Foreign{currency, amount, g.fx[fxKey{currency, m}]})
}

// Part is what of a line counts in a month.
type Part struct {
	Month  period.Month
	Amount money.Exact
}

// Trace reads the sources again and returns the rows that count for one client,
// or for clients.Unmapped, in the order of input, file and line. The options and
// sources are those that f was gathered with.
func Trace(ctx context.Context, sources []exports.Source, o Options, f *Facts, client clients.Ref) ([]Entry, error) {
	g := newGathering(o)
	g.wants = f.namesOf(client)
	if err := g.gather(ctx, sources); err != nil {
		return nil, err
	}
	if _, err := g.freeze(); err != nil {
		return nil, err
	}
	owners := g.owners()
	var rows []Entry
	for _, e := range g.traced {
		owner := owners[e.account]
		if owner >= 0 {
			owner = g.seats[owner]
		}
		if owner == client {
			rows = append(rows, e.signed())
		}
	}
	slices.SortFunc(rows, func(a, b Entry) int {
		return cmp.Or(strings.Compare(string(a.Input), string(b.Input)), strings.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Line, b.Place.Line))
	})
	return rows, nil
}

// namesOf returns all by which the sources call a client.
func (f *Facts) namesOf(client clients.Ref) map[AccountName]bool {
	names := map[AccountName]bool{}
	for _, rows := range [][]Revenue{f.Revenue, f.ByDocument} {
		for i := range rows {
			if rows[i].Client == client {
				names[f.Accounts[rows[i].Account]] = true
			}
		}
	}
	for i := range f.Work {
		if f.Work[i].Client == client {
			names[f.Accounts[f.Work[i].Account]] = true
		}
	}
	for i := range f.Direct {
		if f.Direct[i].Client == client {
			names[f.Accounts[f.Direct[i].Account]] = true
		}
	}
	return names
}

// trace starts the entry of a row, if it is of an account that is wanted.
func (g *ground) trace(a *accounts, n uint32) *Entry {
	if g.wants == nil {
		return nil
	}
	of := &a.list[n]
	name := AccountName{Source: of.source, ID: of.id, Name: of.name}
	if !g.wants[name] {
		return nil
	}
	return &Entry{Account: name, account: n}
}

// trace notes a billing line. What of it counts when is noted when it settles.
func (b *billing) trace(batch exports.Batch, row int, day period.Day, l *line) {
	e := b.ground.trace(b.accounts, l.key.account)
	if e == nil {
		return
	}
	e.Input, e.Place, e.Day, e.file = exports.Billing, batch.Place(row, ""), day, batch.File
	e.Document, e.Product = strings.Clone(b.cols.documents.at(row)), b.products.list[l.key.product]
	e.Credit, e.OwnError, e.Recurring = l.key.flags&isCredit != 0, l.key.flags&isOwnError != 0, l.key.flags&isRecurring != 0
	e.Quantity, _ = b.cols.quantities.at(row)
	amount, _ := b.cols.amounts.at(row)
	e.Foreign = b.foreign(amount, b.currencies.at(b.cols.currency.code(row)), l.document)
	l.entry = e
	b.traced = append(b.traced, e)
}

// settled notes what of a line counts when.
func (e *Entry) settled(l line, positive bool) {
	if e == nil {
		return
	}
	e.turned = positive
	e.ByDocument = Part{l.document, l.whole.amount}
	if l.service == nil {
		e.Service = []Part{e.ByDocument}
		return
	}
	for _, p := range l.service {
		e.Service = append(e.Service, Part{p.month, p.amount})
	}
}

// signed turns the sign of a credit note that the export writes as a positive
// amount.
func (e *Entry) signed() Entry {
	s := *e
	if !e.turned {
		return s
	}
	s.ByDocument.Amount = s.ByDocument.Amount.Neg()
	s.Foreign.Value.Amount = s.Foreign.Value.Amount.Neg()
	s.Service = slices.Clone(e.Service)
	for i := range s.Service {
		s.Service[i].Amount = s.Service[i].Amount.Neg()
	}
	return s
}

// follow takes over what one worker traced of billing; negative says which files
// have credit notes with negative amounts, so that positive ones stay; nil is where
// that is settled.
func (g *gathering) follow(traced []*Entry, accounts []uint32, negative func(file int) bool) {
	for _, e := range traced {
		e.account = accounts[e.account]
		e.turned = e.turned && (negative == nil || !negative(e.file))
		g.traced = append(g.traced, e)
	}
}

// trace notes an entry of support hours.
func (s *support) trace(batch exports.Batch, row int, day period.Day, k workKey, hours measure.Hours, of activity) {
	e := s.ground.trace(s.accounts, k.account)
	if e == nil || !s.Window.Contains(day.Month()) {
		return
	}
	e.Input, e.Place, e.Day, e.Hours = exports.SupportHours, batch.Place(row, ""), day, hours
	e.Role, e.Activity, e.Ticket = s.roles.list[k.role], strings.Clone(of.name), strings.Clone(s.cols.tickets.at(row))
	e.ID = strings.Clone(textsOf(batch, s.export, "entry").at(row))
	e.Cause, e.OutOfScope, e.Billable = k.cause, k.outOfScope, k.billable
	if _, given := s.cols.hours.at(row); !given {
		units, _ := s.cols.units.at(row)
		e.Standard = measure.Some(Standard{of.minutes.Value, of.perUnit, units})
	}
	s.traced = append(s.traced, e)
}

// traceDirect notes a direct cost.
func (g *gathering) traceDirect(r exports.Row, account uint32, day period.Day, category uint32, cause Cause, amount money.Exact) {
	e := g.ground.trace(g.accounts, account)
	if e == nil {
		return
	}
	e.Input, e.Place, e.Day, e.Cause, e.Amount = exports.DirectCosts, r.Place(""), day, cause, amount
	e.Category = g.categories.list[category]
	e.Foreign = g.foreign(r.Decimal("amount").Value, exports.CurrencyCode(r.Text("currency")), day.Month())
	g.traced = append(g.traced, e)
}

// traceDriver notes the quantity of a driver. These are few: whose they are is asked
// at the end.
func (g *gathering) traceDriver(r exports.Row, d drive) {
	if g.wants == nil {
		return
	}
	of := &g.accounts.list[d.account]
	g.traced = append(g.traced, &Entry{Input: exports.Drivers, Place: r.Place(""), Day: d.month.First(), Driver: d.driver, Quantity: money.Millionths(int64(d.quantity)),
		Account: AccountName{Source: of.source, ID: of.id, Name: of.name}, account: d.account})
}
