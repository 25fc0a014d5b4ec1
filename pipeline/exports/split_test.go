package exports

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// split is every row of a text with its line, by the feed and the splitter.
func splitAll(text string, d dialect) (rows [][]string, lines []int64, err error) {
	f := newFeed(iotest.OneByteReader(strings.NewReader(text)), d)
	if len(text) > 1<<12 {
		f = newFeed(strings.NewReader(text), d)
	}
	s, seg := splitter{dialect: d}, segment{}
	for {
		if err := f.next(&seg); err == io.EOF {
			return rows, lines, nil
		} else if err != nil {
			return rows, append(lines, f.line), err
		}
		s.split(seg.buf, seg.from, seg.to)
		if err := s.sound(&seg, false); err != nil {
			return rows, lines, err
		}
		walk := walker{splitter: &s, segment: &seg}
		for walk.next() {
			rows, lines = append(rows, fields(&walk)), append(lines, walk.line)
		}
	}
}

// fields returns the texts of all fields of a row, as they stand between its marks.
func fields(w *walker) []string {
	texts := make([]string, w.width())
	for i := range texts {
		texts[i] = textOf(w, i)
	}
	return texts
}

var comma = dialect{separator: ',', quote: '"', eol: '\n'}

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		text  string
		rows  [][]string
		lines []int64
	}{
		{"a,b\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int64{1, 2}},
		{"a,b\r\n1,2\r\n", [][]string{{"a", "b"}, {"1", "2"}}, []int64{1, 2}},
		{"a,b\n1,2", [][]string{{"a", "b"}, {"1", "2"}}, []int64{1, 2}},
		{"\n\na\n", [][]string{{""}, {""}, {"a"}}, []int64{1, 2, 3}},
		{"\"x\ny\",\"p,q\"\nr,s\n", [][]string{{"x\ny", "p,q"}, {"r", "s"}}, []int64{1, 3}},
		{`"",""""` + "\n", [][]string{{"", `"`}}, []int64{1}},
		{`"a ""b"" c",d` + "\r\n", [][]string{{`a "b" c`, "d"}}, []int64{1}},
		{"\"x\r\ny\"\r\nz\r\n", [][]string{{"x\r\ny"}, {"z"}}, []int64{1, 3}},
		{"a,\n,\n", [][]string{{"a", ""}, {"", ""}}, []int64{1, 2}},
	} {
		rows, lines, err := splitAll(test.text, comma)
		if err != nil || !equalRows(rows, test.rows) || !slices.Equal(lines, test.lines) {
			t.Errorf("%q: %q %v %v", test.text, rows, lines, err)
		}
	}
}

func TestSplitRefuses(t *testing.T) {
	for _, test := range []struct {
		text string
		err  error
		line int64
	}{
		{"a,b\n\"x,y\nz\n", errUnclosed, 2},
		{"a,b\n5\" pipe,1\n6\" pipe,1\n", errQuote, 2},
		{"a,b\n\"x\"y,1\n", errQuote, 2},
		{"a,b\n1,2\n\"x\" ,1\n", errQuote, 3},
		{"a,b\nx\ry,1\n", errCR, 2},
		{"a,b\nx\x00y,1\n", errNUL, 2},
		{"a,b\n1,2\nM\xfcller,1\n", errUTF8, 3},
		{"\"a\nb\",c\n\xc3,1\n", errUTF8, 3},
	} {
		_, lines, err := splitAll(test.text, comma)
		line := int64(0)
		if at := (*atLine)(nil); errors.As(err, &at) {
			line = at.line
		} else if len(lines) > 0 {
			line = lines[len(lines)-1]
		}
		if !errors.Is(err, test.err) || line != test.line {
			t.Errorf("%q: %v on line %d; want %v on line %d", test.text, err, line, test.err, test.line)
		}
	}
}

// The splitter reads what encoding/csv, strict, reads; and refuses what it refuses.
func TestSplitAgreesWithTheLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{",", ",", "\n", "\r\n", `"`, `""`, "a", "Müller", "1234567890", strings.Repeat("x", 61), `"q,` + "\n" + `r"`, " ", "\r"})
		text := strings.Join(rapid.SliceOfN(piece, 0, 60).Draw(t, "pieces"), "")
		checkSplit(t, text)
	})
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"x\ny\",2\r\n", `"a""b"`, "\"\n", "\xff,\n", "\r\n\r\n,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { checkSplit(t, text) })
}

func checkSplit(t interface{ Fatalf(string, ...any) }, text string) {
	if bareReturns(text) || strings.ContainsRune(text, 0) {
		return // we refuse them, the library does not
	}
	rows, lines, err := splitAll(text, comma)
	if err != nil && errors.Is(err, errUTF8) {
		return
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	var want [][]string
	var wantLines []int64
	for {
		row, lerr := r.Read()
		if lerr == io.EOF {
			break
		}
		if lerr != nil {
			if err == nil {
				t.Fatalf("%q: the library says %v, we read %q", text, lerr, rows)
			}
			return
		}
		line, _ := r.FieldPos(0)
		want, wantLines = append(want, row), append(wantLines, int64(line))
	}
	if err != nil {
		t.Fatalf("%q: we say %v, the library reads %q", text, err, want)
	}
	var got [][]string
	var gotLines []int64
	for i, row := range rows {
		if len(row) == 1 && row[0] == "" && !quotedEmpty(text, lines[i]) {
			continue // the library skips empty lines
		}
		for j := range row {
			row[j] = strings.ReplaceAll(row[j], "\r\n", "\n") // as the library does within quotes
		}
		got, gotLines = append(got, row), append(gotLines, lines[i])
	}
	if !equalRows(got, want) || !slices.Equal(gotLines, wantLines) {
		t.Fatalf("%q:\n%q on %v\nwant %q on %v", text, got, gotLines, want, wantLines)
	}
}

func quotedEmpty(text string, line int64) bool {
	return strings.HasPrefix(strings.Split(text, "\n")[line-1], `"`)
}

func bareReturns(text string) bool {
	return strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\r")
}

func equalRows(a, b [][]string) bool { return slices.EqualFunc(a, b, slices.Equal) }

// Where a segment ends makes no difference: rows longer than a segment, quotes
// and line ends around its border.
func TestSegments(t *testing.T) {
	for _, shift := range []int{0, 1, 2, 3, 4, 5, 60, 63, 64, 65} {
		var b bytes.Buffer
		b.WriteString(strings.Repeat("x", shift) + "\n")
		for b.Len() < 2*segmentSize {
			b.WriteString("1,\"a\n\"\"b\"\"\",é\r\n")
		}
		b.WriteString(`"` + strings.Repeat("long\n", segmentSize/2) + `"` + "\nlast,1")
		rows, lines, err := splitAll(b.String(), comma)
		if err != nil {
			t.Fatal(shift, err)
		}
		for i, row := range rows[1 : len(rows)-2] {
			if !slices.Equal(row, []string{"1", "a\n\"b\"", "é"}) || lines[i+1] != int64(2+2*i) {
				t.Fatalf("shift %d: row %d on line %d is %q", shift, i+1, lines[i+1], row)
			}
		}
		if n := strings.Count(b.String(), "\n") + 1; lines[len(lines)-1] != int64(n) || rows[len(rows)-1][0] != "last" {
			t.Fatalf("shift %d: the last row is on line %d, not %d", shift, lines[len(lines)-1], n)
		}
	}
}

// All ways of looking at blocks see the same.
func TestLook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte(",\n\"\r"))), 128, 128).Draw(t, "bytes")
		want, got := make([]block, 2), make([]block, 2)
		for i := range want {
			for j, c := range data[64*i : 64*i+64] {
				bit := uint64(1) << j
				if c == ',' || c == '\n' {
					want[i].marks |= bit
				}
				if c == '\n' {
					want[i].ends |= bit
				}
				if c == '"' {
					want[i].quotes |= bit
				}
				switch {
				case c < 0x80:
				case c < 0xc0:
					want[i].tails |= bit
				case c < 0xc2 || c >= 0xe0:
					want[i].rare |= bit
				}
				if c >= 0x80 {
					want[i].wide |= bit
				}
			}
		}
		odd := lookWords(got, data, comma)
		if !slices.Equal(got, want) {
			t.Fatalf("by words %x, want %x", got, want)
		}
		for i, b := range want {
			if odd>>i&1 == 1 != (b.quotes|b.wide != 0) {
				t.Fatalf("block %d: odd %b, want %x", i, odd, b)
			}
		}
		clear(got)
		if o := lookAll(got, data, comma); !slices.Equal(got, want) || o != odd {
			t.Fatalf("%x, odd %b, want %x, odd %b", got, o, want, odd)
		}

		marks, ends := []uint32{7}, []uint32{}
		for i, b := range want {
			for bit := range 64 {
				if b.ends>>bit&1 == 1 {
					ends = append(ends, uint32(len(marks)))
				}
				if b.marks>>bit&1 == 1 {
					marks = append(marks, uint32(100+64*i+bit))
				}
			}
		}
		if m, e := markWords([]uint32{7}, nil, want, 100); !slices.Equal(m, marks) || !slices.Equal(e, ends) {
			t.Fatalf("by words: marks %d, ends %d, want %d, %d", m, e, marks, ends)
		}
		if m, e := markAll([]uint32{7}, nil, want, 100); !slices.Equal(m, marks) || !slices.Equal(e, ends) {
			t.Fatalf("marks %d, ends %d, want %d, %d", m, e, marks, ends)
		}
	})
}

// All ways of finding a field of all rows find the same.
func TestSpans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const width = 3
		rows := rapid.IntRange(0, 20).Draw(t, "rows")
		marks := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 1000), 1+width*rows, 1+width*rows, rapid.ID).Draw(t, "marks")
		slices.Sort(marks)
		var first []uint32
		for row := range rows {
			if rapid.IntRange(0, 3).Draw(t, "left out") > 0 {
				first = append(first, uint32(1+width*row))
			}
		}
		field := rapid.IntRange(0, width-1).Draw(t, "field")
		var want []span
		for _, m := range first {
			want = append(want, span{marks[int(m)+field-1] + 1, marks[int(m)+field]})
		}
		got := make([]span, len(first)+1) // one more stays as it is
		spansOf(got, first, marks, field)
		if !slices.Equal(got[:len(first)], want) || got[len(first)] != (span{}) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

// What is no UTF-8 is found wherever it stands, and nothing else is: at the end of
// a block, too.
func TestUTF8(t *testing.T) {
	if _, _, err := splitAll("a"+strings.Repeat("ی", 31)+"\xc3aé\n", comma); !errors.Is(err, errUTF8) {
		t.Fatal("half a character before a letter:", err)
	}
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{"a", "é", "ن", "€", "😀", "\x80", "\xc3", "\xe2\x82", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", strings.Repeat("x", 60), strings.Repeat("ی", 31)})
		text := strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "pieces"), "") + "\n"
		_, _, err := splitAll(text, comma)
		if errors.Is(err, errUTF8) == utf8.ValidString(text) {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
