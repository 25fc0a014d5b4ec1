//go:build !amd64

package exports

// number gives fields the numbers of their spellings. It stops at the first that
// has none, or is empty, and returns how many it gave. At least 8 bytes must precede
// a field, and 8 follow.
func (t *names) number(ids []uint32, data []byte, fields []span) int {
	return t.numberPlain(ids, data, fields)
}
