package workbook

import (
	"testing"

	"clientworth/pipeline/period"
	"clientworth/pipeline/verdict"
)

// However long the notice is, the page shows the month in which the client is gone.
func TestExitMonthsReachTheExit(t *testing.T) {
	for n := range 12 {
		all := make([]verdict.ExitMonth, n)
		for i := range all {
			all[i].Month = period.Month(i)
		}
		got := lastMonths(all)
		if len(got) != min(n, 6) || n > 0 && got[len(got)-1].Month != period.Month(n-1) {
			t.Errorf("of %d months it shows %v", n, got)
		}
	}
}
