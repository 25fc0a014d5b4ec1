package facts

import (
	"math/bits"
	"sync"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/measure"
)

// distinct counts different documents or tickets by client and month. It keeps
// 64 bits of each: among 10 million, the odds that any two of them share their
// bits, so that one is not counted, are about 1 in 400,000; the exact texts would
// take ten times the memory. All workers share one set, so that merging them is
// no second copy; each takes the lock of one shard at a time.
type distinct struct {
	shards [1 << shardBits]shard
}

const shardBits = 6

type shard struct {
	mu    sync.Mutex
	slots []uint64 // 0 is free
	hours []int32  // of a ticket, as ticketHours; nil where no causes are known
	own   map[uint64]ownTicket
	n     int
}

// ownTicket is a ticket with hours that our own errors caused.
type ownTicket struct {
	client clients.Ref
	month  int         // place in the window
	hours  ticketHours // of own errors
}

// ticketHours are ten thousandths of an hour: exact enough to split a ticket.
// Each entry is cut to them alone, so that the order of entries does not matter.
type ticketHours int64

// addHours sums the hours of the ticket that a mention is of, and those of own
// errors apart.
func (s *shard) addHours(slot int, m *mention) {
	if s.hours == nil {
		s.hours = make([]int32, len(s.slots))
	}
	s.hours[slot] += int32(m.hours)
	if m.ours {
		if s.own == nil {
			s.own = map[uint64]ownTicket{}
		}
		own := ownTicket{client: m.owner, month: int(m.cell >> monthShift), hours: m.own}
		own.hours += s.own[m.print].hours
		s.own[m.print] = own
	}
}

// eachOwn hands over every ticket with own errors, and the part of it that they
// caused, in no particular order.
func (d *distinct) eachOwn(each func(t ownTicket, part measure.Quantity)) {
	for i := range d.shards {
		s := &d.shards[i]
		for print, t := range s.own {
			slot, _ := s.insert(print)
			if all := ticketHours(s.hours[slot]); all > 0 && t.hours > 0 {
				each(t, measure.Quantity(min(t.hours, all)*measure.Million/all))
			}
		}
	}
}

func (s *shard) insert(print uint64) (slot int, fresh bool) {
	if s.n >= len(s.slots)/4*3 {
		s.grow()
	}
	i := s.probe(print)
	if s.slots[i] == print {
		return i, false
	}
	s.slots[i] = print
	s.n++
	return i, true
}

// probe returns the slot of a fingerprint, or the free one where it belongs.
// Fingerprints are scaled to the length, which so need not be a power of two.
func (s *shard) probe(print uint64) int {
	hi, _ := bits.Mul64(print<<shardBits, uint64(len(s.slots)))
	i := int(hi)
	for s.slots[i] != 0 && s.slots[i] != print {
		if i++; i == len(s.slots) {
			i = 0
		}
	}
	return i
}

func (s *shard) grow() {
	slots, hours := s.slots, s.hours
	s.slots = make([]uint64, max(64, len(slots)*8/5))
	if hours != nil {
		s.hours = make([]int32, len(s.slots))
	}
	for from, print := range slots {
		if print == 0 {
			continue
		}
		to := s.probe(print)
		s.slots[to] = print
		if hours != nil {
			s.hours[to] = hours[from]
		}
	}
}

// fingerprint mixes a text with the client and month that it is counted for.
// The same text has the same bits in every run.
func fingerprint(of uint64, text string) uint64 {
	h := of ^ uint64(len(text))
	for ; len(text) >= 8; text = text[8:] {
		h = fold(h ^ word(text))
	}
	if len(text) > 0 {
		var last [8]byte
		copy(last[:], text)
		h = fold(h ^ word(string(last[:])))
	}
	return mix(h)
}

func word(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// fold multiplies by an odd constant (2^64 over the golden ratio) and folds the
// 128 bits of the product.
func fold(h uint64) uint64 {
	hi, lo := bits.Mul64(h^0x2d358dccaa6c78a5, 0x9e3779b97f4a7c15)
	return hi ^ lo
}
