package verdict

import (
	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/period"
)

// Rules are what a judgement misses.
var Rules = []*finding.Rule{ruleContract}

var ruleContract = &finding.Rule{
	Name:     "contract-unknown",
	Sentence: "parting may be near, and the contract is not known",
	Remedy:   "fill in contract_end, notice_days and, where the client relies on us, transition_days in the clients file",
}

// contractOf reads off what parting must keep to. Notice could be given on the
// day after the period.
func contractOf(c *clients.Client, last period.Month) Contract {
	k := Contract{
		Start: c.ContractStart, End: c.ContractEnd, NoticeDays: c.NoticeDays,
		ReliesOnUs: c.ReliesOnUs, TransitionDays: c.TransitionDays,
	}
	if k.End == 0 {
		k.Missing = append(k.Missing, "contract_end")
	}
	if !k.NoticeDays.Known {
		k.Missing = append(k.Missing, "notice_days")
	}
	if k.ReliesOnUs && !k.TransitionDays.Known {
		k.Missing = append(k.Missing, "transition_days")
	}
	if k.End != 0 && k.NoticeDays.Known {
		k.LastNotice = k.End - period.Day(k.NoticeDays.Value)
	}
	if notice := last.Last() + 1; k.End >= notice || k.NoticeDays.Known || k.ReliesOnUs && k.TransitionDays.Known {
		k.Earliest = k.earliest(notice)
	}
	return k
}

// earliest is the first day without the client if notice is given on a day: after
// the longer of notice and transition, and not before the contract ends, unless
// the last day of notice for that end is known to have passed.
func (k *Contract) earliest(notice period.Day) period.Day {
	days := k.NoticeDays.Value
	if k.ReliesOnUs {
		days = max(days, k.TransitionDays.Value)
	}
	free := notice + period.Day(days)
	if k.LastNotice >= notice || !k.NoticeDays.Known && k.End >= notice {
		free = max(free, k.End+1)
	}
	return free
}

// Findings reports the contracts that parting would need and that are not known.
func Findings(f *facts.Facts, all []Judgement) *finding.Log {
	log := &finding.Log{}
	for i := range all {
		if j := &all[i]; j.partingIsNear() && len(j.Contract.Missing) > 0 {
			for _, column := range j.Contract.Missing {
				log.Add(finding.Finding{Rule: ruleContract, Place: finding.Place{Field: column}, Detail: string(f.Clients[j.Client].ID)})
			}
		}
	}
	return log
}

// partingIsNear reports whether a person has to decide about parting.
func (j *Judgement) partingIsNear() bool {
	return j.Verdict == PrepareToPart || j.Verdict == Conduct && j.Economic != HasLeft && j.Economic != NoActivity
}
