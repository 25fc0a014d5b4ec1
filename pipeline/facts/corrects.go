package facts

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Credit notes that name the document they correct fall in its months. Which
// documents those are is known only when all rows are read; then the exports are
// read once more for them, rather than keeping every document that might be
// corrected.

// schedule is what a document is recognised with, by month.
type schedule map[period.Month]money.Exact

// scheduler reads the schedules of the documents that are corrected.
type scheduler struct {
	*billing
	want map[string]bool
	got  map[string]schedule
}

// Gather takes one batch.
func (t *scheduler) Gather(batch exports.Batch) error {
	t.open(batch)
	for row := range int(batch.Record.NumRows()) {
		name := strings.TrimSpace(t.cols.documents.at(row))
		if !t.want[name] || t.superseded(batch.File, linesOf(batch)[row]) {
			continue
		}
		if err := t.schedule(batch, row, strings.Clone(name)); err != nil {
			return err
		}
	}
	return nil
}

func (t *scheduler) schedule(batch exports.Batch, row int, name string) error {
	c := &t.cols
	of := t.kinds.at(c.kind.code(row))
	amount, _ := c.amounts.at(row)
	if of.nature == credit || of.nature == nothing || t.states.at(c.status.code(row)) == nothing {
		return nil
	}
	day := c.dates.at(row)
	l, err := t.line(batch, row, c.at(row, day), day, amount, of)
	if err != nil {
		return err
	}
	if l.service == nil {
		l.service = []part{l.whole}
	}
	for _, p := range l.service {
		t.learn(name, p.month, p.amount)
	}
	return nil
}

// learn adds to what a document is recognised with in a month.
func (t *scheduler) learn(document string, m period.Month, amount money.Exact) {
	if t.got[document] == nil {
		t.got[document] = schedule{}
	}
	t.got[document][m] = t.got[document][m].Add(amount)
}

// weights returns the months in which a document is recognised with money, the
// earliest first, and how much: in minor units if all of it is whole minor units,
// else in millionths. What corrects all of a document then leaves nothing of it in
// any month, also where a minor unit is much of what a month has.
func (s schedule) weights(c money.Currency) (months []period.Month, weights []int64, err error) {
	for m, amount := range s {
		if amount.Sign() <= 0 {
			continue
		}
		months = append(months, m)
		if !c.Whole(amount) {
			c.Places = money.Places
		}
	}
	slices.Sort(months)
	for _, m := range months {
		w, err := c.Round(s[m])
		if err != nil {
			return nil, nil, err
		}
		weights = append(weights, int64(w))
	}
	return months, weights, nil
}

// corrects reports whether the export has credit notes that name documents.
func (b *billed) corrects() bool {
	return slices.ContainsFunc(b.parts, func(p *billing) bool { return len(p.corrections) > 0 })
}

// settleCorrections recognises the credit notes of an export that name a document: one
// of its own, else one of the only other export that has it, since credit notes may be an
// export of their own.
func (g *gathering) settleCorrections(ctx context.Context, of *billed, all []*billed) error {
	want := map[string]bool{}
	for _, b := range of.parts {
		for _, c := range b.corrections {
			want[c.corrects] = true
		}
	}
	documents, err := g.schedules(ctx, of, want)
	if err != nil {
		return err
	}
	for name := range documents {
		delete(want, name)
	}
	met := map[string]bool{}
	for _, other := range all {
		if other == of || len(want) == 0 {
			continue
		}
		found, err := g.schedules(ctx, other, want)
		if err != nil {
			return err
		}
		for name, s := range found {
			if documents[name] = s; met[name] {
				documents[name] = nil
			}
			met[name] = true
		}
	}
	for _, b := range of.parts {
		for _, c := range b.corrections {
			if err := b.correct(of.source, c, documents[c.corrects]); err != nil {
				return err
			}
		}
		b.corrections = nil
	}
	return nil
}

// schedules reads an export for what some documents are recognised with.
func (g *gathering) schedules(ctx context.Context, of *billed, want map[string]bool) (map[string]schedule, error) {
	e, err := exports.Open(ctx, of.source)
	if err != nil {
		return nil, err
	}
	g.skip = of.skip
	readers, _, err := inParts(ctx, e, g.crew, func() *scheduler {
		return &scheduler{billing: newBilling(&g.ground, e), want: want, got: map[string]schedule{}}
	})
	if err != nil {
		return nil, err
	}
	documents := readers[0]
	for _, t := range readers[1:] {
		for name, s := range t.got {
			for m, amount := range s {
				documents.learn(name, m, amount)
			}
		}
	}
	return documents.got, nil
}

// correct recognises a credit note in proportion to its document's months; what
// belongs to earlier months than its own falls in its own.
func (b *billing) correct(src exports.Source, c correction, s schedule) error {
	place := finding.Place{File: src.Files[c.file], Line: c.at, Field: "corrects"}
	tooLarge := func(err error) error {
		return &exports.Placed{Place: place, Err: err, Remedy: "amounts above 9,000,000,000,000 need whole minor units"}
	}
	months, weights, err := s.weights(b.Currency)
	if err != nil {
		return tooLarge(err)
	}
	if len(months) == 0 {
		b.findings.Add(finding.Finding{Rule: ruleUnknownDocument, Place: place, Detail: strconv.Quote(c.corrects), Money: c.whole.amount})
	} else {
		parts := make([]part, len(months))
		for i, m := range months {
			parts[i].month = m
		}
		if err := share(b.Currency, c.whole, weights, parts); err != nil {
			return tooLarge(err)
		}
		if parts = notBefore(c.document, parts); len(parts) > 1 || parts[0].month != c.document {
			c.service = parts
		}
	}
	b.settle(c.file, &b.files[c.file], c.line, c.positive)
	return nil
}
