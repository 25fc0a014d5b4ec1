package worth

import (
	"math"
	"slices"
)

// Months of one client resemble each other: a busy month follows a busy month.
// They are taken for an AR(1) series: the correlation of months k apart is r^k.

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

// inflations is the inflation of up to n months, by their number.
func inflations(n int, r float64) []float64 {
	all := make([]float64, n+1)
	for i := range all[1:] {
		all[i+1] = inflation(i+1, r)
	}
	return all
}

// The grid over which r is looked for. It reaches below zero, so that chance
// around zero does not always look like resemblance; beyond 0.9 a window of
// months says next to nothing.
const (
	lowestR  = -0.3
	highestR = 0.9
	stepsOfR = 24
)

// correlation is the mean of the posterior of r, flat over the grid, and 0 where
// that lies below it. Each client counts by the likelihood of its months about
// their own mean, its variance integrated out: scaled inverse chi-square, about
// the usual one of its group. So no client counts for more than its number of
// months, however far they are apart. One whose level has shifted is only one
// client whose months resemble each other; as a term of a common sum of squares
// it would outweigh all others.
func correlation(samples []*sample) float64 {
	longest := 0
	var telling []*sample // equal months tell nothing
	for _, s := range samples {
		if s.squares > 0 {
			telling = append(telling, s)
			longest = max(longest, s.n)
		}
	}
	if telling == nil {
		return 0
	}
	var at, logs [stepsOfR]float64
	for j := range at {
		at[j] = lowestR + (highestR-lowestR)*(float64(j)+0.5)/stepsOfR
		logs[j] = likelihood(telling, at[j], longest)
	}
	best := slices.Max(logs[:])
	var sum, mean float64
	for j, l := range logs {
		weight := math.Exp(l - best)
		sum += weight
		mean += weight * at[j]
	}
	return max(mean/sum, 0)
}

// likelihood is the logarithm of the likelihood of r.
func likelihood(samples []*sample, r float64, longest int) float64 {
	prior := priorMonths * usualVariance(samples, inflations(longest, r))
	determinants := make([]float64, longest+1) // what only the number of months makes of it
	for n := range determinants {
		months := float64(n)
		determinants[n] = (months-1)*math.Log(1-r*r) + math.Log((months-(months-2)*r)/(1+r))
	}
	sum := priorMonths * math.Log(prior) * float64(len(samples))
	for _, s := range samples {
		sum -= determinants[s.n] + float64(priorMonths+s.n-1)*math.Log(prior+s.whitened(r))
	}
	return sum / 2
}

// whitened is the sum of squares of the months about their generalised mean once
// their resemblance is taken out: y'C⁻¹y less what the mean explains, for the
// correlations C of an AR(1) series.
func (s *sample) whitened(r float64) float64 {
	n := float64(s.n)
	squares := (s.squares + r*r*(s.squares-s.endSquares) - 2*r*s.lagged) / (1 - r*r)
	ends := r * s.ends / (1 + r)
	return max(squares-ends*ends*(1+r)/(n-(n-2)*r), 0)
}
