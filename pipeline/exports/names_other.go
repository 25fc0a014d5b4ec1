//go:build !amd64

package exports

// number gives fields the numbers of their spellings, and noName to empty ones. It
// stops at the first that has none, and returns how many it gave, and whether any may
// be empty. At least 8 bytes must precede a field, and 8 follow.
func (t *names) number(ids []uint32, data []byte, fields []span) (given int, empty bool) {
	return t.numberPlain(ids, data, fields)
}
