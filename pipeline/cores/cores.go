// Package cores does work on all cores of the machine. It takes only what comes out
// the same on however many: each part must leave alone what another one touches.
package cores

import (
	"cmp"
	"runtime"
	"sync"
	"sync/atomic"
)

// Each does something for all of n things, some from the first to the last (not
// included) at a time. The error is that of the earliest of them. A panic comes out
// here, where the caller may guard against it.
func Each(n, some int, do func(first, last int) error) error {
	parts := (n + some - 1) / some
	errs := make([]error, parts)
	var next atomic.Int64
	var panicked atomic.Pointer[any]
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), parts) {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					panicked.Store(&p)
				}
			}()
			for i := int(next.Add(1)) - 1; i < parts; i = int(next.Add(1)) - 1 {
				errs[i] = do(i*some, min((i+1)*some, n))
			}
		})
	}
	all.Wait()
	if p := panicked.Load(); p != nil {
		panic(*p)
	}
	return cmp.Or(errs...)
}

// Beside does several jobs. The error is that of the first that failed.
func Beside(jobs ...func() error) error {
	return Each(len(jobs), 1, func(i, _ int) error { return jobs[i]() })
}
