package facts

import (
	"cmp"
	"slices"
	"strings"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// accounts numbers the ids and names by which one source calls its clients, as
// one worker meets them. Rows are summed by account; who the client is becomes
// known when the register is complete.
type accounts struct {
	register *clients.Register
	list     []account
	seen     []seen // of the account of the same number: what every row touches stands close together
	find     map[accountKey]uint32
	credits  map[uint32]given // by account, the largest in the window
	first    int              // number of the export's first file among those of its source

	identities []uint64  // by account, as far as they were asked for
	into       *accounts // they were joined into those, and have these numbers there
	as         []uint32

	// What the codes of a worker's dictionaries mean.
	edition int
	byOne   []uint32 // by the code of the only column that is filled: an account's number + 1
	byID    []pair   // by the code of the id: the name that it had last
	known   map[uint64]uint32
}

// pair is the name that an id came with, and the account of both.
type pair struct{ name, n uint32 }

// accountKey is an id and a name as the export has them. Where they mean somebody
// else from a day on, each such turn makes an account of its own.
type accountKey struct {
	source string
	id     string
	name   string
	turn   int // how many of these turns have passed
}

type account struct {
	accountKey
	turns []period.Day // from which it has another owner
	file  string
	at    rowPlace // where it is met first; the workers' least counts
}

// line is the line of the file on which it is met first.
func (a *account) line() int64 {
	_, line := a.at.place()
	return line
}

// seen is what every row of an account adds to.
type seen struct {
	rows  int64
	span  span
	plain bool // one owner at all times, and not our own company
	ours  bool // our own company
}

// given is where a credit stands, and its size.
type given struct {
	file string
	line int64
	size money.Exact
}

// larger returns the larger of two credits, of equal ones the first by place.
func (c given) larger(o given) given {
	if cmp.Or(c.size.Cmp(o.size), strings.Compare(o.file, c.file), cmp.Compare(o.line, c.line)) < 0 {
		return o
	}
	return c
}

// credited sees a credit given to an account in the window.
func (a *accounts) credited(account uint32, c given) {
	if a.credits == nil {
		a.credits = map[uint32]given{}
	}
	a.credits[account] = a.credits[account].larger(c)
}

// span is the months in which something was seen, and the last day on which we
// erred; zero is never.
type span struct {
	first, last, billed period.Month
	erred               period.Day
}

func (s *span) see(m period.Month) {
	if s.first == 0 || m < s.first {
		s.first = m
	}
	s.last = max(s.last, m)
}

func (s *span) bill(m period.Month) {
	if s.billed == 0 || m < s.billed {
		s.billed = m
	}
}

// err sees an entry of an own error. What comes after the window does not count
// yet.
func (s *span) err(d period.Day, w period.Window) {
	if d <= w.Last.Last() {
		s.erred = max(s.erred, d)
	}
}

func (s *span) join(o span) {
	if o.first != 0 {
		s.see(o.first)
		s.see(o.last)
	}
	if o.billed != 0 {
		s.bill(o.billed)
	}
	s.erred = max(s.erred, o.erred)
}

func newAccounts(r *clients.Register) *accounts {
	return &accounts{register: r, find: map[accountKey]uint32{}, known: map[uint64]uint32{}}
}

// accountColumns are those by which the rows of a batch name their clients.
type accountColumns struct {
	accounts *accounts
	source   string
	file     string
	number   int // of the file among those of its source
	ids      nameColumn
	names    nameColumn
	lines    []int64
}

func (a *accounts) columns(b exports.Batch, e *exports.Export) accountColumns {
	if a.edition != b.Edition {
		a.edition, a.byOne, a.byID = b.Edition, a.byOne[:0], a.byID[:0]
		clear(a.known)
	}
	return accountColumns{accounts: a, source: e.Source.Label, file: e.Source.Files[b.File], number: a.first + b.File,
		ids: namesOf(b, e, "client_id"), names: namesOf(b, e, "client"), lines: linesOf(b)}
}

// at returns the account of a row on a day.
func (p *accountColumns) at(row int, day period.Day) uint32 {
	id, name := p.ids.code(row), p.names.code(row)
	n := p.remembered(id, name)
	if n == 0 {
		n = p.meet(id, name, row) + 1
		p.remember(id, name, n)
	}
	if a := &p.accounts.list[n-1]; a.turns != nil {
		return p.accounts.on(n-1, day, p.file, placeOf(p.number, p.lines[row]))
	}
	return n - 1
}

// remembered returns the number of an account + 1, or 0. Where only one of the
// two columns is filled, the code alone tells.
func (p *accountColumns) remembered(id, name uint32) uint32 {
	if id == 0 || name == 0 {
		if k := single(id, name); int(k) < len(p.accounts.byOne) {
			return p.accounts.byOne[k]
		}
		return 0
	}
	a := p.accounts
	if int(id) < len(a.byID) && a.byID[id].name == name {
		return a.byID[id].n
	}
	n := a.known[uint64(id)<<32|uint64(name)]
	if n != 0 {
		a.byID[id] = pair{name, n}
	}
	return n
}

func single(id, name uint32) uint32 {
	if id != 0 {
		return 2 * id
	}
	return 2*name + 1
}

func (p *accountColumns) remember(id, name, n uint32) {
	a := p.accounts
	if id != 0 && name != 0 {
		a.known[uint64(id)<<32|uint64(name)] = n
		a.byID = reaching(a.byID, int(id))
		a.byID[id] = pair{name, n}
		return
	}
	k := int(single(id, name))
	a.byOne = reaching(a.byOne, k)
	a.byOne[k] = n
}

// reaching makes a list long enough for a position; what is new is zero.
func reaching[T any](list []T, at int) []T {
	if at < len(list) {
		return list
	}
	return append(list, make([]T, at+1-len(list)+len(list)/2)...)
}

// meet numbers an account that these codes stand for.
func (p *accountColumns) meet(id, name uint32, row int) uint32 {
	key := accountKey{
		source: p.source,
		id:     strings.Clone(strings.TrimSpace(p.ids.word(id))),
		name:   strings.Clone(strings.TrimSpace(p.names.word(name))),
	}
	return p.accounts.number(key, p.file, placeOf(p.number, p.lines[row]))
}

func (a *accounts) number(key accountKey, file string, at rowPlace) uint32 {
	if n, ok := a.find[key]; ok {
		a.list[n].met(file, at)
		return n
	}
	one := account{accountKey: key, file: file, at: at, turns: a.register.Turns(key.id, key.name)}
	ours := a.internal(key)
	return a.enter(one, seen{plain: one.turns == nil && !ours, ours: ours})
}

// enter numbers an account that is new.
func (a *accounts) enter(one account, s seen) uint32 {
	n := uint32(len(a.list))
	a.find[one.accountKey] = n
	a.list, a.seen = append(a.list, one), append(a.seen, s)
	return n
}

// take numbers an account of another list on the same register, with all that was seen.
func (a *accounts) take(one account, s seen) uint32 {
	n, ok := a.find[one.accountKey]
	if !ok {
		return a.enter(one, s)
	}
	a.list[n].met(one.file, one.at)
	a.seen[n].rows += s.rows
	a.seen[n].span.join(s.span)
	return n
}

// met notes where an account is met.
func (a *account) met(file string, at rowPlace) {
	if at < a.at {
		a.file, a.at = file, at
	}
}

// internal reports whether an account is our own company.
func (a *accounts) internal(k accountKey) bool {
	return a.register.IsInternal(k.id) || a.register.IsInternal(k.name)
}

// on returns the account of the same names as n on a day, which is met at a place.
func (a *accounts) on(n uint32, day period.Day, file string, at rowPlace) uint32 {
	one := &a.list[n]
	passed, exact := slices.BinarySearch(one.turns, day)
	if exact {
		passed++
	}
	if passed == one.turn {
		return n
	}
	key := one.accountKey
	key.turn = passed
	return a.number(key, file, at)
}

// owner says whom an account means.
func (a *account) owner(r *clients.Register) clients.Match {
	var day period.Day
	if a.turn > 0 {
		day = a.turns[a.turn-1]
	}
	return r.Find(a.id, a.name, day)
}

// identity is [ground.identity] of an account, which is found out once.
func (a *accounts) identity(g *ground, account uint32) uint64 {
	for n := len(a.identities); n <= int(account); n++ {
		a.identities = append(a.identities, g.identity(&a.list[n]))
	}
	return a.identities[account]
}

// joined returns the number of an account where all were joined at last.
func (a *accounts) joined(account uint32) uint32 {
	for ; a.into != nil; a = a.into {
		account = a.as[account]
	}
	return account
}

// identity is a number that is the same for all spellings of one client, as far
// as the register knows it, and of names that differ in their letters alone. Where
// nobody else becomes a client, those that differ by having a legal form are taken for
// one, too, and ids that differ by lost zeros; else billing itself tells.
func (g *ground) identity(a *account) uint64 {
	m := a.owner(g.register)
	switch name := clients.Normalise(a.name); {
	case m.Ref != clients.Unmapped:
		return mix(uint64(uint32(m.Ref)))
	case a.id != "" && g.ClientsClosed:
		return fingerprint(1, clients.LooseID(a.id))
	case a.id != "":
		return fingerprint(1, clients.TidyID(a.id))
	case g.ClientsClosed:
		return fingerprint(2, string(name.Bare()))
	default:
		return fingerprint(2, string(name))
	}
}
