package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/adrg/strutil"
	"github.com/adrg/strutil/metrics"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// configError is something wrong with the configuration, with its line and what
// to do about it.
type configError struct {
	Place  finding.Place
	Err    error
	Remedy string
}

func (e *configError) Error() string { return e.Place.String() + ": " + e.Err.Error() }
func (e *configError) Unwrap() error { return e.Err }

// document is the text of a configuration. Its nodes keep what was written:
// 60.00 never becomes a float.
type document struct {
	name    string // for messages
	anchors map[string]ast.Node
	lines   map[string]int // of each setting that the configuration has
}

// field is a key with its value.
type field struct {
	key   string
	line  int
	value ast.Node
}

// parse reads the text and returns its top mapping. Syntax errors and keys that
// stand twice are errors here.
func (d *document) parse(text []byte) (ast.Node, error) {
	file, err := parser.ParseBytes(text, 0)
	if known := yaml.Error(nil); errors.As(err, &known) {
		return nil, d.wrong(known.GetToken().Position.Line, remedyOfSyntax(known.GetMessage()), "%s", known.GetMessage())
	}
	if err != nil {
		return nil, d.wrong(0, "", "%v", err)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, d.wrong(1, "", "a configuration is one document with settings")
	}
	return file.Docs[0].Body, nil
}

// remedyOfSyntax says what to do about what the parser found.
func remedyOfSyntax(message string) string {
	switch {
	case strings.Contains(message, "already defined"):
		return "keep one of the two"
	case strings.Contains(message, "'\t'"):
		return "indent with spaces: YAML takes no tabs"
	}
	return "settings of one kind begin in the same column; a text with : or # stands in quotes"
}

func (d *document) wrong(line int, remedy, format string, args ...any) error {
	return &configError{finding.Place{File: d.name, Line: int64(line)}, fmt.Errorf(format, args...), remedy}
}

func lineOf(n ast.Node) int { return n.GetToken().Position.Line }

// plain resolves anchors and aliases.
func (d *document) plain(n ast.Node) (ast.Node, error) {
	switch n := n.(type) {
	case *ast.AnchorNode:
		if d.anchors == nil {
			d.anchors = map[string]ast.Node{}
		}
		d.anchors[n.Name.GetToken().Value] = n.Value
		return n.Value, nil
	case *ast.AliasNode:
		name := n.Value.GetToken().Value
		if of := d.anchors[name]; of != nil {
			return of, nil
		}
		return nil, d.wrong(lineOf(n), "", "*%s stands for nothing above it", name)
	}
	return n, nil
}

// fields returns the keys of a mapping in their order.
func (d *document) fields(n ast.Node, what string) ([]field, error) {
	n, err := d.plain(n)
	if err != nil {
		return nil, err
	}
	m, ok := n.(*ast.MappingNode)
	if !ok {
		return nil, d.wrong(lineOf(n), "", "%s is %s, and should have settings of its own below it", what, written(n))
	}
	fields := make([]field, len(m.Values))
	for i, v := range m.Values {
		if _, merge := v.Key.(*ast.MergeKeyNode); merge {
			return nil, d.wrong(lineOf(v.Key), "write the settings out", "<< is not read here")
		}
		fields[i] = field{v.Key.GetToken().Value, lineOf(v.Key), v.Value}
	}
	return fields, nil
}

// items returns the elements of a list; what is no list is a list of one.
func (d *document) items(n ast.Node) ([]ast.Node, error) {
	n, err := d.plain(n)
	if err != nil {
		return nil, err
	}
	if list, ok := n.(*ast.SequenceNode); ok {
		return list.Values, nil
	}
	return []ast.Node{n}, nil
}

// scalar returns the text of a single value as it was written.
func (d *document) scalar(n ast.Node, what string) (string, error) {
	n, err := d.plain(n)
	if err != nil {
		return "", err
	}
	switch n := n.(type) {
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value), nil
	case *ast.NullNode:
		return "", d.wrong(lineOf(n), "leave the setting out for its default", "%s has no value", what)
	case ast.ScalarNode:
		return n.GetToken().Value, nil
	}
	return "", d.wrong(lineOf(n), "", "%s is %s, and should be a single value", what, written(n))
}

// written names the kind of a node in words.
func written(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode:
		return "a group of settings"
	case *ast.SequenceNode:
		return "a list"
	case *ast.NullNode:
		return "empty"
	}
	return "a single value"
}

// unknown says what there is not, "limits has no setting", and which of the keys
// known may have been meant.
func (d *document) unknown(f field, what string, known []string) error {
	slices.Sort(known)
	remedy, most := "known are "+strings.Join(known, ", "), 0.0
	for _, key := range known {
		if like := strutil.Similarity(f.key, key, metrics.NewLevenshtein()); like >= 0.6 && like > most {
			remedy, most = "did you mean "+key+"?", like
		}
	}
	return d.wrong(f.line, remedy, "%s %q", what, f.key)
}

// choice is a setting with a few words as its values.
type choice struct {
	word  *string
	words []string
}

// assign reads a value into what the setting points at.
func (d *document) assign(f field, target any) error {
	switch t := target.(type) {
	case *[]string:
		return d.texts(f, t)
	case *map[string]measure.Share:
		return d.shares(f, t)
	case *exports.Freshness:
		return d.freshness(f, t)
	}
	text, err := d.scalar(f.value, f.key)
	if err != nil {
		return err
	}
	if err := set(target, text); err != nil {
		return d.wrong(lineOf(f.value), "", "%s: %w", f.key, err)
	}
	return nil
}

// set reads a text into what a setting points at.
func set(target any, text string) (err error) {
	switch t := target.(type) {
	case *string:
		*t = text
	case *bool:
		*t = text == "true" || text == "yes"
		if !*t && text != "false" && text != "no" {
			return fmt.Errorf("%q is neither true nor false", text)
		}
	case *int:
		if *t, err = strconv.Atoi(text); err != nil || *t < 0 {
			return fmt.Errorf("%q is not a whole number from 0 up", text)
		}
	case *uint64:
		if *t, err = strconv.ParseUint(text, 10, 64); err != nil {
			return fmt.Errorf("%q is not a whole number from 0 up", text)
		}
	case *measure.Share:
		*t, err = share(text)
	case *money.Exact:
		*t, err = decimal(text)
	case *measure.Hours:
		e, err := decimal(text)
		if err != nil || e.Sign() <= 0 || e.Cmp(money.Units(1000)) > 0 {
			return fmt.Errorf("%q is no number of hours of a month", text)
		}
		*t = measure.Hours(e.Lo)
	case *money.Currency:
		*t, err = money.CurrencyOf(text)
	case *period.Month:
		*t, err = period.ParseMonth(text)
	case **time.Location:
		if *t, err = time.LoadLocation(text); err != nil || text == "" || text == "Local" {
			return fmt.Errorf("%q is not a time zone like Europe/London", text)
		}
	case choice:
		if !slices.Contains(t.words, text) {
			return fmt.Errorf("%q is none of %s", text, strings.Join(t.words, ", "))
		}
		*t.word = text
	default:
		panic(fmt.Sprintf("no reader for a setting of type %T", target))
	}
	return err
}

// inForce writes the value that a setting points at.
func inForce(target any) string {
	switch t := target.(type) {
	case *string:
		return *t
	case *[]string:
		return strings.Join(*t, ", ")
	case *bool:
		return strconv.FormatBool(*t)
	case *int:
		return strconv.Itoa(*t)
	case *uint64:
		return strconv.FormatUint(*t, 10)
	case *measure.Share:
		return percent(*t)
	case *money.Exact:
		return t.String()
	case *measure.Hours:
		return t.String()
	case *money.Currency:
		return t.Code
	case **time.Location:
		return (*t).String()
	case *map[string]measure.Share:
		var parts []string
		for _, k := range sortedKeys(*t) {
			parts = append(parts, k+": "+percent((*t)[k]))
		}
		return strings.Join(parts, ", ")
	case choice:
		return *t.word
	}
	panic(fmt.Sprintf("no writer for a setting of type %T", target))
}

func percent(s measure.Share) string { return money.Millionths(int64(s)*100).String() + "%" }

func (d *document) shares(f field, target *map[string]measure.Share) error {
	fields, err := d.fields(f.value, f.key)
	if err != nil {
		return err
	}
	*target = map[string]measure.Share{}
	for _, one := range fields {
		var s measure.Share
		if err := d.assign(one, &s); err != nil {
			return err
		}
		(*target)[one.key] = s
	}
	return nil
}

// freshness reads {warn: 7, error: 20}.
func (d *document) freshness(f field, target *exports.Freshness) error {
	fields, err := d.fields(f.value, f.key)
	if err != nil {
		return err
	}
	days := map[string]any{"warn": &target.Warn, "error": &target.Error}
	for _, one := range fields {
		if days[one.key] == nil {
			return d.unknown(one, f.key+" has no setting", sortedKeys(days))
		}
		if err := d.assign(one, days[one.key]); err != nil {
			return err
		}
	}
	if contradicts(*target) {
		return d.wrong(f.line, "", "%s: %s", f.key, noWarning)
	}
	return nil
}

func (d *document) texts(f field, target *[]string) error {
	items, err := d.items(f.value)
	if err != nil {
		return err
	}
	*target = nil
	for _, item := range items {
		text, err := d.scalar(item, f.key)
		if err != nil {
			return err
		}
		*target = append(*target, text)
	}
	return nil
}

// share reads 20% or 0.2.
func share(text string) (measure.Share, error) {
	v, err := signedShare(text)
	if err == nil && v < 0 {
		return 0, fmt.Errorf("%q is no share: write 20%% or 0.2", text)
	}
	return v, err
}

// signedShare reads 8% or -5%: a change may be a fall.
func signedShare(text string) (measure.Share, error) {
	number, percent := strings.CutSuffix(text, "%")
	v, err := decimal(strings.TrimSpace(number))
	if err != nil {
		return 0, fmt.Errorf("%q is not a share like 20%% or 0.2", text)
	}
	if percent {
		if v, err = v.Scale(money.Units(1), money.Units(100)); err != nil {
			return 0, err
		}
	}
	if v.Abs().Cmp(money.Units(10)) > 0 {
		return 0, fmt.Errorf("%q is no share: write 20%% or 0.2", text)
	}
	return measure.Share(v.Lo), nil
}

// decimal reads a plain decimal such as 60.00, with up to six places.
func decimal(text string) (money.Exact, error) {
	wrong := fmt.Errorf("%q is not a plain number like 60.00", text)
	unsigned, negative := strings.CutPrefix(text, "-")
	whole, places, dot := strings.Cut(unsigned, ".")
	digits := whole + places
	if whole == "" || dot && places == "" || strings.Trim(digits, "0123456789") != "" {
		return money.Exact{}, wrong
	}
	if len(places) > money.Places || len(digits) > 18 {
		return money.Exact{}, fmt.Errorf("%q has too many digits: six places and 12 digits before them are read", text)
	}
	v, err := strconv.ParseInt(whole+places+strings.Repeat("0", money.Places-len(places)), 10, 64)
	if err != nil {
		return money.Exact{}, wrong
	}
	if negative {
		v = -v
	}
	return money.Millionths(v), nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
