package exports

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"clientworth/pipeline/finding"
)

// read reads files, given as name and text in turn, and returns every row as the
// texts of its columns, with its line.
func read(t testing.TB, src Source, workers int, files ...string) (rows []string, r *Reading, err error) {
	t.Helper()
	src.Folder = t.TempDir()
	if src.Input == "" {
		src.Input = Billing
	}
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(src.Folder, files[i]), []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
		src.Files = append(src.Files, files[i])
	}
	return readSource(src, workers)
}

func readSource(src Source, workers int) (rows []string, r *Reading, err error) {
	e, err := Open(context.Background(), src)
	if err != nil {
		return nil, nil, err
	}
	var gathered []*[]string
	r, err = e.Read(context.Background(), Crew{Workers: workers}, func() Gatherer {
		mine := &[]string{}
		gathered = append(gathered, mine)
		return eachRow(func(row Row) error {
			*mine = append(*mine, show(e, row))
			return nil
		})
	})
	for _, mine := range gathered {
		rows = append(rows, *mine...)
	}
	if workers > 1 {
		slices.Sort(rows)
	}
	return rows, r, err
}

// show writes a row as file:line and its values.
func show(e *Export, r Row) string {
	s := []string{fmt.Sprintf("%d:%d", r.File(), r.Place("").Line)}
	for _, c := range e.Columns {
		v := r.Text(c.Name)
		switch c.Kind {
		case Date, Month:
			v = r.Day(c.Name).String()
		case Decimal:
			if d := r.Decimal(c.Name); d.Known {
				v = d.Value.String()
			}
		case Duration:
			if d := r.Hours(c.Name); d.Known {
				v = d.Value.String()
			}
		case Share:
			if d := r.Share(c.Name); d.Known {
				v = fmt.Sprint(int64(d.Value))
			}
		case Count:
			if d := r.Count(c.Name); d.Known {
				v = fmt.Sprint(d.Value)
			}
		case Flag:
			if d := r.Flag(c.Name); d.Known {
				v = fmt.Sprint(d.Value)
			}
		}
		s = append(s, v)
	}
	return strings.Join(s, "|")
}

func want(t *testing.T, rows []string, err error, want ...string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(rows, want) {
		t.Errorf("read\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
}

// wantError wants an error with a place, words in it and a remedy that names a
// setting or what to do.
func wantError(t *testing.T, err error, place string, words ...string) {
	t.Helper()
	p := (*Placed)(nil)
	if !errors.As(err, &p) {
		t.Fatalf("%v is no error with a place", err)
	}
	if p.Place.String() != place {
		t.Errorf("the error stands at %s, want %s: %v", p.Place, place, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error()+" "+p.Remedy, w) {
			t.Errorf("%v (%s) says nothing of %q", err, p.Remedy, w)
		}
	}
}

func named(name string) Mapping { return Mapping{Header: []string{name}} }

const small = "client_id,date,amount,note\nA,2026-10-01,12.50,x\nB,2026-10-02,-3.00,y\n"

var smallRows = []string{"0:2|A|2026-10-01|12.5", "0:3|B|2026-10-02|-3"}

func TestDialects(t *testing.T) {
	euro := "client_id;date;amount\nA;01.10.2026;1.012,50\nB;15.10.2026;-3,00\n"
	utf16, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("client_id\tdate\tamount\nÄ\t2026-10-01\t12.5\n")
	utf16be, _ := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String("client_id,date,amount\nÄ,2026-10-01,12.5\n")
	cp1251, _ := charmap.Windows1251.NewEncoder().String("client_id;date;amount\nИванов;01.10.2026;12,5\nПетров;31.10.2026;1 200,5\n")
	for _, test := range []struct {
		name, file, text string
		src              Source
		rows             []string
		dialect          string
	}{
		{"comma", "a.csv", small, Source{}, smallRows, "CSV, comma, UTF-8"},
		{"CRLF", "a.csv", strings.ReplaceAll(small, "\n", "\r\n"), Source{}, smallRows, "CSV, comma, UTF-8"},
		{"CR", "a.csv", strings.ReplaceAll(small, "\n", "\r"), Source{}, smallRows, "CSV, comma, UTF-8"},
		{"tab", "a.txt", strings.ReplaceAll(small, ",", "\t"), Source{}, smallRows, "CSV, tab, UTF-8"},
		{"pipe", "a.csv", strings.ReplaceAll(small, ",", "|"), Source{}, smallRows, "CSV, pipe, UTF-8"},
		{"configured", "a.csv", strings.ReplaceAll(small, ",", "~"), Source{Delimiter: "~"}, smallRows, "CSV, ~, UTF-8"},
		{"sep line", "a.csv", "sep=;\n" + strings.ReplaceAll(small, ",", ";"), Source{}, []string{"0:3|A|2026-10-01|12.5", "0:4|B|2026-10-02|-3"}, "CSV, semicolon, UTF-8"},
		{"byte order mark", "a.csv", "\ufeff" + small, Source{}, smallRows, "CSV, comma, UTF-8 with byte order mark"},
		{"gzip", "a.csv.gz", inGzip(small), Source{}, smallRows, "CSV, comma, UTF-8, gzip"},
		{"two members", "a.csv.gz", inGzip(small[:40]) + inGzip(small[40:]), Source{}, smallRows, "CSV, comma, UTF-8, gzip"},
		{"Zstandard", "a.csv.zst", inZstandard(small), Source{}, smallRows, "CSV, comma, UTF-8, Zstandard"},
		{"decimal comma", "a.csv", euro, Source{}, []string{"0:2|A|2026-10-01|1012.5", "0:3|B|2026-10-15|-3"}, "CSV, semicolon, UTF-8"},
		{"UTF-16", "a.csv", utf16, Source{}, []string{"0:2|Ä|2026-10-01|12.5"}, "CSV, tab, UTF-16"},
		{"UTF-16 big", "a.csv", utf16be, Source{}, []string{"0:2|Ä|2026-10-01|12.5"}, "CSV, comma, UTF-16"},
		{"cp1251", "a.csv", cp1251, Source{Encoding: "cp1251"}, []string{"0:2|Иванов|2026-10-01|12.5", "0:3|Петров|2026-10-31|1200.5"}, "CSV, semicolon, cp1251"},
		{"no line end", "a.csv", strings.TrimSuffix(small, "\n"), Source{}, smallRows, "CSV, comma, UTF-8"},
		{"quotes", "a.csv", "client_id,date,amount\n\"A, \"\"B\"\"\nC\",\"2026-10-01\",\"1,000.50\"\n", Source{}, []string{"0:2|A, \"B\"\nC|2026-10-01|1000.5"}, "CSV, comma, UTF-8"},
		{"no quotes", "a.csv", "client_id,date,amount\n5\" pipe,2026-10-01,1\n", Source{Quote: "none"}, []string{"0:2|5\" pipe|2026-10-01|1"}, "CSV, comma, UTF-8"},
		{"preamble", "a.csv", "Report\n\n\"of October\nall\",,,\n" + small, Source{}, []string{"0:6|A|2026-10-01|12.5", "0:7|B|2026-10-02|-3"}, "CSV, comma, UTF-8"},
		{"letters", "a.csv", strings.Replace(small, "client_id,date", " Client_ID ,DATE", 1), Source{}, smallRows, "CSV, comma, UTF-8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			rows, r, err := read(t, test.src, 1, test.file, test.text)
			want(t, rows, err, test.rows...)
			tally := r.Tallies[0]
			if tally.Dialect != test.dialect {
				t.Errorf("the dialect is %q, want %q", tally.Dialect, test.dialect)
			}
			if tally.Read != int64(len(rows))+tally.Headers+tally.Blank {
				t.Errorf("%d rows are not accounted for: %+v", tally.Read-int64(len(rows)), tally)
			}
		})
	}
}

// The delimiter is settled over the first 256 KiB. Whatever misleads there, the
// file is read rightly or refused, and no row is lost without a word.
func TestMisleadingBeginnings(t *testing.T) {
	const header = "client_id;date;amount\n"
	many := func(row string) string { return strings.Repeat(row, 2*segmentSize/len(row)) }
	for name, text := range map[string]string{
		"a line above that names the columns":   "client_id,date,amount\n" + header + "A;2026-10-01;1,5\nB;2026-10-02;2,5\n",
		"the same with as many commas in rows":  "client_id,date,amount\n" + header + "A;2026-10-01;1,5\nB, Inc, NY;2026-10-02;2,5\n",
		"another order above":                   "date;client_id;amount\n;;\n" + header + "A;2026-10-01;1,5\n",
		"commas in every row":                   "client_id,date,amount\n" + header + many("A, Inc.;2026-10-01;1,5\n"),
		"commas first, semicolons later":        "client_id,date,amount\n" + many("A,2026-10-01,1.5\n") + many("A;2026-10-01;1.5\n"),
		"a long line above":                     strings.Repeat("x", 2*segmentSize) + "\n" + header + "A;2026-10-01;1,5\n",
		"many long lines above":                 strings.Repeat(strings.Repeat("x,", 10_000)+"\n", 40) + header + "A;2026-10-01;1,5\n",
		"carriage returns in a long first cell": "\"" + strings.Repeat("x\r", 100_000) + "\"\n" + header + "A;2026-10-01;1,5\n",
		"tabs that only the preamble has":       "client_id\tdate\tamount\n" + strings.ReplaceAll(header+"A;2026-10-01;1,5\n", ";", "|"),
	} {
		rows, r, err := read(t, Source{}, 2, "a.csv", text)
		if err != nil {
			if p := (*Placed)(nil); !errors.As(err, &p) || p.Remedy == "" {
				t.Errorf("%s: %v is no help", name, err)
			}
			continue
		}
		tally := r.Tallies[0]
		if lines := int64(strings.Count(text, "\n")); tally.Read != lines || int64(len(rows))+tally.Accounted() != lines {
			t.Errorf("%s: %d rows of %d lines, %+v", name, len(rows), lines, tally)
		}
		for _, row := range rows {
			if f := strings.Split(row, "|"); len(f) != 4 || f[2] != "2026-10-01" && f[2] != "2026-10-02" || f[3] != "1.5" && f[3] != "2.5" {
				t.Errorf("%s: read %s", name, row)
				break
			}
		}
		if strings.Contains(name, "later") && tally.SetAside == 0 {
			t.Errorf("%s: nothing is set aside", name)
		}
	}
}

func inGzip(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.String()
}

func inZstandard(text string) string {
	var b bytes.Buffer
	z, _ := zstd.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.String()
}

func TestFilesRefused(t *testing.T) {
	gz := inGzip(strings.Repeat(small, 10))
	flipped := []byte(gz)
	flipped[len(flipped)-6] ^= 1
	wide := "Custom number,Discount"
	for n := range 198 {
		wide += fmt.Sprintf(",Custom field %d", n)
	}
	for _, test := range []struct {
		name, file, text string
		src              Source
		place            string
		words            []string
	}{
		{"empty", "a.csv", "", Source{}, "a.csv", []string{"empty"}},
		{"no header", "a.csv", "1,2,3\n4,5,6\n", Source{}, "a.csv:1", []string{"columns:"}},
		{"column missing", "a.csv", "client_id,date,total\n", Source{}, "a.csv:1", []string{`"amount"`, `"total"`}},
		{"mapped column missing", "a.csv", small, Source{Columns: map[string]Mapping{"tax": named("VAT")}}, "a.csv:1", []string{`"VAT"`}},
		{"column twice", "a.csv", "client_id,date,amount,amount\n", Source{}, "a.csv:1", []string{"amount#1"}},
		{"no such column", "a.csv", small, Source{Label: "billing", Columns: map[string]Mapping{"amuont": named("amount")}}, "billing", []string{"amuont"}},
		{"old workbook", "a.csv", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Source{}, "a.csv", []string{".xlsx"}},
		{"web page", "a.csv", "\n<!DOCTYPE html><table>", Source{}, "a.csv", []string{"web page"}},
		{"PDF", "a.csv", "%PDF-1.4", Source{}, "a.csv", []string{"PDF"}},
		{"text named workbook", "a.xlsx", small, Source{}, "a.xlsx", []string{".csv"}},
		{"gzip cut", "a.csv.gz", gz[:len(gz)/2], Source{}, "a.csv.gz", []string{"damaged or incomplete"}},
		{"gzip without its end", "a.csv.gz", gz[:len(gz)-8], Source{}, "a.csv.gz", []string{"damaged or incomplete"}},
		{"gzip one byte short", "a.csv.gz", gz[:len(gz)-1], Source{}, "a.csv.gz", []string{"damaged or incomplete"}},
		{"gzip checksum", "a.csv.gz", string(flipped), Source{}, "a.csv.gz", []string{"damaged or incomplete"}},
		{"junk after gzip", "a.csv.gz", gz + "junk", Source{}, "a.csv.gz", []string{"damaged or incomplete"}},
		{"zeros after gzip", "a.csv.gz", gz + "\x00\x00\x00\x00", Source{}, "a.csv.gz", []string{"damaged or incomplete"}},
		{"compressed twice", "a.gz", inGzip(gz), Source{}, "a.gz", []string{"twice"}},
		{"a quote in a plain field", "a.csv", small + "Be\"ta,2026-10-01,1,\nD,2026-10-01,1,\n", Source{}, "a.csv:4", []string{"inside a field", "quote: none"}},
		{"a misspelt column", "a.csv", "client,date,amount\nA,2026-10-01,1\n", Source{Columns: map[string]Mapping{"client": named("Cliennt"), "date": named("date"), "amount": named("amount")}}, "a.csv:1", []string{`no column "Cliennt"`, `did you mean "client"? write client: "client" under columns:`}},
		{"a misspelt header", "a.csv", "client,date,ammount\nA,2026-10-01,1\n", Source{}, "a.csv:1", []string{`no column "amount"`, `did you mean "ammount"? write amount: "ammount" under columns:`}},
		{"one of two names misspelt", "a.csv", "client,date,Net\nA,2026-10-01,1\n", Source{Columns: map[string]Mapping{"amount": {Header: []string{"Nett", "Total amount"}}}}, "a.csv:1", []string{`no column "Nett or Total amount"`, `did you mean "Net"? say so under columns: (the header has "client", "date", "Net")`}},
		{"missing in a wide header", "a.csv", "client,date," + wide + "\n", Source{}, "a.csv:1", []string{`no column "amount"`, `say with columns: what they are called (the header has 202 names, the likeliest are "Discount", "client", "Custom number"`}},
		{"misspelt in a wide header", "a.csv", "client,dote," + wide + "\n", Source{}, "a.csv:1", []string{`no column "date", "amount"`, `did you mean "dote"? write date: "dote" under columns: (the header has 202 names, the likeliest are "dote", "Discount", "client"`}},
		{"one of a product misspelt", "a.csv", "client,date,Qty,Price\nA,2026-10-01,1,1\n", Source{Columns: map[string]Mapping{"amount": {Multiply: [2]string{"Qty", "Prise"}}}}, "a.csv:1", []string{`no column "Prise"`, `did you mean "Price"? say so under columns:`}},
		{"a gzip that is cut short", "a.csv.gz", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b", Source{}, "a.csv.gz", []string{"export it again"}},
		{"unclosed quote", "a.csv", small + "\"C,2026-10-01,1,\nD,2026-10-01,1,\n", Source{}, "a.csv:4", []string{"never closed", "quote:"}},
		{"NUL", "a.csv", small + "C\x00,2026-10-01,1,\n", Source{}, "a.csv:4", []string{"NUL", "byte 2"}},
		{"UTF-16 without mark", "a.csv", strings.Join(strings.Split(small, ""), "\x00"), Source{}, "a.csv:1", nil},
		{"not UTF-8", "a.csv", small + "M\xfcller,2026-10-01,1,\n", Source{}, "a.csv:4", []string{"byte 2", "encoding:"}},
		{"not windows-1252", "a.csv", small + "\x81,2026-10-01,1,\n", Source{Encoding: "windows-1252"}, "a.csv:4", []string{"encoding:"}},
		{"no such encoding", "a.csv", small, Source{Encoding: "klingon"}, "a.csv", []string{"klingon"}},
		{"bare CR", "a.csv", small + "C\rD,2026-10-01,1,\n", Source{}, "a.csv:4", []string{"carriage return"}},
		{"stray quote", "a.csv", small + "5\" pipe,2026-10-01,1,\n6\" pipe,2026-10-01,1,\n", Source{}, "a.csv:4", []string{"quote"}},
		{"days or months", "a.csv", "client_id,date,amount\nA,03/04/2026,1\n", Source{}, "a.csv: date", []string{"03/04/2026", "date_format:"}},
		{"days and months", "a.csv", "client_id,date,amount\nA,13/04/2026,1\nA,04/13/2026,1\n", Source{}, "a.csv:3: date", []string{"04/13/2026", "date_format:"}},
		{"point or comma", "a.csv", "client_id;date;amount\nA;2026-10-01;1.234\n", Source{}, "a.csv: amount", []string{"1.234", "decimal:"}},
		{"point and comma", "a.csv", "client_id;date;amount\nA;2026-10-01;1.50\nA;2026-10-01;1,50\n", Source{}, "a.csv:3: amount", []string{"decimal:"}},
		{"tax unknown", "a.csv", small, Source{TaxInclusive: true}, "a.csv", []string{"tax_rate:"}},
		{"total disagrees", "a.csv", small + "Total,,10.00,\n", Source{}, "a.csv:4", []string{"10", "9.5"}},
		{"total without value", "a.csv", small + "Total,,,\n", Source{}, "a.csv:4", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			rows, _, err := read(t, test.src, 1, test.file, test.text)
			if err == nil {
				t.Fatalf("read as %q", rows)
			}
			wantError(t, err, test.place, test.words...)
		})
	}
}

// A compressed file that inflates without end is refused, whatever it holds.
func TestInflatedWithoutEnd(t *testing.T) {
	r := &inflated{Reader: endless{}, kind: "gzip", size: 1000}
	n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, r, make([]byte, 1<<20))
	if err == nil || !strings.Contains(err.Error(), "200 times") || n > inflatedFree+1<<20 {
		t.Errorf("%d bytes, %v", n, err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// A column is settled by all of its rows, however late one tells.
func TestSettledLate(t *testing.T) {
	var b strings.Builder
	b.WriteString("client_id,date,amount\n")
	for b.Len() < 3*segmentSize {
		b.WriteString("A,03/04/2026,7\n")
	}
	rows, _, err := read(t, Source{}, 1, "a.csv", b.String()+"A,13/04/2026,\"1,50\"\n")
	if err != nil || rows[0] != "0:2|A|2026-04-03|7" || !strings.HasSuffix(rows[len(rows)-1], "|2026-04-13|1.5") {
		t.Fatal(rows[:1], rows[max(0, len(rows)-1):], err)
	}
	_, _, err = read(t, Source{}, 2, "a.csv", "client_id,date,amount\nA,13/04/2026,7.5\n"+b.String()[22:]+"A,04/13/2026,1\n")
	if err == nil || !strings.Contains(err.Error(), "04/13/2026") {
		t.Fatal(err)
	}
}

// What one column proves of dates or decimal marks holds for the others of the
// file; where none proves it, or two prove different ones, nothing is guessed.
func TestSettledByAnotherColumn(t *testing.T) {
	for _, c := range []struct{ columns, row, want string }{
		{"date;service_start;service_end;amount", "03/04/2026;03/04/2026;25/04/2026;7", "|2026-04-03|2026-04-03|2026-04-25|7"},
		{"date;service_start;service_end;amount", "03/04/2026;03/04/2026;04/25/2026;7", "|2026-03-04|2026-03-04|2026-04-25|7"},
		{"date;service_start;service_end;amount", "03/03/2026;03/03/2026;03/03/2026;7", "|2026-03-03|2026-03-03|2026-03-03|7"}, // the same day either way
		{"date;service_start;service_end;amount", "03/04/2026;03/04/2026;03/05/2026;7", "date: " + errDateForm.Error()},
		{"date;service_start;service_end;amount", "03/04/2026;13/04/2026;04/25/2026;7", "date: " + errDateForm.Error()},
		{"date;amount;tax;quantity", "2026-10-01;1,234;7,5;1", "|1|1.234|7.5"},
		{"date;amount;tax;quantity", "2026-10-01;1,234;7.5;1", "|1|1234|7.5"},
		{"date;amount;tax;quantity", "2026-10-01;1,234;7;1", "amount: " + errMarkForm.Error()},
		{"date;amount;tax;quantity", "2026-10-01;1,234;7.5;1,5", "amount: " + errMarkForm.Error()},
	} {
		rows, _, err := read(t, Source{}, 1, "a.csv", "client_id;"+c.columns+"\nA;"+c.row+"\n")
		got := strings.Join(rows, "\n")
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: got %s, want %s", c.row, got, c.want)
		}
	}
}

func TestRowsSetAside(t *testing.T) {
	text := "client_id,date,amount,tax\n" +
		"A,2026-10-01,1.00,\n" +
		"B,2026-02-30,2.00,\n" + // no such day
		"C,2026-10-01,x,\n" +
		"D,,4.00,\n" +
		"E,2026-10-01,5.00,,\n" + // an empty field too many holds nothing
		"F,2026-10-01,6.00,,7\n" +
		"G,2026-10-01,7.00\n" +
		"\n,,,\n \n" +
		"H,2026-10-01,,1\n" +
		"client_id,date,amount,tax\n" +
		"I,2026-10-01,8.0000005,\n"
	for workers := 1; workers <= 2; workers++ {
		rows, r, err := read(t, Source{}, workers, "a.csv", text)
		slices.Sort(rows)
		want(t, rows, err, "0:14|I|2026-10-01|8.000001|", "0:2|A|2026-10-01|1|", "0:6|E|2026-10-01|5|")
		tally := r.Tallies[0]
		if tally.Read != 14 || tally.SetAside != 6 || tally.Blank != 3 || tally.Headers != 2 || tally.SetAsideMoney.String() != "13" {
			t.Errorf("%+v", tally)
		}
		var got []string
		for _, rule := range r.Findings.Rules() {
			for _, f := range r.Findings.Kept(rule) {
				got = append(got, fmt.Sprintf("%s %s %d %v %s", rule.Name, f.Place, f.Place.Column, f.Money, f.Detail))
			}
		}
		for _, line := range []string{
			`bad-amount a.csv:4: amount 3 0 "x" is not a number`,
			`bad-date a.csv:3: date 2 2 "2026-02-30" is not a date like yyyy-mm-dd`,
			`missing-value a.csv:5: date 2 4 date is empty`,
			`missing-value a.csv:12: amount 3 0 amount is empty`,
			`ragged-row a.csv:7 0 0 5 fields, the header has 4`,
			`ragged-row a.csv:8 0 7 3 fields, the header has 4`,
			`repeated-header a.csv:13 0 0 `,
			`rounded-value a.csv:14: amount 3 8.000001 "8.0000005"`,
		} {
			if !slices.Contains(got, line) {
				t.Errorf("no finding %s in\n%s", line, strings.Join(got, "\n"))
			}
		}
	}
}

func TestTotalsAgree(t *testing.T) {
	rows, r, err := read(t, Source{}, 1, "a.csv",
		"client,date,amount\nA,2026-10-01,1.50\nA,2026-10-02,2.00\nTotal for A,,3.50\nB,2026-10-02,4.00\nTotal for B,,4.00\nTotal Energies,2026-10-03,1.00\nTOTAL,,8.50\n")
	want(t, rows, err, "0:2|A|2026-10-01|1.5", "0:3|A|2026-10-02|2", "0:5|B|2026-10-02|4", "0:7|Total Energies|2026-10-03|1")
	if r.Tallies[0].Totals != 3 {
		t.Errorf("%+v", r.Tallies[0])
	}
	_, r, err = read(t, Source{Input: SupportHours}, 1, "a.csv", "client,date,hours\nA,2026-10-01,0:20:01\nA,2026-10-01,0:20:01\nA,2026-10-01,0:20:01\nTotal time,,1:00:03\n")
	if err != nil || r.Tallies[0].Totals != 1 {
		t.Error(err)
	}
}

// Of two files with wrong totals the first is named, also where a worker is done with
// the second one sooner.
func TestFirstWrongTotalIsNamed(t *testing.T) {
	text := []byte("client,date,amount\nA,2026-01-05,1\nTotal,,3\n")
	src := Source{Input: Billing, Folder: t.TempDir(), Files: []string{"a.csv", "b.csv"}}
	for _, name := range src.Files {
		if err := os.WriteFile(filepath.Join(src.Folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	e, err := Open(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	scan := newScan(context.Background(), e)
	var workers [2]worker
	var of [2]*reading
	for i := range workers {
		workers[i] = worker{scan: scan, gatherer: eachRow(func(Row) error { return nil }), log: &finding.Log{}}
		if of[i], _ = workers[i].take(&workers[i].piece); of[i].number != i {
			t.Fatalf("worker %d reads file %d", i, of[i].number)
		}
	}
	for i := range slices.Backward(workers[:]) {
		workers[i].work(of[i])
		wantError(t, scan.failure(), src.Files[i]+":3", "a totals row says 3, the rows above it add up to 1")
	}
}

// The layout of QuickBooks' Sales by Customer Detail.
func TestGroups(t *testing.T) {
	src := Source{Group: "client", Footers: []string{"Accrual Basis"}, Dates: "mm/dd/yyyy", Columns: map[string]Mapping{
		"client": {Header: []string{"Customer"}, Optional: true}, "date": named("Transaction date"), "amount": named("Amount"), "document": named("Num")}}
	rows, r, err := read(t, src, 2, "a.csv", `"ACME LLC",,,
Sales by Customer Detail,,,
,,,
,Transaction date,Num,Amount
"Smith, Ann",,,
,09/09/2025,1039,"$2,302.00"
,09/10/2025,1040,(40.00)
Child,,,
,09/10/2025,1041,1.00
Total for Child,,,$1.00
,09/11/2025,1042,2.00
"Total for Smith, Ann",,,"$2,265.00"
,09/12/2025,1043,5.00
Total for --,,,5.00
TOTAL,,,"$2,270.00"
"Accrual Basis Friday, May 15, 2026 01:21 AM GMTZ",,,
`)
	want(t, rows, err, "0:11|Smith, Ann|1042|2025-09-11|2", "0:13||1043|2025-09-12|5", "0:6|Smith, Ann|1039|2025-09-09|2302",
		"0:7|Smith, Ann|1040|2025-09-10|-40", "0:9|Child|1041|2025-09-10|1")
	tally := r.Tallies[0]
	if tally.Read != 16 || tally.Totals != 4 || tally.Headers != 6 || tally.Blank != 1 {
		t.Errorf("%+v", tally)
	}
}

func TestContinuationRows(t *testing.T) {
	src := Source{Fill: []string{"client", "date", "document"}, Columns: map[string]Mapping{
		"client": named("Partner"), "date": named("Date"), "amount": {Header: []string{"Amount"}, Negate: true}, "document": named("Number")}}
	rows, _, err := read(t, src, 1, "a.csv", "Number,Partner,Date,Amount\nI1,A,2026-10-01,-1.50\n,,,-2.50\nI2,,2026-10-02,-3.5\n,,,1\n")
	want(t, rows, err, "0:2|A|I1|2026-10-01|1.5", "0:3|A|I1|2026-10-01|2.5", "0:4||I2|2026-10-02|3.5", "0:5||I2|2026-10-02|-1")
}

func TestShortRowsAndExceptions(t *testing.T) {
	src := Source{Input: SupportHours, ShortRows: true, Except: map[string][]string{"Type": {"Break", "Holiday"}}}
	rows, r, err := read(t, src, 1, "a.csv", "Type,client,date,hours,role,cause\nRegular,A,2026-10-01,1:30,dev,bug\nBREAK,A,2026-10-01,1:30\nRegular,B,2026-10-01,0:30\n")
	want(t, rows, err, "0:2|A|2026-10-01|1.50|dev|bug", "0:4|B|2026-10-01|0.50||")
	if r.Tallies[0].NoRevenue != 1 {
		t.Errorf("%+v", r.Tallies[0])
	}
}

func TestHoursOfTimes(t *testing.T) {
	src := Source{Input: SupportHours, Columns: map[string]Mapping{"client": named("Client"), "date": named("Start Date"),
		"start": {Join: []string{"Start Date", "Start Time"}}, "end": {Join: []string{"End Date", "End Time"}}}, Dates: "mm/dd/yyyy"}
	rows, r, err := read(t, src, 1, "a.csv", "Client,Start Date,Start Time,End Date,End Time\n"+
		"A,10/01/2026,10:00:00 AM,10/01/2026,11:30 AM\nB,10/01/2026,11:00 PM,10/02/2026,1:00 AM\nC,10/01/2026,11:00 PM,10/01/2026,1:00 PM\nD,10/01/2026,11:00 PM,,\n")
	want(t, rows, err, "0:2|A|2026-10-01|1.50", "0:3|B|2026-10-01|2.00")
	if r.Tallies[0].SetAside != 2 {
		t.Errorf("%+v", r.Tallies[0])
	}
	rows, _, err = read(t, Source{Input: SupportHours}, 1, "a.csv", "client,date,start,end\nA,2026-10-01,23:00,1:15\n")
	want(t, rows, err, "0:2|A|2026-10-01|2.25")

	// Where some rows have hours, the times of the others give them; a zero is an hour's figure, too.
	rows, r, err = read(t, Source{Input: SupportHours}, 1, "a.csv", "client,date,hours,start,end\n"+
		"A,2026-10-01,2,9:00,10:00\nB,2026-10-01,,9:00,10:30\nC,2026-10-01,0,9:00,10:00\nD,2026-10-01,,9:00,\nE,2026-10-01,x,9:00,10:00\n")
	want(t, rows, err, "0:2|A|2026-10-01|2.00", "0:3|B|2026-10-01|1.50", "0:4|C|2026-10-01|0.00", "0:5|D|2026-10-01|")
	if r.Tallies[0].SetAside != 1 {
		t.Errorf("%+v", r.Tallies[0])
	}
}

func TestTaxTakenOff(t *testing.T) {
	rows, r, err := read(t, Source{TaxInclusive: true}, 1, "a.csv", "client_id,date,amount,tax\nA,2026-10-01,119.00,19.00\nB,2026-10-01,10,\nC,2026-10-01,-11.9,-1.9\n")
	want(t, rows, err, "0:2|A|2026-10-01|100|19", "0:4|C|2026-10-01|-10|-1.9")
	if r.Tallies[0].SetAside != 1 || r.Tallies[0].SetAsideMoney.String() != "10" {
		t.Errorf("%+v", r.Tallies[0])
	}
	rows, _, err = read(t, Source{TaxInclusive: true, TaxRate: "19%"}, 1, "a.csv", "client_id,date,amount\nA,2026-10-01,119.00\nB,2026-10-01,1.00\n")
	want(t, rows, err, "0:2|A|2026-10-01|100", "0:3|B|2026-10-01|0.840336")
}

func TestMappings(t *testing.T) {
	src := Source{Columns: map[string]Mapping{
		"client":   {First: []string{"Customer ID", "E-mail|Email"}},
		"date":     {Header: []string{"Created (UTC)", "Created"}},
		"amount":   {Subtract: [2]string{"Amount", "Refunded"}},
		"quantity": {Multiply: [2]string{"Qty", "Size"}},
		"product":  {Join: []string{"Product", "Variant"}},
		"currency": {Value: "EUR"},
		"kind":     {Header: []string{"Type"}, Map: map[string][]string{"invoice": {"SI", "Sale"}, "no revenue": {"*"}}},
		"tax":      {Header: []string{"VAT"}, Optional: true},
		"status":   {Header: []string{"State#2"}},
	}}
	rows, _, err := read(t, src, 1, "a.csv", "Customer ID,Email,Created,Amount,Refunded,Qty,Size,Product,Variant,Type,State,State\n"+
		"A,a@x,2026-10-01,10.5,0.5,2,1.5,Plan,Gold,si,old,new\n,b@x,2026-10-02,7.25,,,1,Plan,,Payment,,\n")
	want(t, rows, err, "0:2|A|2026-10-01|Plan Gold|3|10|EUR|invoice|new", "0:3|b@x|2026-10-02|Plan||7.25|EUR|no revenue|")
}

// The sign between names that a column may have may stand in a name, too.
func TestNamesWithTheSignBetweenNames(t *testing.T) {
	src := Source{Columns: map[string]Mapping{"client": named("Client|Name"), "date": named("Date|UTC"), "amount": named("Net|EUR")}}
	rows, _, err := read(t, src, 1, "a.csv", "Client|Name,Date|UTC,Net|EUR\nA,2026-10-01,1.5\n")
	want(t, rows, err, "0:2|A|2026-10-01|1.5")
}

func TestInline(t *testing.T) {
	src := Source{Input: Rates, Label: "rates", Files: []string{"clientworth.yaml"}, Inline: []Inline{
		{Line: 7, Values: map[string]string{"role": "developer", "hourly_cost": "60.00"}},
		{Line: 8, Values: map[string]string{"role": "support", "hourly_cost": "1234", "valid_from": "2026-01-01"}},
	}}
	rows, _, err := readSource(src, 1)
	want(t, rows, err, "0:7|developer|60|", "0:8|support|1234|2026-01-01")
	src.Inline[1].Values["hourly_cost"] = "much"
	_, _, err = readSource(src, 1)
	wantError(t, err, "clientworth.yaml:8: hourly_cost", "much")
	src.Inline[1].Values["hourly_rate"] = "5"
	delete(src.Inline[1].Values, "hourly_cost")
	_, _, err = readSource(src, 1)
	wantError(t, err, "clientworth.yaml:8", "hourly_rate")
}

func TestAttributes(t *testing.T) {
	rows, _, err := read(t, Source{Input: Clients}, 1, "a.csv", "client_id,client,Region,aliases\n1,A,North,a|b\n2,B,,\n")
	want(t, rows, err, "0:2|1|A|a|b|North", "0:3|2|B||")
	rows, _, err = read(t, Source{Input: Clients, Columns: map[string]Mapping{"client": named("name"), "band": named("Size")}}, 1, "a.csv", "client_id,name,Size,Secret\n1,A,XL,x\n")
	want(t, rows, err, "0:2|1|A|XL")
}

// Fault 26: a file that is still being written is not read.
func TestFault26FileChanges(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"grows": func(path string) error {
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = f.WriteString("C,2026-10-03,1,\n")
			return err
		},
		"is replaced": func(path string) error {
			if err := os.WriteFile(path+".new", []byte(small), 0o600); err != nil {
				return err
			}
			return os.Rename(path+".new", path)
		},
		"is touched": func(path string) error { return os.Chtimes(path, time.Time{}, time.Now().Add(time.Hour)) },
		"goes":       os.Remove,
	} {
		folder := t.TempDir()
		path := filepath.Join(folder, "a.csv")
		if err := os.WriteFile(path, []byte(small), 0o600); err != nil {
			t.Fatal(err)
		}
		e, err := Open(context.Background(), Source{Input: Billing, Folder: folder, Files: []string{"a.csv"}})
		if err != nil {
			t.Fatal(err)
		}
		once := false
		_, err = e.Each(context.Background(), func(Row) error {
			if once {
				return nil
			}
			once = true
			return change(path)
		})
		wantError(t, err, "a.csv", "changed while it was read")
		_ = name
	}
}

func TestStops(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a.csv"), []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	src := Source{Input: Billing, Folder: folder, Files: []string{"a.csv"}}
	e, err := Open(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("enough"))
	if _, err := e.Each(ctx, func(Row) error { return nil }); err == nil || err.Error() != "enough" {
		t.Errorf("a stopped reading ends with %v", err)
	}
	if e, err = Open(context.Background(), src); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Each(context.Background(), func(Row) error { return errors.New("of the gatherer") }); err == nil || err.Error() != "of the gatherer" {
		t.Errorf("an error of the gatherer comes back as %v", err)
	}
}

// The quick way of reading CSV and the plain one give the same rows, findings and
// tallies, whatever the file holds and however many workers read it.
func TestQuickAndPlainAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		of := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(rt, name) }
		var b strings.Builder
		b.WriteString("client_id,client,date,amount,tax,document,recurring\n")
		for range rapid.IntRange(0, 30).Draw(rt, "rows") {
			b.WriteString(strings.Join([]string{
				of("id", "A", "B", "0001", "", " A ", `"A"`, "a longer id than sixteen bytes", "Ä"),
				of("client", "", "Acme", `"Acme, Inc."`, `"A ""quoted"" name"`, "شرکت"),
				of("date", "2026-10-01", "2026-02-30", "2026-10-01 10:00", " 2026-10-02", `"2026-10-03"`, "", "x", "2026/10/01"),
				of("amount", "1", "-12.50", `"1,234.5"`, "(3)", "1.2345678", "", "abc", "123456789.123456", " 7 ", "٧"),
				of("tax", "", "0", "1.5", "-"),
				of("document", "", "I-1", " I-2 ", `"I,3"`, "a document number that is longer than 32 bytes", "№1"),
				of("recurring", "", "yes", "0", "perhaps"),
			}, ",") + of("end", "", "", "", "", ",", ",,x", "\n", "\nTotal", "\nclient_id,client,date,amount,tax,document,recurring") + of("eol", "\n", "\r\n"))
		}
		src := Source{Dates: "yyyy-mm-dd", Decimal: "."}
		if rapid.Bool().Draw(rt, "mapped") {
			src.Columns = map[string]Mapping{
				"amount":      {Header: []string{"amount"}, Negate: rapid.Bool().Draw(rt, "negate")},
				"recurring":   {Header: []string{"recurring"}, Negate: rapid.Bool().Draw(rt, "not"), Map: map[string][]string{"yes": {"perhaps"}}},
				"service_end": {Header: []string{"date"}, Exclusive: rapid.Bool().Draw(rt, "exclusive")},
				"product":     {First: []string{"document", "client"}},
			}
		}
		two, tr, terr := read(t, src, 2, "a.csv", b.String())
		quick, qr, qerr := read(t, src, 1, "a.csv", b.String())
		src.Footers = []string{"no row begins like this"} // and so it is read the plain way
		plain, pr, perr := read(t, src, 1, "a.csv", b.String())
		if fmt.Sprint(qerr) != fmt.Sprint(perr) || fmt.Sprint(qerr) != fmt.Sprint(terr) {
			rt.Fatalf("%q\nquick %v\nplain %v\ntwo workers %v", b.String(), qerr, perr, terr)
		}
		slices.Sort(quick)
		slices.Sort(plain)
		if !slices.Equal(quick, plain) || !slices.Equal(quick, two) {
			rt.Fatalf("%s\nquick\n%s\nplain\n%s", b.String(), strings.Join(quick, "\n"), strings.Join(plain, "\n"))
		}
		if qerr == nil && (account(qr) != account(pr) || account(qr) != account(tr)) {
			rt.Fatalf("%s\nquick\n%s\nplain\n%s", b.String(), account(qr), account(pr))
		}
	})
}

// account is what a reading says besides its rows.
func account(r *Reading) string {
	var b strings.Builder
	t := r.Tallies[0]
	fmt.Fprintln(&b, t.Read, t.SetAside, t.Headers, t.Blank, t.Totals, t.NoRevenue, t.SetAsideMoney, t.SetAsideHours, t.SHA256)
	for _, rule := range r.Findings.Rules() {
		for _, f := range r.Findings.Kept(rule) {
			fmt.Fprintln(&b, rule.Name, f.Place, f.Place.Column, f.Detail, f.Money, f.Hours)
		}
	}
	return b.String()
}

// Whatever a file holds, it is read alike in both ways or refused, and every row
// is accounted for.
func FuzzRead(f *testing.F) {
	for _, s := range []string{small, "client_id;date;amount\r\nA;1.2.2026;1.234,5\r\nTotal;;1\r\n", "\ufeffsep=,\n" + small, "\xff\xfec\x00", "date,amount,client\n\"\n\",\"\"\"\"\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file)%2 == 0 { // most files would have no header
			file = append([]byte("client_id,date,amount,tax\nA,2026-10-01,1.5,\n"), file...)
		}
		quick, qr, qerr := read(t, Source{}, 1, "a", string(file))
		plain, pr, perr := read(t, Source{Footers: []string{"\x00"}}, 1, "a", string(file))
		if (qerr == nil) != (perr == nil) {
			t.Fatalf("quick %v, plain %v", qerr, perr)
		}
		if qerr != nil {
			if p := (*Placed)(nil); !errors.As(qerr, &p) || strings.Contains(qerr.Error(), "runtime error") {
				t.Fatal(qerr)
			}
			return
		}
		if !slices.Equal(quick, plain) || account(qr) != account(pr) {
			t.Fatalf("quick %q %s\nplain %q %s", quick, account(qr), plain, account(pr))
		}
		tally := qr.Tallies[0]
		if tally.Read != int64(len(quick))+tally.Accounted() {
			t.Fatalf("rows are missing: %d and %+v", len(quick), tally)
		}
	})
}
