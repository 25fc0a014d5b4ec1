package money

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"slices"
)

// ErrNoWeight says that there is nothing to split a total by.
var ErrNoWeight = errors.New("nothing to split by: all weights are zero")

// Weight is an integer quantity that a total can be split by.
type Weight interface{ ~int | ~int32 | ~int64 }

// Split shares a total out in proportion to non-negative weights, by largest
// remainder (Hamilton's method): each part is rounded down and the minor units
// left over go to the largest remainders, ties to the lower index. A negative
// total is split as its absolute value. The parts add up to the total.
//
// A negative weight is a programming error. Without any weight the error is
// [ErrNoWeight].
func Split[W Weight](total Amount, weights []W) ([]Amount, error) {
	var sum uint64
	for _, w := range weights {
		if w < 0 {
			panic(fmt.Sprintf("money: negative weight %d", w))
		}
		var carry uint64
		if sum, carry = bits.Add64(sum, uint64(w), 0); carry != 0 {
			return nil, ErrOverflow
		}
	}
	if sum == 0 {
		return nil, ErrNoWeight
	}
	parts := make([]Amount, len(weights))
	rests := make([]uint64, len(weights))
	left := uint64(total.Abs())
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(total.Abs()), uint64(w))
		q, r := bits.Div64(hi, lo, sum)
		parts[i], rests[i] = Amount(q), r
		left -= q
	}
	give(parts, left, func(i, j int) int { return cmp.Compare(rests[j], rests[i]) })
	if total < 0 {
		negate(parts)
	}
	return parts, nil
}

// Settle makes exact amounts whole minor units so that they add up to their
// total, itself rounded once, half away from zero: each is rounded down and the
// minor units left over go to the largest remainders, ties to the lower index.
// Where the total is negative, all is done on the amounts with signs changed.
// No part moves by a whole minor unit or more.
func Settle(c Currency, exact []Exact) (parts []Amount, total Amount, err error) {
	var sum Exact
	for _, e := range exact {
		sum = sum.Add(e)
	}
	if total, err = c.Round(sum); err != nil {
		return nil, 0, err
	}
	mirror := sum.Sign() < 0
	unit := c.minor()
	parts = make([]Amount, len(exact))
	rests := make([]uint64, len(exact))
	left := total.Abs()
	for i, e := range exact {
		if mirror {
			e = e.Neg()
		}
		q, r := e.Abs().divmod(unit)
		if q.Hi != 0 || q.Lo >= 1<<62 {
			return nil, 0, ErrOverflow
		}
		parts[i] = Amount(q.Lo)
		if e.Sign() < 0 {
			if parts[i] = -parts[i]; r > 0 {
				parts[i]--
				r = unit - r
			}
		}
		rests[i] = r
		left -= parts[i]
	}
	if left < 0 || left > Amount(len(parts)) {
		return nil, 0, ErrOverflow
	}
	give(parts, uint64(left), func(i, j int) int { return cmp.Compare(rests[j], rests[i]) })
	if mirror {
		negate(parts)
	}
	return parts, total, nil
}

// give adds one to the first n parts in the given order, ties to the lower index.
func give(parts []Amount, n uint64, order func(i, j int) int) {
	if n == 0 {
		return
	}
	index := make([]int, len(parts))
	for i := range index {
		index[i] = i
	}
	slices.SortStableFunc(index, order)
	for _, i := range index[:n] {
		parts[i]++
	}
}

func negate(parts []Amount) {
	for i := range parts {
		parts[i] = -parts[i]
	}
}
