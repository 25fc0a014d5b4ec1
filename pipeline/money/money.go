// Package money holds exact amounts of money and the one way of splitting them.
//
// An amount read from an export is an [Exact]: a whole number of millionths of a
// currency unit in 128 bits. A total of such amounts becomes an [Amount], a whole
// number of minor units (cents), once, by [Currency.Round]. An Amount is shared
// out only by [Split] and [Settle], whose parts always add up to their total.
//
// The package has no floats and refuses to make money of one.
package money

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
)

// ErrOverflow says that an amount is larger than this program can hold exactly.
var ErrOverflow = errors.New("amount too large to be held exactly")

// Places is the number of decimal places of an [Exact].
const Places = 6

const million = 1_000_000

// Exact is an amount in millionths of a currency unit, as 128-bit two's
// complement. The zero value is nothing. Sums of up to 2^40 amounts that each
// lie within [MaxExact] cannot overflow.
type Exact struct {
	Hi int64
	Lo uint64
}

// MaxExact is the largest amount, in either direction, that one value of an
// export may have: 10^20 units.
var MaxExact = Units(100_000_000_000_000).times(million)

// Millionths returns v millionths of a unit.
func Millionths(v int64) Exact { return Exact{Hi: v >> 63, Lo: uint64(v)} }

// Int64 undoes [Millionths]; ok is whether the amount has so few.
func (e Exact) Int64() (v int64, ok bool) { return int64(e.Lo), e.Hi == int64(e.Lo)>>63 }

// Units returns v whole units.
func Units(v int64) Exact { return Millionths(v).times(million) }

// Add returns e + f.
func (e Exact) Add(f Exact) Exact {
	lo, carry := bits.Add64(e.Lo, f.Lo, 0)
	hi, _ := bits.Add64(uint64(e.Hi), uint64(f.Hi), carry)
	return Exact{Hi: int64(hi), Lo: lo}
}

// Sub returns e - f.
func (e Exact) Sub(f Exact) Exact { return e.Add(f.Neg()) }

// Neg returns -e.
func (e Exact) Neg() Exact {
	lo, borrow := bits.Sub64(0, e.Lo, 0)
	hi, _ := bits.Sub64(0, uint64(e.Hi), borrow)
	return Exact{Hi: int64(hi), Lo: lo}
}

// Abs returns the size of e without its sign.
func (e Exact) Abs() Exact {
	if e.Hi < 0 {
		return e.Neg()
	}
	return e
}

// Sign returns -1, 0 or +1.
func (e Exact) Sign() int {
	switch {
	case e.Hi < 0:
		return -1
	case e.Hi == 0 && e.Lo == 0:
		return 0
	}
	return 1
}

// IsZero reports whether e is nothing.
func (e Exact) IsZero() bool { return e == Exact{} }

// Cmp returns -1, 0 or +1 as e is below, equal to or above f.
func (e Exact) Cmp(f Exact) int {
	switch {
	case e.Hi < f.Hi || e.Hi == f.Hi && e.Lo < f.Lo:
		return -1
	case e == f:
		return 0
	}
	return 1
}

// times returns e * m for a small positive m; the caller knows that it fits.
func (e Exact) times(m uint64) Exact {
	hi, lo := bits.Mul64(e.Lo, m)
	return Exact{Hi: int64(hi + uint64(e.Hi)*m), Lo: lo}
}

// Times returns e * f / 10^6: the product of two decimals of six places, rounded
// once to six places, half away from zero. Rounding happens only where the
// factors together have more than six places. A product above [MaxExact] is
// [ErrOverflow].
func (e Exact) Times(f Exact) (Exact, error) {
	return e.Scale(f, Millionths(million))
}

// Scale returns e * num / den to six places, rounded half away from zero. A
// result above [MaxExact] is [ErrOverflow]. The denominator must not be zero.
func (e Exact) Scale(num, den Exact) (Exact, error) {
	neg := (e.Sign() < 0) != (num.Sign() < 0) != (den.Sign() < 0)
	q, ok := mulDivRound(e.Abs(), num.Abs(), den.Abs())
	if !ok || q.Cmp(MaxExact) > 0 {
		return Exact{}, ErrOverflow
	}
	if neg {
		q = q.Neg()
	}
	return q, nil
}

// Decimals returns how many decimal places e needs, 0 to 6.
func (e Exact) Decimals() int {
	_, r := e.Abs().divmod(million)
	for n := Places; n > 0; n-- {
		if r%10 != 0 {
			return n
		}
		r /= 10
	}
	return 0
}

// divmod divides a non-negative e by a small d.
func (e Exact) divmod(d uint64) (Exact, uint64) {
	hi, r := uint64(e.Hi)/d, uint64(e.Hi)%d
	lo, r := bits.Div64(r, e.Lo, d)
	return Exact{Hi: int64(hi), Lo: lo}, r
}

// Float describes e as a float64 of whole units, for statistics and charts. It
// never becomes money again.
func (e Exact) Float() float64 {
	a := e.Abs()
	f := (float64(uint64(a.Hi))*math.Exp2(64) + float64(a.Lo)) / million
	if e.Sign() < 0 {
		return -f
	}
	return f
}

// String writes e as a plain decimal without needless zeros: "-12.5".
func (e Exact) String() string { return e.Fixed(0) }

// Fixed writes e as a plain decimal with at least the given number of places.
func (e Exact) Fixed(places int) string {
	n := max(places, e.Decimals())
	unit, frac := e.Abs().divmod(million)
	sign := ""
	if e.Sign() < 0 {
		sign = "-"
	}
	s := sign + unit.digits()
	if n == 0 {
		return s
	}
	return s + "." + strconv.FormatUint(million+frac, 10)[1:1+n]
}

func (e Exact) digits() string {
	const chunk = 1_000_000_000_000_000_000
	q, r := e.divmod(chunk)
	if q.IsZero() {
		return strconv.FormatUint(r, 10)
	}
	return q.digits() + fmt.Sprintf("%018d", r)
}

// Amount is a whole number of minor units (cents) of the report currency. A
// cost and a revenue are positive, a loss is negative.
type Amount int64

// Float describes the amount, in minor units, for statistics. It never becomes
// money again.
func (a Amount) Float() float64 { return float64(a) }

// Abs returns the size of a without its sign.
func (a Amount) Abs() Amount { return max(a, -a) }
