package facts

import (
	"fmt"
	"math/bits"
	"slices"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
)

// Equal rows inside one file are genuine: goods are sold twice on one invoice,
// work is booked twice in a day. They count, and are reported; all the more where
// rows have numbers of their own, which only pasting an export twice makes equal.

// watchLimit is how many rows of a source are remembered. Of a longer one every
// second row is, or every fourth and so on, chosen by what it says: equal rows
// are all remembered or none, and memory does not grow with rows.
const watchLimit = 2 << 20

// watch remembers the rows that one worker meets by the fingerprints of what
// they say.
type watch struct {
	limit  int
	files  []prints
	n      int
	halved int // only prints of which so many of the lowest bits are zero are kept
}

func newWatch(e *exports.Export) *watch {
	return &watch{limit: watchLimit, files: make([]prints, len(e.Source.Files))}
}

// look remembers the rows of a batch.
func (w *watch) look(b exports.Batch) { w.add(b.File, b.Prints) }

func (w *watch) add(file int, rows []uint64) {
	w.n += w.files[file].add(rows, w.halved)
	w.halve()
}

// halve forgets every second print until there are few enough. A print of nothing
// but zeros cannot be forgotten.
func (w *watch) halve() {
	for w.n > w.limit && w.halved < 64 {
		w.halved++
		w.forget()
	}
}

// forget leaves only the prints that are kept.
func (w *watch) forget() {
	w.n = 0
	for i := range w.files {
		all := w.files[i]
		w.files[i] = nil
		for _, chunk := range all {
			w.n += w.files[i].add(chunk, w.halved)
		}
	}
}

// joinWatches brings together what the workers remember. However the rows were
// shared out among them, the same prints are left.
func joinWatches(parts []*watch) *watch {
	all := &watch{}
	for _, w := range parts {
		if all.files == nil {
			all.limit, all.files = w.limit, make([]prints, len(w.files))
		}
		for file, prints := range w.files {
			all.files[file] = append(all.files[file], prints...)
		}
		all.n += w.n
		all.halved = max(all.halved, w.halved)
	}
	if slices.ContainsFunc(parts, func(w *watch) bool { return w.halved < all.halved }) {
		all.forget()
	}
	all.halve()
	return all
}

// prints is a list that grows without being copied.
type prints [][]uint64

// add appends those that are kept, and returns how many. Which are cannot be
// predicted, so that each is written, and the next in its place.
func (p *prints) add(rows []uint64, halved int) (n int) {
	forgotten := uint64(1)<<halved - 1
	for len(rows) > 0 {
		last := len(*p) - 1
		if last < 0 || len((*p)[last]) == cap((*p)[last]) {
			*p = append(*p, make([]uint64, 0, 64<<min(2*len(*p), 10)))
			last++
		}
		had := len((*p)[last])
		chunk := (*p)[last][:cap((*p)[last])]
		some := rows[:min(len(rows), len(chunk)-had)]
		at := had
		for _, row := range some {
			chunk[at] = row
			if row&forgotten == 0 {
				at++
			}
		}
		(*p)[last] = chunk[:at]
		n += at - had
		rows = rows[len(some):]
	}
	return n
}

// report names the files that have equal rows.
func (w *watch) report(e *exports.Export, log *finding.Log) {
	for file, prints := range w.files {
		n := prints.repeated()
		if n == 0 {
			continue
		}
		detail := fmt.Sprintf("%d rows equal an earlier one", n)
		switch {
		case w.halved > 0:
			detail = fmt.Sprintf("about %d rows equal an earlier one, by one row in %d", n<<w.halved, 1<<w.halved)
		case n == 1:
			detail = "1 row equals an earlier one"
		}
		log.Add(finding.Finding{Rule: ruleEqualRows, Place: finding.Place{File: e.Source.Files[file]}, Detail: detail})
	}
}

// repeated returns how many prints equal one before them. Nearly all differ: bits
// tell of which some others may be equal, and only these are compared.
func (p prints) repeated() int {
	rows := 0
	for _, chunk := range p {
		rows += len(chunk)
	}
	const each = 3 // so many powers of two more bits than prints; with more, they leave the processor's caches
	length := max(6, bits.Len(uint(rows))+each)
	met, shift := make([]uint64, 1<<(length-6)), 64-length
	var again []uint64 // whose bit was set by one before
	for _, chunk := range p {
		for _, row := range chunk {
			word, bit := &met[row>>shift>>6], uint64(1)<<(row>>shift&63)
			if *word&bit != 0 {
				again = append(again, row)
			}
			*word |= bit
		}
	}
	clear(met)
	for _, row := range again {
		met[row>>shift>>6] |= 1 << (row >> shift & 63)
	}
	suspects := make([]uint64, 0, 2*len(again))
	for _, chunk := range p {
		for _, row := range chunk {
			if met[row>>shift>>6]&(1<<(row>>shift&63)) != 0 {
				suspects = append(suspects, row)
			}
		}
	}
	return repeats(suspects)
}

// repeats is [prints.repeated] with a hash table.
func repeats(prints []uint64) (n int) {
	length := bits.Len(uint(len(prints))) + 1
	slots, shift := make([]uint64, 1<<length), 64-length
	zeros := 0 // 0 is a free slot
	for _, p := range prints {
		if p == 0 {
			zeros++
			continue
		}
		i := int(p >> shift)
		for slots[i] != 0 && slots[i] != p {
			i = (i + 1) & (len(slots) - 1)
		}
		if slots[i] == p {
			n++
		}
		slots[i] = p
	}
	return n + max(0, zeros-1)
}
