package money

import (
	"errors"
	"fmt"
	"math/bits"
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
		if w == 0 {
			continue
		}
		hi, lo := bits.Mul64(uint64(total.Abs()), uint64(w))
		q, r := bits.Div64(hi, lo, sum)
		parts[i], rests[i] = Amount(q), r
		left -= q
	}
	give(parts, rests, int(left))
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
	parts, err = SettleTo(c, exact, total)
	return parts, total, err
}

// SettleTo is [Settle] where the total is settled already, because the exact
// amounts are the parts of one that [Settle] or SettleTo made whole. A total
// that lies a minor unit or more from their sum is an error.
func SettleTo(c Currency, exact []Exact, total Amount) ([]Amount, error) {
	var sum Exact
	for _, e := range exact {
		sum = sum.Add(e)
	}
	mirror := sum.Sign() < 0
	unit := c.minor()
	return settle(len(exact), total, mirror, func(i int) (Amount, uint64, error) {
		e := exact[i]
		q, r := e.Abs().divmod(unit)
		return floor(q, r, unit, (e.Sign() < 0) != mirror)
	})
}

// settle rounds n values down and gives what is missing of the total to the
// largest remainders. value returns a value's floor and remainder, with the sign
// changed where mirror is set.
func settle(n int, total Amount, mirror bool, value func(i int) (Amount, uint64, error)) ([]Amount, error) {
	parts := make([]Amount, n)
	var few [8]uint64 // most clients have few rows
	rests := few[:min(n, len(few))]
	if n > len(few) {
		rests = make([]uint64, n)
	}
	left, broken := total, 0
	if mirror {
		left = -left
	}
	for i := range n {
		var err error
		if parts[i], rests[i], err = value(i); err != nil {
			return nil, err
		}
		left -= parts[i]
		if rests[i] > 0 {
			broken++
		}
	}
	if left < 0 || left > Amount(broken) {
		return nil, fmt.Errorf("parts cannot add up to %d minor units", total)
	}
	give(parts, rests, int(left))
	if mirror {
		negate(parts)
	}
	return parts, nil
}

// floor returns the largest whole number not above ±(q + r/unit), and the
// remainder over unit.
func floor(q Exact, r, unit uint64, negative bool) (Amount, uint64, error) {
	if q.Hi != 0 || q.Lo >= 1<<62 {
		return 0, 0, ErrOverflow
	}
	whole := Amount(q.Lo)
	switch {
	case !negative:
		return whole, r, nil
	case r == 0:
		return -whole, 0, nil
	}
	return -whole - 1, unit - r, nil
}

// give adds one to the n parts with the largest remainders, ties to the lower
// index. At least n remainders are not zero.
func give(parts []Amount, rests []uint64, n int) {
	if n == 0 {
		return
	}
	last := largest(rests, n)
	for i, r := range rests {
		if r > last {
			parts[i]++
			n--
		}
	}
	for i, r := range rests {
		if n == 0 {
			return
		}
		if r == last {
			parts[i]++
			n--
		}
	}
}

// largest returns the n-th largest value, n from 1, by quickselect: a portfolio
// of 100,000 clients is split often, and sorting it would take most of the time.
func largest(values []uint64, n int) uint64 {
	v := append([]uint64(nil), values...)
	for {
		pivot := median(v[0], v[len(v)/2], v[len(v)-1])
		above, same := 0, 0 // v = [above... | same... | below...]
		for i, x := range v {
			switch {
			case x > pivot:
				v[i], v[above+same] = v[above+same], v[above]
				v[above] = x
				above++
			case x == pivot:
				v[i], v[above+same] = v[above+same], x
				same++
			}
		}
		switch {
		case n <= above:
			v = v[:above]
		case n <= above+same:
			return pivot
		default:
			v, n = v[above+same:], n-above-same
		}
	}
}

func median(a, b, c uint64) uint64 { return max(min(a, b), min(max(a, b), c)) }

func negate(parts []Amount) {
	for i := range parts {
		parts[i] = -parts[i]
	}
}
