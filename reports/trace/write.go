package trace

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/reports/tables"
)

// width of a terminal that everybody has.
const width = 80

// few is how many rows of a group stand in the text of the whole window.
const few = 5

// Text writes the trace for a terminal: the whole window with the first rows of
// each group, or one month with all of them.
func (t *Trace) Text(w io.Writer, month period.Month) error {
	out := &text{Writer: bufio.NewWriter(w), trace: t, month: month}
	out.line(0, "%s (%s), %s, %s", "", t.Name, t.ID, t.Window, t.Currency.Code)
	out.part("Revenue", t.Revenue)
	out.part("Labour", t.Labour)
	out.part("Shares of pools", t.Pools)
	out.part("Direct costs", t.Direct)
	if t.Worth != nil && month == 0 {
		out.worth()
	}
	return out.Flush()
}

type text struct {
	*bufio.Writer
	trace *Trace
	month period.Month
}

// line writes words on the left and an amount on the right.
func (o *text) line(indent int, format, amount string, args ...any) {
	words := strings.Repeat("  ", indent) + fmt.Sprintf(format, args...)
	room := width - utf8.RuneCountInString(amount) - 1
	if amount == "" {
		room = width
	}
	if n := utf8.RuneCountInString(words); n > room {
		words = string([]rune(words)[:room-1]) + "…"
	}
	gap := ""
	if amount != "" {
		gap = strings.Repeat(" ", width-utf8.RuneCountInString(words)-utf8.RuneCountInString(amount))
	}
	fmt.Fprintln(o, words+gap+amount)
}

func (o *text) amount(a money.Amount) string { return o.trace.Currency.Format(a) }

// part writes a component: its total, its groups and their rows.
func (o *text) part(name string, groups []Group) {
	var shown []Group
	for _, g := range groups {
		if o.month == 0 || g.Month == o.month {
			shown = append(shown, g)
		}
	}
	fmt.Fprintln(o)
	o.line(0, "%s", o.amount(Total(shown)), name)
	for _, g := range shown {
		o.line(1, "%s  %s", o.amount(g.Amount), g.Month, o.made(g))
		for i, row := range g.Rows {
			if o.month == 0 && i == few {
				o.line(2, "and %d more rows: --month %s, or --format csv", "", len(g.Rows)-few, g.Month)
				break
			}
			o.row(row)
		}
		if !g.Rounding.IsZero() {
			o.line(2, "rounding of the month", g.Rounding.Fixed(o.trace.Currency.Places))
		}
	}
}

// made says what a group's amount is made of.
func (o *text) made(g Group) string {
	switch {
	case g.Driver != "":
		return fmt.Sprintf("%s: %s of %s %s, of %s", g.Item, quantity(g, g.Quantity, o.trace), quantity(g, g.Of, o.trace), g.Driver, o.amount(g.Pool))
	case g.Hours != 0:
		return fmt.Sprintf("%s: %s hours at %s", g.Item, g.Hours, g.Rate.Fixed(o.trace.Currency.Places))
	}
	return g.Item
}

// quantity writes a driver's quantity; that of revenue is money.
func quantity[Q ~int64](g Group, q Q, t *Trace) string {
	if g.Driver == facts.ByRevenue {
		return t.Currency.Format(money.Amount(q))
	}
	return money.Millionths(int64(q)).String()
}

func (o *text) row(row Row) {
	words := place(row.Place) + "  " + row.Day.String()
	if row.Hours != 0 {
		words += "  " + row.Hours.String() + " h"
	}
	if row.Cause == facts.OwnError {
		words += "  our error"
	}
	if row.What != "" {
		words += "  " + row.What
	}
	amount := ""
	if !row.Amount.IsZero() {
		amount = row.Amount.Fixed(o.trace.Currency.Places)
	}
	o.line(2, "%s", amount, words)
}

func place(p finding.Place) string {
	p.Field = ""
	return p.String()
}

// worth writes how the price follows from the cost.
func (o *text) worth() {
	w := o.trace.Worth
	fmt.Fprintln(o)
	o.line(0, "Cost to serve: labour + pools + direct", o.amount(w.Cost))
	o.line(0, "Margin: revenue - cost to serve", o.amount(w.Margin))
	o.line(0, "Own errors, in the cost", o.amount(w.OwnError))
	o.line(0, "Fair price: (cost - own errors) / (1 - %s %%)", o.amount(w.FairPrice), money.Millionths(int64(w.Target)*100))
	o.line(0, "Paid: revenue + credits for own errors of %s", o.amount(max(w.Revenue+w.OwnCredits, 0)), o.amount(w.OwnCredits))
	o.line(0, "Gap: fair price - paid", o.amount(w.Gap))
	o.line(0, "Shortfall", o.amount(w.Shortfall))
}

// columns of the table for machines. The amounts of a component add up to the
// report's; entries of hours have none, their group has.
var columns = []string{"month", "component", "item", "date", "what", "own_error", "file", "sheet", "line", "hours", "quantity", "of_quantity", "rate", "amount"}

// CSV writes the whole trace as a table.
func (t *Trace) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return err
	}
	for _, part := range []struct {
		name   string
		groups []Group
	}{{"revenue", t.Revenue}, {"labour", t.Labour}, {"pool", t.Pools}, {"direct", t.Direct}} {
		for _, g := range part.groups {
			for _, record := range t.records(part.name, g) {
				if err := out.Write(record); err != nil {
					return err
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}

// records returns the lines of the table for a group.
func (t *Trace) records(component string, g Group) [][]string {
	line := func(fill func(set func(column, value string))) []string {
		record := make([]string, len(columns))
		set := func(column, value string) {
			for i, c := range columns {
				if c == column {
					record[i] = value
				}
			}
		}
		set("month", g.Month.String())
		set("component", component)
		set("item", tables.Harmless(g.Item))
		fill(set)
		return record
	}
	places := t.Currency.Places
	var records [][]string
	if g.Hours != 0 || g.Driver != "" {
		records = append(records, line(func(set func(string, string)) {
			set("amount", t.Currency.Format(g.Amount))
			if g.Driver == "" {
				set("hours", g.Hours.String())
				set("rate", g.Rate.Fixed(places))
				return
			}
			set("what", string(g.Driver))
			set("quantity", quantity(g, g.Quantity, t))
			set("of_quantity", quantity(g, g.Of, t))
		}))
	}
	for _, row := range g.Rows {
		records = append(records, line(func(set func(string, string)) {
			set("date", row.Day.String())
			set("what", tables.Harmless(row.What))
			set("file", tables.Harmless(row.Place.File))
			set("sheet", tables.Harmless(row.Place.Sheet))
			set("line", strconv.FormatInt(row.Place.Line, 10))
			if row.Cause == facts.OwnError {
				set("own_error", "true")
			}
			if component == "labour" {
				set("hours", row.Hours.String())
				return
			}
			set("amount", row.Amount.Fixed(places))
		}))
	}
	if !g.Rounding.IsZero() {
		records = append(records, line(func(set func(string, string)) {
			set("what", "rounding")
			set("amount", g.Rounding.Fixed(places))
		}))
	}
	return records
}
