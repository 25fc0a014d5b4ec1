package exports

import "github.com/apache/arrow/go/v17/arrow/decimal128"

// quickEight is quickNumber for a run of fields, eight at a time. The numbers go
// to one of the two. It stops at the first that cannot be read quickly, and returns
// how many it read. n is not 0.
//
//go:noescape
func quickEight(to *int64, wide *decimal128.Num, fields *span, n int, data *byte, point byte) (done int)

// quickDecimals and quickInts read numbers up to the first that is none of the
// commonest, and return how many they read.
func quickDecimals(to []decimal128.Num, data []byte, fields []span, point byte) int {
	if !avx512 || len(fields) == 0 {
		return 0
	}
	to = to[:len(fields)] // the assembler does not ask
	return quickEight(nil, &to[0], &fields[0], len(fields), &data[0], point)
}

func quickInts(to []int64, data []byte, fields []span, point byte) int {
	if !avx512 || len(fields) == 0 {
		return 0
	}
	to = to[:len(fields)]
	return quickEight(&to[0], nil, &fields[0], len(fields), &data[0], point)
}
