package exports

// walker goes through the rows of a segment one by one, whatever their number of
// fields: for headers, for settling, and for rows that are not like the others.
type walker struct {
	*splitter
	*segment
	row   int // rows seen
	line  int64
	first int // position in marks of the first field's end
	last  int // and of the line end
	inner int // line ends within quotes seen
}

// next goes to the next row.
func (w *walker) next() bool {
	if w.row >= len(w.ends) {
		return false
	}
	w.first, w.last = w.last+1, int(w.ends[w.row])
	start := w.marks[w.first-1] + 1
	for w.inner < len(w.splitter.inner) && w.splitter.inner[w.inner] < start {
		w.inner++
	}
	w.line = w.segment.line + int64(w.row) + int64(w.inner)
	w.row++
	return true
}

func (w *walker) at() int64 { return w.line }

func (w *walker) cell(i int) cell {
	field := w.field(i)
	if w.quote != 0 && len(field) > 1 && field[0] == w.quote {
		field = []byte(w.unquoted(field))
	}
	return cell{kind: textCell, text: field}
}

// width returns how many fields the row has.
func (w *walker) width() int { return w.last - w.first + 1 }

// field returns the bytes of a field as they stand.
func (w *walker) field(i int) []byte {
	at, end := w.marks[w.first+i-1]+1, w.marks[w.first+i]
	if w.first+i == w.last && w.eol == '\n' && end > at && w.buf[end-1] == '\r' {
		end--
	}
	return w.buf[at:end]
}

// bare reports whether the row may be blank: it has hardly more bytes than
// separators.
func (w *walker) bare() bool {
	return int(w.marks[w.last]-w.marks[w.first-1])-1 <= w.width()+1 && firstText(w) < 0
}
