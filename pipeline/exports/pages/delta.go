package pages

import (
	"encoding/binary"
	"errors"
)

// deltas reads whole numbers that are written as differences (DELTA_BINARY_PACKED):
// a block has a least difference, and what each is more than that is packed in
// miniblocks, each of a width of its own.
type deltas struct {
	buf     []byte // may be read for 8 bytes beyond end
	at      int
	end     int
	left    int // numbers
	last    int64
	begun   bool
	perMini int
	minis   int // miniblocks of a block

	least  int64
	widths []byte // of the miniblocks of the block that are still to come
	width  int    // of this one
	packed int    // numbers left in it
	bit    int
}

var errDeltas = errors.New("differences cannot be read")

// newDeltas begins to read at buf[at:end].
func newDeltas(buf []byte, at, end int) (d deltas, err error) {
	t := compact{data: buf[:end], at: at}
	block, minis, n := t.unsigned(), t.unsigned(), t.unsigned()
	d = deltas{buf: buf, last: t.signed(), at: t.at, end: end}
	// A block has a multiple of 128 numbers, a miniblock one of 32.
	if t.bad || minis == 0 || block == 0 || block > 1<<24 || block%minis != 0 || block/minis%32 != 0 || n>>31 != 0 {
		return d, errDeltas
	}
	d.perMini, d.minis, d.left = int(block/minis), int(minis), int(n)
	return d, nil
}

// read reads as many numbers as there is room for.
func (d *deltas) read(to []int64) error {
	if len(to) > d.left {
		return errDeltas
	}
	d.left -= len(to)
	if len(to) > 0 && !d.begun {
		d.begun = true
		to[0], to = d.last, to[1:]
	}
	for len(to) > 0 {
		if d.packed == 0 {
			if err := d.next(); err != nil {
				return err
			}
		}
		n := min(len(to), d.packed)
		d.unpack(to[:n])
		d.packed -= n
		to = to[n:]
	}
	return nil
}

// next begins with a miniblock.
func (d *deltas) next() error {
	if len(d.widths) == 0 {
		t := compact{data: d.buf[:d.end], at: d.at}
		d.least = t.signed()
		if t.bad || d.minis > d.end-t.at {
			return errDeltas
		}
		d.at = t.at + d.minis
		d.widths = d.buf[t.at:d.at]
	}
	d.width, d.widths = int(d.widths[0]), d.widths[1:]
	bytes := d.width * d.perMini / 8
	if d.width > 64 || bytes > d.end-d.at {
		return errDeltas
	}
	d.packed, d.bit = d.perMini, 8*d.at
	d.at += bytes
	return nil
}

func (d *deltas) unpack(to []int64) {
	mask := ^uint64(0)
	if d.width < 64 {
		mask = 1<<d.width - 1
	}
	for i := range to {
		at, shift := d.bit>>3, d.bit&7
		v := binary.LittleEndian.Uint64(d.buf[at:]) >> shift
		if shift+d.width > 64 {
			v |= uint64(d.buf[at+8]) << (64 - shift)
		}
		d.last += d.least + int64(v&mask)
		to[i] = d.last
		d.bit += d.width
	}
}

// mostTexts is how many texts written by differences a page may have: their places
// are kept, and a page of empty ones has hardly a byte.
const mostTexts = 1 << 26

// all reads all numbers, each of which is a length, and returns where they end.
func (d *deltas) all(to []int64) (lengths []int64, end int, err error) {
	if d.left > mostTexts {
		return nil, 0, errDeltas
	}
	to = sized(to, d.left)
	err = d.read(to)
	for _, n := range to {
		if n < 0 || n > longestPage {
			return nil, 0, errDeltas
		}
	}
	return to, d.at, err
}

// placeTexts finds texts that stand after their lengths (DELTA_LENGTH_BYTE_ARRAY).
func (v *values) placeTexts() error {
	d, err := newDeltas(v.buf, v.at, v.end)
	if err != nil {
		return err
	}
	lengths, at, err := d.all(v.ints)
	if err != nil {
		return err
	}
	v.ints = lengths
	v.from, v.to = sized(v.from, len(lengths)), sized(v.to, len(lengths))
	for i, n := range lengths {
		if int(n) > v.end-at {
			return errPage
		}
		v.from[i] = uint32(at)
		at += int(n)
		v.to[i] = uint32(at)
	}
	return nil
}

// joinTexts makes texts of which only what differs from the beginning of the one
// before is written (DELTA_BYTE_ARRAY). The first one of a page has none before it;
// some writers, Arrow's among them, take the last one of the page before.
func (v *values) joinTexts() error {
	d, err := newDeltas(v.buf, v.at, v.end)
	if err != nil {
		return err
	}
	shared, at, err := d.all(v.shared)
	if err != nil {
		return err
	}
	v.shared, v.at = shared, at
	if err := v.placeTexts(); err != nil {
		return err
	}
	if len(shared) != len(v.from) {
		return errPage
	}
	joined := append(append(v.joined[:0], make([]byte, Room)...), v.last...)
	before := Room
	for i, n := range shared {
		end := v.buf[v.from[i]:v.to[i]]
		if int(n) > len(joined)-before || len(joined)+int(n)+len(end) > longestPage {
			return errPage
		}
		at := len(joined)
		joined = append(append(joined, joined[before:before+int(n)]...), end...)
		v.from[i], v.to[i], before = uint32(at), uint32(len(joined)), at
	}
	v.last = append(v.last[:0], joined[before:]...)
	v.joined = append(joined, make([]byte, Room)...)
	v.buf = v.joined
	return nil
}

// placed takes the next n of the texts that were placed.
func (v *values) placed(n int, to *Run) error {
	if n > len(v.from)-v.taken {
		return errPage
	}
	to.Data, to.At, to.End = v.buf, v.from[v.taken:v.taken+n:v.taken+n], v.to[v.taken:v.taken+n:v.taken+n]
	v.taken += n
	return nil
}
