package tables

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/verdict"
)

// ReadVerdicts reads what a published clients table said of each client, for a
// later report to grade it. Rows in another currency, and those without verdict,
// say nothing.
func ReadVerdicts(in io.Reader, c money.Currency) ([]verdict.Past, error) {
	r := csv.NewReader(in)
	header, err := r.Read()
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i, name := range header {
		at[strings.TrimPrefix(name, "\ufeff")] = i
	}
	for _, name := range []string{"period", "currency", "rank", "client_id", "client", "segment", "verdict", "gap", "months_observed"} {
		if _, ok := at[name]; !ok {
			return nil, fmt.Errorf("no column %q", name)
		}
	}
	var all []verdict.Past
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		said, ok := verdict.Parse(row[at["verdict"]])
		if !ok || row[at["currency"]] != c.Code {
			continue
		}
		p := verdict.Past{Client: clients.ID(row[at["client_id"]]), Name: row[at["client"]], Segment: row[at["segment"]], Verdict: said}
		var failed [4]error
		p.Period, failed[0] = period.ParseMonth(row[at["period"]])
		p.Months, failed[1] = strconv.Atoi(row[at["months_observed"]])
		var gap int64 // has the currency's places, so without the point it is minor units
		gap, failed[2] = strconv.ParseInt(strings.Replace(row[at["gap"]], ".", "", 1), 10, 64)
		p.Gap = money.Amount(gap)
		if rank := row[at["rank"]]; rank != "" {
			p.Rank, failed[3] = strconv.Atoi(rank)
		}
		if err := errors.Join(failed[:]...); err != nil {
			line, _ := r.FieldPos(0)
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		all = append(all, p)
	}
}
