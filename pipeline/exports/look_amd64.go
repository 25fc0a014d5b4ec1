package exports

import "golang.org/x/sys/cpu"

// lookAVX2 is look for a run of blocks, 32 bytes at a time. blocks is not 0.
//
//go:noescape
func lookAVX2(to *block, data *byte, blocks int, sep, eol, quote byte)

var avx2 = cpu.X86.HasAVX2

// lookAll tells what the blocks of data hold, which are as many as to has.
func lookAll(to []block, data []byte, d dialect) {
	_ = data[len(to)*64-1]
	if avx2 {
		lookAVX2(&to[0], &data[0], len(to), d.separator, d.eol, d.quote)
		return
	}
	lookWords(to, data, d)
}
