package exports

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"clientworth/pipeline/period"
)

// headerRows is how many rows may stand before the header, it included.
const headerRows = 50

// header is a row of column names, by which the canonical columns are found.
type header struct {
	names []string
	at    map[string][]int // positions of each name, folded
}

func newHeader(fields []string) header {
	h := header{names: fields, at: map[string][]int{}}
	for i, name := range fields {
		key := headerKey(name)
		h.at[key] = append(h.at[key], i)
	}
	return h
}

func headerKey(name string) string {
	return folded(strings.TrimPrefix(trimmed(name), "*")) // a star marks what an import needs
}

// find returns the position of a column by its name. A name that stands twice
// is told apart as name#1, name#2.
func (h header) find(name string) (at int, err error) {
	positions := h.at[headerKey(name)]
	if base, nth, ok := strings.Cut(name, "#"); ok && len(positions) == 0 {
		if n, err := strconv.Atoi(nth); err == nil && n > 0 && n <= len(h.at[headerKey(base)]) {
			return h.at[headerKey(base)][n-1], nil
		}
	}
	if one, others, ok := strings.Cut(name, "|"); ok && len(positions) == 0 {
		if at, err := h.find(trimmed(one)); at >= 0 || err != nil {
			return at, err
		}
		return h.find(trimmed(others))
	}
	switch {
	case len(positions) == 0 || headerKey(name) == "":
		return -1, nil
	case len(positions) > 1:
		return -1, fmt.Errorf("column %q stands in the header %d times; write %q for the first", name, len(positions), name+"#1")
	}
	return positions[0], nil
}

// match finds the canonical columns of a source in a header. Of those missing it
// returns how the configuration or the canonical name calls them.
func (src *Source) match(h header) (plans []*plan, missing []string, err error) {
	found := map[string]bool{}
	for _, c := range src.columns(h) {
		p, absent, err := src.find(c, h)
		if err != nil {
			return nil, nil, err
		}
		if p != nil {
			plans, found[c.Name] = append(plans, p), true
		}
		missing = append(missing, absent...)
	}
	for _, c := range Columns(src.Input) {
		if c.Required && !found[c.Name] && !slices.ContainsFunc(c.Instead, all(found)) && src.Columns[c.Name].nowhere() && !slices.ContainsFunc(c.Instead, src.asks) {
			missing = append(missing, c.Name)
		}
	}
	if c, ok := derivable(found); ok {
		plans = append(plans, &plan{Column: c, derived: true})
	}
	for _, p := range plans {
		p.needed = src.needs(p, found)
	}
	return plans, missing, nil
}

// needs reports whether a row without a value of the column is set aside.
func (src *Source) needs(p *plan, found map[string]bool) bool {
	switch {
	case !p.Required, p.Name == "client_id", p.Name == "client", p.Name == "hours" && src.Lifetime:
		return false
	case p.derived:
		return !found["activity"]
	}
	return !slices.ContainsFunc(p.Instead, all(found))
}

// names returns, as keys of a header, what the columns of a source may be called. It
// is nil where a column may have any name.
func (src *Source) names() map[string]bool {
	if src.Columns == nil && src.Input == Clients {
		return nil
	}
	all := map[string]bool{}
	for _, c := range Columns(src.Input) {
		all[headerKey(c.Name)] = true
	}
	for _, m := range src.Columns {
		for _, names := range m.Names() {
			for name := range strings.SplitSeq(names, "|") {
				base, _, _ := strings.Cut(name, "#")
				all[headerKey(name)], all[headerKey(base)] = true, true
			}
			all[headerKey(names)] = true // a header may have the sign itself
		}
	}
	return all
}

func (h header) hasAny(keys map[string]bool) bool {
	for key := range h.at {
		if keys[key] {
			return true
		}
	}
	return false
}

// asks reports whether the configuration says where these columns come from: then
// they are missing, and not the one in whose place they stand.
func (src *Source) asks(columns []string) bool {
	return !slices.ContainsFunc(columns, func(name string) bool { m, ok := src.Columns[name]; return !ok || m.nowhere() })
}

// derivable returns the column hours where times are found and hours are not.
func derivable(found map[string]bool) (Column, bool) {
	if !found["start"] || !found["end"] || found["hours"] {
		return Column{}, false
	}
	i := slices.IndexFunc(Columns(SupportHours), func(c Column) bool { return c.Name == "hours" })
	return Columns(SupportHours)[i], true
}

func all(found map[string]bool) func([]string) bool {
	return func(set []string) bool {
		return !slices.ContainsFunc(set, func(name string) bool { return !found[name] })
	}
}

// columns returns the canonical columns and, of the clients file, the attributes:
// those that are mapped or, where nothing is mapped, all the file has.
func (src *Source) columns(h header) []Column {
	columns := slices.Clone(Columns(src.Input))
	known := map[string]bool{}
	for _, c := range columns {
		known[c.Name] = true
	}
	names := slices.Sorted(maps.Keys(src.Columns))
	if src.Columns == nil && src.Input == Clients {
		names = h.names
	}
	for _, name := range names {
		if name = trimmed(name); name != "" && !known[name] && !known[headerKey(name)] {
			known[name] = true
			columns = append(columns, Column{Name: name, Kind: Name, Doc: "an attribute of the client"})
		}
	}
	return columns
}

// stray returns a mapped column that the input does not have. Of the clients file
// every further one is an attribute.
func (src *Source) stray() (name string, ok bool) {
	for _, name := range slices.Sorted(maps.Keys(src.Columns)) {
		known := slices.ContainsFunc(Columns(src.Input), func(c Column) bool { return c.Name == name })
		if !known && src.Input != Clients {
			return name, true
		}
	}
	return "", false
}

// find makes the plan of a column, or nil where the file has none.
func (src *Source) find(c Column, h header) (*plan, []string, error) {
	m, configured := src.Columns[c.Name]
	if !configured {
		m = Mapping{Header: []string{c.Name}, Optional: true}
	}
	p := &plan{Column: c, from: m, words: folds(m.Map), zone: src.Zone, home: src.Home}
	var missing string
	var err error
	switch {
	case m.Value != "":
		return p, nil, nil
	case len(m.First) > 0:
		if p.fields = h.some(m.First); p.fields == nil {
			return p, []string{strings.Join(m.First, " or ")}, nil
		}
		return p, nil, nil
	case len(m.Header) == len(m.Names()):
		if p.fields, missing, err = h.first(m.Header); p.fields == nil && src.Group == c.Name {
			p.fields = []int{len(h.names)} // where a table has the heading
		}
	default:
		p.fields, missing, err = h.every(m.Names())
	}
	switch {
	case err != nil:
		return nil, nil, err
	case p.fields != nil:
		return p, nil, nil
	case m.Optional || missing == "":
		return nil, nil, nil
	}
	return nil, []string{missing}, nil
}

// first returns the field of the first of the names that the header has, or what is
// missing.
func (h header) first(names []string) (field []int, missing string, err error) {
	for _, name := range names {
		if at, err := h.find(name); err != nil || at >= 0 {
			return []int{at}, "", err
		}
	}
	return nil, strings.Join(names, " or "), nil
}

// every returns the fields of all names, or which of them is missing first.
func (h header) every(names []string) (fields []int, missing string, err error) {
	for _, name := range names {
		at, err := h.find(name)
		if err != nil || at < 0 {
			return nil, name, err
		}
		fields = append(fields, at)
	}
	return fields, "", nil
}

// some returns the fields of those names that the header has.
func (h header) some(names []string) (fields []int) {
	for _, name := range names {
		if at, err := h.find(name); err == nil && at >= 0 {
			fields = append(fields, at)
		}
	}
	return fields
}

// except is a column in which a word says that the row is none of ours.
type except struct {
	field  int
	words  map[string]bool
	ranges [][2]int // of whole numbers, both ends included
}

func (h header) excepts(src *Source) (all []except) {
	for name, words := range src.Except {
		at, err := h.find(name)
		if err != nil || at < 0 {
			continue
		}
		e := except{field: at, words: map[string]bool{}}
		for _, w := range words {
			e.words[folded(w)] = true
			if from, to, ok := rangeOf(w); ok {
				e.ranges = append(e.ranges, [2]int{from, to})
			}
		}
		all = append(all, e)
	}
	return all
}

// rangeOf reads a range of whole numbers, as of accounts: 1000-1999.
func rangeOf(word string) (from, to int, ok bool) {
	one, other, cut := strings.Cut(word, "-")
	from, err1 := strconv.Atoi(trimmed(one))
	to, err2 := strconv.Atoi(trimmed(other))
	return from, to, cut && err1 == nil && err2 == nil
}

// is reports whether the text of a row's field is one of the words, or a number
// in one of the ranges.
func (e except) is(text string) bool {
	if e.words[folded(text)] {
		return true
	}
	n, err := strconv.Atoi(trimmed(text))
	return err == nil && slices.ContainsFunc(e.ranges, func(r [2]int) bool { return r[0] <= n && n <= r[1] })
}

// nowhere reports whether nothing is said of where the column comes from, or
// that it may be absent.
func (m Mapping) nowhere() bool {
	return m.Optional || m.Value == "" && len(m.Names()) == 0
}

func folds(words map[string][]string) map[string]string {
	if len(words) == 0 {
		return nil
	}
	to := map[string]string{}
	for word, from := range words {
		for _, w := range from {
			to[folded(w)] = word
		}
	}
	return to
}

// headerFound is the likeliest header under one separator.
type headerFound struct {
	dialect
	row     int
	line    int64
	header  header
	plans   []*plan
	missing []string
	from    period.Day // of dates without a year
	stamp   string     // when the export was made
	equal   int        // rows after it with as many fields
}

func (h headerFound) complete() bool { return h.plans != nil && len(h.missing) == 0 }

// findHeader looks for the header in the first rows: the first that has all
// columns, or else the one that has the most.
func (src *Source) findHeader(next func() (rawRow, bool)) (best headerFound, err error) {
	var from period.Day
	var stamp string
	called := src.names()
	otherPlans, otherMissing, _ := src.match(header{}) // of a row that is no header; without names none stands twice
	for row := range headerRows {
		r, ok := next()
		if !ok {
			break
		}
		names := make([]string, r.width())
		for i := range names {
			names[i] = textOf(r, i)
		}
		h := newHeader(names)
		plans, missing := otherPlans, otherMissing
		if called == nil || len(missing) == 0 || h.hasAny(called) {
			if plans, missing, err = src.match(h); err != nil {
				return best, &atLine{line: r.at(), err: err, remedy: "say with columns: which one is meant"}
			}
		}
		year, made := datev(r)
		from, stamp = max(from, year), max(stamp, made)
		if found := (headerFound{row: row, line: r.at(), header: h, plans: plans, missing: missing, from: from, stamp: stamp}); found.complete() {
			return found, nil
		} else if best.header.names == nil || len(plans) > len(best.plans) {
			best = found
		}
	}
	return best, nil
}

// headed finds the header among the first rows of a table, and begins to settle its
// columns.
func (f *file) headed(src *Source, rows []tableRow) (*settling, error) {
	h, err := src.findHeader(func() (r rawRow, ok bool) {
		if ok = len(rows) > 0; ok {
			r, rows = rows[0], rows[1:]
		}
		return r, ok
	})
	if err != nil {
		return nil, err
	}
	if !h.complete() {
		return nil, h.missingError(src)
	}
	if err := f.use(src, h); err != nil {
		return nil, err
	}
	return f.settling(src)
}

// use takes over what was found with the header.
func (f *file) use(src *Source, h headerFound) error {
	f.skip, f.headLine, f.header, f.plans, f.except, f.from = h.row+1, h.line, h.header, h.plans, h.header.excepts(src), h.from
	f.stamp = cmp.Or(f.stamp, h.stamp)
	for _, p := range f.plans {
		p.header = h.header
	}
	taxed := slices.ContainsFunc(f.plans, func(p *plan) bool { return p.Name == "tax" })
	if _, rate := plainDecimal.share(src.TaxRate); src.TaxInclusive && !taxed && !rate {
		return &atLine{err: errors.New("the amounts contain tax, and nothing says how much"), remedy: "map the column tax, or set tax_rate:"}
	}
	return nil
}
