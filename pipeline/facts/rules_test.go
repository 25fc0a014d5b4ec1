package facts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
)

// samples has for each rule inputs that it is met in, and what it then says.
var samples = map[string]struct {
	clients, billing, hours string
	found                   string
}{
	"no-client": {
		billing: "client,date,amount\nA,2026-01-05,1\n,2026-01-06,5\n,2026-01-07,6\n",
		found:   "billing.csv:3: client 2 rows money 11",
	},
	"unknown-client": {
		clients: "client_id,client\n1,Beacon Motors Ltd\n2,Zebra\n",
		hours:   "client,date,hours,role\nBecon Motors,2026-01-05,2,dev\nBecon Motors,2026-01-06,1,dev\n",
		found:   `hours.csv:2: client "Becon Motors", 2 rows; likeliest 1 Beacon Motors Ltd (0.98) hours 3.00`,
	},
	"ambiguous-client": {
		clients: "client_id,client\n1,Epsilon AG\n2,Epsilon KG\n",
		hours:   "client,date,hours,role\nepsilon,2026-01-05,2,dev\n",
		found:   `hours.csv:2: client "epsilon", 1 row: 1 (Epsilon AG) or 2 (Epsilon KG) hours 2.00`,
	},
	"loose-id": {
		clients: "client_id,client\n0042,Answer\n",
		billing: "client_id,date,amount\n42.0,2026-01-05,1\n42,2026-01-06,2\n0042,2026-01-05,4\n",
		found:   `billing.csv:2: client "42.0" is 0042, and 1 other ids likewise money 3`,
	},
	"other-name": {
		clients: "client_id,client,aliases,valid_from\n1,Alpha,,\n1,Alpha,Beta,2026-01-05\n2,Beta,,\n3,Gamma,,\n",
		billing: "client_id,client,date,amount\n1,Alpha,2026-01-05,1\n2,Beta,2026-01-05,2\n1,Gamma Ltd,2026-01-05,4\n1,GAMMA,2026-01-05,8\n4,Gamma,2026-01-05,16\n3,Another,2026-01-05,32\n",
		found:   "billing.csv:3: client \"2\" \"Beta\", 1 row: 2 (Beta), not 1 (Alpha) money 2\nbilling.csv:5: client \"1\" \"GAMMA\", 1 row: 1 (Alpha), not 3 (Gamma) money 8",
	},
	"lookalike-name": {
		clients: "client_id,client\n1,Acme\n",
		hours:   "client,date,hours,role\nАсме,2026-01-05,2,dev\n",
		found:   `hours.csv:2: client "Асме" looks like 1 (Acme)`,
	},
	"billed-internally": {
		billing: "client,date,amount\nOur House,2026-01-05,1\nA,2026-01-05,1\n",
		found:   "billing.csv:2: client money 1",
	},
	"no-hours": {
		billing: "client,date,amount\nA,2026-01-05,1\n",
		hours:   "client,date,hours,role,activity\nA,2026-01-05,2,dev,\nA,2026-01-05,,dev,\n",
		found:   "hours.csv:3: hours",
	},
	"no-role": {
		billing: "client,date,amount\nA,2026-01-05,1\n",
		hours:   "client,date,hours,role\nA,2026-01-05,2,\n",
		found:   "hours.csv:2: role hours 2.00",
	},
	"negative-hours": {
		billing: "client,date,amount\nA,2026-01-05,1\n",
		hours:   "client,date,hours,role\nA,2026-01-05,-2,dev\n",
		found:   "hours.csv:2: hours hours -2.00",
	},
	"far-future": {
		billing: "client,date,amount\nA,2026-01-05,1\nA,2062-10-13,7\nA,2026-11-05,1\nA,2027-01-05,1\n",
		hours:   "client,date,hours,role\nA,2026-01-05,1,dev\nA,2062-10-13,2,dev\n",
		found:   "billing.csv:3: date 2062-10-13 money 7\nhours.csv:3: date 2062-10-13 hours 2.00",
	},
	"long-day": {
		billing: "client,date,amount\nA,2026-01-05,1\n",
		hours: "client,date,hours,role,agent\nA,2026-01-05,20,dev,Ann\nA,2026-01-05,24,dev,Bob\nA,2026-01-06,9,dev,Ann\nA,2026-01-05,4.5,dev,Ann\n" +
			"A,2026-01-07,24,dev,\nA,2026-01-07,20,dev,\nA,2026-01-07,25,dev,\n",
		found: "hours.csv:2: hours 24.50 on 2026-01-05, with other entries of the day hours 24.50\nhours.csv:8: hours 25.00 in one entry hours 25.00",
	},
	"unknown-word": {
		billing: "client,date,amount,kind,status\nA,2026-01-05,1,Rechnung,paid\nA,2026-01-06,1,Rechnung,Entwurf\nA,2026-01-07,-1,credit_note,bezahlt\nA,2026-01-08,1,,storniert\nA,2026-01-08,1,Sales Invoice,\n",
		found:   "billing: kind \"Rechnung\"\nbilling: status \"Entwurf\", \"bezahlt\", \"storniert\"",
	},
	"unknown-cause": {
		billing: "client,date,amount,kind,cause\nA,2026-01-05,1,,monthly fee\nA,2026-01-06,-1,credit,Kulanz\nA,2026-01-07,1,credit,Rückgabe\nA,2026-01-08,-1,,goodwill\nA,2026-01-08,-1,,own_error\n" +
			"A,2026-01-08,-1,draft,storniert\n",
		hours: "client,date,hours,role,cause\nA,2026-01-05,2,dev,Frage\nA,2026-01-05,1,dev,\nA,2026-01-06,-1,dev,Defekt\nA,2026-01-06,1,dev,Question\nA,2026-01-07,1,dev,Frage\nA,2026-01-07,1,dev,Against-Advice\n",
		found: "billing: cause \"Kulanz\", \"Rückgabe\"\nsupport_hours: cause \"Defekt\", \"Frage\"",
	},
	"half-service-period": {
		billing: "client,date,amount,service_start,service_end\nA,2026-01-05,1,2026-01-05,\nA,2026-01-05,2,2026-01-05,2026-01-06\n",
		found:   "billing.csv:2: service_start money 1",
	},
	"backward-service-period": {
		billing: "client,date,amount,service_start,service_end\nA,2026-01-05,1,2026-02-05,2026-01-05\n",
		found:   "billing.csv:2: service_end money 1",
	},
	"credit-signs": {
		billing: "client,date,amount,kind\nA,2026-01-05,1,credit\nA,2026-01-05,-2,credit\n",
		found:   "billing.csv: amount money 1",
	},
	"unknown-document": {
		billing: "client,date,amount,document,corrects\nA,2026-01-05,-1,C1,I1\n",
		found:   `billing.csv:2: corrects "I1" money -1`,
	},
	"equal-rows": {
		billing: "client,date,amount\nA,2026-01-05,1\nA,2026-01-05,1\nA,2026-01-05,1\n",
		found:   "billing.csv 2 rows equal an earlier one",
	},
}

// elsewhere are the rules that a test of their own meets.
var elsewhere = map[string]string{
	"same-file":         "TestTheSameThingTwice",
	"corrected-entry":   "TestTheSameThingTwice",
	"lifetime-hours":    "TestLifetimeTotals",
	"no-ticket":         "TestLifetimeTotalsWithoutTicket",
	"untracked-ticket":  "TestTicketsWithoutTrackedTime",
	"products-together": "TestTooManyProducts",
}

func TestEveryRuleHasASample(t *testing.T) {
	for _, rule := range facts.Rules {
		if _, ok := samples[rule.Name]; !ok && elsewhere[rule.Name] == "" {
			t.Errorf("%s has no sample", rule.Name)
		}
		if rule.Sentence == "" || rule.Remedy == "" {
			t.Errorf("%s needs a sentence and a remedy", rule.Name)
		}
	}
	for name, s := range samples {
		var sources []exports.Source
		for in, text := range map[exports.Input]string{exports.Clients: s.clients, exports.Billing: s.billing, exports.SupportHours: s.hours} {
			if text != "" {
				sources = append(sources, source(t, in, file{map[exports.Input]string{exports.Clients: "clients.csv", exports.Billing: "billing.csv", exports.SupportHours: "hours.csv"}[in], text}))
			}
		}
		o := options(t)
		o.InternalNames = []string{"Our House"}
		f := gather(t, sources, o)
		i := slices.IndexFunc(facts.Rules, func(r *finding.Rule) bool { return r.Name == name })
		if i < 0 {
			t.Errorf("there is no rule %s", name)
			continue
		}
		var lines []string
		for _, x := range f.Findings.Kept(facts.Rules[i]) {
			l := fmt.Sprintf("%s %s", x.Place, x.Detail)
			if !x.Money.IsZero() {
				l += " money " + x.Money.String()
			}
			if x.Hours != 0 {
				l += " hours " + x.Hours.String()
			}
			lines = append(lines, strings.Join(strings.Fields(l), " "))
		}
		same(t, name, lines, s.found)
		balanced(t, f)
	}
}

// Of many unknown words a few are named, each once.
func TestManyUnknownWords(t *testing.T) {
	lines := "client,date,amount,kind\n"
	for i := range 14 {
		lines += fmt.Sprintf("A,2026-01-05,1,Art %d\n", i%7)
	}
	f := gather(t, []exports.Source{source(t, exports.Billing, file{"billing.csv", lines})}, options(t))
	same(t, "findings", only(found(f), "unknown-word"), `unknown-word billing: kind "Art 0", "Art 1", "Art 2", "Art 3", "Art 4" and 2 more`)
}

// Of free text that was mapped as a cause the first words are kept, whoever met them.
func TestFreeTextAsCause(t *testing.T) {
	var files []file
	for n := range 4 {
		lines := "client,date,hours,role,cause\n"
		for i := range 1000 {
			lines += fmt.Sprintf("A,2026-01-05,1,dev,Text %04d\n", i*7%1000*3+n)
		}
		files = append(files, file{fmt.Sprintf("%d.csv", n), lines})
	}
	for _, workers := range []int{1, 4} {
		o := options(t)
		o.Workers = workers
		f := gather(t, []exports.Source{source(t, exports.SupportHours, files...)}, o)
		same(t, "findings", only(found(f), "unknown-cause"),
			`unknown-cause support_hours: cause "Text 0000", "Text 0001", "Text 0002", "Text 0003", "Text 0004" and at least 995 more`)
	}
}

// What a map calls another cause is known. Direct costs have causes too.
func TestCausesOfDirectCosts(t *testing.T) {
	costs := source(t, exports.DirectCosts, file{"direct.csv", "client,date,amount,cause\nA,2026-01-05,1,Ersatz\nA,2026-01-05,2,Garantie\nA,2026-01-06,4,unser Fehler\nA,2025-01-06,8,alt\nA,2026-01-07,16,\n"})
	f := gather(t, []exports.Source{costs}, options(t))
	same(t, "findings", only(found(f), "unknown-cause"), `unknown-cause direct_costs: cause "Ersatz", "Garantie", "unser Fehler"`)
	costs.Columns = map[string]exports.Mapping{"cause": {Header: []string{"cause"}, Map: map[string][]string{"own_error": {"unser Fehler"}, "other": {"*"}}}}
	f = gather(t, []exports.Source{costs}, options(t))
	same(t, "findings", only(found(f), "unknown-cause"), "")
}
