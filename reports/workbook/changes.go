package workbook

import (
	"slices"
	"strings"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/verdict"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// shownChanges is how many clients the summary names for each kind of change.
const shownChanges = 5

// before is what the last report said, and what has been restated since.
type before struct {
	said     map[clients.ID]verdict.Past
	restated map[clients.ID]bool
}

func (b *builder) recall() {
	b.before = before{map[clients.ID]verdict.Past{}, map[clients.ID]bool{}}
	for _, p := range b.r.Before {
		b.before.said[p.Client] = p
	}
	if b.r.Restatement != nil {
		for _, c := range b.r.Restatement.Clients {
			b.before.restated[c.ID] = true
		}
	}
}

// since says what has become of a client since the last report: the rank and the
// verdict that it had, where they are others now.
func (b *builder) since(ref clients.Ref) string {
	id := b.r.Facts.Clients[ref].ID
	said, known := b.before.said[id]
	var s []string
	switch rank := b.r.Worth.Clients[ref].Rank; {
	case len(b.r.Before) == 0:
		return b.say("absent")
	case !known:
		s = append(s, b.say("since.new"))
	case said.Rank == 0 && rank > 0:
		s = append(s, b.say("since.not ranked"))
	case said.Rank > 0 && said.Rank != rank:
		s = append(s, b.say("since.rank", said.Rank))
	}
	if j := b.r.Judgement(ref); known && j != nil && j.Verdict != said.Verdict {
		s = append(s, b.say("since.verdict", b.words.Verdict(said.Verdict)))
	}
	if b.before.restated[id] {
		s = append(s, b.say("since.restated"))
	}
	if len(s) == 0 {
		return b.say("since.same")
	}
	return strings.Join(s, "; ")
}

// changes says what is new since the last report, in a few lines.
func (p *front) changes() {
	if len(p.r.Before) == 0 {
		p.heading(p.say("changes"), summaryWidth)
		if p.r.Restatement != nil {
			p.add(xlsx.Text(p.say("changes.no earlier", p.say("sheet.restatement")), p.look.text))
			return
		}
		p.add(xlsx.Text(p.say("changes.no report"), p.look.text))
		return
	}
	p.heading(p.say("changes.since", p.words.Month(p.r.Before[0].Period)), summaryWidth)
	lines := p.next()
	p.named("changes.new", p.newcomers())
	p.named("changes.gone", p.goneSince())
	p.verdicts()
	if p.next() == lines {
		p.add(xlsx.Text(p.say("changes.nothing"), p.look.text))
	}
	p.graded()
}

// graded says how many of our earlier verdicts the months since agree with: of each
// client the latest that they can be held against.
func (p *front) graded() {
	all, held := 0, 0
	for ref := range p.r.Facts.Clients {
		if g := p.latestGrade(clients.Ref(ref)); g != nil {
			all++
			if g.Held.Value {
				held++
			}
		}
	}
	if all > 0 {
		p.add(xlsx.Text(p.say("changes.graded", held, all), p.look.text))
	}
}

// latestGrade is of the latest of our earlier verdicts on a client that can be held
// against the months since; nil where there is none.
func (b *builder) latestGrade(ref clients.Ref) *verdict.Grade {
	all := b.grades(ref)
	for i := range slices.Backward(all) {
		if all[i].Held.Known {
			return &all[i]
		}
	}
	return nil
}

// named adds a line with the names of clients, if there are any.
func (p *front) named(key words.Key, names []string) {
	n := len(names)
	if n == 0 {
		return
	}
	list := strings.Join(names[:min(n, shownChanges)], p.say("comma")+" ")
	if n > shownChanges {
		list = p.say("changes.and more", list, n-shownChanges)
	}
	p.add(xlsx.Text(p.say(key, n, list), p.look.text))
}

// newcomers are the clients of the ranking that the last report did not know.
func (b *builder) newcomers() (names []string) {
	for _, ref := range b.ranked {
		if _, known := b.before.said[b.r.Facts.Clients[ref].ID]; !known {
			names = append(names, b.name(ref))
		}
	}
	return names
}

// goneSince are the clients that the last report ranked, and this one does not:
// they left, or nothing is known of them any more because all that was theirs
// turned out to be another's.
func (b *builder) goneSince() (names []string) {
	for _, ref := range b.gone() {
		if said, known := b.before.said[b.r.Facts.Clients[ref].ID]; known && said.Verdict.Ranked() {
			names = append(names, b.name(ref))
		}
	}
	known := map[clients.ID]bool{}
	for i := range b.r.Facts.Clients {
		known[b.r.Facts.Clients[i].ID] = true
	}
	party := b.parties()
	for i := range b.r.Before {
		if said := &b.r.Before[i]; said.Verdict.Ranked() && !known[said.Client] {
			names = append(names, party(said.Client))
		}
	}
	return names
}

// verdicts adds a line for each of the first clients of the ranking whose verdict
// is another one: those first that now ask for a step.
func (p *front) verdicts() {
	var changed []clients.Ref
	for _, ref := range p.ranked {
		said, known := p.before.said[p.r.Facts.Clients[ref].ID]
		if j := p.r.Judgement(ref); known && j != nil && j.Verdict != said.Verdict {
			changed = append(changed, ref)
		}
	}
	slices.SortStableFunc(changed, func(x, y clients.Ref) int {
		asks := func(ref clients.Ref) int {
			if asksForAStep(p.r.Judgement(ref).Verdict) {
				return 0
			}
			return 1
		}
		return asks(x) - asks(y)
	})
	for _, ref := range changed[:min(len(changed), shownChanges)] {
		was := p.before.said[p.r.Facts.Clients[ref].ID].Verdict
		p.add(xlsx.Text(p.say("changes.verdict", p.name(ref), p.words.Verdict(p.r.Judgement(ref).Verdict), p.words.Verdict(was)), p.look.text))
	}
	if n := len(changed) - shownChanges; n > 0 {
		p.add(xlsx.Text(p.say("changes.more verdicts", n), p.look.text))
	}
}
