package exports

import "encoding/binary"

// prints tells the rows apart: 64 bits for each, the same for the same bytes.
func (r *rows) prints(to []uint64) []uint64 {
	to = sizedTo(to, len(r.first))
	for i, first := range r.first {
		to[i] = printOf(r.data, r.marks[first-1]+1, r.marks[r.last[i]])
	}
	return to
}

// printOf returns 64 bits for the text data[at:end], the same for the same text.
// At least 8 bytes must precede at, and 8 follow end.
func printOf(data []byte, at, end uint32) uint64 {
	h := uint64(end-at) * 0x9e3779b97f4a7c15 // so that no byte makes up for the length
	if end-at >= 64 {                        // four at a time, which the processor overlaps; the last ones twice
		a, b, c, d := h, h, h, h
		for at += 64; ; at = min(at+64, end) {
			t := (*[64]byte)(data[at-64 : at])
			a = mix(binary.LittleEndian.Uint64(t[:])^a, binary.LittleEndian.Uint64(t[8:]))
			b = mix(binary.LittleEndian.Uint64(t[16:])^b, binary.LittleEndian.Uint64(t[24:]))
			c = mix(binary.LittleEndian.Uint64(t[32:])^c, binary.LittleEndian.Uint64(t[40:]))
			d = mix(binary.LittleEndian.Uint64(t[48:])^d, binary.LittleEndian.Uint64(t[56:]))
			if at == end {
				return mix(mix(a, b), mix(c, d))
			}
		}
	}
	for ; end-at > 16; at += 16 {
		h = mix(binary.LittleEndian.Uint64(data[at:])^h, binary.LittleEndian.Uint64(data[at+8:]))
	}
	if at == end {
		return mix(h, 0)
	}
	a, b := ends8(data, span{at, end})
	return mix(a^h, b)
}

// prints tells the rows of a table apart.
func (t *table) prints(to []uint64) []uint64 {
	var padded []byte
	for i := range t.lines {
		h := uint64(0)
		for _, c := range t.row(i) {
			h = mix(h, c.print(&padded))
		}
		to = append(to, h)
	}
	return to
}

// print tells the cell apart from others. It uses padded.
func (c *cell) print(padded *[]byte) uint64 {
	of := uint64(c.kind)
	switch {
	case c.kind == momentCell:
		of ^= uint64(c.moment.seconds()) << 8
	case len(c.text) > 0:
		*padded = append(append(append((*padded)[:0], "        "...), c.text...), "        "...)
		of ^= printOf(*padded, 8, uint32(8+len(c.text)))
	}
	return of
}
