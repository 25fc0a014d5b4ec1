package workbook

import (
	"clientworth/pipeline/clients"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// Cells of values that may be absent.

func (b *builder) optAmount(v measure.Opt[money.Amount]) xlsx.Cell {
	if !v.Known {
		return b.absent()
	}
	return b.look.amount(v.Value)
}

func (b *builder) optFloat(v measure.Opt[float64], s xlsx.StyleID) xlsx.Cell {
	if !v.Known {
		return b.absent()
	}
	return xlsx.Float(v.Value, s)
}

// text and wrap are cells of what an export says, made harmless; said is one of
// the catalogue's own text.
func (b *builder) text(s string) xlsx.Cell { return xlsx.Text(words.Plain(s), b.look.cell) }
func (b *builder) wrap(s string) xlsx.Cell { return xlsx.Text(words.Plain(s), b.look.cellWrap) }

func (b *builder) said(s string) xlsx.Cell { return xlsx.Text(s, b.look.cellWrap) }

func (b *builder) count(n int64) xlsx.Cell { return xlsx.Int(n, b.look.count) }

// rank is a rank, or nothing for a client that is not ranked.
func (b *builder) rank(n int) xlsx.Cell {
	if n == 0 {
		return b.absent()
	}
	return xlsx.Int(n, b.look.count)
}

// between is a range of ranks in words: 3 to 7.
func (b *builder) between(low, high measure.Opt[int]) xlsx.Cell {
	if !low.Known || !high.Known {
		return b.absent()
	}
	return xlsx.Text(b.say("figure.between", low.Value, high.Value), b.look.absent)
}

func (b *builder) day(d period.Day) xlsx.Cell {
	if d == 0 {
		return b.absent()
	}
	return b.said(b.words.Day(d))
}

// attribute names an attribute of the clients file; those of the design have a
// word in each language.
func (b *builder) attribute(name string) string {
	if name == "segment" {
		return b.say("col.segment")
	}
	return words.Plain(name)
}

func (b *builder) verdictCell(ref clients.Ref) xlsx.Cell {
	j := b.r.Judgement(ref)
	if j == nil {
		return b.absent()
	}
	return xlsx.Text(b.words.Verdict(j.Verdict), b.look.cellWrap)
}

func (b *builder) reasonsCell(ref clients.Ref) xlsx.Cell {
	j := b.r.Judgement(ref)
	if j == nil {
		return b.said("")
	}
	return b.said(b.words.Reasons(j))
}
