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
	shift int    // of a hash, to the place among the slots
	used  int
	raw   []byte // spellings longer than 16 bytes

	ids     map[string]uint32
	offsets []int32 // of the texts, as Arrow has them
	text    []byte
}

// slot is one spelling: a and b are its first and last bytes, which are all of
// it up to 16. The assembler knows its size and the order of its fields.
type slot struct {
	a, b uint64
	at   uint32 // in raw, where it is longer
	n    uint32 // its length; 0 is an empty slot
	id   uint32
}

func newNames() *names {
	return &names{slots: make([]slot, 16), shift: 64 - 4, ids: map[string]uint32{}, offsets: []int32{0}}
}

// at returns the text of a number.
func (t *names) at(id uint32) string { return string(t.text[t.offsets[id]:t.offsets[id+1]]) }

// mostKept is how many bytes of names a column takes to the next file.
const mostKept = 8 << 20

// size is about how many bytes the names take.
func (t *names) size() int { return len(t.text) + len(t.raw) + 64*(t.used+len(t.offsets)) }

// noName stands for the number of an empty field.
const noName = ^uint32(0)

// numberPlain is the plain way of number.
func (t *names) numberPlain(ids []uint32, data []byte, fields []span) (given int, empty bool) {
	slots, mask := t.slots, len(t.slots)-1
	ids = ids[:len(fields)]
	for i, f := range fields {
		n := f.to - f.from
		if n == 0 {
			ids[i], empty = noName, true
			continue
		}
		a, b := ends8(data, f)
		for h := int(hashOf(data, f, a, b) >> t.shift); ; h = (h + 1) & mask {
			s := &slots[h]
			if s.a == a && s.b == b && s.n == n && (n <= 16 || sameLong(t.raw[s.at:s.at+n], data[f.from:f.to])) {
				ids[i] = s.id
				break
			}
			if s.n == 0 {
				return i, empty
			}
		}
	}
	return len(fields), empty
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

// Odd numbers whose bits look drawn by lot.
const (
	hash1 = 0x9e3779b97f4a7c15
	hash2 = 0xd1b54a32d192ed03
	hash3 = 0x8cb92ba72f3d8dd7
	hash4 = 0xaef17502108ef2d9
	hash5 = 0xf1357aea2e62a9c5
)

// hashOf hashes the spelling of a field, whose first and last eight bytes are
// given. The upper bits are the best.
func hashOf(data []byte, f span, a, b uint64) uint64 {
	n := f.to - f.from
	h := (a^uint64(n))*hash1 + b*hash2
	if n > 16 {
		h += binary.LittleEndian.Uint64(data[f.from+8:])*hash3 + binary.LittleEndian.Uint64(data[f.to-16:])*hash4
	}
	for at := f.from + 16; n > 32 && at < f.to-16; at += 8 {
		h = (h ^ h>>32) * hash5
		h += binary.LittleEndian.Uint64(data[at:]) * hash1 // the last ones twice, perhaps
	}
	return (h ^ h>>32) * hash5
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
	var h uint64
	if s.n > 16 {
		h = hashOf(t.raw, span{s.at, s.at + s.n}, s.a, s.b)
	} else {
		h = hashOf(nil, span{0, s.n}, s.a, s.b)
	}
	mask := len(t.slots) - 1
	i := int(h >> t.shift)
	for t.slots[i].n != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = s
}

func (t *names) grow() {
	old := t.slots
	t.slots = make([]slot, 2*len(old))
	t.shift--
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
