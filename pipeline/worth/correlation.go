package worth

import "math"

// Months of one client resemble each other: a busy month follows a busy month.
// They are taken for an AR(1) series: the correlation of months k apart is r^k.

// maxCorrelation bounds r: beyond it a window of months says next to nothing.
const maxCorrelation = 0.9

// inflation is by how much the variance of the mean of n months exceeds that of
// n independent ones: 1 + 2 Σ (1 - k/n) r^k.
func inflation(n int, r float64) float64 {
	sum, power := 0.0, 1.0
	for k := 1; k < n; k++ {
		power *= r
		sum += (1 - float64(k)/float64(n)) * power
	}
	return 1 + 2*sum
}

// expectedProducts returns the expectation of the sum of lagged products, and of
// the sum of squares, of n months about their own mean, for a variance of 1.
func expectedProducts(n int, r float64) (lagged, squares float64) {
	mean := inflation(n, r) / float64(n) // variance of the mean
	first, power := 0.0, 1.0             // covariance of the mean and the first month
	for range n {
		first += power / float64(n)
		power *= r
	}
	lagged = float64(n-1)*r - float64(n+1)*mean + 2*first
	return lagged, float64(n) * (1 - mean)
}

// correlation estimates r from the sums of lagged products and of squares of
// clients with so many months each: byLength[n] of them have n. The raw ratio is
// far too small, because each client's own mean is taken off, so r is where the
// expectation equals it.
func correlation(lagged, squares float64, byLength []int) float64 {
	if squares <= 0 {
		return 0
	}
	excess := func(r float64) float64 {
		var l, s float64
		for n, clients := range byLength {
			if clients > 0 {
				el, es := expectedProducts(n, r)
				l += float64(clients) * el
				s += float64(clients) * es
			}
		}
		return l/s - lagged/squares
	}
	low, high := 0.0, maxCorrelation
	switch {
	case excess(low) >= 0:
		return low
	case excess(high) <= 0:
		return high
	}
	for range 40 {
		if mid := (low + high) / 2; excess(mid) < 0 {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// products returns the sums of lagged products and of squares of a series about
// its mean. Deviations that only come of rounding are none: equal months must not
// look like months that resemble each other.
func products(y []float64, mean float64) (lagged, squares float64) {
	const rounding = 1e-12
	var before, largest float64
	for _, v := range y {
		largest = max(largest, math.Abs(v))
	}
	for t, v := range y {
		d := v - mean
		if math.Abs(d) <= rounding*largest {
			d = 0
		}
		squares += d * d
		if t > 0 {
			lagged += d * before
		}
		before = d
	}
	return lagged, squares
}
