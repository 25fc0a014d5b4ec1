package exports

import (
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/traditionalchinese"
)

// What real exports do that no other test is about.
func TestTraps(t *testing.T) {
	hours := map[string]Mapping{"client": named("Client"), "date": named("Date"), "hours": named("Hours")}
	in := func(e encoding.Encoding, text string) string {
		s, err := e.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, test := range []struct {
		name, text string
		src        Source
		rows       []string
	}{
		{"an apostrophe guards a formula", "client,date,amount\n'=Acme,2026-10-01,'-5\n\"' +Bolt\",'2026-10-02,' 7.50\n", Source{},
			[]string{"0:2|'=Acme|2026-10-01|-5", "0:3|' +Bolt|2026-10-02|7.5"}},
		{"a name stands twice in the header", "Client,Date,Rate,Amount,Rate,Custom,Custom\nA,2026-10-01,1,2.50,3,,\n", Source{Columns: map[string]Mapping{"client": named("Client"), "date": named("Date"), "amount": named("Amount"), "quantity": named("Rate#2")}},
			[]string{"0:2|A|2026-10-01|3|2.5"}},
		{"empty names in the header", ",client, ,date,amount,\n0,A,x,2026-10-01,2.50,\n1,B,,2026-10-02,1,y\n", Source{},
			[]string{"0:2|A|2026-10-01|2.5", "0:3|B|2026-10-02|1"}},
		{"semicolons with decimal points", "client;date;amount\nA;2026-10-01;1234.5\nB;2026-10-02;0.75\n", Source{},
			[]string{"0:2|A|2026-10-01|1234.5", "0:3|B|2026-10-02|0.75"}},
		{"commas with decimal commas in quotes", "Client,Date,Hours\nA,2026-10-01,\"12,50\"\nB,2026-10-02,\"1.250,5\"\n", Source{Input: SupportHours, Columns: hours},
			[]string{"0:2|A|2026-10-01|12.50", "0:3|B|2026-10-02|1250.50"}},
		{"signs after the currency", "client,date,amount\nA,2026-10-01,$-142.85\nA,2026-10-01,(40.00)\nA,2026-10-01,\"$13.50 \"\nA,2026-10-01,-$1.25\n", Source{},
			[]string{"0:2|A|2026-10-01|-142.85", "0:3|A|2026-10-01|-40", "0:4|A|2026-10-01|13.5", "0:5|A|2026-10-01|-1.25"}},
		{"Big5", in(traditionalchinese.Big5, "client,date,amount\n專案,2026-10-01,1\n"), Source{Encoding: "big5"}, []string{"0:2|專案|2026-10-01|1"}},
		{"cp866", in(charmap.CodePage866, "client;date;amount\nРомашка;2026-10-01;1\n"), Source{Encoding: "cp866"}, []string{"0:2|Ромашка|2026-10-01|1"}},
		{"an en dash of windows-1252", in(charmap.Windows1252, "client;date;amount\nA–B;2026-10-01;1\n"), Source{Encoding: "windows-1252"}, []string{"0:2|A–B|2026-10-01|1"}},
		{"a short month and a short year", "client,date,amount\nA,02-Nov-04,1\nB,13-Oct-26,1\n", Source{}, []string{"0:2|A|2004-11-02|1", "0:3|B|2026-10-13|1"}},
		{"a month by its name", "client,date,amount\nA,Jan 28 2021,\"1,020.00\"\n", Source{Decimal: "."}, []string{"0:2|A|2021-01-28|1020"}},
		{"unpadded days", "client,date,amount\nA,7/6/2019,1\nB,17/6/2019,1\n", Source{}, []string{"0:2|A|2019-06-07|1", "0:3|B|2019-06-17|1"}},
		{"slashes, year first", "client,date,amount\nA,2024/01/13 08:40:25.000,1\n", Source{}, []string{"0:2|A|2024-01-13|1"}},
		{"nanoseconds and a zone", "client,date,amount\nA,2024-01-13T08:40:25.123Z,1\n", Source{}, []string{"0:2|A|2024-01-13|1"}},
		{"several forms of duration in one column", "Client,Date,Hours\nA,2026-10-01,0:06\nA,2026-10-01,0.11\nA,2026-10-01,25:00:00\nA,2026-10-01,00:00:00\n", Source{Input: SupportHours, Columns: hours},
			[]string{"0:2|A|2026-10-01|0.10", "0:3|A|2026-10-01|0.11", "0:4|A|2026-10-01|25.00", "0:5|A|2026-10-01|0.00"}},
		{"names of columns in two languages, with and without a star", "*Kunde,*Datum,Betrag\nA,2026-10-01,1\n", Source{Columns: map[string]Mapping{
			"client": {Header: []string{"Customer", "Kunde"}}, "date": {Header: []string{"Date", "Datum"}}, "amount": {Header: []string{"Amount", "Betrag"}}}},
			[]string{"0:2|A|2026-10-01|1"}},
		{"several lines in a note", "client,note,date,amount\nA,\"one\r\ntwo, \"\"three\"\"\n\nfour\",2026-10-01,1\nB,,2026-10-02,2\n", Source{}, []string{"0:2|A|2026-10-01|1", "0:6|B|2026-10-02|2"}},
		{"long ids", "client_id,date,amount\n4815162342000000007,2026-10-01,1\n0000001,2026-10-01,1\n", Source{}, []string{"0:2|4815162342000000007|2026-10-01|1", "0:3|0000001|2026-10-01|1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			rows, r, err := read(t, test.src, 1, "a.csv", test.text)
			want(t, rows, err, test.rows...)
			if tally := r.Tallies[0]; tally.Read != int64(len(rows))+tally.Headers {
				t.Errorf("rows are missing: %+v", tally)
			}
		})
	}
}
