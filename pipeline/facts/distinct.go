package facts

import (
	"math/bits"
	"sync"

	"clientworth/pipeline/measure"
)

// distinct counts different documents or tickets by client and month. It keeps
// 64 bits of each: among 10 million, the odds that any two of them share their
// bits, so that one is not counted, are about 1 in 400,000; the exact texts would
// take ten times the memory. All workers share one set, so that merging them is
// no second copy; each takes the lock of one shard at a time. Each month has shards
// of its own, as it has an index in a [table]: exports mostly go from day to day, so
// that what is in use stays in the processor's caches.
type distinct struct {
	shards []shard
}

func newDistinct(months int) *distinct { return &distinct{make([]shard, months<<shardBits)} }

// shardOf returns the shard of a mention: by its month, and the highest bits of its
// fingerprint.
func shardOf(m *mention) int { return int(m.cell>>monthShift<<shardBits | m.print>>(64-shardBits)) }

// shardBits is for workers that read the same month.
const shardBits = 2

type shard struct {
	mu    sync.Mutex
	slots []uint64                 // 0 is free
	hours []int32                  // of all entries of a ticket, as [measure.Hours]; nil where no causes are known
	more  map[uint64]measure.Hours // by print: hours that are too many for 32 bits
	own   map[uint64]ownTicket     // by print
	n     int
}

// ownTicket is a ticket with hours that our own errors caused.
type ownTicket struct {
	of      *accounts
	account uint32
	month   int // place in the window
	hours   measure.Hours
}

// addHours adds to the hours of the ticket in a slot. The few tickets of more than
// 2,147 hours need not make all slots larger.
func (s *shard) addHours(at int, hours measure.Hours) {
	sum := measure.Hours(s.hours[at]) + hours
	if sum != measure.Hours(int32(sum)) {
		if s.more == nil {
			s.more = map[uint64]measure.Hours{}
		}
		s.more[s.slots[at]] += sum
		sum = 0
	}
	s.hours[at] = int32(sum)
}

// addOwn sums the hours of own errors of a ticket.
func (s *shard) addOwn(m *mention, of *accounts) {
	if s.own == nil {
		s.own = map[uint64]ownTicket{}
	}
	account, month := unpackCount(m.cell)
	s.own[m.print] = ownTicket{of: of, account: account, month: month, hours: s.own[m.print].hours + m.own}
}

// eachOwn hands over every ticket with own errors, and the part of it that they
// caused, in no particular order.
func (d *distinct) eachOwn(each func(t ownTicket, part measure.Quantity)) {
	for i := range d.shards {
		s := &d.shards[i]
		for print, t := range s.own {
			at, _ := s.insert(print)
			if all := measure.Hours(s.hours[at]) + s.more[print]; all > 0 && t.hours > 0 {
				hi, lo := bits.Mul64(uint64(min(t.hours, all)), measure.Million)
				part, _ := bits.Div64(hi, lo, uint64(all))
				each(t, measure.Quantity(part))
			}
		}
	}
}

// room makes room for more prints in a shard: for as many as that of the month before
// has, and some, since most months have about as many.
func (d *distinct) room(of, more int) {
	s := &d.shards[of]
	for s.n+more > len(s.slots)/4*3 {
		s.grow(max(256, len(s.slots)*8/5, d.before(of)*3/2))
	}
}

// before returns how many prints the shard of the month before has.
func (d *distinct) before(of int) int {
	if of < 1<<shardBits {
		return 0
	}
	s := &d.shards[of-1<<shardBits]
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

// reach touches where mentions belong, so that the waits for memory overlap.
func (s *shard) reach(many []mention, hours bool) (touched uint64) {
	if hours && s.hours == nil {
		s.hours = make([]int32, len(s.slots))
	}
	for i := range many {
		home := s.home(many[i].print)
		if touched ^= s.slots[home]; hours {
			touched ^= uint64(s.hours[home])
		}
	}
	return touched
}

func (s *shard) insert(print uint64) (at int, fresh bool) {
	at = s.probe(print)
	if s.slots[at] == print {
		return at, false
	}
	s.slots[at] = print
	s.n++
	return at, true
}

// home is the first slot for a fingerprint. Fingerprints are scaled to the length,
// which so need not be a power of two.
func (s *shard) home(print uint64) int {
	hi, _ := bits.Mul64(print<<shardBits, uint64(len(s.slots)))
	return int(hi)
}

// probe returns the slot of a fingerprint, or the free one where it belongs.
func (s *shard) probe(print uint64) int {
	at := s.home(print)
	for s.slots[at] != print && s.slots[at] != 0 {
		if at++; at == len(s.slots) {
			at = 0
		}
	}
	return at
}

func (s *shard) grow(room int) {
	slots, hours := s.slots, s.hours
	s.slots = make([]uint64, room)
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

// fingerprint mixes a text with the client and month that it is counted for. The
// same text has the same bits in every run; they are never 0.
func fingerprint(of uint64, text string) uint64 {
	h := of ^ uint64(len(text))*golden
	for ; len(text) > 16; text = text[16:] {
		h = fold(h^word(text), word(text[8:]))
	}
	var a, b uint64
	switch n := len(text); {
	case n >= 8:
		a, b = word(text), word(text[n-8:])
	case n >= 4:
		a, b = uint64(half(text)), uint64(half(text[n-4:]))
	case n > 0:
		a = uint64(text[0]) | uint64(text[n/2])<<8 | uint64(text[n-1])<<16
	}
	return max(fold(fold(h^a, b), of), 1)
}

func word(s string) uint64 { return uint64(half(s)) | uint64(half(s[4:]))<<32 }

func half(s string) uint32 {
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// golden is 2^64 over the golden ratio.
const golden = 0x9e3779b97f4a7c15

// fold multiplies two numbers, each mixed with a constant (the other is 2^64 over
// the square root of two), and folds the 128 bits of the product.
func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^golden, b^0xb504f333f9de6485)
	return hi ^ lo
}
