package worth

import (
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// FairPrice returns what a client-caused cost must be paid with to leave the
// target margin, a share of the price: cost / (1 - target), rounded once, half
// away from zero. It is a margin on revenue, not a mark-up on cost.
func FairPrice(caused money.Amount, target measure.Share) (money.Amount, error) {
	e, err := money.Millionths(int64(caused)).Scale(money.Millionths(measure.Million), money.Millionths(int64(measure.Million-target)))
	if err != nil {
		return 0, err
	}
	v, fits := e.Int64()
	if !fits {
		return 0, money.ErrOverflow
	}
	return money.Amount(v), nil
}

// Gap returns what is missing of a fair price: above zero the client pays too
// little. Credits for our own errors are added back, and credits beyond the
// invoices never widen it.
func Gap(fair, revenue, ownCredits money.Amount) money.Amount {
	return fair - max(revenue+ownCredits, 0)
}

// Materiality is how large a shortfall must be to act upon it.
type Materiality struct {
	Amount money.Amount
	Share  measure.Share // of what is paid
}

// Met reports whether a shortfall is strictly above both the amount and the
// share of what is paid: revenue with credits for our own errors added back,
// which must not lower the bar.
func (m Materiality) Met(shortfall, paid money.Amount) bool {
	return shortfall > m.Amount && Times(shortfall, measure.Million).Cmp(Times(max(paid, 0), m.Share)) > 0
}

// underpays reports whether a month's fair price is above what was paid in it,
// compared without rounding.
func underpays(caused, paid money.Amount, target measure.Share) bool {
	return Times(caused, measure.Million).Cmp(Times(paid, measure.Million-target)) > 0
}

// Times returns a * share in millionths of a minor unit, exactly. It cannot
// overflow: 2^63 times a few millions is far below [money.MaxExact].
func Times(a money.Amount, share measure.Share) money.Exact {
	e, err := money.Millionths(int64(a)).Scale(money.Millionths(int64(share)), money.Millionths(1))
	if err != nil {
		panic(err)
	}
	return e
}

// whole rounds millionths of a minor unit to minor units, half away from zero.
func whole(e money.Exact) (money.Amount, error) {
	return money.Currency{}.Round(e) // whose minor unit is one
}

// ratio returns a / b, absent where b is not above zero.
func ratio(a, b money.Amount) measure.Opt[float64] {
	if b <= 0 {
		return measure.Opt[float64]{}
	}
	return measure.Some(a.Float() / b.Float())
}
