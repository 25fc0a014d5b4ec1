package xlsx

import (
	"bytes"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
)

const (
	// level is where this deflate is nearly as small as at its best, and three
	// times as fast.
	level = 5
	// block is how much is deflated by itself: several blocks side by side.
	block = 1 << 18
)

// deflater deflates in blocks of a fixed size, each by itself and ended where a
// byte ends, so that the stream is the same however many cores there are.
type deflater struct {
	block  *bytes.Buffer
	blocks *lane[*bytes.Buffer]
	out    io.Writer
}

func newDeflater(out io.Writer) *deflater {
	d := &deflater{out: out}
	d.blocks = newLane(func(b *bytes.Buffer) error {
		defer buffers.Put(b)
		_, err := out.Write(b.Bytes())
		return err
	})
	return d
}

// buffers and compressors are used again: each of them is large.
var (
	buffers     = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	compressors = sync.Pool{New: func() any {
		w, err := flate.NewWriter(nil, level)
		if err != nil {
			panic(err)
		}
		return w
	}}
)

func buffer() *bytes.Buffer {
	b := buffers.Get().(*bytes.Buffer)
	b.Reset()
	return b
}

func (d *deflater) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		if d.block == nil {
			d.block = buffer()
		}
		take := min(block-d.block.Len(), len(p))
		d.block.Write(p[:take])
		p = p[take:]
		if d.block.Len() == block {
			d.next()
		}
	}
	return n, nil
}

// next gives away the block. That one failed is seen at the end.
func (d *deflater) next() {
	b := d.block
	d.block = nil
	d.blocks.give(func() (*bytes.Buffer, error) {
		defer buffers.Put(b)
		return deflated(b.Bytes())
	})
}

func deflated(plain []byte) (*bytes.Buffer, error) {
	out := buffer()
	w := compressors.Get().(*flate.Writer)
	defer compressors.Put(w)
	w.Reset(out)
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	return out, w.Flush()
}

// Close writes what is left and the end of the stream.
func (d *deflater) Close() error {
	if d.block != nil {
		d.next()
	}
	if err := d.blocks.close(); err != nil {
		return err
	}
	_, err := d.out.Write([]byte{0x03, 0x00}) // an empty block, the last
	return err
}
