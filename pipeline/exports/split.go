package exports

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// dialect is how a CSV file writes its rows.
type dialect struct {
	separator byte
	quote     byte // 0 where nothing is quoted
	eol       byte // '\n', or '\r' in files that have no other line end
}

// splitter finds the fields of rows. It looks at 64 bytes at a time (lookAll):
// which of them separate, end lines or quote becomes words of one bit per byte,
// and whatever stands between quotes is masked out by the parity of the quotes
// before it. All positions are within the bytes given to split.
type splitter struct {
	dialect

	// marks holds the position of every separator and line end outside quotes.
	// The first is the position before the first row, so that field k of a row
	// whose first mark is marks[m] lies between marks[m+k-1]+1 and marks[m+k].
	marks []uint32
	ends  []uint32 // position in marks of each line end
	inner []uint32 // line ends within quotes
	quots []uint32 // quotes
	doubt []span   // bytes that may not be UTF-8

	inside uint64 // all ones while the block before ended within quotes
	lead   uint64 // 1 where it ended with the first byte of a character of two
}

type span struct{ from, to uint32 }

// block is what 64 bytes hold, the first byte in the lowest bit. The assembler
// knows the order of its fields.
type block struct {
	marks, ends, quotes uint64
	wide                uint64 // bytes above ASCII
	tails               uint64 // those that continue a character
	rare                uint64 // those that begin a character of three bytes or more, or none
}

// split finds the rows in data[from:to], which begin at a row and end with a
// line end. At least 64 bytes must follow to, and one must precede from.
func (s *splitter) split(data []byte, from, to int) {
	s.marks = append(s.marks[:0], uint32(from-1))
	s.ends, s.inner, s.quots, s.doubt = s.ends[:0], s.inner[:0], s.quots[:0], s.doubt[:0]
	s.inside, s.lead = 0, 0
	var room [64]block
	for at := from; at < to; at += 64 * len(room) {
		blocks := room[:min(len(room), (to-at+63)/64)]
		odd := lookAll(blocks, data[at:], s.dialect)
		if rest := to - at; rest < 64*len(blocks) {
			last := &blocks[len(blocks)-1]
			*last = last.first(rest % 64)
		}
		s.settle(blocks, odd, uint32(at))
		s.marks, s.ends = markAll(s.marks, s.ends, blocks, uint32(at))
	}
}

// settle goes through the blocks that hold quotes or more than ASCII, or follow
// such ones: of the marks it leaves those outside quotes. A bit of odd stands for
// a block.
func (s *splitter) settle(blocks []block, odd uint64, at uint32) {
	for i := 0; i < len(blocks); i++ {
		if s.inside|s.lead == 0 {
			if i += bits.TrailingZeros64(odd >> i); i >= len(blocks) {
				return
			}
		}
		s.take(&blocks[i], at+uint32(64*i))
	}
}

// take leaves of a block's marks those outside quotes, and notes its quotes, the line
// ends within, and bytes that may not be UTF-8.
func (s *splitter) take(b *block, at uint32) {
	if s.quote == 0 {
		b.quotes = 0
	}
	if b.wide|s.lead != 0 {
		s.letters(b, at)
	}
	if b.quotes|s.inside != 0 {
		within := parity(b.quotes) ^ s.inside
		s.inside = uint64(int64(within) >> 63)
		s.inner = positions(s.inner, b.ends&within, at)
		s.quots = positions(s.quots, b.quotes, at)
		b.marks &^= within
		b.ends &^= within
	}
}

// markWords appends the positions of the marks of blocks, the first of which
// begins at a position, and of the line ends among all marks: the plain way of
// markAll.
func markWords(marks, ends []uint32, of []block, at uint32) (m, e []uint32) {
	for i := range of {
		b := &of[i]
		for e := b.ends; e != 0; e &= e - 1 {
			before := e&-e - 1
			ends = append(ends, uint32(len(marks)+bits.OnesCount64(b.marks&before)))
		}
		marks = positions(marks, b.marks, at+uint32(64*i))
	}
	return marks, ends
}

// letters checks that a block is UTF-8. Where all its characters have one or two
// bytes, each first byte must be followed by one that continues it, and no other
// be. Blocks with longer characters are left to be looked at.
func (s *splitter) letters(b *block, at uint32) {
	leads := b.wide &^ b.tails
	if b.rare == 0 && b.tails == leads<<1|s.lead {
		s.lead = leads >> 63
		return
	}
	from := at + uint32(bits.TrailingZeros64(b.wide))
	if s.lead != 0 {
		from = at - 1
	}
	s.lead = 0
	to := max(from+1, at+64-uint32(bits.LeadingZeros64(b.wide)))
	if n := len(s.doubt); n > 0 && s.doubt[n-1].to == from { // perhaps in one character
		s.doubt[n-1].to = to
		return
	}
	s.doubt = append(s.doubt, span{from, to})
}

// first returns the block without what lies beyond its first n bytes.
func (b block) first(n int) block {
	keep := uint64(1)<<n - 1
	return block{b.marks & keep, b.ends & keep, b.quotes & keep, b.wide & keep, b.tails & keep, b.rare & keep}
}

// positions appends base plus the position of each bit of a mask. Eight are
// written at once, needed or not: a loop with an exit per bit is mispredicted
// for every block.
func positions(to []uint32, mask uint64, base uint32) []uint32 {
	n := len(to)
	count := bits.OnesCount64(mask)
	if cap(to)-n < 64 {
		to = append(to, make([]uint32, max(1024, n))...)
	}
	out := to[n : n+64 : n+64]
	for i := 0; i < count; i += 8 {
		o := out[i : i+8 : i+8]
		for j := range o {
			o[j] = base + uint32(bits.TrailingZeros64(mask))
			mask &= mask - 1
		}
	}
	return to[:n+count]
}

// parity returns a mask whose bit i tells whether an odd number of bits of m are
// set at or below i: the bytes from an opening quote up to its closing one.
func parity(m uint64) uint64 {
	m ^= m << 1
	m ^= m << 2
	m ^= m << 4
	m ^= m << 8
	m ^= m << 16
	m ^= m << 32
	return m
}

const (
	highs = 0x8080808080808080
	lows  = 0x7f7f7f7f7f7f7f7f
)

func spread(c byte) uint64 { return uint64(c) * 0x0101010101010101 }

// lookWords tells what blocks hold, eight bytes at a time: the plain way of
// lookAll.
func lookWords(to []block, data []byte, d dialect) (odd uint64) {
	sep, eol, quote := spread(d.separator), spread(d.eol), spread(d.quote)
	for i := range to {
		to[i] = look((*[64]byte)(data[64*i:64*i+64]), sep, eol, quote)
		if to[i].quotes|to[i].wide != 0 {
			odd |= 1 << i
		}
	}
	return odd
}

func look(p *[64]byte, sep, eol, quote uint64) (b block) {
	for i := 0; i < 64; i += 8 {
		x := binary.LittleEndian.Uint64(p[i : i+8])
		s, e, q := differs(x^sep), differs(x^eol), differs(x^quote)
		b.marks |= gather(^(s&e)&highs) << i
		b.ends |= gather(^e&highs) << i
		b.quotes |= gather(^q&highs) << i
		b.wide |= gather(x&highs) << i
	}
	for w := b.wide; w != 0; w &= w - 1 {
		switch c := p[bits.TrailingZeros64(w)]; {
		case c < 0xc0:
			b.tails |= w & -w
		case c >= 0xe0 || c < 0xc2:
			b.rare |= w & -w
		}
	}
	return b
}

// differs has the high bit of each byte clear where that byte of x is zero.
func differs(x uint64) uint64 { return (x&lows + lows) | x }

// gather brings the high bits of eight bytes together, the first byte's lowest.
func gather(m uint64) uint64 { return m * 0x0002040810204081 >> 56 }

// within reports whether a position stands between quotes.
func (s *splitter) within(at uint32) bool {
	n, _ := slices.BinarySearch(s.quots, at)
	return n%2 == 1
}

// misquoted returns the position of a quote that neither opens a field, nor
// closes one, nor is doubled; or -1.
func (s *splitter) misquoted(data []byte, from int) int {
	ends := func(at uint32) bool { // a field, at this byte
		c := data[at]
		return c == s.separator || c == s.eol || c == '\r' && data[at+1] == s.eol
	}
	for i := 0; i+1 < len(s.quots); i += 2 {
		open, closing := s.quots[i], s.quots[i+1]
		doubled := i > 0 && s.quots[i-1] == open-1
		if !doubled && int(open) != from && data[open-1] != s.separator && data[open-1] != s.eol {
			return int(open)
		}
		if !ends(closing+1) && data[closing+1] != s.quote {
			return int(closing)
		}
	}
	return -1
}
