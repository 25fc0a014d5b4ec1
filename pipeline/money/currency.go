package money

import (
	"fmt"
	"math"
	"strings"
)

// Currency is an ISO 4217 currency: its code and the number of decimal places
// of its minor unit.
type Currency struct {
	Code   string
	Places int
}

// places lists the active ISO 4217 codes by the places of their minor unit.
var places = func() map[string]int {
	m := map[string]int{}
	for n, codes := range map[int]string{
		0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
		2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD " +
			"CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS " +
			"GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL " +
			"MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK " +
			"PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS " +
			"TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
		3: "BHD IQD JOD KWD LYD OMR TND",
		4: "CLF UYW",
	} {
		for code := range strings.FieldsSeq(codes) {
			m[code] = n
		}
	}
	return m
}()

// CurrencyOf returns the currency of an ISO 4217 code in capitals.
func CurrencyOf(code string) (Currency, error) {
	n, ok := places[code]
	if !ok {
		return Currency{}, fmt.Errorf("%q is not an ISO 4217 currency code", code)
	}
	return Currency{Code: code, Places: n}, nil
}

// minor returns how many millionths one minor unit has.
func (c Currency) minor() uint64 {
	n := uint64(million)
	for range c.Places {
		n /= 10
	}
	return n
}

// Round makes a total whole minor units, half away from zero. It is the only
// way from [Exact] to [Amount] but splitting.
func (c Currency) Round(e Exact) (Amount, error) {
	d := c.minor()
	q, r := e.Abs().divmod(d)
	if 2*r >= d {
		q = q.Add(Millionths(1))
	}
	if q.Hi != 0 || q.Lo > math.MaxInt64 {
		return 0, ErrOverflow
	}
	if e.Sign() < 0 {
		return -Amount(q.Lo), nil
	}
	return Amount(q.Lo), nil
}

// Whole reports whether e is a whole number of minor units.
func (c Currency) Whole(e Exact) bool {
	_, r := e.Abs().divmod(c.minor())
	return r == 0
}

// Exact returns the amount in millionths.
func (c Currency) Exact(a Amount) Exact {
	e := Millionths(int64(a.Abs())).times(c.minor())
	if a < 0 {
		return e.Neg()
	}
	return e
}

// Format writes the amount as a plain decimal with the currency's places:
// "-1234.50".
func (c Currency) Format(a Amount) string { return c.Exact(a).Fixed(c.Places) }

// Grouped writes the amount as people read it, with its thousands apart:
// "-1,234.50".
func (c Currency) Grouped(a Amount) string { return Grouped(c.Format(a)) }

// Grouped sets the thousands of a plain decimal apart.
func Grouped(s string) string {
	sign, s := strings.HasPrefix(s, "-"), strings.TrimPrefix(s, "-")
	whole, frac, broken := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if broken {
		whole += "." + frac
	}
	if sign {
		return "-" + whole
	}
	return whole
}
