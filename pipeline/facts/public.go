package facts

import "clientworth/pipeline/measure"

// OtherRoles stands for the roles of so few people that their rate would tell
// what one person costs.
const OtherRoles = "other roles"

// fewPeople is the number of people below which a role is published with others.
const fewPeople = 3 * measure.Million

// PublicRoles returns the name under which each role is published. Roles known to have
// fewer than three people stand together as [OtherRoles]; so do, where these are
// still fewer than three, the next smaller roles until they are not, as long as
// there are any. A role whose people are not given is taken at its word: it is a
// group.
func (f *Facts) PublicRoles() []string {
	names := append([]string(nil), f.Roles...)
	people := make([]measure.Quantity, len(f.Roles)) // the fewest of its rates; 0 is unknown
	for _, r := range f.Rates {
		if n := r.People; n.Known && (people[r.Role] == 0 || n.Value < people[r.Role]) {
			people[r.Role] = n.Value
		}
	}
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
