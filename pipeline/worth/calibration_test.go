package worth

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
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
	skewed  bool                     // of the clients' true means
}

func all12(*rand.Rand) int        { return 12 }
func from3to12(r *rand.Rand) int  { return 3 + r.IntN(10) }
func short(r *rand.Rand) int      { return 3 + r.IntN(4) }
func normal(r *rand.Rand) float64 { return r.NormFloat64() }
func skewed(r *rand.Rand) float64 { return r.ExpFloat64() - 1 }

// draw returns the true means and the months of a portfolio.
func (w world) draw(rng *rand.Rand) (truth []float64, samples []*sample) {
	for range w.clients {
		mean := w.spread * rng.NormFloat64()
		if w.skewed {
			mean = w.spread * skewed(rng)
		}
		n := w.months(rng)
		scatter := math.Exp(w.uneven * rng.NormFloat64())
		y := make([]float64, n)
		e := 0.0
		for t := range 50 + n { // the first months only warm the series up
			e = w.r*e + math.Sqrt(1-w.r*w.r)*w.noise(rng)
			if t >= 50 {
				y[t-50] = mean + scatter*e
			}
		}
		s := sampleOf(y, 1)
		truth, samples = append(truth, mean), append(samples, &s)
	}
	return truth, samples
}

type score struct {
	n, covered, refused int
	decile              [10]struct {
		n, right int
		sum      float64
	}
}

func TestExplore(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("CLIENTWORTH_SIMULATIONS"))
	if n == 0 {
		t.Skip("exploration")
	}
	for _, w := range []world{
		{"12 months", 40, all12, 1, 0, 0.3, normal, false},
		{"12 months r=.3", 40, all12, 1, .3, 0.3, normal, false},
		{"12 months r=.6", 40, all12, 1, .6, 0.3, normal, false},
		{"3-12 r=0", 40, from3to12, 1, 0, 0.3, normal, false},
		{"3-12 r=.3", 40, from3to12, 1, .3, 0.3, normal, false},
		{"3-12 r=.6", 40, from3to12, 1, .6, 0.3, normal, false},
		{"3-6 r=.0", 40, short, 1, .0, 0.3, normal, false},
		{"3-6 r=.3", 40, short, 1, .3, 0.3, normal, false},
		{"3-6 r=.6", 40, short, 1, .6, 0.3, normal, false},
		{"8 clients 3-12 r=.3", 8, from3to12, 1, .3, 0.3, normal, false},
		{"5 clients 3-12 r=.3", 5, from3to12, 1, .3, 0.3, normal, false},
		{"3 clients 3-12 r=.3", 3, from3to12, 1, .3, 0.3, normal, false},
		{"200 clients 3-12 r=.3", 200, from3to12, 1, .3, 0.3, normal, false},
		{"small spread .2", 40, from3to12, .2, .3, 0.3, normal, false},
		{"no spread", 40, from3to12, 0, .3, 0.3, normal, false},
		{"large spread 3", 40, from3to12, 3, .3, 0.3, normal, false},
		{"uneven .8", 40, from3to12, 1, .3, 0.8, normal, false},
		{"skewed noise", 40, from3to12, 1, .3, 0.3, skewed, false},
		{"small spread .4", 40, from3to12, .4, .3, 0.3, normal, false},
		{"small spread .1", 40, from3to12, .1, .3, 0.3, normal, false},
		{"skewed means", 40, from3to12, 1, .3, 0.3, normal, true},
	} {
		var sc score
		var rsum float64
		for i := range n {
			rng := rand.New(rand.NewPCG(7, uint64(i)))
			truth, samples := w.draw(rng)
			g := groupOf(samples, 5)
			rsum += g.r
			for i, s := range samples {
				if g.months(s) < 2 {
					sc.refused++
					continue
				}
				mean, variance := g.estimate(s)
				st := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: g.freedom(s)}
				sd := math.Sqrt(variance)
				sc.n++
				if math.Abs(truth[i]-mean) <= st.Quantile(0.95)*sd {
					sc.covered++
				}
				p := st.CDF(mean / sd)
				if os.Getenv("PUB") != "" {
					ne := g.months(s)
					un := distuv.StudentsT{Sigma: 1, Nu: ne - 1}
					p = min(p, un.CDF(s.mean/math.Sqrt(s.squares/s.degrees(g.r)/ne)))
					if os.Getenv("PUB") == "3" {
						p = min(p, st.CDF(s.mean/math.Sqrt(g.error2(s))))
					}
				}
				d := &sc.decile[min(int(p*10), 9)]
				d.n++
				d.sum += p
				if truth[i] > 0 {
					d.right++
				}
			}
		}
		fmt.Printf("%-24s cover %.3f refused %.2f r %.2f  ", w.name, float64(sc.covered)/float64(sc.n), float64(sc.refused)/float64(sc.n+sc.refused), rsum/float64(n))
		for _, d := range sc.decile {
			if d.n > 0 {
				fmt.Printf(" %.2f/%.2f", d.sum/float64(d.n), float64(d.right)/float64(d.n))
			}
		}
		fmt.Println()
	}
}
