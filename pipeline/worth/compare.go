package worth

import (
	"math"

	"clientworth/pipeline/costing"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"

	"gonum.org/v1/gonum/stat/distuv"
)

// Comparison is the mean monthly gap of two runs of months, and their difference
// with its interval (Welch's t, for months that resemble each other). A negative
// change is an improvement. The interval needs two months on either side.
type Comparison struct {
	Before, After measure.Opt[money.Amount]
	Change        measure.Opt[money.Amount]
	Low, High     measure.Opt[money.Amount]
}

// Compare compares the gaps of two runs of months of a client.
func (o Options) Compare(w *Client, before, after []costing.Month) Comparison {
	var c Comparison
	earlier, _ := gaps(before, w.Target)
	later, _ := gaps(after, w.Target)
	b, a := sampleOf(earlier, 1), sampleOf(later, 1)
	if b.n > 0 {
		c.Before = describe(b.mean)
	}
	if a.n > 0 {
		c.After = describe(a.mean)
	}
	if b.n < 2 || a.n < 2 {
		return c
	}
	c.Change = describe(a.mean - b.mean)
	inflatedB, inflatedA := inflation(b.n, w.Correlation), inflation(a.n, w.Correlation)
	vb, va := b.meanError2(inflatedB), a.meanError2(inflatedA)
	error2 := vb + va
	if error2 == 0 {
		c.Low, c.High = c.Change, c.Change
		return c
	}
	freedom := error2 * error2 / (vb*vb/b.degrees(inflatedB) + va*va/a.degrees(inflatedA))
	t := distuv.StudentsT{Sigma: 1, Nu: freedom}
	reach := t.Quantile((1+o.Confide.Float())/2) * math.Sqrt(error2)
	c.Low, c.High = describe(a.mean-b.mean-reach), describe(a.mean-b.mean+reach)
	return c
}

// meanError2 is the squared standard error of the mean from these months alone.
func (s *sample) meanError2(inflation float64) float64 {
	return s.squares / s.degrees(inflation) * inflation / float64(s.n)
}
