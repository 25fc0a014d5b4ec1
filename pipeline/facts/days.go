package facts

import (
	"cmp"
	"fmt"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/period"
)

// Nobody works more than 24 hours a day. Where an export says so, a unit is
// wrong, an entry was typed wrongly, or a name stands for several people.

const fullDay = 24 * measure.Hours(measure.Million)

// mostDays is how many days of people one worker remembers. If there are more,
// what the export calls an agent is no person, and none is reported.
const mostDays = 1 << 19

// personDay is a day of a person, by the fingerprint of the name: a name is
// never written to a report.
type personDay struct {
	person uint64
	day    period.Day
}

// dayWork is what was worked on a day, and the first entry of it.
type dayWork struct {
	hours measure.Hours
	first rowPlace
}

type rowPlace struct {
	file int
	line int64
}

func (p rowPlace) compare(o rowPlace) int {
	return cmp.Or(cmp.Compare(p.file, o.file), cmp.Compare(p.line, o.line))
}

func (w *dayWork) join(o dayWork) {
	if w.first.line == 0 || o.first.compare(w.first) < 0 {
		w.first = o.first
	}
	w.hours += o.hours
}

// dayBook adds up the hours of each person and day that one worker meets.
type dayBook struct {
	*ground
	export *exports.Export
	days   map[personDay]*dayWork
	long   *finding.Log // entries that are too long by themselves, of nobody in particular

	file int
	open []openDay // by code of the agent in that file
}

// openDay is the day of an agent that was read last: entries often stand in the
// order of their days.
type openDay struct {
	day  period.Day
	work *dayWork
}

func newDayBook(g *ground, e *exports.Export) *dayBook {
	return &dayBook{ground: g, export: e, days: map[personDay]*dayWork{}, long: &finding.Log{}}
}

// look adds the entries of a batch.
func (b *dayBook) look(batch exports.Batch) {
	if b.file != batch.File {
		b.file, b.open = batch.File, b.open[:0]
	}
	agents, days, hours := namesOf(batch, b.export, "agent"), daysOf(batch, b.export, "date"), wholesOf(batch, b.export, "hours")
	lines := linesOf(batch)
	for row, line := range lines {
		worked, ok := hours.at(row)
		if !ok || b.superseded(batch, row) {
			continue
		}
		one := dayWork{hours: measure.Hours(worked), first: rowPlace{batch.File, line}}
		switch code := agents.code(row); {
		case code == 0 && one.hours > fullDay:
			b.long.Add(one.found(b.export, fmt.Sprintf("%v in one entry", one.hours)))
		case code != 0 && len(b.days) <= mostDays:
			b.dayOf(&agents, code, days.at(row)).join(one)
		}
	}
}

func (b *dayBook) dayOf(agents *nameColumn, code uint32, day period.Day) *dayWork {
	for len(b.open) <= int(code) {
		b.open = append(b.open, openDay{})
	}
	open := &b.open[code]
	if open.work == nil || open.day != day {
		key := personDay{fingerprint(4, agents.word(code)), day}
		if b.days[key] == nil {
			b.days[key] = &dayWork{}
		}
		*open = openDay{day, b.days[key]}
	}
	return open.work
}

// reportDays reports the days that are too long, as all workers met them.
func (g *gathering) reportDays(parts []*support) {
	var all *dayBook
	for _, s := range parts {
		switch {
		case s == nil:
		case all == nil:
			all = s.dayBook
		default:
			for key, work := range s.dayBook.days {
				if all.days[key] == nil {
					all.days[key] = &dayWork{}
				}
				all.days[key].join(*work)
			}
		}
		if s != nil {
			g.findings.Merge(s.dayBook.long)
		}
	}
	if all == nil || len(all.days) > mostDays {
		return
	}
	for key, work := range all.days {
		if work.hours > fullDay {
			g.findings.Add(work.found(all.export, fmt.Sprintf("%v on %s, with other entries of the day", work.hours, key.day)))
		}
	}
}

// found is the finding of a day that is too long.
func (w *dayWork) found(e *exports.Export, detail string) finding.Finding {
	return finding.Finding{Rule: ruleLongDay, Place: e.Place(w.first.file, w.first.line, "hours"), Detail: detail, Hours: w.hours}
}
