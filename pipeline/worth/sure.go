package worth

import (
	"math"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"

	"gonum.org/v1/gonum/stat/distuv"
)

// leastIndependent is how many independent months a client must be worth for
// anything to be said of it.
const leastIndependent = 2

// evidence is what is known of the gap of one client, in shares of its scale.
type evidence struct {
	sample
	client clients.Ref
	group  *group
	rates  []exposure // how the error of cost rates moves the gap
}

// exposure is by how many minor units a client's gap moves when a role's rate is
// off by one standard error.
type exposure struct {
	role  facts.Role
	moves float64
}

// window is the number of months times their scale: what turns a mean share into the gap of the window in minor units.
func (e *evidence) window() float64 { return float64(e.n) * e.scale }

// gather returns the evidence on every client with enough observed months. What
// a client with unexplained months paid in them is not known: it tells nothing,
// neither of itself nor of its group.
func gather(p *Portfolio, f *facts.Facts, c *costing.Costs) []*evidence {
	exposures := exposed(p, f, c)
	var all []*evidence
	for i := range p.Clients {
		w := &p.Clients[i]
		if w.Unexplained || w.MonthsObserved < max(p.Options.MinMonths, trendFrom) {
			continue
		}
		months := c.Clients[i].Months[w.FirstObserved : w.FirstObserved+w.MonthsObserved]
		y, scale := gaps(months, w.Target)
		if scale <= 0 {
			continue
		}
		all = append(all, &evidence{sample: sampleOf(y, scale), client: w.Client, rates: exposures[i]})
	}
	return all
}

// gaps returns the monthly gaps and the client's scale, the mean of the larger of
// fair price and payment; both in minor units.
func gaps(months []costing.Month, target measure.Share) (y []float64, scale float64) {
	y = make([]float64, len(months))
	for t := range months {
		m := &months[t]
		fair := m.ClientCaused().Float() / (1 - target.Float())
		paid := (m.Revenue + m.OwnCredits).Float()
		y[t] = fair - paid
		scale += max(fair, paid) / float64(len(months))
	}
	return y, scale
}

// exposed returns each client's exposure to the rates of roles: rate_cv times its
// client-caused labour of the role, as far as it moves the fair price.
func exposed(p *Portfolio, f *facts.Facts, c *costing.Costs) [][]exposure {
	all := make([][]exposure, len(p.Clients))
	cv := p.Options.RateCV.Float()
	for i, w := range f.Work {
		if w.Client < 0 || w.Cause == facts.OwnError || !f.Window.Contains(w.Month) || c.Work[i] == 0 {
			continue
		}
		moves := cv * c.Work[i].Float() / (1 - p.Clients[w.Client].Target.Float())
		all[w.Client] = addExposure(all[w.Client], exposure{w.Role, moves})
	}
	return all
}

func addExposure(all []exposure, x exposure) []exposure {
	for i := range all {
		if all[i].role == x.role {
			all[i].moves += x.moves
			return all
		}
	}
	return append(all, x)
}

// rateError2 is the variance of the gap from the error of rates.
func (e *evidence) rateError2() float64 {
	var sum float64
	for _, x := range e.rates {
		sum += x.moves * x.moves
	}
	return sum
}

// join puts each client into its group: its segment if that has enough such
// clients, else all of them. It returns the groups by number.
func join(all []*evidence, f *facts.Facts, o Options) []*group {
	segments := map[string][]*sample{}
	everyone := make([]*sample, len(all))
	for i, e := range all {
		segment := f.Clients[e.client].Segment
		segments[segment] = append(segments[segment], &e.sample)
		everyone[i] = &e.sample
	}
	whole := groupOf(everyone, o.PoolFrom)
	groups := []*group{&whole}
	bySegment := map[string]*group{}
	for _, e := range all {
		segment := f.Clients[e.client].Segment
		if e.group = bySegment[segment]; e.group != nil {
			continue
		}
		e.group = &whole
		if members := segments[segment]; len(members) >= o.GroupFrom && len(members) < len(all) {
			own := groupOf(members, o.PoolFrom)
			own.number = len(groups)
			groups = append(groups, &own)
			e.group = &own
		}
		bySegment[segment] = e.group
	}
	return groups
}

// estimate sets the interval of the gap and the probability of underpaying.
func (w *Client) estimate(e *evidence, reaches reaches) {
	mean, variance := e.group.estimate(&e.sample)
	rates := e.rateError2()
	error := math.Sqrt(variance*e.window()*e.window() + rates)
	t := distuv.StudentsT{Sigma: 1, Nu: e.group.freedom(&e.sample)}
	reach := reaches.of(t.Nu) * error
	w.GapLow = describe(mean*e.window() - reach)
	w.GapHigh = describe(mean*e.window() + reach)
	w.PUnderpaying = measure.Some(min(
		probability(t, mean*e.window(), error),
		e.unpooled(rates),
		// The group may not make up for what the client's own mean lacks.
		probability(t, e.mean*e.window(), math.Sqrt(e.group.error2(&e.sample)*e.window()*e.window()+rates)),
	))
}

// reaches are the quantiles of Student t that bound an interval, by degrees of
// freedom: many clients share them, and they take time.
type reaches struct {
	confide float64
	known   map[float64]float64
}

func (r reaches) of(nu float64) float64 {
	q, ok := r.known[nu]
	if !ok {
		q = distuv.StudentsT{Sigma: 1, Nu: nu}.Quantile((1 + r.confide) / 2)
		r.known[nu] = q
	}
	return q
}

// unpooled is the probability of underpaying from the client's own months alone.
func (e *evidence) unpooled(rates float64) float64 {
	own := e.squares / e.group.degrees(&e.sample) / e.group.months(&e.sample)
	t := distuv.StudentsT{Sigma: 1, Nu: e.group.months(&e.sample) - 1}
	return probability(t, e.mean*e.window(), math.Sqrt(own*e.window()*e.window()+rates))
}

// probability that a gap of so large an error is truly above zero.
func probability(t distuv.StudentsT, gap, error float64) float64 {
	switch {
	case error > 0:
		return t.CDF(gap / error)
	case gap > 0:
		return 1
	}
	return 0
}

// describe makes a bound of an interval presentable: whole minor units. It is no
// money and adds up to nothing; absent where it cannot be held.
func describe(x float64) measure.Opt[money.Amount] {
	if math.IsNaN(x) || math.Abs(x) >= math.MaxInt64 {
		return measure.Opt[money.Amount]{}
	}
	return measure.Some(money.Amount(math.Round(x)))
}

// beSure says how sure each client's gap is, and where its rank lies.
func beSure(p *Portfolio, f *facts.Facts, c *costing.Costs) {
	all := gather(p, f, c)
	groups := join(all, f, p.Options)
	r := reaches{p.Options.Confide.Float(), map[float64]float64{}}
	var known []*evidence
	for _, e := range all {
		p.Clients[e.client].Correlation = e.group.r
		if e.group.months(&e.sample) >= leastIndependent {
			p.Clients[e.client].estimate(e, r)
			known = append(known, e)
		}
	}
	if !p.Options.ByParent { // a client then has no rank of its own
		drawRanks(p, known, groups, len(f.Roles))
	}
}
