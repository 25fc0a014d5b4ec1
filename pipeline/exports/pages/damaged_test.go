package pages

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// sample is a small file with one row group.
func sample(t testing.TB, kind arrow.DataType, options ...parquet.WriterProperty) ([]byte, *metadata.FileMetaData) {
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema([]arrow.Field{{Name: "c", Type: kind, Nullable: true}}, nil))
	for i := range int64(40) {
		if i%7 == 3 {
			b.Field(0).AppendNull()
		} else {
			appendNumber(b.Field(0), i%11)
		}
	}
	var out bytes.Buffer
	table := array.NewTableFromRecords(b.Schema(), []arrow.Record{b.NewRecord()})
	if err := pqarrow.WriteTable(table, &out, 100, parquet.NewWriterProperties(options...), pqarrow.DefaultWriterProps()); err != nil {
		t.Fatal(err)
	}
	r, err := file.NewParquetReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), r.MetaData()
}

// readAll reads the one column of a sample, of which the bytes may be others.
func readAll(data []byte, meta *metadata.FileMetaData) ([]string, error) {
	var c Column
	group := meta.RowGroup(0)
	chunk, err := group.ColumnChunk(0)
	if err != nil {
		return nil, err
	}
	if err := c.Open(bytes.NewReader(data), int64(len(data)), chunk, meta.Schema.Column(0), group.NumRows()); err != nil {
		return nil, err
	}
	return told(&c, func() int { return 7 })
}

func TestCutShort(t *testing.T) {
	data, meta := sample(t, arrow.BinaryTypes.String, parquet.WithCompression(compress.Codecs.Snappy))
	chunk, _ := meta.RowGroup(0).ColumnChunk(0)
	end := int(chunk.DictionaryPageOffset() + chunk.TotalCompressedSize())
	if _, err := readAll(data[:end], meta); err != nil {
		t.Fatal(err)
	}
	for n := range end {
		if _, err := readAll(data[:n], meta); err == nil {
			t.Errorf("read %d of %d bytes", n, end)
		}
	}
}

// byHand is the file of a sample of whole numbers, with another page in its place.
func byHand(chunk *metadata.ColumnChunkMetaData, levels encoding, page []byte, checksum uint32) []byte {
	field := func(b []byte, v int) []byte {
		return binary.AppendUvarint(append(b, 0x15), uint64(v<<1^v>>63))
	}
	b := field(make([]byte, chunk.DataPageOffset()), int(dataPage))
	b = field(field(b, len(page)), len(page))
	b = append(field(b, int(int32(checksum))), 0x1c)
	b = field(field(field(field(b, 40), int(plain)), int(levels)), int(rle))
	b = append(append(b, 0, 0), page...)
	return append(b, make([]byte, chunk.TotalCompressedSize())...)
}

func TestChecksum(t *testing.T) {
	_, meta := sample(t, arrow.PrimitiveTypes.Int32, parquet.WithDictionaryDefault(false))
	chunk, _ := meta.RowGroup(0).ColumnChunk(0)
	page := []byte{2, 0, 0, 0, 40 << 1, 1} // none of 40 is null
	for i := range uint32(40) {
		page = binary.LittleEndian.AppendUint32(page, i)
	}
	right := crc32.ChecksumIEEE(page)
	if got, err := readAll(byHand(chunk, rle, page, right), meta); err != nil || len(got) != 40 || got[39] != "39" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := readAll(byHand(chunk, rle, page, right+1), meta); !errors.Is(err, errChecksum) {
		t.Errorf("a wrong checksum: %v", err)
	}
}

func TestOldLevels(t *testing.T) {
	_, meta := sample(t, arrow.PrimitiveTypes.Int32, parquet.WithDictionaryDefault(false))
	chunk, _ := meta.RowGroup(0).ColumnChunk(0)
	page := []byte{0b0100_0000, 0, 0, 0, 0b0000_0001} // all but two of 40 are null
	page = binary.LittleEndian.AppendUint32(page, 7)
	page = binary.LittleEndian.AppendUint32(page, 8)
	got, err := readAll(byHand(chunk, bitPacked, page, crc32.ChecksumIEEE(page)), meta)
	if err != nil || len(got) != 40 || got[0] != "null" || got[1] != "7" || got[38] != "null" || got[39] != "8" {
		t.Errorf("%q, %v", got, err)
	}
}

// A row group that has more rows, or fewer, than a column has values.
func TestOtherLength(t *testing.T) {
	data, meta := sample(t, arrow.PrimitiveTypes.Int64)
	chunk, _ := meta.RowGroup(0).ColumnChunk(0)
	for _, rows := range []int64{39, 41} {
		var c Column
		if err := c.Open(bytes.NewReader(data), int64(len(data)), chunk, meta.Schema.Column(0), rows); err == nil {
			t.Errorf("%d rows were found", rows)
		}
	}
}

// FuzzInflate inflates pages of any bytes to any length that their header may give: that
// is an error, or fills the page and nothing beyond it.
func FuzzInflate(f *testing.F) {
	long := bytes.Repeat([]byte("a page of some length, "), 99)
	for c := range ratios {
		if codec, err := compress.GetCodec(c); err == nil && c != compress.Codecs.Uncompressed {
			f.Add(codec.Encode(make([]byte, codec.CompressBound(int64(len(long)))), long), int(c), uint16(len(long)))
		}
	}
	var inflater inflater
	f.Fuzz(func(t *testing.T, data []byte, c int, n uint16) {
		if !inflates(compress.Compression(c)) || compress.Compression(c) == compress.Codecs.Uncompressed {
			return
		}
		const guard = 0xa5
		buf := bytes.Repeat([]byte{guard}, int(n)+2*Room)
		err := inflater.inflate(compress.Compression(c), buf[Room:Room+int(n)], data)
		for _, b := range append(buf[:Room:Room], buf[Room+int(n):]...) {
			if b != guard {
				t.Fatal("wrote beyond the page")
			}
		}
		if n > 0 && err == nil && int(n) > 64+ratios[compress.Compression(c)]*len(data) {
			t.Errorf("%d bytes became %d", len(data), n)
		}
	})
}

// A page of LZ4 is as long as its header says, neither shorter nor longer.
func TestInflatedLength(t *testing.T) {
	text := bytes.Repeat([]byte("net amount "), 20)
	page := lz4Writer{}.Encode(nil, text)
	for n := range len(text) + 3 {
		var f inflater
		to := make([]byte, n)
		if err := f.inflate(lz4Raw, to, page); (err == nil) != (n == len(text)) || err == nil && !bytes.Equal(to, text) {
			t.Errorf("to %d bytes: %v", n, err)
		}
	}
}

// FuzzColumn reads chunks of which any byte may be another: that is an error, or
// gives as many values as there are rows; it is never a panic, or without end.
func FuzzColumn(f *testing.F) {
	var metas []*metadata.FileMetaData
	for _, options := range [][]parquet.WriterProperty{
		{},
		{parquet.WithDictionaryDefault(false)},
		{parquet.WithDataPageVersion(parquet.DataPageV2), parquet.WithCompression(compress.Codecs.Snappy)},
		{parquet.WithCompression(compress.Codecs.Zstd), parquet.WithDictionaryPageSizeLimit(10), parquet.WithBatchSize(5)},
		{parquet.WithCompression(compress.Codecs.Gzip), parquet.WithDataPageSize(30), parquet.WithBatchSize(5)},
		{parquet.WithCompression(lz4Raw)},
	} {
		for _, kind := range types {
			data, meta := sample(f, kind, options...)
			f.Add(data, uint8(len(metas)))
			metas = append(metas, meta)
			for _, e := range encodings[kind.ID()] {
				data, meta := sample(f, kind, append(options, parquet.WithEncoding(e), parquet.WithDictionaryDefault(false))...)
				f.Add(data, uint8(len(metas)))
				metas = append(metas, meta)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, which uint8) {
		got, err := readAll(data, metas[int(which)%len(metas)])
		if err == io.EOF {
			t.Error("the end is no error")
		}
		if err == nil && len(got) != 40 {
			t.Errorf("%d values", len(got))
		}
	})
}
