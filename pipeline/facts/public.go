package facts

import "clientworth/pipeline/measure"

// OtherRoles stands for the roles of so few people that their rate would tell
// what one person costs.
const OtherRoles = "other roles"

// fewPeople is the number of people below which a role is published with others.
const fewPeople = 3 * measure.Million

// fullTime is what one person works in a month at most, overtime apart.
const fullTime = 160 * measure.Million

// PublicRoles returns the name under which each role is published. Roles of fewer
// than three people stand together as [OtherRoles]; so do, where these are still
// fewer than three, the next smaller roles until they are not, as long as there are
// any. A role whose people are not given has at least as many as its capacity, or
// the hours worked in its busiest month, takes; more cannot be known.
func (f *Facts) PublicRoles() []string {
	names := append([]string(nil), f.Roles...)
	people := f.people()
	var together measure.Quantity
	merged := 0
	for {
		least := -1
		for role, n := range people {
			if n > 0 && names[role] != OtherRoles && (least < 0 || n < people[least]) {
				least = role
			}
		}
		if least < 0 || people[least] >= fewPeople && (merged == 0 || together >= fewPeople && merged > 1) {
			return names
		}
		names[least] = OtherRoles
		together += people[least]
		merged++
	}
}

// people returns how many each role has at the least; 0 is nobody.
func (f *Facts) people() []measure.Quantity {
	given, needed := make([]measure.Quantity, len(f.Roles)), f.busiest()
	for _, r := range f.Rates {
		if n := r.People; n.Known && (given[r.Role] == 0 || n.Value < given[r.Role]) {
			given[r.Role] = n.Value
		}
		needed[r.Role] = max(needed[r.Role], r.Capacity)
	}
	for role, n := range given {
		if n == 0 {
			given[role] = measure.Quantity(int64(needed[role]) / fullTime * measure.Million)
			if given[role] == 0 && needed[role] > 0 {
				given[role] = measure.Million
			}
		}
	}
	return given
}

// busiest returns the hours worked by each role in the month of the window that has
// the most.
func (f *Facts) busiest() []measure.Hours {
	months := f.Window.Len()
	worked := make([]measure.Hours, len(f.Roles)*months)
	for i := range f.Work {
		if w := &f.Work[i]; f.Window.Contains(w.Month) {
			worked[int(w.Role)*months+f.Window.Index(w.Month)] += w.Hours
		}
	}
	most := make([]measure.Hours, len(f.Roles))
	for at, hours := range worked {
		most[at/months] = max(most[at/months], hours)
	}
	return most
}
