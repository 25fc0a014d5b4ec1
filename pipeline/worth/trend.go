package worth

import (
	"math"
	"slices"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"

	"gonum.org/v1/gonum/stat/distuv"
)

// trendFrom is how many months a trend needs.
const trendFrom = 3

// Trend returns the Theil-Sen slope of a monthly series, the median of the
// slopes between all pairs of months (Sen 1968), per month, and the two-sided
// p-value of the Mann-Kendall test for it. Both are absent below three months.
// One outlying month moves neither much.
func Trend(series []money.Amount) (slope measure.Opt[money.Amount], p measure.Opt[float64]) {
	if len(series) < trendFrom {
		return slope, p
	}
	return measure.Some(theilSen(series)), measure.Some(mannKendall(series))
}

// slopeOf is a rise over a number of months, not reduced.
type slopeOf struct {
	rise   money.Amount
	months int
}

func (s slopeOf) value() float64 { return s.rise.Float() / float64(s.months) }

// theilSen finds the median slope and rounds it to minor units, half away from
// zero.
func theilSen(series []money.Amount) money.Amount {
	slopes := make([]slopeOf, 0, len(series)*(len(series)-1)/2)
	for i := range series {
		for j := i + 1; j < len(series); j++ {
			slopes = append(slopes, slopeOf{series[j] - series[i], j - i})
		}
	}
	slices.SortFunc(slopes, func(a, b slopeOf) int {
		switch x, y := a.value(), b.value(); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	n := len(slopes)
	a, b := slopes[(n-1)/2], slopes[n/2]
	den := money.Amount(2 * a.months * b.months)
	num := a.rise*money.Amount(b.months) + b.rise*money.Amount(a.months)
	return roundDiv(num, den)
}

// roundDiv returns num / den for a den above zero, rounded half away from zero.
func roundDiv(num, den money.Amount) money.Amount {
	q, r := num/den, num%den
	switch {
	case 2*r >= den:
		return q + 1
	case 2*r <= -den:
		return q - 1
	}
	return q
}

// mannKendall returns the two-sided p-value of the hypothesis that the series
// has no trend: normal approximation with continuity correction, variance
// corrected for ties (Mann 1945, Kendall 1975).
func mannKendall(series []money.Amount) float64 {
	s, variance := kendallS(series)
	if variance == 0 {
		return 1 // all months are equal
	}
	z := 0.0
	switch {
	case s > 0:
		z = float64(s-1) / math.Sqrt(variance)
	case s < 0:
		z = float64(s+1) / math.Sqrt(variance)
	}
	return min(1, 2*distuv.UnitNormal.Survival(math.Abs(z)))
}

// kendallS returns the number of rising pairs less that of falling ones, and its
// variance without a trend.
func kendallS(series []money.Amount) (s int, variance float64) {
	for i := range series {
		for j := i + 1; j < len(series); j++ {
			switch {
			case series[j] > series[i]:
				s++
			case series[j] < series[i]:
				s--
			}
		}
	}
	term := func(t int) float64 { return float64(t * (t - 1) * (2*t + 5)) }
	variance = term(len(series))
	sorted := slices.Sorted(slices.Values(series))
	for len(sorted) > 0 {
		t := 1
		for t < len(sorted) && sorted[t] == sorted[0] {
			t++
		}
		variance -= term(t)
		sorted = sorted[t:]
	}
	return s, variance / 18
}
