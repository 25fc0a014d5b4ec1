package verdict

import (
	"math"
	"slices"

	"clientworth/pipeline/costing"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// reasons are the figures that made the verdict, the weightiest first. Each
// holds for this client: none speaks against the verdict it stands beside.
func (e *evidence) reasons(j *Judgement) []Reason {
	var rs []Reason
	if j.Verdict == Conduct {
		rs = e.conduct()
	}
	switch j.Economic {
	case NoActivity:
		return append(rs, Reason{Kind: NothingInWindow, Count: len(e.months)})
	case HasLeft:
		return append(rs, e.gone())
	case NoVerdictYet:
		return append(rs, e.noVerdict())
	case FixOurselves:
		return append(rs, e.errors()...)
	}
	if e.worth.Material {
		return append(rs, e.shortReasons(j.Economic)...)
	}
	return append(rs, e.payingReasons(j.Economic)...)
}

// conduct is the first red line in the window, of so many.
func (e *evidence) conduct() []Reason {
	var rs []Reason
	for _, i := range e.incidents {
		switch {
		case !i.RedLine || !e.window.Contains(i.Day.Month()):
			continue
		case rs != nil:
			rs[0].Count++
			continue
		}
		rs = []Reason{{Kind: RedLine, Day: i.Day, Text: i.Kind, Count: 1}}
		if before := e.ownErrorsBefore(i.Day.Month()); before > 0 {
			rs = append(rs, Reason{Kind: ErrorsBefore, Amount: before, Day: i.Day})
		}
	}
	return rs
}

// ownErrorsBefore is what our own mistakes cost in the window up to a month.
func (e *evidence) ownErrorsBefore(until period.Month) money.Amount {
	var own money.Amount
	for i := range e.months {
		if e.window.At(i) <= until {
			own += e.months[i].OwnErrorCost() + e.months[i].OwnCredits
		}
	}
	return own
}

// gone is how a client left: with its contract, or without a word.
func (e *evidence) gone() Reason {
	if e.into.Known {
		return Reason{Kind: Merged, Text: e.facts.Clients[e.into.Value].Name}
	}
	if end := e.who.ContractEnd; end != 0 && end <= e.window.Last.Last() {
		return Reason{Kind: Ended, Day: end}
	}
	quiet := 0
	for _, m := range slices.Backward(e.months) {
		if m.Revenue != 0 || m.Hours != 0 || m.Direct != 0 {
			break
		}
		quiet++
	}
	return Reason{Kind: Quiet, Count: quiet}
}

func (e *evidence) noVerdict() Reason {
	if e.worth.Unexplained {
		return Reason{Kind: UnexplainedMonths, Count: e.worth.MonthsObserved}
	}
	return Reason{Kind: FewMonths, Count: e.worth.MonthsObserved, Of: e.rules.MinMonths, Limit: float64(e.rules.MinMonths)}
}

func (e *evidence) errors() []Reason {
	w, own := e.worth, e.ownErrors()
	rs := []Reason{{Kind: OwnErrors, Amount: own, Other: w.Cost, Share: fraction(own, w.Cost)}}
	if !w.Material {
		rs = append(rs, Reason{Kind: OwnErrorsMargin, Amount: w.Margin, Other: w.Margin + own, Share: w.Target.Float()})
	}
	return append(rs, e.pays()...)
}

// mending is that we mended what would otherwise have to come first.
func (e *evidence) mending() []Reason {
	if day := e.mended(); day != 0 && e.ownErrorsFit() {
		return []Reason{{Kind: Mended, Amount: e.ownErrors(), Day: day}}
	}
	return nil
}

// pays is what the client pays against what it should, credits for our errors
// added back.
func (e *evidence) pays() []Reason {
	w := e.worth
	paid := w.Revenue + w.OwnCredits
	var rs []Reason
	switch {
	case !w.Material && w.Shortfall > 0:
		return []Reason{{Kind: SmallShortfall, Amount: w.Shortfall, Other: w.FairPrice}}
	case paid < 0:
		return []Reason{{Kind: MoreCredits, Amount: w.Revenue, Other: w.FairPrice}}
	case !w.Material:
		rs = []Reason{{Kind: PaysFor, Amount: paid, Other: w.FairPrice, Share: w.Target.Float()}}
	case paid == 0 && slices.ContainsFunc(e.months, func(m costing.Month) bool { return m.Lines > 0 }):
		return []Reason{{Kind: NothingLeft, Amount: w.Cost, Other: w.FairPrice}}
	case paid == 0:
		return []Reason{{Kind: NoRevenue, Amount: w.Cost, Other: w.FairPrice}}
	default:
		rs = []Reason{{Kind: PaysAgainstFair, Amount: paid, Other: w.FairPrice, Share: w.Target.Float()}}
	}
	if w.OwnCredits > 0 {
		rs = append(rs, Reason{Kind: Credited, Amount: w.OwnCredits})
	}
	return rs
}

func (e *evidence) payingReasons(v Verdict) []Reason {
	w := e.worth
	if v == LookAfter {
		kind, against := PaysWell, w.FairPrice
		if w.Value.Known && w.Value.Value > 0 {
			kind, against = PaysAboveValue, w.Value.Value
		}
		return append([]Reason{{Kind: kind, Amount: w.Revenue, Other: against, Share: fraction(w.Revenue, against)}}, e.mending()...)
	}
	rs := append(e.pays(), e.mending()...)
	switch v {
	case DemandingWorthIt:
		rs = append(rs, e.effort())
	case ExplainDiscount:
		rs = append(rs, Reason{Kind: ValueAbove, Amount: w.Revenue, Other: w.Value.Value, Share: fraction(w.ValueGap.Value, w.Value.Value)})
	}
	return rs
}

// effort is what makes a client demanding.
func (e *evidence) effort() Reason {
	hours, tickets := effort(e.worth)
	r := Reason{Kind: EffortBoth, Hours: e.worth.Hours / measure.Hours(e.worth.MonthsObserved), Count: int(e.worth.Tickets), Of: e.worth.MonthsObserved}
	switch {
	case !reaches(tickets, e.marks.tickets):
		r.Kind, r.Limit = EffortHours, e.marks.hours.Value
	case !reaches(hours, e.marks.hours):
		r.Kind, r.Limit = EffortTickets, e.marks.tickets.Value
	}
	return r
}

// shortReasons begin with what decided: what holds a Watch back, who excepts the
// client, what was tried; otherwise the parts that a remedy would mend.
func (e *evidence) shortReasons(v Verdict) []Reason {
	w := e.worth
	rs := e.pays()
	if v == PrepareToPart || v == KeepDoNotExpand {
		return append(append(rs, e.sureness()...), e.history(v)...)
	}
	months := Reason{Kind: ShortMonths, Count: w.MonthsUnderpaying, Of: w.MonthsObserved, Limit: e.o.LongAt.Float()}
	if !e.long() {
		months.Kind = ShortSeldom
		months.Limit = math.Ceil(float64(w.MonthsObserved) * e.o.LongAt.Float())
	}
	rs = append(append(append(rs, months), e.sureness()...), e.mending()...)
	switch v {
	case Watch:
		if e.sure() && e.long() && e.stable() { // nothing else holds it back
			rs = append(rs, Reason{Kind: MightRise, Amount: w.RevenueTrend.Value})
		}
		return rs
	case InvestKnowingly:
		return append(rs, e.investment()...)
	}
	for _, remedy := range e.remedies() {
		switch remedy {
		case AgreeScope:
			rs = append(rs, Reason{Kind: OutOfScope, Amount: w.OutOfScope, Share: fraction(w.OutOfScope, w.Shortfall)})
		case LimitSupport:
			rs = append(rs, Reason{Kind: AbovePlan, Amount: w.AbovePlan, Share: fraction(w.AbovePlan, w.Shortfall)})
		}
	}
	return append(rs, e.taking(v)...)
}

// taking is that the step of a verdict was taken in the window already, last when,
// and what came of it: whoever goes to the client must know.
func (e *evidence) taking(v Verdict) []Reason {
	for _, a := range slices.Backward(e.actions) {
		if a.Kind == remedyAction[v] && e.window.Contains(a.Day.Month()) {
			return append([]Reason{{Kind: Tried, Text: a.Kind, Day: a.Day}}, e.since(a.Day.Month())...)
		}
	}
	return nil
}

// since is what was short in the months of the window after one; nothing is said
// where there are none.
func (e *evidence) since(m period.Month) []Reason {
	r := Reason{Kind: StillShort, Count: min(int(e.window.Last-m), e.window.Len())}
	if r.Count == 0 {
		return nil
	}
	if r.Amount, _ = e.shortSince(m + 1); r.Amount == 0 {
		r.Kind = ShortNoMore
	}
	return []Reason{r}
}

// sureness is how sure the shortfall is, and what it hangs on.
func (e *evidence) sureness() []Reason {
	w := e.worth
	var rs []Reason
	switch p := w.PUnderpaying; {
	case !p.Known:
		rs = append(rs, Reason{Kind: Untested, Count: w.MonthsObserved})
	case e.sure():
		rs = append(rs, Reason{Kind: HowSure, Share: p.Value})
	default:
		rs = append(rs, Reason{Kind: NotSure, Share: p.Value, Limit: e.o.SureAt.Float()})
	}
	if !e.stable() {
		rs = append(rs, Reason{Kind: OnChoices, Share: w.Stability.Value, Limit: e.o.StableAt.Float()})
	}
	return rs
}

func (e *evidence) investment() []Reason {
	var rs []Reason
	if e.excepted() {
		if e.who.Strategic {
			rs = append(rs, Reason{Kind: Strategic})
		}
		if e.who.Referrer {
			rs = append(rs, Reason{Kind: Refers})
		}
		rs = append(rs, Reason{Kind: Excepted, Text: e.who.ExceptionOwner, Day: e.who.ExceptionUntil})
	}
	if e.growing() {
		rs = append(rs, Reason{Kind: Rising, Amount: e.worth.RevenueTrend.Value, Share: e.worth.RevenueTrendP.Value})
	}
	return rs
}

// history is what was tried, what is short since within the window, and what
// leaving would do to profit a year.
func (e *evidence) history(v Verdict) []Reason {
	var rs []Reason
	var latest period.Month
	for _, remedy := range e.mustBeTried() {
		for _, a := range e.actions {
			if a.Kind == remedyAction[remedy] {
				rs = append(rs, Reason{Kind: Tried, Text: a.Kind, Day: a.Day})
				latest = max(latest, a.Day.Month())
				break
			}
		}
	}
	rs = append(rs, e.since(latest)...)
	kind := LeavingCosts
	if v == PrepareToPart {
		kind = LeavingSaves
	}
	most, least := e.worth.AvoidableMargin, e.worth.AvoidableAt[2]
	if kind == LeavingCosts {
		most = max(most, least)
	}
	n := int64(e.worth.MonthsObserved)
	return append(rs, Reason{Kind: kind, Amount: scale(most, 12, n).Value, Other: scale(least, 12, n).Value})
}

func fraction(a, b money.Amount) float64 {
	if b == 0 {
		return 0
	}
	return a.Float() / b.Float()
}
