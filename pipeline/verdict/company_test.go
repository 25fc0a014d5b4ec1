package verdict

import (
	"fmt"
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/worth"
)

// company is a set of clients with their months, as literals. The window is the
// year to October 2026, amounts are cents.
type company struct {
	facts facts.Facts
	costs costing.Costs
}

var october = period.MonthOf(2026, 10)

func newCompany() *company {
	euro, _ := money.CurrencyOf("EUR")
	w := period.WindowTo(october, 12)
	return &company{
		facts: facts.Facts{Currency: euro, Window: w, Roles: []string{"support"}},
		costs: costing.Costs{Currency: euro, Window: w},
	}
}

// add adds a client whose months end with the window. Own errors are entered on
// the 20th of a month.
func (c *company) add(who clients.Client, months ...costing.Month) clients.Ref {
	ref := clients.Ref(len(c.facts.Clients))
	who.ID = clients.ID(fmt.Sprintf("c%04d", ref))
	c.facts.Clients = append(c.facts.Clients, who)
	all := make([]costing.Month, c.facts.Window.Len())
	since := len(all) - len(months)
	copy(all[since:], months)
	c.costs.Clients = append(c.costs.Clients, costing.Client{Months: all})
	if len(months) > 0 {
		first := c.facts.Window.At(since)
		active := facts.Activity{Client: ref, First: first, FirstBilled: first, Last: october}
		for i, m := range months {
			if m.OwnErrorCost() != 0 || m.OwnCredits != 0 {
				active.LastOwnError = (first + period.Month(i)).First() + 19
			}
		}
		c.facts.Activity = append(c.facts.Activity, active)
	}
	for i, m := range months {
		at := c.facts.Window.At(since + i)
		if m.Labour != 0 {
			c.facts.Work = append(c.facts.Work,
				facts.Work{Client: ref, Month: at, Hours: m.Hours - m.HoursOwn},
				facts.Work{Client: ref, Month: at, Cause: facts.OwnError})
			c.costs.Work = append(c.costs.Work, m.Labour-m.LabourOwn, m.LabourOwn)
		}
	}
	return ref
}

// crowd adds clients that pay about their fair price, and scatter.
func (c *company) crowd(n int) {
	for i := range n {
		months := make([]costing.Month, 12)
		for t := range months {
			months[t] = month(100000, money.Amount(72000+(i%5)*2000+(t*7+i*5)%11*500))
		}
		c.add(clients.Client{}, months...)
	}
}

func (c *company) act(client clients.Ref, kind string, day string) {
	d, err := period.ParseDay(day)
	if err != nil {
		panic(err)
	}
	c.facts.Actions = append(c.facts.Actions, facts.Action{Client: client, Day: d, Kind: kind})
}

func (c *company) decide(t testing.TB) (*worth.Portfolio, []Judgement) {
	t.Helper()
	p, err := worth.Assess(&c.facts, &c.costs, worth.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	return p, Decide(&c.facts, &c.costs, p, Defaults())
}

// month is a month's revenue and labour, an hour for every 60.00 of it.
func month(revenue, labour money.Amount) costing.Month {
	return costing.Month{Revenue: revenue, Labour: labour, Hours: measure.Hours(labour) * measure.Million / 6000, Documents: 1, Lines: 1}
}

// steady is n months of about the same, which never is exactly the same.
func steady(n int, m costing.Month) []costing.Month {
	all := make([]costing.Month, n)
	for i := range all {
		all[i] = m
		all[i].Labour += money.Amount(i%3-1) * m.Labour / 50
	}
	return all
}
