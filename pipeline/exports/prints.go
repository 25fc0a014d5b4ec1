package exports

import "encoding/binary"

// printOf returns 64 bits for the text data[at:end], the same for the same text.
// At least 8 bytes must precede at, and 8 follow end.
func printOf(data []byte, at, end uint32) uint64 {
	h := uint64(end - at)
	if end-at > 64 { // two at a time: the processor overlaps them
		g := h
		for ; end-at > 32; at += 32 {
			h = mix(binary.LittleEndian.Uint64(data[at:])^h, binary.LittleEndian.Uint64(data[at+8:]))
			g = mix(binary.LittleEndian.Uint64(data[at+16:])^g, binary.LittleEndian.Uint64(data[at+24:]))
		}
		h = mix(h, g)
	}
	for ; end-at > 16; at += 16 {
		h = mix(binary.LittleEndian.Uint64(data[at:])^h, binary.LittleEndian.Uint64(data[at+8:]))
	}
	if at == end {
		return mix(h, 0)
	}
	a, b := ends8(data, at, end)
	return mix(a^h, b)
}

// prints tells the rows of a table apart.
func (t *table) prints(to []uint64) []uint64 {
	var padded []byte
	for i := range t.lines {
		h := uint64(0)
		for _, c := range t.row(i) {
			of := uint64(c.kind)
			switch {
			case c.kind == momentCell:
				of ^= uint64(c.moment.seconds()) << 8
			case len(c.text) > 0:
				padded = append(append(append(padded[:0], "        "...), c.text...), "        "...)
				of ^= printOf(padded, 8, uint32(8+len(c.text)))
			}
			h = mix(h, of)
		}
		to = append(to, h)
	}
	return to
}
