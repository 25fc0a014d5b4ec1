package verdict

import (
	"cmp"
	"slices"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/worth"
)

// longestExit is how many months an exit shows at most.
const longestExit = 36

// Leave works out what it would do to profit if a client left: month by month,
// what stays, and whom it would push below target.
func Leave(f *facts.Facts, p *worth.Portfolio, ref clients.Ref) Exit {
	first, _ := slices.BinarySearchFunc(f.Owed, ref, func(o facts.Owed, r clients.Ref) int { return cmp.Compare(o.Client, r) })
	owed, _ := of(ref, f.Owed[first:], func(o facts.Owed) clients.Ref { return o.Client })
	x := exitOf(f, &p.Clients[ref], contractOf(&f.Clients[ref], f.Window.Last), owed)
	x.Pushed = bearersOf(p.Clients).pushed(ref, x.StrandedParts)
	return x
}

// exitOf follows the client from the month after the period until nothing of it
// is left. Until the contract lets go, all goes on as in an average month; then
// what is prepaid is still given; then only stranded cost remains.
func exitOf(f *facts.Facts, w *worth.Client, k Contract, owed []facts.Owed) Exit {
	x := Exit{StrandedParts: worth.Parts{
		Labour: w.Labour - w.AvoidableParts.Labour,
		Direct: w.Direct - w.AvoidableParts.Direct,
		Pools:  w.Pools - w.AvoidableParts.Pools,
	}}
	n := money.Amount(w.MonthsObserved)
	if n == 0 {
		return x
	}
	x.Stranded = each(w.Cost-w.Avoidable, n)
	if a, m := w.AvoidableMargin, w.Target; a > 0 && m > 0 {
		x.Replacement = scale(a, measure.Million, int64(m)*int64(n))
	}
	served := f.Window.Last
	if k.Earliest != 0 {
		served = (k.Earliest - 1).Month()
	}
	last := served
	if len(owed) > 0 {
		last = max(last, owed[len(owed)-1].Month)
	}
	last = min(last+1, f.Window.Last+longestExit)
	month := average{revenue: each(w.Revenue, n), cost: each(w.Cost, n), stranded: x.Stranded}
	for m := f.Window.Last + 1; m <= last; m++ {
		var prepaid money.Amount
		if len(owed) > 0 && owed[0].Month == m {
			// A sum that fitted the window's arithmetic fits here.
			prepaid, _ = f.Currency.Round(owed[0].Amount)
			owed = owed[1:]
		}
		x.Months = append(x.Months, month.at(m, m <= served, prepaid))
	}
	return x
}

// average is an average month of the window, and the part of its cost that would
// stay.
type average struct{ revenue, cost, stranded money.Amount }

// at is a month of the exit. Service that is only prepaid causes its share of the
// cost; the avoidable part of the rest ends.
func (a average) at(m period.Month, served bool, prepaid money.Amount) ExitMonth {
	x := ExitMonth{Month: m, Revenue: a.revenue, Prepaid: prepaid, Cost: a.cost}
	if served {
		return x
	}
	given, whole := max(prepaid, 0), a.revenue
	if given > 0 && given >= whole {
		given, whole = 1, 1
	}
	x.Revenue, x.Cost, x.Stranded = prepaid, 0, a.stranded
	if given > 0 {
		x.Cost = scale(a.cost, int64(given), int64(whole)).Value
		x.Stranded -= scale(a.stranded, int64(given), int64(whole)).Value
	}
	x.Change = x.Revenue - x.Cost - x.Stranded - (a.revenue - a.cost)
	return x
}

// each is the part of a month, rounded half away from zero.
func each(a, months money.Amount) money.Amount { return scale(a, 1, int64(months)).Value }

// scale returns a * num / den, rounded half away from zero; absent where it is
// too large to be held, which no part of an amount is.
func scale(a money.Amount, num, den int64) measure.Opt[money.Amount] {
	e, err := money.Millionths(int64(a)).Scale(money.Millionths(num), money.Millionths(den))
	v, fits := e.Int64()
	if err != nil || !fits {
		return measure.Opt[money.Amount]{}
	}
	return measure.Some(money.Amount(v))
}
