package clients

import (
	"cmp"
	"slices"
	"strings"
)

// Admit completes the register with what billing exports name: clients that the
// clients file does not list, and further names of those that are known by id. A
// name that becomes another client's from a day on is a client until then. The
// order of the names changes nothing. It reports whether there was anything to enter.
func (r *Register) Admit(named []Named) (entered bool) {
	known := map[Ref][]Named{}
	var fresh []Named
	for _, n := range named {
		n.ID, n.Name = strings.TrimSpace(n.ID), strings.TrimSpace(n.Name)
		switch m := r.Find(n.ID, n.Name, 0); {
		case m.Ref >= 0:
			known[m.Ref] = append(known[m.Ref], n)
		case m.Ref == Unmapped && m.Rivals == nil:
			fresh = append(fresh, n)
		}
	}
	r.admitIDs(fresh)
	r.admitNames(fresh)
	return r.nameAgain(known) || len(fresh) > 0
}

// nameAgain enters the names by which billing exports call clients that they
// identify, where nobody else has the name, and reports whether there were any.
func (r *Register) nameAgain(known map[Ref][]Named) bool {
	free := func(n Named) bool {
		normal := Normalise(n.Name)
		return n.ID != "" && r.byName[string(normal)] == nil && r.bare[string(normal.Bare())] == nil
	}
	add := map[Ref][]Named{}
	for ref, names := range known {
		for _, n := range names {
			if free(n) {
				add[ref] = append(add[ref], n)
			}
		}
	}
	for ref, names := range add {
		for _, n := range names {
			r.claimName(n.Name, claim{ref: ref})
		}
	}
	return len(add) > 0
}

// admitIDs admits those with an id. Spellings of an id that differ by lost zeros
// or by ".0" are one client, called by the longest, unless two of them keep
// different zeros: then which is meant cannot be known, and each is a client.
func (r *Register) admitIDs(fresh []Named) {
	r.admitGroups(fresh,
		func(n Named) (string, string) { return LooseID(n.ID), TidyID(n.ID) },
		func(id string) ID { return ID(id) })
}

// admitNames admits those that have a name alone and are not found by it now.
// Names that differ by having a legal form are one client, unless two of them
// have different forms: then each is a client.
func (r *Register) admitNames(fresh []Named) {
	fresh = slices.DeleteFunc(slices.Clone(fresh), func(n Named) bool {
		m := r.Find("", n.Name, 0)
		return n.ID != "" || Normalise(n.Name) == "" || m.Ref != Unmapped || m.Rivals != nil
	})
	r.admitGroups(fresh,
		func(n Named) (string, string) {
			normal := Normalise(n.Name)
			return string(normal.Bare()), string(normal)
		},
		func(name string) ID { return nameID(Normal(name)) })
}

// admitGroups admits a client for each loose spelling, or one for each exact
// spelling where a loose one has several besides itself.
func (r *Register) admitGroups(fresh []Named, spell func(Named) (loose, exact string), id func(string) ID) {
	groups := map[string]map[string][]Named{}
	for _, n := range fresh {
		loose, exact := spell(n)
		if exact == "" {
			continue
		}
		if groups[loose] == nil {
			groups[loose] = map[string][]Named{}
		}
		groups[loose][exact] = append(groups[loose][exact], n)
	}
	for _, loose := range sortedKeys(groups) {
		group := groups[loose]
		exact := sortedKeys(group)
		others := slices.DeleteFunc(slices.Clone(exact), func(s string) bool { return s == loose })
		if len(others) > 1 {
			for _, s := range exact {
				r.admit(id(s), group[s])
			}
			continue
		}
		var all []Named
		for _, s := range exact {
			all = append(all, group[s]...)
		}
		r.admit(id(oneID(loose, others)), all)
	}
}

// oneID is the fuller of two spellings of an id: zeros get lost and are not won.
// Of names it is the one without legal form.
func oneID(loose string, others []string) string {
	if len(others) == 1 && LooseID(others[0]) == loose {
		return others[0]
	}
	return loose
}

func (r *Register) admit(id ID, named []Named) {
	name := commonName(named)
	if name == "" {
		name = string(id)
	}
	r.clients = append(r.clients, Client{ID: id, Name: name})
	ref := Ref(len(r.clients) - 1)
	r.claimID(string(id), ref)
	r.claimName(name, claim{ref: ref})
	for _, n := range named {
		r.claimName(n.Name, claim{ref: ref})
	}
}

// commonName is the name on most lines, ties to the first in order.
func commonName(named []Named) string {
	lines := map[string]int64{}
	for _, n := range named {
		lines[n.Name] += n.Lines
	}
	names := sortedKeys(lines)
	names = slices.DeleteFunc(names, func(n string) bool { return n == "" })
	if len(names) == 0 {
		return ""
	}
	return slices.MaxFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(lines[a], lines[b]), strings.Compare(b, a))
	})
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
