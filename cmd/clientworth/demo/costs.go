package demo

import (
	"iter"
	"strconv"
)

var ratesHeader = []string{"role", "valid_from", "people", "capacity_hours", "monthly_cost", "hourly_cost", "list_rate"}

// rates writes what the roles cost. Two teams are paid by the month, with a rise
// in January; contractors are paid by the hour.
func rates(scale int) iter.Seq[[]string] {
	times := func(n int) string { return strconv.Itoa(n * scale) }
	return rows(
		[]string{"support", "2025-09-01", times(8), times(960), times(35600), "", "85"},
		[]string{"support", "2026-01-01", times(8), times(960), times(36900), "", "88"},
		[]string{"engineer", "2025-09-01", times(5), times(640), times(31800), "", "120"},
		[]string{"engineer", "2026-01-01", times(5), times(640), times(33000), "", "125"},
		[]string{"contractor", "2025-01-01", "", "", "", "74", "140"},
		[]string{"contractor", "2026-04-01", "", "", "", "79.50", "140"},
	)
}

var poolsHeader = []string{"pool", "month", "amount", "driver", "sustaining"}

// pools writes the shared costs of every month.
func pools(scale int) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for m := range months {
			for i, p := range []struct {
				name, driver string
				eur          int // a month
				sustaining   bool
			}{
				{"Tools and telephony", "hours", 4200, false},
				{"Service desk management", "tickets", 5800, false},
				{"Billing and collection", "invoices", 1900, false},
				{"Account management", "revenue", 7200, false},
				{"Office and insurance", "clients", 4400, false},
				{"Brand and audit", "", 2900, true},
			} {
				amount := draw(forPools, i, m).about(p.eur*100, 4) * scale
				if !yield([]string{p.name, at(m).String(), cents(amount), p.driver, yes(p.sustaining)}) {
					return
				}
			}
		}
	}
}

func rows(all ...[]string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, row := range all {
			if !yield(row) {
				return
			}
		}
	}
}
