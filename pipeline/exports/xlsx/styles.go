package xlsx

import (
	"archive/zip"
	"fmt"
	"strconv"
	"strings"
)

// formats says for each cell style what its number format makes of a number:
// Number, Date or Time.
type formats []Kind

// of returns what a number of the style is, and whether there is such a style.
// Without any styles the first is plain.
func (f formats) of(style int) (Kind, bool) {
	if 0 <= style && style < len(f) {
		return f[style], true
	}
	return Number, style == 0
}

// styles reads the cell styles. The elements that count are children of
// <numFmts> and <cellXfs>; the latter may come before the former.
func (a *archive) styles(f *zip.File) (formats, error) {
	custom := map[int]string{}
	var ids []int
	err := a.each(f, "styleSheet", func(s *scanner, parent, name string) error {
		if s.depth() != 3 || parent+"/"+name != "numFmts/numFmt" && parent+"/"+name != "cellXfs/xf" {
			return nil
		}
		v, err := s.value("numFmtId")
		if err != nil {
			return err
		}
		id := 0
		if v != "" {
			if id, err = strconv.Atoi(v); err != nil || id < 0 {
				return fmt.Errorf("number format %q is no number", v)
			}
		}
		if name == "numFmt" {
			custom[id], err = s.value("formatCode")
			return err
		}
		ids = append(ids, id)
		return nil
	})
	if err != nil {
		return nil, err
	}
	kinds := make(formats, len(ids))
	for i, id := range ids {
		if code, ok := custom[id]; ok {
			kinds[i] = formatKind(code)
		} else {
			kinds[i] = builtinKind(id)
		}
	}
	return kinds, nil
}

// builtinKind is what the number formats do that every spreadsheet knows
// without a code (ECMA-376, part 1, 18.8.30), the East Asian ones included.
// Four of those (34, 35, 55, 56) show a date in some languages and a time in
// others: they are read as dates, and a time among them is then no date.
func builtinKind(id int) Kind {
	switch {
	case 14 <= id && id <= 17, id == 22, 27 <= id && id <= 31, 34 <= id && id <= 36, 50 <= id && id <= 58:
		return Date
	case 18 <= id && id <= 21, 32 <= id && id <= 33, 45 <= id && id <= 47:
		return Time
	}
	return Number
}

// formatKind is what a number format does, by its first section: a date has a
// day, a year, or a month (an m beside no hour and no second); a time has only
// hours, minutes and seconds. Quoted and escaped characters, colours, currencies
// and languages say nothing.
func formatKind(code string) Kind {
	var date, month, clock bool
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == ';':
			i = len(code)
		case code[i] == '"':
			i += 1 + max(0, strings.IndexByte(code[i+1:], '"'))
		case code[i] == '\\' || code[i] == '_' || code[i] == '*':
			i++
		case code[i] == '[':
			inside, _, _ := strings.Cut(code[i+1:], "]")
			i += len(inside) + 1
			if strings.Trim(strings.ToLower(inside), "h") == "" || strings.Trim(strings.ToLower(inside), "m") == "" || strings.Trim(strings.ToLower(inside), "s") == "" {
				clock = clock || inside != ""
			}
		case c == 'g' && len(code) >= i+7 && strings.EqualFold(code[i:i+7], "general"):
			i += 6
		case c == 'a' && len(code) >= i+5 && strings.EqualFold(code[i:i+5], "am/pm"):
			i, clock = i+4, true
		case c == 'e' && i+1 < len(code) && (code[i+1] == '+' || code[i+1] == '-'):
			i++ // an exponent
		case c == 'd' || c == 'y' || c == 'e':
			date = true
		case c == 'm':
			month = true
		case c == 'h' || c == 's':
			clock = true
		}
	}
	switch {
	case date || month && !clock:
		return Date
	case clock:
		return Time
	}
	return Number
}
