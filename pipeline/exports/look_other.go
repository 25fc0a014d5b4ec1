//go:build !amd64

package exports

// lookAll tells what the blocks of data hold, at most 64, and which of them have
// quotes or more than ASCII.
func lookAll(to []block, data []byte, d dialect) (odd uint64) { return lookWords(to, data, d) }

// markAll appends the positions of the marks of blocks, the first of which begins
// at a position, and of the line ends among all marks.
func markAll(marks, ends []uint32, of []block, at uint32) (m, e []uint32) {
	return markWords(marks, ends, of, at)
}

// spansOf sets where a field of each row stands. first holds, for each row, the
// position among the marks of its first field's end.
func spansOf(to []span, first, marks []uint32, field int) { spansPlain(to, first, marks, field) }
