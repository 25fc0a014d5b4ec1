package money

import (
	"fmt"
	"math"
	"math/bits"
)

// Price is what a unit of some quantity costs, as an exact fraction: minor units
// of a currency per unit. It is never rounded; what it is applied to is, once.
// The zero value is no price.
type Price struct{ num, den uint64 }

// PriceOf returns the price of a quantity that costs amount. A negative amount
// or a quantity that is not positive is a programming error; an amount of more
// than 2^63 parts is [ErrOverflow].
func PriceOf[W Weight](c Currency, amount Exact, quantity W) (Price, error) {
	if amount.Sign() < 0 || quantity <= 0 {
		panic(fmt.Sprintf("money: price of %d for %v", quantity, amount))
	}
	d := c.minor()
	if q, r := amount.divmod(d); r == 0 {
		amount, d = q, 1 // whole minor units leave more room
	}
	hi, den := bits.Mul64(uint64(quantity), d)
	if amount.Hi != 0 || amount.Lo > math.MaxInt64 || hi != 0 || den > math.MaxInt64 {
		return Price{}, ErrOverflow
	}
	return Price{num: amount.Lo, den: den}, nil
}

// Of returns what a quantity costs, rounded once, half away from zero.
func (p Price) Of(quantity int64) (Amount, error) {
	q, r, err := p.times(quantity)
	if err != nil {
		return 0, err
	}
	if r >= p.den-r {
		q++
	}
	if quantity < 0 {
		return -Amount(q), nil
	}
	return Amount(q), nil
}

// times returns the size of quantity x price, whole and remainder over p.den.
func (p Price) times(quantity int64) (q, r uint64, err error) {
	size := uint64(max(quantity, -quantity))
	hi, lo := bits.Mul64(size, p.num)
	if hi >= p.den {
		return 0, 0, ErrOverflow
	}
	if q, r = bits.Div64(hi, lo, p.den); q >= 1<<62 {
		return 0, 0, ErrOverflow
	}
	return q, r, nil
}

// SettleAt is [SettleTo] for quantities at a price: each part is its quantity's
// cost, less than a minor unit off, and the parts add up to the total. Quantities
// may be negative, as corrected hours are.
func SettleAt[W Weight](p Price, quantities []W, total Amount) ([]Amount, error) {
	var sum W
	for _, q := range quantities {
		sum += q
	}
	mirror := sum < 0
	return settle(len(quantities), total, mirror, func(i int) (Amount, uint64, error) {
		q, r, err := p.times(int64(quantities[i]))
		if err != nil {
			return 0, 0, err
		}
		return floor(Exact{Lo: q}, r, p.den, (quantities[i] < 0) != mirror)
	})
}
