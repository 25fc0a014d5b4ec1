package main

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/exports/presets"
	"clientworth/pipeline/finding"
)

func (p *program) initCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "init FILE...",
		Short: "look at exports and write a configuration for them",
		Args:  cobra.MinimumNArgs(1),
		RunE:  p.does(func(ctx context.Context, args []string) error { return p.init(ctx, out, args) }),
	}
	cmd.Flags().StringVar(&out, "config", "clientworth.yaml", "the configuration to write")
	return cmd
}

// init writes a configuration with what can be told from the exports. What
// cannot stands there as a question mark, which run and check refuse by its line.
func (p *program) init(ctx context.Context, out string, paths []string) error {
	if _, err := os.Stat(out); !errors.Is(err, fs.ErrNotExist) {
		return &usageError{fmt.Errorf("%s is there already", out), "name another with --config, or move it away"}
	}
	folder, err := filepath.Abs(filepath.Dir(out))
	if err != nil {
		return err
	}
	d := &draft{folder: folder, entries: map[exports.Input][]string{}}
	for _, path := range paths {
		parts := d.apart(path)
		for _, part := range parts {
			err := d.look(ctx, part)
			if err != nil && len(parts) == 1 {
				return err
			}
			if err != nil { // of a folder with much else in it
				d.said = append(d.said, err.Error())
			}
		}
	}
	if err := os.WriteFile(out, []byte(d.text()), 0o640); err != nil {
		return err
	}
	p.say("wrote %s", out)
	for _, s := range d.said {
		p.say("  %s", s)
	}
	p.say("fill in what has a question mark, then: clientworth check --config %s", out)
	return nil
}

// draft is a configuration in the making.
type draft struct {
	folder  string
	entries map[exports.Input][]string // the text of each entry
	roles   []string                   // of the support hours
	money   currencies
	said    []string
}

// look adds an entry for a file, a folder or a glob; the first file stands for
// the others.
func (d *draft) look(ctx context.Context, path string) error {
	shown := path
	if full, err := filepath.Abs(path); err == nil {
		if rel, err := filepath.Rel(d.folder, full); err == nil && (filepath.IsLocal(rel) || !filepath.IsAbs(path)) {
			shown = filepath.ToSlash(rel)
		}
	}
	files, err := (&configuration{Folder: d.folder}).find(shown)
	if err != nil {
		return &missingError{configError{Place: finding.Place{File: path}, Err: err}}
	}
	all, err := d.recognise(exports.Source{Folder: d.folder, Files: files, Label: shown})
	if err != nil {
		return &unfitError{err}
	}
	for _, e := range all {
		d.add(ctx, shown, e)
	}
	return nil
}

// add adds an entry for an export that was looked at, or says that it is not known.
func (d *draft) add(ctx context.Context, shown string, e recognition) {
	source, l, words := e.source, e.look, e.words
	d.money.headed(source.Input, l)
	if words == nil {
		d.said = append(d.said, shown+": not recognised; "+unknown(l.Header))
		return
	}
	d.money.signed(&source, l)
	kind := string(source.Input)
	if source.Preset != "" {
		kind += ", preset " + source.Preset
	}
	settings, described := d.read(ctx, source)
	d.said = append(d.said, fmt.Sprintf("%s: %s (%s)", shown, kind, cmp.Or(described, l.Described)))
	entry := "  - path: " + yamlText(shown) + "\n"
	if source.Sheet != "" {
		entry += "    sheet: " + yamlText(source.Sheet) + "\n"
	}
	if source.Encoding != "" {
		entry += "    encoding: " + source.Encoding + "\n"
	}
	text := entry + *words + settings
	if source.Preset == "stripe-payments" && position(l.Header, "Refunded date (UTC)") >= 0 {
		text += "    columns: {amount: Amount}   # before refunds, which the next entry has in their own months\n" +
			entry + "    preset: stripe-refunds\n"
	}
	d.entries[source.Input] = append(d.entries[source.Input], text)
}

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

// read reads the export as a run would, for what else the configuration needs, and
// returns what it is found to be written in.
// What the export does not decide becomes a setting with a question mark.
func (d *draft) read(ctx context.Context, s exports.Source) (settings, described string) {
	open := func(err error) string {
		var placed *exports.Placed
		if !errors.As(err, &placed) {
			return "    # " + err.Error() + "\n"
		}
		for _, setting := range []string{"date_format", "decimal", "delimiter", "encoding", "hours_unit"} {
			if strings.Contains(placed.Remedy, setting+":") {
				return fmt.Sprintf("    %s: \"?\"   # %s%s\n", setting, oneLine(placed.Err.Error()), answers[setting])
			}
		}
		return "    # " + oneLine(placed.Error()+": "+placed.Remedy) + "\n"
	}
	e, err := exports.Open(ctx, s)
	if err != nil {
		return open(err), ""
	}
	words := wordings{}
	reading, err := e.Each(ctx, func(r exports.Row) error {
		if role := r.Text("role"); s.Input == exports.SupportHours && role != "" && !slices.Contains(d.roles, role) {
			d.roles = append(d.roles, strings.Clone(role))
		}
		d.money.row(s.Input, s.Label, r.Text("currency"))
		words.row(&s, r)
		return nil
	})
	if err != nil {
		return open(err), ""
	}
	return words.text(&s), reading.Tallies[0].Dialect
}

// answers are what may be written for a question mark.
var answers = map[string]string{
	"date_format": "; write dd/mm/yyyy or mm/dd/yyyy, with the marks of the export", "decimal": `; write "." or ","`, "hours_unit": "; write hours, minutes or seconds",
	"encoding": "; write " + strings.Join(encodings, ", ") + " or what else it is",
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// text writes the configuration.
func (d *draft) text() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Written by clientworth init. What has a question mark must be filled in.")
	line("# clientworth settings lists what else can be said here, and clientworth check")
	line("# what is still missing.")
	line("# company: Example Ltd")
	line("%s", d.money.line())
	line("timezone: UTC                 # the company's, such as Europe/Berlin: it decides the month")
	line("target_margin: 20%%            # of revenue")
	line("window_months: 12")
	for _, in := range inputs {
		if entries := d.entries[in]; entries != nil {
			line("\n%s:\n%s", in, strings.TrimRight(strings.Join(entries, ""), "\n"))
		}
	}
	for _, in := range []exports.Input{exports.Billing, exports.SupportHours} {
		if d.entries[in] == nil {
			line("\n%s:\n  - path: \"?\"                 # none of the files was recognised as %s; clientworth presets lists the known tools", in, in)
		}
	}
	if d.entries[exports.Rates] == nil {
		line("\nrates:                        # what an hour costs the company, salary and overheads of work")
		for _, role := range roles(d.roles) {
			line("  - {role: %s, hourly_cost: \"?\"}", yamlText(role))
		}
	}
	return b.String()
}

// roles are those of the support hours, or the one that stands for all.
func roles(found []string) []string {
	if found == nil {
		return []string{"support"}
	}
	slices.Sort(found)
	return found
}

// yamlText writes a text so that YAML reads it as that text.
func yamlText(s string) string {
	plain := func(r rune) bool { return unicode.IsLetter(r) || strings.ContainsRune("_./ -", r) }
	word := strings.ToLower(s)
	if s != "" && strings.TrimFunc(s, plain) == "" && s == strings.TrimSpace(s) && unicode.IsLetter([]rune(s)[0]) &&
		!slices.Contains([]string{"yes", "no", "true", "false", "null", "on", "off", "y", "n"}, word) {
		return s
	}
	return strconv.Quote(s)
}
