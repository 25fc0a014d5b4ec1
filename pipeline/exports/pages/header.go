package pages

import (
	"encoding/binary"
	"errors"
	"iter"
)

// header is what is written before a page, of which only what its values need.
type header struct {
	kind       pageKind
	at         int // where the page begins in its chunk
	inflated   int // bytes
	size       int // in the file
	checksum   uint32
	checked    bool // it has a checksum
	values     int  // nulls included
	encoding   encoding
	levels     encoding // of the definition levels of a page of the first version
	levelBytes int      // of those of a page of the second version
	raw        bool     // not compressed, whatever the chunk is
}

type pageKind int

const (
	dataPage pageKind = iota
	indexPage
	dictionaryPage
	dataPage2
)

type encoding int

const (
	plain           encoding = 0
	plainDictionary encoding = 2 // of indices, as rleDictionary; of a dictionary, as plain
	rle             encoding = 3
	bitPacked       encoding = 4 // levels of old writers
	deltaPacked     encoding = 5
	deltaLengths    encoding = 6
	deltaTexts      encoding = 7
	rleDictionary   encoding = 8
	streams         encoding = 9
)

var errHeader = errors.New("a page header cannot be read")

// readHeader reads the header at the beginning of data, and returns its length.
// It is a PageHeader of parquet.thrift in Thrift's compact protocol.
func readHeader(data []byte) (h header, n int, err error) {
	t := compact{data: data}
	for id, kind := range t.fields() {
		switch {
		case id == 1:
			h.kind = pageKind(t.number(kind))
		case id == 2:
			h.inflated = t.number(kind)
		case id == 3:
			h.size = t.number(kind)
		case id == 4:
			h.checksum, h.checked = uint32(t.number(kind)), true
		case kind == compactStruct && (id == 5 || id == 7):
			h.readData(&t)
		case kind == compactStruct && id == 8:
			h.readData2(&t)
		default:
			t.skip(kind, 0)
		}
	}
	if t.bad || h.size < 0 || h.inflated < 0 || h.values < 0 || h.levelBytes < 0 || h.levelBytes > min(h.size, h.inflated) {
		return h, 0, errHeader
	}
	return h, t.at, nil
}

// readData reads a DataPageHeader or DictionaryPageHeader, which begin alike.
func (h *header) readData(t *compact) {
	for id, kind := range t.fields() {
		switch {
		case id == 1:
			h.values = t.number(kind)
		case id == 2:
			h.encoding = encoding(t.number(kind))
		case id == 3 && kind != compactTrue && kind != compactFalse: // of a dictionary, whether it is sorted
			h.levels = encoding(t.number(kind))
		default:
			t.skip(kind, 0)
		}
	}
}

// readData2 reads a DataPageHeaderV2.
func (h *header) readData2(t *compact) {
	for id, kind := range t.fields() {
		switch id {
		case 1:
			h.values = t.number(kind)
		case 4:
			h.encoding = encoding(t.number(kind))
		case 5:
			h.levelBytes = t.number(kind)
		case 6: // repetition levels, which a flat column does not have
			t.bad = t.bad || t.number(kind) != 0
		case 7:
			h.raw = kind == compactFalse
			t.skip(kind, 0)
		default:
			t.skip(kind, 0)
		}
	}
}

// compact reads Thrift's compact protocol, whose numbers stand before packed values
// too. What it cannot read leaves it bad.
type compact struct {
	data []byte
	at   int
	bad  bool
}

// The types of fields, as far as they matter here.
const (
	compactTrue   = 1
	compactFalse  = 2
	compactI64    = 6
	compactDouble = 7
	compactBytes  = 8
	compactList   = 9
	compactSet    = 10
	compactMap    = 11
	compactStruct = 12
)

// fields runs through the fields of a struct, by id and type. The value of each
// has to be read or skipped.
func (t *compact) fields() iter.Seq2[int, byte] {
	return func(yield func(int, byte) bool) {
		id := 0
		for !t.bad {
			b := t.byte()
			if b == 0 {
				return
			}
			if delta := int(b >> 4); delta > 0 {
				id += delta
			} else {
				id = int(t.signed())
			}
			if t.bad || !yield(id, b&15) {
				return
			}
		}
	}
}

func (t *compact) byte() byte {
	if t.at >= len(t.data) {
		t.bad = true
		return 0
	}
	t.at++
	return t.data[t.at-1]
}

func (t *compact) unsigned() uint64 {
	v, n := binary.Uvarint(t.data[t.at:])
	if n <= 0 {
		t.bad = true
		return 0
	}
	t.at += n
	return v
}

func (t *compact) signed() int64 {
	v := t.unsigned()
	return int64(v>>1) ^ -int64(v&1)
}

// number reads a field that must be a whole number of 32 bits.
func (t *compact) number(kind byte) int {
	v := int64(0)
	if kind > compactFalse && kind <= compactI64 && kind != 3 {
		v = t.signed()
	} else {
		t.bad = true
	}
	if int64(int32(v)) != v {
		t.bad = true
	}
	return int(v)
}

// skip passes over a value, however deep.
func (t *compact) skip(kind byte, depth int) {
	const deepest = 16
	if depth > deepest {
		t.bad = true
	}
	switch kind {
	case compactTrue, compactFalse:
	case 3:
		t.byte()
	case 4, 5, compactI64:
		t.unsigned()
	case compactDouble:
		t.pass(8)
	case compactBytes:
		t.pass(t.unsigned())
	case compactList, compactSet:
		b := t.byte()
		n := uint64(b >> 4)
		if n == 15 {
			n = t.unsigned()
		}
		for ; n > 0 && !t.bad; n-- {
			t.element(b&15, depth)
		}
	case compactMap:
		if n := t.unsigned(); n > 0 {
			kinds := t.byte()
			for ; n > 0 && !t.bad; n-- {
				t.element(kinds>>4, depth)
				t.element(kinds&15, depth)
			}
		}
	case compactStruct:
		for _, kind := range t.fields() {
			t.skip(kind, depth+1)
		}
	default:
		t.bad = true
	}
}

// element skips a value of a collection, where a truth takes a byte.
func (t *compact) element(kind byte, depth int) {
	if kind == compactTrue || kind == compactFalse {
		t.byte()
		return
	}
	t.skip(kind, depth+1)
}

func (t *compact) pass(n uint64) {
	if n > uint64(len(t.data)-t.at) {
		t.bad = true
		return
	}
	t.at += int(n)
}
