package worth

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// world is a kind of portfolio of which the truth is known.
type world struct {
	name    string
	clients int
	months  func(*rand.Rand) int
	spread  float64                  // between the clients' true means; their months scatter by about 1
	r       float64                  // true autocorrelation
	uneven  float64                  // of the clients' scatter, log scale
	noise   func(*rand.Rand) float64 // mean 0, variance 1
	lean    bool                     // the clients' true means are skewed, too
	wander  bool                     // the group's mean lies anywhere, not at the very edge between paying and not
	shifted int                      // so many clients' levels shift by 10 half way; they are not scored
	promise bool                     // the 90 % intervals are meant to cover 88 to 92 %
}

func all12(*rand.Rand) int        { return 12 }
func from3to12(r *rand.Rand) int  { return 3 + r.IntN(10) }
func from3to6(r *rand.Rand) int   { return 3 + r.IntN(4) }
func normal(r *rand.Rand) float64 { return r.NormFloat64() }
func skewed(r *rand.Rand) float64 { return r.ExpFloat64() - 1 }

// worlds are the portfolios of the calibration. Those of the first part keep the
// promise of the intervals; the others measure how far off they are.
var worlds = []world{
	{name: "12 months, r 0", clients: 40, months: all12, spread: 1, uneven: .3, noise: normal, promise: true},
	{name: "12 months, r 0.3", clients: 40, months: all12, spread: 1, r: .3, uneven: .3, noise: normal, promise: true},
	{name: "12 months, r 0.6", clients: 40, months: all12, spread: 1, r: .6, uneven: .3, noise: normal, promise: true},
	{name: "3 to 12 months, r 0", clients: 40, months: from3to12, spread: 1, uneven: .3, noise: normal, promise: true},
	{name: "3 to 12 months, r 0.3", clients: 40, months: from3to12, spread: 1, r: .3, uneven: .3, noise: normal, promise: true},
	{name: "3 to 12 months, r 0.6", clients: 40, months: from3to12, spread: 1, r: .6, uneven: .3, noise: normal, promise: true},
	{name: "3 to 6 months, r 0", clients: 40, months: from3to6, spread: 1, uneven: .3, noise: normal, promise: true},
	{name: "3 to 6 months, r 0.3", clients: 40, months: from3to6, spread: 1, r: .3, uneven: .3, noise: normal, promise: true},
	{name: "8 clients, r 0.3", clients: 8, months: from3to12, spread: 1, r: .3, uneven: .3, noise: normal, promise: true},
	{name: "200 clients, r 0.3", clients: 200, months: from3to12, spread: 1, r: .3, uneven: .3, noise: normal, promise: true},
	{name: "far apart", clients: 40, months: from3to12, spread: 3, r: .3, uneven: .3, noise: normal, promise: true},
	{name: "very uneven scatter", clients: 40, months: from3to12, spread: 1, r: .3, uneven: .8, noise: normal, promise: true},
	{name: "3 clients, r 0.3", clients: 3, months: from3to12, spread: 1, r: .3, uneven: .3, noise: normal, promise: true},

	{name: "3 to 6 months, r 0.6", clients: 40, months: from3to6, spread: 1, r: .6, uneven: .3, noise: normal},
	{name: "2 clients of 40 shift, r 0.3", clients: 40, months: from3to12, spread: 1, r: .3, uneven: .3, noise: normal, shifted: 2},
	{name: "skewed months", clients: 40, months: from3to12, spread: 1, r: .3, uneven: .3, noise: skewed},
	{name: "skewed means", clients: 40, months: from3to12, spread: 1, r: .3, uneven: .3, noise: normal, lean: true},
	{name: "hardly differ", clients: 40, months: from3to12, spread: .2, r: .3, uneven: .3, noise: normal},
	{name: "hardly differ, anywhere", clients: 40, months: from3to12, spread: .2, r: .3, uneven: .3, noise: normal, wander: true},
}

// draw returns the true means and the months of a portfolio.
func (w world) draw(rng *rand.Rand) (truth []float64, samples []*sample) {
	center := 0.0
	if w.wander {
		center = rng.NormFloat64()
	}
	for client := range w.clients {
		mean := rng.NormFloat64()
		if w.lean {
			mean = skewed(rng)
		}
		mean = center + w.spread*mean
		y := make([]float64, w.months(rng))
		scatter := math.Exp(w.uneven * rng.NormFloat64())
		const warm = 50 // months before the first, so that the series has settled
		for e, t := 0.0, -warm; t < len(y); t++ {
			e = w.r*e + math.Sqrt(1-w.r*w.r)*w.noise(rng)
			if t >= 0 {
				y[t] = mean + scatter*e
				if client < w.shifted && t >= len(y)/2 {
					y[t] += 10
				}
			}
		}
		s := sampleOf(y, 1)
		truth, samples = append(truth, mean), append(samples, &s)
	}
	return truth, samples
}

// decile counts clients said to underpay with about the same probability.
type decile struct {
	n, right int
	sum      float64
}

func (d *decile) add(p float64, right bool) {
	d.n++
	d.sum += p
	if right {
		d.right++
	}
}

// score is how the estimates of a world met its truth.
type score struct {
	n, covered, refused int
	pooled, published   [10]decile
}

func (w world) score(portfolios int) score {
	var sc score
	for i := range portfolios {
		truth, samples := w.draw(rand.New(rand.NewPCG(7, uint64(i))))
		g := groupOf(samples, Defaults().PoolFrom)
		for i, s := range samples {
			if i < w.shifted {
				continue
			}
			if g.months(s) < leastIndependent {
				sc.refused++
				continue
			}
			mean, variance := g.estimate(s)
			t := distuv.StudentsT{Sigma: 1, Nu: g.freedom(s)}
			sc.n++
			if math.Abs(truth[i]-mean) <= t.Quantile(0.95)*math.Sqrt(variance) {
				sc.covered++
			}
			pooled := probability(t, mean, math.Sqrt(variance))
			e := evidence{sample: *s, group: &g}
			published := min(pooled, e.unpooled(0), probability(t, s.mean, math.Sqrt(g.error2(s))))
			sc.pooled[min(int(pooled*10), 9)].add(pooled, truth[i] > 0)
			sc.published[min(int(published*10), 9)].add(published, truth[i] > 0)
		}
	}
	return sc
}

func (sc score) coverage() float64 { return float64(sc.covered) / float64(sc.n) }

// miss is how much surer the probabilities are than right, at most, where they
// speak against a client: in the deciles from 0.8 up.
func miss(ds [10]decile) float64 {
	worst := 0.0
	for _, d := range ds[8:] {
		if d.n > 0 {
			worst = max(worst, (d.sum-float64(d.right))/float64(d.n))
		}
	}
	return worst
}

// TestCalibration simulates portfolios with a known truth. With
// CLIENTWORTH_CALIBRATION set, it draws 1,000 of each kind, holds them to the
// promise and prints the tables; otherwise fewer, with room for chance.
func TestCalibration(t *testing.T) {
	portfolios, low, high, sure := 60, 0.86, 0.94, 0.1
	long := os.Getenv("CLIENTWORTH_CALIBRATION") != ""
	if long {
		portfolios, low, high, sure = 1000, 0.88, 0.92, 0.03
	}
	var table, deciles strings.Builder
	for _, w := range worlds {
		if w.clients > 40 && !long {
			continue
		}
		sc := w.score(portfolios)
		if c := sc.coverage(); w.promise && (c < low || c > high) {
			t.Errorf("%s: intervals of 90 %% cover %.1f %%", w.name, 100*c)
		}
		if m := miss(sc.pooled); w.promise && m > sure {
			t.Errorf("%s: probabilities are %.2f too sure", w.name, m)
		}
		fmt.Fprintf(&table, "| %s | %.1f %% | %.0f %% |\n", w.name, 100*sc.coverage(), 100*float64(sc.refused)/float64(sc.n+sc.refused))
		for _, of := range []struct {
			name string
			ds   [10]decile
		}{{"pooled", sc.pooled}, {"published", sc.published}} {
			fmt.Fprintf(&deciles, "| %s | %s |", w.name, of.name)
			for _, d := range of.ds {
				fmt.Fprintf(&deciles, " %.2f |", float64(d.right)/float64(d.n))
			}
			deciles.WriteString("\n")
		}
	}
	if long {
		fmt.Printf("| portfolios | covered | nothing said |\n| --- | --- | --- |\n%s\n", &table)
		fmt.Printf("| portfolios | probability | 0-.1 | .1-.2 | .2-.3 | .3-.4 | .4-.5 | .5-.6 | .6-.7 | .7-.8 | .8-.9 | .9-1 |\n|%s\n%s", strings.Repeat(" --- |", 12), &deciles)
	}
}
