package worth

import (
	"math"
	"testing"

	"clientworth/pipeline/money"
)

func TestTrendOfShortSeries(t *testing.T) {
	if slope, p := Trend([]money.Amount{1, 2}); slope.Known || p.Known {
		t.Error("two months have no trend")
	}
	if slope, p := Trend([]money.Amount{5, 5, 5}); slope.Value != 0 || p.Value != 1 {
		t.Errorf("equal months: slope %d, p %v", slope.Value, p.Value)
	}
	// Slopes 1, 1, 1, 1 (over two months), 1, 1: and n(n-1)(2n+5)/18 = 8.667.
	// S = 6, z = 5/sqrt(8.667) = 1.69842, p = 0.08943 (two-sided).
	slope, p := Trend([]money.Amount{1, 2, 3, 4})
	if slope.Value != 1 || math.Abs(p.Value-0.08943) > 1e-5 {
		t.Errorf("1 2 3 4: slope %d, p %v", slope.Value, p.Value)
	}
}

// An even number of slopes: the median lies between two, and is rounded once.
func TestTheilSenBetweenTwoSlopes(t *testing.T) {
	// Slopes 1, 2, 3 (over 2: 1.5), so sorted 1, 1.5, 2: the median is 1.5.
	if got := theilSen([]money.Amount{0, 1, 3}); got != 2 {
		t.Errorf("1.5 rounds away from zero to 2, not %d", got)
	}
	if got := theilSen([]money.Amount{0, -1, -3}); got != -2 {
		t.Errorf("-1.5 rounds away from zero to -2, not %d", got)
	}
}
