package exports

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// names numbers the texts of one column. It remembers every spelling as it
// stands in the file, quotes and spaces included, in a flat hash table, so that
// a spelling is taken apart only once. Several spellings may be one text.
type names struct {
	slots []slot // a power of two
	used  int
	raw   []byte // spellings longer than 16 bytes

	ids     map[string]uint32
	offsets []int32 // of the texts, as Arrow has them
	text    []byte
}

// slot is one spelling: a and b are its first and last bytes, which are all of
// it up to 16.
type slot struct {
	a, b uint64
	at   uint32 // in raw, where it is longer
	n    uint32 // its length; 0 is an empty slot
	id   uint32
}

func newNames() *names {
	return &names{slots: make([]slot, 16), ids: map[string]uint32{}, offsets: []int32{0}}
}

// at returns the text of a number.
func (t *names) at(id uint32) string { return string(t.text[t.offsets[id]:t.offsets[id+1]]) }

// number gives fields the numbers of their spellings. It stops at the first that
// has none, or is empty, and returns how many it gave. At least 8 bytes must precede
// a field, and 8 follow.
func (t *names) number(ids []uint32, data []byte, fields []span) int {
	slots, mask := t.slots, uint64(len(t.slots)-1)
	ids = ids[:len(fields)]
	for i, f := range fields {
		a, b := ends8(data, f)
		n := f.to - f.from
		h := mix(a^uint64(n), b)
		if n > 16 {
			h = hashLong(data[f.from:f.to], h)
		}
		for h &= mask; ; h = (h + 1) & mask {
			s := &slots[h]
			if s.a == a && s.b == b && s.n == n && (n <= 16 || sameLong(t.raw[s.at:s.at+n], data[f.from:f.to])) {
				ids[i] = s.id
				break
			}
			if s.n == 0 || n == 0 {
				return i
			}
		}
	}
	return len(fields)
}

// ends8 returns the first and the last eight bytes, which overlap where there are
// fewer than 16. Of fewer than eight both are all there are, without a branch that
// would often be mispredicted. At least 8 bytes must precede them, and 8 follow.
func ends8(data []byte, f span) (a, b uint64) {
	missing := (8 - min(f.to-f.from, 8)) * 8 & 63 // bits
	a = binary.LittleEndian.Uint64(data[f.from:])
	b = binary.LittleEndian.Uint64(data[f.to-8:])
	return a << missing >> missing, b >> missing
}

// sameLong compares texts of one length above 16, whose first and last eight bytes
// are known to be the same.
func sameLong(a, b []byte) bool {
	if n := len(a); n <= 32 {
		return len(b) == n && binary.LittleEndian.Uint64(a[8:]) == binary.LittleEndian.Uint64(b[8:]) &&
			binary.LittleEndian.Uint64(a[n-16:]) == binary.LittleEndian.Uint64(b[n-16:])
	}
	return bytes.Equal(a, b)
}

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0x9e3779b97f4a7c15, b^0xd1b54a32d192ed03)
	return hi ^ lo
}

// hashLong hashes what the first and last eight bytes leave of a text that is
// longer than both.
func hashLong(text []byte, h uint64) uint64 {
	n, at := len(text), 8
	for ; n-at > 24; at += 16 {
		h = mix(binary.LittleEndian.Uint64(text[at:])^h, binary.LittleEndian.Uint64(text[at+8:]))
	}
	return mix(binary.LittleEndian.Uint64(text[at:])^h, binary.LittleEndian.Uint64(text[n-16:]))
}

// fewSlots fit into the processor's first cache: there is room for nearly every
// spelling to stand where it is looked for first.
const fewSlots = 1024

// add remembers that a spelling is the text of that number.
func (t *names) add(data []byte, f span, id uint32) {
	if t.used >= len(t.slots)/2 || t.used >= len(t.slots)/8 && len(t.slots) < fewSlots {
		t.grow()
	}
	a, b := ends8(data, f)
	s := slot{a: a, b: b, n: f.to - f.from, id: id}
	if s.n > 16 {
		s.at = uint32(len(t.raw))
		t.raw = append(t.raw, data[f.from:f.to]...)
	}
	t.put(s)
	t.used++
}

func (t *names) put(s slot) {
	h := mix(s.a^uint64(s.n), s.b)
	if s.n > 16 {
		h = hashLong(t.raw[s.at:s.at+s.n], h)
	}
	mask := uint64(len(t.slots) - 1)
	i := h & mask
	for t.slots[i].n != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = s
}

func (t *names) grow() {
	old := t.slots
	t.slots = make([]slot, 2*len(old))
	for _, s := range old {
		if s.n != 0 {
			t.put(s)
		}
	}
}

// id returns the number of a text, a new one where it was not seen before.
func (t *names) id(text string) uint32 {
	if id, ok := t.ids[text]; ok {
		return id
	}
	id := uint32(len(t.offsets) - 1)
	t.ids[text] = id
	t.text = append(t.text, text...)
	t.offsets = append(t.offsets, int32(len(t.text)))
	return id
}
