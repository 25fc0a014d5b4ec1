package words

import (
	"fmt"
	"strings"

	"clientworth/pipeline/finding"
	"clientworth/pipeline/verdict"
)

// Verdict names a verdict.
func (w *Words) Verdict(v verdict.Verdict) string { return w.Say(verdictKeys[v]) }

// When says when a verdict is given, and what is to be done next.
func (w *Words) When(v verdict.Verdict) string { return w.Say(verdictKeys[v] + " when") }

var verdictKeys = [...]Key{
	verdict.NoVerdictYet:     "verdict.no verdict yet",
	verdict.Conduct:          "verdict.conduct",
	verdict.HasLeft:          "verdict.has left",
	verdict.NoActivity:       "verdict.no activity",
	verdict.FixOurselves:     "verdict.fix ourselves",
	verdict.DemandingWorthIt: "verdict.demanding",
	verdict.ExplainDiscount:  "verdict.explain discount",
	verdict.LookAfter:        "verdict.look after",
	verdict.PaysForValue:     "verdict.pays for value",
	verdict.Watch:            "verdict.watch",
	verdict.InvestKnowingly:  "verdict.invest knowingly",
	verdict.PrepareToPart:    "verdict.prepare to part",
	verdict.KeepDoNotExpand:  "verdict.keep do not expand",
	verdict.AgreeScope:       "verdict.agree scope",
	verdict.LimitSupport:     "verdict.limit support",
	verdict.Reprice:          "verdict.reprice",
}

// Reasons writes the reasons of a judgement as sentences, the weightiest first.
func (w *Words) Reasons(j *verdict.Judgement) string {
	var s []string
	rest := j.Reasons
	for len(rest) > 0 {
		tried := 0
		for tried < len(rest) && rest[tried].Kind == verdict.Tried {
			tried++
		}
		if tried > 0 {
			s, rest = append(s, w.tried(rest[:tried])), rest[tried:]
			continue
		}
		s, rest = append(s, w.Reason(rest[0])), rest[1:]
	}
	return strings.Join(s, " ")
}

// tried lists actions in one sentence.
func (w *Words) tried(rs []verdict.Reason) string {
	var all []string
	for _, r := range rs {
		all = append(all, w.Say("figure.in month", w.Action(r.Text), w.figure(r.Day.Month().String())))
	}
	return w.Say("reason.tried", strings.Join(all, w.Say("comma")+" "))
}

// Reason writes a reason as a sentence.
func (w *Words) Reason(r verdict.Reason) string {
	say := func(k Key, figures ...any) string { return w.Say(k, figures...) }
	switch r.Kind {
	case verdict.PaysAgainstFair:
		return say("reason.pays against fair", w.Amount(r.Amount), w.Amount(r.Other), w.Percent(r.Share))
	case verdict.Credited:
		return say("reason.credited", w.Amount(r.Amount))
	case verdict.ShortSeldom:
		return say("reason.short seldom", r.Count, r.Of, int(r.Limit))
	case verdict.ShortMonths:
		return say("reason.short months", r.Count, r.Of)
	case verdict.HowSure:
		return say("reason.how sure", w.Sure(r.Share))
	case verdict.NotSure:
		return say("reason.not sure", w.Sure(r.Share), w.Percent(r.Limit))
	case verdict.Untested:
		return say("reason.untested", r.Count)
	case verdict.OnChoices:
		return say("reason.on choices", w.Percent(r.Share), w.Percent(r.Limit))
	case verdict.FewMonths:
		return say("reason.few months", r.Count, int(r.Limit))
	case verdict.UnexplainedMonths:
		return say("reason.unexplained months")
	case verdict.OwnErrors:
		return say("reason.own errors", w.Amount(r.Amount), w.Percent(r.Share))
	case verdict.OwnErrorsMargin:
		return say("reason.own errors margin", w.Amount(r.Other), w.Amount(r.Amount), w.Percent(r.Share))
	case verdict.Mended:
		return say("reason.mended", w.Amount(r.Amount), w.Day(r.Day))
	case verdict.EffortBoth:
		return say("reason.effort both", w.Hours(r.Hours), r.Count, r.Of)
	case verdict.EffortHours:
		return say("reason.effort hours", w.Hours(r.Hours))
	case verdict.EffortTickets:
		return say("reason.effort tickets", r.Count, r.Of)
	case verdict.ValueAbove:
		return say("reason.value above", w.Amount(r.Other), w.Amount(r.Amount), w.Percent(r.Share))
	case verdict.PaysWell:
		return say("reason.pays well", w.Amount(r.Amount), w.Decimal(r.Share, 1), w.Amount(r.Other))
	case verdict.PaysAboveValue:
		return say("reason.pays above value", w.Amount(r.Amount), w.Decimal(r.Share, 1), w.Amount(r.Other))
	case verdict.PaysFor:
		return say("reason.pays for", w.Amount(r.Amount), w.Amount(r.Other))
	case verdict.SmallShortfall:
		return say("reason.small shortfall", w.Amount(r.Amount))
	case verdict.OutOfScope:
		if r.Share > 1 {
			return say("reason.out of scope all", w.Amount(r.Amount))
		}
		return say("reason.out of scope", w.Amount(r.Amount), w.Percent(r.Share))
	case verdict.AbovePlan:
		if r.Share > 1 {
			return say("reason.above plan all", w.Amount(r.Amount))
		}
		return say("reason.above plan", w.Amount(r.Amount), w.Percent(r.Share))
	}
	return w.furtherReason(r)
}

// furtherReason writes the reasons that are not figures of the price.
func (w *Words) furtherReason(r verdict.Reason) string {
	switch r.Kind {
	case verdict.Excepted:
		return w.Say("reason.excepted", w.Day(r.Day)) // names of staff stay out of reports
	case verdict.Strategic:
		return w.Say("reason.strategic")
	case verdict.Refers:
		return w.Say("reason.refers")
	case verdict.Rising:
		return w.Say("reason.rising", w.Amount(r.Amount), w.P(r.Share))
	case verdict.MightRise:
		return w.Say("reason.might rise", w.Amount(r.Amount))
	case verdict.Tried:
		return w.tried([]verdict.Reason{r})
	case verdict.StillShort:
		return w.Say("reason.still short", w.Amount(r.Amount), r.Count)
	case verdict.ShortNoMore:
		return w.Say("reason.short no more", r.Count)
	case verdict.LeavingCosts:
		return w.Say("reason.leaving costs", w.Amount(r.Amount.Abs()))
	case verdict.LeavingSaves:
		return w.Say("reason.leaving saves", w.Amount(r.Amount.Abs()))
	case verdict.RedLine:
		if r.Count > 1 {
			return w.Say("reason.red lines", w.Incident(r.Text), w.Day(r.Day), r.Count-1)
		}
		return w.Say("reason.red line", w.Incident(r.Text), w.Day(r.Day))
	case verdict.ErrorsBefore:
		return w.Say("reason.errors before", w.Amount(r.Amount))
	case verdict.Ended:
		return w.Say("reason.ended", w.Day(r.Day))
	case verdict.Merged:
		return w.Say("reason.merged", r.Text)
	case verdict.Quiet:
		return w.Say("reason.quiet", r.Count)
	case verdict.NothingInWindow:
		return w.Say("reason.nothing in window")
	case verdict.NoRevenue:
		return w.Say("reason.no revenue", w.Amount(r.Amount))
	case verdict.NothingLeft:
		return w.Say("reason.nothing left", w.Amount(r.Amount))
	case verdict.MoreCredits:
		return w.Say("reason.more credits", w.Amount(r.Amount))
	}
	panic(fmt.Sprintf("words: no sentence for reason %d", r.Kind))
}

// Action names an action taken with a client.
func (w *Words) Action(kind string) string { return w.named("action.", kind) }

// Incident names an incident.
func (w *Words) Incident(kind string) string { return w.named("incident.", kind) }

// named says a word of a closed list; a word of the company's own stays as it is.
func (w *Words) named(prefix, word string) string {
	if text, ok := w.texts[Key(prefix+word)]; ok {
		return text
	}
	return Plain(word)
}

// Change says what would move a client to a better verdict.
func (w *Words) Change(c verdict.Change) string {
	to := func() string { return w.Verdict(c.To) }
	switch c.Lever {
	case verdict.Price:
		if c.Share.Known {
			return w.Say("change.price share", w.Amount(c.Amount), w.Percent1(c.Share.Value), to())
		}
		return w.Say("change.price", w.Amount(c.Amount), to())
	case verdict.FewerHours:
		if c.To == verdict.NoVerdictYet {
			return w.Say("change.hours alone", w.Hours(c.Hours))
		}
		return w.Say("change.hours", w.Hours(c.Hours), to())
	case verdict.OwnWork:
		return w.Say("change.own work", w.Amount(c.Amount), to())
	case verdict.MoreMonths:
		return w.Say("change.more months", c.Months, to())
	case verdict.OlderExports:
		return w.Say("change.older exports")
	}
	return ""
}

// Term says a phrase that a stage of the pipeline chose from its own closed list,
// such as the name of a check; one that the catalogue does not know stays as it
// is.
func (w *Words) Term(phrase string) string {
	for _, of := range []Key{"term.rows of", "term.months of", "term.sources of", "term.size of", "term.age of", "term.begin of"} {
		if name, ok := strings.CutPrefix(phrase, strings.TrimPrefix(string(of), "term.")+" "); ok && w.texts[Key("term."+phrase)] == "" {
			return w.Say(of, name)
		}
	}
	return w.named("term.", phrase)
}

// Setting says what a setting means.
func (w *Words) Setting(key, meaning string) string {
	if text, ok := w.texts[Key("setting."+key)]; ok {
		return text
	}
	return meaning
}

// Rule says what a finding's rule means.
func (w *Words) Rule(r *finding.Rule) string {
	if text, ok := w.texts[Key("rule."+r.Name)]; ok {
		return text
	}
	return Plain(r.Sentence)
}

// Remedy says what to do about a finding.
func (w *Words) Remedy(r *finding.Rule) string {
	if text, ok := w.texts[Key("remedy."+r.Name)]; ok {
		return text
	}
	return Plain(r.Remedy)
}
