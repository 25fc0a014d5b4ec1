package worth

import (
	"math"
	"slices"
	"testing"

	"clientworth/pipeline/money"

	"pgregory.net/rapid"
)

func TestTrendOfShortSeries(t *testing.T) {
	if slope, p, _ := Trend([]money.Amount{1, 2}); slope.Known || p.Known {
		t.Error("two months have no trend")
	}
	if slope, p, _ := Trend([]money.Amount{5, 5, 5}); slope.Value != 0 || p.Value != 1 {
		t.Errorf("equal months: slope %d, p %v", slope.Value, p.Value)
	}
	// Slopes 1, 1, 1, 1 (over two months), 1, 1: and n(n-1)(2n+5)/18 = 8.667.
	// S = 6, z = 5/sqrt(8.667) = 1.69842, p = 0.08943 (two-sided).
	slope, p, _ := Trend([]money.Amount{1, 2, 3, 4})
	if slope.Value != 1 || math.Abs(p.Value-0.08943) > 1e-5 {
		t.Errorf("1 2 3 4: slope %d, p %v", slope.Value, p.Value)
	}
}

// An even number of slopes: the median lies between two, and is rounded once.
func TestTheilSenBetweenTwoSlopes(t *testing.T) {
	// Slopes 1, 2, 3 (over 2: 1.5), so sorted 1, 1.5, 2: the median is 1.5.
	if got := theilSen([]money.Amount{0, 1, 3}).round(); got != 2 {
		t.Errorf("1.5 rounds away from zero to 2, not %d", got)
	}
	if got := theilSen([]money.Amount{0, -1, -3}).round(); got != -2 {
		t.Errorf("-1.5 rounds away from zero to -2, not %d", got)
	}
}

// A worked example with a tie, by J. Little (Holy Cross): S = 54 over 91 pairs,
// z = 2.9058, one-sided p about 0.0018.
func TestMannKendallByHand(t *testing.T) {
	series := []money.Amount{129, 148, 132, 157, 138, 156, 129, 110, 173, 159, 190, 183, 201, 217}
	s, variance := kendallS(series, len(series))
	z := (s - 1) / math.Sqrt(variance)
	if s != 54 || math.Abs(variance-(14*13*33-2*1*9)/18.0) > 1e-9 || math.Abs(z-2.9058) > 5e-5 {
		t.Errorf("S %v, variance %v, z %v", s, variance, z)
	}
	if p := mannKendall(series) / 2; math.Abs(p-0.0018) > 5e-5 {
		t.Errorf("one-sided p %v", p)
	}
}

// The figures that pyMannKendall's author publishes for 1 to 100: S = 4950,
// variance 112750, z = 14.73869998208331.
func TestMannKendallOfALongRise(t *testing.T) {
	var series []money.Amount
	for i := range money.Amount(100) {
		series = append(series, i+1)
	}
	s, variance := kendallS(series, len(series))
	if z := (s - 1) / math.Sqrt(variance); s != 4950 || variance != 112750 || math.Abs(z-14.73869998208331) > 1e-12 {
		t.Errorf("S %v, variance %v, z %v", s, variance, z)
	}
}

// An outlier moves a regression line far (its slope is 2.07 here), and the median
// of the slopes not at all: seven points rising by 1, the sixth ten too high.
func TestTheilSenIgnoresAnOutlier(t *testing.T) {
	if got := theilSen([]money.Amount{100, 200, 300, 400, 500, 1600, 700}).round(); got != 100 {
		t.Errorf("slope %d", got)
	}
}

// The exact median of fractions against the plain one of floats.
func TestTheilSenAgainstFloats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		series := rapid.SliceOfN(rapid.Map(rapid.Int64Range(-1e9, 1e9), func(v int64) money.Amount { return money.Amount(v) }), 3, 24).Draw(t, "series")
		var slopes []float64
		for i := range series {
			for j := range i {
				slopes = append(slopes, float64(series[i]-series[j])/float64(i-j))
			}
		}
		slices.Sort(slopes)
		n := len(slopes)
		want := (slopes[(n-1)/2] + slopes[n/2]) / 2
		if got := theilSen(series).round().Float(); math.Abs(got-want) > 0.5+1e-6 {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

// Stretching by whole numbers is the same as repeating every month.
func TestTrendOverALongerHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		series := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 5), func(v int) money.Amount { return money.Amount(v) }), 3, 8).Draw(t, "series")
		times := rapid.IntRange(1, 4).Draw(t, "times")
		var repeated []money.Amount
		for _, v := range series {
			for range times {
				repeated = append(repeated, v)
			}
		}
		if got, want := TrendOver(series, len(repeated)), mannKendall(repeated); math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v, want %v", got, want)
		}
		if _, _, slope := Trend(repeated); RisesOver(series, len(repeated)) && !slope.Rises() {
			t.Fatalf("%v would rise, and does not", repeated)
		}
	})
}

// Amounts of fifteen digits, in minor units of two places.
func TestTrendOfLargeAmounts(t *testing.T) {
	const large = 99_999_999_999_999_999
	// The eighth of fifteen slopes is a quarter of it, 24999999999999999.75.
	if got := theilSen([]money.Amount{-large, 0, large, -large, 0, large}).round(); got != 25_000_000_000_000_000 {
		t.Errorf("%d", got)
	}
	if got := theilSen([]money.Amount{0, large, 2 * large}).round(); got != large {
		t.Errorf("%d", got)
	}
}
