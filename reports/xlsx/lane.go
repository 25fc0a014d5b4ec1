package xlsx

import "runtime"

// lane does jobs side by side and hands on what they make in the order in which
// they were given, so that the number of cores changes nothing. As many jobs as
// there are cores are under way: what is held does not grow with their number.
type lane[T any] struct {
	waiting chan chan made[T]
	failed  chan struct{} // closed at the first error
	done    chan error
}

type made[T any] struct {
	value T
	err   error
}

func newLane[T any](use func(T) error) *lane[T] {
	l := &lane[T]{waiting: make(chan chan made[T], runtime.GOMAXPROCS(0)), failed: make(chan struct{}), done: make(chan error, 1)}
	go func() {
		var failed error
		for c := range l.waiting {
			m := <-c
			if failed != nil {
				continue
			}
			if failed = m.err; failed == nil {
				failed = use(m.value)
			}
			if failed != nil {
				close(l.failed)
			}
		}
		l.done <- failed
	}()
	return l
}

// give gives a job; false is that one failed, so that no more are wanted.
func (l *lane[T]) give(job func() (T, error)) bool {
	c := make(chan made[T], 1)
	select {
	case <-l.failed:
		return false
	case l.waiting <- c:
	}
	go func() {
		value, err := job()
		c <- made[T]{value, err}
	}()
	return true
}

// close waits for the jobs given and returns the first error in their order.
func (l *lane[T]) close() error {
	close(l.waiting)
	return <-l.done
}
