package trace

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/reports/tables"
	reportwords "clientworth/reports/words"
)

// columns is how wide a terminal is that everybody has.
const columns = 80

// shown is how deep a text of several months goes; the rest is counted.
const shown = 3

// Text writes the trace for a terminal: figures at the right, what they are made
// of below them, nothing wider than 80 columns but words without a blank, nothing
// cut off. Of several months single entries are left to CSV and to a text of one
// month.
func (t *Trace) Text(w io.Writer) error {
	out := bufio.NewWriter(w)
	title := t.ID
	if t.Name != "" && t.Name != t.ID {
		title = fmt.Sprintf("%s (%s)", t.Name, t.ID)
	}
	months := t.Months.String()
	if t.Months.Len() == 1 {
		months = t.Months.Last.String()
	}
	put(out, 0, title+", "+months, t.Currency.Code)
	left := 0
	for _, l := range t.Lines {
		if t.Months.Len() > 1 && l.Depth > shown {
			left++
			continue
		}
		if l.First {
			fmt.Fprintln(out)
		}
		put(out, 2*l.Depth, l.text(), t.money(l.Amount))
	}
	fmt.Fprintln(out)
	put(out, 0, "The last digit of parts is rounded so that they add up to their total.", "")
	if left > 0 {
		put(out, 0, fmt.Sprintf("%d lines below these: --month %s for those of a month, --format csv for all", left, t.Months.Last), "")
	}
	return out.Flush()
}

// text is what a line says beside its amount.
func (l Line) text() string {
	text := l.What
	switch {
	case l.How != "" && l.Entry != nil && l.Component == Labour:
		text += ": " + l.Hours.String() + " h, " + l.How
	case l.How != "":
		text += ": " + l.How
	case l.Component == Labour:
		text += ": " + l.Hours.String() + " h"
	}
	if p := l.Place; p.File != "" {
		p.Field = ""
		text += " (" + p.String() + ")"
	}
	return text
}

// put writes a text from a column on, wrapped, with an amount at the right of its
// first line.
func put(out *bufio.Writer, from int, text, amount string) {
	room := columns - from
	if amount != "" {
		room -= wide(amount) + 1
	}
	line, at := "", from
	flush := func() {
		if amount != "" {
			line += strings.Repeat(" ", max(1, columns-at-wide(line)-wide(amount))) + amount
			amount = ""
		}
		fmt.Fprintln(out, strings.Repeat(" ", at)+line)
		line, at, room = "", from+4, columns-from-4
	}
	for word := range strings.FieldsSeq(reportwords.Plain(text)) {
		if line != "" && wide(line)+1+wide(word) > room {
			flush()
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	flush()
}

// wide is how many columns a text takes in a terminal.
func wide(s string) (n int) {
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

var header = []string{"client_id", "component", "month", "item", "activity", "date", "document", "entry", "how",
	"hours", "quantity", "of_quantity", "amount", "own_error", "file", "sheet", "line"}

// CSV writes the last lines of the trace, a row each. The amounts of a component
// add up to the report's, to the minor unit, and so does what own errors cost.
func (t *Trace) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	for _, l := range t.Lines {
		if l.Entry == nil && l.Item == "" {
			continue
		}
		if err := out.Write(t.record(l)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (t *Trace) record(l Line) []string {
	r := map[string]string{
		"client_id": t.ID, "component": string(l.Component), "month": l.Month.String(), "item": l.Item, "how": l.How,
		"quantity": l.Quantity, "of_quantity": l.Of, "amount": t.Currency.Format(l.Amount),
		"file": l.Place.File, "sheet": l.Place.Sheet,
	}
	if l.Own != 0 {
		r["own_error"] = t.Currency.Format(l.Own)
	}
	if l.Place.Line > 0 {
		r["line"] = strconv.FormatInt(l.Place.Line, 10)
	}
	if e := l.Entry; e != nil {
		r["date"], r["activity"], r["document"], r["entry"] = e.Day.String(), e.Activity, e.Document+e.Ticket, e.ID
		if l.Component == Labour {
			r["hours"] = l.Hours.String()
		}
	}
	row := make([]string, len(header))
	for i, column := range header {
		row[i] = r[column]
		if column != "amount" && column != "own_error" && column != "hours" {
			row[i] = tables.Harmless(row[i])
		}
	}
	return row
}

// money writes an amount with its thousands apart.
func (t *Trace) money(a money.Amount) string { return t.Currency.Grouped(a) }

// percent writes a share: "20%".
func percent(s measure.Share) string { return money.Millionths(int64(s)*100).String() + "%" }
