package exports

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// A file that was cut at a line end looks like a whole one. Whoever sends it can
// say otherwise that it is whole: by a marker beside it, by a manifest of what it
// holds, or by a total at its end.

// Marker is what the name of a marker adds to that of the file that it is for.
const Marker = ".done"

const remedyWhole = "send the export again"

// unfinished is the error of a file, or of a word about it, that is not there yet.
type unfinished string

func (u unfinished) Error() string        { return string(u) }
func (u unfinished) Is(target error) bool { return target == fs.ErrNotExist }

// marked checks that the marker of a finished file is there, and not of an
// earlier one.
func (f *file) marked() error {
	name := path.Base(f.name) + Marker
	marker, err := os.Stat(f.path + Marker)
	if errors.Is(err, fs.ErrNotExist) {
		return &atLine{err: unfinished("there is no " + name + " beside it: it may still be on its way"), remedy: "wait for it, or set done: false"}
	}
	if err != nil {
		return bare(err)
	}
	if of, err := os.Stat(f.path); err == nil && of.ModTime().After(marker.ModTime()) {
		return &atLine{err: unfinished(name + " is older than the file: it may be of an earlier one"), remedy: "wait for it, or set done: false"}
	}
	return nil
}

// said is what a manifest says of a file; what it does not say is absent.
type said struct {
	line   int64
	rows   measure.Opt[int64]
	total  measure.Opt[money.Exact]
	digest string
}

// manifest reads what a source's manifest says of each file, by its name without
// folders. Of the same name twice the last one counts.
func (src *Source) manifest() (map[string]said, error) {
	wrong := func(line int, err error) error {
		return &Placed{Place: finding.Place{File: src.Manifest, Line: int64(line)}, Err: bare(err),
			Remedy: "a manifest is a CSV file with the columns file and rows, total or sha256"}
	}
	f, err := os.Open(fileName(src.Folder, src.Manifest))
	if err != nil {
		return nil, wrong(0, err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	header, err := r.Read()
	if err != nil {
		return nil, wrong(1, err)
	}
	h := newHeader(header)
	at := map[string]int{}
	for _, name := range []string{"file", "rows", "total", "sha256"} {
		if at[name], err = h.find(name); err != nil {
			return nil, wrong(1, err)
		}
	}
	if at["file"] < 0 || at["rows"]+at["total"]+at["sha256"] == -3 {
		return nil, wrong(1, errors.New("nothing is said of any file"))
	}
	all := map[string]said{}
	for {
		row, err := r.Read()
		if err == io.EOF {
			return all, nil
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			return nil, wrong(line, err)
		}
		field := func(name string) string {
			if at[name] < 0 {
				return ""
			}
			return trimmed(row[at[name]])
		}
		s, err := readSaid(field("rows"), field("total"), field("sha256"))
		if err != nil {
			return nil, wrong(line, err)
		}
		s.line = int64(line)
		all[path.Base(filepath.ToSlash(field("file")))] = s
	}
}

func readSaid(rows, total, digest string) (s said, err error) {
	if rows != "" {
		n, err := strconv.ParseInt(rows, 10, 64)
		if err != nil {
			return s, fmt.Errorf("%s is not a number of rows", quoted(rows))
		}
		s.rows = measure.Some(n)
	}
	if total != "" {
		e, ok := plainDecimal.amount(total)
		if !ok {
			return s, fmt.Errorf("%s is not a total like 1234.50", quoted(total))
		}
		s.total = measure.Some(e)
	}
	s.digest = strings.ToLower(digest)
	return s, nil
}

// whole holds what was read of each file against the manifest.
func (e *Export) whole(tallies []Tally, holds []held) error {
	if e.Source.Manifest == "" {
		return nil
	}
	manifest, err := e.Source.manifest()
	if err != nil {
		return err
	}
	for i, t := range tallies {
		says, ok := manifest[path.Base(t.File)]
		if !ok {
			return &Placed{Place: finding.Place{File: t.File}, Err: unfinished(e.Source.Manifest + " does not name it"), Remedy: "wait for it, or correct manifest:"}
		}
		if err := e.files[i].agrees(says, t, holds[i]); err != nil {
			place := finding.Place{File: e.Source.Manifest, Line: says.line}
			return &Placed{Place: finding.Place{File: t.File}, Err: fmt.Errorf("%w, as %s says", err, place), Remedy: remedyWhole}
		}
	}
	return nil
}

// agrees compares a file with what is said of it. Its total is of amounts, or of
// hours where it has none.
func (f *file) agrees(s said, t Tally, h held) error {
	rows := t.Read - t.Headers - t.Blank - t.Totals
	switch {
	case s.digest != "" && s.digest != t.SHA256:
		return fmt.Errorf("its SHA-256 is %s, not %s", t.SHA256, s.digest)
	case s.rows.Known && s.rows.Value != rows:
		return fmt.Errorf("the number of its rows is %d, not %d", rows, s.rows.Value)
	case !s.total.Known:
		return nil
	}
	has := func(name string) bool {
		return slices.ContainsFunc(f.plans, func(p *plan) bool { return p.Name == name })
	}
	total := h.money
	switch {
	case !has("amount") && !has("hours"):
		return errors.New("it has neither amounts nor hours to be added up")
	case !has("amount"):
		total = money.Millionths(int64(h.hours))
	}
	if total != s.total.Value {
		return fmt.Errorf("its rows add up to %v, not %v", total, s.total.Value)
	}
	return nil
}

// control checks the totals rows of a file and, where the source has one at its
// end, that it is there.
func (r *reading) control(src *Source) error {
	if err := control(r.totals, r.sums); err != nil {
		return err
	}
	if !src.ControlTotal {
		return nil
	}
	all := r.total()
	for _, t := range r.totals {
		if above := t.above.plus(r.before(t.piece)); !t.heads && above.rows == all.rows && above.since(held{}, t.says) {
			return nil
		}
	}
	return &atLine{err: errors.New("no total of all its rows stands at its end: it may be cut off"),
		remedy: remedyWhole + "; where it never has one, set control_total: false"}
}

// before adds up what the pieces before one hold.
func (r *reading) before(piece int) (h held) {
	for n, of := range r.sums {
		if n < piece {
			h = h.plus(of)
		}
	}
	return h
}

func (r *reading) total() held { return r.before(r.pieces) }
