package tables

import (
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/klauspost/compress/zstd"
)

// Parquet's own way to a level makes an encoder, of some megabytes, for every page.
func init() {
	plain, err := compress.GetCodec(compress.Codecs.Zstd)
	if err != nil {
		panic(err)
	}
	encoder, err := zstd.NewWriter(nil, zstd.WithZeroFrames(true), zstd.WithEncoderLevel(zstd.EncoderLevelFromZstd(level)))
	if err != nil {
		panic(err)
	}
	compress.RegisterCodec(compress.Codecs.Zstd, codec{plain, encoder})
}

// level is as fast as it gets.
const level = 1

// codec is that of Parquet with an encoder that is kept.
type codec struct {
	compress.Codec
	encoder *zstd.Encoder // of the level
}

// EncodeLevel compresses a page in one call.
func (c codec) EncodeLevel(dst, src []byte, of int) []byte {
	if of != level {
		return c.Codec.EncodeLevel(dst, src, of)
	}
	return c.encoder.EncodeAll(src, dst[:0])
}
