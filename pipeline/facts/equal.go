package facts

import (
	"fmt"
	"sync/atomic"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
)

// Equal rows inside one file are genuine: goods are sold twice on one invoice,
// work is booked twice in a day. They count, and are reported; all the more where
// rows have numbers of their own, which only pasting an export twice makes equal.

// watchLimit is how many different rows of a source are remembered. If there are
// more, equal ones are not looked for, as memory must not grow with rows.
const watchLimit = 4 << 20

// watch counts equal rows in the batches of all workers. Which of two equal rows
// is the second depends on the workers; how many there are does not.
type watch struct {
	seen  distinct
	size  atomic.Int64
	equal []atomic.Int64 // by file
}

func newWatch(e *exports.Export) *watch {
	if len(e.Source.Inline) > 0 {
		return nil
	}
	return &watch{equal: make([]atomic.Int64, len(e.Source.Files))}
}

func (w *watch) look(b exports.Batch, c *contents) {
	if w == nil || w.size.Load() > watchLimit {
		return
	}
	var fresh, equal int64
	for _, content := range c.of(b) {
		if w.seen.add(mix(content + uint64(b.File))) {
			fresh++
		} else {
			equal++
		}
	}
	w.size.Add(fresh)
	w.equal[b.File].Add(equal)
}

// report names the files that have equal rows.
func (w *watch) report(e *exports.Export, log *finding.Log) {
	if w == nil || w.size.Load() > watchLimit {
		return
	}
	for i := range w.equal {
		if n := w.equal[i].Load(); n > 0 {
			log.Add(finding.Finding{Rule: ruleEqualRows, Place: finding.Place{File: e.Source.Files[i]}, Detail: fmt.Sprintf("%d rows equal an earlier one", n)})
		}
	}
}
