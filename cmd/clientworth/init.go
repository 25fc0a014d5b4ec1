package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"clientworth/pipeline/exports"
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

// read reads the export as a run would, for what else the configuration needs, and
// returns what it is found to be written in. What the export does not decide becomes
// a setting with a question mark.
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
