package money

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func bigOf(e Exact) *big.Int {
	b := new(big.Int).Lsh(big.NewInt(e.Hi), 64)
	return b.Add(b, new(big.Int).SetUint64(e.Lo))
}

// wide draws amounts of every size up to MaxExact.
var wide = rapid.Custom(func(t *rapid.T) Exact {
	e := Exact{Hi: rapid.Int64Range(0, MaxExact.Hi-1).Draw(t, "hi"), Lo: rapid.Uint64().Draw(t, "lo")}
	if rapid.Bool().Draw(t, "narrow") {
		e.Hi = 0
	}
	if rapid.Bool().Draw(t, "negative") {
		return e.Neg()
	}
	return e
})

func TestExactAgreesWithBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := wide.Draw(t, "a"), wide.Draw(t, "b")
		for _, c := range []struct {
			name string
			got  Exact
			want *big.Int
		}{
			{"a + b", a.Add(b), new(big.Int).Add(bigOf(a), bigOf(b))},
			{"a - b", a.Sub(b), new(big.Int).Sub(bigOf(a), bigOf(b))},
			{"-a", a.Neg(), new(big.Int).Neg(bigOf(a))},
			{"|a|", a.Abs(), new(big.Int).Abs(bigOf(a))},
		} {
			if bigOf(c.got).Cmp(c.want) != 0 {
				t.Fatalf("%s = %v, want %v", c.name, bigOf(c.got), c.want)
			}
		}
		if a.Cmp(b) != bigOf(a).Cmp(bigOf(b)) || a.Sign() != bigOf(a).Sign() || a.IsZero() != (a.Sign() == 0) {
			t.Fatal("order or sign")
		}
		d := rapid.Uint64Range(1, 1<<63).Draw(t, "d")
		q, r := a.Abs().divmod(d)
		wq, wr := new(big.Int).QuoRem(new(big.Int).Abs(bigOf(a)), new(big.Int).SetUint64(d), new(big.Int))
		if bigOf(q).Cmp(wq) != 0 || wr.Cmp(new(big.Int).SetUint64(r)) != 0 {
			t.Fatalf("%v / %d = %v rest %d", a, d, q, r)
		}
	})
}

func TestScaleRoundsOnceHalfAwayFromZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		factor := rapid.OneOf(wide, exacts, rapid.Custom(func(t *rapid.T) Exact { return Millionths(rapid.Int64Range(-3, 3).Draw(t, "tiny")) }))
		e, num, den := factor.Draw(t, "e"), factor.Draw(t, "num"), factor.Draw(t, "den")
		if den.IsZero() {
			return
		}
		got, err := e.Scale(num, den)
		r := new(big.Rat).SetFrac(new(big.Int).Mul(bigOf(e), bigOf(num)), bigOf(den))
		v := new(big.Rat).Add(new(big.Rat).Abs(r), big.NewRat(1, 2))
		want := new(big.Int).Quo(v.Num(), v.Denom())
		if want.Cmp(bigOf(MaxExact)) > 0 {
			if !errors.Is(err, ErrOverflow) {
				t.Fatalf("%v fits: %v", want, got)
			}
			return
		}
		if r.Sign() < 0 {
			want.Neg(want)
		}
		if err != nil || bigOf(got).Cmp(want) != 0 {
			t.Fatalf("%v x %v / %v = %v, %v, want %v", e, num, den, bigOf(got), err, want)
		}
	})
}

func TestTimes(t *testing.T) {
	for _, c := range []struct{ a, b, want Exact }{
		{Units(3), Millionths(12_345_678), Millionths(37_037_034)},
		{Units(999_999_999_999_999), Units(2), Units(1_999_999_999_999_998)},
		{Millionths(1), Millionths(500_000), Millionths(1)}, // half of the smallest amount
		{Millionths(-1), Millionths(500_000), Millionths(-1)},
		{Millionths(1), Millionths(499_999), Exact{}},
	} {
		if got, err := c.a.Times(c.b); err != nil || got != c.want {
			t.Errorf("%v x %v = %v, %v, want %v", c.a, c.b, got, err, c.want)
		}
	}
	if _, err := MaxExact.Times(Units(2)); !errors.Is(err, ErrOverflow) {
		t.Errorf("too large: %v", err)
	}
}

func TestString(t *testing.T) {
	for _, c := range []struct {
		e      Exact
		places int
		want   string
	}{
		{Exact{}, 0, "0"},
		{Exact{}, 2, "0.00"},
		{Millionths(-12_500_000), 0, "-12.5"},
		{Millionths(-12_500_000), 2, "-12.50"},
		{Millionths(1), 2, "0.000001"},
		{Millionths(-1), 0, "-0.000001"},
		{Units(999_999_999_999_999).Add(Millionths(123_456)), 2, "999999999999999.123456"},
		{MaxExact, 0, "100000000000000000000"},
		{MaxExact.Neg(), 1, "-100000000000000000000.0"},
		{Units(1_000_000_000_000_000_001 / 1000), 0, "1000000000000000"},
	} {
		if got := c.e.Fixed(c.places); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		e := wide.Draw(t, "e")
		back, ok := new(big.Rat).SetString(e.String())
		if !ok || back.Mul(back, big.NewRat(million, 1)).Cmp(new(big.Rat).SetInt(bigOf(e))) != 0 {
			t.Fatalf("%v reads back as %v", bigOf(e), back)
		}
	})
}

func TestFloat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := wide.Draw(t, "e")
		want, _ := new(big.Rat).SetFrac(bigOf(e), big.NewInt(million)).Float64()
		if got := e.Float(); math.Abs(got-want) > 4e-16*math.Abs(want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}
