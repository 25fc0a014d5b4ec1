package verdict

import (
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

func (e *evidence) conduct() []Reason {
	var rs []Reason
	for _, i := range e.incidents {
		if !i.RedLine || !e.window.Contains(i.Day.Month()) {
			continue
		}
		rs = append(rs, Reason{Kind: RedLine, Day: i.Day, Text: i.Kind})
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

func (e *evidence) gone() Reason {
	if end := e.who.ContractEnd; end != 0 && end <= e.window.Last.Last() {
		return Reason{Kind: Ended, Day: end}
	}
	return Reason{Kind: Quiet, Count: e.rules.QuietMonths}
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
	return append(rs, e.pays())
}

// pays is what the client pays against what it should.
func (e *evidence) pays() Reason {
	w := e.worth
	paid := w.Revenue + w.OwnCredits
	switch {
	case w.Revenue < 0:
		return Reason{Kind: MoreCredits, Amount: w.Revenue, Other: w.FairPrice}
	case w.Revenue == 0:
		return Reason{Kind: NoRevenue, Amount: w.Cost, Other: w.FairPrice}
	case w.Material:
		return Reason{Kind: PaysAgainstFair, Amount: paid, Other: w.FairPrice, Share: w.Target.Float()}
	case w.Shortfall > 0:
		return Reason{Kind: SmallShortfall, Amount: w.Shortfall, Other: w.FairPrice, Share: fraction(w.Shortfall, w.Revenue)}
	}
	return Reason{Kind: PaysFor, Amount: paid, Other: w.FairPrice, Share: w.Target.Float()}
}

func (e *evidence) payingReasons(v Verdict) []Reason {
	w := e.worth
	rs := []Reason{e.pays()}
	switch v {
	case DemandingWorthIt:
		hours, tickets := effort(w)
		if reaches(hours, e.marks.hours) {
			rs = append(rs, Reason{Kind: EffortHours, Hours: w.Hours / measure.Hours(w.MonthsObserved), Of: w.MonthsObserved, Limit: e.marks.hours.Value})
		}
		if reaches(tickets, e.marks.tickets) {
			rs = append(rs, Reason{Kind: EffortTickets, Count: int(w.Tickets), Of: w.MonthsObserved, Limit: e.marks.tickets.Value})
		}
	case ExplainDiscount:
		rs = append(rs, Reason{Kind: ValueAbove, Amount: w.Revenue, Other: w.Value.Value, Share: fraction(w.ValueGap.Value, w.Value.Value)})
	case LookAfter:
		kind, against := PaysWell, w.FairPrice
		if w.Value.Known && w.Value.Value > 0 {
			kind, against = PaysAboveValue, w.Value.Value
		}
		rs = append(rs, Reason{Kind: kind, Amount: w.Revenue, Other: against, Share: fraction(w.Revenue, against)})
	}
	return rs
}

// shortReasons begin with what decided: what holds a Watch back, who excepts the
// client, what was tried; then come the parts that a remedy would mend.
func (e *evidence) shortReasons(v Verdict) []Reason {
	w := e.worth
	rs := []Reason{e.pays(), {Kind: ShortMonths, Count: w.MonthsUnderpaying, Of: w.MonthsObserved, Limit: e.o.LongAt.Float()}}
	rs = append(rs, e.sureness()...)
	switch v {
	case Watch:
		if e.mightGrow() {
			rs = append(rs, Reason{Kind: MightRise, Amount: w.RevenueTrend.Value})
		}
	case InvestKnowingly:
		rs = append(rs, e.investment()...)
	case PrepareToPart, KeepDoNotExpand:
		rs = append(rs, e.history(v)...)
	}
	for _, remedy := range e.remedies() {
		switch remedy {
		case AgreeScope:
			rs = append(rs, Reason{Kind: OutOfScope, Amount: w.OutOfScope, Share: fraction(w.OutOfScope, w.Shortfall)})
		case LimitSupport:
			rs = append(rs, Reason{Kind: AbovePlan, Amount: w.AbovePlan, Share: fraction(w.AbovePlan, w.Shortfall)})
		}
	}
	return rs
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

func (e *evidence) history(v Verdict) []Reason {
	var rs []Reason
	var latest period.Month
	for _, remedy := range append(e.remedies(), FixOurselves) {
		for _, a := range e.actions {
			if a.Kind == remedyAction[remedy] {
				rs = append(rs, Reason{Kind: Tried, Text: a.Kind, Day: a.Day})
				latest = max(latest, a.Day.Month())
				break
			}
		}
	}
	shortfall, _ := e.shortSince(latest + 1)
	rs = append(rs, Reason{Kind: StillShort, Amount: shortfall, Count: int(e.window.Last - latest)})
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
