package pages

import (
	"encoding/binary"
	"errors"
)

// hybrid reads numbers of up to 32 bits as Parquet writes indices and levels: in
// runs of one number repeated, or of numbers packed bit by bit.
type hybrid struct {
	buf   []byte // may be read for 8 bytes beyond end
	at    int
	end   int
	width uint // bits of a number

	left   int // numbers left of the run
	packed bool
	value  uint32 // which is repeated
	bit    int    // where the next packed number begins
}

var errRun = errors.New("a run of numbers ends too early")

// next begins a run.
func (h *hybrid) next() error {
	head, n := binary.Uvarint(h.buf[h.at:h.end])
	if n <= 0 || head>>32 != 0 {
		return errRun
	}
	h.at += n
	h.packed = head&1 == 1
	if h.packed {
		bytes := int(head>>1) * int(h.width)
		if bytes > h.end-h.at {
			return errRun
		}
		h.left, h.bit = int(head>>1)*8, 8*h.at
		h.at += bytes
		return nil
	}
	bytes := int(h.width+7) / 8
	if head == 0 || bytes > h.end-h.at {
		return errRun
	}
	h.left = int(head >> 1)
	h.value = uint32(binary.LittleEndian.Uint64(h.buf[h.at:]) & (1<<h.width - 1))
	h.at += bytes
	return nil
}

// repeats reports whether the next n numbers are all v in one run, and skips
// them if so.
func (h *hybrid) repeats(n int, v uint32) (bool, error) {
	if h.left == 0 {
		if err := h.next(); err != nil {
			return false, err
		}
	}
	if h.packed || h.value != v || h.left < n {
		return false, nil
	}
	h.left -= n
	return true, nil
}

// read reads as many numbers as there is room for.
func (h *hybrid) read(to []uint32) error {
	for len(to) > 0 {
		if h.left == 0 {
			if err := h.next(); err != nil {
				return err
			}
			continue
		}
		n := min(len(to), h.left)
		if h.packed {
			h.unpack(to[:n])
		} else {
			for i := range to[:n] {
				to[i] = h.value
			}
		}
		h.left -= n
		to = to[n:]
	}
	return nil
}

// unpack reads packed numbers. Four narrow ones fit into what is read at once.
func (h *hybrid) unpack(to []uint32) {
	buf, bit, width := h.buf, h.bit, h.width
	mask := uint32(1<<width - 1)
	for ; width <= 14 && len(to) >= 4; to = to[4:] {
		four := binary.LittleEndian.Uint64(buf[bit>>3:]) >> (bit & 7)
		to[0] = uint32(four) & mask
		to[1] = uint32(four>>(width&63)) & mask
		to[2] = uint32(four>>(2*width&63)) & mask
		to[3] = uint32(four>>(3*width&63)) & mask
		bit += 4 * int(width)
	}
	for i := range to {
		to[i] = uint32(binary.LittleEndian.Uint64(buf[bit>>3:])>>(bit&7)) & mask
		bit += int(width)
	}
	h.bit = bit
}
