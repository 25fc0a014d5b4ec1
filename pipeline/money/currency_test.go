package money

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestCurrencyRounding(t *testing.T) {
	for _, c := range []struct {
		code string
		e    Exact
		want Amount
		text string
	}{
		{"EUR", Millionths(1_004_999), 100, "1.00"},
		{"EUR", Millionths(1_005_000), 101, "1.01"},
		{"EUR", Millionths(-1_005_000), -101, "-1.01"},
		{"EUR", Millionths(-4_999), 0, "0.00"},
		{"EUR", Millionths(-5_000), -1, "-0.01"},
		{"JPY", Millionths(499_999), 0, "0"},
		{"JPY", Millionths(-500_000), -1, "-1"},
		{"IRR", Units(999_999_999_999_999), 99_999_999_999_999_900, "999999999999999.00"},
		{"KWD", Millionths(1_234_500), 1235, "1.235"},
		{"CLF", Millionths(1_234_549), 12345, "1.2345"},
	} {
		currency, err := CurrencyOf(c.code)
		if err != nil {
			t.Fatal(err)
		}
		got, err := currency.Round(c.e)
		if err != nil || got != c.want {
			t.Errorf("%s: %v rounds to %d, %v, want %d", c.code, c.e, got, err, c.want)
		}
		if s := currency.Format(got); s != c.text {
			t.Errorf("%s: %d is written %q, want %q", c.code, got, s, c.text)
		}
	}
	if _, err := CurrencyOf("eur"); err == nil {
		t.Error("a code in small letters is taken")
	}
}

func TestRoundRefusesWhatDoesNotFit(t *testing.T) {
	eur, _ := CurrencyOf("EUR")
	most := eur.Exact(math.MaxInt64)
	if a, err := eur.Round(most); err != nil || a != math.MaxInt64 {
		t.Errorf("the largest amount: %d, %v", a, err)
	}
	if _, err := eur.Round(most.Add(Millionths(5000))); !errors.Is(err, ErrOverflow) {
		t.Errorf("half a cent more: %v", err)
	}
	if _, err := eur.Round(MaxExact.Neg()); !errors.Is(err, ErrOverflow) {
		t.Errorf("far less: %v", err)
	}
}

func TestGrouped(t *testing.T) {
	for in, want := range map[string]string{
		"0.00": "0.00", "999.5": "999.5", "1000": "1,000", "-199030.14": "-199,030.14", "1234567": "1,234,567", "-100": "-100",
	} {
		if got := Grouped(in); got != want {
			t.Errorf("%s is grouped as %s, want %s", in, got, want)
		}
	}
}

func TestCurrencyLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := currencies.Draw(t, "currency")
		a := Amount(rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(t, "amount"))
		e := c.Exact(a)
		if back, err := c.Round(e); err != nil || back != a || !c.Whole(e) {
			t.Fatalf("%d comes back as %d, %v", a, back, err)
		}
		if c.Whole(e.Add(Millionths(1))) {
			t.Fatal("a broken amount is whole")
		}
		text, ok := new(big.Rat).SetString(c.Format(a))
		if !ok || text.Cmp(new(big.Rat).SetFrac(bigOf(e), big.NewInt(million))) != 0 {
			t.Fatalf("%d is written %s", a, c.Format(a))
		}
	})
}
