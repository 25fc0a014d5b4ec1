package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/money"
)

// currencies are what exports tell of the currency of a report.
type currencies struct {
	billed    map[string]string // currencies of amounts billed -> the export
	converted map[string]string // currencies that have rates of exchange -> the export
	named     string            // currency that a header names
	by        string            // that header
	signs     map[string]string // currency signs of amounts billed -> an amount with it
}

// row takes the currency of a row. Rates of exchange are of every currency but the
// report's.
func (c *currencies) row(in exports.Input, label, currency string) {
	if currency == "" || in != exports.Billing && in != exports.FX {
		return
	}
	of := &c.billed
	if in == exports.FX {
		of = &c.converted
	}
	if *of == nil {
		*of = map[string]string{}
	}
	if code := strings.ToUpper(currency); (*of)[code] == "" {
		(*of)[strings.Clone(code)] = label
	}
}

// inCurrency is a header that names the currency of its amounts.
var inCurrency = regexp.MustCompile(`[(,] ?([A-Z]{3})(?:\)|$)`)

// headed takes the currency that a header names, or all first rows of a column
// called currency, where no row that is read says another.
func (c *currencies) headed(in exports.Input, l *exports.Look) {
	for i, h := range l.Header {
		said := inCurrency.FindStringSubmatch(h)
		if bare(h) == "currency" {
			said = theSame(l.Rows, i)
		}
		if said == nil || c.named != "" || in == exports.FX {
			continue
		}
		if _, err := money.CurrencyOf(said[1]); err == nil {
			c.named, c.by = said[1], h
		}
	}
}

// asCurrency is a currency as rows have it: "GBP", or "British Pound - GBP".
var asCurrency = regexp.MustCompile(`^(?:.* )?([A-Z]{3})$`)

// unnamed is a header without the currency at its end.
func unnamed(h string) string {
	if at := inCurrency.FindStringSubmatchIndex(h); at != nil && at[1] == len(h) {
		if _, err := money.CurrencyOf(h[at[2]:at[3]]); err == nil {
			return h[:at[0]]
		}
	}
	return h
}

// theSame returns the currency that a column has in all rows.
func theSame(rows [][]string, column int) (said []string) {
	for _, r := range rows {
		if column >= len(r) || r[column] == "" {
			continue
		}
		m := asCurrency.FindStringSubmatch(strings.ToUpper(r[column]))
		if m == nil || said != nil && m[1] != said[1] {
			return nil
		}
		said = m
	}
	return said
}

// signed notes the signs of the amounts billed.
func (c *currencies) signed(s *exports.Source, l *exports.Look) {
	at := slices.IndexFunc(l.Header, func(h string) bool {
		return slices.ContainsFunc(s.Columns["amount"].Header, func(n string) bool { return bare(n) == bare(h) })
	})
	if s.Columns == nil {
		at = position(l.Header, "amount")
	}
	for _, row := range l.Rows {
		if s.Input != exports.Billing || at < 0 || at >= len(row) {
			continue
		}
		if sign := exports.SignOf(row[at]); sign != "" && c.signs[sign] == "" {
			if c.signs == nil {
				c.signs = map[string]string{}
			}
			c.signs[sign] = row[at]
		}
	}
}

// contradicted returns an amount that is not in a currency, where there is one.
func (c *currencies) contradicted(currency string) string {
	for _, sign := range sortedKeys(c.signs) {
		if exports.Contradicts(sign, currency) {
			return c.signs[sign]
		}
	}
	return ""
}

// line is the currency of the report as far as the exports agree on it: that of all
// amounts billed which have no rate of exchange.
func (c *currencies) line() string {
	open := func(why string) string { return fmt.Sprintf("currency: %-19s # of the report%s", `"?"`, why) }
	var own []string
	for _, code := range sortedKeys(c.billed) {
		if _, err := money.CurrencyOf(code); err == nil && c.converted[code] == "" {
			own = append(own, code)
		}
	}
	code, why := c.named, fmt.Sprintf("as the column %q says", c.by)
	switch {
	case len(own) > 1:
		return open(fmt.Sprintf(": %s are billed, all but one of them need rates in an input fx", strings.Join(own, ", ")))
	case len(own) == 1:
		code, why = own[0], "all of "+c.billed[own[0]]+" is in it"
		if len(c.billed) > 1 {
			why = "what else is billed has rates of exchange"
		}
	case len(c.converted) > 0 && (code == "" || c.converted[code] != ""):
		return open(fmt.Sprintf(": another than %s, for which there are rates of exchange", strings.Join(sortedKeys(c.converted), ", ")))
	}
	if code == "" {
		return open(", an ISO 4217 code such as EUR")
	}
	if amount := c.contradicted(code); amount != "" {
		return open(fmt.Sprintf("; %s is written, but amounts like %s", code, amount))
	}
	return fmt.Sprintf("currency: %-19s # of the report; %s", code, why)
}
