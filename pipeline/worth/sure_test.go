package worth

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// ar1 is the correlations of n months of an AR(1) series.
func ar1(n int, r float64) *mat.Dense {
	c := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			c.Set(i, j, math.Pow(r, math.Abs(float64(i-j))))
		}
	}
	return c
}

// The closed forms against the matrices they come from: the inflation of a mean
// is the mean correlation times n, and the whitened squares are those of
// generalised least squares.
func TestResemblanceAgainstMatrices(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for n := 3; n <= 24; n++ {
		for _, r := range []float64{-0.3, 0, 0.1, 0.5, 0.9} {
			cov := ar1(n, r)
			if got, want := inflation(n, r), mat.Sum(cov)/float64(n); math.Abs(got-want) > 1e-9 {
				t.Errorf("n %d, r %v: inflation %v, want %v", n, r, got, want)
			}
			y := gaussians(n, rng)
			var inverse mat.Dense
			if err := inverse.Inverse(cov); err != nil {
				t.Fatal(err)
			}
			months, ones := mat.NewVecDense(n, y), mat.NewVecDense(n, nil)
			for i := range n {
				ones.SetVec(i, 1)
			}
			mean := mat.Inner(ones, &inverse, months) / mat.Inner(ones, &inverse, ones)
			var off mat.VecDense
			off.AddScaledVec(months, -mean, ones)
			s := sampleOf(y, 1)
			if got, want := s.whitened(r), mat.Inner(&off, &inverse, &off); math.Abs(got-want) > 1e-9 {
				t.Errorf("n %d, r %v: whitened %v, want %v", n, r, got, want)
			}
		}
	}
}

// The likelihood of r against integrating the density of the months plainly over
// their mean and their variance.
func TestLikelihoodAgainstIntegration(t *testing.T) {
	y := []float64{0.3, 1.1, 0.9, -0.4, -0.2, 0.5}
	s := sampleOf(y, 1)
	plain := func(r float64) float64 {
		cov := ar1(len(y), r)
		var inverse mat.Dense
		if err := inverse.Inverse(cov); err != nil {
			t.Fatal(err)
		}
		usual := s.squares / s.degrees(inflation(s.n, r))
		var sum float64
		for log := -7.0; log < 7; log += 0.02 {
			v := math.Exp(log)
			prior := math.Pow(priorMonths*usual/v, priorMonths/2) * math.Exp(-priorMonths*usual/(2*v)) // of log v
			for mean := -30.0; mean < 30; mean += 0.05 {
				off := mat.NewVecDense(len(y), nil)
				for i := range y {
					off.SetVec(i, y[i]-mean)
				}
				sum += prior * math.Pow(v, -float64(len(y))/2) * math.Exp(-mat.Inner(off, &inverse, off)/(2*v))
			}
		}
		return math.Log(sum) - math.Log(mat.Det(cov))/2
	}
	base := likelihood([]*sample{&s}, 0, s.n) - plain(0)
	for _, r := range []float64{-0.2, 0.4, 0.8} {
		if got, want := likelihood([]*sample{&s}, r, s.n)-base, plain(r); math.Abs(got-want) > 1e-3 {
			t.Errorf("r %v: %v, want %v", r, got, want)
		}
	}
}

// The correlation comes back on average, whatever the lengths and however
// unevenly the clients scatter.
func TestCorrelationComesBack(t *testing.T) {
	for _, r := range []float64{0, 0.3, 0.6} {
		var sum float64
		const portfolios = 60
		for i := range portfolios {
			_, samples := world{clients: 40, months: from3to12, spread: 1, r: r, uneven: 0.8, noise: normal}.draw(rand.New(rand.NewPCG(8, uint64(i))))
			sum += correlation(samples)
		}
		if got := sum / portfolios; math.Abs(got-r) > 0.07 {
			t.Errorf("%v on average, want %v", got, r)
		}
	}
	equal := sampleOf([]float64{2, 2, 2}, 1)
	if got := correlation([]*sample{&equal}); got != 0 {
		t.Errorf("equal months: %v", got)
	}
}

// A client whose level shifts, as after a large new price, takes nothing from the
// others: they are as sure as without it, within a little.
func TestOneShiftSilencesNobody(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	c := companyOf(12)
	noisy := func(labour, shift float64) []costing.Month {
		months := make([]costing.Month, 12)
		for i := range months {
			months[i] = costing.Month{Revenue: 100000, Labour: money.Amount(labour + 8000*rng.NormFloat64()), Hours: 1}
			if i >= 6 {
				months[i].Labour += money.Amount(shift)
			}
		}
		return months
	}
	for range 10 {
		c.add(clients.Client{}, 0, noisy(95000, 0)...)
	}
	before := c.assess(t, Defaults())
	c.add(clients.Client{}, 0, noisy(95000, 900000)...)
	after := c.assess(t, Defaults())
	if r := after.Clients[0].Correlation; r > before.Clients[0].Correlation+0.25 {
		t.Errorf("one shift raises the correlation from %v to %v", before.Clients[0].Correlation, r)
	}
	for i := range before.Clients {
		was, is := before.Clients[i].PUnderpaying, after.Clients[i].PUnderpaying
		if !is.Known || is.Value < was.Value-0.05 {
			t.Errorf("client %d: P was %v, is %v", i, was, is)
		}
	}
}

// What is not known of a client's months says nothing of it or of its group.
func TestUnexplainedMonthsTellNothing(t *testing.T) {
	c := crowd(12)
	p := c.assess(t, Defaults())
	p.Clients[3].Unexplained = true
	for _, e := range gather(p, &c.facts, &c.costs) {
		if e.client == 3 {
			t.Error("a client with unexplained months is evidence")
		}
	}
}

// The grid against a fine integration over t and the group's mean by brute force.
func TestPosteriorAgainstIntegration(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	_, samples := world{clients: 12, months: from3to12, spread: 0.7, r: 0.2, uneven: 0.3, noise: normal}.draw(rng)
	g := groupOf(samples, 5)
	for _, s := range samples[:3] {
		mean, variance := g.estimate(s)
		var total, first, second float64
		e := g.error2(s)
		for u := 0.0025; u < 1; u += 0.005 {
			spread := u / (1 - u)
			for mu := -3.0; mu <= 3; mu += 0.01 {
				log := -2 * math.Log(1-u)
				for _, o := range samples {
					v := g.error2(o) + spread*spread
					log -= 0.5 * (math.Log(v) + (o.mean-mu)*(o.mean-mu)/v)
				}
				p := math.Exp(log)
				b := spread * spread / (spread*spread + e)
				m := b*s.mean + (1-b)*mu
				total += p
				first += p * m
				second += p * (m*m + b*e)
			}
		}
		wantMean := first / total
		wantVariance := second/total - wantMean*wantMean
		if math.Abs(mean-wantMean) > 2e-3 || math.Abs(math.Sqrt(variance)-math.Sqrt(wantVariance)) > 2e-3 {
			t.Errorf("mean %v, sd %v; want %v, %v", mean, math.Sqrt(variance), wantMean, math.Sqrt(wantVariance))
		}
	}
}

func TestRadixAgainstSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gaps := rapid.SliceOfN(rapid.Float32Range(-1e6, 1e6), 1, 200).Draw(t, "gaps")
		bits := make([]uint32, len(gaps))
		for i := range gaps {
			gaps[i] = float32(math.Round(float64(gaps[i])/1000)) * 10 // ties, and negative zeros
			bits[i] = descending(gaps[i])
		}
		radix(bits, make([]uint32, len(bits)))
		slices.SortFunc(gaps, func(a, b float32) int { return cmp.Compare(b, a) })
		for i := range bits {
			if got := ascending(bits[i]); got != gaps[i] {
				t.Fatalf("rank %d is %v, want %v", i, got, gaps[i])
			}
		}
	})
}

func TestStudentAgainstItself(t *testing.T) {
	for _, nu := range []int{5, 9, 30} {
		s, exact := studentOf(nu), distuv.StudentsT{Sigma: 1, Nu: float64(nu)}
		for z := -20.0; z < 20; z += 0.013 {
			if got := s.below(float32(z)); math.Abs(got-exact.CDF(z)) > 1e-4 {
				t.Fatalf("%d degrees: %v below %v, want %v", nu, got, z, exact.CDF(z))
			}
		}
	}
}

// The intervals of the rank against drawing every gap plainly and sorting; few
// draws do as well as many, since each client's own gap is let go.
func TestRanksAgainstBruteForce(t *testing.T) {
	c := crowd(40)
	p := c.assess(t, Defaults())
	few := Defaults()
	few.Draws = leastDraws
	sketched := c.assess(t, few)
	all := gather(p, &c.facts, &c.costs)
	groups := join(all, &c.facts, p.Options)
	var known []*evidence
	for _, e := range all {
		if e.group.months(&e.sample) >= leastIndependent {
			known = append(known, e)
		}
	}
	const draws = 4000
	ranks := map[clients.Ref][]int{}
	rng := rand.New(rand.NewPCG(99, 1))
	for range draws {
		type drawn struct {
			ref clients.Ref
			gap float64
		}
		var gaps []drawn
		rate := rng.NormFloat64()
		for _, g := range groups {
			if g.grid == nil {
				continue
			}
			at, u := 0, rng.Float64()
			for u -= g.grid[0].weight; u > 0 && at < len(g.grid)-1; u -= g.grid[at].weight {
				at++
			}
			mu := g.grid[at].mean + math.Sqrt(g.grid[at].variance)*rng.NormFloat64()
			for _, e := range known {
				if e.group != g {
					continue
				}
				e2 := g.error2(&e.sample)
				b := g.grid[at].trust(e2)
				student := distuv.StudentsT{Sigma: 1, Nu: g.freedom(&e.sample), Src: rng}
				gap := (b*e.mean + (1-b)*mu + math.Sqrt(b*e2)*student.Rand()) * e.window()
				for _, x := range e.rates {
					gap += x.moves * rate
				}
				gaps = append(gaps, drawn{e.client, gap})
			}
		}
		slices.SortFunc(gaps, func(a, b drawn) int { return cmp.Compare(b.gap, a.gap) })
		for i, g := range gaps {
			ranks[g.ref] = append(ranks[g.ref], i+1)
		}
	}
	if len(ranks) != len(c.facts.Clients) {
		t.Fatalf("%d of %d clients are known: the comparison needs all", len(ranks), len(c.facts.Clients))
	}
	for ref, r := range ranks {
		slices.Sort(r)
		low, high := r[draws/20-1], r[draws*19/20-1]
		for _, w := range []*Client{&p.Clients[ref], &sketched.Clients[ref]} {
			if abs(w.RankLow.Value-low) > 1 || abs(w.RankHigh.Value-high) > 1 {
				t.Errorf("client %d: ranks %d to %d, want %d to %d", ref, w.RankLow.Value, w.RankHigh.Value, low, high)
			}
		}
	}
}

func abs(v int) int { return max(v, -v) }

func TestSameSeedSameRanks(t *testing.T) {
	c := crowd(50)
	a, b := c.assess(t, Defaults()), c.assess(t, Defaults())
	for i := range a.Clients {
		if a.Clients[i] != b.Clients[i] {
			t.Fatalf("client %d differs from one run to the next", i)
		}
	}
}

// Of two certain and equal gaps either may stand first; a third, larger one stands
// before both.
func TestCertainRanks(t *testing.T) {
	c := companyOf(12)
	for _, cost := range []money.Amount{100, 100, 200} {
		months := make([]costing.Month, 12)
		for i := range months {
			months[i] = costing.Month{Revenue: 100, Direct: cost}
		}
		c.add(clients.Client{}, 0, months...)
	}
	p := c.assess(t, Defaults())
	for i, want := range [][2]int{{2, 3}, {2, 3}, {1, 1}} {
		if w := p.Clients[i]; w.RankLow != measure.Some(want[0]) || w.RankHigh != measure.Some(want[1]) {
			t.Errorf("client %d: ranks %v to %v, want %v", i, w.RankLow, w.RankHigh, want)
		}
	}
}

// A rate that is uncertain widens the interval and moves all its clients together:
// the order of two that depend on it alike stays as sure as before, that of a
// third, which costs no labour, does not.
func TestRateErrorIsCommon(t *testing.T) {
	c := companyOf(12)
	for i := range 3 {
		months := make([]costing.Month, 12)
		for t := range months {
			cost := money.Amount(100000 + 4000*i + 500*(t%3))
			months[t] = costing.Month{Revenue: 100000, Labour: cost, Hours: 1}
			if i == 2 {
				months[t] = costing.Month{Revenue: 100000, Direct: cost}
			}
		}
		c.add(clients.Client{}, 0, months...)
	}
	sharp, blurred := Defaults(), Defaults()
	sharp.RateCV, blurred.RateCV = 0, 20*percent
	a, b := c.assess(t, sharp).Clients, c.assess(t, blurred).Clients
	if narrow, wide := a[0].GapHigh.Value-a[0].GapLow.Value, b[0].GapHigh.Value-b[0].GapLow.Value; wide <= 2*narrow {
		t.Errorf("interval of %d with certain rates, %d with uncertain ones", narrow, wide)
	}
	for i, want := range [][4]int{{3, 3, 2, 3}, {2, 2, 1, 2}, {1, 1, 1, 3}} {
		if got := [4]int{a[i].RankLow.Value, a[i].RankHigh.Value, b[i].RankLow.Value, b[i].RankHigh.Value}; got != want {
			t.Errorf("client %d: ranks with certain and with uncertain rates %v, want %v", i, got, want)
		}
	}
}

// Little data says nothing, and no data breaks nothing.
func TestTooLittleToTell(t *testing.T) {
	c := companyOf(12)
	two := c.add(clients.Client{}, 10, costing.Month{Revenue: 100, Labour: 500, Hours: 1}, costing.Month{Revenue: 100, Labour: 500, Hours: 1})
	nothing := c.add(clients.Client{}, 9, costing.Month{}, costing.Month{}, costing.Month{})
	p := c.assess(t, Defaults())
	for _, ref := range []clients.Ref{two, nothing} {
		if w := p.Clients[ref]; w.PUnderpaying.Known || w.GapLow.Known || w.RankLow.Known {
			t.Errorf("%+v", w)
		}
	}
}

// A client that hardly underpays, over three months that happen to be alike, is
// made no surer of it by a group that underpays a lot.
func TestNobodyIsSureByItsGroup(t *testing.T) {
	c := companyOf(12)
	rng := rand.New(rand.NewPCG(13, 14))
	for range 30 {
		months := make([]costing.Month, 12)
		for i := range months {
			months[i] = costing.Month{Revenue: 100000, Labour: money.Amount(110000 + 20000*rng.NormFloat64()), Hours: 1}
		}
		c.add(clients.Client{}, 0, months...)
	}
	few := []costing.Month{{Revenue: 100000, Labour: 81900, Hours: 1}, {Revenue: 100000, Labour: 82100, Hours: 1}, {Revenue: 100000, Labour: 82000, Hours: 1}}
	ref := c.add(clients.Client{}, 9, few...)
	o := Defaults()
	o.RateCV = 0
	p := c.assess(t, o)
	if sure := p.Clients[ref].PUnderpaying; !sure.Known || sure.Value > 0.7 {
		t.Errorf("%v sure that it underpays", sure)
	}
}

// Who has left has no rank, though all have.
func TestAllHaveLeft(t *testing.T) {
	c := companyOf(12)
	months := make([]costing.Month, 8)
	for i := range months {
		months[i] = costing.Month{Revenue: 100, Labour: money.Amount(90 + i), Hours: 1}
	}
	c.add(clients.Client{}, 0, months...)
	if w := c.assess(t, Defaults()).Clients[0]; !w.PUnderpaying.Known || w.RankLow.Known {
		t.Errorf("%+v", w)
	}
}

// Twelve equal months leave no doubt but that of the rates.
func TestEqualMonths(t *testing.T) {
	c := companyOf(12)
	months := make([]costing.Month, 12)
	for i := range months {
		months[i] = costing.Month{Revenue: 100, Direct: 100}
	}
	short := c.add(clients.Client{}, 0, months...)
	p := c.assess(t, Defaults())
	if w := p.Clients[short]; w.PUnderpaying != measure.Some(1.0) || w.GapLow.Value != w.Gap || w.GapHigh.Value != w.Gap {
		t.Errorf("%+v", w)
	}
}

func gaussians(n int, rng *rand.Rand) []float64 {
	z := make([]float64, n)
	for i := range z {
		z[i] = rng.NormFloat64()
	}
	return z
}
