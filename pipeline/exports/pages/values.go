package pages

import (
	"encoding/binary"
	"fmt"

	"github.com/apache/arrow/go/v17/parquet"
)

// values are those of a page that are still to be read.
type values struct {
	form    form
	indices hybrid // of the dictionary's words, or truths
	deltas  deltas

	buf     []byte
	at, end int
	bit     uint // of the next truth at buf[at]

	ints     []int64
	from, to []uint32
	taken    int     // of texts that were placed
	shared   []int64 // how much each text has of the one before
	joined   []byte  // texts, or numbers, that are written in parts
	last     []byte  // the last of them
}

// form is how the values of a page are written.
type form uint8

const (
	written  form = iota // each by itself
	coded                // as places in the dictionary
	truths               // as runs of truths
	stepwise             // as differences
	laidOut              // as texts that were placed
)

// dictionary are the words of a row group.
type dictionary struct {
	buf     []byte // of a page that was inflated
	data    []byte
	at, end []uint32
	ints    []int64
	n       int
	known   bool // it was read
}

// learn reads the dictionary.
func (c *Column) learn(h header) error {
	if h.encoding != plain && h.encoding != plainDictionary || c.words.known {
		return fmt.Errorf("a second dictionary, or one of encoding %d", h.encoding)
	}
	buf, at, end, err := c.inflated(h, &c.words.buf)
	if err != nil {
		return err
	}
	if h.values > 8*(end-at) {
		return errPage
	}
	v := values{buf: buf, at: at, end: end, ints: c.words.ints, from: c.words.at, to: c.words.end}
	var run Run
	if err := v.plain(c.kind, c.length, h.values, &run); err != nil {
		return err
	}
	c.words.known = true
	c.words.n, c.words.data, c.words.ints, c.words.at, c.words.end = h.values, buf, run.Ints, run.At, run.End
	return nil
}

// openValues begins with the values of a page.
func (c *Column) openValues(h header, buf []byte, at, end int) (err error) {
	v := &c.values
	v.buf, v.at, v.end, v.bit, v.taken = buf, at, end, 0, 0
	whole, text, fixed := c.kind == parquet.Types.Int32 || c.kind == parquet.Types.Int64, c.kind == parquet.Types.ByteArray, c.kind == parquet.Types.FixedLenByteArray
	switch e := h.encoding; {
	case e == plain:
		v.form = written
	case e == plainDictionary || e == rleDictionary:
		v.form, v.indices = coded, hybrid{buf: buf, at: at, end: end}
		if at == end { // all are null
			return nil
		}
		if buf[at] > 32 {
			return errPage
		}
		v.indices.at, v.indices.width = at+1, uint(buf[at])
	case e == rle && c.kind == parquet.Types.Boolean:
		if end-at < 4 || int(le32(buf[at:])) > end-at-4 {
			return errPage
		}
		v.form, v.indices = truths, hybrid{buf: buf, at: at + 4, end: at + 4 + int(le32(buf[at:])), width: 1}
	case e == deltaPacked && whole:
		v.form = stepwise
		v.deltas, err = newDeltas(buf, at, end)
	case e == deltaLengths && text:
		v.form, err = laidOut, v.placeTexts()
	case e == deltaTexts && (text || fixed):
		if v.form, err = laidOut, v.joinTexts(); err == nil && fixed {
			err = v.fit(c.length)
		}
	case e == streams && c.width() > 0:
		v.form, err = written, v.joinStreams(c.width())
	case reads(e):
		return fmt.Errorf("a page of encoding %d, which is none for values of type %s", h.encoding, c.kind)
	default:
		return fmt.Errorf("a page of encoding %d, which its column chunk does not list", h.encoding)
	}
	return err
}

// width is how many bytes each value has, 0 where they differ.
func (c *Column) width() int {
	switch c.kind {
	case parquet.Types.Int32, parquet.Types.Float:
		return 4
	case parquet.Types.Int64, parquet.Types.Double:
		return 8
	case parquet.Types.FixedLenByteArray:
		return c.length
	}
	return 0
}

// joinStreams makes values of which the first bytes of all stand first, then all
// second ones, and so on (BYTE_STREAM_SPLIT).
func (v *values) joinStreams(width int) error {
	apart := v.buf[v.at:v.end]
	n := len(apart) / width
	if n*width != len(apart) {
		return errPage
	}
	v.joined = roomy(v.joined, len(apart))
	for i := range n {
		for j := range width {
			v.joined[Room+i*width+j] = apart[j*n+i]
		}
	}
	v.buf, v.at, v.end = v.joined, Room, Room+len(apart)
	return nil
}

// read reads n values.
func (c *Column) read(n int) error {
	switch v := &c.values; v.form {
	case written:
		return v.plain(c.kind, c.length, n, &c.run)
	case stepwise:
		v.ints = sized(v.ints, n)
		c.run.Ints = v.ints
		err := v.deltas.read(v.ints)
		if c.kind == parquet.Types.Int32 {
			for i, n := range v.ints {
				v.ints[i] = int64(int32(n))
			}
		}
		return err
	case laidOut:
		return v.placed(n, &c.run)
	}
	c.codes = sized(c.codes, n)
	if err := c.values.indices.read(c.codes); err != nil {
		return err
	}
	if c.values.form == truths {
		c.values.ints = sized(c.values.ints, n)
		c.run.Ints = c.values.ints
		for i, code := range c.codes {
			c.run.Ints[i] = int64(code)
		}
		return nil
	}
	top := uint32(0)
	for _, code := range c.codes {
		top = max(top, code)
	}
	if n > 0 && int(top) >= c.words.n {
		return errDictionary
	}
	c.run.Words, c.run.Ints = c.codes, c.words.ints
	c.run.Data, c.run.At, c.run.End = c.words.data, c.words.at, c.words.end
	return nil
}

// plain reads n values that are written out.
func (v *values) plain(kind parquet.Type, length, n int, to *Run) error {
	switch kind {
	case parquet.Types.ByteArray:
		return v.texts(n, to)
	case parquet.Types.FixedLenByteArray:
		return v.fixed(length, n, to)
	}
	v.ints = sized(v.ints, n)
	to.Ints = v.ints
	switch kind {
	case parquet.Types.Boolean:
		return v.truths(to.Ints)
	case parquet.Types.Int32, parquet.Types.Float:
		if 4*n > v.end-v.at {
			return errPage
		}
		for i := range to.Ints {
			to.Ints[i] = int64(int32(le32(v.buf[v.at+4*i:])))
		}
		v.at += 4 * n
	default:
		if 8*n > v.end-v.at {
			return errPage
		}
		for i := range to.Ints {
			to.Ints[i] = int64(binary.LittleEndian.Uint64(v.buf[v.at+8*i:]))
		}
		v.at += 8 * n
	}
	return nil
}

func (v *values) truths(to []int64) error {
	if (int(v.bit)+len(to)+7)/8 > v.end-v.at {
		return errPage
	}
	for i := range to {
		to[i] = int64(v.buf[v.at] >> v.bit & 1)
		if v.bit++; v.bit == 8 {
			v.at, v.bit = v.at+1, 0
		}
	}
	return nil
}

// texts finds n texts, each of which follows its length.
func (v *values) texts(n int, to *Run) error {
	v.from, v.to = sized(v.from, n), sized(v.to, n)
	at, end := v.at, v.end
	for i := range v.from {
		if end-at < 4 {
			return errPage
		}
		length := int(le32(v.buf[at:]))
		at += 4
		if length > end-at {
			return errPage
		}
		v.from[i] = uint32(at)
		at += length
		v.to[i] = uint32(at)
	}
	v.at = at
	to.Data, to.At, to.End = v.buf, v.from, v.to
	return nil
}

// fixed finds n texts of one length.
func (v *values) fixed(length, n int, to *Run) error {
	if length <= 0 || n > (v.end-v.at)/length {
		return errPage
	}
	v.from, v.to = sized(v.from, n), sized(v.to, n)
	for i := range v.from {
		v.from[i] = uint32(v.at)
		v.at += length
		v.to[i] = uint32(v.at)
	}
	to.Data, to.At, to.End = v.buf, v.from, v.to
	return nil
}

// fit checks that all texts that were placed have one length.
func (v *values) fit(length int) error {
	for i, from := range v.from {
		if int(v.to[i]-from) != length {
			return errPage
		}
	}
	return nil
}

func le32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }
