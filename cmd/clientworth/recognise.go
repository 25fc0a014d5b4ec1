package main

import (
	"cmp"
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/exports/presets"
)

// What init takes a file for: which input it is, and which of its headers are the
// columns of that input.

// recognition is an export and what its header tells of it.
type recognition struct {
	look   *exports.Look
	source exports.Source
	words  *string // that say so in the configuration; nil: the header is not known
}

// encodings are those that an export has which is not UTF-8.
var encodings = []string{"windows-1251", "windows-1252", "cp866"}

// recognise looks at an export's first file. Of a workbook with several sheets each that
// is known is an export of its own; where none is, the first that has a header stands for
// all.
func (d *draft) recognise(s exports.Source) (all []recognition, err error) {
	sheets, err := exports.Sheets(d.folder, s.Files[0])
	if err != nil {
		return nil, err
	}
	if len(sheets) < 2 {
		e, err := d.recogniseOne(s)
		return []recognition{e}, err
	}
	var strange []recognition
	var failed error
	for _, s.Sheet = range sheets {
		e, err := d.recogniseOne(s)
		switch {
		case err != nil:
			failed = cmp.Or(failed, err)
		case e.words == nil:
			strange = append(strange, e)
		default:
			all = append(all, e)
		}
	}
	switch {
	case all != nil:
		return all, nil
	case strange != nil:
		return strange[:1], nil
	}
	return nil, failed
}

// recogniseOne looks at a file or a sheet. A header that is not UTF-8 is in the
// encoding in which most of its words are known.
func (d *draft) recogniseOne(s exports.Source) (recognition, error) {
	best, err := d.recogniseIn("", s)
	if err != nil || isUTF8(best.look.Header) {
		return best, err
	}
	for _, encoding := range encodings {
		if e, err := d.recogniseIn(encoding, s); err == nil && len(e.source.Columns) > len(best.source.Columns) {
			best = e
		}
	}
	return best, nil
}

func (d *draft) recogniseIn(encoding string, s exports.Source) (recognition, error) {
	l, err := exports.LookAt(d.folder, s.Files[0], s.Sheet, encoding)
	if err != nil {
		return recognition{}, err
	}
	s.Encoding = encoding
	words, known := recognised(&s, l.Header)
	if !known {
		words, known = proposed(&s, l)
	}
	if !known {
		return recognition{l, s, nil}, nil
	}
	return recognition{l, s, &words}, nil
}

func isUTF8(header []string) bool {
	return !slices.ContainsFunc(header, func(h string) bool { return !utf8.ValidString(h) })
}

// unknown says what there is of a header that is not known.
func unknown(header []string) string {
	if !isUTF8(header) {
		return "it is not UTF-8, and in " + strings.Join(encodings, ", ") + " its header is not known either"
	}
	return "its columns are " + strings.Join(header, ", ")
}

// enough is how many columns of a preset a header must have: a few plain words
// such as Date and Client make no vendor.
const enough = 5

// recognised finds the preset that knows most of a header's columns and misses
// none that it needs.
func recognised(s *exports.Source, header []string) (words string, ok bool) {
	most, needed := enough-1, 0
	plain := *s
	for _, p := range presets.All() {
		of := plain
		of.Input, of.Preset = p.Input, p.Name
		fields, d, err := entryOf(p)
		if err != nil || entry(d, &of, fields) != nil {
			continue
		}
		of.Label, of.Preset = plain.Label, p.Name
		n, needs, all := has(header, of.Columns)
		if all && (n > most || n == most && needs > needed) {
			most, needed, *s, ok = n, needs, of, true
		}
	}
	if !ok {
		return "", false
	}
	p, _ := presets.Named(s.Preset)
	words = "    preset: " + s.Preset + "\n"
	for _, note := range p.Notes {
		words += "    # " + note + "\n"
	}
	if _, known := s.Columns["role"]; s.Input == exports.SupportHours && !known {
		s.Columns["role"] = exports.Mapping{Value: "support"}
		words += "    columns: {" + oneRole + "}   " + whyOneRole
	}
	return words, true
}

// has counts the columns of a mapping that stand in a header, and those of them
// that must, and says whether all do that must.
func has(header []string, columns map[string]exports.Mapping) (n, needed int, all bool) {
	for _, m := range columns {
		found := slices.ContainsFunc(m.Names(), func(alternatives string) bool {
			return slices.ContainsFunc(strings.Split(alternatives, "|"), func(name string) bool { return position(header, name) >= 0 })
		})
		switch {
		case found && m.Optional:
			n++
		case found:
			n, needed = n+1, needed+1
		case !m.Optional && m.Value == "":
			return n, needed, false
		}
	}
	return n, needed, true
}

//go:embed headers.txt
var headerWords string

// headers returns, for an input, what exports call each canonical column.
func headers(in exports.Input) map[string][]string {
	names := map[string][]string{}
	for line := range strings.Lines(headerWords) {
		key, words, found := strings.Cut(strings.TrimSpace(line), ": ")
		if column, ok := strings.CutPrefix(key, string(in)+"."); ok && found {
			names[column] = strings.Split(words, ", ")
		}
	}
	for _, c := range exports.Columns(in) {
		names[c.Name] = append([]string{c.Name}, names[c.Name]...)
	}
	return names
}

// position finds a name in a header, whatever its case and punctuation.
func position(header []string, name string) int {
	return slices.IndexFunc(header, func(h string) bool { return name != "" && bare(h) == bare(name) })
}

func bare(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// proposed maps the columns of a header by what exports usually call them, as
// the input of which the header has most.
func proposed(s *exports.Source, l *exports.Look) (words string, ok bool) {
	for _, in := range inputs {
		if columns := usual(in, l); len(columns) > len(s.Columns) && sufficient(in, columns) && (in != exports.Clients || lists(l, columns)) {
			s.Input, s.Columns = in, columns
		}
	}
	if s.Columns == nil {
		return "", false
	}
	_, hasRole := s.Columns["role"]
	roleless := s.Input == exports.SupportHours && !hasRole
	timeless := s.Input == exports.SupportHours && !timed(s.Columns)
	if canonical := !slices.ContainsFunc(sortedKeys(s.Columns), func(c string) bool { return s.Columns[c].Header[0] != c }); canonical && !roleless && !timeless {
		s.Columns = nil
		return "", true
	}
	words = "    columns:\n"
	for _, c := range exports.Columns(s.Input) {
		if m, known := s.Columns[c.Name]; known {
			words += "      " + c.Name + ": " + yamlText(m.Header[0]) + "\n"
		}
	}
	if s.Input == exports.Billing && credits(s.Columns) {
		words += "      kind: {value: credit note}   # by what its columns are called; amounts that are all positive are subtracted\n    occasional: true\n"
	}
	if timeless {
		words += `      hours: "?"   # none of its columns is known for the time worked; leave this out where every activity has standard minutes` + "\n"
	}
	if roleless {
		s.Columns["role"] = exports.Mapping{Value: "support"}
		words += "      " + oneRole + "   " + whyOneRole
	}
	return words, true
}

// lists reports whether a header with ids and names of clients is a list of them: an
// export of payments has these, too, but also amounts, and clients that come again.
func lists(l *exports.Look, columns map[string]exports.Mapping) bool {
	_, amount := usual(exports.Billing, l)["amount"]
	_, hours := usual(exports.SupportHours, l)["hours"]
	if amount || hours {
		return false
	}
	if columns["valid_from"].Header != nil || columns["aliases"].Header != nil { // a client has a row for each
		return true
	}
	id, seen := position(l.Header, columns["client_id"].Header[0]), map[string]bool{}
	for _, r := range l.Rows {
		if id >= len(r) || r[id] == "" {
			continue
		}
		if seen[r[id]] {
			return false
		}
		seen[r[id]] = true
	}
	return true
}

// credits reports whether billing is one of credit notes alone, as far as the names of
// its columns tell.
func credits(columns map[string]exports.Mapping) bool {
	_, kind := columns["kind"]
	return !kind && slices.ContainsFunc([]string{"document", "date"}, func(c string) bool {
		return columns[c].Header != nil && slices.ContainsFunc([]string{"credit note", "creditnote", "gutschrift"}, func(word string) bool {
			return strings.HasPrefix(bare(columns[c].Header[0]), word)
		})
	})
}

// timed reports whether support hours say how long the work took. An activity with
// standard minutes would do, too, but that few companies have.
func timed(columns map[string]exports.Mapping) bool {
	_, hours := columns["hours"]
	_, start := columns["start"]
	_, end := columns["end"]
	return hours || start && end
}

// What is said of support hours that name no role.
const (
	oneRole    = "role: {value: support}"
	whyOneRole = "# one rate for everybody's hours; map a column to tell roles apart\n"
)

// usual maps the columns of a header by what exports of an input usually call them.
func usual(in exports.Input, l *exports.Look) map[string]exports.Mapping {
	plain := make([]string, len(l.Header))
	for i, h := range l.Header {
		plain[i] = unnamed(h)
		if bare, _, found := strings.Cut(plain[i], "("); found && bare != "" { // Duration (hours), Dauer (Std.)
			plain[i] = bare
		}
	}
	columns := map[string]exports.Mapping{}
	taken := map[int]bool{}
	for _, c := range exports.Columns(in) {
		for _, name := range headers(in)[c.Name] {
			if at := position(plain, name); at >= 0 && !taken[at] {
				columns[c.Name], taken[at] = exports.Mapping{Header: []string{l.Header[at]}}, true
				break
			}
		}
	}
	if _, dated := columns["date"]; in == exports.SupportHours && !dated {
		if start, ok := columns["start"]; ok && hasDays(l.Rows, position(l.Header, start.Header[0])) {
			columns["date"] = start
		}
	}
	return columns
}

var timeOfDay = regexp.MustCompile(`\d{1,2}(:\d{2})+([.,]\d+)?`)

// hasDays reports whether the times of a column say on what day.
func hasDays(rows [][]string, column int) bool {
	return slices.ContainsFunc(rows, func(r []string) bool {
		return column < len(r) && strings.ContainsAny(timeOfDay.ReplaceAllString(r[column], ""), "0123456789")
	})
}

// sufficient reports whether all columns that an input needs are mapped.
func sufficient(in exports.Input, columns map[string]exports.Mapping) bool {
	mapped := func(name string) bool { _, ok := columns[name]; return ok }
	for _, c := range exports.Columns(in) {
		instead := slices.ContainsFunc(c.Instead, func(set []string) bool { return !slices.ContainsFunc(set, func(n string) bool { return !mapped(n) }) })
		if c.Required && !mapped(c.Name) && !instead {
			return false
		}
	}
	return true
}
