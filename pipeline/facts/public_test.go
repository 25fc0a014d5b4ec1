package facts

import (
	"slices"
	"testing"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Roles a, b and c, each with what is known of its size.
func TestPublicRoles(t *testing.T) {
	type size struct {
		people   int64 // 0: not given
		capacity int64 // hours a month; 0: paid by the hour
		worked   int64 // hours of the busiest month
	}
	other := OtherRoles
	for name, test := range map[string]struct {
		sizes [3]size
		want  []string
	}{
		"three people and more stand by themselves": {[3]size{{people: 3}, {people: 4}, {people: 5}}, []string{"a", "b", "c"}},
		"one person takes the next role along":      {[3]size{{people: 1}, {people: 4}, {people: 5}}, []string{other, other, "c"}},
		"two and one are three":                     {[3]size{{people: 1}, {people: 2}, {people: 5}}, []string{other, other, "c"}},
		"two of one are two":                        {[3]size{{people: 1}, {people: 1}, {people: 5}}, []string{other, other, other}},
		"capacity tells":                            {[3]size{{capacity: 640}, {capacity: 480}, {capacity: 1000}}, []string{"a", "b", "c"}},
		"little capacity tells":                     {[3]size{{capacity: 640}, {capacity: 479}, {capacity: 1000}}, []string{other, other, "c"}},
		"hours worked tell":                         {[3]size{{worked: 40}, {worked: 500}, {worked: 800}}, []string{other, other, "c"}},
		"what is given counts":                      {[3]size{{people: 3, worked: 40}, {people: 3}, {people: 3}}, []string{"a", "b", "c"}},
	} {
		f := &Facts{Roles: []string{"a", "b", "c"}, Window: period.Window{First: 1, Last: 2}}
		for role, s := range test.sizes {
			r := Rate{Role: Role(role), Capacity: measure.Hours(s.capacity) * measure.Million, Hourly: measure.Some(money.Units(50))}
			if s.people > 0 {
				r.People = measure.Some(measure.Quantity(s.people) * measure.Million)
			}
			f.Rates = append(f.Rates, r)
			if s.worked > 0 { // half of the hours for another client, and fewer in another month
				half := measure.Hours(s.worked) * measure.Million / 2
				f.Work = append(f.Work, Work{Month: 1, Role: Role(role), Hours: half}, Work{Month: 1, Client: 1, Role: Role(role), Hours: half}, Work{Month: 2, Role: Role(role), Hours: half})
			}
		}
		if got := f.PublicRoles(); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, not %q", name, got, test.want)
		}
	}
}
