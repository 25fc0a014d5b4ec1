package money

import (
	"math/big"
	"math/bits"
)

// mulDivRound returns a * b / c for non-negative numbers, rounded half up, and
// whether the result fits. Factors below 2^63 take the short way.
func mulDivRound(a, b, c Exact) (Exact, bool) {
	if a.Hi == 0 && b.Hi == 0 && c.Hi == 0 {
		if hi, lo := bits.Mul64(a.Lo, b.Lo); hi < c.Lo {
			q, r := bits.Div64(hi, lo, c.Lo)
			e := Exact{Lo: q}
			if r >= c.Lo-r {
				e = e.Add(Millionths(1))
			}
			return e, true
		}
	}
	return wideMulDiv(a, b, c)
}

func wideMulDiv(a, b, c Exact) (Exact, bool) {
	n := new(big.Int).Mul(a.big(), b.big())
	d := c.big()
	q, r := n.QuoRem(n, d, new(big.Int))
	if r.Lsh(r, 1).Cmp(d) >= 0 {
		q.Add(q, big.NewInt(1))
	}
	if q.BitLen() > 126 {
		return Exact{}, false
	}
	lo := new(big.Int).And(q, new(big.Int).SetUint64(^uint64(0)))
	hi := new(big.Int).Rsh(q, 64)
	return Exact{Hi: hi.Int64(), Lo: lo.Uint64()}, true
}

func (e Exact) big() *big.Int {
	b := new(big.Int).SetInt64(e.Hi)
	return b.Lsh(b, 64).Add(b, new(big.Int).SetUint64(e.Lo))
}
