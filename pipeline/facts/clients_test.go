package facts_test

import (
	"testing"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
)

// Beta merges into Alpha on 1 April: what is dated before stays Beta's.
func TestMergersApplyFromTheirDay(t *testing.T) {
	f := gather(t, []exports.Source{
		source(t, exports.Clients, file{"clients.csv", "client_id,client,aliases,valid_from\nA,Alpha,,\nA,Alpha,Beta|B,2026-04-01\nB,Beta,,\n"}),
		source(t, exports.Billing, file{"b.csv", "client_id,client,date,amount\nB,Beta,2026-03-31,1\nB,Beta,2026-04-01,2\n,Beta,2026-05-01,4\nA,,2026-05-01,8\n"}),
		source(t, exports.SupportHours, file{"h.csv", "client,date,hours,role\nBETA,2026-04-01,1,dev\nBeta,2026-03-31,2,dev\nbeta,2026-04-30,4,dev\n"}),
	}, options(t))
	mergedInto(t, f, "B", "A")
	same(t, "revenue", byMonth(f, f.Revenue), "A 2026-04 2\nA 2026-05 12\nB 2026-03 1")
	same(t, "work", worked(f), "A 2026-04 dev other 1.00 1\nA 2026-04 dev other 4.00 1\nB 2026-03 dev other 2.00 1")
	balanced(t, f)
}

// A name that billing alone knows is a client until it merges into another.
func TestMergerOfAClientThatBillingNames(t *testing.T) {
	f := gather(t, []exports.Source{
		source(t, exports.Clients, file{"clients.csv", "client_id,client,aliases,valid_from\nA,Alpha,,\nA,Alpha,Beta,2026-04-01\n"}),
		source(t, exports.Billing, file{"b.csv", "client,date,amount\nBeta,2026-03-31,1\nBeta,2026-04-01,2\n"}),
	}, options(t))
	same(t, "revenue", byMonth(f, f.Revenue), "A 2026-04 2\nname:beta 2026-03 1")
	mergedInto(t, f, "name:beta", "A")
}

// 003 became two others' on one day: who is meant by an id that lost its zeros and means
// that one is not known either.
func TestIDsThatLostZerosMayMeanSeveral(t *testing.T) {
	f := gather(t, []exports.Source{
		source(t, exports.Clients, file{"clients.csv", "client_id,client,aliases,valid_from\n1,Alpha,,\n1,Alpha,003,2026-04-01\n2,Beta,,\n2,Beta,003,2026-04-01\n003,Gamma,,\n"}),
		source(t, exports.Billing, file{"b.csv", "client_id,date,amount\n3,2026-03-31,1\n3,2026-04-01,2\n"}),
	}, options(t))
	same(t, "revenue", byMonth(f, f.Revenue), "003 2026-03 1\nunmapped 2026-04 2")
	same(t, "findings", only(found(f), "ambiguous", "loose"),
		"ambiguous-client b.csv:3: client \"3\", 1 row: 1 (Alpha) or 2 (Beta)\nloose-id b.csv:2: client \"3\" is 003")
}

// mergedInto checks that one client, and no other, was merged into another.
func mergedInto(t *testing.T, f *facts.Facts, one, other clients.ID) {
	t.Helper()
	for _, a := range f.Activity {
		of, into := f.Clients[a.Client].ID, clients.ID("")
		if a.Into.Known {
			into = f.Clients[a.Into.Value].ID
		}
		if want := map[bool]clients.ID{true: other}[of == one]; into != want {
			t.Errorf("%s was merged into %q, not %q", of, into, want)
		}
	}
}

func TestClientsClosed(t *testing.T) {
	sources := []exports.Source{
		source(t, exports.Clients, file{"clients.csv", "client_id,client\n1,Acme\n2,Idle\n"}),
		source(t, exports.Billing, file{"b.csv", "client_id,client,date,amount\n1,,2026-01-05,1\n3,Beta,2026-01-05,2\n4,Past,2025-01-05,4\n"}),
		source(t, exports.SupportHours, file{"h.csv", "client,date,hours,role\nBeta,2026-01-05,1,dev\n"}),
	}
	o := options(t)
	f := gather(t, sources, o)
	// Listed clients have a row, as have those that are active in the window.
	if len(f.Clients) != 3 || f.Clients[1].Name != "Idle" || f.Clients[2].Name != "Beta" {
		t.Errorf("clients: %v", f.Clients)
	}
	same(t, "open", append(byMonth(f, f.Revenue), worked(f)...), "1 2026-01 1\n3 2026-01 2\n3 2026-01 dev other 1.00 1")
	o.ClientsClosed = true
	f = gather(t, sources, o)
	same(t, "closed", append(byMonth(f, f.Revenue), worked(f)...), "1 2026-01 1\nunmapped 2026-01 2\nunmapped 2026-01 dev other 1.00 1")
	same(t, "findings", only(found(f), "unknown"), `
		unknown-client b.csv:3: client "3" "Beta", 1 row
		unknown-client h.csv:2: client "Beta", 1 row`)
	balanced(t, f)
}
