package demo

import (
	"fmt"
	"iter"
	"strconv"
)

var ratesHeader = []string{"role", "valid_from", "people", "capacity_hours", "monthly_cost", "hourly_cost", "list_rate"}

// rates writes what the roles cost. Two teams are paid by the month, with a rise
// in January; contractors, four of them, are paid by the hour.
func rates(scale int) iter.Seq[[]string] {
	times := func(n int) string { return strconv.Itoa(n * scale) }
	return rows(
		[]string{"support", "2025-09-01", times(8), times(1000), times(35600), "", "85"},
		[]string{"support", "2026-01-01", times(8), times(1000), times(36900), "", "88"},
		[]string{"engineer", "2025-09-01", times(5), times(640), times(31800), "", "120"},
		[]string{"engineer", "2026-01-01", times(5), times(640), times(33000), "", "125"},
		[]string{"contractor", "2025-01-01", times(4), "", "", "74", "140"},
		[]string{"contractor", "2026-04-01", times(4), "", "", "79.50", "140"},
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
				{"Hosting", "instances", 7800, false},
				{"IT operations", "instances", 2600, false},
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

// services writes which part of a pool serves other pools: IT operations keep the
// office and the tools running and need the office themselves.
func services() iter.Seq[[]string] {
	return rows(
		[]string{"IT operations", "Tools and telephony", "25%"},
		[]string{"IT operations", "Office and insurance", "10%"},
		[]string{"Office and insurance", "IT operations", "15%"},
		[]string{"Office and insurance", "Service desk management", "20%"},
	)
}

// instances writes how many instances of the software run for a client.
func instances(all []client) iter.Seq[[]string] {
	return monthly(all, func(c client, m int) [][]string {
		return [][]string{{strconv.Itoa(c.number), at(m).String(), "instances", strconv.Itoa(1 + (c.fee+c.usage)/900)}}
	})
}

// direct writes what was bought for one client: licences of others, journeys, and
// things replaced because we broke them.
func direct(all []client) iter.Seq[[]string] {
	return monthly(all, func(c client, m int) [][]string {
		r := draw(forDirect, c.number, m)
		var bought [][]string
		buy := func(day, amount int, category, cause string) {
			bought = append(bought, []string{strconv.Itoa(c.number), on(m, day), cents(amount), category, cause})
		}
		if c.number%3 == 0 {
			buy(5, c.fee*5, "third-party licence", "")
		} else if m%5 == c.number%5 {
			buy(1+r.below(28), r.about(c.fee*6, 40), "travel", "")
		}
		if c.own > 0 && m < c.stop && m%4 == c.number%4 {
			buy(1+r.below(28), r.about(14000, 30), "replacement", "our error")
		}
		return bought
	})
}

// monthly writes rows of every client that is with us, month by month.
func monthly(all []client, of func(c client, m int) [][]string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for m := range months {
			for _, c := range all {
				if !c.with(m) {
					continue
				}
				for _, row := range of(c, m) {
					if !yield(row) {
						return
					}
				}
			}
		}
	}
}

// pounds writes what a pound cost in EUR, in a calm year.
func pounds() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for m := range months {
			if !yield([]string{"GBP", at(m).String(), fmt.Sprintf("1.1%d", 4213+m*517%2300)}) {
				return
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
