package exports

import (
	"sync"
	"testing"
)

// A crew that leaves helps the other one, which joins each of its workers by itself.
func TestCrewsHelpEachOther(t *testing.T) {
	one, other := Crew{Workers: 4}.Split()
	if one.Workers != 2 || other.Workers != 2 {
		t.Fatalf("of four workers %d and %d", one.Workers, other.Workers)
	}
	var everybody chan struct{}
	var mu sync.Mutex
	joining, joined := false, 0
	join := func() func() {
		mu.Lock()
		if joining {
			t.Error("two workers join at a time")
		}
		joining = true
		mu.Unlock()
		defer func() { mu.Lock(); joining = false; mu.Unlock() }()
		if joined++; joined == 4 {
			close(everybody)
		}
		return func() { <-everybody } // nobody is done before all are there
	}
	one.work(func() func() { return func() {} })
	one.Leave()
	for range 3 { // helpers go back for what is read next
		joined, everybody = 0, make(chan struct{})
		other.work(join)
		if joined != 4 {
			t.Fatalf("%d workers joined", joined)
		}
	}
}

// A crew that nobody helps works alone, and one of nobody is one.
func TestCrewsAlone(t *testing.T) {
	for workers, want := range map[int]int{0: 1, 1: 1, 3: 3} {
		joined := 0
		Crew{Workers: workers}.work(func() func() { joined++; return func() {} })
		if joined != want {
			t.Errorf("of %d workers %d came", workers, joined)
		}
	}
}
