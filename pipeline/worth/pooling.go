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
	squares float64 // sum of squares about the mean

	// For how months resemble each other, about the mean:
	lagged     float64 // sum of the products of neighbours
	ends       float64 // sum of the first and the last month
	endSquares float64 // and of their squares
}

// sampleOf is the sample of monthly gaps in minor units, at least one.
func sampleOf(y []float64, scale float64) sample {
	s := sample{n: len(y), scale: scale}
	var mean, largest float64
	for _, v := range y {
		mean += v / float64(len(y))
		largest = max(largest, math.Abs(v))
	}
	s.mean = mean / scale
	var before, first float64
	for t, v := range y {
		d := deviation(v, mean, largest) / scale
		if t == 0 {
			first = d
		}
		s.squares += d * d
		s.lagged += d * before
		before = d
	}
	s.ends = first + before
	s.endSquares = first*first + before*before
	return s
}

// deviation is how far a month is from the mean. One that only comes of rounding
// is none: equal months must not look like months that resemble each other.
func deviation(v, mean, largest float64) float64 {
	const rounding = 1e-12
	d := v - mean
	if math.Abs(d) <= rounding*largest {
		return 0
	}
	return d
}

// degrees are the degrees of freedom of the sum of squares, given the inflation
// of the mean: its expectation for a variance of 1. Of independent months they
// are n - 1; of months that resemble each other fewer, or the variance would
// come out too small.
func (s *sample) degrees(inflation float64) float64 { return float64(s.n) - inflation }

// priorMonths is how many degrees of freedom the group's variance counts for.
const priorMonths = 4

// group is a set of clients that are estimated together.
type group struct {
	number   int
	r        float64   // lag-1 autocorrelation
	inflated []float64 // inflation of the mean, by number of months
	usual    float64   // median variance of a month
	grid     []stretch // posterior of how much the clients differ; nil: means are not pooled
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
	longest := 0
	for _, s := range samples {
		longest = max(longest, s.n)
	}
	g := group{r: correlation(samples)}
	g.inflated = inflations(longest, g.r)
	g.usual = usualVariance(samples, g.inflated)
	if len(samples) >= poolFrom {
		g.grid = g.posterior(samples)
	}
	return g
}

// usualVariance is the median variance of a month, given the inflation of the
// mean by number of months.
func usualVariance(samples []*sample, inflated []float64) float64 {
	n := len(samples)
	if n == 0 {
		return 0
	}
	all := make([]float64, n)
	for i, s := range samples {
		all[i] = s.squares / s.degrees(inflated[s.n])
	}
	upper := split(all, n/2+1)
	if n%2 == 1 {
		return upper
	}
	return (slices.Max(all[:n/2]) + upper) / 2
}

// degrees are the degrees of freedom of a member's own sum of squares.
func (g *group) degrees(s *sample) float64 { return s.degrees(g.inflated[s.n]) }

// freedom are the degrees of freedom of the pooled variance.
func (g *group) freedom(s *sample) float64 { return priorMonths + g.degrees(s) }

// pooled is the variance of a month of a client, borrowing from the group's.
func (g *group) pooled(s *sample) float64 {
	return (priorMonths*g.usual + s.squares) / g.freedom(s)
}

// months is how many independent months the client's are worth.
func (g *group) months(s *sample) float64 { return float64(s.n) / g.inflated[s.n] }

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
