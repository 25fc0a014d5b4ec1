package exports

import (
	"slices"

	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"clientworth/pipeline/finding"
)

// worker reads pieces and gives their rows to its gatherer.
type worker struct {
	*scan
	gatherer Gatherer
	log      *finding.Log

	of      *reading // the file of the decoder
	decoder *decoder
	split   splitter
	rows    rows
	group   rowGroup
	piece   piece
	tally   Tally // of rows of that file
}

func (w *worker) run() {
	for {
		r, ok := w.take(&w.piece)
		if !ok {
			w.settleTally()
			return
		}
		w.work(r)
	}
}

// work does the piece that was taken of a file.
func (w *worker) work(r *reading) {
	if w.of != r {
		w.settleTally()
		w.decoder = newDecoder(r.plans, w.decoder)
		w.of, w.split.dialect = r, r.dialect
	}
	err := w.read(r)
	w.leave(r, err != nil || w.piece.last)
}

// read decodes a piece and gives its rows to the gatherer, some at a time.
func (w *worker) read(r *reading) error {
	for {
		if err := w.decode(r); err != nil {
			w.fail(r.file, err)
			return err
		}
		if err := w.gather(r); err != nil {
			w.stop(err)
			return err
		}
		p := &w.piece
		if !p.more { // a piece is read to its end: of several errors the first by line is said, whoever is first
			return nil
		}
		p.counted, p.aside, p.totals = Tally{}, p.aside[:0], p.totals[:0]
	}
}

// decode decodes a piece and accounts for its rows.
func (w *worker) decode(r *reading) (err error) {
	defer recovered(&err)
	if err := r.supply.decode(w, &w.piece); err != nil {
		return err
	}
	w.decoder.time()
	return w.account(r)
}

// account counts what the piece has besides usable rows, and takes the rows that
// cannot be used out of the batch.
func (w *worker) account(r *reading) error {
	p, d := &w.piece, w.decoder
	for _, f := range p.aside {
		w.found(f)
	}
	w.mu.Lock()
	before := r.sums[p.number]
	w.mu.Unlock()
	for i := range p.totals {
		p.totals[i].above = before.plus(d.sum(p.totals[i].line)).plus(asideBefore(p.aside, p.totals[i].line))
	}
	w.mu.Lock()
	r.sums[p.number] = before.plus(d.sum(0)).plus(asideBefore(p.aside, 0))
	r.totals = append(r.totals, p.totals...)
	w.mu.Unlock()
	w.tally.Add(p.counted)
	if err := d.contradiction(&w.export.Source); err != nil {
		return err
	}
	if w.export.Source.TaxInclusive {
		d.net(w.export.Source.TaxRate)
	}

	for _, n := range d.notes() {
		w.found(r.finding(d, n))
	}
	bad := d.bad()
	for _, b := range bad {
		d.gone = append(d.gone, b.row)
		if err := b.column.contradicts(b.text); err != nil {
			return &atLine{line: d.lines[b.row], field: b.column.Name, err: err}
		}
		w.found(r.finding(d, b))
	}
	d.drop()
	return nil
}

// finding makes a finding of a problem.
func (r *reading) finding(d *decoder, p problem) finding.Finding {
	f := finding.Finding{Rule: p.rule, Detail: p.detail, Place: r.place(d.lines[p.row], p.column.plan)}
	for _, c := range d.columns {
		if c.has(p.row) {
			h := c.held(p.row)
			f.Money, f.Hours = f.Money.Add(h.money), f.Hours+h.hours
		}
	}
	return f
}

func (f *file) place(line int64, p *plan) finding.Place {
	at := finding.Place{File: f.name, Sheet: f.sheet, Line: line, Field: p.Name}
	if len(p.fields) > 0 && p.fields[0] < len(f.header.names) {
		at.Column = p.fields[0] + 1
	}
	return at
}

// found logs a finding, and counts the row that it sets aside.
func (w *worker) found(f finding.Finding) {
	w.log.Add(f)
	if f.Rule.Effect == finding.SetAside {
		w.tally.SetAside++
		w.tally.SetAsideMoney = w.tally.SetAsideMoney.Add(f.Money.Abs())
		w.tally.SetAsideHours += max(f.Hours, -f.Hours)
	}
}

// note adds a finding that sets nothing aside.
func (p *piece) note(f *file, rule *finding.Rule, line int64) {
	p.aside = append(p.aside, finding.Finding{Rule: rule, Place: finding.Place{File: f.name, Sheet: f.sheet, Line: line}})
}

// asideBefore adds up what the findings hold that stand before a line, or all
// where it is 0.
func asideBefore(found []finding.Finding, line int64) (h held) {
	for _, f := range found {
		if line == 0 || f.Place.Line < line {
			h = h.plus(held{money: f.Money, hours: f.Hours})
		}
	}
	return h
}

// settleTally adds what the worker counted to the tally of its file.
func (w *worker) settleTally() {
	if w.of == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tallies[w.of.number].Add(w.tally)
	w.tally = Tally{}
}

// notes returns what is to be said of the batch's values.
func (d *decoder) notes() (all []problem) {
	for _, c := range d.columns {
		all = append(all, c.notes...)
	}
	return all
}

// noData takes back that a row could not be read: it is no data, and goes.
func (d *decoder) noData(row int) {
	for _, c := range d.columns {
		c.bad = slices.DeleteFunc(c.bad, func(p problem) bool { return p.row == row })
		c.notes = slices.DeleteFunc(c.notes, func(p problem) bool { return p.row == row })
		switch c.Kind {
		case Decimal:
			c.decimals[row] = decimal128.Num{}
		case Duration:
			c.ints[row] = 0
		}
	}
	d.gone = append(d.gone, row)
}

// gather gives the gatherer what is left of the piece.
func (w *worker) gather(r *reading) error {
	if len(w.decoder.lines) == 0 {
		return nil
	}
	record := w.decoder.record(w.export.Schema)
	defer record.Release()
	return w.gatherer.Gather(Batch{File: r.number, Edition: w.decoder.edition, Record: record, Prints: w.decoder.prints, export: w.export})
}
