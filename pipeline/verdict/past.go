package verdict

import (
	"cmp"
	"slices"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
	"clientworth/pipeline/worth"
)

// Past is what an earlier report published of a client.
type Past struct {
	Period  period.Month
	Client  clients.ID
	Name    string // of the client
	Segment string
	Verdict Verdict
	Rank    int          // 0: not ranked
	Gap     money.Amount // of its window
	Months  int          // observed in it
}

// Grade holds a past verdict against the months since.
type Grade struct {
	Past
	Ref   clients.Ref
	Since int                       // observed months after its period
	Then  measure.Opt[money.Amount] // mean monthly gap that the report saw
	Now   measure.Opt[money.Amount] // mean monthly gap since
	// Held is whether the months since agree: a client said to be short is still
	// materially short, one said to pay is not. What is material is known of a
	// window, so the months since count as often as the report had months. Absent
	// for other verdicts and over too few months.
	Held measure.Opt[bool]
}

// Parse returns the verdict of a published name.
func Parse(name string) (Verdict, bool) {
	i := slices.Index(names[:], name)
	return Verdict(max(i, 0)), i >= 0
}

// Short reports whether a verdict says that the client does not pay enough.
func (v Verdict) Short() bool { return v >= Watch }

// Pays reports whether a verdict says that the client pays enough.
func (v Verdict) Pays() bool { return v >= DemandingWorthIt && v <= PaysForValue }

// GradePast grades what earlier reports said, by client and period. Clients that
// are no longer known are left out.
func GradePast(f *facts.Facts, c *costing.Costs, p *worth.Portfolio, past []Past) []Grade {
	var all []Grade
	for _, said := range past {
		ref, ok := slices.BinarySearchFunc(f.Clients, said.Client, func(c clients.Client, id clients.ID) int { return cmp.Compare(c.ID, id) })
		if !ok {
			continue
		}
		all = append(all, gradeOf(said, p, &p.Clients[ref], c.Clients[ref].Months, f.Window))
	}
	slices.SortFunc(all, func(a, b Grade) int { return cmp.Or(cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Period, b.Period)) })
	return all
}

func gradeOf(said Past, p *worth.Portfolio, w *worth.Client, months []costing.Month, window period.Window) Grade {
	g := Grade{Past: said, Ref: w.Client}
	if said.Months > 0 {
		g.Then = measure.Some(each(said.Gap, money.Amount(said.Months)))
	}
	from, to := max(window.Index(said.Period+1), w.FirstObserved), w.FirstObserved+w.MonthsObserved
	if from >= to {
		return g
	}
	g.Since = to - from
	g.Now = p.Options.Compare(w, nil, months[from:to]).After
	if g.Since >= p.Options.MinMonths && g.Now.Known && said.Months > 0 && (said.Verdict.Short() || said.Verdict.Pays()) {
		since := costing.Sum(months[from:to])
		paid := scale(since.Revenue+since.OwnCredits, int64(said.Months), int64(g.Since))
		short := p.Materiality.Met(g.Now.Value*money.Amount(said.Months), paid.Value)
		g.Held = measure.Some(said.Verdict.Short() == short)
	}
	return g
}
