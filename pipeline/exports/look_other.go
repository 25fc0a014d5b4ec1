//go:build !amd64

package exports

// lookAll tells what the blocks of data hold, which are as many as to has.
func lookAll(to []block, data []byte, d dialect) { lookWords(to, data, d) }
