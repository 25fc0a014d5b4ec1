package facts_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

func TestSmallInputs(t *testing.T) {
	f := gather(t, []exports.Source{
		source(t, exports.Clients, file{"clients.csv", `
client_id,client,aliases,parent,segment,region,contract_start,contract_end,notice_days,plan_hours,strategic,relies_on_us
2,Beta,,1,small,north,2025-03-01,2027-02-28,90,1.5,yes,no
1,Acme,ACM,,large,south,,,,,,
`}),
		source(t, exports.Rates, file{"rates.csv", "role,hourly_cost,monthly_cost,capacity_hours,people,valid_from,list_rate\nops,,8000,120,,2026-02-01,\nops,50,,,,,\ndev,,10000,,1.5,,90.5\n"}),
		source(t, exports.Pools, file{"pools.csv", "pool,month,amount,driver,sustaining\nTools,2026-01,100.10,,\nTools,2026-01,0.90,hours,\nBrand,2026-02,50,Tickets,yes\nTools,2025-12,7,,\n"}),
		source(t, exports.PoolServices, file{"services.csv", "pool,serves,share\nTools,Brand,20%\nTools,Tools,0.1\n"}),
		source(t, exports.DirectCosts, file{"direct.csv", "client,date,amount,category,cause\nBeta,2026-01-05,10,travel,\nBeta,2026-01-06,5,travel,\nBeta,2026-01-06,1,travel,own_error\nBeta,2025-01-06,99,travel,\n"}),
		source(t, exports.Drivers, file{"drivers.csv", "client,month,driver,quantity\nBeta,2026-01,seats,12.5\nBeta,2025-01,seats,1\n"}),
		source(t, exports.Incidents, file{"incidents.csv", "client,date,kind,note\nBeta,2026-01-05,Abuse,shouted\nBeta,2026-01-04,late payment,\n"}),
		source(t, exports.Actions, file{"actions.csv", "client,date,action\nACM,2026-01-05,Reprice\n"}),
	}, options(t))

	if diff := cmp.Diff([]string{"dev", "ops"}, f.Roles); diff != "" {
		t.Error(diff)
	}
	c := f.Clients[1]
	want := clients.Client{
		ID: "2", Name: "Beta", Parent: "1", Segment: "small", ContractStart: c.ContractStart, ContractEnd: c.ContractEnd,
		Attributes: []clients.Attribute{{Name: "segment", Value: "small"}, {Name: "region", Value: "north"}},
		NoticeDays: measure.Some(90), PlanHours: measure.Some[measure.Hours](1_500_000), Strategic: true, Listed: true,
	}
	if diff := cmp.Diff(want, c); diff != "" || c.ContractStart.String() != "2025-03-01" || c.ContractEnd.String() != "2027-02-28" {
		t.Error(diff)
	}
	var lines []string
	for _, r := range f.Rates {
		lines = append(lines, fmt.Sprintf("%s from %q hourly %v monthly %v capacity %s people %v list %v", f.Roles[r.Role], r.ValidFrom, r.Hourly, r.Monthly, r.Capacity, r.People, r.List))
	}
	same(t, "rates", lines, `
		dev from "" hourly {0 false} monthly {10000 true} capacity 0.00 people {1.5 true} list {90.5 true}
		ops from "" hourly {50 true} monthly {0 false} capacity 0.00 people {0 false} list {0 false}
		ops from "2026-02-01" hourly {0 false} monthly {8000 true} capacity 120.00 people {0 false} list {0 false}`)
	lines = nil
	for _, p := range f.PoolCosts {
		lines = append(lines, fmt.Sprintf("%s %s %s %s %v %s", f.Pools[p.Pool], p.Month, p.Amount, p.Driver, p.Sustaining, p.Place))
	}
	for _, s := range f.Services {
		lines = append(lines, fmt.Sprintf("%s serves %s %v", f.Pools[s.Pool], f.Pools[s.Serves], s.Share.Float()))
	}
	for _, d := range f.Direct {
		lines = append(lines, fmt.Sprintf("%s %s %s %d %s", who(f, d.Client), d.Month, f.Categories[d.Category], d.Cause, d.Amount))
	}
	for _, d := range f.Drivers {
		lines = append(lines, fmt.Sprintf("%s %s %s %s", who(f, d.Client), d.Month, d.Driver, d.Quantity))
	}
	for _, i := range f.Incidents {
		lines = append(lines, fmt.Sprintf("%s %s %s %v", who(f, i.Client), i.Day, i.Kind, i.RedLine))
	}
	for _, a := range f.Actions {
		lines = append(lines, fmt.Sprintf("%s %s %s", who(f, a.Client), a.Day, a.Kind))
	}
	same(t, "the rest", lines, `
		Brand 2026-02 50 tickets true pools.csv:4: amount
		Tools 2026-01 101 hours false pools.csv:2: amount
		Tools serves Brand 0.2
		Tools serves Tools 0.1
		2 2026-01 travel 0 15
		2 2026-01 travel 1 1
		2 2026-01 seats 12.5
		2 2026-01-04 late_payment false
		2 2026-01-05 abuse true
		1 2026-01-05 reprice`)
	balanced(t, f)
}

func TestSmallInputErrors(t *testing.T) {
	const ok = "role,hourly_cost\ndev,60\n"
	for _, c := range []struct {
		in         exports.Input
		text, want string
	}{
		{exports.Clients, "client_id,client\n1,A\n1,B\n", `f.csv:3: client_id: client "1" is listed already at f.csv:2: client_id`},
		{exports.Clients, "client_id,client,parent\n1,A,2\n2,B,1\n", `f.csv:2: client_id: client "1" is a parent of its own parent`},
		{exports.Clients, "client_id,client,contract_start,contract_end\n1,A,2026-02-01,2026-01-01\n", "f.csv:2: contract_end: the contract ends on 2026-01-01, before it starts on 2026-02-01"},
		{exports.Rates, "role,hourly_cost,monthly_cost\ndev,,\n", `f.csv:2: hourly_cost: the rate of "dev" needs either an hourly or a monthly cost`},
		{exports.Rates, "role,hourly_cost,monthly_cost\ndev,1,1\n", `f.csv:2: hourly_cost: the rate of "dev" needs either an hourly or a monthly cost`},
		{exports.Rates, "role,monthly_cost\ndev,100\n", `f.csv:2: monthly_cost: the monthly cost of "dev" has no capacity`},
		{exports.Rates, "role,hourly_cost\ndev,-1\n", `f.csv:2: hourly_cost: the rate of "dev" has a negative figure`},
		{exports.Rates, "role,hourly_cost\ndev,1\ndev,2\n", `f.csv:3: role: "dev" has two rates from the same day; the other stands at f.csv:2: role`},
		{exports.Pools, "pool,month,amount,driver\nT,2026-01,1,hours\nT,2026-01,1,tickets\n", `f.csv:3: driver: the pool "T" is driven differently at f.csv:2: amount`},
		{exports.PoolServices, "pool,serves,share\nT,U,10%\n", `f.csv:2: pool: there is no pool "T"`},
		{exports.Drivers, "client,month,driver,quantity\nA,2026-01,hours,1\n", `f.csv:2: driver: "hours" is counted from the exports and cannot be given`},
		{exports.Incidents, "client,date,kind\nA,2026-01-05,rude\n", `f.csv:2: kind: "rude" is no kind of incident`},
		{exports.Actions, "client,date,action\nA,2026-01-05,shout\n", `f.csv:2: action: "shout" is no kind of action`},
		{exports.FX, "currency,month,rate\nUSD,2026-01,0\n", "f.csv:2: rate: a rate of exchange must be above zero"},
		{exports.FX, "currency,month,rate\nUSD,2026-01,1\nUSD,2026-01,2\n", "f.csv:3: rate: USD has two rates in 2026-01"},
		{exports.Products, "product,service_months\nP,0\n", "f.csv:2: service_months: 0 months is no service period"},
		{exports.Products, "product,service_months\nP,1201\n", "f.csv:2: service_months: 1201 months is no service period"},
		{exports.Products, "product,list_price\nP,1\nP,1\nP,2\n", `f.csv:4: product: the product "P" stands twice`},
		{exports.Activities, "activity,standard_minutes\nA,1\nA,1\nA,2\n", `f.csv:4: activity: the activity "a" stands twice`},
		{exports.Clients, "client_id,client,plan_hours\n1,A,-1\n", "f.csv:2: plan_hours: plan hours are negative"},
		{exports.Activities, "activity,standard_minutes\nA,-1\n", "f.csv:2: standard_minutes: minutes are negative"},
	} {
		_, err := facts.Gather(t.Context(), []exports.Source{source(t, c.in, file{"f.csv", c.text})}, options(t))
		var placed *exports.Placed
		if !errors.As(err, &placed) || err.Error() != c.want {
			t.Errorf("%s: %v\nwant %s", c.in, err, c.want)
		} else if placed.Remedy == "" {
			t.Errorf("%s: no remedy: %v", c.in, err)
		}
	}
	if _, err := facts.Gather(t.Context(), []exports.Source{source(t, exports.Rates, file{"f.csv", ok})}, options(t)); err != nil {
		t.Error(err)
	}
	for services, want := range map[string]string{
		"T,U,70%\nT,T,40%\n": `f.csv:3: share: the pool "T" gives more than 100% of itself`,
		"T,U,10%\nT,U,20%\n": `f.csv:3: serves: the service of "T" to "U" stands twice, also at f.csv:2: share`,
		"T,U,110%\n":         `f.csv:2: share: the share of "T" is none`,
	} {
		_, err := facts.Gather(t.Context(), []exports.Source{
			source(t, exports.Pools, file{"p.csv", "pool,month,amount\nT,2026-01,1\nU,2026-01,1\n"}),
			source(t, exports.PoolServices, file{"f.csv", "pool,serves,share\n" + services}),
		}, options(t))
		if err == nil || err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
}

// A row without what its input requires is set aside.
func TestRequiredCells(t *testing.T) {
	for text, in := range map[string]exports.Input{
		"currency,month,rate\n ,2026-01,2\n":               exports.FX,
		"currency,month,rate\nUSD,,2\n":                    exports.FX,
		"currency,month,rate\nUSD,2026-01,\n":              exports.FX,
		"product,list_price\n ,2\n":                        exports.Products,
		"role,hourly_cost\n ,2\n":                          exports.Rates,
		"pool,month,amount\n ,2026-01,2\n":                 exports.Pools,
		"pool,month,amount\nT,,2\n":                        exports.Pools,
		"pool,month,amount\nT,2026-01,\n":                  exports.Pools,
		"client,month,driver,quantity\nA,,seats,1\n":       exports.Drivers,
		"client,month,driver,quantity\nA,2026-01, ,1\n":    exports.Drivers,
		"client,month,driver,quantity\nA,2026-01,seats,\n": exports.Drivers,
		"client,date,kind\nA,,abuse\n":                     exports.Incidents,
		"client,date,action\nA,,reprice\n":                 exports.Actions,
	} {
		f := gather(t, []exports.Source{source(t, in, file{"f.csv", text})}, options(t))
		if tally := f.Tallies[0]; tally.SetAside != 1 || tally.Used != 0 {
			t.Errorf("%q: %+v", text, tally)
		}
	}
}

// Amounts of 15 digits and six places add up exactly.
func TestExactness(t *testing.T) {
	f := gather(t, []exports.Source{source(t, exports.Billing, file{"b.csv", "client,date,amount\nA,2026-01-05,999999999999999.999999\nA,2026-01-05,0.000001\nA,2026-01-05,-1000000000000000\n"})}, options(t))
	if len(f.Revenue) != 2 || f.Revenue[0].Amount != money.Units(1_000_000_000_000_000) {
		t.Errorf("%v", f.Revenue)
	}
	f = gather(t, []exports.Source{source(t, exports.Billing, file{"b.csv", "client,date,amount,service_start,service_end\nA,2026-01-05,999999999999999.99,2026-01-01,2026-06-30\n"})}, options(t))
	var sum money.Exact
	for _, r := range f.Revenue {
		sum = sum.Add(r.Amount)
	}
	if sum.String() != "999999999999999.99" {
		t.Errorf("spread: %s", sum)
	}
}
