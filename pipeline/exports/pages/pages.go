// Package pages reads the values of flat columns of Parquet files a run at a
// time, straight from their pages: whole numbers as they are stored, texts where
// they stand in the page, words of a dictionary by their places in it. It knows
// the types, encodings and compressions that most writers use; [Reads] says of
// which columns. Whatever else there is, Arrow's own reader can read.
//
// A page that does not add up, or not to its checksum, is an error.
package pages

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/bits"
	"slices"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/metadata"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// Room is how many bytes before and behind each text there are at least.
const Room = 16

// longestPage is more than any writer makes.
const longestPage = 1 << 30

var (
	errValues     = errors.New("a column chunk does not have as many values as its row group has rows")
	errDictionary = errors.New("a page refers to a word that its dictionary does not have")
	errPage       = errors.New("a page ends too early")
	errChecksum   = errors.New("a page does not match its checksum")
	errSize       = errors.New("a page is longer than its column chunk")
)

// Reads reports whether a column of a file is one that this package reads.
func Reads(file *metadata.FileMetaData, column int) bool {
	c := file.Schema.Column(column)
	if c.MaxDefinitionLevel() > 1 || c.MaxRepetitionLevel() > 0 {
		return false
	}
	switch c.PhysicalType() {
	case parquet.Types.Boolean, parquet.Types.Int32, parquet.Types.Int64, parquet.Types.Float, parquet.Types.Double, parquet.Types.ByteArray, parquet.Types.FixedLenByteArray:
	default:
		return false
	}
	for i := range file.RowGroups {
		chunk, err := file.RowGroup(i).ColumnChunk(column)
		if err != nil || chunk.CryptoMetadata() != nil || chunk.FilePath() != "" || !inflates(chunk.Compression()) ||
			slices.ContainsFunc(chunk.Encodings(), func(e parquet.Encoding) bool { return !reads(encoding(e)) }) {
			return false
		}
	}
	return true
}

func reads(e encoding) bool {
	return e == plain || e >= plainDictionary && e <= streams
}

// Run is a run of rows of a column. Its values are those of its rows or, where
// Words is not nil, those of the row group's dictionary.
type Run struct {
	Len   int
	Null  []bool   // of each row; nil where all have a value
	Words []uint32 // for each row that is not null, its place in the dictionary

	// Values of BOOLEAN (0 and 1), INT32, INT64, FLOAT and DOUBLE (their bits).
	Ints []int64

	// Values of BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY: Data[At[i]:End[i]] is number i.
	// [Room] bytes before and behind each may be read.
	Data []byte
	At   []uint32
	End  []uint32
}

// Values returns how many values there are.
func (r *Run) Values() int { return max(len(r.Ints), len(r.At)) }

// Value returns which of the values a row has that is not null.
func (r *Run) Value(row int) int {
	if r.Words != nil {
		return int(r.Words[row])
	}
	return row
}

// Text returns a value as text.
func (r *Run) Text(value int) []byte { return r.Data[r.At[value]:r.End[value]] }

// Column reads one column, row group by row group. Its zero value is ready; its
// buffers are reused.
type Column struct {
	inflater
	kind        parquet.Type
	length      int // of a FIXED_LEN_BYTE_ARRAY
	optional    bool
	compression compress.Compression

	chunk  []byte   // as it stands in the file, with room before and behind
	pages  []header // that are still to come
	words  dictionary
	page   []byte // inflated
	values values // of the page
	levels hybrid
	left   int // rows left of the page

	null  []bool
	old   []byte // levels, turned round
	bits  []uint32
	codes []uint32
	run   Run
}

// Open begins with the chunk of a row group of so many rows.
func (c *Column) Open(file io.ReaderAt, size int64, chunk *metadata.ColumnChunkMetaData, column *schema.Column, rows int64) error {
	c.kind, c.length, c.optional, c.compression = column.PhysicalType(), column.TypeLength(), column.MaxDefinitionLevel() == 1, chunk.Compression()
	c.left, c.words.known, c.words.n, c.values.last = 0, false, 0, c.values.last[:0]
	from := chunk.DataPageOffset()
	if at := chunk.DictionaryPageOffset(); at > 0 {
		from = min(from, at)
	}
	// Some writers forgot the header of the dictionary when they counted the bytes.
	const forgotten = 100
	n := chunk.TotalCompressedSize()
	if from < 0 || n < 0 || from > size || n > size-from {
		return errSize
	}
	n = min(n+forgotten, size-from)
	c.chunk = roomy(c.chunk, int(n))
	if _, err := file.ReadAt(c.chunk[Room:Room+n], from); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	return c.list(rows)
}

// roomy returns a buffer for n bytes and the room around them.
func roomy(buf []byte, n int) []byte {
	if n += 2 * Room; cap(buf) < n {
		buf = make([]byte, n+n/8)
	}
	return buf[:n]
}

// list finds the pages of the chunk.
func (c *Column) list(rows int64) error {
	c.pages = c.pages[:0]
	for at, end := Room, len(c.chunk)-Room; rows > 0; {
		h, n, err := readHeader(c.chunk[at:end])
		if err != nil {
			return err
		}
		if at += n; h.size > end-at {
			return errSize
		}
		if h.checked && crc32.ChecksumIEEE(c.chunk[at:at+h.size]) != h.checksum {
			return errChecksum
		}
		if h.inflated > longestPage {
			return fmt.Errorf("a page of %d bytes", h.inflated)
		}
		if h.kind < dataPage || h.kind > dataPage2 {
			return fmt.Errorf("a page of kind %d", h.kind)
		}
		h.at = at
		at += h.size
		if h.kind == dataPage || h.kind == dataPage2 {
			rows -= int64(h.values)
		}
		c.pages = append(c.pages, h)
	}
	if rows < 0 {
		return errValues
	}
	return nil
}

// Next returns the next run, of at most n rows. After the last one it returns
// io.EOF. A run is valid until the next call.
func (c *Column) Next(n int) (*Run, error) {
	for c.left == 0 {
		if len(c.pages) == 0 {
			return nil, io.EOF
		}
		if err := c.turn(); err != nil {
			return nil, err
		}
	}
	n = min(n, c.left)
	c.left -= n
	c.run = Run{Len: n}
	present, err := c.nulls(n)
	if err != nil {
		return nil, err
	}
	if err := c.read(present); err != nil {
		return nil, err
	}
	switch r := &c.run; {
	case r.Null == nil:
	case r.Words != nil:
		r.Words = spread(r.Words, r.Null)
	default:
		r.Ints, r.At, r.End = spread(r.Ints, r.Null), spread(r.At, r.Null), spread(r.End, r.Null)
	}
	return &c.run, nil
}

// turn goes to the next page.
func (c *Column) turn() error {
	h := c.pages[0]
	c.pages = c.pages[1:]
	switch {
	case h.kind == dictionaryPage:
		return c.learn(h)
	case h.kind == indexPage || h.values == 0:
		return nil
	}
	buf, at, end, err := c.inflated(h, &c.page)
	if err != nil {
		return err
	}
	if c.optional {
		if at, err = c.openLevels(h, buf, at, end); err != nil {
			return err
		}
	}
	c.left = h.values
	return c.openValues(h, buf, at, end)
}

// inflated returns a page as buf[at:end].
func (c *Column) inflated(h header, into *[]byte) (buf []byte, at, end int, err error) {
	if c.compression == compress.Codecs.Uncompressed || h.raw {
		return c.chunk[h.at-Room : h.at+h.size+Room], Room, Room + h.size, nil
	}
	const empty = 64 // bytes that nothing may become
	if h.inflated > empty+ratios[c.compression]*h.size {
		return nil, 0, 0, errInflated
	}
	*into = roomy(*into, h.inflated)
	buf = *into
	// Levels of the second version are not compressed.
	copy(buf[Room:], c.chunk[h.at:h.at+h.levelBytes])
	to, from := buf[Room+h.levelBytes:Room+h.inflated], c.chunk[h.at+h.levelBytes:h.at+h.size]
	if len(to) > 0 {
		err = c.inflate(c.compression, to, from)
	}
	return buf, Room, Room + h.inflated, err
}

// openLevels begins with the definition levels of a page, and returns where the
// values begin.
func (c *Column) openLevels(h header, buf []byte, at, end int) (int, error) {
	n := h.levelBytes
	switch {
	case h.kind == dataPage2:
	case h.levels == bitPacked:
		return c.openOldLevels(h, buf, at, end)
	default:
		if end-at < 4 {
			return 0, errPage
		}
		n = int(le32(buf[at:]))
		at += 4
	}
	if n > end-at {
		return 0, errPage
	}
	c.levels = hybrid{buf: buf, at: at, end: at + n, width: 1}
	return at + n, nil
}

// openOldLevels begins with levels as old writers packed them: without a length,
// and from the highest bit of each byte to the lowest.
func (c *Column) openOldLevels(h header, buf []byte, at, end int) (int, error) {
	n := (h.values + 7) / 8
	if n > end-at {
		return 0, errPage
	}
	c.old = roomy(c.old, n)
	for i := range n {
		c.old[Room+i] = bits.Reverse8(buf[at+i])
	}
	c.levels = hybrid{buf: c.old, width: 1, packed: true, left: 8 * n, bit: 8 * Room}
	return at + n, nil
}

// nulls notes which of the next n rows are null, and returns how many are not.
func (c *Column) nulls(n int) (present int, err error) {
	if !c.optional {
		return n, nil
	}
	if all, err := c.levels.repeats(n, 1); all || err != nil {
		return n, err
	}
	c.bits = sized(c.bits, n)
	if err := c.levels.read(c.bits); err != nil {
		return 0, err
	}
	c.null = sized(c.null, n)
	for i, defined := range c.bits {
		c.null[i] = defined == 0
		present += int(defined & 1)
	}
	if present < n {
		c.run.Null = c.null
	}
	return present, nil
}

// spread puts the values of the rows that are not null where these stand.
func spread[T any](values []T, null []bool) []T {
	if values == nil {
		return nil
	}
	from := len(values)
	values = slices.Grow(values, len(null)-from)[:len(null)]
	for i := len(null) - 1; i >= 0; i-- {
		if null[i] {
			var none T
			values[i] = none
			continue
		}
		from--
		values[i] = values[from]
	}
	return values
}

func sized[T any](s []T, n int) []T {
	if s == nil || cap(s) < n {
		s = make([]T, n+n/4)
	}
	return s[:n]
}
