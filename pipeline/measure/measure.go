// Package measure holds what exports count besides money: hours, quantities and
// shares. All are whole numbers of millionths, so that they add up exactly.
package measure

import (
	"clientworth/pipeline/money"
)

// Million is how many millionths make one.
const Million = 1_000_000

// Hours is working time in millionths of an hour.
type Hours int64

// Quantity is a number of whatever a driver or a product counts, in millionths.
type Quantity int64

// Share is a part of a whole, in millionths: 0.2 (20 %) is 200000.
type Share int64

// Float describes the hours for statistics and charts.
func (h Hours) Float() float64 { return float64(h) / Million }

// String writes the hours as a plain decimal with two to six places.
func (h Hours) String() string { return money.Millionths(int64(h)).Fixed(2) }

// String writes the quantity as a plain decimal.
func (q Quantity) String() string { return money.Millionths(int64(q)).String() }

// Float describes the share as a fraction.
func (s Share) Float() float64 { return float64(s) / Million }

// Opt is a value that may be absent, as a ratio over nothing is. The zero value
// is absent.
type Opt[T any] struct {
	Value T
	Known bool
}

// Some returns a known value.
func Some[T any](v T) Opt[T] { return Opt[T]{Value: v, Known: true} }

// Ratio returns a / b, absent where b is zero.
func Ratio(a, b float64) Opt[float64] {
	if b == 0 {
		return Opt[float64]{}
	}
	return Some(a / b)
}
