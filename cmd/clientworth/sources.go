package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"clientworth/pipeline/exports"
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
			Input: in, Label: string(in), Files: []string{d.name}, Folder: c.Folder, Inline: rows,
		})
	}
	return nil
}

// source reads a "- path:" entry.
func (c *configuration) source(d *document, in exports.Input, fields []field) (exports.Source, error) {
	s := exports.Source{Input: in, Folder: c.Folder, Home: c.Zone}
	settings := map[string]any{
		"path": &s.Label, "preset": &s.Preset, "sheet": &s.Sheet,
		"encoding": &s.Encoding, "delimiter": &s.Delimiter, "quote": &s.Quote,
		"decimal": &s.Decimal, "grouping": &s.Grouping, "date_format": &s.Dates, "timezone": &s.Zone,
		"hours_unit": choice{&s.HoursUnit, []string{"hours", "minutes", "seconds"}},
		"short_rows": &s.ShortRows, "tax_inclusive": &s.TaxInclusive, "lifetime": &s.Lifetime,
		"group": &s.Group, "fill": &s.Fill, "totals": &s.Totals, "footers": &s.Footers,
	}
	for _, f := range fields {
		target, known := settings[f.key]
		var err error
		switch {
		case f.key == "columns":
			s.Columns, err = columns(d, in, f)
		case !known:
			err = d.unknown(f, string(in)+" has no setting", append(sortedKeys(settings), "columns"))
		default:
			err = d.assign(f, target)
		}
		if err != nil {
			return s, err
		}
	}
	path := fields[slices.IndexFunc(fields, func(f field) bool { return f.key == "path" })]
	files, err := c.find(s.Label)
	if err != nil {
		return s, &missingError{*d.wrong(path.line, "", "%s: %w", in, err).(*configError)}
	}
	s.Files = files
	return s, nil
}

// find returns the files of a path, which may be a glob or a folder, relative to
// the configuration and sorted. Hidden files are not exports.
func (c *configuration) find(path string) ([]string, error) {
	full := path
	if !filepath.IsAbs(path) {
		full = filepath.Join(c.Folder, path)
	}
	if info, err := os.Stat(full); err == nil && info.IsDir() {
		full = filepath.Join(full, "*")
	} else if err == nil {
		return []string{path}, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	found, err := filepath.Glob(full)
	if err != nil {
		return nil, fmt.Errorf("%s is not a pattern that names files", path)
	}
	var files []string
	for _, file := range found {
		info, err := os.Stat(file)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(filepath.Base(file), ".") || !info.Mode().IsRegular() {
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
	var factors []string
	settings := map[string]any{
		"column": &m.Header, "value": &m.Value, "multiply": &factors, "join": &m.Join,
		"negate": &m.Negate, "optional": &m.Optional,
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
		if slices.Contains([]string{"column", "value", "multiply", "join"}, one.key) {
			origins++
		}
	}
	if origins != 1 {
		return m, d.wrong(f.line, "", "%s needs exactly one of column, value, multiply and join", f.key)
	}
	if factors != nil && copy(m.Multiply[:], factors) != 2 || len(factors) > 2 {
		return m, d.wrong(f.line, "", "%s: multiply names two columns", f.key)
	}
	return m, nil
}

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
