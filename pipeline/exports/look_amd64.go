package exports

import (
	"slices"

	"golang.org/x/sys/cpu"
)

// What the processor has.
var (
	avx2   = cpu.X86.HasAVX2
	bmi    = cpu.X86.HasBMI1 && cpu.X86.HasBMI2 && cpu.X86.HasPOPCNT
	avx512 = bmi && cpu.X86.HasAVX512F && cpu.X86.HasAVX512CD && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL
	vbmi2  = avx512 && cpu.X86.HasAVX512VBMI2
)

// lookAVX2 is look for a run of blocks, 32 bytes at a time. There are 1 to 64.
//
//go:noescape
func lookAVX2(to *block, data *byte, blocks int, sep, eol, quote byte) (odd uint64)

// look512 is lookAVX2, 64 bytes at a time.
//
//go:noescape
func look512(to *block, data *byte, blocks int, sep, eol, quote byte) (odd uint64)

// marksBMI is markWords with room for eight more at the end of both. blocks is not
// 0. So many marks are known before.
//
//go:noescape
func marksBMI(marks, ends *uint32, of *block, blocks int, at, known uint32) (m, e int)

// marks512 is marksBMI with room for 16 more.
//
//go:noescape
func marks512(marks, ends *uint32, of *block, blocks int, at, known uint32) (m, e int)

// lookAll tells what the blocks of data hold, at most 64, and which of them have
// quotes or more than ASCII.
func lookAll(to []block, data []byte, d dialect) (odd uint64) {
	_ = data[len(to)*64-1]
	switch {
	case avx512:
		return look512(&to[0], &data[0], len(to), d.separator, d.eol, d.quote)
	case avx2:
		return lookAVX2(&to[0], &data[0], len(to), d.separator, d.eol, d.quote)
	}
	return lookWords(to, data, d)
}

// markAll appends the positions of the marks of blocks, the first of which begins
// at a position, and of the line ends among all marks.
func markAll(marks, ends []uint32, of []block, at uint32) (m, e []uint32) {
	if !bmi {
		return markWords(marks, ends, of, at)
	}
	nm, ne := len(marks), len(ends)
	marks, ends = roomy(marks, 64*len(of)+16), roomy(ends, 64*len(of)+16)
	var dm, de int
	if vbmi2 {
		dm, de = marks512(&marks[nm], &ends[ne], &of[0], len(of), at, uint32(nm))
	} else {
		dm, de = marksBMI(&marks[nm], &ends[ne], &of[0], len(of), at, uint32(nm))
	}
	return marks[:nm+dm], ends[:ne+de]
}

// roomy is s with room for n more, all of which may be written.
func roomy(s []uint32, n int) []uint32 {
	s = slices.Grow(s, n)
	return s[:cap(s)]
}

// spansEight is spansPlain, eight fields at a time. n is not 0; marks points at the
// one that is behind the field of a row whose first mark is the first of all.
//
//go:noescape
func spansEight(to *span, first *uint32, n int, marks *uint32)

// spansOf sets where a field of each row stands. first holds, for each row, the
// position among the marks of its first field's end.
func spansOf(to []span, first, marks []uint32, field int) {
	if !avx512 || len(first) == 0 {
		spansPlain(to, first, marks, field)
		return
	}
	_, _ = to[len(first)-1], marks[int(first[len(first)-1])+field] // the last row's are the highest
	spansEight(&to[0], &first[0], len(first), &marks[field])
}
