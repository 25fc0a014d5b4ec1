package worth

import (
	"fmt"
	"slices"

	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// leastVariants is how many variants must move a client's figures before their
// agreement means anything.
const leastVariants = 3

// tested counts the variants of the method that move a client's figures, and
// those of them that agree with the baseline on a material shortfall.
type tested struct{ moved, agree int }

// testChoices recomputes every shortfall with other choices of the method, and
// sets the share of variants that agree.
func testChoices(p *Portfolio, f *facts.Facts, c *costing.Costs) error {
	counts := make([]tested, len(p.Clients))
	for _, o := range variants(p.Options.Baseline, f) {
		v, err := c.Vary(f, p.Options.Baseline, o)
		if err != nil {
			return fmt.Errorf("testing another choice of the method: %w", err)
		}
		for i := range v {
			if !v[i].Moved {
				continue
			}
			if err := counts[i].count(p, &p.Clients[i], v[i].Caused, v[i].Revenue, v[i].OwnCredits); err != nil {
				return err
			}
		}
	}
	for i := range p.Clients {
		w := &p.Clients[i]
		if w.OwnError != 0 || w.OwnCredits != 0 { // with own errors charged
			if err := counts[i].count(p, w, w.Cost, w.Revenue, 0); err != nil {
				return err
			}
		}
		if n := counts[i]; n.moved >= leastVariants {
			w.Stability = measure.Some(float64(n.agree) / float64(n.moved))
		}
	}
	return nil
}

// variants are the choices that a company could as well have made: every shared
// pool by one driver, rates over hours worked, revenue in another month.
func variants(baseline costing.Options, f *facts.Facts) []costing.Options {
	var all []costing.Options
	if len(f.PoolCosts) > 0 {
		for _, driver := range []facts.Driver{facts.ByHours, facts.ByTickets, facts.ByRevenue, facts.ByClients} {
			o := baseline
			o.Driver = driver
			all = append(all, o)
		}
	}
	if slices.ContainsFunc(f.Rates, func(r facts.Rate) bool { return r.Monthly.Known }) {
		o := baseline
		o.Basis = costing.HoursWorked
		all = append(all, o)
	}
	if f.ByDocument != nil {
		o := baseline
		o.Recognition = costing.ByDocument
		if baseline.Recognition == costing.ByDocument {
			o.Recognition = costing.ByService
		}
		all = append(all, o)
	}
	return all
}

// count counts a variant by what the client would cause and pay, and the credits
// for our own errors that would be added back.
func (t *tested) count(p *Portfolio, w *Client, caused, revenue, credits money.Amount) error {
	fair, err := FairPrice(caused, w.Target)
	if err != nil {
		return err
	}
	t.moved++
	if p.Materiality.Met(max(Gap(fair, revenue, credits), 0), revenue+credits) == w.Material {
		t.agree++
	}
	return nil
}
