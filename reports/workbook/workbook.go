// Package workbook writes the report that people read. Each sheet has a file of
// its own that turns values of the result into cells, formulas and charts. The
// package computes nothing that the result does not say: a formula only shows
// how its cached value came about.
package workbook

import (
	"cmp"
	"fmt"
	"io"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/finding"
	"clientworth/reports/tables"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// Options say how a workbook is written.
type Options struct {
	Words    *words.Words
	Paper    xlsx.Paper
	File     string // the workbook's own name, for its footer
	Contact  string // whom readers may ask
	Rows     int    // clients of a sheet at most; 0 is as many as a sheet holds
	Run      tables.Run
	Dossiers int // clients with a page of their own
	Findings *finding.Log
	Values   bool // the findings show values of cells
}

// mostClients leaves room for what stands around a table.
const mostClients = xlsx.MaxRows - 100

// Write writes the workbook of a result.
func Write(w io.Writer, r *pipeline.Result, o Options) error {
	b := newBuilder(r, o)
	dossiers := b.dossiers() // first, because the summary leads to its pages
	for _, s := range []*xlsx.Sheet{
		b.summary(), b.parents(), b.ranking(), b.clients(), b.breakdown(), b.months(), b.whatIf(), dossiers,
		b.ownErrors(), b.left(), b.ideal(), b.capacity(), b.restatement(), b.whale(),
		b.findings(), b.checks(), b.method(),
	} {
		if s != nil {
			b.book.Add(s)
		}
	}
	if err := b.book.Write(w); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	return nil
}

// builder is a workbook being made: what the sheets share.
type builder struct {
	r       *pipeline.Result
	words   *words.Words
	options Options
	book    *xlsx.Book
	look    look

	order    []clients.Ref       // of the ranking, as many as a sheet holds
	ranked   []clients.Ref       // of them those that have not left
	standing []standing          // by row of the ranking
	pages    map[clients.Ref]int // row of the dossier
	grids    map[words.Key]*grid // the data sheets made so far
	own      []ownCheck          // of the sheets with each other
	before   before

	amountWidth, sumWidth float64 // that show any client's amounts, and any sum of them
}

func newBuilder(r *pipeline.Result, o Options) *builder {
	b := &builder{r: r, words: o.Words, options: o, pages: map[clients.Ref]int{}, grids: map[words.Key]*grid{}}
	b.book = xlsx.New(xlsx.Properties{
		Title:       b.title("summary.name"),
		Creator:     "clientworth",
		Company:     words.Plain(r.Company),
		Created:     r.AsOf.String() + "T00:00:00Z",
		Language:    string(o.Words.Language),
		RightToLeft: o.Words.RightToLeft(),
		Paper:       o.Paper,
		Footer:      b.say("footer", o.File, o.Run.ID, b.say("file.confidential")),
		Custom:      []xlsx.Property{{Name: "Run", Value: o.Run.ID}, {Name: "ConfigurationSHA256", Value: o.Run.ConfigurationSHA256}},
	})
	b.look = newLook(b.book, r.Facts.Currency)
	b.order = r.Worth.Order[:min(len(r.Worth.Order), cmp.Or(o.Rows, mostClients))]
	for _, ref := range b.order {
		if j := r.Judgement(ref); j == nil || j.Verdict.Ranked() {
			b.ranked = append(b.ranked, ref)
		}
	}
	largest, sum := b.widest()
	b.amountWidth, b.sumWidth = b.widthOf(largest), b.widthOf(sum)
	b.standing = b.standings()
	b.recall()
	b.own = b.ownChecks()
	return b
}

// gone are the clients that are not ranked: they have left or show no activity.
func (b *builder) gone() []clients.Ref {
	var refs []clients.Ref
	for _, ref := range b.order {
		if j := b.r.Judgement(ref); j != nil && !j.Verdict.Ranked() {
			refs = append(refs, ref)
		}
	}
	return refs
}

func (b *builder) say(k words.Key, figures ...any) string { return b.words.Say(k, figures...) }

// title is the first line of a sheet: what, who, in which unit, when.
func (b *builder) title(sheet words.Key) string {
	company, code, window := words.Plain(b.r.Company), b.r.Facts.Currency.Code, b.words.Months(b.r.Facts.Window)
	if company == "" {
		return b.say("title no company", b.say(sheet), code, window)
	}
	return b.say("title", b.say(sheet), company, code, window)
}

// name is a client's name as it may be shown.
func (b *builder) name(ref clients.Ref) string {
	c := &b.r.Facts.Clients[ref]
	if name := words.Plain(c.Name); name != "" {
		return name
	}
	return words.Plain(string(c.ID))
}
