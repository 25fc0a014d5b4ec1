package demo

import (
	"fmt"
	"iter"
	"strconv"
)

// work is an entry of the ticket system: somebody's time on a ticket.
type work struct {
	entry    string
	ticket   string
	month    int
	day      int
	client   string
	role     role
	agent    string
	activity string
	cause    string
	quarters int // of an hour; zero where the activity has a standard time
	units    int // counted extras of the activity
	billable bool
}

type role int

const (
	support role = iota
	engineer
	contractor
)

var roles = [...]string{"support", "engineer", "contractor"}

// staff answer the tickets. No report names them.
var staff = [...][]string{
	support:    {"agent 11", "agent 12", "agent 13", "agent 14", "agent 15", "agent 16", "agent 17"},
	engineer:   {"agent 21", "agent 22", "agent 23", "agent 24", "agent 25"},
	contractor: {"agent 31", "agent 32", "agent 33"},
}

var supportHeader = []string{"Eintrag", "Ticket", "Datum", "Kunde", "Team", "Person", "Art", "Ursache", "Stunden", "Anzahl", "Berechnet"}

func (w work) row() []string {
	return []string{
		w.entry, w.ticket, fmt.Sprintf("%02d.%02d.%d", w.day, at(w.month).OfYear(), at(w.month).Year()), w.client,
		roles[w.role], w.agent, w.activity, w.cause, hoursText(w.quarters), count(w.units), map[bool]string{true: "ja", false: "nein"}[w.billable],
	}
}

// hoursText writes quarters of an hour with a decimal comma, as this export does,
// and nothing where nobody stopped the time.
func hoursText(quarters int) string {
	if quarters == 0 {
		return ""
	}
	return fmt.Sprintf("%d,%02d", quarters/4, quarters%4*25)
}

// supportHours writes the export of the ticket system for a month.
func supportHours(all []client, m int) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		n := 0
		for _, c := range all {
			for _, w := range c.worked(m) {
				n++
				w.entry = entryNumber(m, n)
				if !yield(w.row()) {
					return
				}
			}
		}
		for _, w := range besides(m, len(all)) {
			n++
			w.entry = entryNumber(m, n)
			if !yield(w.row()) {
				return
			}
		}
		if m == months-3 {
			torn := work{entry: entryNumber(m, n+1), month: m, day: 14, client: all[0].Name, activity: "question"}.row()
			torn[8] = "1h?"
			yield(torn)
		}
	}
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func entryNumber(m, n int) string { return strconv.Itoa(m*1_000_000 + n + 10_000_000) }

// worked returns a month's work for the client.
func (c client) worked(m int) []work {
	if !c.with(m) {
		return nil
	}
	r := draw(forSupport, c.number, m)
	left := r.about(4*c.hoursOf(m), 12)
	var all []work
	for ticket := 1; left > 0; ticket++ {
		size := min(left, 1+r.below(2*c.ticket-1))
		left -= size
		all = append(all, c.answer(m, ticket, size, r)...)
	}
	return append(all, c.routine(m, r)...)
}

// routine returns work of a standard time: passwords, and now and then a list of
// new users.
func (c client) routine(m int, r *random) []work {
	var all []work
	for i := range c.hours/12 + r.below(2) {
		all = append(all, work{
			ticket: fmt.Sprintf("%d-%02d%02d-p%d", c.number, at(m).Year()%100, at(m).OfYear(), i+1), month: m, day: 1 + r.below(28),
			client: c.Name, agent: staff[support][r.below(3)], activity: "password reset",
		})
	}
	if (m+c.number)%3 == 0 {
		all = append(all, work{
			ticket: fmt.Sprintf("%d-%02d%02d-u", c.number, at(m).Year()%100, at(m).OfYear()), month: m, day: 3 + r.below(20),
			client: c.Name, agent: staff[support][0], activity: "user import", units: 10 + r.below(50),
		})
	}
	return all
}

// hoursOf returns the hours that the client needs in a month, on average.
func (c client) hoursOf(m int) int {
	if c.turn >= 0 && m >= c.turn {
		return c.hours * (100 + c.more) / 100
	}
	return c.hours
}

// answer returns the entries of a ticket: a long one is worked on twice.
func (c client) answer(m, ticket, quarters int, r *random) []work {
	w := work{
		ticket: fmt.Sprintf("%d-%02d%02d-%d", c.number, at(m).Year()%100, at(m).OfYear(), ticket),
		month:  m, day: 1 + r.below(27), client: c.spelling(r), role: c.answeredBy(r), quarters: quarters,
	}
	w.activity, w.cause = c.about(m, r)
	w.agent = staff[w.role][r.below(len(staff[w.role]))]
	w.billable = c.project > 0 && w.role == contractor
	if quarters < 8 {
		return []work{w}
	}
	first, second := w, w
	first.quarters, second.quarters = quarters/2, quarters-quarters/2
	second.day++
	return []work{first, second}
}

func (c client) answeredBy(r *random) role {
	switch n := r.below(100); {
	case n < c.senior:
		return engineer
	case n < c.senior+c.outside:
		return contractor
	}
	return support
}

// about returns what a ticket is about, and why it was needed.
func (c client) about(m int, r *random) (activity, cause string) {
	n := r.below(100)
	own := c.own
	if m >= c.stop {
		own = 0
	}
	for _, part := range []struct {
		percent         int
		activity, cause string
	}{
		{own, "incident", "defect"},
		{c.scope, "other systems", ""},
		{c.cannot, "question", "not our service"},
		{c.advice, "change", "advice refused"},
		{c.capable, "new feature", "reusable"},
	} {
		if n < part.percent {
			return part.activity, part.cause
		}
		n -= part.percent
	}
	return []string{"question", "question", "incident", "change", "training"}[r.below(5)], ""
}

// besides returns work for no client of ours: our own meetings, somebody whom
// nobody knows, and a name with a letter missing.
func besides(m, clients int) []work {
	r := draw(forSupport, 0, m)
	var all []work
	for day := 2; day < 28; day += 3 {
		for who := range engineer + 1 {
			all = append(all, work{
				month: m, day: day, client: "Quillhaven Software", role: who, agent: staff[who][r.below(len(staff[who]))],
				activity: "meeting", quarters: r.about(24*clients/40, 20),
			})
		}
	}
	return append(all,
		work{month: m, day: 9, client: "Hotel Nordwall", ticket: "nw-" + strconv.Itoa(m), activity: "question", quarters: 6 + r.below(9), agent: "agent 12"},
		work{month: m, day: 17, client: "Kestrelmor Foods", ticket: "km-" + strconv.Itoa(m), activity: "change", role: engineer, quarters: 3 + r.below(6), agent: "agent 23"})
}

var activitiesHeader = []string{"activity", "standard_minutes", "minutes_per_unit", "out_of_scope", "capability"}

// activities writes what is known of the kinds of work: which take a standard
// time, which are outside the scope of every plan, which build something.
func activities() iter.Seq[[]string] {
	return rows(
		[]string{"password reset", "12", "", "", ""},
		[]string{"user import", "15", "1.5", "", ""},
		[]string{"other systems", "", "", "yes", ""},
		[]string{"new feature", "", "", "", "yes"},
	)
}
