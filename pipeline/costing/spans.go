package costing

import (
	"slices"
	"sort"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/money"
)

// span is a run of rows, from to to (not included), of one party in one month
// (or one role and month), and the sum of its rows.
type span[T any] struct {
	client   clients.Ref
	from, to int32
	sum      T
}

// spans groups n rows, sorted by client and then by bucket, into the spans of
// each bucket: clients by ref, then Unmapped, then our own company, so that a
// tie in splitting goes to the smaller client id.
func spans[T any](n, buckets int, key func(row int) (clients.Ref, int), add func(sum T, row int) T) [][]span[T] {
	sizes := make([]int, buckets)
	total := 0
	runs(n, key, func(_ clients.Ref, bucket, _, _ int) { sizes[bucket]++; total++ })
	all, by := make([]span[T], total), make([][]span[T], buckets)
	for i, size := range sizes {
		by[i], all = all[:0:size], all[size:]
	}
	runs(n, key, func(ref clients.Ref, bucket, from, to int) {
		s := span[T]{client: ref, from: int32(from), to: int32(to)}
		for i := from; i < to; i++ {
			s.sum = add(s.sum, i)
		}
		by[bucket] = append(by[bucket], s)
	})
	return by
}

// runs calls do for each run of rows of one client and bucket.
func runs(n int, key func(row int) (clients.Ref, int), do func(ref clients.Ref, bucket, from, to int)) {
	start := func(r clients.Ref) int {
		return sort.Search(n, func(i int) bool { ref, _ := key(i); return ref >= r })
	}
	unmapped, first := start(clients.Unmapped), start(0)
	for _, part := range [...][2]int{{first, n}, {unmapped, first}, {0, unmapped}} {
		for from := part[0]; from < part[1]; {
			ref, bucket := key(from)
			to := from + 1
			for ; to < part[1]; to++ {
				if r, b := key(to); r != ref || b != bucket {
					break
				}
			}
			do(ref, bucket, from, to)
			from = to
		}
	}
}

// settleKinds makes the rows of a span whole minor units that add up to their total:
// the kinds of rows first, then those of each kind, which differ by the name alone
// under which the client came. So what a client's own errors cost, say, does not
// hang on how many ways its name is written.
func settleKinds[T any](rows []money.Amount, from, to int, total money.Amount, kind func(row int) uint64, value func(row int) T,
	add func(a, b T) T, settle func([]T, money.Amount) ([]money.Amount, error)) error {
	kinds, sums, one := make([]uint64, 0, 8), make([]T, 0, 8), true
	for i := from; i < to; i++ {
		k := kind(i)
		at, known := slices.BinarySearch(kinds, k)
		one = one && at == len(kinds) // under one name each row is of a kind of its own, in order
		if known {
			sums[at] = add(sums[at], value(i))
		} else {
			kinds, sums = slices.Insert(kinds, at, k), slices.Insert(sums, at, value(i))
		}
	}
	parts, err := settle(sums, total)
	if err != nil || one {
		copy(rows[from:to], parts)
		return err
	}
	for at, k := range kinds {
		var of []int
		var values []T
		for i := from; i < to; i++ {
			if kind(i) == k {
				of, values = append(of, i), append(values, value(i))
			}
		}
		settled, err := settle(values, parts[at])
		if err != nil {
			return err
		}
		for n, i := range of {
			rows[i] = settled[n]
		}
	}
	return nil
}

// kindOf numbers a kind of rows in the order in which facts have them.
func kindOf(of uint64, marks ...bool) uint64 {
	for _, m := range marks {
		if of <<= 1; m {
			of++
		}
	}
	return of
}

// settleRows makes exact amounts of n rows whole minor units: each bucket's total
// once, then its spans, then the kinds and rows of each span, so that all levels add up.
// It returns the rows' amounts and the sum of the buckets' totals.
func settleRows(c money.Currency, n, buckets int, key func(row int) (clients.Ref, int), kind func(row int) uint64, value func(row int) money.Exact) (rows []money.Amount, total money.Amount, err error) {
	rows = make([]money.Amount, n)
	var sums []money.Exact
	for _, bucket := range spans(n, buckets, key, func(sum money.Exact, row int) money.Exact { return sum.Add(value(row)) }) {
		sums = sums[:0]
		for _, s := range bucket {
			sums = append(sums, s.sum)
		}
		parts, sum, err := money.Settle(c, sums)
		if err != nil {
			return nil, 0, err
		}
		total += sum
		for k, s := range bucket {
			rows[s.from] = parts[k]
		}
	}
	settle := func(exact []money.Exact, total money.Amount) ([]money.Amount, error) {
		return money.SettleTo(c, exact, total)
	}
	runs(n, key, func(_ clients.Ref, _, from, to int) {
		if to > from+1 && err == nil {
			err = settleKinds(rows, from, to, rows[from], kind, value, money.Exact.Add, settle)
		}
	})
	return rows, total, err
}
