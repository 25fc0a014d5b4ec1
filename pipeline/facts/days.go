package facts

import (
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

// dayWork is what one person worked on a day, and the first entry of it.
type dayWork struct {
	hours measure.Hours
	day   period.Day
	first rowPlace // 0 is none yet
}

// rowPlace is the file and line of a row, in their order.
type rowPlace uint64

const lineBits = 44

func placeOf(file int, line int64) rowPlace { return rowPlace(file)<<lineBits | rowPlace(line) }

func (p rowPlace) place() (file int, line int64) {
	return int(p >> lineBits), int64(p & (1<<lineBits - 1))
}

func (w *dayWork) join(o dayWork) {
	if w.first == 0 || o.first < w.first {
		w.first = o.first
	}
	w.hours += o.hours
	w.day = o.day
}

// dayBook adds up the hours of each person and day that one worker meets. A
// person is known by the fingerprint of the name, which is never written to a
// report.
type dayBook struct {
	*ground
	export *exports.Export
	days   table[dayWork]
	crowd  bool         // there were more than mostDays, and none is kept
	long   *finding.Log // entries that are too long by themselves, of nobody in particular

	people  []uint64 // by code of the agent
	edition int      // of the dictionary
	keys    [blockRows]uint64
	at      [blockRows]uint32
	works   [blockRows]dayWork
	n       int
}

func newDayBook(g *ground, e *exports.Export) *dayBook {
	return &dayBook{ground: g, export: e, long: &finding.Log{}}
}

// look adds the entries of a batch.
func (b *dayBook) look(batch exports.Batch) {
	agents, days, hours := namesOf(batch, b.export, "agent"), daysOf(batch, b.export, "date"), wholesOf(batch, b.export, "hours")
	b.meet(&agents)
	for row, line := range linesOf(batch) {
		worked, ok := hours.at(row)
		if !ok || b.superseded(batch.File, line) {
			continue
		}
		one := dayWork{hours: measure.Hours(worked), day: days.at(row), first: placeOf(batch.File, line)}
		switch code := agents.code(row); {
		case code == 0 && one.hours > fullDay:
			b.long.Add(one.found(b.export, fmt.Sprintf("%v in one entry", one.hours)))
		case code != 0 && !b.crowd:
			b.keys[b.n], b.works[b.n] = personDay(b.people[code], one.day), one
			if b.n++; b.n == blockRows {
				b.sum()
			}
		}
	}
	b.sum()
}

// meet learns the agents of a batch that are new.
func (b *dayBook) meet(agents *nameColumn) {
	if agents.words == nil {
		return
	}
	if b.edition != agents.edition {
		b.edition, b.people = agents.edition, b.people[:0]
	}
	for code := len(b.people); code <= agents.words.Len(); code++ {
		b.people = append(b.people, fingerprint(4, agents.word(uint32(code))))
	}
}

// personDay is the key of a day of a person: in its highest bits, as a table has
// it, some of the month.
func personDay(person uint64, d period.Day) uint64 {
	return uint64(d)>>5<<monthShift | mix(person^uint64(d))>>(64-monthShift)
}

// sum adds the entries that wait.
func (b *dayBook) sum() {
	b.days.findAll(b.keys[:b.n], b.at[:b.n])
	for i, at := range b.at[:b.n] {
		b.days.sum(b.keys[i], int(at)).join(b.works[i])
	}
	b.n = 0
	if b.days.len() > mostDays {
		b.crowd, b.days = true, table[dayWork]{}
	}
}

// reportDays reports the days that are too long, as all workers met them.
func reportDays(books []*dayBook, log *finding.Log) {
	all := books[0]
	for _, b := range books {
		log.Merge(b.long)
		all.crowd = all.crowd || b.crowd
	}
	if all.crowd {
		return
	}
	for _, b := range books[1:] {
		all.days.merge(&b.days, nil, func(_ uint64, to, from *dayWork) { to.join(*from) })
	}
	if all.days.len() > mostDays {
		return
	}
	all.days.drain(func(_ uint64, work *dayWork) {
		if work.hours > fullDay {
			log.Add(work.found(all.export, work.hours.String()+" on "+work.day.String()+", with other entries of the day"))
		}
	})
}

// found is the finding of a day that is too long.
func (w *dayWork) found(e *exports.Export, detail string) finding.Finding {
	file, line := w.first.place()
	return finding.Finding{Rule: ruleLongDay, Place: e.Place(file, line, "hours"), Detail: detail, Hours: w.hours}
}
