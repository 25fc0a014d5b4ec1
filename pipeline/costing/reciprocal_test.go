package costing

import (
	"strings"
	"testing"
)

// The solution sheet of golden G10 prints amounts that add up to more than there
// was to give; so do the receivers that follow from them.
func TestPrintedSolutionRefused(t *testing.T) {
	const total = 170_000 + 360_000 + 600_000
	for name, c := range map[string]struct {
		received []float64
		right    bool
	}{
		"solved":                   {[]float64{709_262.50, 420_737.50}, true},
		"following from the sheet": {[]float64{711_265.10, 422_770.30}, false},
		"printed on the sheet":     {[]float64{711_266, 422_771}, false},
		"a receiver that gives":    {[]float64{1_130_100, -100}, false},
	} {
		err := conserves(total, c.received)
		if (err == nil) != c.right {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && !strings.Contains(err.Error(), "services do not") {
			t.Errorf("%s: %v does not say what is wrong", name, err)
		}
	}
}
