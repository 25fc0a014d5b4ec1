package verdict

import (
	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/worth"
)

// Decide returns a judgement for every client, by clients.Ref.
func Decide(f *facts.Facts, c *costing.Costs, p *worth.Portfolio, o Options) []Judgement {
	marks := marksOf(p, o)
	all := make([]Judgement, len(p.Clients))
	incidents, actions, owed, activity, work := f.Incidents, f.Actions, f.Owed, f.Activity, f.Work
	var near *bearers
	for i := range all {
		ref := clients.Ref(i)
		e := evidence{
			o: &o, facts: f, who: &f.Clients[i], worth: &p.Clients[i], marks: &marks, window: f.Window,
			months: c.Clients[i].Months, rules: &p.Options, materiality: p.Materiality,
		}
		e.incidents, incidents = of(ref, incidents, func(x facts.Incident) clients.Ref { return x.Client })
		e.actions, actions = of(ref, actions, func(x facts.Action) clients.Ref { return x.Client })
		e.owed, owed = of(ref, owed, func(x facts.Owed) clients.Ref { return x.Client })
		e.work, work = of(ref, work, func(x facts.Work) clients.Ref { return x.Client })
		var active []facts.Activity
		if active, activity = of(ref, activity, func(x facts.Activity) clients.Ref { return x.Client }); len(active) > 0 {
			e.lastOwnError, e.into = active[0].LastOwnError, active[0].Into
		}
		j := e.judge()
		if j.Exit != nil && (j.partingIsNear() || j.Verdict == KeepDoNotExpand) {
			if near == nil {
				near = bearersOf(p.Clients)
			}
			j.Exit.Pushed = near.pushed(ref, j.Exit.StrandedParts)
		}
		all[i] = j
	}
	return all
}

// of cuts the facts of one client from the front of sorted ones.
func of[T any](ref clients.Ref, sorted []T, client func(T) clients.Ref) (own, rest []T) {
	for len(sorted) > 0 && client(sorted[0]) < ref {
		sorted = sorted[1:]
	}
	n := 0
	for n < len(sorted) && client(sorted[n]) == ref {
		n++
	}
	return sorted[:n], sorted[n:]
}

// evidence is all that the verdict on one client looks at.
type evidence struct {
	o         *Options
	facts     *facts.Facts
	owed      []facts.Owed
	work      []facts.Work
	who       *clients.Client
	worth     *worth.Client
	marks     *marks
	window    period.Window
	months    []costing.Month // of the window
	incidents []facts.Incident
	actions   []facts.Action
	// lastOwnError is the day of the last entry of one; zero where there is none.
	lastOwnError period.Day
	into         measure.Opt[clients.Ref] // whom it was merged into
	rules        *worth.Options
	materiality  worth.Materiality
}

func (e *evidence) judge() Judgement {
	j := Judgement{Client: e.worth.Client, Economic: e.economic()}
	j.Verdict = j.Economic
	for _, i := range e.incidents {
		if e.window.Contains(i.Day.Month()) {
			j.Incidents = append(j.Incidents, Incident{Day: i.Day, Kind: i.Kind, RedLine: i.RedLine})
			if i.RedLine {
				j.Verdict = Conduct
			}
		}
	}
	if e.worth.Material {
		j.Fits = e.remedies()
	}
	j.Reasons = e.reasons(&j)
	j.Change = e.change(j.Verdict)
	j.Actions = e.taken()
	j.Contract = contractOf(e.who, e.window.Last)
	if e.worth.Standing == worth.Present {
		x := exitOf(e.facts, e.worth, j.Contract, e.owed)
		j.Exit = &x
	}
	return j
}

// economic is the verdict apart from conduct: the first that fits.
func (e *evidence) economic() Verdict {
	w := e.worth
	switch {
	case w.Standing == worth.Inactive:
		return NoActivity
	case w.Standing == worth.Left:
		return HasLeft
	case w.MonthsObserved < e.rules.MinMonths || w.Unexplained:
		return NoVerdictYet
	case e.ownErrorsFit() && !e.fixedSince():
		return FixOurselves
	case !w.Material:
		return e.paying()
	}
	return e.short()
}

// paying is the verdict on a client without a material shortfall.
func (e *evidence) paying() Verdict {
	switch {
	case e.demanding():
		return DemandingWorthIt
	case e.discounted():
		return ExplainDiscount
	case e.paysWell():
		return LookAfter
	}
	return PaysForValue
}

// short is the verdict on a client with a material shortfall.
func (e *evidence) short() Verdict {
	switch {
	case !e.sure() || !e.long() || !e.stable() || e.mightGrow():
		return Watch
	case e.excepted() || e.growing():
		return InvestKnowingly
	case e.exhausted() && e.leavingSaves():
		return PrepareToPart
	case e.exhausted():
		return KeepDoNotExpand
	}
	return e.remedies()[0]
}

// ownErrors is what our own mistakes cost, credits included.
func (e *evidence) ownErrors() money.Amount { return e.worth.OwnError + e.worth.OwnCredits }

// ownErrorsFit reports whether our own errors come first: they take the margin
// below target although the client pays its fair price, or they are a large part
// of the cost.
func (e *evidence) ownErrorsFit() bool {
	own, w := e.ownErrors(), e.worth
	switch {
	case own <= 0:
		return false
	case w.Material:
		return atLeast(own, w.Cost, e.o.OwnErrorShare)
	}
	return !atLeast(w.Margin, w.Revenue, w.Target)
}

// fixedSince reports whether we acted on our errors, and none came after it.
func (e *evidence) fixedSince() bool { return e.mended() != 0 }

// mended is the day on which we acted on our errors, none of which came after it;
// zero where there is none.
func (e *evidence) mended() period.Day {
	for _, a := range e.actions {
		if a.Kind == "fixed" && a.Day >= e.lastOwnError && a.Day <= e.window.Last.Last() {
			return a.Day
		}
	}
	return 0
}

// demanding reports whether the client's effort is among the largest.
func (e *evidence) demanding() bool {
	hours, tickets := effort(e.worth)
	return reaches(hours, e.marks.hours) || reaches(tickets, e.marks.tickets)
}

func (e *evidence) discounted() bool {
	v := e.worth.Value
	return v.Known && v.Value > 0 && !atLeast(e.worth.Revenue, v.Value, measure.Million-e.o.DiscountShare)
}

func (e *evidence) paysWell() bool {
	w := e.worth
	if w.Revenue <= 0 || w.Cost <= 0 {
		return false
	}
	if w.Value.Known && w.Value.Value > 0 {
		return atLeast(w.Revenue, w.Value.Value, e.o.LookAfterValue)
	}
	return reaches(w.PaidOverFair, e.marks.paid) && atLeast(w.Revenue, w.FairPrice, e.o.LookAfterRatio)
}

func (e *evidence) sure() bool {
	p := e.worth.PUnderpaying
	return p.Known && p.Value >= e.o.SureAt.Float()
}

func (e *evidence) long() bool {
	return int64(e.worth.MonthsUnderpaying)*measure.Million >= int64(e.worth.MonthsObserved)*int64(e.o.LongAt)
}

// stable reports whether the shortfall hangs on our choices. Where that could
// not be tested it does not make a Watch.
func (e *evidence) stable() bool {
	s := e.worth.Stability
	return !s.Known || s.Value >= e.o.StableAt.Float()
}

func (e *evidence) excepted() bool {
	c := e.who
	return (c.Strategic || c.Referrer) && c.ExceptionOwner != "" && c.ExceptionUntil >= e.window.Last.Last()
}

// growing reports whether revenue rises while the gap does not.
func (e *evidence) growing() bool {
	w := e.worth
	return w.MonthsObserved >= e.o.GrowthFrom && e.rises(w.MonthsObserved) &&
		w.RevenueTrendP.Known && w.RevenueTrendP.Value < e.o.GrowthP.Float() &&
		!w.GapSlope.Rises()
}

// rises reports whether the rise of revenue over so many months is worth the name:
// at least the material share of an average month. Cents that go up are no growth.
func (e *evidence) rises(months int) bool {
	w := e.worth
	return w.RevenueSlope.Rises() && w.RevenueSlope.Reaches(months*w.MonthsObserved, w.Revenue+w.OwnCredits, e.materiality.Share)
}

// mightGrow reports whether a client with a history shorter than the window would
// be seen to grow if the same months filled it, and its gap would not: less data
// must not make the verdict harsher. Such a client is watched.
func (e *evidence) mightGrow() bool {
	w := e.worth
	n := e.window.Len()
	if w.MonthsObserved >= n || n < e.o.GrowthFrom || !e.rises(n) || e.growing() {
		return false
	}
	revenue, gap := e.series()
	p := e.o.GrowthP.Float()
	gapGrows := w.GapSlope.Rises() && worth.RisesOver(gap, n) && worth.TrendOver(gap, n) < p
	return worth.TrendOver(revenue, n) < p && !gapGrows
}

// series returns the revenue and the gap of the observed months.
func (e *evidence) series() (revenue, gap []money.Amount) {
	from := e.worth.FirstObserved
	for _, m := range e.months[from : from+e.worth.MonthsObserved] {
		fair, err := worth.FairPrice(m.ClientCaused(), e.worth.Target)
		if err != nil {
			panic(err) // its trend could be told
		}
		revenue = append(revenue, m.Revenue+m.OwnCredits)
		gap = append(gap, fair-m.Revenue-m.OwnCredits)
	}
	return revenue, gap
}

// remedies are the verdicts that would mend the shortfall, in the order in which
// to try them. Repricing always fits.
func (e *evidence) remedies() []Verdict {
	var fit []Verdict
	if w := e.worth; atLeast(w.OutOfScope, w.Shortfall, e.o.ScopeShare) {
		fit = append(fit, AgreeScope)
	}
	if w := e.worth; atLeast(w.AbovePlan, w.Shortfall, e.o.LimitShare) {
		fit = append(fit, LimitSupport)
	}
	return append(fit, Reprice)
}

// remedyAction is the action that tries a remedy.
var remedyAction = map[Verdict]string{FixOurselves: "fixed", AgreeScope: "scope", LimitSupport: "limit", Reprice: "reprice"}

// mustBeTried are the verdicts to be tried before parting: every remedy that fits,
// and mending our errors where they would come first.
func (e *evidence) mustBeTried() []Verdict {
	all := e.remedies()
	if e.ownErrorsFit() {
		all = append(all, FixOurselves)
	}
	return all
}

// exhausted reports whether all that could mend the shortfall was tried long
// enough ago, and a material shortfall has been there since and still is.
func (e *evidence) exhausted() bool {
	var latest period.Month
	for _, remedy := range e.mustBeTried() {
		first, ok := e.firstAction(remedyAction[remedy])
		if !ok || first > e.window.Last-period.Month(e.o.TriedMonths) {
			return false
		}
		latest = max(latest, first)
	}
	return e.materiality.Met(e.shortSince(latest+1)) && e.stillShort()
}

// stillShort reports whether the last months, as many as a remedy is given, were
// mostly short. A higher price often counts from months after it was agreed: what
// was short until then outweighs for long that the client pays its fair price now.
func (e *evidence) stillShort() bool {
	last := e.o.TriedMonths
	_, gaps := e.series()
	gaps = gaps[max(len(gaps)-last, 0):]
	short := 0
	for _, gap := range gaps {
		if gap > 0 {
			short++
		}
	}
	return int64(short)*measure.Million >= int64(len(gaps))*int64(e.o.LongAt)
}

// firstAction is the month of the first action of a kind.
func (e *evidence) firstAction(kind string) (period.Month, bool) {
	for _, a := range e.actions {
		if a.Kind == kind {
			return a.Day.Month(), true
		}
	}
	return 0, false
}

// shortSince is the shortfall from a month on, and what was paid.
func (e *evidence) shortSince(from period.Month) (shortfall, paid money.Amount) {
	var caused money.Amount
	for i := max(e.window.Index(from), 0); i < len(e.months); i++ {
		m := &e.months[i]
		caused += m.ClientCaused()
		paid += m.Revenue + m.OwnCredits
	}
	fair, err := worth.FairPrice(caused, e.worth.Target)
	if err != nil {
		panic(err) // the whole window's could be held
	}
	return max(worth.Gap(fair, paid, 0), 0), paid
}

// leavingSaves reports whether profit rises when the client leaves, whichever
// share of the labour is avoidable.
func (e *evidence) leavingSaves() bool {
	return e.worth.AvoidableMargin <= 0 && e.worth.AvoidableAt[2] <= 0
}

// atLeast reports whether a is at least a share of b, compared exactly.
func atLeast(a, b money.Amount, share measure.Share) bool {
	return worth.Times(a, measure.Million).Cmp(worth.Times(b, share)) >= 0
}
