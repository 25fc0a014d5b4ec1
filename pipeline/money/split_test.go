package money

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// hamilton is largest remainder done slowly, in fractions: the model that Split,
// Settle and SettleAt are held against.
func hamilton(total int64, exact []*big.Rat) []Amount {
	sum := new(big.Rat)
	for _, e := range exact {
		sum.Add(sum, e)
	}
	sign := big.NewRat(1, 1)
	if sum.Sign() < 0 || sum.Sign() == 0 && total < 0 {
		sign = big.NewRat(-1, 1)
	}
	parts := make([]Amount, len(exact))
	rests := make([]*big.Rat, len(exact))
	left := new(big.Int).SetInt64(total)
	left.Mul(left, sign.Num())
	for i, e := range exact {
		v := new(big.Rat).Mul(e, sign)
		q := new(big.Int).Div(v.Num(), v.Denom()) // Euclidean: rounds down
		rests[i] = v.Sub(v, new(big.Rat).SetInt(q))
		parts[i] = Amount(q.Int64())
		left.Sub(left, q)
	}
	for ; left.Sign() > 0; left.Sub(left, big.NewInt(1)) {
		best := 0
		for i := range rests {
			if rests[i].Cmp(rests[best]) > 0 {
				best = i
			}
		}
		parts[best]++
		rests[best] = big.NewRat(-1, 1)
	}
	if sign.Sign() < 0 {
		for i := range parts {
			parts[i] = -parts[i]
		}
	}
	return parts
}

func sumOf(parts []Amount) (sum Amount) {
	for _, p := range parts {
		sum += p
	}
	return sum
}

func TestSplitByHand(t *testing.T) {
	for _, c := range []struct {
		total   Amount
		weights []int64
		want    []Amount
	}{
		{100, []int64{1, 1, 1}, []Amount{34, 33, 33}}, // 33.33 each; the tie goes to the first
		{-100, []int64{1, 1, 1}, []Amount{-34, -33, -33}},
		{200, []int64{1, 1, 1}, []Amount{67, 67, 66}},
		{10, []int64{1, 2, 4}, []Amount{1, 3, 6}}, // 1.43, 2.86, 5.71
		{7, []int64{0, 5, 0}, []Amount{0, 7, 0}},
		{0, []int64{3, 1}, []Amount{0, 0}},
		{1, []int64{0, 1, 1}, []Amount{0, 1, 0}},
		{math.MaxInt64, []int64{math.MaxInt64, math.MaxInt64}, []Amount{1 << 62, 1<<62 - 1}},
	} {
		got, err := Split(c.total, c.weights)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("Split(%d, %v) = %v, %v, want %v", c.total, c.weights, got, err, c.want)
		}
	}
}

func TestSplitRefuses(t *testing.T) {
	if _, err := Split(5, []int64{0, 0}); !errors.Is(err, ErrNoWeight) {
		t.Errorf("no weight: %v", err)
	}
	if _, err := Split(5, []int64(nil)); !errors.Is(err, ErrNoWeight) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := Split(5, []int64{math.MaxInt64, math.MaxInt64, math.MaxInt64}); !errors.Is(err, ErrOverflow) {
		t.Errorf("weights too large: %v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a negative weight is taken")
		}
	}()
	Split(5, []int64{2, -1})
}

var weights = rapid.SliceOfN(rapid.OneOf(
	rapid.Int64Range(0, 5), rapid.Int64Range(0, 1_000_000), rapid.Int64Range(0, math.MaxInt64/50)), 1, 40)

func TestFault60SplitIsLargestRemainder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.OneOf(rapid.Int64Range(-1000, 1000), rapid.Int64Range(math.MinInt64+1, math.MaxInt64)).Draw(t, "total")
		w := weights.Draw(t, "weights")
		parts, err := Split(Amount(total), w)
		sum := new(big.Int)
		for _, x := range w {
			sum.Add(sum, big.NewInt(x))
		}
		if sum.Sign() == 0 {
			if !errors.Is(err, ErrNoWeight) {
				t.Fatalf("no weight: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		exact := make([]*big.Rat, len(w))
		for i, x := range w {
			exact[i] = new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(total), big.NewInt(x)), sum)
		}
		if want := hamilton(total, exact); !slices.Equal(parts, want) {
			t.Fatalf("%v, want %v", parts, want)
		}
		for i, x := range w {
			if x == 0 && parts[i] != 0 {
				t.Fatalf("part %d has no weight and gets %d", i, parts[i])
			}
		}
	})
}

// currencies of 0, 2, 3 and 4 places.
var currencies = rapid.Custom(func(t *rapid.T) Currency {
	c, err := CurrencyOf(rapid.SampledFrom([]string{"JPY", "EUR", "IRR", "KWD", "CLF"}).Draw(t, "currency"))
	if err != nil {
		t.Fatal(err)
	}
	return c
})

var exacts = rapid.Custom(func(t *rapid.T) Exact {
	switch rapid.IntRange(0, 2).Draw(t, "kind") {
	case 0:
		return Millionths(rapid.Int64Range(-30_000, 30_000).Draw(t, "small"))
	case 1: // whole or half cents
		return Millionths(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "halves") * 5000)
	}
	return Units(rapid.Int64Range(-999_999_999_999_999, 999_999_999_999_999).Draw(t, "units")).
		Add(Millionths(rapid.Int64Range(0, 999_999).Draw(t, "millionths")))
})

func ratOf(c Currency, e Exact) *big.Rat {
	r := new(big.Rat).SetInt(bigOf(e))
	return r.Quo(r, new(big.Rat).SetInt64(int64(c.minor())))
}

func TestSettleIsLargestRemainder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := currencies.Draw(t, "currency")
		values := rapid.SliceOfN(exacts, 0, 30).Draw(t, "values")
		parts, total, err := Settle(c, values)
		if errors.Is(err, ErrOverflow) && c.Places == 4 {
			return // 15 digits and four places are too much for an amount
		}
		if err != nil {
			t.Fatal(err)
		}
		var sum Exact
		rats := make([]*big.Rat, len(values))
		for i, e := range values {
			sum = sum.Add(e)
			rats[i] = ratOf(c, e)
		}
		if round, err := c.Round(sum); err != nil || round != total || sumOf(parts) != total {
			t.Fatalf("total %d, rounded %d, parts %d", total, round, sumOf(parts))
		}
		for i := range parts {
			if off := new(big.Rat).Sub(rats[i], new(big.Rat).SetInt64(int64(parts[i]))); off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("part %d moves by %v minor units", i, off)
			}
		}
		if want := hamilton(int64(total), rats); !slices.Equal(parts, want) {
			t.Fatalf("%v, want %v", parts, want)
		}
		mirror := make([]Exact, len(values))
		for i, e := range values {
			mirror[i] = e.Neg()
		}
		back, _, err := Settle(c, mirror)
		for i := range back {
			if err != nil || sum.Sign() != 0 && back[i] != -parts[i] {
				t.Fatalf("mirrored: %v, want the opposite of %v", back, parts)
			}
		}
	})
}

// A month settles over clients, and each client over its rows: whatever the
// grouping, every level adds up.
func TestSettleInLevels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := currencies.Draw(t, "currency")
		groups := rapid.SliceOfN(rapid.SliceOfN(exacts, 1, 6), 1, 8).Draw(t, "groups")
		sums := make([]Exact, len(groups))
		for i, g := range groups {
			for _, e := range g {
				sums[i] = sums[i].Add(e)
			}
		}
		parts, _, err := Settle(c, sums)
		if errors.Is(err, ErrOverflow) && c.Places == 4 {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, g := range groups {
			rows, err := SettleTo(c, g, parts[i])
			if errors.Is(err, ErrOverflow) && c.Places == 4 {
				return // rows that cancel each other out
			}
			if err != nil || sumOf(rows) != parts[i] {
				t.Fatalf("rows %v add up to %d, not %d: %v", rows, sumOf(rows), parts[i], err)
			}
		}
	})
}

func TestSettleToRefusesATotalThatIsNotTheirs(t *testing.T) {
	eur, _ := CurrencyOf("EUR")
	for _, total := range []Amount{99, 102} {
		if got, err := SettleTo(eur, []Exact{Units(1), Millionths(2000)}, total); err == nil {
			t.Errorf("1.002 settles to %d: %v", total, got)
		}
	}
}

func TestLargest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOfN(rapid.Uint64Range(0, 20), 1, 50).Draw(t, "values")
		n := rapid.IntRange(1, len(v)).Draw(t, "n")
		sorted := slices.Sorted(slices.Values(v))
		if got, want := largest(v, n), sorted[len(v)-n]; got != want {
			t.Fatalf("%d, want %d", got, want)
		}
	})
}
