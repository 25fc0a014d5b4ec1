package facts

import (
	"slices"

	"clientworth/pipeline/clients"
)

// seats puts facts in the order of their clients and months at once: they are
// counted by both, then each is written to the next place of its own. What is left
// to sort are the few facts of a client in a month.
type seats struct {
	months int
	ends   []uint32 // by client and month, from the parties that are none on
}

// firstParty is the lowest [clients.Ref] that facts have.
const firstParty = clients.Internal

func newSeats(f *Facts) *seats {
	months := f.Window.Len()
	return &seats{months: months, ends: make([]uint32, (len(f.Clients)-int(firstParty))*months+1)}
}

func (s *seats) seat(of clients.Ref, month int) int { return int(of-firstParty)*s.months + month }

func (s *seats) count(of clients.Ref, month int) { s.ends[s.seat(of, month)+1]++ }

// assign ends the counting and returns how many there are.
func (s *seats) assign() int {
	for i := 1; i < len(s.ends); i++ {
		s.ends[i] += s.ends[i-1]
	}
	return int(s.ends[len(s.ends)-1])
}

// next returns the next place of a client and month.
func (s *seats) next(of clients.Ref, month int) int {
	seat := s.seat(of, month)
	at := s.ends[seat]
	s.ends[seat]++
	return int(at)
}

// settled sorts the facts of each client and month, once all are placed, and
// makes one of those that compare equal.
func settled[T any](s *seats, all []T, compare func(a, b T) int, join func(to, from *T)) []T {
	n, from := 0, uint32(0)
	for _, end := range s.ends[:len(s.ends)-1] {
		few, first := all[from:end], n
		from = end
		slices.SortFunc(few, compare)
		for i := range few {
			if n > first && compare(all[n-1], few[i]) == 0 {
				join(&all[n-1], &few[i])
				continue
			}
			all[n] = few[i]
			n++
		}
	}
	return all[:n]
}
