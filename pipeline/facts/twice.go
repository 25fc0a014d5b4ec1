package facts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/period"
)

// The same thing twice. The files of one source may overlap: an entry that stands
// in several counts once, as the latest export has it. First every file is asked
// for the days that it covers; only files whose days overlap are compared, so
// that memory does not grow with exports that follow each other.

// reach is the days that a file covers.
type reach struct{ first, last period.Day }

// overlaps is what is known of a source's files before their rows count.
type overlaps struct {
	source  exports.Source
	reaches []reach
	stamps  []string  // by file: when it was made, where all files say so
	skip    [][]int64 // by file: the lines that stand in a later export too, in order
	found   finding.Log
}

// twice finds the rows of a source that another of its files has too.
func (g *gathering) twice(ctx context.Context, src exports.Source) (*overlaps, error) {
	o := &overlaps{source: src, skip: make([][]int64, len(src.Files))}
	if len(src.Files) < 2 || len(src.Inline) > 0 {
		return o, nil
	}
	if err := g.survey(ctx, o); err != nil {
		return nil, err
	}
	for _, files := range o.groups() {
		rows, err := g.compare(ctx, src, files)
		if err != nil {
			return nil, err
		}
		if err := o.settle(rows); err != nil {
			return nil, err
		}
	}
	for _, lines := range o.skip {
		slices.Sort(lines)
	}
	g.findings.Merge(&o.found)
	return o, nil
}

// surveyor asks the files for the days that they cover.
type surveyor struct {
	export *exports.Export
	reach  []reach
}

func (s *surveyor) Gather(b exports.Batch) error {
	days := daysOf(b, s.export, "date")
	if !s.export.Has("date") {
		days = daysOf(b, s.export, "month")
	}
	r := &s.reach[b.File]
	for row := range int(b.Record.NumRows()) {
		r.see(days.at(row))
	}
	return nil
}

func (r *reach) see(d period.Day) {
	if d == 0 {
		return
	}
	if r.first == 0 || d < r.first {
		r.first = d
	}
	r.last = max(r.last, d)
}

// survey learns the days of each file, and names files that are the same.
func (g *gathering) survey(ctx context.Context, o *overlaps) error {
	e, err := exports.Open(ctx, o.source)
	if err != nil {
		return err
	}
	parts, reading, err := inParts(ctx, e, g.crew, func() *surveyor {
		return &surveyor{export: e, reach: make([]reach, len(o.source.Files))}
	})
	if err != nil {
		return err
	}
	o.reaches = make([]reach, len(o.source.Files))
	for _, p := range parts {
		for i := range o.reaches {
			o.reaches[i].see(p.reach[i].first)
			o.reaches[i].see(p.reach[i].last)
		}
	}
	first := map[string]string{}
	for _, t := range reading.Tallies {
		o.stamps = append(o.stamps, t.Stamp)
	}
	if slices.Contains(o.stamps, "") {
		clear(o.stamps)
	}
	for _, t := range reading.Tallies {
		if same, ok := first[t.SHA256]; ok && t.SHA256 != "" {
			o.found.Add(finding.Finding{Rule: ruleSameFile, Place: finding.Place{File: t.File}, Detail: "the same bytes as " + same})
			continue
		}
		first[t.SHA256] = t.File
	}
	return nil
}

// groups are the files that overlap, directly or through others.
func (o *overlaps) groups() [][]int {
	order := make([]int, len(o.reaches))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(o.reaches[a].first, o.reaches[b].first), cmp.Compare(a, b))
	})
	var groups [][]int
	var group []int
	var last period.Day
	for _, i := range order {
		if o.reaches[i].first == 0 {
			continue
		}
		if o.reaches[i].first > last {
			groups = append(groups, group)
			group = nil
		}
		group = append(group, i)
		last = max(last, o.reaches[i].last)
	}
	groups = append(groups, group)
	return slices.DeleteFunc(groups, func(g []int) bool { return len(g) < 2 })
}

// witness is a row as far as it is compared.
type witness struct {
	key     uint64 // of the entry; of the document where its lines are counted
	nth     uint32 // line of the document, counted from 1; 0 where the key says it all
	keyed   bool
	file    int32
	line    int64
	content uint64
}

// comparer takes the witnesses of one worker.
type comparer struct {
	export *exports.Export
	files  []int // of the source
	contents
	rows []witness
}

func (c *comparer) Gather(b exports.Batch) error {
	content := c.of(b)
	lines := linesOf(b)
	documents, numbers, entries := textsOf(b, c.export, "document"), textsOf(b, c.export, "line"), textsOf(b, c.export, "entry")
	numbered := c.export.Has("line")
	for row := range content {
		w := witness{file: int32(c.files[b.File]), line: lines[row], content: content[row]}
		document, entry := documents.at(row), entries.at(row)
		switch {
		case entry != "":
			w.key, w.keyed = fingerprint(1, entry), true
		case document != "" && numbered:
			w.key, w.keyed = fingerprint(fingerprint(2, document), numbers.at(row)), true
		case document != "":
			w.key, w.keyed, w.nth = fingerprint(3, document), true, 1
		}
		c.rows = append(c.rows, w)
	}
	return nil
}

// compare reads the files that overlap once more.
func (g *gathering) compare(ctx context.Context, src exports.Source, files []int) ([]witness, error) {
	all := src.Files
	src.Files = nil
	for _, i := range files {
		src.Files = append(src.Files, all[i])
	}
	e, err := exports.Open(ctx, src)
	if err != nil {
		return nil, err
	}
	parts, _, err := inParts(ctx, e, g.crew, func() *comparer {
		return &comparer{export: e, files: files, contents: *newContents()}
	})
	if err != nil {
		return nil, err
	}
	var rows []witness
	for _, p := range parts {
		rows = append(rows, p.rows...)
		p.rows = nil
	}
	numberLines(rows)
	return rows, nil
}

// numberLines numbers the lines of documents that have no numbers of their own, by
// their order in the file.
func numberLines(rows []witness) {
	slices.SortFunc(rows, func(a, b witness) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line))
	})
	for i := range rows {
		if i > 0 && rows[i].nth > 0 && rows[i].key == rows[i-1].key && rows[i].file == rows[i-1].file {
			rows[i].nth = rows[i-1].nth + 1
		}
	}
}

// settle decides which rows count. Those of one key are either versions of one
// entry, or, if a file has the key more than once, rows without a key.
func (o *overlaps) settle(rows []witness) error {
	var keyless []witness
	for group := range runs(rows, func(a, b witness) bool { return a.keyed && a.key == b.key }) {
		if !group[0].keyed || weak(group) {
			keyless = append(keyless, group...)
			continue
		}
		if err := o.latest(group); err != nil {
			return err
		}
	}
	slices.SortFunc(keyless, func(a, b witness) int {
		return cmp.Or(cmp.Compare(a.content, b.content), cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line))
	})
	for group := range runs(keyless, func(a, b witness) bool { return a.content == b.content }) {
		o.most(group)
	}
	return nil
}

// runs cuts sorted rows where same ends.
func runs(rows []witness, same func(a, b witness) bool) func(func([]witness) bool) {
	return func(yield func([]witness) bool) {
		for from := 0; from < len(rows); {
			to := from + 1
			for to < len(rows) && same(rows[from], rows[to]) {
				to++
			}
			if !yield(rows[from:to]) {
				return
			}
			from = to
		}
	}
}

// weak reports whether a file has two rows of the key.
func weak(group []witness) bool {
	for i := range group[1:] {
		if group[0].nth == 0 && group[i].file == group[i+1].file {
			return true
		}
	}
	return false
}

// latest keeps the rows of the latest export that has the entry. A document whose
// lines are counted is kept as a whole, since a line that was taken out of it has
// no number to be missed by.
func (o *overlaps) latest(group []witness) error {
	winner := group[0].file
	for _, w := range group {
		if o.later(w.file, winner) {
			winner = w.file
		}
	}
	kept := map[uint32]witness{}
	for _, w := range group {
		if w.file == winner {
			kept[w.nth] = w
		}
	}
	for _, w := range group {
		if w.file == winner {
			continue
		}
		k, there := kept[w.nth]
		if !there || k.content != w.content {
			if !o.later(winner, w.file) {
				return o.undecided(w, group[0], winner)
			}
			o.corrected(w, k, winner)
		}
		o.skip[w.file] = append(o.skip[w.file], w.line)
	}
	return nil
}

// later reports whether a file is the later export.
func (o *overlaps) later(a, b int32) bool { return o.rank(a, b) > 0 }

// rank compares two files by when they say that they were made, else by their
// latest rows, else by their names.
func (o *overlaps) rank(a, b int32) int {
	return cmp.Or(strings.Compare(o.stamps[a], o.stamps[b]), cmp.Compare(o.reaches[a].last, o.reaches[b].last), byName(o.source.Files[a], o.source.Files[b]))
}

func (o *overlaps) place(w witness) finding.Place {
	return finding.Place{File: o.source.Files[w.file], Line: w.line}
}

func (o *overlaps) corrected(old, kept witness, winner int32) {
	detail := "taken out in " + o.source.Files[winner]
	if kept.line != 0 {
		detail = "as in " + o.place(kept).String()
	}
	o.found.Add(finding.Finding{Rule: ruleCorrected, Place: o.place(old), Detail: detail})
}

var errUndecided = errors.New("the same entry differs")

func (o *overlaps) undecided(a, b witness, winner int32) error {
	if b.file == a.file {
		b.file, b.line = winner, 0
	}
	return &exports.Placed{Place: o.place(a), Err: fmt.Errorf("%w from that of %s, and neither file is later", errUndecided, o.place(b)),
		Remedy: "rename the files so that the later export comes last by name, or make them different - path: entries"}
}

// most keeps equal rows without a key as often as the file has them that has them
// most often.
func (o *overlaps) most(group []witness) {
	times := map[int32]int{}
	winner := group[0].file
	for _, w := range group {
		times[w.file]++
	}
	for file, n := range times {
		if n > times[winner] || n == times[winner] && (o.later(file, winner) || !o.later(winner, file) && file > winner) {
			winner = file
		}
	}
	for _, w := range group {
		if w.file != winner {
			o.skip[w.file] = append(o.skip[w.file], w.line)
		}
	}
}
