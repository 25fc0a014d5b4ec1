package exports

import (
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow/decimal128"
	"pgregory.net/rapid"

	"clientworth/pipeline/money"
)

func TestNumbers(t *testing.T) {
	point, comma := pointed('.', ""), pointed(',', "")
	for _, test := range []struct {
		marks marks
		text  string
		want  string // "" is refused
	}{
		{point, "0", "0"},
		{point, "1234.5", "1234.5"},
		{point, "-1234.50", "-1234.5"},
		{point, "+7", "7"},
		{point, ".5", "0.5"},
		{point, "5.", "5"},
		{point, ".", ""},
		{point, "", ""},
		{point, "-", ""},
		{point, "1,234", "1234"},
		{point, "1,234,567.89", "1234567.89"},
		{point, "12,34", ""},
		{point, "1,2345", ""},
		{point, "1,234 567", ""}, // two marks
		{point, "1234,567", ""},
		{point, ",234", ""},
		{point, "1.234.567", ""},
		{comma, "1.234.567,89", "1234567.89"},
		{comma, "1.234", "1234"},
		{comma, "0.307", ""}, // no thousands begin with a zero
		{point, "0,307", ""},
		{comma, "10.307", "10307"},
		{comma, "12,50", "12.5"},
		{comma, "12.50", ""},
		{comma, "1 234,50", "1234.5"},
		{comma, "1\u00a0234,50", "1234.5"},
		{comma, "1\u202f234,50", "1234.5"},
		{point, "1'234.50", "1234.5"},
		{point, "1’234.50", "1234.5"},
		{comma, "(1 234,50)", "-1234.5"},
		{point, "\u221212.5", "-12.5"},
		{point, "12.5-", "-12.5"},
		{point, "-12.5-", ""},
		{point, "(-12.5)", ""},
		{point, "--5", ""},
		{point, "$2,302.00", "2302"},
		{point, "$-142.85", "-142.85"},
		{point, "-$142.85", "-142.85"},
		{point, "($40.00)", "-40"},
		{point, "$13.50 ", "13.5"},
		{comma, "12,50 €", "12.5"},
		{point, "EUR 12.50", "12.5"},
		{point, "12.50 GBP", "12.5"},
		{point, "۱۲۳۴٫۵", "1234.5"},
		{comma, "۱۲٬۳۴۵٫۵", "12345.5"}, // Arabic marks say themselves which they are
		{point, "١٢٣", "123"},
		{pointed('.', "indian"), "12,34,567.5", "1234567.5"},
		{pointed('.', "indian"), "1,234,567", "1234567"},
		{point, "12,34,567", ""},
		{point, "1e5", ""},
		{point, "0x10", ""},
		{point, "NaN", ""},
		{point, "Inf", ""},
		{point, "1 2", ""},
		{point, "1.1234567", ""},
		{point, "1.1234560", "1.123456"},
		{point, "100000000000000000000", "100000000000000000000"},
		{point, "100000000000000000001", ""},
		{point, strings.Repeat("9", 60), ""},
	} {
		got, ok := test.marks.amount(test.text)
		if !ok {
			if test.want != "" {
				t.Errorf("%q with %c was refused, want %s", test.text, test.marks.point, test.want)
			}
			continue
		}
		if got.String() != test.want {
			t.Errorf("%q with %c is %v, want %q", test.text, test.marks.point, got, test.want)
		}
	}
}

// Whatever way an amount is written, it is read as itself or not at all.
func TestAmountsSurviveEveryWriting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := money.Millionths(rapid.Int64Range(-1e15, 1e15).Draw(t, "millionths"))
		point := rapid.SampledFrom([]string{".", ","}).Draw(t, "point")
		groups := rapid.SampledFrom([]string{"", " ", "\u00a0", "\u202f", "'", map[string]string{".": ",", ",": "."}[point]}).Draw(t, "grouping")
		text := written(e, point, groups)
		if rapid.Bool().Draw(t, "persian") {
			text = strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return r - '0' + '۰'
				}
				return r
			}, text)
		}
		form := rapid.SampledFrom([]string{"%", "€%", "% €", "%-", "(%)", "USD %"}).Draw(t, "form")
		if negative := strings.HasPrefix(text, "-"); negative != (form == "%-" || form == "(%)") && (negative || form != "%") {
			if form != "%" && form != "€%" && form != "% €" && form != "USD %" {
				form = "%"
			}
		} else if negative {
			text = text[1:]
		}
		full := strings.Replace(form, "%", text, 1)
		got, ok := pointed(rune(point[0]), "").amount(full)
		if !ok || got != e {
			t.Fatalf("%q is read as %v, %v; it is %v", full, got, ok, e)
		}
	})
}

func written(e money.Exact, point, grouping string) string {
	s := e.Abs().Fixed(2)
	whole, decimals, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + grouping + whole[i:]
	}
	if e.Sign() < 0 {
		whole = "-" + whole
	}
	return whole + point + decimals
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1,234.50", "(1 234,50)", "-.5", "۱۲٬۳۴۵٫۵", "$-1", "1.234.567", "EUR1", "USDUSD 1", "((1))"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, m := range []marks{pointed('.', ""), pointed(',', ""), pointed('.', "indian")} {
			e, ok := m.amount(text)
			if !ok {
				continue
			}
			again, ok := pointed('.', "").amount(e.String())
			if !ok || again != e {
				t.Errorf("%q is %v, but that is read as %v, %v", text, e, again, ok)
			}
		}
	})
}

// The quick way reads a number as the grammar does, or leaves it.
func TestQuickNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("0123456789.,-+ eE")), 1, 11, -1).Draw(t, "text")
		checkQuick(t, text)
	})
}

// Eight fields at a time or one by one: the same numbers, up to the first that
// cannot be read quickly.
func TestQuickNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Custom(func(t *rapid.T) string {
			return rapid.SampledFrom([]string{"", "-"}).Draw(t, "sign") + rapid.StringMatching(`[0-9]{0,7}\.?[0-9]{0,7}`).Draw(t, "number")
		})
		any := rapid.StringOfN(rapid.SampledFrom([]rune("0123456789.,-/:")), 0, 10, -1)
		texts := rapid.SliceOfN(rapid.OneOf(number, number, number, number, any), 0, 30).Draw(t, "texts")
		data, fields := fieldsOf(texts...)
		ints, decimals := make([]int64, len(fields)), make([]decimal128.Num, len(fields))
		for from := 0; from < len(fields); from++ {
			some := fields[from:]
			n := quickInts(ints[from:], data, some, '.')
			if wide := quickDecimals(decimals[from:], data, some, '.'); wide != n {
				t.Fatalf("%q: %d and %d numbers", texts[from:], n, wide)
			}
			for i, f := range some[:n] {
				v, ok := quickNumber(data, f, '.')
				if !ok || ints[from+i] != v || decimals[from+i] != decimal128.FromI64(v) {
					t.Fatalf("%q: %d, %v, want %d, %v", texts[from+i], ints[from+i], decimals[from+i], v, ok)
				}
			}
			if n > 0 && n < len(some) {
				if v, ok := quickNumber(data, some[n], '.'); ok {
					t.Fatalf("%q: stops at it, and it is %d", texts[from+n], v)
				}
			}
		}
	})
}

func FuzzQuickNumber(f *testing.F) {
	for _, s := range []string{"121.04", "-5", "12345678", "1.234567", ".5", "5.", "-", "1.2.3", "\xff\xff", "//::"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text != "" {
			checkQuick(t, text)
		}
	})
}

func checkQuick(t interface{ Fatalf(string, ...any) }, text string) {
	data := []byte("98765432" + text + "12345678")
	for _, point := range []rune{'.', ','} {
		v, ok := quickNumber(data, span{8, uint32(8 + len(text))}, byte(point))
		if !ok {
			continue
		}
		e, ok := pointed(point, "").amount(text)
		if !ok || e != money.Millionths(v) {
			t.Fatalf("%q is quickly %d, but %v, %v by the grammar", text, v, e, ok)
		}
	}
}
