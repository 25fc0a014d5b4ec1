package clients_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/period"
)

func TestNormaliseFoldsWhatDoesNotTellNamesApart(t *testing.T) {
	for _, same := range [][]string{
		{"Acme", "ACME", " acme ", "Acme.", "\"Acme\"", "«Acme»", "Ａｃｍｅ"},
		{"O'Brien & Sons", "O’BRIEN  & sons", "O`Brien–Sons"},
		{"S.A. Dupont", "SA Dupont", "sa-dupont"},
		{"Straße", "STRASSE"},
		{"İzmir Işık", "IZMIR IŞIK", "İZMİR IŞIK", "izmir ışık", "izmir işik"},
		{"Söhne", "So\u0308hne", "SÖHNE"},
		{"ООО «Ромашка»", "ооо ромашка"},
		{"شركة نیکی", "شرکة نيكی"},
		{"پیش\u200cرو", "پیشرو"},
		{"مشتری ۱۲", "مشتری ١٢", "مشتری 12"},
		{"a\u202eb", "ab"},
	} {
		for _, name := range same[1:] {
			if a, b := clients.Normalise(same[0]), clients.Normalise(name); a != b {
				t.Errorf("%q is %q, %q is %q", same[0], a, name, b)
			}
		}
	}
	for _, apart := range [][2]string{{"Acme 1", "Acme 2"}, {"Acme", "Acmes"}, {"Асме", "Acme"}, {"Foo Bar", "FooBar"}} {
		if clients.Normalise(apart[0]) == clients.Normalise(apart[1]) {
			t.Errorf("%q and %q are one", apart[0], apart[1])
		}
	}
	if n := clients.Normalise(" -- "); n != "" {
		t.Errorf("a name of signs alone is %q", n)
	}
}

func TestNormaliseIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		once := clients.Normalise(name)
		if again := clients.Normalise(string(once)); again != once {
			t.Fatalf("%q is %q, and that is %q", name, once, again)
		}
	})
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"Acme Ltd.", "ООО «Ромашка»", "شرکت نیکی", "\x00\xff", "İstanbul"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		n := clients.Normalise(name)
		if strings.TrimSpace(string(n)) != string(n) {
			t.Errorf("%q has spaces at its ends: %q", name, n)
		}
		if b := n.Bare(); n != "" && b == "" {
			t.Errorf("%q has nothing but a legal form", name)
		}
	})
}

func TestBareTakesLegalFormsOff(t *testing.T) {
	for name, want := range map[string]string{
		"Acme Ltd.":               "acme",
		"Acme Pty. Ltd.":          "acme",
		"ООО «Ромашка»":           "ромашка",
		"Beispiel GmbH & Co. KG":  "beispiel",
		"شرکت نیکی (سهامی خاص)":   "نیکی",
		"Ltd":                     "ltd",
		"AG Holding":              "ag holding",
		"The Company of Wolves":   "the company of wolves",
		"Przykład Sp. z o.o.":     "przykład",
		"Exemple S.A.R.L.":        "exemple",
		"Voorbeeld B.V.":          "voorbeeld",
		"Telefonía, S. de R.L.":   "telefonía s de rl",
		"Acme Holdings (Europe)":  "acme holdings europe",
		"Juniper Studios Group":   "juniper studios group",
		"Sociedad Ejemplo, S.A.U": "sociedad ejemplo",
	} {
		if got := clients.Normalise(name).Bare(); string(got) != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func day(s string) period.Day {
	if s == "" {
		return 0
	}
	d, err := period.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func listed(id, name, aliases, from string) clients.Listed {
	l := clients.Listed{Client: clients.Client{ID: clients.ID(id), Name: name}, ValidFrom: day(from)}
	if aliases != "" {
		l.Aliases = strings.Split(aliases, "|")
	}
	return l
}

func register(t testing.TB, internal []string, rows ...clients.Listed) *clients.Register {
	t.Helper()
	r, err := clients.NewRegister(rows, internal)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// found writes whom an id and a name mean.
func found(r *clients.Register, id, name, on string) string {
	m := r.Find(id, name, day(on))
	switch {
	case m.Ref == clients.Internal:
		return "internal"
	case len(m.Rivals) > 0:
		var ids []string
		for _, ref := range m.Rivals {
			ids = append(ids, string(r.Clients()[ref].ID))
		}
		return strings.Join(ids, " or ")
	case m.Ref == clients.Unmapped:
		return "unmapped"
	case m.Loose:
		return string(r.Clients()[m.Ref].ID) + " loosely"
	}
	return string(r.Clients()[m.Ref].ID)
}

func TestFind(t *testing.T) {
	r := register(t, []string{"Our House GmbH"},
		listed("0017", "Acme Ltd", "ACM|A.C.M. East", ""),
		listed("18", "Beta", "", ""),
		listed("018", "Gamma", "gee", ""),
		listed("20", "Delta", "", ""),
		listed("21", "DELTA GmbH", "", ""),
		listed("22", "Epsilon AG", "", ""),
		listed("23", "Epsilon KG", "", ""),
	)
	for _, c := range []struct{ id, name, want string }{
		{"0017", "", "0017"},
		{" 0017 ", "", "0017"},
		{"17", "", "0017 loosely"},
		{"17.0", "", "0017 loosely"},
		{"18", "", "18"},
		{"018", "", "018"},
		{"18.0", "", "18 loosely"},
		{"0018", "", "018 or 18"},
		{"99", "Beta", "18"},  // by name where the id is unknown
		{"18", "Gamma", "18"}, // the id says it
		{"", "acme", "0017"},  // without legal form
		{"", "ACME LLC", "0017"},
		{"", "A.C.M.", "0017"},
		{"", "acm east", "0017"},
		{"", "Acm", "0017"},
		{"", "Acmee", "unmapped"}, // never by likeness
		{"", "Delta", "20"},       // as it is written
		{"", "delta gmbh", "21"},
		{"", "Epsilon", "22 or 23"},
		{"", "epsilon ag", "22"},
		{"", "our house gmbh", "internal"},
		{"", "20", "20"}, // an id where the export has a name
		{"", "17.0", "0017 loosely"},
		{"99", "20", "unmapped"}, // not where it has both
		{"", "", "unmapped"},
		{"", "—", "unmapped"},
	} {
		if got := found(r, c.id, c.name, ""); got != c.want {
			t.Errorf("%q %q: %s, want %s", c.id, c.name, got, c.want)
		}
	}
}

// A merger gives the name, and the id, of one client to another from a day on; a
// rename leaves both names with their client.
func TestNamesChangeOwnersFromTheirDay(t *testing.T) {
	r := register(t, nil,
		listed("A", "Alpha", "", ""),
		listed("A", "Alpha", "Beta|B", "2026-04-01"),
		listed("B", "Beta", "", ""),
		listed("C", "Old Name", "", ""),
		listed("C", "New Name", "", "2026-03-15"),
	)
	for _, c := range []struct{ id, name, on, want string }{
		{"", "Beta", "2026-03-31", "B"},
		{"", "Beta", "2026-04-01", "A"},
		{"B", "", "2026-03-31", "B"},
		{"B", "Beta", "2026-04-01", "A"},
		{"", "Old Name", "2026-01-01", "C"},
		{"", "Old Name", "2026-05-01", "C"},
		{"", "New Name", "2026-01-01", "C"},
		{"", "Alpha", "2026-05-01", "A"},
	} {
		if got := found(r, c.id, c.name, c.on); got != c.want {
			t.Errorf("%q %q on %s: %s, want %s", c.id, c.name, c.on, got, c.want)
		}
	}
	if name := r.Clients()[r.Find("C", "", 0).Ref].Name; name != "New Name" {
		t.Errorf("C is called %q", name)
	}
}

// An id that lost its zeros, or got a ".0", follows its client into another, too. Where
// it may be of several clients, it stays ambiguous.
func TestIDsWrittenDifferentlyChangeOwners(t *testing.T) {
	const turn = "2026-10-01"
	merged := []clients.Listed{listed("0017", "Old", "", ""), listed("0020", "New", "", ""), listed("0020", "New", "0017|Old", turn)}
	r := register(t, nil, merged...)
	for _, id := range []string{"17", "17.0", "0017.0", "017"} {
		for _, as := range [][2]string{{id, ""}, {"", id}} {
			if got := [2]string{found(r, as[0], as[1], "2026-09-30"), found(r, as[0], as[1], turn)}; got != [2]string{"0017 loosely", "0020 loosely"} {
				t.Errorf("%q: %q", as, got)
			}
			if got := r.Turns(as[0], as[1]); !slices.Equal(got, []period.Day{day(turn)}) {
				t.Errorf("%q: turns %v", as, got)
			}
		}
	}
	r = register(t, nil, append(merged, listed("017", "Other", "", ""))...)
	if got := found(r, "17", "", turn); got != "0017 or 017" {
		t.Error(got)
	}
}

func TestClientsFileErrors(t *testing.T) {
	for want, rows := range map[string][]clients.Listed{
		`client "A" is listed already at `:          {listed("A", "Alpha", "", ""), listed("A", "Other", "", "")},
		`a client needs an id or a name`:            {listed("", " ", "", "")},
		`client "A" is a parent of its own parent`:  {withParent("A", "B"), withParent("B", "C"), withParent("C", "B")},
		`client "name:alpha" is listed already at `: {listed("", "Alpha", "", ""), listed("", "ALPHA", "", "")},
	} {
		_, err := clients.NewRegister(rows, nil)
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func withParent(id, parent string) clients.Listed {
	l := listed(id, "Client "+id, "", "")
	l.Parent = clients.ID(parent)
	return l
}

// The line that a suggestion offers can be pasted under the client's own.
func TestFurtherRowAddsAliases(t *testing.T) {
	first := listed("A", "Alpha", "", "")
	first.Segment = "large"
	r := register(t, nil, first, listed("A", "Alpha", "Alfa", ""))
	if got := found(r, "", "alfa", ""); got != "A" {
		t.Errorf("the added alias is %s", got)
	}
	if c := r.Clients()[0]; len(r.Clients()) != 1 || c.Segment != "large" {
		t.Errorf("clients are %v", r.Clients())
	}
}

func TestParentsByIDOrName(t *testing.T) {
	r := register(t, nil, withParent("001", ""), withParent("002", "1"), withParent("003", "client 001"), withParent("004", "The Group"), withParent("005", "005"))
	var got []clients.ID
	for _, c := range r.Clients() {
		got = append(got, c.Parent)
	}
	if diff := cmp.Diff([]clients.ID{"", "001", "001", "The Group", ""}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAdmitNamesClientsOfBilling(t *testing.T) {
	r := register(t, nil, listed("7", "Listed", "", ""))
	r.Admit([]clients.Named{
		{ID: "7", Name: "Listed, as billing calls it", Lines: 1},
		{ID: "17850.0", Lines: 9}, {ID: "17850", Lines: 1},
		{ID: "0042", Name: "Zero", Lines: 1}, {ID: "42", Name: "Zero Corp", Lines: 5},
		{ID: "001", Name: "One", Lines: 1}, {ID: "01", Name: "Other", Lines: 1},
		{Name: "Acme Ltd", Lines: 1}, {Name: "ACME", Lines: 3},
		{Name: "Twin GmbH", Lines: 1}, {Name: "Twin AG", Lines: 1},
		{Name: "Zero", Lines: 1}, {},
	})
	var got []string
	for _, c := range r.Clients() {
		got = append(got, string(c.ID)+" = "+c.Name)
	}
	slices.Sort(got)
	want := []string{
		"001 = One", "0042 = Zero Corp", "01 = Other", "17850 = 17850", "7 = Listed",
		"name:acme = ACME", "name:twin ag = Twin AG", "name:twin gmbh = Twin GmbH",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for name, id := range map[string]string{"zero": "0042", "listed as billing calls it": "7", "acme ltd": "name:acme", "Twin": "name:twin ag or name:twin gmbh"} {
		if got := found(r, "", name, ""); got != id {
			t.Errorf("%q is %s, want %s", name, got, id)
		}
	}
}

func TestAdmitDoesNotDependOnOrder(t *testing.T) {
	words := []string{"", "1", "01", "001", "1.0", "12", "012", "A", "a"}
	names := []string{"", "Acme", "ACME Ltd", "Acme GmbH", "Beta", "beta.", "B-Eta"}
	rapid.Check(t, func(t *rapid.T) {
		var named []clients.Named
		for range rapid.IntRange(1, 12).Draw(t, "n") {
			named = append(named, clients.Named{
				ID: rapid.SampledFrom(words).Draw(t, "id"), Name: rapid.SampledFrom(names).Draw(t, "name"), Lines: int64(rapid.IntRange(1, 3).Draw(t, "lines")),
			})
		}
		shuffled := slices.Clone(named)
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		one, other := admitted(named), admitted(shuffled)
		if diff := cmp.Diff(one, other); diff != "" {
			t.Fatalf("the order matters:\n%s", diff)
		}
	})
}

// admitted says of each id and name whom it means after admission.
func admitted(named []clients.Named) map[string]string {
	r, err := clients.NewRegister([]clients.Listed{listed("012", "Listed Beta", "beta", "")}, nil)
	if err != nil {
		panic(err)
	}
	r.Admit(named)
	means := map[string]string{}
	for _, n := range named {
		means[n.ID+"/"+n.Name] = found(r, n.ID, n.Name, "")
		means["/"+n.Name] = found(r, "", n.Name, "")
	}
	return means
}

func TestLikeliestAreSuggestedAndNeverApplied(t *testing.T) {
	r := register(t, nil, listed("1", "Beacon Motors Ltd", "", ""), listed("2", "Beacon Motor Works", "", ""), listed("3", "Zebra", "", ""))
	likely := r.Likeliest("Becon Motors", 3)
	if len(likely) != 2 || likely[0].Client.ID != "1" || likely[1].Client.ID != "2" || likely[0].Score <= likely[1].Score {
		t.Fatalf("suggested: %v", likely)
	}
	if got := found(r, "", "Becon Motors", ""); got != "unmapped" {
		t.Errorf("it was applied: %s", got)
	}
	r = register(t, nil, listed("1", "Smith, Ann", "", ""), listed("2", "Ann Smythers", "", ""))
	if likely := r.Likeliest("Ann Smith", 3); len(likely) == 0 || likely[0].Client.ID != "1" || likely[0].Score != 1 {
		t.Errorf("words in another order: %+v", likely)
	}
	r = register(t, nil, listed("1", "ap@acme.com", "", ""), listed("2", "kim@bolt.co.uk", "", ""), listed("3", "corex@gmail.com", "", ""), listed("4", "a.b@mail.dune.org", "", ""))
	for name, want := range map[string]string{"Acme": "1", "acme.com": "1", "ACME Ltd": "1", "Bolt": "2", "Corex": "3", "Dune Inc.": "4", "x@dune.org": "4"} {
		if likely := r.Likeliest(name, 3); len(likely) == 0 || string(likely[0].Client.ID) != want || likely[0].Score != 1 {
			t.Errorf("%s by its address: %+v", name, likely)
		}
	}
}

// What equals our own name but for the legal form is suggested, and not applied.
func TestOwnNameWithoutItsLegalForm(t *testing.T) {
	r := register(t, []string{"Tiny Ltd", "Tiny House"})
	for name, want := range map[string]string{"Tiny": "Tiny Ltd", "TINY gmbh": "Tiny Ltd", "tiny house": "Tiny House", "Tiniest": "", "": "", "Ltd": ""} {
		if got := r.LikelyInternal(name); got != want {
			t.Errorf("%q is likely our own %q, want %q", name, got, want)
		}
	}
	if got := found(r, "", "Tiny", ""); got != "unmapped" {
		t.Errorf("it was applied: %s", got)
	}
}

func TestLookalikes(t *testing.T) {
	r := register(t, nil, listed("1", "Acme", "", ""), listed("2", "Ромашка", "", ""), listed("3", "Café Müller", "", ""), listed("4", "Cafe Muller", "", ""), listed("5", "Краи", "", ""))
	// The first is Cyrillic, the third mixed; accents get lost on the way.
	got := r.Lookalikes([]string{"Асме", "Acme", "Pомашка", "Ромашка", "Beta", "Café Müller", "CAFÉ MULLER", "Край", "Краи"})
	var names []string
	for _, l := range got {
		names = append(names, l.Name)
	}
	if diff := cmp.Diff([]string{"Асме", "Pомашка", "Café Müller", "CAFÉ MULLER", "Край"}, names); diff != "" {
		t.Error(diff)
	}
}
