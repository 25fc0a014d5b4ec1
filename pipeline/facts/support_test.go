package facts_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
)

// worked writes the work as "client month role cause hours entries", with the
// marks of scope and billing.
func worked(f *facts.Facts) []string {
	causes := [...]string{"other", "own_error", "cannot_deliver", "against_advice", "capability"}
	var lines []string
	for _, w := range f.Work {
		l := fmt.Sprintf("%s %s %s %s %s %d", who(f, w.Client), w.Month, f.Roles[w.Role], causes[w.Cause], w.Hours, w.Entries)
		if w.OutOfScope {
			l += " out of scope"
		}
		if w.Billable {
			l += " billable"
		}
		lines = append(lines, l)
	}
	return lines
}

func TestWorkIsSummedByWhatItsCostDependsOn(t *testing.T) {
	o := options(t)
	o.InternalNames = []string{"Our House"}
	f := gather(t, []exports.Source{
		source(t, exports.Clients, file{"clients.csv", "client_id,client,aliases\nA,Acme,Acme East; ACM\n"}),
		source(t, exports.Activities, file{"activities.csv", "activity,standard_minutes,minutes_per_unit,out_of_scope,capability\nExtra,,,yes,\nBuild,,,,yes\n"}),
		source(t, exports.SupportHours, file{"hours.csv", `
client,date,hours,role,activity,cause,billable
Acme,2026-01-05,1.5,dev,,,
acme east,2026-01-06,0.5,dev,,,
ACM,2026-01-07,1,dev,Extra,,yes
Acme,2026-02-07,2,ops,,Own Error,
Acme,2026-02-07,2,ops,Build,,
Acme,2026-02-07,2,ops,Build,own_error,
our house,2026-02-07,3,ops,,,
Nobody,2026-02-07,4,ops,,,
Acme,2025-12-31,8,ops,,,
`}),
	}, o)
	same(t, "work", worked(f), `
		internal 2026-02 ops other 3.00 1
		unmapped 2026-02 ops other 4.00 1
		A 2026-01 dev other 1.00 1 out of scope billable
		A 2026-01 dev other 1.50 1
		A 2026-01 dev other 0.50 1
		A 2026-02 ops own_error 4.00 2
		A 2026-02 ops capability 2.00 1`)
	same(t, "findings", only(found(f), "unknown"), `unknown-client hours.csv:9: client "Nobody", 1 row`)
	if a := f.Activity[0]; a.First.String() != "2025-12" || a.Last.String() != "2026-02" || a.FirstBilled != 0 || a.LastOwnError.String() != "2026-02-07" {
		t.Errorf("activity: %v", a)
	}
	balanced(t, f)
}

// The last own error is the last entry of one by the end of the window, whatever
// it is an entry of.
func TestLastOwnError(t *testing.T) {
	billing := source(t, exports.Billing, file{"billing.csv", `
client,date,amount,kind,cause
Acme,2026-01-05,100,invoice,
Acme,2026-03-20,-5,credit,own_error
Bolt,2026-02-01,100,invoice,own_error
Corp,2026-01-31,100,invoice,
Dora,2025-12-31,-5,credit,own_error
`})
	hours := source(t, exports.SupportHours, file{"hours.csv", `
client,date,hours,role,cause
Acme,2026-03-19,1,ops,own_error
Acme,2026-07-01,1,ops,own_error
Corp,2026-02-11,1,ops,own_error
`})
	direct := source(t, exports.DirectCosts, file{"direct.csv", `
client,date,amount,cause
Corp,2026-04-30,10,own_error
Corp,2026-05-31,10,
`})
	f := gather(t, []exports.Source{billing, hours, direct}, options(t))
	want := []string{"2026-03-20", "", "2026-04-30", "2025-12-31"} // Bolt's is no credit
	for i, a := range f.Activity {
		if got := a.LastOwnError.String(); got != want[i] {
			t.Errorf("%s: %q, want %q", f.Clients[a.Client].ID, got, want[i])
		}
	}
}

// Minutes = 5 + 3 for each line, as in the time equations of Kaplan and Anderson.
func TestTimeEquations(t *testing.T) {
	activities := source(t, exports.Activities, file{"activities.csv", "activity,standard_minutes,minutes_per_unit\nOrder entry,5,3\nCall,7,\n"})
	hours := source(t, exports.SupportHours, file{"hours.csv", "client,date,role,activity,units\nA,2026-01-05,dev,order entry,1\nA,2026-02-05,dev,Order-Entry,10\nA,2026-03-05,dev,Call,\n"})
	billing := source(t, exports.Billing, file{"billing.csv", "client,date,amount\nA,2026-01-05,1\n"})
	f := gather(t, []exports.Source{activities, hours, billing}, options(t))
	same(t, "work", worked(f), `
		name:a 2026-01 dev other 0.133333 1
		name:a 2026-02 dev other 0.583333 1
		name:a 2026-03 dev other 0.116667 1`)

	hours = source(t, exports.SupportHours, file{"hours.csv", "client,date,role,activity\nA,2026-01-05,dev,Visit\n"})
	_, err := facts.Gather(t.Context(), []exports.Source{activities, hours, billing}, options(t))
	var placed *exports.Placed
	if !errors.As(err, &placed) || err.Error() != `hours.csv:2: activity: there are no hours, and the activity "Visit" has no standard minutes` {
		t.Errorf("an activity without a time: %v", err)
	}
}

func TestTicketsSplitByTheHoursOfOwnErrors(t *testing.T) {
	f := gather(t, []exports.Source{
		source(t, exports.Billing, file{"billing.csv", "client,date,amount\nA,2026-01-05,1\n"}),
		source(t, exports.SupportHours, file{"hours.csv", `
client,date,hours,role,ticket,cause
A,2026-01-05,3,dev,T1,
A,2026-01-06,1,dev,T1,own_error
A,2026-01-06,1,dev,T2,own_error
A,2026-01-06,1,dev,T3,
A,2026-02-06,1,dev,T1,
A,2026-02-06,1,dev,,
A,2026-02-06,0,dev,T1,
A,2026-02-06,0,dev,T4,own_error
`}),
	}, options(t))
	var lines []string
	for _, c := range f.Counts {
		lines = append(lines, fmt.Sprintf("%s %s %d %s", who(f, c.Client), c.Month, c.Tickets, c.OwnTickets))
	}
	same(t, "tickets", lines, "name:a 2026-01 3 1.25\nname:a 2026-02 1 0")
}

// Seconds of work are few millionths of an hour.
func TestTicketsSplitToTheMillionth(t *testing.T) {
	rows := "client,date,hours,role,ticket,cause\n" + strings.Repeat("A,2026-01-05,0.000360,dev,T1,\nA,2026-01-06,0.000180,dev,T1,own_error\n", 2)
	f := gather(t, []exports.Source{
		source(t, exports.Billing, file{"billing.csv", "client,date,amount\nA,2026-01-05,1\n"}),
		source(t, exports.SupportHours, file{"hours.csv", rows}),
	}, options(t))
	if c := f.Counts[0]; c.Tickets != 1 || c.OwnTickets != measure.Quantity(measure.Million/3) {
		t.Errorf("%d tickets, of which %s by own errors, want a third of one", c.Tickets, c.OwnTickets)
	}
}

// Two of three exports know no causes: their hours of a ticket are part of it, whatever
// export is read first.
func TestTicketsOfSeveralSourcesSplit(t *testing.T) {
	known := source(t, exports.SupportHours, file{"causes.csv", "client,date,hours,role,ticket,cause\nA,2026-01-06,1,dev,T1,own_error\n"})
	plain := source(t, exports.SupportHours, file{"plain.csv", "client,date,hours,role,ticket\nA,2026-01-05,1,dev,T1\n"})
	lifetime := source(t, exports.SupportHours, file{"a.csv", "client,date,hours,role,ticket\nA,2026-01-07,2,dev,T1\n"})
	lifetime.Lifetime = true
	billing := source(t, exports.Billing, file{"billing.csv", "client,date,amount\nA,2026-01-05,1\n"})
	for _, sources := range [][]exports.Source{{billing, known, plain, lifetime}, {billing, lifetime, plain, known}} {
		f := gather(t, sources, options(t))
		if c := f.Counts[0]; c.Tickets != 1 || c.OwnTickets != measure.Quantity(measure.Million/4) {
			t.Errorf("%d tickets, of which %s by own errors", c.Tickets, c.OwnTickets)
		}
	}
}

// A ticket of more hours than 32 bits hold, all in one entry and in many: a fifth of
// it is our own error.
func TestLargeTicketsSplit(t *testing.T) {
	rows := "client,date,hours,role,ticket,cause\nA,2026-01-05,400000,dev,T1,\nA,2026-01-06,100000,dev,T1,own_error\n"
	rows += strings.Repeat("A,2026-02-05,4000,dev,T2,\nA,2026-02-06,1000,dev,T2,own_error\n", 100)
	rows += "A,2026-03-05,4000000000000,dev,T3,\nA,2026-03-06,1000000000000,dev,T3,own_error\n"
	f := gather(t, []exports.Source{
		source(t, exports.Billing, file{"billing.csv", "client,date,amount\nA,2026-01-05,1\n"}),
		source(t, exports.SupportHours, file{"hours.csv", rows}),
	}, options(t))
	var lines []string
	for _, c := range f.Counts {
		lines = append(lines, fmt.Sprintf("%s %d %s", c.Month, c.Tickets, c.OwnTickets))
	}
	same(t, "tickets", lines, "2026-01 1 0.2\n2026-02 1 0.2\n2026-03 1 0.2")
}

func TestWorkWithoutRole(t *testing.T) {
	hours := source(t, exports.SupportHours, file{"hours.csv", "client,date,hours,role\nA,2026-01-05,3,\nA,2026-01-05,2,dev\n"})
	billing := source(t, exports.Billing, file{"billing.csv", "client,date,amount\nA,2026-01-05,1\n"})
	one := inline(exports.Rates, map[string]string{"role": "dev", "hourly_cost": "60"})
	f := gather(t, []exports.Source{billing, hours, one}, options(t))
	same(t, "the only role", worked(f), "name:a 2026-01 dev other 5.00 2")

	two := inline(exports.Rates, map[string]string{"role": "dev", "hourly_cost": "60"}, map[string]string{"role": "ops", "hourly_cost": "50"})
	f = gather(t, []exports.Source{billing, hours, two}, options(t))
	same(t, "one of two", worked(f), "name:a 2026-01 dev other 2.00 1")
	same(t, "findings", only(found(f), "no-role"), "no-role hours.csv:2: role")
	balanced(t, f)
}

// Two exports of totals per ticket: the first falls on its dates, the second as
// the differences.
func TestLifetimeTotals(t *testing.T) {
	hours := source(t, exports.SupportHours,
		file{"tickets-01.csv", "client,date,hours,role,ticket\nA,2026-01-20,3,dev,T1\nA,2026-01-31,1,dev,T2\n"},
		file{"tickets-02.csv", "client,date,hours,role,ticket\nA,2026-02-10,5,dev,T1\nA,2026-01-31,1,dev,T2\nA,2026-02-28,2,dev,T3\n"})
	hours.Lifetime = true
	billing := source(t, exports.Billing, file{"billing.csv", "client,date,amount\nA,2026-01-05,1\n"})
	f := gather(t, []exports.Source{billing, hours}, options(t))
	same(t, "work", worked(f), "name:a 2026-01 dev other 4.00 3\nname:a 2026-02 dev other 4.00 2")
	same(t, "findings", only(found(f), "lifetime"), "lifetime-hours tickets-01.csv: hours")
	balanced(t, f)
}

// A total of no ticket would count once more in every export.
func TestLifetimeTotalsWithoutTicket(t *testing.T) {
	hours := source(t, exports.SupportHours,
		file{"a.csv", "client,date,hours,role,ticket\nA,2026-01-20,3,dev,T1\nA,2026-01-20,4,dev,\n"},
		file{"b.csv", "client,date,hours,role,ticket\nA,2026-02-20,5,dev,\nA,2026-02-20,3,dev,T1\n"})
	hours.Lifetime = true
	f := gather(t, []exports.Source{source(t, exports.Clients, file{"clients.csv", "client_id,client\n1,A\n"}), hours}, options(t))
	same(t, "work", worked(f), "1 2026-01 dev other 3.00 1\n1 2026-02 dev other 0.00 1")
	same(t, "findings", only(found(f), "no-ticket"), "no-ticket a.csv:3: ticket\nno-ticket b.csv:2: ticket")
	balanced(t, f)
}

// Files of lifetime totals that are read in several batches: the text of a ticket is
// gone with its batch.
func TestLifetimeTotalsOfManyTickets(t *testing.T) {
	const tickets = 20_000 // 500 KB
	files := make([]file, 3)
	for i := range files {
		var text strings.Builder
		text.WriteString("client,date,hours,role,ticket\n")
		for n := range tickets {
			fmt.Fprintf(&text, "A,2026-%02d-20,%d,dev,T%06d\n", i+1, i+1, n)
		}
		files[i] = file{fmt.Sprintf("%d.csv", i), text.String()}
	}
	hours := source(t, exports.SupportHours, files...)
	hours.Lifetime = true
	f := gather(t, []exports.Source{source(t, exports.Clients, file{"clients.csv", "client_id,client\n1,A\n"}), hours}, options(t))
	same(t, "work", worked(f), "1 2026-01 dev other 20000.00 20000\n1 2026-02 dev other 20000.00 20000\n1 2026-03 dev other 20000.00 20000")
}

// Names that are too many are not kept for the next file: there the same codes mean
// others.
func TestCodesOfNamesThatAreNotKept(t *testing.T) {
	const head = "client,date,hours,role,activity,agent,cause\n"
	hours := source(t, exports.SupportHours, file{"a.csv", head + "A,2026-01-20,1,dev,,,\n" + flood("B,2026-01-20,0,dev,%s,,\n")},
		file{"b.csv", head + "B,2026-02-20,2,ops,Visit,Ann,own error\nA,2026-02-20,4,dev,Call,Ann,\nA,2026-02-20,23,dev,Call,Ann,\n"})
	f := gather(t, []exports.Source{
		source(t, exports.Clients, file{"clients.csv", "client_id,client\n1,A\n2,B\n"}),
		inline(exports.Activities, map[string]string{"activity": "Visit", "standard_minutes": "1", "out_of_scope": "yes"}), hours,
	}, facts.Options{Currency: currency(t, "EUR"), Window: options(t).Window, Workers: 1})
	same(t, "work", worked(f), "1 2026-01 dev other 1.00 1\n1 2026-02 dev other 27.00 2\n2 2026-01 dev other 0.00 2200\n2 2026-02 ops own_error 2.00 1 out of scope")
	same(t, "findings", only(found(f), "long"), "long-day b.csv:2: hours 29.00 on 2026-02-20, with other entries of the day")
}

// The days of people go on in the next file, where Bob has the code that Ann had.
func TestDaysOfPeopleWhoseNamesAreNotKept(t *testing.T) {
	const head = "client,date,hours,role,activity,agent\n"
	hours := source(t, exports.SupportHours, file{"a.csv", head + "A,2026-01-20,20,dev,,Ann\nA,2026-01-20,9,dev,,Bob\n" + flood("A,2026-01-20,0,dev,%s,\n")},
		file{"b.csv", head + "A,2026-01-20,6,dev,,Bob\nA,2026-01-20,7,dev,,Ann\n"})
	f := gather(t, []exports.Source{source(t, exports.Clients, file{"clients.csv", "client_id,client\n1,A\n"}), hours},
		facts.Options{Currency: currency(t, "EUR"), Window: options(t).Window, Workers: 1})
	same(t, "findings", only(found(f), "long"), "long-day a.csv:2: hours 27.00 on 2026-01-20, with other entries of the day")
}

// The files of lifetime totals are read one by one; an unknown client stands first in
// the first of them that names it.
func TestPlacesInLifetimeTotals(t *testing.T) {
	hours := source(t, exports.SupportHours,
		file{"tickets-01.csv", "client,date,hours,role,ticket\nA,2026-01-20,3,dev,T1\nWho,2026-01-31,1,dev,T2\n"},
		file{"tickets-02.csv", "client,date,hours,role,ticket\nWho,2026-02-10,5,dev,T2\n"})
	hours.Lifetime = true
	billing := source(t, exports.Billing, file{"billing.csv", "client,date,amount\nA,2026-01-05,1\n"})
	f := gather(t, []exports.Source{billing, hours}, options(t))
	same(t, "findings", only(found(f), "unknown"), "unknown-client tickets-01.csv:3: client \"Who\", 2 rows")
}

func TestRowsOfTheMonths(t *testing.T) {
	f := gather(t, []exports.Source{
		source(t, exports.Billing, file{"billing.csv", "client,date,amount\nA,2026-01-05,1\n"}),
		source(t, exports.SupportHours, file{"hours.csv", "client,date,hours,role\nA,2026-01-05,1,dev\nA,2026-03-05,1,dev\nA,2026-03-06,1,dev\nA,2025-12-31,1,dev\n"}),
	}, options(t))
	rows := map[string]int64{}
	for _, c := range f.Coverage {
		rows[fmt.Sprint(c.Source, " ", c.Month)] = c.Rows
	}
	if len(rows) != 2*f.Window.Len() || rows["billing 2026-01"] != 1 || rows["support_hours 2026-01"] != 1 || rows["support_hours 2026-02"] != 0 || rows["support_hours 2026-03"] != 2 {
		t.Errorf("%v", rows)
	}
}

// Most tickets of a help desk have no tracked time. They are no hours, and nothing
// that is wrong; an activity does not stand in for it unless it has minutes.
func TestTicketsWithoutTrackedTime(t *testing.T) {
	billing := source(t, exports.Billing, file{"billing.csv", "client,date,amount\nA,2026-01-05,1\n"})
	hours := source(t, exports.SupportHours, file{"tickets.csv", "client,date,hours,role,activity,ticket\nA,2026-01-05,,dev,Task,T1\nA,2026-01-06,2,dev,Task,T2\nA,2026-01-07,-0.25,dev,Task,T3\n"})
	hours.Lifetime = true
	f := gather(t, []exports.Source{billing, hours}, options(t))
	same(t, "findings", only(found(f), "untracked", "no-hours", "negative"), "negative-hours tickets.csv:4: hours\nuntracked-ticket tickets.csv:2: hours")
	if tally := f.Tallies[len(f.Tallies)-1]; tally.Used != 3 || tally.SetAside != 0 || tally.UsedHours.String() != "1.75" {
		t.Errorf("%+v", tally)
	}
	balanced(t, f)
}
