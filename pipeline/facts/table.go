package facts

import (
	"math/bits"

	"clientworth/pipeline/cores"
)

// table holds sums by a key of 64 bits, of which the highest 12 are the month's
// place in the window. Each month has a table of its own: exports mostly go from day
// to day, so that what is in use at a time stays in the processor's caches, and what is
// to be done with all sums is done with several months side by side.
type table[V any] struct{ months []monthly[V] }

// monthly holds the sums of one month. It is a flat hash table: entries stand in
// chunks, in the order in which their keys first came, and an index of entry numbers
// is probed one slot after another. Chunks never move, so growing makes only an index.
// A dense array over all clients would be touched far more widely than it is filled.
type monthly[V any] struct {
	slots  []uint32 // entry number + 1; 0 is free; the length is a power of two
	chunks [][]entry[V]
	n      int
}

type entry[V any] struct {
	key uint64
	sum V
}

const (
	monthShift = 52
	chunkBits  = 9
	chunkLen   = 1 << chunkBits
)

func (t *table[V]) len() (n int) {
	for i := range t.months {
		n += t.months[i].n
	}
	return n
}

// at returns the sum of a key, new ones being zero. The pointer stays good.
func (t *table[V]) at(key uint64) *V { return t.sum(key, t.find(key)) }

// sum returns what entry n of a key's month holds.
func (t *table[V]) sum(key uint64, n int) *V { return &t.months[key>>monthShift].entry(n).sum }

// get returns what a key holds, or nothing. It changes nothing: what was renamed needs
// its index again.
func (t *table[V]) get(key uint64) (none V) {
	if month := int(key >> monthShift); month < len(t.months) && len(t.months[month].slots) > 0 {
		m := &t.months[month]
		if slot := m.slots[m.probe(key)]; slot != 0 {
			return m.entry(int(slot - 1)).sum
		}
	}
	return none
}

// find returns the number that a key's entry has in its month, which is new if need be.
func (t *table[V]) find(key uint64) int {
	month := int(key >> monthShift)
	t.reach(month + 1)
	m, room := &t.months[month], 0
	if m.full() && month > 0 {
		room = t.months[month-1].n * 9 / 8 // most months have about as many
	}
	return m.find(key, room)
}

// reach makes room for so many months.
func (t *table[V]) reach(months int) {
	if more := months - len(t.months); more > 0 {
		t.months = append(t.months, make([]monthly[V], more)...)
	}
}

// each hands over every entry.
func (t *table[V]) each(do func(key uint64, sum *V)) {
	for month := range t.months {
		t.months[month].each(do)
	}
}

// in hands over every entry of one month.
func (t *table[V]) in(month int, do func(key uint64, sum *V)) {
	if month < len(t.months) {
		t.months[month].each(do)
	}
}

// merge adds the entries of another table, which is empty then, several months side by
// side. They come under other keys of the same month, unless there is nothing to
// rename; add may change no other month.
func (t *table[V]) merge(o *table[V], rename func(key uint64) uint64, add func(key uint64, to, from *V)) {
	t.reach(len(o.months))
	sideBySide(len(o.months), func(month int) { t.mergeIn(month, o, rename, add) })
	o.months = nil
}

// mergeIn is merge for one month, which this table has room for.
func (t *table[V]) mergeIn(month int, o *table[V], rename func(key uint64) uint64, add func(key uint64, to, from *V)) {
	if month < len(o.months) {
		from := &o.months[month]
		if rename != nil {
			from.rename(rename)
		}
		t.months[month].merge(from, add)
	}
}

// sideBySide does something for so many months, several at a time.
func sideBySide(months int, do func(month int)) {
	cores.Each(months, 1, func(month, _ int) error { do(month); return nil })
}

// drain hands over every entry once, and lets go of the memory on the way.
func (t *table[V]) drain(each func(key uint64, sum *V)) {
	for month := range t.months {
		t.months[month].drain(each)
	}
	t.months = nil
}

func (m *monthly[V]) full() bool { return 2*m.n >= len(m.slots) }

// find returns the number of a key's entry. Where a longer index is needed, it is for
// at least so many.
func (m *monthly[V]) find(key uint64, room int) int {
	if m.full() {
		m.index(room)
	}
	i := m.probe(key)
	if slot := m.slots[i]; slot != 0 {
		return int(slot - 1)
	}
	m.slots[i] = uint32(m.n + 1)
	return m.push(key)
}

// probe returns the slot of a key, or the free one where it belongs.
func (m *monthly[V]) probe(key uint64) uint64 {
	mask := uint64(len(m.slots) - 1)
	i := hash(key) & mask
	for m.slots[i] != 0 && m.entry(int(m.slots[i]-1)).key != key {
		i = (i + 1) & mask
	}
	return i
}

// index makes an index of the entries, and of as many as there will be at least.
func (m *monthly[V]) index(room int) {
	length := max(64, 2<<bits.Len(uint(max(room, m.n))))
	m.slots = make([]uint32, length)
	mask := uint64(length - 1)
	for n := range m.n {
		i := hash(m.entry(n).key) & mask
		for m.slots[i] != 0 {
			i = (i + 1) & mask
		}
		m.slots[i] = uint32(n + 1)
	}
}

// settle makes the index that renaming let go of.
func (m *monthly[V]) settle() {
	if m.n > 0 && m.slots == nil {
		m.index(0)
	}
}

// glance returns what the first slot for a key holds: most often its entry + 1.
func (m *monthly[V]) glance(key uint64) uint32 {
	if len(m.slots) == 0 {
		return 0
	}
	return m.slots[hash(key)&uint64(len(m.slots)-1)]
}

func (m *monthly[V]) entry(n int) *entry[V] { return &m.chunks[n>>chunkBits][n&(chunkLen-1)] }

func (m *monthly[V]) push(key uint64) int {
	if m.n>>chunkBits == len(m.chunks) {
		m.chunks = append(m.chunks, make([]entry[V], chunkLen))
	}
	m.entry(m.n).key = key
	m.n++
	return m.n - 1
}

func (m *monthly[V]) each(do func(key uint64, sum *V)) {
	for n := range m.n {
		e := m.entry(n)
		do(e.key, &e.sum)
	}
}

func (m *monthly[V]) drain(each func(key uint64, sum *V)) {
	m.slots = nil
	for c, chunk := range m.chunks {
		for i := range min(chunkLen, m.n-c*chunkLen) {
			each(chunk[i].key, &chunk[i].sum)
		}
		m.chunks[c] = nil
	}
	m.chunks, m.n = nil, 0
}

// rename gives each entry another key, as different from the others as before. Most
// tables are never looked into again: an index is made once they are.
func (m *monthly[V]) rename(to func(key uint64) uint64) {
	m.slots = nil
	for n := range m.n {
		e := m.entry(n)
		e.key = to(e.key)
	}
}

// merge adds the entries of another table for the same month, which is empty then.
// They are taken over where there are none, or looked for a chunk at a time.
func (m *monthly[V]) merge(o *monthly[V], add func(key uint64, to, from *V)) {
	if m.n == 0 {
		*m, *o = *o, monthly[V]{}
		return
	}
	o.slots = nil
	var at [chunkLen]uint32
	for c, chunk := range o.chunks {
		chunk = chunk[:min(chunkLen, o.n-c*chunkLen)]
		for i := range chunk {
			at[i] = m.glance(chunk[i].key)
		}
		for i := range chunk {
			e, n := &chunk[i], int(at[i])-1
			if n < 0 || m.entry(n).key != e.key {
				n = m.find(e.key, 0)
			}
			add(e.key, &m.entry(n).sum, &e.sum)
		}
		o.chunks[c] = nil
	}
	*o = monthly[V]{}
}

// hash brings what tells keys apart into the lowest bits, by Fibonacci hashing.
func hash(key uint64) uint64 {
	h := key * golden
	return h ^ h>>32
}

// mix spreads the bits of a key over the whole hash (the finaliser of
// MurmurHash3, which is public domain).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
