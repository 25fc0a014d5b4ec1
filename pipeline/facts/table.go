package facts

import "math/bits"

// table holds sums by a key of 64 bits, of which the highest 12 are the month's
// place in the window. It is a flat hash table: entries stand in chunks, in the
// order in which their keys first came, and an index of entry numbers is probed
// one slot after another. Chunks never move, so growing copies only an index. A
// dense array over all clients and months would be touched far more widely than
// it is filled. Exports mostly go from day to day: with an index for each month,
// what is in use at a time stays in the processor's caches.
type table[V any] struct {
	months []index
	chunks [][]entry[V]
	n      int
}

// index finds the entries of one month.
type index struct {
	slots []uint32 // entry number + 1; 0 is free; the length is a power of two
	used  int
}

type entry[V any] struct {
	key uint64
	sum V
}

const (
	monthShift = 52
	chunkBits  = 12
	chunkLen   = 1 << chunkBits
)

func (t *table[V]) len() int { return t.n }

// at returns the sum of a key, new ones being zero. The pointer stays good.
func (t *table[V]) at(key uint64) *V { return &t.entry(t.find(key)).sum }

// find returns the number of a key's entry, which is new if need be.
func (t *table[V]) find(key uint64) int {
	month := int(key >> monthShift)
	if month >= len(t.months) {
		t.reach(month)
	}
	x := &t.months[month]
	if 2*x.used >= len(x.slots) {
		t.grow(month)
	}
	mask := uint64(len(x.slots) - 1)
	for i := hash(key) & mask; ; i = (i + 1) & mask {
		slot := x.slots[i]
		if slot == 0 {
			x.slots[i] = uint32(t.n + 1)
			x.used++
			return t.push(key)
		}
		if n := int(slot - 1); t.entry(n).key == key {
			return n
		}
	}
}

// reach makes room for the index of a month. Entries that were renamed get indices
// now.
func (t *table[V]) reach(month int) {
	renamed := t.months == nil
	t.months = append(t.months, make([]index, month+1-len(t.months))...)
	for n := 0; renamed && n < t.n; n++ {
		key := t.entry(n).key
		month := int(key >> monthShift)
		if month >= len(t.months) {
			t.reach(month)
		}
		if x := &t.months[month]; 2*x.used >= len(x.slots) {
			t.grow(month)
		}
		t.months[month].put(key, uint32(n+1))
	}
}

// put gives an entry that is not there the first free slot for its key.
func (x *index) put(key uint64, slot uint32) {
	mask := uint64(len(x.slots) - 1)
	i := hash(key) & mask
	for x.slots[i] != 0 {
		i = (i + 1) & mask
	}
	x.slots[i] = slot
	x.used++
}

func (t *table[V]) entry(i int) *entry[V] { return &t.chunks[i>>chunkBits][i&(chunkLen-1)] }

func (t *table[V]) push(key uint64) int {
	if t.n>>chunkBits == len(t.chunks) {
		t.chunks = append(t.chunks, make([]entry[V], chunkLen))
	}
	t.entry(t.n).key = key
	t.n++
	return t.n - 1
}

// grow makes a longer index of a month: one for as many entries as the month before
// has, and some, since most months have about as many.
func (t *table[V]) grow(month int) {
	x := &t.months[month]
	old := x.slots
	room := max(64, 2*len(old))
	if month > 0 {
		room = max(room, 2<<bits.Len(uint(t.months[month-1].used*9/8)))
	}
	*x = index{slots: make([]uint32, room)}
	for _, slot := range old {
		if slot != 0 {
			x.put(t.entry(int(slot-1)).key, slot)
		}
	}
}

// rename gives each entry another key, as different from the others as before.
// Most tables are never looked into again: indices are made once they are.
func (t *table[V]) rename(to func(key uint64) uint64) {
	t.months = nil
	for n := range t.n {
		e := t.entry(n)
		e.key = to(e.key)
	}
}

// each hands over every entry with its number.
func (t *table[V]) each(do func(n int, key uint64, sum *V)) {
	for n := range t.n {
		e := t.entry(n)
		do(n, e.key, &e.sum)
	}
}

// merge hands over every entry of another table with the number that its key has here,
// and empties the other. They are looked for a block at a time.
func (t *table[V]) merge(o *table[V], add func(to, from int, sum *V)) {
	o.months = nil
	var keys [blockRows]uint64
	var at [blockRows]uint32
	for from := 0; from < o.n; from += blockRows {
		n := min(blockRows, o.n-from)
		for i := range n {
			keys[i] = o.entry(from + i).key
		}
		t.findAll(keys[:n], at[:n])
		for i := range n {
			add(int(at[i]), from+i, &o.entry(from+i).sum)
		}
		if (from+n)&(chunkLen-1) == 0 {
			o.chunks[from>>chunkBits] = nil
		}
	}
	*o = table[V]{}
}

// drain hands over every entry once, and lets go of the memory on the way.
func (t *table[V]) drain(each func(n int, key uint64, sum *V)) {
	t.months = nil
	for c, chunk := range t.chunks {
		for i := range min(chunkLen, t.n-c*chunkLen) {
			each(c*chunkLen+i, chunk[i].key, &chunk[i].sum)
		}
		t.chunks[c] = nil
	}
	t.chunks, t.n = nil, 0
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
