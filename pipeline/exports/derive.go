package exports

import (
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// column returns the column of a canonical name, or nil.
func (d *decoder) column(name string) *column {
	for _, c := range d.columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// time gives the hours of the times between which was worked, where the row has
// no hours.
func (d *decoder) time() {
	hours, start, end := d.column("hours"), d.column("start"), d.column("end")
	if hours == nil || start == nil || end == nil || hours.valid == nil {
		return
	}
	for row := range hours.rows {
		switch {
		case hours.has(row) || hours.failed(row) || start.failed(row) || end.failed(row):
		case !start.has(row) || !end.has(row):
			hours.null(row)
		default:
			hours.between(row, start.ints[row], end.ints[row])
		}
	}
}

// aDay are the seconds of a day.
const aDay = 24 * 3600

// between sets the hours of a row. Of two times without a day the second may be
// on the next one.
func (c *column) between(row int, start, end int64) {
	worked := end - start
	if worked < 0 && start <= aDay && end <= aDay {
		worked += aDay
	}
	if worked < 0 {
		c.fail(row, BadDuration, "the work ended before it began")
		return
	}
	h, _ := signedHours(worked, false)
	c.set(row)
	c.ints[row] = int64(h)
}

// net takes the tax off amounts that contain it: what the row says it is, or a
// share of the net amount. Without either the row cannot be used.
func (d *decoder) net(rate string) {
	amount, tax := d.column("amount"), d.column("tax")
	share, known := plainDecimal.share(rate)
	for row := range amount.rows {
		switch {
		case !amount.has(row) || tax != nil && tax.failed(row):
		case tax != nil && tax.has(row):
			amount.setExact(row, amount.exact(row).Sub(tax.exact(row)))
		case known:
			net, err := amount.exact(row).Scale(money.Millionths(measure.Million), money.Millionths(measure.Million+share))
			if err != nil {
				amount.fail(row, BadAmount, err.Error())
				continue
			}
			amount.setExact(row, net)
		default:
			tax.fail(row, MissingValue, "tax is empty, and the amount contains it")
		}
	}
}

func (c *column) setExact(row int, e money.Exact) { c.decimals[row] = decimal128.New(e.Hi, e.Lo) }

func (c *column) exact(row int) money.Exact {
	return money.Exact{Hi: c.decimals[row].HighBits(), Lo: c.decimals[row].LowBits()}
}

// held returns what a row of the column holds, nothing unless it is one of money
// or hours.
func (c *column) held(row int) (h held) {
	switch {
	case c.Name == "amount" && c.Kind == Decimal:
		h.money = c.exact(row)
	case c.Name == "hours" && c.Kind == Duration:
		h.hours = measure.Hours(c.ints[row])
	}
	return h
}
