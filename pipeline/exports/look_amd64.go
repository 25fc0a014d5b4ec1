package exports

import (
	"slices"

	"golang.org/x/sys/cpu"
)

// lookAVX2 is look for a run of blocks, 32 bytes at a time. blocks is not 0.
//
//go:noescape
func lookAVX2(to *block, data *byte, blocks int, sep, eol, quote byte)

var avx2 = cpu.X86.HasAVX2

// marksBMI is markWords with room for eight more at the end. blocks is not 0.
//
//go:noescape
func marksBMI(to *uint32, of *block, blocks int, at uint32) (n int)

var bmi = cpu.X86.HasBMI1 && cpu.X86.HasPOPCNT

// markAll appends the positions of the marks of blocks, the first of which begins
// at a position.
func markAll(to []uint32, of []block, at uint32) []uint32 {
	if !bmi {
		return markWords(to, of, at)
	}
	n := len(to)
	to = slices.Grow(to, 64*len(of)+8)
	to = to[:cap(to)]
	return to[:n+marksBMI(&to[n], &of[0], len(of), at)]
}

// lookAll tells what the blocks of data hold, which are as many as to has.
func lookAll(to []block, data []byte, d dialect) {
	_ = data[len(to)*64-1]
	if avx2 {
		lookAVX2(&to[0], &data[0], len(to), d.separator, d.eol, d.quote)
		return
	}
	lookWords(to, data, d)
}
