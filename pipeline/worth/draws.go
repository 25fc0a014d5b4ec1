package worth

import (
	"math"
	"math/rand/v2"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/measure"

	"gonum.org/v1/gonum/stat/distuv"
)

// drawRanks draws all gaps jointly many times, ranks the clients by gap in each
// draw, and publishes between which ranks a client lies: the 5 and 95 % nearest
// ranks for intervals of 90 %. What is common to several clients is drawn once
// for all of them: the error of a role's rate, a group's mean and how much its
// members differ. Those that left are out; a client whose gap is not estimated
// stands at its gap and gets no interval.
func drawRanks(p *Portfolio, known []*evidence, groups []*group, roles int) {
	draws := p.Options.Draws
	if draws < 1 || len(known) == 0 {
		return
	}
	l := lineUp(p, known)
	tail := (1 - p.Options.Confide.Float()) / 2
	low := newLowest(len(l.clients), nearestRank(tail, draws))
	high := newLowest(len(l.clients), draws-nearestRank(1-tail, draws)+1)
	ranks := make([]int32, len(l.clients)*batch) // of a batch of draws, client by client
	for from := 0; from < draws; from += batch {
		n := min(batch, draws-from)
		for d := range n {
			rng := rand.New(rand.NewPCG(p.Options.Seed, uint64(from+d)))
			l.draw(rng, commonsOf(groups, 1-(float64(from+d)+0.5)/float64(draws), rng), normals(max(roles, 1), rng))
			for rank, key := range l.descending() {
				ranks[int(uint32(key))*batch+d] = int32(rank + 1)
			}
		}
		for i := range l.clients {
			low.add(i, ranks[i*batch:i*batch+n], 1)
			high.add(i, ranks[i*batch:i*batch+n], -1)
		}
	}
	for i, ref := range l.clients {
		if l.evidence[i] != nil {
			w := &p.Clients[ref]
			w.RankLow, w.RankHigh = measure.Some(int(low.last(i))), measure.Some(int(-high.last(i)))
		}
	}
}

// batch is how many draws are ranked before the ranks are sifted client by
// client: memory is then walked in order, and a client's batch is one cache line.
const batch = 16

// nearestRank is the position, from 1, of a percentile among n sorted values.
func nearestRank(share float64, n int) int {
	return min(max(int(math.Ceil(share*float64(n)-1e-9)), 1), n)
}

func normals(n int, rng *rand.Rand) []float64 {
	z := make([]float64, n)
	for i := range z {
		z[i] = rng.NormFloat64()
	}
	return z
}

// common is what the members of a group share in one draw.
type common struct {
	step *stretch // nil: nothing
	mean float64
}

// commonsOf draws what each group shares. How much its members differ is taken
// at a quantile of its posterior, so that the draws together cover it evenly; the
// largest first, so that the outermost ranks come early and are soon sifted.
func commonsOf(groups []*group, quantile float64, rng *rand.Rand) []common {
	all := make([]common, len(groups))
	for i, g := range groups {
		if g.grid == nil {
			continue
		}
		at, sum := 0, g.grid[0].weight
		for sum < quantile && at < len(g.grid)-1 {
			at++
			sum += g.grid[at].weight
		}
		st := &g.grid[at]
		all[i] = common{step: st, mean: st.mean + math.Sqrt(st.variance)*rng.NormFloat64()}
	}
	return all
}

// lineup is the clients that are still there, in the published order, so that
// equal gaps rank as published.
type lineup struct {
	clients  []clients.Ref
	evidence []*evidence // nil: not estimated
	steps    []*stretch  // that the laws of a group's members are for, by group
	laws     []law
	gaps     []float64
	from, to []uint64 // room for sorting
}

// law is how a client's gap is drawn: base + pull * the group's mean + scatter *
// Student t + the errors of rates.
type law struct {
	base, pull, scatter float64
	student             *[studentSteps]float64
	rate                exposure   // of the first role
	rates               []exposure // of the others
	group               int
}

func lineUp(p *Portfolio, known []*evidence) *lineup {
	byClient := make([]*evidence, len(p.Clients))
	groups := 0
	for _, e := range known {
		byClient[e.client] = e
		groups = max(groups, e.group.number+1)
	}
	l := &lineup{steps: make([]*stretch, groups)}
	tables := map[int]*[studentSteps]float64{}
	for _, ref := range p.Order {
		w := &p.Clients[ref]
		if w.Standing != Present {
			continue
		}
		var k law
		e := byClient[ref]
		if e != nil {
			nu := int(e.group.freedom(&e.sample))
			if tables[nu] == nil {
				tables[nu] = studentTable(nu)
			}
			k = law{student: tables[nu], group: e.group.number}
			if len(e.rates) > 0 {
				k.rate, k.rates = e.rates[0], e.rates[1:]
			}
			k.base, k.scatter = e.mean*e.window(), math.Sqrt(e.group.error2(&e.sample))*e.window()
		}
		l.clients = append(l.clients, ref)
		l.evidence = append(l.evidence, e)
		l.laws = append(l.laws, k)
		l.gaps = append(l.gaps, w.Gap.Float())
	}
	l.from, l.to = make([]uint64, len(l.gaps)), make([]uint64, len(l.gaps))
	return l
}

// Student t is drawn from tables of 1024 values of equal probability, so that
// one random word gives six draws.
const (
	studentBits  = 10
	studentSteps = 1 << studentBits
)

func studentTable(nu int) *[studentSteps]float64 {
	t := distuv.StudentsT{Sigma: 1, Nu: float64(nu)}
	var steps [studentSteps]float64
	for i := range studentSteps / 2 {
		q := t.Quantile((float64(i) + 0.5) / studentSteps)
		steps[i], steps[studentSteps-1-i] = q, -q
	}
	return &steps
}

// draw draws the gaps of all clients.
func (l *lineup) draw(rng *rand.Rand, commons []common, rates []float64) {
	l.follow(commons)
	var word uint64
	left := 0
	for i := range l.laws {
		k := &l.laws[i]
		if k.student == nil {
			continue
		}
		if left == 0 {
			word, left = rng.Uint64(), 64/studentBits
		}
		gap := k.base + k.pull*commons[k.group].mean + k.scatter*k.student[word%studentSteps] + k.rate.moves*rates[k.rate.role]
		word >>= studentBits
		left--
		for _, x := range k.rates {
			gap += x.moves * rates[x.role]
		}
		l.gaps[i] = gap
	}
}

// follow prepares the laws of those whose group has taken another step of its
// grid since the draw before.
func (l *lineup) follow(commons []common) {
	moved := make([]bool, len(l.steps))
	some := false
	for g := range l.steps {
		moved[g] = l.steps[g] != commons[g].step
		some = some || moved[g]
		l.steps[g] = commons[g].step
	}
	if !some {
		return
	}
	for i, e := range l.evidence {
		if e == nil || !moved[e.group.number] {
			continue
		}
		e2 := e.group.error2(&e.sample)
		b := l.steps[e.group.number].trust(e2)
		k := &l.laws[i]
		k.base, k.pull, k.scatter = b*e.mean*e.window(), (1-b)*e.window(), math.Sqrt(b*e2)*e.window()
	}
}

// descending returns the clients by gap, largest first, ties as they stand; the
// low 32 bits of each value are the position in the line. It sorts by radix:
// comparing would take most of the time. Gaps are compared as float32, which
// tells apart a cent in 160,000 units.
func (l *lineup) descending() []uint64 {
	const digit, mask = 11, 1<<11 - 1
	var counts [3][mask + 1]uint32
	for i, gap := range l.gaps {
		bits := math.Float32bits(float32(gap) + 0) // + 0: no negative zero
		if bits>>31 == 0 {
			bits = ^bits &^ (1 << 31) // descending, before all negative ones
		}
		l.from[i] = uint64(bits)<<32 | uint64(i)
		counts[0][bits&mask]++
		counts[1][bits>>digit&mask]++
		counts[2][bits>>(2*digit)]++
	}
	for pass := range counts {
		at := &counts[pass]
		sum := uint32(0)
		for d, n := range at {
			at[d], sum = sum, sum+n
		}
		shift := 32 + pass*digit
		for _, v := range l.from {
			d := v >> shift & mask
			l.to[at[d]] = v
			at[d]++
		}
		l.from, l.to = l.to, l.from
	}
	return l.from
}
