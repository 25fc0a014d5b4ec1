package facts

import (
	"fmt"
	"strings"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// workSum is what entries of one key add up to.
type workSum struct {
	hours   measure.Hours
	entries int64
}

// workKey packs what entries are summed by: 12 bits of the month's place in the
// window, 16 of the role, 26 of the account, 3 of the cause, 2 flags. What is compared
// first comes first, so that packed keys are in the order of facts.
type workKey struct {
	account    uint32
	role       uint32
	month      int
	cause      Cause
	outOfScope bool
	billable   bool
}

const maxRoles = 1 << 16

func (k workKey) pack() uint64 {
	key := uint64(k.month)<<monthShift | uint64(k.role)<<31 | uint64(k.account)<<5 | uint64(k.cause)<<2
	if k.outOfScope {
		key |= 2
	}
	if k.billable {
		key |= 1
	}
	return key
}

func unpackWork(key uint64) workKey {
	return workKey{
		month: int(key >> monthShift), role: uint32(key>>31) & (maxRoles - 1), account: uint32(key>>5) & (maxAccounts - 1),
		cause: Cause(key >> 2 & 7), outOfScope: key&2 != 0, billable: key&1 != 0,
	}
}

// support gathers the entries of one export of support hours that one worker
// reads.
type support struct {
	*ground
	export *exports.Export

	accounts   *accounts
	roles      *names
	causes     *meanings[Cause]
	activities *meanings[activity]

	work     table[workSum]
	counts   counts // of tickets
	files    []fileSums
	watch    *watch // for equal rows; nil is not looked for
	months   cover
	findings finding.Log
	unheard  unheardWords // causes
	traced   []*Entry
	dayBook  *dayBook

	last       mention  // the ticket of the entries read last
	mentions   mentions // of tickets
	monthTable []period.Month
	block      block
	cols       supportColumns
}

// activity is what the activities input says of a kind of work.
type activity struct {
	name       string
	known      bool
	minutes    measure.Opt[money.Exact]
	perUnit    money.Exact
	outOfScope bool
	capability bool
}

type supportColumns struct {
	accountColumns
	dates                 dayColumn
	hours                 wholeColumn
	units                 decimalColumn
	role, cause, activity nameColumn
	tickets               textColumn
	billable              flagColumn
}

func newSupport(g *ground, e *exports.Export) *support {
	s := &support{
		ground: g, export: e,
		accounts:   newAccounts(g.register),
		roles:      newNames(),
		activities: newMeanings(g.activity),
		files:      make([]fileSums, len(e.Source.Files)),
		months:     make(cover, g.Window.Len()),
		counts:     make(counts, g.Window.Len()),
		monthTable: monthTable(),
		dayBook:    newDayBook(g, e),
	}
	s.causes = newMeanings(s.cause)
	s.mentions = newMentions(g.tickets, s.counts)
	s.mentions.hours, s.mentions.accounts = g.scattered || e.Has("cause"), s.accounts
	return s
}

// Gather takes one batch.
func (s *support) Gather(batch exports.Batch) error {
	s.open(batch)
	if s.watch != nil {
		s.watch.look(batch)
	}
	if s.totals == nil {
		s.dayBook.look(batch)
	}
	return s.block.gather(s, &s.cols.accountColumns, false, batch, &s.files[batch.File])
}

func (s *support) open(batch exports.Batch) {
	e := s.export
	s.cols = supportColumns{
		accountColumns: s.accounts.columns(batch, e),
		dates:          daysOf(batch, e, "date"), hours: wholesOf(batch, e, "hours"), units: decimalsOf(batch, e, "units"),
		role: namesOf(batch, e, "role"), cause: namesOf(batch, e, "cause"), activity: namesOf(batch, e, "activity"),
		tickets: textsOf(batch, e, "ticket"), billable: flagsOf(batch, e, "billable"),
	}
	s.roles.column(s.cols.role)
	s.causes.column(s.cols.cause)
	s.activities.column(s.cols.activity)
}

func (s *support) row(batch exports.Batch, file *fileSums, row int) error {
	c := &s.cols
	of := s.activities.at(c.activity.code(row))
	hours, ok, err := s.hours(row, of)
	if err != nil {
		return &exports.Placed{Place: batch.Place(row, "activity"), Err: err, Remedy: "map the column hours, or add its standard_minutes to the input activities"}
	}
	day := c.dates.at(row)
	see(&file.Tally, day)
	key := workKey{role: s.roles.at(c.role.code(row)), cause: s.causes.at(c.cause.code(row)), outOfScope: of.outOfScope, billable: c.billable.at(row)}
	switch {
	case !ok:
		s.setAside(batch, file, row, ruleEmptyHours, "hours", 0)
		return nil
	case key.role == 0 && !s.defaultRole(&key):
		s.setAside(batch, file, row, ruleEmptyRole, "role", hours)
		return nil
	case s.totals != nil && c.tickets.at(row) == "":
		s.setAside(batch, file, row, ruleEmptyTicket, "ticket", hours)
		return nil
	case hours < 0:
		s.findings.Add(finding.Finding{Rule: ruleNegativeHours, Place: batch.Place(row, "hours"), Hours: hours})
	}
	if key.cause == OtherCause && of.capability {
		key.cause = Capability
	}
	if s.farAfter(day.Month()) {
		s.findings.Add(finding.Finding{Rule: ruleFarAfter, Place: batch.Place(row, "date"), Detail: day.String(), Hours: hours})
	}
	if _, tracked := c.hours.at(row); !tracked && s.totals != nil && hours == 0 {
		s.findings.Add(finding.Finding{Rule: ruleUntracked, Place: batch.Place(row, "hours")})
	}
	if s.totals != nil {
		hours = s.totals.since(c.tickets.at(row), hours)
	}
	s.months.see(s.Window, day.Month())
	key.account = c.at(row, day)
	if key.cause == OwnError {
		s.accounts.seen[key.account].span.err(day, s.Window)
	}
	s.add(file, row, key, day.Month(), hours)
	s.trace(batch, row, day, key, hours, of)
	return nil
}

// cause reads a word that says why work was needed, once for each word.
func (s *support) cause(word string) Cause {
	of := causeOf(word)
	if of == unheardCause {
		s.unheard.hear(word)
		return OtherCause
	}
	return of
}

func (s *support) setAside(batch exports.Batch, file *fileSums, row int, rule *finding.Rule, column string, hours measure.Hours) {
	file.SetAside++
	file.SetAsideHours += max(hours, -hours)
	s.findings.Add(finding.Finding{Rule: rule, Place: batch.Place(row, column), Hours: hours})
}

func (s *support) add(file *fileSums, row int, key workKey, m period.Month, hours measure.Hours) {
	at := &s.accounts.seen[key.account]
	at.rows++
	at.span.see(m)
	if !s.Window.Contains(m) {
		file.Outside++
		return
	}
	file.Used++
	file.UsedHours += hours
	key.month = s.Window.Index(m)
	sum := s.work.at(key.pack())
	sum.hours += hours
	sum.entries++
	s.ticket(row, key, hours)
}

// ticket counts the entry's ticket, which is one with hours: an entry without any
// is no mention. Entries of one ticket often follow each other: they are one mention.
func (s *support) ticket(row int, key workKey, hours measure.Hours) {
	name := s.cols.tickets.at(row)
	if name == "" || s.accounts.seen[key.account].ours || hours == 0 {
		return
	}
	print := fingerprint(s.accounts.identity(s.ground, key.account)^uint64(key.month), name)
	l := &s.last
	if l.print != print {
		s.closeTicket()
		*l = mention{print: print, cell: countKey(key.account, key.month)}
	}
	l.hours += hours
	if key.cause == OwnError {
		l.own += hours
	}
}

// closeTicket counts the ticket of the entries read last.
func (s *support) closeTicket() {
	if s.last.print != 0 {
		s.mentions.add(&s.last)
	}
	s.last.print = 0
}

// hours reads the time of an entry, or works it out by its activity's time
// equation: standard minutes and minutes for each counted extra.
func (s *support) hours(row int, of activity) (measure.Hours, bool, error) {
	if v, ok := s.cols.hours.at(row); ok {
		return measure.Hours(v), true, nil
	}
	if s.totals != nil && !of.minutes.Known { // a ticket on which no time was tracked
		return 0, true, nil
	}
	if of.name == "" {
		return 0, false, nil
	}
	if !of.minutes.Known {
		return 0, false, fmt.Errorf("there are no hours, and the activity %q has no standard minutes", of.name)
	}
	minutes := of.minutes.Value
	if units, ok := s.cols.units.at(row); ok {
		extra, err := of.perUnit.Times(units)
		if err != nil {
			return 0, false, err
		}
		minutes = minutes.Add(extra)
	}
	h, err := minutes.Scale(money.Units(1), money.Units(60))
	v, fits := h.Int64()
	if err != nil || !fits {
		return 0, false, money.ErrOverflow
	}
	return measure.Hours(v), true, nil
}

// defaultRole gives work without a role the only role there is.
func (s *support) defaultRole(k *workKey) bool {
	if s.onlyRole == "" {
		return false
	}
	k.role = s.roles.number(s.onlyRole)
	return true
}

func (g *ground) activity(word string) activity {
	a := g.activityTable[canonical(word)]
	a.name = strings.TrimSpace(word)
	return a
}
