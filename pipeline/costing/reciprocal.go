package costing

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// Above worst condition number a solution in float64 has fewer right digits than
// an amount can have.
const worst = 1e9

// whole is what the parts of a pool's cost add up to in [flows]: enough places
// that no cent of a 15-digit amount depends on them.
const whole = 1_000_000_000_000_000

// flows says where each pool's own cost ends once pools have served each other
// and themselves: flows[p][q] is the part of pool p's cost, of whole, that pool q
// keeps to share out. It is nil where no pool serves another.
//
// With S the shares served, the cost x of the pools after service solves
// x = a + Sᵀx (the reciprocal method); of x each pool keeps what it does not
// serve away.
func flows(f *facts.Facts) ([][]money.Amount, error) {
	if len(f.Services) == 0 {
		return nil, nil
	}
	served, keeps, err := services(f)
	if err != nil {
		return nil, err
	}
	if names := trapped(f, served, keeps); len(names) > 0 {
		return nil, fmt.Errorf("pools %s serve only one another, so that their cost reaches nobody; correct pool_services", join(names))
	}
	n := len(keeps)
	a := mat.NewDense(n, n, nil)
	for p := range n {
		for q := range n {
			a.Set(q, p, -served[p][q].Float())
		}
	}
	for p := range n {
		a.Set(p, p, a.At(p, p)+1)
	}
	var lu mat.LU
	lu.Factorize(a)
	if cond := lu.Cond(); !(cond < worst) {
		return nil, fmt.Errorf("pools %s serve one another almost wholly: their cost cannot be told apart (condition number %.1e); correct pool_services",
			join(f.Pools), cond)
	}
	var x mat.Dense
	if err := lu.SolveTo(&x, false, mat.NewDiagDense(n, ones(n))); err != nil {
		return nil, fmt.Errorf("pools %s: %w; correct pool_services", join(f.Pools), err)
	}
	to := make([][]money.Amount, n)
	for p := range n {
		kept := make([]float64, n)
		for q := range n {
			kept[q] = x.At(q, p) * keeps[q].Float()
		}
		if err := conserves(1, kept); err != nil {
			return nil, fmt.Errorf("pool %q: %w", f.Pools[p], err)
		}
		if to[p], err = parts(kept); err != nil {
			return nil, err
		}
	}
	return to, nil
}

// services returns what each pool serves to each pool, and what it keeps.
func services(f *facts.Facts) (served [][]measure.Share, keeps []measure.Share, err error) {
	n := len(f.Pools)
	served, keeps = make([][]measure.Share, n), make([]measure.Share, n)
	for p := range n {
		served[p], keeps[p] = make([]measure.Share, n), measure.Million
	}
	for _, s := range f.Services {
		served[s.Pool][s.Serves] += s.Share
		keeps[s.Pool] -= s.Share
		if s.Share < 0 || keeps[s.Pool] < 0 {
			return nil, nil, fmt.Errorf("%s: pool %q serves a share below 0 or more than 100%% in all; correct pool_services", s.Place, f.Pools[s.Pool])
		}
	}
	return served, keeps, nil
}

// trapped names the pools whose cost can reach no pool that keeps some of it.
func trapped(f *facts.Facts, served [][]measure.Share, keeps []measure.Share) []string {
	escapes := make([]bool, len(keeps))
	for grew := true; grew; {
		grew = false
		for p := range keeps {
			out := keeps[p] > 0
			for q, share := range served[p] {
				out = out || share > 0 && escapes[q]
			}
			grew = grew || out && !escapes[p]
			escapes[p] = out
		}
	}
	var names []string
	for p, out := range escapes {
		if !out {
			names = append(names, f.Pools[p])
		}
	}
	return names
}

// conserves checks that the receivers get exactly what there was to give.
func conserves(total float64, received []float64) error {
	var sum float64
	for _, r := range received {
		if sum += r; r < -1e-9*total {
			return fmt.Errorf("services do not solve: a receiver gets %g of %g", r, total)
		}
	}
	if !(math.Abs(sum-total) <= 1e-9*total) {
		return fmt.Errorf("services do not conserve cost: receivers get %g of %g", sum, total)
	}
	return nil
}

// parts makes fractions that add up to about one add up to whole exactly.
func parts(fractions []float64) ([]money.Amount, error) {
	weights := make([]int64, len(fractions))
	for i, f := range fractions {
		weights[i] = int64(math.Round(max(f, 0) * whole))
	}
	return money.Split(whole, weights)
}

func ones(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = 1
	}
	return v
}

// serve returns what pools have to share out once their costs of a month have
// gone the ways of flows. The total stays the same to the cent.
func serve(c money.Currency, flows [][]money.Amount, costs []money.Amount) ([]money.Amount, error) {
	if flows == nil {
		return costs, nil
	}
	exact := make([]money.Exact, len(costs))
	var total money.Amount
	for p, cost := range costs {
		total += cost
		for q, part := range flows[p] {
			e, err := c.Exact(cost).Scale(money.Millionths(int64(part)), money.Millionths(whole))
			if err != nil {
				return nil, err
			}
			exact[q] = exact[q].Add(e)
		}
	}
	return money.SettleTo(c, exact, total)
}
