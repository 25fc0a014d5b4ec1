package exports

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"clientworth/pipeline/money"
)

// signs are currency signs and the currencies that are written with them. A sign
// that is not here contradicts none.
var signs = map[string]string{
	"$": "USD AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD NAD NZD SBD SGD SRD TTD TWD XCD ARS CLP COP CUP DOP MXN UYU NIO BRL MOP TOP CVE",
	"€": "EUR", "£": "GBP EGP FKP GIP SHP LBP SSP SYP SDG", "¥": "JPY CNY", "￥": "JPY CNY", "₹": "INR", "₽": "RUB", "₴": "UAH", "₺": "TRY",
	"₩": "KRW KPW", "₪": "ILS", "﷼": "IRR OMR QAR SAR YER", "₫": "VND", "₦": "NGN", "₱": "PHP CUP", "฿": "THB", "₸": "KZT", "₼": "AZN", "₾": "GEL",
}

// SignOf returns the currency sign or code that stands with a number, or nothing.
func SignOf(text string) string {
	if strings.Trim(text, "0123456789.,-+() ") == "" { // most numbers
		return ""
	}
	_, _, ok := unsigned(text)
	if !ok || !strings.ContainsFunc(text, unicode.IsDigit) {
		return ""
	}
	for _, s := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Sc, r) }) {
		if r, size := utf8.DecodeRuneInString(s); unicode.Is(unicode.Sc, r) && size == len(s) {
			return s
		} else if _, err := money.CurrencyOf(s); err == nil {
			return s
		}
	}
	return ""
}

// Contradicts reports whether an amount with this sign or code cannot be one of a
// currency: $ is many currencies, but not EUR.
func Contradicts(sign, currency string) bool {
	if currencies, ok := signs[sign]; ok {
		return !slices.Contains(strings.Fields(currencies), currency)
	}
	_, err := money.CurrencyOf(sign)
	return err == nil && sign != currency
}

// sign notes that the amount of a row says its currency.
func (c *column) sign(row int, text string) {
	if SignOf(text) != "" {
		c.signed = append(c.signed, problem{row: row, text: text})
	}
}

// contradiction is the error of the first amount of the batch whose own sign is of
// another currency than the row names, or else the report.
func (d *decoder) contradiction(src *Source) error {
	named := d.column("currency")
	for _, c := range d.columns {
		for _, p := range c.signed {
			currency := src.Currency
			if named != nil && src.Input != FX && named.has(p.row) {
				currency = CurrencyCode(named.names.at(named.ids[p.row]))
			}
			if _, err := money.CurrencyOf(currency); err == nil && Contradicts(SignOf(p.text), currency) {
				return &atLine{line: d.lines[p.row], field: c.Name, err: fmt.Errorf("%s is no amount in %s", quoted(p.text), currency),
					remedy: "correct currency:, or say under columns: currency: {value: ...} what this export is in"}
			}
		}
	}
	return nil
}

// CurrencyCode tidies a currency: "Euro - EUR" and " eur" are EUR, as is the sign €,
// which no other currency has.
func CurrencyCode(word string) string {
	word = strings.ToUpper(strings.TrimSpace(word))
	if only := signs[word]; len(only) == 3 {
		return only
	}
	if i := strings.LastIndexByte(word, ' '); i >= 0 && len(word)-i == 4 {
		word = word[i+1:]
	}
	return word
}
