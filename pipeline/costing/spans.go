package costing

import (
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

// settleRows makes exact amounts of n rows whole minor units: each bucket's total
// once, then its spans, then the rows of each span, so that all levels add up.
// It returns the rows' amounts and the sum of the buckets' totals.
func settleRows(c money.Currency, n, buckets int, key func(row int) (clients.Ref, int), value func(row int) money.Exact) (rows []money.Amount, total money.Amount, err error) {
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
	var exact []money.Exact
	runs(n, key, func(_ clients.Ref, _, from, to int) {
		if to == from+1 || err != nil {
			return
		}
		exact = exact[:0]
		for i := from; i < to; i++ {
			exact = append(exact, value(i))
		}
		var of []money.Amount
		of, err = money.SettleTo(c, exact, rows[from])
		copy(rows[from:to], of)
	})
	return rows, total, err
}
