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

// The closed forms against the matrices they come from: with the covariance R of
// an AR(1) series and the centring M, the expected squares are tr(MR), and the
// lagged products tr(L MRM).
func TestExpectedProductsAgainstMatrices(t *testing.T) {
	for n := 3; n <= 24; n++ {
		for _, r := range []float64{0, 0.1, 0.5, 0.9} {
			cov, centre := mat.NewDense(n, n, nil), mat.NewDense(n, n, nil)
			var mean float64
			for i := range n {
				for j := range n {
					c := math.Pow(r, math.Abs(float64(i-j)))
					cov.Set(i, j, c)
					mean += c / float64(n*n)
					centre.Set(i, j, -1/float64(n))
				}
				centre.Set(i, i, 1-1/float64(n))
			}
			var mrm mat.Dense
			mrm.Product(centre, cov, centre)
			var wantLagged float64
			for i := range n - 1 {
				wantLagged += mrm.At(i, i+1)
			}
			lagged, squares := expectedProducts(n, r)
			if math.Abs(lagged-wantLagged) > 1e-9 || math.Abs(squares-mat.Trace(&mrm)) > 1e-9 {
				t.Errorf("n %d, r %v: %v %v, want %v %v", n, r, lagged, squares, wantLagged, mat.Trace(&mrm))
			}
			if got := inflation(n, r) / float64(n); math.Abs(got-mean) > 1e-9 {
				t.Errorf("n %d, r %v: variance of the mean %v, want %v", n, r, got, mean)
			}
		}
	}
}

// Where the observed ratio is its expectation, the correlation comes back.
func TestCorrelationIsInverted(t *testing.T) {
	byLength := make([]int, 13)
	byLength[4], byLength[12] = 30, 10
	for _, r := range []float64{0, 0.2, 0.5, 0.8} {
		var lagged, squares float64
		for n, clients := range byLength {
			if clients > 0 {
				l, s := expectedProducts(n, r)
				lagged += l * float64(clients)
				squares += s * float64(clients)
			}
		}
		if got := correlation(lagged, squares, byLength); math.Abs(got-r) > 1e-6 {
			t.Errorf("%v, want %v", got, r)
		}
	}
	if got := correlation(-1, 1, byLength); got != 0 {
		t.Errorf("below nothing: %v", got)
	}
	if got := correlation(1, 1, byLength); got != maxCorrelation {
		t.Errorf("above the bound: %v", got)
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

func TestDescendingAgainstSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gaps := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 1, 200).Draw(t, "gaps")
		for i := range gaps {
			gaps[i] = math.Round(gaps[i]/1000) * 10 // ties, and negative zeros
		}
		l := &lineup{gaps: gaps, from: make([]uint64, len(gaps)), to: make([]uint64, len(gaps))}
		want := make([]int, len(gaps))
		for i := range want {
			want[i] = i
		}
		slices.SortStableFunc(want, func(a, b int) int { return cmp.Compare(gaps[b], gaps[a]) })
		for rank, key := range l.descending() {
			if int(uint32(key)) != want[rank] {
				t.Fatalf("rank %d is %d, want %d of %v", rank, uint32(key), want[rank], gaps)
			}
		}
	})
}

func TestLowestAgainstSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(1, 20).Draw(t, "k")
		values := rapid.SliceOfN(rapid.Int32Range(-50, 50), k, 300).Draw(t, "values")
		l := newLowest(2, k)
		for from := 0; from < len(values); from += 7 {
			l.add(1, values[from:min(from+7, len(values))], 1)
		}
		slices.Sort(values)
		if got := l.last(1); got != values[k-1] {
			t.Fatalf("%d, want %d", got, values[k-1])
		}
	})
}

// The intervals of the rank against drawing every gap plainly and sorting.
func TestRanksAgainstBruteForce(t *testing.T) {
	c := crowd(40)
	p := c.assess(t, Defaults())
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
		if w := p.Clients[ref]; abs(w.RankLow.Value-low) > 1 || abs(w.RankHigh.Value-high) > 1 {
			t.Errorf("client %d: ranks %d to %d, want %d to %d", ref, w.RankLow.Value, w.RankHigh.Value, low, high)
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

// A rate that is uncertain widens the interval and moves all clients together:
// the order of two clients that depend on it alike stays as sure as before.
func TestRateErrorIsCommon(t *testing.T) {
	c := companyOf(12)
	for i := range 2 {
		months := make([]costing.Month, 12)
		for t := range months {
			months[t] = costing.Month{Revenue: 100000, Labour: money.Amount(100000 + 4000*i + 500*(t%3)), Hours: 1}
		}
		c.add(clients.Client{}, 0, months...)
	}
	sharp, blurred := Defaults(), Defaults()
	sharp.RateCV, blurred.RateCV = 0, 20*percent
	a, b := c.assess(t, sharp).Clients[0], c.assess(t, blurred).Clients[0]
	if narrow, wide := a.GapHigh.Value-a.GapLow.Value, b.GapHigh.Value-b.GapLow.Value; wide <= 2*narrow {
		t.Errorf("interval of %d with certain rates, %d with uncertain ones", narrow, wide)
	}
	if b.RankLow != measure.Some(2) || b.RankHigh != measure.Some(2) {
		t.Errorf("rank %v to %v: the error of a rate should move both clients", b.RankLow, b.RankHigh)
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
