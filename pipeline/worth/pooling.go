package worth

import (
	"math"
	"slices"
)

// How sure a client's gap is rests on few months, so each client borrows from its
// group: the variance of a month is pooled, and the client's mean is drawn towards
// the group's mean by as much as the clients differ less than their months
// scatter (partial pooling; Gelman et al., Bayesian Data Analysis, chapter 5).

// sample is what the observed months of one client say of its gap. Gaps are in
// shares of the client's scale, so that large and small clients compare.
type sample struct {
	n       int
	scale   float64 // minor units: mean of the larger of fair price and revenue
	mean    float64 // of the monthly gap
	lagged  float64 // sum of lagged products about the mean
	squares float64 // sum of squares about the mean
}

// sampleOf is the sample of monthly gaps in minor units.
func sampleOf(y []float64, scale float64) sample {
	s := sample{n: len(y), scale: scale}
	for _, v := range y {
		s.mean += v / float64(len(y))
	}
	s.lagged, s.squares = products(y, s.mean)
	s.mean /= scale
	s.lagged /= scale * scale
	s.squares /= scale * scale
	return s
}

// degrees are the degrees of freedom of the sum of squares: its expectation for
// a variance of 1. Of independent months they are n - 1; of months that resemble
// each other fewer, or the variance would come out too small.
func (s *sample) degrees(r float64) float64 { return float64(s.n) - inflation(s.n, r) }

// priorMonths is how many degrees of freedom the group's variance counts for.
const priorMonths = 4

// group is a set of clients that are estimated together.
type group struct {
	number int
	usual  float64   // median variance of a month
	r      float64   // lag-1 autocorrelation
	grid   []stretch // posterior of how much the clients differ; nil: means are not pooled
}

// stretch is one step of the grid: the standard deviation between the clients'
// true means, its probability, and what it makes of the group's mean.
type stretch struct {
	spread   float64 // t
	weight   float64
	mean     float64 // of the group, given t
	variance float64 // of that mean
}

// steps is the number of steps of the grid.
const steps = 96

// groupOf estimates what the samples have in common. Means are pooled from so
// many samples on.
func groupOf(samples []*sample, poolFrom int) group {
	var lagged, squares float64
	var byLength []int
	for _, s := range samples {
		lagged += s.lagged
		squares += s.squares
		if grow := s.n + 1 - len(byLength); grow > 0 {
			byLength = append(byLength, make([]int, grow)...)
		}
		byLength[s.n]++
	}
	g := group{r: correlation(lagged, squares, byLength)}
	g.usual = usualVariance(samples, g.r)
	if len(samples) >= poolFrom {
		g.grid = g.posterior(samples)
	}
	return g
}

func usualVariance(samples []*sample, r float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	all := make([]float64, len(samples))
	for i, s := range samples {
		all[i] = s.squares / s.degrees(r)
	}
	slices.Sort(all)
	n := len(all)
	return (all[(n-1)/2] + all[n/2]) / 2
}

// freedom are the degrees of freedom of the pooled variance.
func (g *group) freedom(s *sample) float64 { return priorMonths + s.degrees(g.r) }

// pooled is the variance of a month of a client, borrowing from the group's.
func (g *group) pooled(s *sample) float64 {
	return (priorMonths*g.usual + s.squares) / g.freedom(s)
}

// months is how many independent months the client's are worth.
func (g *group) months(s *sample) float64 { return float64(s.n) / inflation(s.n, g.r) }

// error2 is the squared standard error of the client's mean.
func (g *group) error2(s *sample) float64 { return g.pooled(s) / g.months(s) }

// posterior weighs each t between the clients' true means by how well it explains
// their estimates; flat in t and in the group's mean, which is integrated out.
// The grid runs over all of t >= 0, denser where it is small.
func (g *group) posterior(samples []*sample) []stretch {
	errors2 := make([]float64, len(samples))
	var center, unit float64
	for i, s := range samples {
		errors2[i] = g.error2(s)
		center += s.mean / float64(len(samples))
	}
	for i, s := range samples {
		unit += (errors2[i] + (s.mean-center)*(s.mean-center)) / float64(len(samples))
	}
	if unit = math.Sqrt(unit); unit == 0 {
		return []stretch{{mean: center, weight: 1}} // all clients and months are alike
	}
	grid := make([]stretch, steps)
	logs := make([]float64, steps)
	for j := range grid {
		u := (float64(j) + 0.5) / steps
		grid[j].spread = unit * u / (1 - u)
		logs[j] = grid[j].fit(samples, errors2) - 2*math.Log(1-u)
	}
	best := slices.Max(logs)
	var sum float64
	for j := range grid {
		grid[j].weight = math.Exp(logs[j] - best)
		sum += grid[j].weight
	}
	for j := range grid {
		grid[j].weight /= sum
	}
	return grid
}

// fit sets the group's mean given t, and returns the logarithm of t's likelihood.
func (st *stretch) fit(samples []*sample, errors2 []float64) float64 {
	var precision, weighted float64
	for i, s := range samples {
		p := 1 / (errors2[i] + st.spread*st.spread)
		precision += p
		weighted += p * s.mean
	}
	st.mean, st.variance = weighted/precision, 1/precision
	log := -0.5 * math.Log(precision)
	for i, s := range samples {
		total, d := errors2[i]+st.spread*st.spread, s.mean-st.mean
		log -= 0.5 * (math.Log(total) + d*d/total)
	}
	return log
}

// trust is how much of the client's own mean counts, given its squared error;
// the rest is the group's.
func (st *stretch) trust(error2 float64) float64 {
	t2 := st.spread * st.spread
	if t2+error2 == 0 {
		return 1
	}
	return t2 / (t2 + error2)
}

// estimate returns the pooled mean of a client's monthly gap and its variance,
// averaged over the grid.
func (g *group) estimate(s *sample) (mean, variance float64) {
	e := g.error2(s)
	if g.grid == nil {
		return s.mean, e
	}
	var square float64
	for i := range g.grid {
		st := &g.grid[i]
		b := st.trust(e)
		m := b*s.mean + (1-b)*st.mean
		mean += st.weight * m
		square += st.weight * (m*m + b*e + (1-b)*(1-b)*st.variance)
	}
	return mean, max(square-mean*mean, 0)
}
