package worth

import (
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// avoid works out which part of the client-caused cost would end with the
// client, and what acting on a shortfall would risk.
func avoid(all []Client, f *facts.Facts, c *costing.Costs, a Avoidable) error {
	labour, direct, pools := sharesOfLabour(f, c, a), byName(a.Categories, f.Categories, a.Direct), byName(a.PoolNames, f.Pools, a.Pools)
	sums := make([]struct{ caused, avoidable kinds }, len(all))
	for i, w := range f.Work {
		if w.Client >= 0 && w.Cause != facts.OwnError && f.Window.Contains(w.Month) {
			s := &sums[w.Client]
			s.caused.labour = s.caused.labour.Add(Times(c.Work[i], measure.Million))
			s.avoidable.labour = s.avoidable.labour.Add(Times(c.Work[i], labour(w.Role, f.Window.Index(w.Month))))
		}
	}
	for i, d := range f.Direct {
		if d.Client >= 0 && d.Cause != facts.OwnError && f.Window.Contains(d.Month) {
			s := &sums[d.Client]
			s.caused.direct = s.caused.direct.Add(Times(c.Direct[i], measure.Million))
			s.avoidable.direct = s.avoidable.direct.Add(Times(c.Direct[i], direct[d.Category]))
		}
	}
	for _, share := range c.Shares {
		if share.Client >= 0 {
			s := &sums[share.Client]
			s.caused.pools = s.caused.pools.Add(Times(share.Amount-share.Own, measure.Million))
			s.avoidable.pools = s.avoidable.pools.Add(Times(share.Amount-share.Own, pools[share.Pool]))
		}
	}
	for i := range all {
		if err := all[i].risk(&sums[i].caused, &sums[i].avoidable); err != nil {
			return err
		}
	}
	return nil
}

// kinds are sums by kind of cost, in millionths of a minor unit.
type kinds struct{ labour, direct, pools money.Exact }

// risk sets what acting may lose, of client-caused cost and the avoidable part of
// it. Avoidable cost is rounded once; its parts add up to it.
func (w *Client) risk(caused, avoidable *kinds) error {
	other := avoidable.direct.Add(avoidable.pools)
	for _, r := range []struct {
		to   *money.Amount
		from money.Exact
	}{
		{&w.Caused.Labour, caused.labour}, {&w.Caused.Direct, caused.direct}, {&w.Caused.Pools, caused.pools},
		{&w.Avoidable, other.Add(avoidable.labour)},
		{&w.AvoidableParts.Labour, avoidable.labour}, {&w.AvoidableParts.Direct, avoidable.direct},
	} {
		var err error
		if *r.to, err = whole(r.from); err != nil {
			return err
		}
	}
	w.AvoidableParts.Pools = w.Avoidable - w.AvoidableParts.Labour - w.AvoidableParts.Direct
	w.AvoidableMargin = w.Revenue - w.Avoidable
	for i := range w.AvoidableAt {
		labour, err := caused.labour.Scale(money.Millionths(int64(i)), money.Millionths(2))
		if err != nil {
			return err
		}
		cost, err := whole(other.Add(labour))
		if err != nil {
			return err
		}
		w.AvoidableAt[i] = w.Revenue - cost
	}
	w.BreakevenLoss = Breakeven(w.Shortfall, w.AvoidableMargin)
	return nil
}

// Breakeven returns up to which probability of leaving it pays to ask for a
// shortfall, where leaving costs the avoidable margin: S / (A + S), or 1 where
// leaving costs nothing. Without a shortfall it is absent.
func Breakeven(shortfall, avoidableMargin money.Amount) measure.Opt[float64] {
	switch {
	case shortfall <= 0:
		return measure.Opt[float64]{}
	case avoidableMargin <= 0:
		return measure.Some(1.0)
	}
	return measure.Some(shortfall.Float() / (avoidableMargin.Float() + shortfall.Float()))
}

// sharesOfLabour returns the avoidable share of a role's labour in a month of
// the window: its own, or that of how it is paid.
func sharesOfLabour(f *facts.Facts, c *costing.Costs, a Avoidable) func(facts.Role, int) measure.Share {
	months := f.Window.Len()
	shares := make([]measure.Share, len(f.Roles)*months)
	for i := range shares {
		shares[i] = a.LabourHourly
	}
	for _, r := range c.Roles {
		if r.Monthly {
			shares[int(r.Role)*months+f.Window.Index(r.Month)] = a.LabourMonthly
		}
	}
	for role, name := range f.Roles {
		if own, ok := a.Roles[name]; ok {
			for m := range months {
				shares[role*months+m] = own
			}
		}
	}
	return func(role facts.Role, month int) measure.Share { return shares[int(role)*months+month] }
}

// byName returns a share for each name: its own, or the one of its kind.
func byName(own map[string]measure.Share, names []string, kind measure.Share) []measure.Share {
	shares := make([]measure.Share, len(names))
	for i, name := range names {
		shares[i] = kind
		if s, ok := own[name]; ok {
			shares[i] = s
		}
	}
	return shares
}
