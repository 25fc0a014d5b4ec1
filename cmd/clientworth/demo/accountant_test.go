package demo_test

import (
	"encoding/csv"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The accountant works the sample company out once more, from nothing but the
// exports: with fractions instead of integers, with a table per question instead
// of a pass over rows, and without any code of the program.

// sheet is a CSV file as rows of cells by header.
type sheet []map[string]string

func readSheet(t *testing.T, path string, comma rune) sheet {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = comma
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var s sheet
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, h := range rows[0] {
			cells[h] = row[i]
		}
		s = append(s, cells)
	}
	return s
}

// number reads a decimal with a point or a comma; what it cannot read is nothing.
func number(s string) *big.Rat {
	if n, ok := new(big.Rat).SetString(strings.Replace(s, ",", ".", 1)); ok {
		return n
	}
	return new(big.Rat)
}

// ledger adds up fractions by a key.
type ledger[K comparable] map[K]*big.Rat

func (l ledger[K]) add(k K, v *big.Rat) {
	if l[k] == nil {
		l[k] = new(big.Rat)
	}
	l[k].Add(l[k], v)
}

func (l ledger[K]) of(k K) *big.Rat {
	if l[k] == nil {
		return new(big.Rat)
	}
	return l[k]
}

func sum(v ...*big.Rat) *big.Rat {
	t := new(big.Rat)
	for _, x := range v {
		t.Add(t, x)
	}
	return t
}

func product(v ...*big.Rat) *big.Rat {
	t := big.NewRat(1, 1)
	for _, x := range v {
		t.Mul(t, x)
	}
	return t
}

func less(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
func over(a, b *big.Rat) *big.Rat { return new(big.Rat).Quo(a, b) }

// cm is a client and month ("2026-10"); cmr also a role.
type cm struct{ client, month string }
type cmr struct{ client, month, role string }

const nobody, house = "_unmapped", "_internal"

// accountant holds what the exports say, by client and month.
type accountant struct {
	clients   sheet
	revenue   ledger[cm]
	ownCredit ledger[cm]
	documents map[cm]map[string]bool
	hours     ledger[cmr]
	ownHours  ledger[cmr]
	outHours  ledger[cmr]                    // outside the scope, or what we cannot deliver
	tickets   map[cm]map[string]*[2]*big.Rat // hours, and hours of own errors
	firstSeen map[string]string
	rates     sheet
	pools     sheet
	services  sheet
	instances sheet
	direct    sheet
	fx        map[string]*big.Rat // EUR for a pound, by month
}

func newAccountant(t *testing.T, dir string) *accountant {
	a := &accountant{
		clients: readSheet(t, filepath.Join(dir, "clients.csv"), ','),
		rates:   readSheet(t, filepath.Join(dir, "rates.csv"), ','),
		pools:   readSheet(t, filepath.Join(dir, "pools.csv"), ','),
		revenue: ledger[cm]{}, ownCredit: ledger[cm]{},
		hours: ledger[cmr]{}, ownHours: ledger[cmr]{}, outHours: ledger[cmr]{},
		documents: map[cm]map[string]bool{}, tickets: map[cm]map[string]*[2]*big.Rat{}, firstSeen: map[string]string{},
	}
	a.services = readSheet(t, filepath.Join(dir, "pool-services.csv"), ',')
	a.instances = readSheet(t, filepath.Join(dir, "instances.csv"), ',')
	a.direct = readSheet(t, filepath.Join(dir, "direct-costs.csv"), ',')
	a.fx = map[string]*big.Rat{}
	for _, r := range readSheet(t, filepath.Join(dir, "fx.csv"), ',') {
		a.fx[r["month"]] = number(r["rate"])
	}
	a.bill(readSheet(t, filepath.Join(dir, "billing.csv"), ','))
	files, err := filepath.Glob(filepath.Join(dir, "support", "*.csv"))
	if err != nil || len(files) != 14 {
		t.Fatalf("support files: %d, %v", len(files), err)
	}
	for _, f := range files {
		a.work(readSheet(t, f, ';'))
	}
	return a
}

func (a *accountant) bill(lines sheet) {
	for _, l := range lines {
		day, err := time.Parse(time.DateOnly, l["Date"])
		if err != nil || l["Status"] == "draft" {
			continue
		}
		who := l["Client no"]
		if who == "" {
			who = nobody
		}
		a.seen(who, day)
		amount := number(l["Net"])
		if l["Currency"] == "GBP" {
			amount = product(amount, a.fx[day.Format("2006-01")])
		}
		if l["Type"] == "invoice" {
			k := cm{who, day.Format("2006-01")}
			if a.documents[k] == nil {
				a.documents[k] = map[string]bool{}
			}
			a.documents[k][l["Document"]] = true
		}
		for month, share := range months(l["Service from"], l["Service to"], day) {
			a.revenue.add(cm{who, month}, product(amount, share))
			if l["Reason"] == "our error" {
				a.ownCredit.add(cm{who, month}, product(amount, share))
			}
		}
	}
}

// months returns the share of a line that falls into each month, by days.
func months(from, to string, day time.Time) map[string]*big.Rat {
	first, err1 := time.Parse(time.DateOnly, from)
	end, err2 := time.Parse(time.DateOnly, to)
	if err1 != nil || err2 != nil {
		return map[string]*big.Rat{day.Format("2006-01"): big.NewRat(1, 1)}
	}
	shares := ledger[string]{}
	total := int64(end.Sub(first).Hours()/24) + 1
	for d := first; !d.After(end); d = d.AddDate(0, 0, 1) {
		shares.add(d.Format("2006-01"), big.NewRat(1, total))
	}
	return shares
}

func (a *accountant) seen(who string, day time.Time) {
	if month := day.Format("2006-01"); a.firstSeen[who] == "" || month < a.firstSeen[who] {
		a.firstSeen[who] = month
	}
}

var fold = strings.NewReplacer("ي", "ی", "ك", "ک")

func folded(name string) string { return fold.Replace(strings.ToLower(name)) }

func (a *accountant) work(entries sheet) {
	who := map[string]string{folded("Quillhaven Software"): house}
	for _, c := range a.clients {
		who[folded(c["client"])], who[folded(c["aliases"])] = c["client_id"], c["client_id"]
	}
	for _, e := range entries {
		day, err := time.Parse("02.01.2006", e["Datum"])
		if err != nil || strings.HasSuffix(e["Stunden"], "?") {
			continue
		}
		client := who[folded(e["Kunde"])]
		if client == "" {
			client = nobody
		}
		a.seen(client, day)
		month, hours := day.Format("2006-01"), worked(e)
		k := cmr{client, month, e["Team"]}
		a.hours.add(k, hours)
		own := new(big.Rat)
		switch {
		case e["Ursache"] == "defect":
			own = hours
			a.ownHours.add(k, hours)
		case e["Ursache"] == "not our service" || e["Art"] == "other systems":
			a.outHours.add(k, hours)
		}
		if e["Ticket"] == "" {
			continue
		}
		of := a.tickets[cm{client, month}]
		if of == nil {
			of = map[string]*[2]*big.Rat{}
			a.tickets[cm{client, month}] = of
		}
		if of[e["Ticket"]] == nil {
			of[e["Ticket"]] = &[2]*big.Rat{new(big.Rat), new(big.Rat)}
		}
		of[e["Ticket"]][0].Add(of[e["Ticket"]][0], hours)
		of[e["Ticket"]][1].Add(of[e["Ticket"]][1], own)
	}
}

// worked returns the hours of an entry: those written down, or the standard
// minutes of what was done.
func worked(e map[string]string) *big.Rat {
	switch {
	case e["Stunden"] != "":
		return number(e["Stunden"])
	case e["Art"] == "password reset":
		return big.NewRat(12, 60)
	case e["Art"] == "user import":
		return over(sum(big.NewRat(15, 1), product(number(e["Anzahl"]), big.NewRat(3, 2))), big.NewRat(60, 1))
	}
	panic("an entry without a time")
}
