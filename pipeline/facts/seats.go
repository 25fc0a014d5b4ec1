package facts

import "clientworth/pipeline/clients"

// seats puts facts in the order of their clients at once: they are counted by
// client, then each is written to its client's next place. What is left to sort
// are the few facts of each client.
type seats struct {
	ends []int // by client, from the parties that are none on
}

// firstParty is the lowest [clients.Ref] that facts have.
const firstParty = clients.Internal

func newSeats(clients int) *seats { return &seats{ends: make([]int, clients-int(firstParty)+1)} }

func (s *seats) count(of clients.Ref) { s.ends[of-firstParty+1]++ }

// assign ends the counting and returns how many there are.
func (s *seats) assign() int {
	for i := 1; i < len(s.ends); i++ {
		s.ends[i] += s.ends[i-1]
	}
	return s.ends[len(s.ends)-1]
}

// next returns the client's next place.
func (s *seats) next(of clients.Ref) int {
	at := s.ends[of-firstParty]
	s.ends[of-firstParty]++
	return at
}

// each hands over where every client's facts stand, once all are placed.
func (s *seats) each(do func(from, to int)) {
	from := 0
	for _, to := range s.ends[:len(s.ends)-1] {
		do(from, to)
		from = to
	}
}
