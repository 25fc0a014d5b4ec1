package xlsx

// plainCell reads the cell that follows if it is written as nearly all are:
//
//	<c r="B7" s="1" t="s"><v>12</v></c>
//
// with style and type optional. It changes nothing otherwise, and readCell
// judges: what is fast here and what is right there must agree.
func (r *Reader) plainCell(s *scanner) bool {
	b := s.in[s.pos:]
	const opening = `<c r="`
	if len(b) < len(opening) || string(b[:len(opening)]) != opening {
		return false
	}
	i := len(opening)
	column, n := columnNumber(b[i:])
	i += n
	if column <= r.column || column > r.book.archive.limits.Columns || !follows(b, i, r.number) {
		return false
	}
	if i += len(r.number); i+8 > len(b) || b[i] != '"' {
		return false
	}
	i++
	style := 0
	if b[i] == ' ' && b[i+1] == 's' && b[i+2] == '=' && b[i+3] == '"' {
		from := i + 4
		if i = digitsEnd(b, from); i == from || i-from > 6 || i == len(b) || b[i] != '"' {
			return false
		}
		style = digits(b[from:i])
		i++
	}
	kind := numberType
	if i+6 < len(b) && b[i] == ' ' && b[i+1] == 't' && b[i+2] == '=' && b[i+3] == '"' && b[i+5] == '"' {
		switch b[i+4] {
		case 's':
			kind = sharedType
		case 'b':
			kind = booleanType
		case 'n':
		default:
			return false
		}
		i += 6
	}
	const value, closing = "><v>", "</v></c>"
	if i+len(value) > len(b) || string(b[i:i+len(value)]) != value {
		return false
	}
	from := i + len(value)
	for i = from; i < len(b) && b[i] > ' ' && b[i] < utf8Start && b[i] != '<' && b[i] != '&' && b[i] != ']'; i++ {
	}
	if i == from || i+len(closing) > len(b) || string(b[i:i+len(closing)]) != closing {
		return false
	}
	was, cells := r.column, len(r.row.Cells)
	r.column = column
	if r.add(kind, style, b[from:i:i], true, false) != nil {
		r.column, r.row.Cells = was, r.row.Cells[:cells]
		return false
	}
	s.pos += i + len(closing)
	return true
}

const utf8Start = 0x80

// follows reports whether want stands in b at i.
func follows(b []byte, i int, want []byte) bool {
	return i+len(want) <= len(b) && string(b[i:i+len(want)]) == string(want)
}

func digitsEnd(b []byte, i int) int {
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	return i
}
