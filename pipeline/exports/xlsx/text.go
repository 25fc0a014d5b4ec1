package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// checkCharacters refuses what may not stand in XML at all.
func checkCharacters(b []byte) error {
	for i := 0; i < len(b); {
		if c := b[i]; c < utf8.RuneSelf {
			if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
				return fmt.Errorf("character U+%04X is not allowed", c)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return errors.New("invalid UTF-8")
		}
		if !allowed(r) {
			return fmt.Errorf("character U+%04X is not allowed", r)
		}
		i += n
	}
	return nil
}

func allowed(r rune) bool {
	return r >= ' ' && r != 0xFFFE && r != 0xFFFF && utf8.ValidRune(r) || r == '\t' || r == '\n' || r == '\r'
}

// checkText refuses what may not stand in XML text, entities included.
func checkText(b []byte) error {
	if err := checkCharacters(b); err != nil {
		return err
	}
	for {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			return nil
		}
		_, n, err := entity(b[i:])
		if err != nil {
			return err
		}
		b = b[i+n:]
	}
}

// entity reads the entity at the start of b and returns its character and its
// length as written. Only the five of XML itself and numbers are known.
func entity(b []byte) (rune, int, error) {
	i := bytes.IndexByte(b[:min(len(b), 16)], ';')
	if i < 0 {
		return 0, 0, errors.New("& without an entity")
	}
	switch name := string(b[1:i]); name {
	case "amp":
		return '&', i + 1, nil
	case "lt":
		return '<', i + 1, nil
	case "gt":
		return '>', i + 1, nil
	case "quot":
		return '"', i + 1, nil
	case "apos":
		return '\'', i + 1, nil
	default:
		if len(name) < 2 || name[0] != '#' {
			return 0, 0, fmt.Errorf("undefined entity &%s;", name)
		}
		digits, base := name[1:], 10
		if digits[0] == 'x' {
			digits, base = digits[1:], 16
		}
		n, err := strconv.ParseUint(digits, base, 32)
		if err != nil || n > math.MaxInt32 || !allowed(rune(n)) {
			return 0, 0, fmt.Errorf("undefined character &%s;", name)
		}
		return rune(n), i + 1, nil
	}
}

// appendText adds text as it is meant to text as it is written: with entities
// replaced and line ends as a single line feed.
func appendText(dst, raw []byte) ([]byte, error) {
	for len(raw) > 0 {
		i := bytes.IndexAny(raw, "&\r")
		if i < 0 {
			return append(dst, raw...), nil
		}
		dst = append(dst, raw[:i]...)
		if raw[i] == '\r' {
			dst = append(dst, '\n')
			raw = bytes.TrimPrefix(raw[i+1:], []byte("\n"))
			continue
		}
		r, n, err := entity(raw[i:])
		if err != nil {
			return dst, err
		}
		dst = utf8.AppendRune(dst, r)
		raw = raw[i+n:]
	}
	return dst, nil
}

// unescape replaces, in place, the escapes _xHHHH_ with which a spreadsheet
// writes characters that XML cannot hold: each is one unit of UTF-16.
func unescape(b []byte) []byte {
	i := bytes.Index(b, []byte("_x"))
	if i < 0 {
		return b
	}
	out := b[:i]
	for i < len(b) {
		u, ok := escape(b[i:])
		if !ok {
			out = append(out, b[i])
			i++
			continue
		}
		r, n := rune(u), len("_x0000_")
		if utf16.IsSurrogate(r) {
			low, _ := escape(b[i+n:])
			if r = utf16.DecodeRune(r, rune(low)); r != utf8.RuneError {
				n *= 2
			}
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	return out
}

// escape reads the escape at the start of b.
func escape(b []byte) (uint16, bool) {
	if len(b) < len("_x0000_") || b[0] != '_' || b[1] != 'x' || b[6] != '_' {
		return 0, false
	}
	var u uint16
	for _, c := range b[2:6] {
		switch {
		case '0' <= c && c <= '9':
			u = u<<4 | uint16(c-'0')
		case 'a' <= c && c <= 'f':
			u = u<<4 | uint16(c-'a'+10)
		case 'A' <= c && c <= 'F':
			u = u<<4 | uint16(c-'A'+10)
		default:
			return 0, false
		}
	}
	return u, true
}

// richText reads the text of a shared or inline string: the content of its <t>,
// or of those of its runs. Phonetic guides are left out. The scanner stands
// inside the element and is left after its end.
func richText(s *scanner, dst []byte) ([]byte, error) {
	from := len(dst)
	for depth, inside := s.depth(), false; ; {
		t, err := s.next()
		if err != nil {
			return dst, err
		}
		switch t.kind {
		case start:
			switch string(t.name) {
			case "t":
				inside = true
			case "r":
			default: // rPr, rPh, phoneticPr, extLst
				if err := s.skip(); err != nil {
					return dst, err
				}
			}
		case end:
			if s.depth() < depth {
				return append(dst[:from], unescape(dst[from:])...), nil
			}
			inside = false
		case text:
			switch {
			case inside && t.cdata:
				dst = append(dst, t.text...)
			case inside:
				if dst, err = appendText(dst, t.text); err != nil {
					return dst, err
				}
			case !blank(t.text):
				return dst, errors.New("text outside of <t>")
			}
		}
	}
}
