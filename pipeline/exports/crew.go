package exports

import "sync"

// Crew is who reads an export: so many workers, and one more each time that another
// crew has no work left for one of its own.
type Crew struct {
	Workers int           // 0 is one
	Idle    chan struct{} // one for each that another crew can spare; nil is none ever
}

// Split makes two crews of one. A crew that has read all that it was to read
// helps the other by [Crew.Leave].
func (c Crew) Split() (one, other Crew) {
	idle := make(chan struct{}, c.Workers)
	half := c.Workers / 2
	return Crew{half, idle}, Crew{c.Workers - half, idle}
}

// Leave lets another crew have the workers of this one.
func (c Crew) Leave() {
	for range c.Workers {
		c.Idle <- struct{}{}
	}
}

// work has the crew work until nobody finds anything more to do. join makes the work
// of one more worker. Who ends first found nothing, so that nobody joins after that.
func (c Crew) work(join func() (run func())) {
	var workers, hiring sync.WaitGroup
	ended := make(chan struct{})
	end := sync.OnceFunc(func() { close(ended) })
	for range max(1, c.Workers) {
		run := join()
		workers.Go(func() { defer end(); run() })
	}
	leave := func() { c.Idle <- struct{}{} } // for what the crew reads next
	hiring.Go(func() {
		for {
			select {
			case <-ended:
				return
			case <-c.Idle:
			}
			select {
			case <-ended: // as well
				leave()
				return
			default:
			}
			run := join()
			workers.Go(func() { defer leave(); defer end(); run() })
		}
	})
	hiring.Wait()
	workers.Wait()
}
