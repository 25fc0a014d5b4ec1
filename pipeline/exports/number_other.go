//go:build !amd64

package exports

import "github.com/apache/arrow/go/v17/arrow/decimal128"

// quickDecimals and quickInts read numbers up to the first that is none of the
// commonest, and return how many they read: here each is read by itself.
func quickDecimals([]decimal128.Num, []byte, []span, byte) int { return 0 }

func quickInts([]int64, []byte, []span, byte) int { return 0 }
