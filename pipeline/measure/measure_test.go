package measure

import "testing"

func TestHoursShowTwoToSixDecimals(t *testing.T) {
	for want, h := range map[string]Hours{
		"0.00": 0, "1.50": 1_500_000, "0.25": 250_000, "-2.00": -2_000_000, "0.333333": 333_333, "0.0001": 100, "12345.678": 12_345_678_000,
	} {
		if got := h.String(); got != want {
			t.Errorf("%d millionths are %q, not %q", int64(h), got, want)
		}
	}
}

func TestRatioOverNothingIsAbsent(t *testing.T) {
	if r := Ratio(3, 0); r.Known {
		t.Errorf("3 / 0 is %v", r.Value)
	}
	if r := Ratio(-3, 2); r != Some(-1.5) {
		t.Errorf("-3 / 2 is %+v", r)
	}
}
