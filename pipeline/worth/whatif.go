package worth

import (
	"fmt"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// Scenario is a question about one client: what if? The zero value changes
// nothing. Shares may be negative where that makes sense.
type Scenario struct {
	Target    measure.Opt[measure.Share]    // target margin instead of its own
	Uplift    measure.Share                 // change of revenue; none where that is not above zero
	Labour    measure.Share                 // change of labour cost
	Avoidable [3]measure.Opt[measure.Share] // of client-caused labour, direct cost and pools
	Leaving   measure.Share                 // probability of leaving if asked for the uplift
}

// Outcome is the client under a scenario.
type Outcome struct {
	Revenue         money.Amount
	Cost            money.Amount
	Margin          money.Amount
	MarginPct       measure.Opt[float64]
	FairPrice       money.Amount
	Gap             money.Amount
	Shortfall       money.Amount
	Material        bool
	Uplift          measure.Opt[float64] // still needed
	AvoidableMargin money.Amount
	BreakevenLoss   measure.Opt[float64]
	// Expected is the change of profit to expect of asking: the uplift if it
	// stays, the avoidable margin lost if it leaves. It is absent where there is
	// no price to raise.
	Expected measure.Opt[money.Amount]
}

// WhatIf answers a question about one client with the figures of its window. A
// change of labour cost moves all its labour, own errors included, and so cost and
// margin; the fair price moves with the client-caused labour, the avoidable margin
// with its avoidable part. Each product is rounded once, half away from zero, so that a
// spreadsheet's ROUND gives the same.
func (m Materiality) WhatIf(w *Client, s Scenario) (Outcome, error) {
	target := w.Target
	if s.Target.Known {
		target = s.Target.Value
	}
	if target < 0 || target >= measure.Million {
		return Outcome{}, fmt.Errorf("a target margin must be at least 0%% and below 100%%")
	}
	var t tally
	uplift := t.of(max(w.Revenue, 0), s.Uplift)
	labour := t.of(w.Caused.Labour, s.Labour) // the part of the rise that the client causes
	o := Outcome{Revenue: w.Revenue + uplift, Cost: w.Cost + t.of(w.Labour, s.Labour)}
	o.Margin = o.Revenue - o.Cost
	o.MarginPct = ratio(o.Margin, o.Revenue)
	fair, err := FairPrice(w.Cost-w.OwnError+labour, target)
	if err != nil {
		return Outcome{}, err
	}
	o.FairPrice = fair
	o.Gap = Gap(fair, o.Revenue, w.OwnCredits)
	o.Shortfall = max(o.Gap, 0)
	o.Material = m.Met(o.Shortfall, o.Revenue+w.OwnCredits)
	o.Uplift = ratio(o.Shortfall, o.Revenue)

	avoidable := t.part(s.Avoidable[0], w.Caused.Labour+labour, w.AvoidableParts.Labour+t.of(w.AvoidableParts.Labour, s.Labour)) +
		t.part(s.Avoidable[1], w.Caused.Direct, w.AvoidableParts.Direct) +
		t.part(s.Avoidable[2], w.Caused.Pools, w.AvoidableParts.Pools)
	o.AvoidableMargin = o.Revenue - avoidable
	o.BreakevenLoss = Breakeven(o.Shortfall, o.AvoidableMargin)
	before := o.AvoidableMargin - uplift // what leaving loses: the uplift was never paid
	if s.Uplift == 0 || w.Revenue > 0 {
		o.Expected = measure.Some(t.of(uplift, measure.Million-s.Leaving) - t.of(before, s.Leaving))
	}
	return o, t.err
}

// Answer is several clients together under a scenario.
type Answer struct {
	Clients   int
	Short     int // with a material shortfall
	NoPrice   int // that an uplift was asked of and pay nothing to raise
	Revenue   money.Amount
	Cost      money.Amount
	Margin    money.Amount
	FairPrice money.Amount
	Shortfall money.Amount // the sum of theirs: what one pays too much does not pay for another
}

// WhatIf answers a question about several clients.
func (p *Portfolio) WhatIf(asked []clients.Ref, s Scenario) (Answer, error) {
	a := Answer{Clients: len(asked)}
	for _, ref := range asked {
		o, err := p.Materiality.WhatIf(&p.Clients[ref], s)
		if err != nil {
			return a, err
		}
		if o.Material {
			a.Short++
		}
		if !o.Expected.Known {
			a.NoPrice++
		}
		a.Revenue += o.Revenue
		a.Cost += o.Cost
		a.Margin += o.Margin
		a.FairPrice += o.FairPrice
		a.Shortfall += o.Shortfall
	}
	return a, nil
}

// tally takes shares of amounts and keeps the first error.
type tally struct{ err error }

func (t *tally) of(a money.Amount, share measure.Share) money.Amount {
	part, err := whole(Times(a, share))
	if err != nil && t.err == nil {
		t.err = err
	}
	return part
}

// part is the avoidable part of a cost: the configured one, or a share of it all.
func (t *tally) part(share measure.Opt[measure.Share], caused, configured money.Amount) money.Amount {
	if !share.Known {
		return configured
	}
	return t.of(caused, share.Value)
}
