package facts

import (
	"cmp"
	"slices"

	"clientworth/pipeline/clients"
)

// seats puts sums in the order of their clients and months at once: they are
// counted by both, then each takes the next place of its own. What is left to sort
// are the few of a client in a month. Only their numbers move, which are a fraction
// of what a fact is; it is written once, where it stays.
type seats struct {
	months int
	ends   []uint32 // by client and month, from the parties that are none on
	taken  []place
}

// place is taken by a sum: its order among those of its client and month, and its
// number.
type place struct {
	order uint64
	sum   uint32
}

// firstParty is the lowest [clients.Ref] that facts have.
const firstParty = clients.Internal

func newSeats(f *Facts) *seats {
	months := f.Window.Len()
	return &seats{months: months, ends: make([]uint32, (len(f.Clients)-int(firstParty))*months+1)}
}

func (s *seats) seat(of clients.Ref, month int) int { return int(of-firstParty)*s.months + month }

// len is how many clients and months there are.
func (s *seats) len() int { return len(s.ends) - 1 }

// who returns the client and month of a seat.
func (s *seats) who(seat int) (clients.Ref, int) {
	return clients.Ref(seat/s.months) + firstParty, seat % s.months
}

func (s *seats) count(of clients.Ref, month int) { s.ends[s.seat(of, month)+1]++ }

// assign ends the counting.
func (s *seats) assign() {
	for i := 1; i < len(s.ends); i++ {
		s.ends[i] += s.ends[i-1]
	}
	s.taken = make([]place, s.ends[len(s.ends)-1])
}

// take gives a sum the next place of its client and month.
func (s *seats) take(of clients.Ref, month int, order uint64, sum uint32) {
	seat := s.seat(of, month)
	s.taken[s.ends[seat]] = place{order, sum}
	s.ends[seat]++
}

// alike hands over the sums of each client and month together that have one order,
// in that order, once all have their places. They stand far apart: those of a client
// and month are touched before, so that the waits for memory overlap.
func (s *seats) alike(touch func(sum uint32) uint64, do func(of clients.Ref, month int, same []place)) (touched uint64) {
	from := uint32(0)
	for seat, end := range s.ends[:len(s.ends)-1] {
		few := s.taken[from:end]
		from = end
		for i := range few {
			touched ^= touch(few[i].sum)
		}
		sortPlaces(few)
		of, month := s.who(seat)
		for len(few) > 0 {
			n := 1
			for n < len(few) && few[n].order == few[0].order {
				n++
			}
			do(of, month, few[:n])
			few = few[n:]
		}
	}
	return touched
}

// sortPlaces sorts by order: mostly so few that inserting them one by one is
// quickest.
func sortPlaces(few []place) {
	if len(few) > 20 {
		slices.SortFunc(few, func(a, b place) int { return cmp.Compare(a.order, b.order) })
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
