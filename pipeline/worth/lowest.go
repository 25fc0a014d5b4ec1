package worth

import (
	"cmp"
	"math"
)

// lowest keeps the k smallest of many values for each of n clients, without
// keeping all of them.
type lowest struct {
	k    int
	bars []int32 // values from here on are not among the k smallest
	kept []int32 // up to 2k a client, in no order
	have []int32
}

func newLowest(n, k int) *lowest {
	l := &lowest{k: k, bars: make([]int32, n), kept: make([]int32, n*2*k), have: make([]int32, n)}
	for i := range l.bars {
		l.bars[i] = math.MaxInt32
	}
	return l
}

// add gives a client more values, times a sign: with -1 the largest are kept.
func (l *lowest) add(i int, values []int32, sign int32) {
	bar := l.bars[i]
	for _, v := range values {
		if v *= sign; v >= bar {
			continue
		}
		kept := l.kept[i*2*l.k : (i+1)*2*l.k]
		kept[l.have[i]] = v
		if l.have[i]++; int(l.have[i]) == len(kept) {
			l.trim(i)
			bar = l.bars[i]
		}
	}
}

// trim leaves the k smallest, of which the last is the bar.
func (l *lowest) trim(i int) {
	kept := l.kept[i*2*l.k:][:l.have[i]]
	l.bars[i] = split(kept, l.k)
	l.have[i] = int32(l.k)
}

// last returns the k-th smallest value of a client that was given so many.
func (l *lowest) last(i int) int32 {
	l.trim(i)
	return l.bars[i]
}

// split moves the k smallest values to the front and returns the largest of
// them, by quickselect.
func split[T cmp.Ordered](v []T, k int) T {
	low, high := 0, len(v)-1
	for low < high {
		pivot := v[(low+high)/2]
		i, j := low, high
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k-1 <= j:
			high = j
		case k-1 >= i:
			low = i
		default:
			return v[k-1]
		}
	}
	return v[k-1]
}
