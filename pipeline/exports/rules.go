package exports

import "clientworth/pipeline/finding"

// What can be wrong with a row or a file.
var (
	BadAmount = &finding.Rule{Name: "bad-amount", Effect: finding.SetAside,
		Sentence: "an amount or quantity cannot be read as a number",
		Remedy:   "correct the cell, or say with decimal: and grouping: how the export writes numbers"}
	BadDate = &finding.Rule{Name: "bad-date", Effect: finding.SetAside,
		Sentence: "a date cannot be read, or there is no such day",
		Remedy:   "correct the cell, or say with date_format: how the export writes dates"}
	BadDuration = &finding.Rule{Name: "bad-duration", Effect: finding.SetAside,
		Sentence: "a duration cannot be read",
		Remedy:   "correct the cell, or say with hours_unit: what a bare number counts"}
	BadValue = &finding.Rule{Name: "bad-value", Effect: finding.SetAside,
		Sentence: "a share, count, yes/no or name cannot be read",
		Remedy:   "correct the cell, or map its words with {column: ..., map: ...}"}
	BadCell = &finding.Rule{Name: "bad-cell", Effect: finding.SetAside,
		Sentence: "a needed cell holds an error, or a formula that was never calculated",
		Remedy:   "open the workbook, let it calculate, correct the cell and save it"}
	HiddenContent = &finding.Rule{Name: "hidden-content", Effect: finding.Note,
		Sentence: "a workbook hides rows, columns or a filter, which are read, or whole sheets, which are not",
		Remedy:   "show them in the spreadsheet and make sure that the export is what it seems to be"}
	MergedCells = &finding.Rule{Name: "merged-cells", Effect: finding.Note,
		Sentence: "cells of several rows are merged: the value stands in the first row, and the others are read as empty",
		Remedy:   "take the cells apart and fill in every row, or name the column in fill:"}
	MissingValue = &finding.Rule{Name: "missing-value", Effect: finding.SetAside,
		Sentence: "a row lacks a value that it needs",
		Remedy:   "fill in the cell in the system that the export comes from"}
	RaggedRow = &finding.Rule{Name: "ragged-row", Effect: finding.SetAside,
		Sentence: "a row has more or fewer fields than the header",
		Remedy:   "export again with text in quotes; where rows rightly end early, set short_rows: true"}
	RoundedValue = &finding.Rule{Name: "rounded-value", Effect: finding.Note,
		Sentence: "a number has more than six decimals and was rounded to six",
		Remedy:   "export amounts with the decimals of their currency"}
	NoLineEnd = &finding.Rule{Name: "no-line-end", Effect: finding.Note,
		Sentence: "the last line has no line end: the file may be cut off",
		Remedy:   "compare the last line with the system that the export comes from"}
	RepeatedHeader = &finding.Rule{Name: "repeated-header", Effect: finding.Note,
		Sentence: "the header stands in the file more than once: several exports were pasted together",
		Remedy:   "make sure that no rows stand in the file twice"}
)

// Rules are all rules of this package.
var Rules = []*finding.Rule{BadAmount, BadDate, BadDuration, BadValue, BadCell, HiddenContent, MergedCells, MissingValue, RaggedRow, RoundedValue, NoLineEnd, RepeatedHeader}
