package verdict

import (
	"math"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/worth"
)

// change is the smallest change of price, hours, own errors or months that moves
// the client to a better verdict. Price and hours are held against each other by
// the share of revenue and of hours that they are. None of them moves conduct.
func (e *evidence) change(v Verdict) Change {
	switch v {
	case Conduct, HasLeft, NoActivity:
		return Change{}
	case NoVerdictYet:
		if e.worth.Unexplained {
			return Change{Lever: OlderExports}
		}
		return e.moreMonths()
	case FixOurselves:
		return e.fewerErrors()
	case ExplainDiscount:
		w := e.worth
		return e.price(needed(w.Revenue, w.Value.Value, measure.Million-e.o.DiscountShare))
	}
	if !e.worth.Material {
		return Change{}
	}
	price, hours := e.price(e.priceNeeded()), e.fewerHours()
	if hours.Lever != NoLever && (!price.Share.Known || hours.Share.Value < price.Share.Value) {
		return hours
	}
	return price
}

// moreMonths is how many months a verdict still needs, and which one the months
// so far point to.
func (e *evidence) moreMonths() Change {
	rules := *e.rules
	rules.MinMonths = 0
	seen := *e
	seen.rules = &rules
	return Change{Lever: MoreMonths, Months: max(e.rules.MinMonths-e.worth.MonthsObserved, 1), To: seen.economic()}
}

// needed is what is missing of a to be at least a share of b.
func needed(a, b money.Amount, share measure.Share) money.Amount {
	return ceiling(worth.Times(b, share).Sub(worth.Times(a, measure.Million)))
}

// ceiling rounds millionths of a minor unit up to minor units.
func ceiling(e money.Exact) money.Amount {
	down, err := money.Currency{}.Round(e)
	if err != nil {
		panic(err) // a difference of two amounts of the window
	}
	if worth.Times(down, measure.Million).Cmp(e) < 0 {
		down++
	}
	return down
}

// immaterial is the largest shortfall that is not material where so much is paid.
func (e *evidence) immaterial(paid money.Amount) money.Amount {
	share, err := money.Currency{}.Round(worth.Times(max(paid, 0), e.materiality.Share))
	if err != nil {
		panic(err)
	}
	if worth.Times(share, measure.Million).Cmp(worth.Times(max(paid, 0), e.materiality.Share)) > 0 {
		share--
	}
	return max(e.materiality.Amount, share)
}

// priceNeeded is the smallest rise of the window's revenue that leaves no
// material shortfall. It is found by halving: the more is paid, the less is
// missing.
func (e *evidence) priceNeeded() money.Amount {
	w := e.worth
	low, high := money.Amount(0), w.Shortfall-min(w.Revenue+w.OwnCredits, 0)
	for low < high {
		mid := low + (high-low)/2
		shortfall := max(worth.Gap(w.FairPrice, w.Revenue+mid, w.OwnCredits), 0)
		if e.materiality.Met(shortfall, w.Revenue+mid+w.OwnCredits) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// price is a rise of the window's revenue as a lever: so much a month that it is
// enough as it is said.
func (e *evidence) price(rise money.Amount) Change {
	months := money.Amount(max(e.worth.MonthsObserved, 1))
	c := Change{Lever: Price, Amount: e.wholeUnits((rise + months - 1) / months)}
	rise = c.Amount * months
	if r := e.worth.Revenue; r > 0 {
		c.Share = measure.Some(rise.Float() / r.Float())
	}
	c.To = e.altered(func(w *worth.Client) { w.Revenue += rise }).economic()
	return c
}

// wholeUnits rounds up to whole units of the currency, in which sentences say
// amounts.
func (e *evidence) wholeUnits(a money.Amount) money.Amount {
	unit := money.Amount(math.Pow10(e.facts.Currency.Places))
	return (a + unit - 1) / unit * unit
}

// altered is the evidence if the window had been another. What cannot be
// recomputed from sums (how sure, how long, trends) stays as it is.
func (e *evidence) altered(alter func(*worth.Client)) *evidence {
	w := *e.worth
	alter(&w)
	fair, err := worth.FairPrice(w.Cost-w.OwnError, w.Target)
	if err != nil {
		return e
	}
	w.FairPrice = fair
	w.Margin = w.Revenue - w.Cost
	if w.Value.Known {
		w.ValueGap.Value = w.Value.Value - w.Revenue
	}
	w.Gap = worth.Gap(fair, w.Revenue, w.OwnCredits)
	w.Shortfall = max(w.Gap, 0)
	w.Material = e.materiality.Met(w.Shortfall, w.Revenue+w.OwnCredits)
	w.PaidOverFair = measure.Opt[float64]{}
	if w.Revenue > 0 && fair > 0 {
		w.PaidOverFair = measure.Some(w.Revenue.Float() / fair.Float())
	}
	other := *e
	other.worth = &w
	return &other
}
