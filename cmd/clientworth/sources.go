package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/exports/presets"
)

// inputs are the kinds of export that the configuration may name.
var inputs = []exports.Input{
	exports.Billing, exports.SupportHours, exports.Rates, exports.Products, exports.Pools, exports.PoolServices,
	exports.DirectCosts, exports.Drivers, exports.Clients, exports.Activities, exports.Incidents, exports.Actions, exports.FX,
}

// missingError says that a configured input is not there (yet).
type missingError struct{ configError }

// sources reads the entries of one input. An entry with a path is an export; one
// without is a row, given here.
func (c *configuration) sources(d *document, in exports.Input, f field) error {
	entries, err := d.items(f.value)
	if err != nil {
		return err
	}
	var rows []exports.Inline
	for _, entry := range entries {
		fields, err := d.fields(entry, f.key)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(fields, func(f field) bool { return f.key == "path" }) {
			source, err := c.source(d, in, fields)
			if err != nil {
				return err
			}
			c.Sources = append(c.Sources, source)
			continue
		}
		row, err := inline(d, in, fields)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	if rows != nil {
		c.Sources = append(c.Sources, exports.Source{
			Input: in, Label: string(in), Files: []string{d.name}, Folder: c.Folder, Currency: c.Currency.Code, Inline: rows,
		})
	}
	return nil
}

// source reads a "- path:" entry. What it says goes before what its preset says,
// column by column.
func (c *configuration) source(d *document, in exports.Input, fields []field) (exports.Source, error) {
	s := exports.Source{Input: in, Folder: c.Folder, Home: c.Zone, Currency: c.Currency.Code, Workbook: c.Workbook}
	if in == exports.Billing || in == exports.SupportHours {
		s.Freshness = c.Freshness
	}
	if i := slices.IndexFunc(fields, func(f field) bool { return f.key == "preset" }); i >= 0 {
		if err := preset(d, &s, fields[i]); err != nil {
			return s, err
		}
	}
	if err := entry(d, &s, fields); err != nil {
		return s, err
	}
	path := fields[slices.IndexFunc(fields, func(f field) bool { return f.key == "path" })]
	files, err := c.find(s.Label)
	if err != nil {
		remedy := "export it there, or mend the path: it begins at the folder of the configuration"
		if errors.Is(err, fs.ErrPermission) {
			remedy = mayRead
		}
		c.missing = append(c.missing, &missingError{*d.wrong(path.line, remedy, "%s: %w", in, err).(*configError)})
	}
	s.Files = slices.DeleteFunc(files, func(file string) bool { return file == filepath.ToSlash(filepath.Clean(s.Manifest)) })
	return s, nil
}

// preset gives a source what the preset of a name says.
func preset(d *document, s *exports.Source, f field) error {
	name, err := d.scalar(f.value, f.key)
	if err != nil {
		return err
	}
	p, ok := presets.Named(name)
	if !ok {
		var known []string
		for _, p := range presets.All() {
			known = append(known, p.Name)
		}
		return d.unknown(field{key: name, line: f.line}, "there is no preset", known)
	}
	if p.Input != s.Input {
		return d.wrong(f.line, "write it under "+string(p.Input), "preset %s reads %s", name, p.Input)
	}
	fields, own, err := entryOf(p)
	if err != nil {
		return err
	}
	return entry(own, s, fields)
}

// entryOf reads the one entry of a preset.
func entryOf(p presets.Preset) ([]field, *document, error) {
	d := &document{name: "preset " + p.Name}
	top, err := d.parse([]byte(p.Text))
	if err != nil {
		return nil, nil, err
	}
	inputs, err := d.fields(top, d.name)
	if err != nil {
		return nil, nil, err
	}
	entries, err := d.items(inputs[0].value)
	if err != nil {
		return nil, nil, err
	}
	fields, err := d.fields(entries[0], inputs[0].key)
	return fields, d, err
}

// entrySettings lists the settings of a "- path:" entry but columns and except,
// in the order of the documentation.
func entrySettings(s *exports.Source) []setting {
	list := []setting{
		{"path", &s.Label, "the files: one, a glob or a folder"},
		{"preset", &s.Preset, "the tool that writes them, where clientworth presets knows it"},
		{"sheet", &s.Sheet, "sheet of the workbook; empty: the only one that is not hidden"},
		{"encoding", &s.Encoding, "as windows-1252; empty: UTF-8, or what the byte order mark says"},
		{"delimiter", &s.Delimiter, "mark between fields; empty: the one that gives most rows the header's fields"},
		{"quote", &s.Quote, "mark around fields; none: there is none"},
		{"decimal", &s.Decimal, "mark before decimals; empty: as the whole column shows"},
		{"grouping", &s.Grouping, "mark between groups of three digits; indian: 12,34,567"},
		{"date_format", &s.Dates, "as dd.mm.yyyy; empty: as the whole column shows"},
		{"timezone", &s.Zone, "in which its times stand; empty: the company's"},
		{"hours_unit", choice{&s.HoursUnit, []string{"hours", "minutes", "seconds"}}, "what a bare number counts; empty: hours where the column's name says so"},
		{"lifetime", &s.Lifetime, "hours are totals of each ticket since it was opened"},
		{"tax_inclusive", &s.TaxInclusive, "amounts contain the tax of the column tax"},
		{"tax_rate", &s.TaxRate, "without that column: the tax on the net amount that they contain"},
		{"short_rows", &s.ShortRows, "rows may end early: what is missing is empty"},
		{"group", &s.Group, "column that stands in headings above its rows"},
		{"fill", &s.Fill, "columns that continuation rows leave empty"},
		{"totals", &s.Totals, "first words of rows that total others, besides Total and its like"},
		{"footers", &s.Footers, "first words of rows that are no data"},
		{"control_total", &s.ControlTotal, "each file ends with a total of all its rows"},
		{"done", &s.Done, "each file counts once FILE.done stands beside it"},
		{"manifest", &s.Manifest, "CSV file of what each file holds: file, rows, total, sha256"},
	}
	if s.Input == exports.Billing || s.Input == exports.SupportHours {
		list = append(list,
			setting{"until", &s.Until, "the last month that it has"},
			setting{"occasional", &s.Occasional, "rows need not come every month, as credit notes in a file of their own"},
			setting{"every", &s.Every, "months from its rows to the next ones, as 3 for invoices of a quarter; empty: 1"},
			setting{"freshness", &s.Freshness, "warn and error: days from its last row to the period's end"})
	}
	return list
}

// entry reads the settings of a "- path:" entry.
func entry(d *document, s *exports.Source, fields []field) error {
	settings := map[string]any{}
	for _, one := range entrySettings(s) {
		settings[one.key] = one.target
	}
	for _, f := range fields {
		target, known := settings[f.key]
		var err error
		switch {
		case f.key == "columns":
			var mapped map[string]exports.Mapping
			mapped, err = columns(d, s.Input, f)
			if s.Columns == nil {
				s.Columns = map[string]exports.Mapping{}
			}
			maps.Copy(s.Columns, mapped)
		case f.key == "except":
			s.Except, err = vocabulary(d, f)
		case !known:
			err = d.unknown(f, string(s.Input)+" has no setting", append(sortedKeys(settings), "columns", "except"))
		default:
			err = d.assign(f, target)
		}
		if err == nil && f.key == "date_format" && s.Dates != "" {
			if bad := exports.CheckLayout(s.Dates); bad != nil {
				err = d.wrong(f.line, "as dd.mm.yyyy, or leave date_format out: the whole column shows it", "%w", bad)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// find returns the files of a path, which may be a glob or a folder, relative to
// the configuration and sorted. Hidden files and markers are not exports.
func (c *configuration) find(path string) ([]string, error) {
	full := path
	if !filepath.IsAbs(path) {
		full = filepath.Join(c.Folder, path)
	}
	info, err := os.Stat(full)
	switch {
	case err == nil && info.Mode().IsRegular():
		return []string{path}, nil
	case err == nil && !info.IsDir(): // to open a pipe is to wait for who writes to it
		return nil, fmt.Errorf("%s is no file", path)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	found, err := candidates(full, err == nil)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, file := range found {
		info, err := os.Stat(file)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(filepath.Base(file), ".") || strings.HasSuffix(file, exports.Marker) || !info.Mode().IsRegular() {
			continue
		}
		if rel, err := filepath.Rel(c.Folder, file); err == nil && !filepath.IsAbs(path) {
			file = filepath.ToSlash(rel)
		}
		files = append(files, file)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there is no file %s", path)
	}
	slices.Sort(files)
	return files, nil
}

// candidates returns what lies in a folder, or what a glob names. A glob does not
// say that it may not look: its folder does.
func candidates(path string, folder bool) ([]string, error) {
	if folder {
		entries, err := os.ReadDir(path)
		found := make([]string, len(entries))
		for i, e := range entries {
			found[i] = filepath.Join(path, e.Name())
		}
		return found, err
	}
	found, err := filepath.Glob(path)
	if err != nil {
		return nil, fmt.Errorf("%s is not a pattern that names files", filepath.Base(path))
	}
	if _, err := os.ReadDir(filepath.Dir(path)); found == nil && errors.Is(err, fs.ErrPermission) {
		return nil, err
	}
	return found, nil
}

// inline reads a row given in the configuration.
func inline(d *document, in exports.Input, fields []field) (exports.Inline, error) {
	row := exports.Inline{Values: map[string]string{}}
	for _, f := range fields {
		if row.Line == 0 {
			row.Line = int64(f.line)
		}
		if err := canonical(d, in, f); err != nil {
			return row, err
		}
		text, err := d.scalar(f.value, f.key)
		if err != nil {
			return row, err
		}
		row.Values[f.key] = text
	}
	return row, nil
}

// canonical checks that an input has the column. Every further column of the
// clients file is an attribute.
func canonical(d *document, in exports.Input, f field) error {
	var known []string
	for _, c := range exports.Columns(in) {
		known = append(known, c.Name)
	}
	if in == exports.Clients || slices.Contains(known, f.key) {
		return nil
	}
	return d.unknown(f, string(in)+" has no column", known)
}

// columns reads the mapping from canonical columns to those of the export.
func columns(d *document, in exports.Input, f field) (map[string]exports.Mapping, error) {
	fields, err := d.fields(f.value, f.key)
	if err != nil {
		return nil, err
	}
	mapped := map[string]exports.Mapping{}
	for _, f := range fields {
		if err := canonical(d, in, f); err != nil {
			return nil, err
		}
		if mapped[f.key], err = mapping(d, f); err != nil {
			return nil, err
		}
	}
	return mapped, nil
}

// mapping reads where one canonical column comes from: a header's name, a list
// of names of which the first found counts, or a group of settings.
func mapping(d *document, f field) (m exports.Mapping, err error) {
	value, err := d.plain(f.value)
	if err != nil {
		return m, err
	}
	if _, group := value.(*ast.MappingNode); !group {
		return m, d.texts(f, &m.Header)
	}
	fields, err := d.fields(value, f.key)
	if err != nil {
		return m, err
	}
	var factors, terms []string
	settings := map[string]any{
		"column": &m.Header, "value": &m.Value, "multiply": &factors, "subtract": &terms, "join": &m.Join, "first": &m.First,
		"negate": &m.Negate, "exclusive": &m.Exclusive, "optional": &m.Optional,
	}
	origins := 0
	for _, one := range fields {
		target, known := settings[one.key]
		switch {
		case one.key == "map":
			m.Map, err = vocabulary(d, one)
		case !known:
			err = d.unknown(one, f.key+" has no setting", append(sortedKeys(settings), "map"))
		default:
			err = d.assign(one, target)
		}
		if err != nil {
			return m, err
		}
		if slices.Contains(origin, one.key) {
			origins++
		}
	}
	if origins != 1 {
		return m, d.wrong(f.line, "", "%s needs exactly one of %s", f.key, strings.Join(origin, ", "))
	}
	for name, two := range map[string]struct {
		from []string
		to   *[2]string
	}{"multiply": {factors, &m.Multiply}, "subtract": {terms, &m.Subtract}} {
		if two.from != nil && copy(two.to[:], two.from) != 2 || len(two.from) > 2 {
			return m, d.wrong(f.line, "", "%s: %s names two columns", f.key, name)
		}
	}
	return m, nil
}

// origin are the settings that say where a column comes from.
var origin = []string{"column", "value", "multiply", "subtract", "join", "first"}

// vocabulary reads which words of the export mean a canonical word.
func vocabulary(d *document, f field) (map[string][]string, error) {
	fields, err := d.fields(f.value, f.key)
	if err != nil {
		return nil, err
	}
	words := map[string][]string{}
	for _, one := range fields {
		var of []string
		if err := d.texts(one, &of); err != nil {
			return nil, err
		}
		words[one.key] = of
	}
	return words, nil
}
