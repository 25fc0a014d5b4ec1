package pages

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

var errInflated = errors.New("a page inflates to another length than it should")

// inflater inflates pages. It keeps what its codecs need.
type inflater struct {
	gzip *gzip.Reader
	zstd *zstd.Decoder
}

// lz4Raw is LZ4 in blocks without a frame (LZ4_RAW), as DuckDB, Polars and Arrow
// write it. What older writers call LZ4 has a frame of Hadoop's, or none.
const lz4Raw compress.Compression = 7

// Arrow does not know it. Columns that are left to Arrow are inflated here too.
func init() { compress.RegisterCodec(lz4Raw, lz4Codec{}) }

// lz4Codec inflates; the codec's other methods are for writers.
type lz4Codec struct{ compress.Codec }

// Decode panics where a page is damaged, as Arrow's own codecs do.
func (lz4Codec) Decode(to, from []byte) []byte {
	if err := inflateLZ4(to, from); err != nil {
		panic(err)
	}
	return to
}

func inflateLZ4(to, from []byte) error {
	n, err := lz4.UncompressBlock(from, to)
	if err == nil && n != len(to) {
		err = errInflated
	}
	return err
}

// ratios say how many bytes a byte can become at most. A page says its length
// before it is inflated, and must not make us reserve what it likes.
var ratios = map[compress.Compression]int{
	compress.Codecs.Uncompressed: 1,
	compress.Codecs.Snappy:       22,      // 64 bytes of 3
	compress.Codecs.Gzip:         1032,    // 258 bytes of 2 bits
	compress.Codecs.Zstd:         1 << 15, // 128 KiB of 4
	lz4Raw:                       255,     // each byte more of a length
}

// inflates reports whether an inflater knows the compression.
func inflates(c compress.Compression) bool { return ratios[c] > 0 }

// inflate fills to from a page.
func (f *inflater) inflate(c compress.Compression, to, from []byte) (err error) {
	switch c {
	case compress.Codecs.Snappy:
		n, err := snappy.DecodedLen(from)
		if err != nil || n != len(to) {
			return errors.Join(errInflated, err)
		}
		_, err = snappy.Decode(to, from)
		return err
	case compress.Codecs.Gzip:
		return f.gunzip(to, from)
	case lz4Raw:
		return inflateLZ4(to, from)
	case compress.Codecs.Zstd:
		if f.zstd == nil {
			if f.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(longestPage)); err != nil {
				return err
			}
		}
		out, err := f.zstd.DecodeAll(from, to[:0:len(to)])
		if err == nil && len(out) != len(to) {
			err = errInflated
		}
		return err
	}
	return fmt.Errorf("compression %v", c)
}

func (f *inflater) gunzip(to, from []byte) (err error) {
	if f.gzip == nil {
		f.gzip, err = gzip.NewReader(bytes.NewReader(from))
	} else {
		err = f.gzip.Reset(bytes.NewReader(from))
	}
	if err != nil {
		return err
	}
	if _, err = io.ReadFull(f.gzip, to); err == nil {
		var more [1]byte
		if n, end := f.gzip.Read(more[:]); n > 0 {
			err = errInflated
		} else if end != io.EOF {
			err = end
		}
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = errInflated
	}
	return err
}
