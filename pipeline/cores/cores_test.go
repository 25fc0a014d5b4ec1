package cores

import (
	"errors"
	"fmt"
	"runtime"
	"testing"
)

func TestEach(t *testing.T) {
	for _, procs := range []int{1, 3} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		for _, n := range []int{0, 1, 9, 10, 11, 1000} {
			done := make([]int, n)
			err := Each(n, 10, func(first, last int) error {
				for i := first; i < last; i++ {
					done[i]++
				}
				return nil
			})
			for i, times := range done {
				if times != 1 || err != nil {
					t.Fatalf("of %d, %d was done %d times: %v", n, i, times, err)
				}
			}
		}
	}
}

func TestTheEarliestErrorCounts(t *testing.T) {
	err := Each(1000, 10, func(first, _ int) error {
		if first >= 500 {
			return fmt.Errorf("part of %d", first)
		}
		return nil
	})
	if err == nil || err.Error() != "part of 500" {
		t.Errorf("it ended with %v", err)
	}
	second, third := errors.New("second"), errors.New("third")
	if err := Beside(func() error { return nil }, func() error { return second }, func() error { return third }); err != second {
		t.Errorf("it ended with %v", err)
	}
}

func TestAPanicComesOut(t *testing.T) {
	defer func() {
		if p := recover(); p != "broken" {
			t.Errorf("what came out is %v", p)
		}
	}()
	_ = Each(100, 1, func(i, _ int) error {
		if i == 50 {
			panic("broken")
		}
		return nil
	})
	t.Error("nothing came out")
}
