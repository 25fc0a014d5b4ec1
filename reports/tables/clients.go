package tables

import (
	"cmp"
	"iter"
	"math"

	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/worth"
	"clientworth/reports/words"
)

// ClientColumns is the columns of the clients table in the report's currency.
func ClientColumns(c money.Currency) []Column {
	amount := func(name string) Column {
		return Column{Name: name, Kind: Decimal, Places: int32(c.Places), Unlike: true}
	}
	share := func(name string) Column { return Column{Name: name, Kind: Decimal, Places: 6, Unlike: true} }
	text := func(name string) Column { return Column{Name: name} }
	count := func(name string) Column { return Column{Name: name, Kind: Whole} }
	return []Column{
		text("period"), text("currency"), count("rank"), text("client_id"), text("client"), text("parent"), text("segment"), text("verdict"),
		amount("revenue"), amount("recurring_revenue"),
		amount("cost_to_serve"), amount("labour_cost"), amount("pool_cost"), amount("direct_cost"), amount("own_error_cost"),
		amount("margin"), share("margin_pct"), amount("fair_price"), amount("gap"), amount("shortfall"), amount("gap_low"), amount("gap_high"),
		share("p_underpaying"), count("rank_low"), count("rank_high"),
		share("stability"), count("months_underpaying"), count("months_observed"), amount("margin_trend"), share("trend_p"),
		Column{Name: "hours", Kind: Fraction, Places: money.Places, Unlike: true}, count("tickets"), amount("value_received"), amount("value_gap"),
		amount("avoidable_margin"), share("uplift_pct"), share("breakeven_loss_p"), text("reasons"),
	}
}

// Clients is a row for each client in the order of the ranking, and Unmapped at
// the end.
func Clients(r *pipeline.Result, w *words.Words) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, ref := range r.Worth.Order {
			if !yield(clientRow(r, w, ref)) {
				return
			}
		}
		yield(unmappedRow(r))
	}
}

func clientRow(r *pipeline.Result, w *words.Words, ref clients.Ref) Row {
	who, c := &r.Facts.Clients[ref], &r.Worth.Clients[ref]
	verdict, reasons := "", ""
	if j := r.Judgement(ref); j != nil {
		verdict, reasons = j.Verdict.String(), w.Reasons(j)
	}
	rank := Value{}
	if c.Rank > 0 {
		rank = whole(c.Rank)
	}
	priced := pricedOf(c)
	return Row{
		word(r.Period.String()), word(r.Facts.Currency.Code), rank,
		word(string(who.ID)), word(cmp.Or(who.Name, string(who.ID))), word(string(who.Parent)), word(who.Segment), word(verdict),
		whole(c.Revenue), whole(c.Recurring),
		whole(c.Cost), whole(c.Labour), whole(c.Pools), whole(c.Direct), whole(c.OwnError),
		whole(c.Margin), share(c.MarginPct), priced[0], priced[1], priced[2], opt(c.GapLow), opt(c.GapHigh),
		share(c.PUnderpaying), opt(c.RankLow), opt(c.RankHigh),
		share(c.Stability), whole(c.MonthsUnderpaying), whole(c.MonthsObserved), opt(c.Trend), share(c.TrendP),
		whole(c.Hours), whole(c.Tickets), opt(c.Value), opt(c.ValueGap),
		whole(c.AvoidableMargin), share(c.Uplift), share(c.BreakevenLoss), word(reasons),
	}
}

func pricedOf(c *worth.Client) [3]Value {
	return [3]Value{whole(c.FairPrice), whole(c.Gap), whole(c.Shortfall)}
}

// unmappedRow has what names that no client owns brought and cost; they have no
// price, rank or verdict.
func unmappedRow(r *pipeline.Result) Row {
	sum := costing.Sum(r.Costs.Unmapped.Months)
	row := make(Row, len(ClientColumns(r.Facts.Currency)))
	copy(row, Row{word(r.Period.String()), word(r.Facts.Currency.Code), {}, word(string(clients.UnmappedID)), word("Unmapped"), {}, {}, {},
		whole(sum.Revenue), whole(sum.Recurring),
		whole(sum.Cost()), whole(sum.Labour), whole(sum.Pools), whole(sum.Direct), whole(sum.OwnErrorCost()),
		whole(sum.Margin()),
	})
	for i, c := range ClientColumns(r.Facts.Currency) {
		switch c.Name {
		case "hours":
			row[i] = whole(sum.Hours)
		case "tickets":
			row[i] = whole(sum.Tickets)
		}
	}
	return row
}

func opt[T ~int | ~int64](v measure.Opt[T]) Value {
	if !v.Known {
		return Value{}
	}
	return whole(v.Value)
}

// share is a ratio to six places, rounded half away from zero.
func share(v measure.Opt[float64]) Value {
	if !v.Known {
		return Value{}
	}
	return Value{Known: true, Num: decimal128.FromI64(int64(math.Round(v.Value * measure.Million)))}
}
