package demo

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"clientworth/pipeline/period"
)

// client is a story with a number. The sample company grows by telling its
// stories again to clients of other names.
type client struct {
	story
	number int // its id; 1001 is the first
	first  int // the number of the first line's client, told beside it
}

// clientsOf returns the clients of a company n times as large as the smallest.
func clientsOf(n int) []client {
	told := stories()
	all := make([]client, 0, n*len(told))
	for c := range n {
		for _, s := range told {
			if c > 0 {
				s.Name += " " + strconv.Itoa(c+1)
				s.Alias += " " + strconv.Itoa(c+1)
			}
			all = append(all, client{story: s, number: 1001 + len(all), first: 1001 + c*len(told)})
		}
	}
	return all
}

// with reports whether the client is with us in a month.
func (c client) with(month int) bool { return month >= c.from && month < c.to }

// included returns the support hours that a month's fee includes. Who is not
// short of them has a third more than it needs.
func (c client) included() int {
	if c.plan > 0 {
		return c.plan
	}
	return c.hours*4/3 + 2
}

var clientsHeader = []string{
	"client_id", "client", "aliases", "parent", "segment", "region", "owner", "contract_start", "contract_end", "notice_days",
	"plan_hours", "strategic", "relies_on_us", "transition_days", "referrer", "exception_owner", "exception_until",
}

// owners are the people who look after the clients of a region.
var owners = map[string]string{"North": "I. Lindqvist", "West": "M. Okafor", "South": "P. Rahimi", "East": "N. Sorokina"}

// register writes the clients file.
func register(all []client) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, c := range all {
			if !yield(c.entry()) {
				return
			}
		}
	}
}

func (c client) entry() []string {
	row := []string{
		strconv.Itoa(c.number), c.Name, c.Alias, c.belongs(), c.Segment, c.Region, owners[c.Region],
		c.start().String(), c.end().String(), c.notice(),
		strconv.Itoa(c.included()), yes(c.strategic > 0), yes(c.relies > 0), "", yes(c.referrer > 0), "", "",
	}
	if c.relies > 0 {
		row[13] = "180"
	}
	if c.strategic > 0 {
		row[15], row[16] = owners[c.Region], (last + period.Month(c.until)).Last().String()
	}
	return row
}

// belongs returns the id of the parent, if it has one.
func (c client) belongs() string {
	if c.parent == 0 {
		return ""
	}
	return strconv.Itoa(c.first + c.parent - 1)
}

// start returns the first day of the contract: a recent or coming one for a new
// client, else some years back.
func (c client) start() period.Day {
	if c.from > 0 {
		return at(c.from).First()
	}
	return at(0).First() - period.Day(200+c.number*37%1500)
}

// end returns the last day of the contract as it stands.
func (c client) end() period.Day {
	switch {
	case c.ends >= 0:
		return at(c.ends).Last()
	case c.to < months:
		return 0
	}
	return (last + period.Month(2+c.number*5%12)).Last()
}

func (c client) notice() string {
	return map[string]string{"enterprise": "90", "mid-size": "60", "small": "30"}[c.Segment]
}

// spelling returns the client's name as somebody writes it into a ticket: mostly
// in full, sometimes short, sometimes on another keyboard.
func (c client) spelling(r *random) string {
	switch r.below(6) {
	case 0, 1:
		return c.Alias
	case 2:
		return arabicKeyboard.Replace(c.Name)
	case 3:
		return strings.ToUpper(c.Name)
	}
	return c.Name
}

var arabicKeyboard = strings.NewReplacer("ی", "ي", "ک", "ك")

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// cents writes an amount with two places.
func cents(v int) string {
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	return fmt.Sprintf("%s%d.%02d", sign, v/100, v%100)
}
