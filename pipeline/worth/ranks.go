package worth

import (
	"math"
	"math/rand/v2"
	"sort"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/cores"
	"clientworth/pipeline/measure"

	"gonum.org/v1/gonum/stat/distuv"
)

// mostDrawn is how many gaps are drawn at most: with many clients, fewer draws
// of all of them do, since each client counts in each draw with all that its own
// gap could be.
const mostDrawn = 2_000_000

// leastDraws is how many draws there are at least, if so many are asked for.
const leastDraws = 64

// drawRanks says between which ranks each client lies. All gaps are drawn jointly
// many times; in each draw the client's own gap is then let go, and the gaps of
// the others say how probable each rank is. Averaged over the draws, that is the
// distribution of its rank, whose 5 and 95 % points are published for intervals
// of 90 %. Those that left are out; a client whose gap is not estimated stands at
// its gap and gets no interval.
func drawRanks(p *Portfolio, known []*evidence, groups []*group, roles int) {
	if p.Options.Draws < 1 || len(known) == 0 {
		return
	}
	l := lineUp(p, known)
	if len(l.clients) == 0 {
		return // all have left
	}
	draws := min(p.Options.Draws, max(leastDraws, mostDrawn/len(l.clients)))
	l.common = commonOf(groups, roles, draws, p.Options.Seed)
	l.draw(p.Options.Seed)
	l.sort()
	tail := (1 - p.Options.Confide.Float()) / 2
	l.each(func(i int, at, width []float32) {
		if l.evidence[i] != nil {
			s := l.standing(i, at, width)
			w := &p.Clients[l.clients[i]]
			w.RankLow, w.RankHigh = measure.Some(s.rank(tail)), measure.Some(s.rank(1-tail))
		}
	})
}

// common is what several clients share, by draw: how much the members of a group
// differ, its mean, and the errors of the rates. Each is drawn evenly over its
// distribution, and in an order of its own.
type common struct {
	n     int
	steps [][]*stretch // by group; nil: its means are not pooled
	means [][]float64  // by group
	rates [][]float64  // by role
}

func commonOf(groups []*group, roles, n int, seed uint64) common {
	rng := rand.New(rand.NewPCG(seed, math.MaxUint64))
	w := common{n: n, steps: make([][]*stretch, len(groups)), means: make([][]float64, len(groups)), rates: make([][]float64, roles)}
	for i, g := range groups {
		if g.grid == nil {
			continue
		}
		w.steps[i], w.means[i] = make([]*stretch, n), evenly(n, rng)
		at, sum := 0, g.grid[0].weight
		order := rng.Perm(n)
		for d := range n {
			for sum < (float64(d)+0.5)/float64(n) && at < len(g.grid)-1 {
				at++
				sum += g.grid[at].weight
			}
			w.steps[i][order[d]] = &g.grid[at]
		}
		for d, st := range w.steps[i] {
			w.means[i][d] = st.mean + math.Sqrt(st.variance)*w.means[i][d]
		}
	}
	for role := range w.rates {
		w.rates[role] = evenly(n, rng)
	}
	return w
}

// evenly returns n values of the normal distribution, one from the middle of each
// n-th part of it, in any order.
func evenly(n int, rng *rand.Rand) []float64 {
	z := make([]float64, n)
	for i, part := range rng.Perm(n) {
		z[i] = distuv.UnitNormal.Quantile((float64(part) + 0.5) / float64(n))
	}
	return z
}

// lineup is the clients that are still there. Their gaps are float32, which tells
// apart a cent in 160,000 units.
type lineup struct {
	common
	clients  []clients.Ref
	evidence []*evidence // nil: not estimated
	students []*student
	gaps     []float32 // as published
	drawn    []float32 // by client, then draw
	sorted   []float32 // by rank, then draw
	middle   []float32 // one of the draws, by rank
}

// each does something for every client, side by side, with room for two values of
// each draw.
func (l *lineup) each(do func(i int, at, width []float32)) {
	side(len(l.clients), 64, func(first, last int) {
		at, width := make([]float32, l.n), make([]float32, l.n)
		for i := first; i < last; i++ {
			do(i, at, width)
		}
	})
}

// side is cores.Each for what cannot fail.
func side(n, some int, do func(first, last int)) {
	_ = cores.Each(n, some, func(first, last int) error {
		do(first, last)
		return nil
	})
}

func lineUp(p *Portfolio, known []*evidence) *lineup {
	byClient := make([]*evidence, len(p.Clients))
	for _, e := range known {
		byClient[e.client] = e
	}
	l := &lineup{}
	students := map[int]*student{}
	for _, ref := range p.Order {
		w := &p.Clients[ref]
		if w.Standing != Present {
			continue
		}
		var st *student
		e := byClient[ref]
		if e != nil {
			nu := int(e.group.freedom(&e.sample))
			if st = students[nu]; st == nil {
				st = studentOf(nu)
				students[nu] = st
			}
		}
		l.clients = append(l.clients, ref)
		l.evidence = append(l.evidence, e)
		l.students = append(l.students, st)
		l.gaps = append(l.gaps, float32(w.Gap))
	}
	return l
}

// law sets how the gap of a client scatters in each draw: at + width * Student t.
func (l *lineup) law(e *evidence, at, width []float32) {
	e2, window := e.group.error2(&e.sample), e.window()
	steps, means := l.steps[e.group.number], l.means[e.group.number]
	for d := range at {
		mean, b := e.mean, 1.0
		if steps != nil {
			b = steps[d].trust(e2)
			mean = b*mean + (1-b)*means[d]
		}
		gap := mean * window
		for _, x := range e.rates {
			gap += x.moves * l.rates[x.role][d]
		}
		at[d], width[d] = float32(gap), float32(math.Sqrt(b*e2)*window)
	}
}

// draw draws the gaps of all clients. Each client has its own stream of chance.
func (l *lineup) draw(seed uint64) {
	l.drawn = make([]float32, len(l.clients)*l.n)
	l.each(func(i int, at, width []float32) {
		gaps, e := l.drawn[i*l.n:][:l.n], l.evidence[i]
		if e == nil {
			for d := range gaps {
				gaps[d] = l.gaps[i]
			}
			return
		}
		l.law(e, at, width)
		rng := rand.NewPCG(seed, uint64(l.clients[i]))
		t := &l.students[i].quantiles
		var word uint64
		for d := range gaps {
			if d%(64/studentBits) == 0 {
				word = rng.Uint64()
			}
			gaps[d] = at[d] + width[d]*t[word%studentSteps]
			word >>= studentBits
		}
	})
}

// sort sorts the gaps of each draw, the largest first. Some draws are sorted in
// turn before their columns are written, so that memory is walked in order.
func (l *lineup) sort() {
	n := len(l.clients)
	l.sorted = make([]float32, n*l.n)
	side(l.n, 16, func(from, to int) {
		columns, room := make([]uint32, (to-from)*n), make([]uint32, n)
		for i := range n {
			for d, gap := range l.drawn[i*l.n+from : i*l.n+to] {
				columns[d*n+i] = descending(gap)
			}
		}
		for d := range to - from {
			radix(columns[d*n:][:n], room)
		}
		for i := range n {
			row := l.sorted[i*l.n+from : i*l.n+to]
			for d := range row {
				row[d] = ascending(columns[d*n+i])
			}
		}
	})
	l.middle = make([]float32, n)
	for i := range l.middle {
		l.middle[i] = l.sorted[i*l.n+l.n/2]
	}
}

// descending returns the bits of a number so that the largest comes first, and
// ascending undoes it.
func descending(v float32) uint32 {
	bits := math.Float32bits(v + 0) // + 0: no negative zero
	if bits>>31 == 0 {
		return ^bits &^ (1 << 31) // before all negative ones
	}
	return bits
}

func ascending(bits uint32) float32 {
	if bits>>31 == 0 {
		bits = ^bits &^ (1 << 31)
	}
	return math.Float32frombits(bits)
}

// radix sorts values, by digits: comparing would take most of the time.
func radix(values, room []uint32) {
	const digit, mask = 11, 1<<11 - 1
	var counts [3][mask + 1]uint32
	for _, v := range values {
		counts[0][v&mask]++
		counts[1][v>>digit&mask]++
		counts[2][v>>(2*digit)]++
	}
	from, to := values, room
	for pass := range counts {
		at := &counts[pass]
		sum := uint32(0)
		for d, n := range at {
			at[d], sum = sum, sum+n
		}
		for _, v := range from {
			d := v >> (pass * digit) & mask
			to[at[d]] = v
			at[d]++
		}
		from, to = to, from
	}
	copy(values, from)
}

// standing is how a client stands among the others.
type standing struct {
	*lineup
	own  []float32 // as drawn
	at   []float32 // its law, by draw
	over []float32 // 1 / width; infinite where the gap is certain
	*student
}

func (l *lineup) standing(i int, at, over []float32) *standing {
	l.law(l.evidence[i], at, over)
	for d, width := range over {
		over[d] = 1 / width
	}
	return &standing{l, l.drawn[i*l.n:][:l.n], at, over, l.students[i]}
}

// within is the probability of one of the first ranks: that the gap is no smaller
// than the last of so many others.
func (s *standing) within(rank int) float64 {
	if rank >= len(s.clients) {
		return 1
	}
	last := s.sorted[(rank-1)*s.n:][:s.n]
	next := s.sorted[rank*s.n:][:s.n]
	var sum float64
	for d, gap := range last {
		if s.own[d] >= gap { // the client itself is one of them
			gap = next[d]
		}
		sum += s.below((s.at[d] - gap) * s.over[d])
	}
	return sum / float64(s.n)
}

// rank is the least rank within which the client lies with a probability. It is
// looked for from where one of the draws would put it.
func (s *standing) rank(p float64) int {
	low, high := 0, len(s.clients) // within(low) < p <= within(high)
	below, above := 0.0, 1.0
	at, step := s.guess(p), 1+len(s.clients)/100
	for tries := 1; high-low > 1; tries++ {
		at = min(max(at, low+1), high-1)
		if v := s.within(at); v < p {
			low, below = at, v
			at += step
		} else {
			high, above = at, v
			at -= step
		}
		step *= 2
		switch bracketed := low > 0 && high < len(s.clients); {
		case tries%3 == 0:
			at = (low + high) / 2
		case bracketed:
			at = low + int((p-below)/(above-below)*float64(high-low))
		}
	}
	return high
}

func (s *standing) guess(p float64) int {
	d := s.n / 2
	gap := s.at[d] - s.quantiles[int(p*studentSteps)]/s.over[d]
	return sort.Search(len(s.middle), func(i int) bool { return s.middle[i] <= gap })
}
