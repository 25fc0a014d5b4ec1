package facts

import "clientworth/pipeline/clients"

// mentions are documents or tickets of one worker on their way into a set. They
// wait by shard and go in some dozens at a time: the shard is locked once for all
// of them, and the waits for its memory overlap.
type mentions struct {
	set     *distinct
	hours   bool // hours are summed by ticket
	counts  *table[count]
	count   func(*count) // counts one that the set did not have yet
	waiting [1 << shardBits][]mention
}

// mention says that a document or ticket was met.
type mention struct {
	print uint64
	cell  uint64 // account and month that it is counted for, as countKey packs them
	owner clients.Ref
	ours  bool // an own error is among its entries
	hours ticketHours
	own   ticketHours
}

// manyWait is how many mentions of a shard wait before they go in.
const manyWait = 64

func (q *mentions) add(m mention) {
	m.print = max(m.print, 1)
	shard := m.print >> (64 - shardBits)
	w := &q.waiting[shard]
	if *w == nil {
		*w = make([]mention, 0, manyWait)
	}
	if *w = append(*w, m); len(*w) == manyWait {
		q.settle(int(shard))
	}
}

// settleAll lets in whatever still waits.
func (q *mentions) settleAll() {
	for shard := range q.waiting {
		q.settle(shard)
	}
}

func (q *mentions) settle(shard int) {
	waiting := q.waiting[shard]
	var cells [manyWait]uint64 // of those that are fresh
	n := 0
	s := &q.set.shards[shard]
	s.mu.Lock()
	for i := range waiting {
		m := &waiting[i]
		slot, isFresh := s.insert(m.print)
		if q.hours {
			s.addHours(slot, m)
		}
		if isFresh {
			cells[n] = m.cell
			n++
		}
	}
	s.mu.Unlock()
	var at [manyWait]uint32
	q.counts.findAll(cells[:n], at[:n])
	for _, i := range at[:n] {
		q.count(&q.counts.entry(int(i)).sum)
	}
	q.waiting[shard] = waiting[:0]
}
