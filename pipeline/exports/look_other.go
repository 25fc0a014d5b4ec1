//go:build !amd64

package exports

// lookAll tells what the blocks of data hold, which are as many as to has.
func lookAll(to []block, data []byte, d dialect) { lookWords(to, data, d) }

// markAll appends the positions of the marks of blocks, the first of which begins
// at a position.
func markAll(to []uint32, of []block, at uint32) []uint32 { return markWords(to, of, at) }
