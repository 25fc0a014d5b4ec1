package demo_test

import (
	"math/big"
	"slices"
	"strings"
	"time"
)

// hourCost returns what an hour of a role costs in a month: a rate, or the
// team's cost over its capacity, or over its hours if it worked more.
func (a *accountant) hourCost(month, role string) *big.Rat {
	var rate map[string]string
	for _, r := range a.rates {
		if r["role"] == role && r["valid_from"] <= month+"-01" && (rate == nil || r["valid_from"] > rate["valid_from"]) {
			rate = r
		}
	}
	if rate["hourly_cost"] != "" {
		return number(rate["hourly_cost"])
	}
	worked := new(big.Rat)
	for k, h := range a.hours {
		if k.month == month && k.role == role {
			worked.Add(worked, h)
		}
	}
	if capacity := number(rate["capacity_hours"]); worked.Cmp(capacity) < 0 {
		worked = capacity
	}
	return over(number(rate["monthly_cost"]), worked)
}

// figures are a client's in the window.
type figures struct {
	revenue, labour, pools, direct, own, ownCredit, margin, fair, gap *big.Rat
	monthly, hourly, directCaused                                     *big.Rat // client-caused: labour of teams and of contractors, direct costs
	hours, beyond, outside                                            *big.Rat // hours; cost of those beyond the plan, outside the scope
	tickets, months, underpaid                                        int
}

// window is the twelve months to the period.
func window() []string {
	var w []string
	for d := time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC); len(w) < 12; d = d.AddDate(0, 1, 0) {
		w = append(w, d.Format("2006-01"))
	}
	return w
}

var roleNames = []string{"support", "engineer", "contractor"}

// quantity returns what each client has of a driver in a month.
func (a *accountant) quantity(driver, month string) ledger[string] {
	q := ledger[string]{}
	switch driver {
	case "hours":
		for k, h := range a.hours {
			if k.month == month && k.client != house {
				q.add(k.client, h)
			}
		}
	case "tickets":
		for k, t := range a.tickets {
			if k.month == month && k.client != house {
				q.add(k.client, big.NewRat(int64(len(t)), 1))
			}
		}
	case "invoices":
		for k, d := range a.documents {
			if k.month == month {
				q.add(k.client, big.NewRat(int64(len(d)), 1))
			}
		}
	case "revenue":
		for k, r := range a.revenue {
			if k.month == month && r.Sign() > 0 {
				q.add(k.client, r)
			}
		}
	case "instances":
		for _, i := range a.instances {
			if i["month"] == month {
				q.add(i["client_id"], number(i["quantity"]))
			}
		}
	case "clients":
		for _, c := range a.clients {
			if a.observed(c, month) {
				q.add(c["client_id"], big.NewRat(1, 1))
			}
		}
	}
	return q
}

// observed reports whether a month lies between a client's first activity (or
// the start of its contract) and the end of its contract.
func (a *accountant) observed(c map[string]string, month string) bool {
	first := a.firstSeen[c["client_id"]]
	if s := c["contract_start"]; s != "" && (first == "" || s[:7] < first) {
		first = s[:7]
	}
	end := c["contract_end"]
	return first != "" && first <= month && (end == "" || month <= end[:7])
}

// parties are the clients, and nobody.
func (a *accountant) parties() sheet {
	return append(slices.Clone(a.clients), map[string]string{"client_id": nobody, "contract_end": "0001-01-01"})
}

// assess returns the figures of every client and of nobody.
func (a *accountant) assess() map[string]*figures {
	all := map[string]*figures{}
	for _, c := range a.parties() {
		f := &figures{}
		for _, v := range []**big.Rat{&f.revenue, &f.labour, &f.pools, &f.direct, &f.directCaused, &f.own, &f.ownCredit, &f.monthly, &f.hourly, &f.hours, &f.beyond, &f.outside} {
			*v = new(big.Rat)
		}
		all[c["client_id"]] = f
	}
	for _, month := range window() {
		a.month(month, all)
	}
	for _, f := range all {
		f.margin = less(f.revenue, f.cost())
		f.fair = over(less(f.cost(), f.own), big.NewRat(4, 5))
		paid := less(f.revenue, f.ownCredit)
		if paid.Sign() < 0 {
			paid = new(big.Rat)
		}
		f.gap = less(f.fair, paid)
	}
	return all
}

// month adds a month to the figures.
func (a *accountant) month(month string, all map[string]*figures) {
	cost := map[string]*big.Rat{}
	for _, r := range roleNames {
		cost[r] = a.hourCost(month, r)
	}
	before := map[string][2]*big.Rat{}
	for id, f := range all {
		before[id] = [2]*big.Rat{f.cost(), f.own}
	}
	for _, c := range a.parties() {
		id := c["client_id"]
		f := all[id]
		f.revenue = sum(f.revenue, a.revenue.of(cm{id, month}))
		f.ownCredit = sum(f.ownCredit, a.ownCredit.of(cm{id, month}))
		f.tickets += len(a.tickets[cm{id, month}])
		hours, caused, ownHours := new(big.Rat), new(big.Rat), new(big.Rat)
		for _, r := range roleNames {
			k := cmr{id, month, r}
			client := less(a.hours.of(k), a.ownHours.of(k))
			f.labour = sum(f.labour, product(a.hours.of(k), cost[r]))
			f.own = sum(f.own, product(a.ownHours.of(k), cost[r]))
			f.outside = sum(f.outside, product(a.outHours.of(k), cost[r]))
			if r == "contractor" {
				f.hourly = sum(f.hourly, product(client, cost[r]))
			} else {
				f.monthly = sum(f.monthly, product(client, cost[r]))
			}
			hours, ownHours = sum(hours, client), sum(ownHours, a.ownHours.of(k))
			caused = sum(caused, product(client, cost[r]))
		}
		f.hours = sum(f.hours, hours, ownHours)
		if plan := number(c["plan_hours"]); c["plan_hours"] != "" && hours.Cmp(plan) > 0 {
			f.beyond = sum(f.beyond, product(caused, over(less(hours, plan), hours)))
		}
	}
	for pool, amount := range a.served(month) {
		a.share(a.driver(pool), month, amount, all)
	}
	for _, d := range a.direct {
		if d["date"][:7] == month {
			f := all[d["client_id"]]
			f.direct = sum(f.direct, number(d["amount"]))
			if d["cause"] == "our error" {
				f.own = sum(f.own, number(d["amount"]))
			} else {
				f.directCaused = sum(f.directCaused, number(d["amount"]))
			}
		}
	}
	for _, c := range a.parties() {
		f := all[c["client_id"]]
		if !a.observed(c, month) {
			continue
		}
		f.months++
		spent := less(f.cost(), before[c["client_id"]][0])
		caused := less(spent, less(f.own, before[c["client_id"]][1]))
		k := cm{c["client_id"], month}
		if over(caused, big.NewRat(4, 5)).Cmp(less(a.revenue.of(k), a.ownCredit.of(k))) > 0 {
			f.underpaid++
		}
	}
}

func (f *figures) cost() *big.Rat { return sum(f.labour, f.pools, f.direct) }

// served returns what each pool has to share out over clients in a month, once
// the pools have served each other. Instead of solving the equations, the cost is
// passed on until nothing worth a millionth of a cent is left on its way.
func (a *accountant) served(month string) map[string]*big.Rat {
	moving, kept := ledger[string]{}, map[string]*big.Rat{}
	for _, p := range a.pools {
		if p["month"] == month && p["sustaining"] == "" {
			moving[p["pool"]], kept[p["pool"]] = number(p["amount"]), new(big.Rat)
		}
	}
	for range 12 {
		next := ledger[string]{}
		for pool, amount := range moving {
			left := amount
			for _, s := range a.services {
				if s["pool"] == pool {
					part := product(amount, number(strings.TrimSuffix(s["share"], "%")), big.NewRat(1, 100))
					next.add(s["serves"], part)
					left = less(left, part)
				}
			}
			kept[pool] = sum(kept[pool], left)
		}
		moving = next
	}
	return kept
}

func (a *accountant) driver(pool string) string {
	for _, p := range a.pools {
		if p["pool"] == pool {
			return p["driver"]
		}
	}
	return ""
}

// share shares an amount out by a driver.
func (a *accountant) share(driver, month string, amount *big.Rat, all map[string]*figures) {
	q := a.quantity(driver, month)
	total := new(big.Rat)
	for _, v := range q {
		total.Add(total, v)
	}
	for id, f := range all {
		part := over(product(amount, q.of(id)), total)
		f.pools = sum(f.pools, part)
		f.own = sum(f.own, product(part, a.ownShare(driver, id, month)))
	}
}

// ownShare returns which part of a client's driver our own errors caused.
func (a *accountant) ownShare(driver, id, month string) *big.Rat {
	hours, own := new(big.Rat), new(big.Rat)
	switch driver {
	case "hours":
		for _, r := range roleNames {
			hours, own = sum(hours, a.hours.of(cmr{id, month, r})), sum(own, a.ownHours.of(cmr{id, month, r}))
		}
	case "tickets":
		for _, t := range a.tickets[cm{id, month}] {
			hours, own = sum(hours, big.NewRat(1, 1)), sum(own, over(t[1], t[0]))
		}
	}
	if hours.Sign() == 0 {
		return hours
	}
	return over(own, hours)
}

func (a *accountant) ids() []string {
	var ids []string
	for _, c := range a.clients {
		ids = append(ids, c["client_id"])
	}
	slices.Sort(ids)
	return ids
}
