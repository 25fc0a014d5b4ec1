package facts

import "clientworth/pipeline/measure"

// mentions are documents or tickets of one worker on their way into a set. They
// wait by shard and go in some dozens at a time: the shard is locked once for all
// of them, and the waits for its memory overlap.
type mentions struct {
	set      *distinct
	hours    bool      // hours are summed by ticket
	accounts *accounts // of the tickets
	counts   counts    // of those that the set did not have yet
	waiting  []*room   // by shard
}

func newMentions(set *distinct, counts counts) mentions {
	return mentions{set: set, counts: counts, waiting: make([]*room, len(set.shards))}
}

// room is where mentions of a shard wait.
type room struct {
	mentions [manyWait]mention
	n        int
}

// mention says that a document or ticket was met.
type mention struct {
	print uint64
	cell  uint64 // account and month that it is counted for, as countKey packs them
	hours measure.Hours
	own   measure.Hours // of them, those of own errors
}

// manyWait is how many mentions of a shard wait before they go in.
const manyWait = 64

func (q *mentions) add(m *mention) {
	shard := shardOf(m)
	w := q.waiting[shard]
	if w == nil {
		w = &room{}
		q.waiting[shard] = w
	}
	w.mentions[w.n] = *m
	if w.n++; w.n == manyWait {
		q.settle(shard)
	}
}

// settleAll lets in whatever still waits.
func (q *mentions) settleAll() {
	for shard, w := range q.waiting {
		if w != nil {
			q.settle(shard)
		}
	}
}

func (q *mentions) settle(shard int) {
	w := q.waiting[shard]
	waiting := w.mentions[:w.n]
	w.n = 0
	var cells [manyWait]uint64 // of those that are fresh
	n := 0
	s := &q.set.shards[shard]
	s.mu.Lock()
	q.set.room(shard, len(waiting))
	s.reach(waiting, q.hours)
	for i := range waiting {
		m := &waiting[i]
		at, isFresh := s.insert(m.print)
		if q.hours {
			s.addHours(at, m.hours)
			if m.own != 0 {
				s.addOwn(m, q.accounts)
			}
		}
		if isFresh {
			cells[n] = m.cell
			n++
		}
	}
	s.mu.Unlock()
	for _, cell := range cells[:n] {
		account, month := unpackCount(cell)
		q.counts.add(account, month, 1)
	}
}
