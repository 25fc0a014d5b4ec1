package xlsx

import (
	"errors"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Paper is the size that sheets are printed on.
type Paper uint8

const (
	A4 Paper = iota
	Letter
)

func (p Paper) size() int {
	if p == Letter {
		return 1
	}
	return 9
}

// Properties describe a workbook.
type Properties struct {
	Title       string
	Creator     string
	Company     string
	Created     string // 2026-11-01T00:00:00Z
	Language    string // BCP 47
	RightToLeft bool
	Paper       Paper
	Footer      string // in the codes of a spreadsheet: &L, &C, &R, &P, &N, &A
	Custom      []Property
}

// Property is a custom property of a workbook.
type Property struct{ Name, Value string }

// Book is a workbook being made. Its methods keep the first error, which
// [Book.Write] returns.
type Book struct {
	file       *excelize.File
	properties Properties
	styles     map[Style]StyleID
	sheets     []*Sheet
	err        error
}

// New returns a workbook without sheets.
func New(p Properties) *Book {
	b := &Book{file: excelize.NewFile(), properties: p, styles: map[Style]StyleID{}}
	b.fail(b.file.SetDefaultFont(Font))
	b.fail(b.file.SetDocProps(&excelize.DocProperties{
		Title: p.Title, Creator: p.Creator, LastModifiedBy: p.Creator,
		Created: p.Created, Modified: p.Created, Language: p.Language,
	}))
	// Not "Microsoft Excel": LibreOffice would believe cached texts of such a file.
	b.fail(b.file.SetAppProps(&excelize.AppProperties{Application: p.Creator, Company: p.Company}))
	for _, c := range p.Custom {
		b.fail(b.file.SetCustomProps(excelize.CustomProperty{Name: c.Name, Value: c.Value}))
	}
	return b
}

// Name defines a name for a cell, for use in formulas.
func (b *Book) Name(name, target string) {
	b.fail(b.file.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: target}))
}

// Write writes the workbook, generating the rows as it goes.
func (b *Book) Write(w io.Writer) error {
	if b.err != nil {
		return b.err
	}
	parts, err := capture(b.file)
	if err != nil {
		return err
	}
	for name := range parts {
		if strings.HasPrefix(name, "xl/charts/chart") {
			parts[name] = b.cached(parts[name])
		}
	}
	if b.err != nil {
		return b.err
	}
	return parts.archive(w, b.sheets)
}

func (b *Book) fail(err error) { b.err = errors.Join(b.err, err) }
