package main

import (
	"fmt"
	"time"

	"clientworth/pipeline/period"
)

// when settles the period. The default is the last month that is over today, in
// the company's time zone, or on the day given.
func when(now time.Time, zone *time.Location, periodFlag, asOfFlag string) (period.Month, error) {
	y, m, d := now.In(zone).Date()
	today, _ := period.DayOf(y, int(m), d)
	if asOfFlag != "" {
		var err error
		if today, err = period.ParseDay(asOfFlag); err != nil {
			return 0, &usageError{fmt.Errorf("--as-of: %w", err), ""}
		}
	}
	if periodFlag == "" {
		return today.Month() - 1, nil
	}
	month, err := period.ParseMonth(periodFlag)
	if err != nil {
		return 0, &usageError{fmt.Errorf("--period: %w", err), ""}
	}
	if month.Last() >= today {
		return 0, &usageError{fmt.Errorf("--period: %s is not over on %s", month, today), "name a month that is over, or a later day with --as-of"}
	}
	return month, nil
}
