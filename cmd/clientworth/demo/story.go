package demo

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed company.txt
var company string

// story is a line of company.txt: what one client is like. Months are positions
// in the exports; a month that is not told is -1.
type story struct {
	Verdict string // that its figures come to
	Segment string
	Region  string
	Name    string
	Alias   string

	// What it pays, in whole EUR.
	fee     int // of a month's plan
	grow    int // per cent by which the fee rises each month
	usage   int // for metered pages in a month, on average
	project int // for a piece of work every third month
	annual  int // month in which the fee of a year is billed in advance
	credit  int // given every fourth month for a mistake of ours
	refund  int // given every fourth month for any other reason
	list    int // list price in per cent of what is billed; not told: a little above it
	quoted  int // 1: prices agreed one by one, so no list price
	pounds  int // 1: billed in pounds sterling

	// What it asks for.
	hours    int // of support in a month, on average
	ticket   int // quarters of an hour that a ticket takes, on average
	senior   int // per cent of the tickets that an engineer answers
	outside  int // per cent that a contractor answers
	turn     int // month from which it asks for more
	more     int // per cent that it asks for more then
	plan     int // hours a month included in the fee; not told: more than it needs
	own      int // per cent of the tickets that mend our errors
	stop     int // month from which there are no more of these
	scope    int // per cent of the tickets outside what was agreed
	cannot   int // per cent about things we do not do
	advice   int // per cent redone because our advice was refused
	capable  int // per cent that build something we can sell again
	from, to int // the first month with us, and the first one without
	ends     int // month in which the contract ended

	// What else is known.
	strategic int // 1: strategic to us, with an owner of the exception
	until     int // months after the period in which the exception ends
	relies    int // 1: relies on us
	referrer  int // 1: sends us others
	parent    int // the line of the client that it belongs to

	// What happened, and in which month.
	fixed   int // we mended what caused our errors
	agree   int // we agreed the scope
	limit   int // we limited the support
	reprice int // we asked for more
	raise   int // per cent by which the fee rose then
	threat  int // it threatened one of us
	late    int // it paid late
	dispute int // it disputed an invoice
}

// stories reads company.txt. A mistake in it is a programming error.
func stories() []story {
	var all []story
	for line := range strings.Lines(company) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		s, err := parseStory(line)
		if err != nil {
			panic(fmt.Sprintf("company.txt: %v: %s", err, line))
		}
		all = append(all, s)
	}
	return all
}

func parseStory(line string) (story, error) {
	cells := strings.Split(line, "|")
	if len(cells) != 6 {
		return story{}, fmt.Errorf("%d cells instead of 6", len(cells))
	}
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	s := story{
		Verdict: cells[0], Segment: cells[1], Region: cells[2], Name: cells[4], Alias: cells[5],
		annual: -1, turn: -1, ends: -1,
		fixed: -1, agree: -1, limit: -1, reprice: -1, threat: -1, late: -1, dispute: -1,
		ticket: 6, senior: 35, outside: 5, to: months, stop: months,
	}
	return s, s.read(strings.Fields(cells[3]))
}

// read takes words and numbers in turn.
func (s *story) read(words []string) error {
	meaning := map[string]*int{
		"fee": &s.fee, "grow": &s.grow, "usage": &s.usage, "project": &s.project, "annual": &s.annual,
		"credit": &s.credit, "refund": &s.refund, "list": &s.list, "quoted": &s.quoted, "pounds": &s.pounds,
		"hours": &s.hours, "ticket": &s.ticket, "senior": &s.senior, "outside": &s.outside,
		"turn": &s.turn, "more": &s.more, "plan": &s.plan, "own": &s.own, "stop": &s.stop,
		"scope": &s.scope, "cannot": &s.cannot, "advice": &s.advice, "capable": &s.capable,
		"from": &s.from, "to": &s.to, "ends": &s.ends,
		"strategic": &s.strategic, "until": &s.until, "relies": &s.relies, "referrer": &s.referrer, "parent": &s.parent,
		"fixed": &s.fixed, "agree": &s.agree, "limit": &s.limit, "reprice": &s.reprice, "raise": &s.raise,
		"threat": &s.threat, "late": &s.late, "dispute": &s.dispute,
	}
	for i := 0; i < len(words); i += 2 {
		to := meaning[words[i]]
		if to == nil || i+1 == len(words) {
			return fmt.Errorf("%q says nothing", words[i])
		}
		n, err := strconv.Atoi(words[i+1])
		if err != nil {
			return err
		}
		*to = n
	}
	return nil
}
