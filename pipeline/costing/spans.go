package costing

import (
	"sort"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/money"
)

// span is a run of rows, from to to (not included), of one party in one month
// (or one role and month).
type span struct{ from, to int32 }

// spans groups n rows, sorted by client and then by bucket, into the spans of
// each bucket: clients by ref, then Unmapped, then our own company, so that a
// tie in splitting goes to the smaller client id.
func spans(n, buckets int, key func(row int) (clients.Ref, int)) [][]span {
	from := func(r clients.Ref) int {
		return sort.Search(n, func(i int) bool { ref, _ := key(i); return ref >= r })
	}
	unmapped, first := from(clients.Unmapped), from(0)
	each := func(yield func(bucket int, s span)) {
		for _, part := range [...][2]int{{first, n}, {unmapped, first}, {0, unmapped}} {
			for i := part[0]; i < part[1]; {
				ref, bucket := key(i)
				j := i + 1
				for ; j < part[1]; j++ {
					if r, b := key(j); r != ref || b != bucket {
						break
					}
				}
				yield(bucket, span{int32(i), int32(j)})
				i = j
			}
		}
	}
	sizes := make([]int, buckets)
	total := 0
	each(func(bucket int, _ span) { sizes[bucket]++; total++ })
	all, by := make([]span, total), make([][]span, buckets)
	for i, size := range sizes {
		by[i], all = all[:0:size], all[size:]
	}
	each(func(bucket int, s span) { by[bucket] = append(by[bucket], s) })
	return by
}

// settleRows makes exact amounts of n rows whole minor units: each bucket's total
// once, then its spans, then the rows of each span, so that all levels add up.
// It returns the rows' amounts and the sum of the buckets' totals.
func settleRows(c money.Currency, n int, by [][]span, value func(row int) money.Exact) (rows []money.Amount, total money.Amount, err error) {
	rows = make([]money.Amount, n)
	var sums, exact []money.Exact
	for _, bucket := range by {
		sums = sums[:0]
		for _, s := range bucket {
			sum := value(int(s.from))
			for i := s.from + 1; i < s.to; i++ {
				sum = sum.Add(value(int(i)))
			}
			sums = append(sums, sum)
		}
		parts, sum, err := money.Settle(c, sums)
		if err != nil {
			return nil, 0, err
		}
		total += sum
		for k, s := range bucket {
			if s.to == s.from+1 {
				rows[s.from] = parts[k]
				continue
			}
			exact = exact[:0]
			for i := s.from; i < s.to; i++ {
				exact = append(exact, value(int(i)))
			}
			of, err := money.SettleTo(c, exact, parts[k])
			if err != nil {
				return nil, 0, err
			}
			copy(rows[s.from:s.to], of)
		}
	}
	return rows, total, nil
}
