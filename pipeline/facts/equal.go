package facts

import (
	"fmt"
	"math/bits"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
)

// Equal rows inside one file are genuine: goods are sold twice on one invoice,
// work is booked twice in a day. They count, and are reported; all the more where
// rows have numbers of their own, which only pasting an export twice makes equal.

// watchLimit is how many rows of a source are remembered. Of a longer one every
// second row is, or every fourth and so on, chosen by what it says: equal rows
// are all remembered or none, and memory does not grow with rows.
const watchLimit = 4 << 20

// watch remembers the rows that one worker meets by the fingerprints of what
// they say.
type watch struct {
	limit  int
	prints [][]uint64 // by file
	n      int
	halved int // only prints of which so many of the lowest bits are zero are kept
	contents
}

func newWatch(e *exports.Export) *watch {
	return &watch{limit: watchLimit, prints: make([][]uint64, len(e.Source.Files)), contents: *newContents()}
}

// look remembers the rows of a batch.
func (w *watch) look(b exports.Batch) {
	rows := b.Prints
	if rows == nil {
		rows = w.contents.of(b)
	}
	w.add(b.File, rows)
}

func (w *watch) add(file int, rows []uint64) {
	had := len(w.prints[file])
	w.prints[file] = keepPrints(append(w.prints[file], rows...), had, w.halved)
	w.n += len(w.prints[file]) - had
	w.halve(w.limit)
}

// halve forgets every second print until there are few enough.
func (w *watch) halve(limit int) {
	for w.n > limit {
		w.halved++
		w.n = 0
		for file := range w.prints {
			w.prints[file] = keepPrints(w.prints[file], 0, w.halved)
			w.n += len(w.prints[file])
		}
	}
}

// keepPrints keeps, from a position on, the prints that are not forgotten.
func keepPrints(prints []uint64, from, halved int) []uint64 {
	if halved == 0 {
		return prints
	}
	forget := uint64(1)<<halved - 1
	kept := prints[:from]
	for _, p := range prints[from:] {
		if p&forget == 0 {
			kept = append(kept, p)
		}
	}
	return kept
}

// joinWatches brings together what the workers remember. However the rows were
// shared out among them, the same prints are left.
func joinWatches(parts []*watch) *watch {
	all := &watch{limit: watchLimit}
	for _, w := range parts {
		if w == nil {
			continue
		}
		if all.prints == nil {
			all.limit, all.prints = w.limit, make([][]uint64, len(w.prints))
		}
		for file, prints := range w.prints {
			all.prints[file] = append(all.prints[file], prints...)
			all.n += len(prints)
			w.prints[file] = nil
		}
		all.halved = max(all.halved, w.halved)
	}
	for file, prints := range all.prints {
		all.prints[file] = keepPrints(prints, 0, all.halved)
		all.n += len(all.prints[file]) - len(prints)
	}
	all.halve(all.limit)
	return all
}

// report names the files that have equal rows.
func (w *watch) report(e *exports.Export, log *finding.Log) {
	for file, prints := range w.prints {
		n := repeated(prints)
		if n == 0 {
			continue
		}
		detail := fmt.Sprintf("%d rows equal an earlier one", n)
		if w.halved > 0 {
			detail = fmt.Sprintf("about %d rows equal an earlier one, by one row in %d", n<<w.halved, 1<<w.halved)
		}
		log.Add(finding.Finding{Rule: ruleEqualRows, Place: finding.Place{File: e.Source.Files[file]}, Detail: detail})
	}
}

// repeated returns how many prints equal one before them. They are dealt out by
// their highest bits into heaps of which each is looked through within the
// processor's caches.
func repeated(prints []uint64) (n int) {
	const deal = 10 // bits
	var ends [1<<deal + 1]int
	for _, p := range prints {
		ends[p>>(64-deal)+1]++
	}
	for i := 1; i < len(ends); i++ {
		ends[i] += ends[i-1]
	}
	next, dealt := ends, make([]uint64, len(prints))
	for _, p := range prints {
		heap := p >> (64 - deal)
		dealt[next[heap]] = p
		next[heap]++
	}
	var slots []uint64
	for i := range 1 << deal {
		heap := dealt[ends[i]:ends[i+1]]
		slots = sizedTo(slots, 2<<bits.Len(uint(len(heap))))
		clear(slots)
		n += repeats(heap, slots)
	}
	return n
}

// repeats is [repeated] with a hash table, whose length is a power of two.
func repeats(prints, slots []uint64) (n int) {
	shift := 64 - bits.Len(uint(len(slots)-1))
	for _, p := range prints {
		p |= 1 << 63 // of a heap all highest bits are the same; 0 is a free slot
		i := int(p << 10 >> shift)
		for slots[i] != 0 && slots[i] != p {
			i = (i + 1) & (len(slots) - 1)
		}
		if slots[i] == p {
			n++
		}
		slots[i] = p
	}
	return n
}

func sizedTo[T any](s []T, n int) []T {
	if cap(s) < n {
		s = make([]T, n)
	}
	return s[:n]
}
