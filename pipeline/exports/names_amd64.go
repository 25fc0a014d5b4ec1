package exports

// numberEight is numberPlain for eight fields at a time. It stops also at a field
// longer than 32 bytes and at one whose spelling stands far from where it is
// looked for first. n is not 0.
//
//go:noescape
func numberEight(ids *uint32, fields *span, n int, data *byte, slots *slot, shift uint64, raw *byte) (done int, empty bool)

// number gives fields the numbers of their spellings, and noName to empty ones. It
// stops at the first that has none, and returns how many it gave, and whether any may
// be empty. At least 8 bytes must precede a field, and 8 follow.
func (t *names) number(ids []uint32, data []byte, fields []span) (given int, empty bool) {
	if !avx512 {
		return t.numberPlain(ids, data, fields)
	}
	ids = ids[:len(fields)] // the assembler does not ask
	for given < len(fields) {
		var raw *byte
		if len(t.raw) > 0 {
			raw = &t.raw[0]
		}
		n, some := numberEight(&ids[given], &fields[given], len(fields)-given, &data[0], &t.slots[0], uint64(t.shift), raw)
		given, empty = given+n, empty || some
		left := fields[given:min(given+8, len(fields))]
		n, some = t.numberPlain(ids[given:], data, left)
		given, empty = given+n, empty || some
		if n < len(left) {
			break
		}
	}
	return given, empty
}
