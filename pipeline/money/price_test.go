package money

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestPriceByHand(t *testing.T) {
	eur, _ := CurrencyOf("EUR")
	jpy, _ := CurrencyOf("JPY")
	kwd, _ := CurrencyOf("KWD")
	const hour = 1_000_000
	for _, c := range []struct {
		name     string
		currency Currency
		amount   Exact
		per      int64
		quantity int64
		want     Amount
	}{
		{"an hour at 60.00", eur, Units(60), hour, hour, 6000},
		{"20 minutes at 60.00", eur, Units(60), hour, 333_333, 2000}, // 19.99998
		{"half a cent away from zero", eur, Millionths(5000), hour, hour, 1},
		{"half a cent away from zero, negative", eur, Millionths(5000), hour, -hour, -1},
		{"just under half a cent, twelve places", eur, Millionths(4_999_999), hour, 1000, 0},
		{"a month of 5,000 over 128 hours, 20 of them", eur, Units(5000), 128 * hour, 20 * hour, 78125},
		{"yen", jpy, Units(5000), 128 * hour, 20 * hour, 781}, // 781.25
		{"dinars", kwd, Units(5000), 128 * hour, hour, 39063}, // 39.0625
		{"15 digits a month", eur, Units(999_999_999_999_999), 160 * hour, 80 * hour, 49_999_999_999_999_950},
	} {
		p, err := PriceOf(c.currency, c.amount, c.per)
		if err != nil {
			t.Fatal(c.name, err)
		}
		if got, err := p.Of(c.quantity); err != nil || got != c.want {
			t.Errorf("%s: %d, %v, want %d", c.name, got, err, c.want)
		}
	}
}

func TestPriceRefusesWhatCannotBeHeld(t *testing.T) {
	eur, _ := CurrencyOf("EUR")
	if _, err := PriceOf(eur, MaxExact.Sub(Millionths(1)), 1); !errors.Is(err, ErrOverflow) {
		t.Errorf("an enormous amount: %v", err)
	}
	p, err := PriceOf(eur, Units(1_000_000), int64(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Of(math.MaxInt64); !errors.Is(err, ErrOverflow) {
		t.Errorf("an enormous quantity: %v", err)
	}
}

func TestSettleAtIsLargestRemainder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := currencies.Draw(t, "currency")
		amount := exacts.Draw(t, "amount").Abs()
		per := rapid.Int64Range(1, 200_000_000).Draw(t, "per")
		quantities := rapid.SliceOfN(rapid.Int64Range(-3_000_000, 200_000_000), 0, 20).Draw(t, "quantities")
		p, err := PriceOf(c, amount, per)
		if errors.Is(err, ErrOverflow) {
			if whole := new(big.Int).Quo(bigOf(amount), big.NewInt(int64(c.minor()))); c.Whole(amount) && whole.IsInt64() {
				t.Fatalf("%v does not fit", amount)
			}
			return
		}
		var sum int64
		rats := make([]*big.Rat, len(quantities))
		for i, q := range quantities {
			sum += q
			rats[i] = new(big.Rat).Mul(ratOf(c, amount), big.NewRat(q, per))
		}
		total, err := p.Of(sum)
		if errors.Is(err, ErrOverflow) {
			return
		}
		parts, err := SettleAt(p, quantities, total)
		if errors.Is(err, ErrOverflow) {
			return
		}
		if err != nil || sumOf(parts) != total {
			t.Fatalf("parts %v of %d: %v", parts, total, err)
		}
		if want := hamilton(int64(total), rats); !slices.Equal(parts, want) {
			t.Fatalf("%v, want %v", parts, want)
		}
		exact := new(big.Rat).Mul(ratOf(c, amount), big.NewRat(sum, per))
		if want := roundHalfAway(exact); want != int64(total) {
			t.Fatalf("total %d, want %d", total, want)
		}
	})
}

func roundHalfAway(r *big.Rat) int64 {
	half := big.NewRat(1, 2)
	v := new(big.Rat).Abs(r)
	v.Add(v, half)
	q := new(big.Int).Quo(v.Num(), v.Denom()).Int64()
	if r.Sign() < 0 {
		return -q
	}
	return q
}
