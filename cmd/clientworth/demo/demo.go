// Package demo writes the exports of a sample company, a small software and
// support house with forty clients, so that a person sees what goes into a report
// and what comes out. The clients are told in company.txt, one a line. The same
// scale gives the same bytes on every machine.
//
// The company and its clients are made up.
package demo

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"clientworth/pipeline/period"
)

// months is how many months the exports cover, the last of them the period.
const months = 14

var last = period.MonthOf(2026, 10)

// Period is the month that the sample company reports on.
func Period() period.Month { return last }

// at returns the calendar month at a position in the exports.
func at(m int) period.Month { return last - months + 1 + period.Month(m) }

// on returns a day of a month as 2026-10-31.
func on(m, day int) string { return (at(m).First() + period.Day(day-1)).String() }

// Options says how large the company is.
type Options struct {
	Scale int // times 40 clients; zero is 1
}

//go:embed clientworth.yaml
var configuration []byte

// Write writes the sample company's exports and its clientworth.yaml into a
// folder, which it makes if need be. Files of the same names are overwritten.
func Write(dir string, o Options) error {
	scale := max(o.Scale, 1)
	all := clientsOf(scale)
	exports := []export{
		{"clients.csv", ',', clientsHeader, register(all)},
		{"billing.csv", ',', billingHeader, billing(all)},
		{"rates.csv", ',', ratesHeader, rates(scale)},
		{"pools.csv", ',', poolsHeader, pools(scale)},
		{"pool-services.csv", ',', []string{"pool", "serves", "share"}, services()},
		{"instances.csv", ',', []string{"client_id", "month", "driver", "quantity"}, instances(all)},
		{"direct-costs.csv", ',', []string{"client_id", "date", "amount", "category", "cause"}, direct(all)},
		{"activities.csv", ',', activitiesHeader, activities()},
		{"incidents.csv", ',', []string{"client_id", "date", "kind", "note"}, happened(all, incidents)},
		{"actions.csv", ',', []string{"client_id", "date", "action", "note"}, happened(all, actions)},
		{"fx.csv", ',', []string{"currency", "month", "rate"}, pounds()},
	}
	for m := range months {
		exports = append(exports, export{"support/" + at(m).String() + ".csv", ';', supportHeader, supportHours(all, m)})
	}
	// The configuration is first: by it the folder is known again as the sample's.
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "clientworth.yaml"), configuration, 0o644); err != nil {
		return err
	}
	for _, e := range exports {
		if err := e.write(dir); err != nil {
			return fmt.Errorf("sample company: %w", err)
		}
	}
	// What people cost is nobody else's business.
	return os.Chmod(filepath.Join(dir, "rates.csv"), 0o640)
}

// export is a file of the company.
type export struct {
	path      string
	delimiter rune
	header    []string
	rows      iter.Seq[[]string]
}

func (e export) write(dir string) (err error) {
	path := filepath.Join(dir, filepath.FromSlash(e.path))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := csv.NewWriter(f)
	w.Comma = e.delimiter
	if err := w.Write(e.header); err != nil {
		return err
	}
	for row := range e.rows {
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
