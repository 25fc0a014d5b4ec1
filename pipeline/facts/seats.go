package facts

import (
	"cmp"
	"slices"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/cores"
)

// seating numbers clients and months in the order of facts.
type seating struct{ clients, months int }

// firstParty is the lowest [clients.Ref] that facts have.
const firstParty = clients.Internal

func newSeating(f *Facts) seating {
	return seating{clients: len(f.Clients) - int(firstParty), months: f.Window.Len()}
}

func (s seating) len() int { return s.clients * s.months }

func (s seating) seat(of clients.Ref, month int) int { return int(of-firstParty)*s.months + month }

// who returns the client and month of a seat.
func (s seating) who(seat int) (clients.Ref, int) {
	return clients.Ref(seat/s.months) + firstParty, seat % s.months
}

// seats puts sums in the order of their clients and months at once: they are
// counted by both, then each is written to the next place of its own. What is left
// to sort are the few of a client in a month. Sums come by month, so that the
// places being written to are few; to read the sums in the order of clients would be
// to wait for each.
type seats[V any] struct {
	seating
	ends  []uint32 // by seat
	taken []place[V]
}

// place is taken by a sum: what it is ordered by among those of its client and
// month, and what it is.
type place[V any] struct {
	order uint64
	sum   V
}

func newSeats[V any](f *Facts) *seats[V] {
	s := &seats[V]{seating: newSeating(f)}
	s.ends = make([]uint32, s.len()+1)
	return s
}

func (s *seats[V]) count(of clients.Ref, month int) { s.ends[s.seat(of, month)+1]++ }

// assign ends the counting.
func (s *seats[V]) assign() {
	for i := 1; i < len(s.ends); i++ {
		s.ends[i] += s.ends[i-1]
	}
	s.taken = make([]place[V], s.ends[len(s.ends)-1])
}

// take gives a sum the next place of its client and month.
func (s *seats[V]) take(of clients.Ref, month int, order uint64, sum V) {
	seat := s.seat(of, month)
	s.taken[s.ends[seat]] = place[V]{order, sum}
	s.ends[seat]++
}

// alike makes a fact of the sums of each client and month that have one order, in the
// order of facts, once all have their places.
func alike[V, F any](s *seats[V], fact func(of clients.Ref, month int, same []place[V]) F) []F {
	const some = 1 << 14 // seats at a time
	all := make([]F, len(s.taken))
	made := make([]int, (s.len()+some-1)/some)
	cores.Each(s.len(), some, func(first, last int) error {
		from := s.start(first)
		to := all[from:from:s.start(last)]
		for seat := first; seat < last; seat++ {
			few := s.taken[s.start(seat):s.ends[seat]]
			sortPlaces(few)
			of, month := s.who(seat)
			for len(few) > 0 {
				n := 1
				for n < len(few) && few[n].order == few[0].order {
					n++
				}
				to = append(to, fact(of, month, few[:n]))
				few = few[n:]
			}
		}
		made[first/some] = len(to)
		return nil
	})
	n := 0
	for i, made := range made {
		from := s.start(i * some)
		n += copy(all[n:], all[from:from+made])
	}
	clear(all[n:])
	return all[:n]
}

// start is where the places of a seat start: where those of the one before end.
func (s *seats[V]) start(seat int) int {
	if seat == 0 {
		return 0
	}
	return int(s.ends[seat-1])
}

// sortPlaces sorts by order: mostly so few that inserting them one by one is
// quickest.
func sortPlaces[V any](few []place[V]) {
	if len(few) > 20 {
		slices.SortFunc(few, func(a, b place[V]) int { return cmp.Compare(a.order, b.order) })
		return
	}
	for i := 1; i < len(few); i++ {
		p, at := few[i], i
		for ; at > 0 && few[at-1].order > p.order; at-- {
			few[at] = few[at-1]
		}
		few[at] = p
	}
}
