package worth

import (
	"cmp"
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
// One outlying month moves neither much. The slope is rounded to minor units;
// exact is what it is before that.
func Trend(series []money.Amount) (slope measure.Opt[money.Amount], p measure.Opt[float64], exact Slope) {
	if len(series) < trendFrom {
		return slope, p, exact
	}
	exact = theilSen(series)
	return measure.Some(exact.round()), measure.Some(mannKendall(series)), exact
}

// slopeOf is a rise over a number of months, not reduced.
type slopeOf struct {
	rise   money.Amount
	months int
}

func (s slopeOf) value() float64 { return s.rise.Float() / float64(s.months) }

// A Slope is an exact fraction: a rise in minor units over a number of months.
type Slope struct {
	rise   money.Exact
	months int64
}

// Rises reports whether the slope is above zero, by however little.
func (s Slope) Rises() bool { return s.rise.Sign() > 0 }

// Reaches reports whether the slope, so many times, is at least a share of an
// amount.
func (s Slope) Reaches(times int, amount money.Amount, share measure.Share) bool {
	return multiple(s.rise, int64(times)*measure.Million).Cmp(multiple(Times(amount, share), s.months)) >= 0
}

// multiple returns e * n. It cannot overflow: neither a slope nor the share of an
// amount is far above 2^63 in minor units.
func multiple(e money.Exact, n int64) money.Exact {
	m, err := e.Scale(money.Millionths(n), money.Millionths(1))
	if err != nil {
		panic(err)
	}
	return m
}

// round returns the slope in minor units, rounded half away from zero.
func (s Slope) round() money.Amount {
	e, err := s.rise.Scale(money.Millionths(1), money.Millionths(s.months))
	if err != nil {
		panic(err) // no slope is larger than the difference of two amounts
	}
	return money.Amount(e.Lo)
}

// theilSen finds the median of the slopes between all pairs of months: by its
// value among floats, which is quick, and then the fraction of that value, which
// is exact.
func theilSen(series []money.Amount) Slope {
	var room [300]float64 // enough for two years
	values := room[:0]
	for i := range series {
		for j := i + 1; j < len(series); j++ {
			values = append(values, slopeOf{series[j] - series[i], j - i}.value())
		}
	}
	n := len(values)
	upper := split(values, n/2+1)
	lower := upper
	if n%2 == 0 {
		lower = slices.Max(values[:n/2])
	}
	a, b := slopeWith(series, lower), slopeWith(series, upper)
	return Slope{
		rise:   Times(a.rise, measure.Share(b.months)).Add(Times(b.rise, measure.Share(a.months))),
		months: int64(2 * a.months * b.months),
	}
}

// slopeWith returns the first slope between two months that has the value.
func slopeWith(series []money.Amount, value float64) slopeOf {
	for i := range series {
		for j := i + 1; j < len(series); j++ {
			if s := (slopeOf{series[j] - series[i], j - i}); s.value() == value {
				return s
			}
		}
	}
	panic("worth: the median of slopes is none of them")
}

// mannKendall returns the two-sided p-value of the hypothesis that the series
// has no trend: normal approximation with continuity correction, variance
// corrected for ties (Mann 1945, Kendall 1975).
func mannKendall(series []money.Amount) float64 { return TrendOver(series, len(series)) }

// TrendOver returns the p-value of the Mann-Kendall test if the months of a
// series, each standing for several, filled so many months: what the same
// distribution would tell over a longer history.
func TrendOver(series []money.Amount, months int) float64 {
	s, variance := kendallS(series, months)
	if variance <= 0 {
		return 1 // all months are equal
	}
	z := max(math.Abs(s)-1, 0) / math.Sqrt(variance)
	return min(1, 2*distuv.UnitNormal.Survival(z))
}

// RisesOver reports whether the median slope of a series would be above zero if
// its months, each standing for several in a row, filled so many months: slopes
// between equal months are zero, and a longer history has more of them.
func RisesOver(series []money.Amount, months int) bool {
	rising := 0
	for i := range series {
		for j := i + 1; j < len(series); j++ {
			if series[j] > series[i] {
				rising++
			}
		}
	}
	stretch := float64(months) / float64(len(series))
	return float64(rising)*stretch*stretch > float64(months*(months-1)/2)/2
}

// kendallS returns the number of rising pairs less that of falling ones, and its
// variance without a trend, of a series stretched to so many months.
func kendallS(series []money.Amount, months int) (s, variance float64) {
	for i := range series {
		for j := i + 1; j < len(series); j++ {
			s += float64(cmp.Compare(series[j], series[i]))
		}
	}
	stretch := float64(months) / float64(len(series))
	term := func(t float64) float64 { return t * (t - 1) * (2*t + 5) }
	variance = term(float64(months))
	var room [60]money.Amount // enough for five years
	sorted := append(room[:0], series...)
	slices.Sort(sorted)
	for len(sorted) > 0 {
		t := 1
		for t < len(sorted) && sorted[t] == sorted[0] {
			t++
		}
		variance -= term(float64(t) * stretch)
		sorted = sorted[t:]
	}
	return s * stretch * stretch, variance / 18
}
