package exports

// numberEight is numberPlain for eight fields at a time. It stops also at a field
// longer than 32 bytes and at one whose spelling stands far from where it is
// looked for first. n is not 0.
//
//go:noescape
func numberEight(ids *uint32, fields *span, n int, data *byte, slots *slot, shift uint64, raw *byte) (done int)

// number gives fields the numbers of their spellings. It stops at the first that
// has none, or is empty, and returns how many it gave. At least 8 bytes must precede
// a field, and 8 follow.
func (t *names) number(ids []uint32, data []byte, fields []span) int {
	if !avx512 {
		return t.numberPlain(ids, data, fields)
	}
	for at := 0; ; {
		if at == len(fields) {
			return at
		}
		var raw *byte
		if len(t.raw) > 0 {
			raw = &t.raw[0]
		}
		at += numberEight(&ids[at], &fields[at], len(fields)-at, &data[0], &t.slots[0], uint64(t.shift), raw)
		some := fields[at:min(at+8, len(fields))]
		n := t.numberPlain(ids[at:], data, some)
		if at += n; n < len(some) {
			return at
		}
	}
}
