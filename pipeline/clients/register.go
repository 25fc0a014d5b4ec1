package clients

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"clientworth/pipeline/finding"
	"clientworth/pipeline/period"
)

// Listed is a row of the clients file: what it says of a client from a day on.
type Listed struct {
	Client
	Aliases   []string   // other names
	ValidFrom period.Day // zero: always
	Place     finding.Place
}

// Named is a client as the billing export names it, and on how many lines.
type Named struct {
	ID, Name string
	Lines    int64
}

// Match is whom an id and a name mean.
type Match struct {
	Ref    Ref
	Loose  bool  // found by an id that is written differently
	Rivals []Ref // more than one client: then Ref is Unmapped
}

// Register knows who is who. It is built from the clients file, completed with
// what the billing exports name, and then only asked.
type Register struct {
	clients []Client
	byID    index   // ids as written
	loose   index   // ids without leading zeros and a spreadsheet's ".0"
	written index   // names and aliases, letter by letter
	byName  index   // the same in normal form
	bare    index   // the same without legal forms
	forms   []named // of names as written, to find those like another: once the register is complete

	internal map[Normal]string // as they are written
}

// claim says that a word means a client from a day on.
type claim struct {
	from  period.Day
	ref   Ref
	alias bool // an alias holds strictly from its day; a name of one's own also before, where nobody else has it
}

type index map[string][]claim

func (x index) add(word string, c claim) {
	if word != "" && !slices.Contains(x[word], c) {
		x[word] = append(x[word], c)
	}
}

// NewRegister builds the register of a clients file. Rows with one id are one
// client; the row that holds last describes it. A further row of the same day may
// only add aliases. Names of our own company are
// internal.
func NewRegister(rows []Listed, internal []string) (*Register, error) {
	some := func() index { return make(index, len(rows)) }
	r := &Register{byID: some(), loose: some(), written: some(), byName: some(), bare: some(), internal: map[Normal]string{}}
	for _, name := range internal {
		r.internal[Normalise(name)] = name
	}
	rows = slices.Clone(rows)
	for i := range rows {
		if err := rows[i].identify(); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(rows, func(a, b Listed) int {
		return cmp.Or(strings.Compare(string(a.ID), string(b.ID)), cmp.Compare(a.ValidFrom, b.ValidFrom))
	})
	for i, row := range rows {
		again := i > 0 && rows[i-1].ID == row.ID
		if again && rows[i-1].ValidFrom == row.ValidFrom {
			if !row.names(rows[i-1].Client) {
				return nil, &Twice{ID: row.ID, First: rows[i-1].Place, Again: row.Place}
			}
			row.Client = rows[i-1].Client
			rows[i] = row
		}
		r.list(row, again)
	}
	return r, r.adopt()
}

// adopt writes parents by their ids, however the rows call them. A parent that is
// no client stands for itself: a group need not be a client.
func (r *Register) adopt() error {
	parents := map[ID]ID{}
	for i := range r.clients {
		c := &r.clients[i]
		if c.Parent == "" {
			continue
		}
		if m := r.Find(string(c.Parent), string(c.Parent), 0); m.Ref >= 0 {
			c.Parent = r.clients[m.Ref].ID
		}
		if c.Parent == c.ID {
			c.Parent = ""
		}
		parents[c.ID] = c.Parent
	}
	for _, c := range r.clients {
		above := c.Parent
		for range len(r.clients) {
			if above = parents[above]; above == "" {
				break
			}
		}
		if above != "" {
			return &Circle{ID: c.ID}
		}
	}
	return nil
}

// Circle is the error of a client that is its own parent's parent.
type Circle struct{ ID ID }

func (c *Circle) Error() string {
	return fmt.Sprintf("client %q is a parent of its own parent", string(c.ID))
}

// Twice is the error of a client that is listed twice with the same day.
type Twice struct {
	ID           ID
	First, Again finding.Place
}

func (t *Twice) Error() string {
	return fmt.Sprintf("client %q is listed already at %s", string(t.ID), t.First)
}

// Nameless is the error of a row that has neither id nor name.
type Nameless struct{ Place finding.Place }

func (n *Nameless) Error() string { return "a client needs an id or a name" }

func (row *Listed) identify() error {
	row.Name = strings.TrimSpace(row.Name)
	row.ID = ID(strings.TrimSpace(string(row.ID)))
	if row.ID == "" {
		name := Normalise(row.Name)
		if name == "" {
			return &Nameless{Place: row.Place}
		}
		row.ID = nameID(name)
	}
	if row.Name == "" {
		row.Name = string(row.ID)
	}
	row.Listed = true
	return nil
}

func nameID(n Normal) ID { return "name:" + ID(n) }

// names reports whether a row says no more of a client than its name.
func (row *Listed) names(c Client) bool {
	for _, a := range row.Attributes {
		if a.Value != "" {
			return false
		}
	}
	o := row.Client
	o.Attributes = nil
	return row.Name == c.Name && reflect.DeepEqual(o, Client{ID: row.ID, Name: row.Name, Listed: true})
}

// list enters a row; a later row of a known client describes it anew.
func (r *Register) list(row Listed, again bool) {
	if !again {
		r.clients = append(r.clients, Client{})
		r.claimID(string(row.ID), Ref(len(r.clients)-1))
	}
	ref := Ref(len(r.clients) - 1)
	r.clients[ref] = row.Client
	own := claim{ref: ref}
	if again {
		own.from = row.ValidFrom
	}
	r.claimName(row.Name, own)
	for _, alias := range row.Aliases {
		r.claimName(alias, claim{from: row.ValidFrom, ref: ref, alias: true})
	}
}

func (r *Register) claimID(id string, ref Ref) {
	r.byID.add(id, claim{ref: ref})
	r.loose.add(LooseID(id), claim{ref: ref})
}

// claimName enters a name or an alias. An alias may also be the id of a client
// that has been merged.
func (r *Register) claimName(name string, c claim) {
	n := Normalise(name)
	r.written.add(strings.TrimSpace(name), c)
	r.byName.add(string(n), c)
	r.bare.add(string(n.Bare()), c)
	if c.alias && c.from != 0 {
		r.byID.add(strings.TrimSpace(name), c)
	}
}

// LooseID is an id without what spreadsheets do to it: "0017850" and "17850.0"
// are "17850".
func LooseID(id string) string {
	digits := strings.TrimSuffix(id, ".0")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return id
	}
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		return "0"
	}
	return digits
}

// TidyID is an id without a spreadsheet's ".0".
func TidyID(id string) string {
	if digits, cut := strings.CutSuffix(id, ".0"); cut && digits != "" && strings.Trim(digits, "0123456789") == "" {
		return digits
	}
	return id
}

// Find says whom an id and a name mean on a day: by id, else by the name as it is
// written, else by its normal form, else by that without the legal form. Where an
// export has no id, what it writes for a name may be one. Nothing is found by
// likeness.
func (r *Register) Find(id, name string, day period.Day) Match {
	id, name = strings.TrimSpace(id), strings.TrimSpace(name)
	normal := Normalise(name)
	if r.IsInternal(id) || r.IsInternal(string(normal)) {
		return Match{Ref: Internal}
	}
	if m, ok := r.findID(id, day); ok {
		return m
	}
	if m, ok := r.written.find(name, day); ok && m.Rivals == nil && !r.byName.dated(string(normal)) {
		return m
	}
	if m, ok := r.byName.find(string(normal), day); ok {
		return m
	}
	if m, ok := r.bare.find(string(normal.Bare()), day); ok {
		return m
	}
	if m, ok := r.findID(name, day); ok && id == "" {
		return m
	}
	return Match{Ref: Unmapped}
}

// Another returns whose name an id's name is on a day, where that is another client
// than the id means, and no third one.
func (r *Register) Another(of Ref, name string, day period.Day) (is Ref, ok bool) {
	m, ok := r.byName.find(string(Normalise(name)), day)
	return m.Ref, ok && m.Rivals == nil && m.Ref != of
}

// Successor returns whom the id and the name of a client mean on a day, where that
// is another client, which it was merged into.
func (r *Register) Successor(of Ref, day period.Day) (into Ref, ok bool) {
	c := &r.clients[of]
	id := string(c.ID)
	if c.ID == nameID(Normalise(c.Name)) { // the id that it has for want of one
		id = ""
	}
	into = r.Find(id, c.Name, day).Ref
	return into, into >= 0 && into != of
}

// findID finds a client by its id, else by what a spreadsheet makes of it: then it
// means whomever the id means that it comes from.
func (r *Register) findID(id string, day period.Day) (Match, bool) {
	if m, ok := r.byID.find(id, day); ok {
		return m, true
	}
	m, ok := r.byID.find(TidyID(id), day)
	if !ok && id != "" {
		if m, ok = r.loose.find(LooseID(id), day); ok && m.Rivals == nil {
			m, ok = r.byID.find(string(r.clients[m.Ref].ID), day)
		}
	}
	m.Loose = ok && m.Rivals == nil
	return m, ok
}

// IsInternal reports whether a word names our own company.
func (r *Register) IsInternal(word string) bool {
	if word == "" || len(r.internal) == 0 {
		return false
	}
	_, is := r.internal[Normalise(word)]
	return is
}

// find returns the client with the latest claim on a word; several with equal
// claims are rivals.
func (x index) find(word string, day period.Day) (Match, bool) {
	if word == "" {
		return Match{}, false
	}
	var best []claim
	for _, c := range x[word] {
		if c.from > day {
			continue
		}
		switch {
		case len(best) == 0 || c.from > best[0].from:
			best = append(best[:0], c)
		case c.from == best[0].from && !slices.ContainsFunc(best, func(b claim) bool { return b.ref == c.ref }):
			best = append(best, c)
		}
	}
	if len(best) == 0 {
		best = x.early(word)
	}
	switch len(best) {
	case 0:
		return Match{}, false
	case 1:
		return Match{Ref: best[0].ref}, true
	}
	m := Match{Ref: Unmapped}
	for _, c := range best {
		m.Rivals = append(m.Rivals, c.ref)
	}
	slices.Sort(m.Rivals)
	return m, true
}

// dated reports whether a word may change its owner from some day on.
func (x index) dated(word string) bool {
	return slices.ContainsFunc(x[word], func(c claim) bool { return c.from != 0 })
}

// early returns the client whose own name the word is from a later day on, if it
// is nobody else's.
func (x index) early(word string) []claim {
	all := x[word]
	for _, c := range all {
		if c.alias || c.ref != all[0].ref {
			return nil
		}
	}
	return all[:min(1, len(all))]
}

// Turns returns the days from which an id and a name mean somebody else than the
// day before, in order; for most there are none.
func (r *Register) Turns(id, name string) []period.Day {
	id, name = strings.TrimSpace(id), strings.TrimSpace(name)
	normal := Normalise(name)
	all := [][]claim{r.byName[string(normal)], r.bare[string(normal.Bare())]}
	for _, word := range []string{id, name} { // where there is no id, a name may be one
		all = append(all, r.byID[word], r.byID[TidyID(word)])
		if m, ok := r.loose.find(LooseID(word), 0); ok && m.Rivals == nil {
			all = append(all, r.byID[string(r.clients[m.Ref].ID)])
		}
	}
	var days []period.Day
	for _, claims := range all {
		for _, c := range claims {
			if c.from != 0 && !slices.Contains(days, c.from) {
				days = append(days, c.from)
			}
		}
	}
	slices.Sort(days)
	return slices.DeleteFunc(days, func(d period.Day) bool { return r.Find(id, name, d).Ref == r.Find(id, name, d-1).Ref })
}

// Clients returns all clients; a Ref is the position.
func (r *Register) Clients() []Client { return r.clients }
