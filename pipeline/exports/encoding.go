package exports

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// content is what the first bytes of a file say that it is, whatever its name.
type content uint8

const (
	textual content = iota
	gzipped
	zstandard
	zipped // a workbook, or an archive
	parquet
	ole      // an old or an encrypted workbook
	markup   // HTML or XML
	portable // PDF
)

var magics = []struct {
	magic string
	is    content
}{
	{"\x1f\x8b", gzipped}, {"\x28\xb5\x2f\xfd", zstandard}, {"PK\x03\x04", zipped}, {"PK\x05\x06", zipped},
	{"PAR1", parquet}, {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ole}, {"%PDF", portable},
}

func sniff(head []byte) content {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.magic)) {
			return m.is
		}
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	for _, tag := range []string{"<!doctype", "<html", "<?xml", "<table", "<meta"} {
		if len(text) >= len(tag) && strings.EqualFold(string(text[:len(tag)]), tag) {
			return markup
		}
	}
	return textual
}

// contentOf looks at the first bytes of a file.
func contentOf(path string) (content, error) {
	f, err := os.Open(path)
	if err != nil {
		return textual, err
	}
	defer f.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return textual, err
	}
	return sniff(head[:n]), nil
}

// stream is the text of a file as UTF-8 without a byte order mark, with what is
// needed to know afterwards that the file was read whole and did not change.
type stream struct {
	io.Reader
	Encoding   string // as found: "UTF-8", "windows-1252"
	Wrapped    string // "gzip" or "Zstandard", or nothing
	Transcoded bool   // what could not be decoded reads as U+FFFD

	file   *os.File
	before os.FileInfo
	sum    hash.Hash
	close  []func()
}

// openFile opens a file for its bytes, whatever they are, and their digest.
func openFile(path string) (*stream, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	s := &stream{file: f, sum: sha256.New()}
	s.close = append(s.close, func() { f.Close() })
	if s.before, err = f.Stat(); err == nil && !s.before.Mode().IsRegular() {
		err = errors.New("is not a regular file")
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// openText opens a file of text. A file that is no text is an error that says
// what it is.
func openText(path, encodingName string) (*stream, error) {
	s, err := openFile(path)
	if err != nil {
		return nil, err
	}
	if err := s.open(encodingName); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *stream) open(encodingName string) error {
	s.Reader = io.TeeReader(s.file, s.sum)
	head, err := s.peek(512)
	if err != nil {
		return err
	}
	switch sniff(head) {
	case gzipped:
		z, err := gzip.NewReader(s.Reader)
		if err != nil {
			return fmt.Errorf("damaged gzip file: %w", err)
		}
		s.Reader, s.Wrapped = &inflated{Reader: z, kind: "gzip", size: s.before.Size()}, "gzip"
	case zstandard:
		z, err := zstd.NewReader(s.Reader, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			return fmt.Errorf("damaged Zstandard file: %w", err)
		}
		s.close = append(s.close, z.Close)
		s.Reader, s.Wrapped = &inflated{Reader: z, kind: "Zstandard", size: s.before.Size()}, "Zstandard"
	}
	if s.Wrapped != "" {
		if head, err = s.peek(512); err != nil {
			return err
		}
	}
	if err := foreign(sniff(head)); err != nil {
		return err
	}
	if !bytes.HasPrefix(head, bankMagic) {
		return s.decode(head, encodingName)
	}
	if encodingName == "" {
		encodingName = bankEncoding(head)
	}
	err = s.decode(head, encodingName)
	s.Reader, s.Wrapped = newBankReader(s.Reader), bankExchange
	return err
}

// peek returns the first bytes of what is still to be read.
func (s *stream) peek(n int) ([]byte, error) {
	head := make([]byte, n)
	n, err := io.ReadFull(s.Reader, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	s.Reader = io.MultiReader(bytes.NewReader(head[:n]), s.Reader)
	return head[:n], nil
}

// foreign says what to do with a file that is no text.
func foreign(c content) error {
	switch c {
	case ole:
		return errors.New("this is an old .xls workbook or one with a password: save it as .xlsx without a password, or as CSV")
	case markup:
		return errors.New("this is a web page or XML, whatever its name: export it as CSV or .xlsx")
	case portable:
		return errors.New("this is a PDF: export it as CSV or .xlsx")
	case zipped:
		return errors.New("this is a ZIP archive or a workbook inside another file: unpack it")
	case parquet:
		return errors.New("this is a Parquet file inside another file: unpack it")
	case gzipped, zstandard:
		return errors.New("this file is compressed twice: unpack it once")
	}
	return nil
}

var (
	bomUTF8  = []byte("\xef\xbb\xbf")
	bomLE    = []byte("\xff\xfe")
	bomBE    = []byte("\xfe\xff")
	utf16LE  = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	utf16BE  = unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)
	bareUTF8 = map[string]bool{"": true, "utf-8": true, "utf8": true}
)

func (s *stream) decode(head []byte, name string) error {
	switch {
	case bytes.HasPrefix(head, bomUTF8):
		s.Encoding = "UTF-8 with byte order mark"
		_, err := io.CopyN(io.Discard, s.Reader, int64(len(bomUTF8)))
		return err
	case bytes.HasPrefix(head, bomLE):
		s.transcode(utf16LE, "UTF-16")
		return nil
	case bytes.HasPrefix(head, bomBE):
		s.transcode(utf16BE, "UTF-16")
		return nil
	case bareUTF8[strings.ToLower(name)]:
		s.Encoding = "UTF-8"
		return nil
	}
	e, err := encodingOf(name)
	if err != nil {
		return err
	}
	s.transcode(e, name)
	return nil
}

// encodingOf knows the names of the WHATWG list, and cp850-like spellings.
func encodingOf(name string) (encoding.Encoding, error) {
	for _, n := range []string{name, strings.Replace(strings.ToLower(name), "cp", "windows-", 1), strings.Replace(strings.ToLower(name), "cp", "ibm", 1)} {
		if e, err := htmlindex.Get(n); err == nil {
			return e, nil
		}
	}
	return nil, fmt.Errorf("encoding %q is not known", name)
}

func (s *stream) transcode(e encoding.Encoding, name string) {
	s.Reader = transform.NewReader(s.Reader, e.NewDecoder())
	s.Encoding, s.Transcoded = name, true
}

// finish reads what was not needed, so that the digest is of the whole file, and
// reports whether the file is still the one that was opened.
func (s *stream) finish() (digest string, err error) {
	if _, err := io.Copy(s.sum, s.file); err != nil {
		return "", err
	}
	after, err := os.Stat(s.file.Name())
	if err != nil || !same(s.before, after) {
		return "", errChanged
	}
	return hex.EncodeToString(s.sum.Sum(nil)), nil
}

var errChanged = errors.New("the file changed while it was read: is it still being written?")

func same(a, b os.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// Close closes the file and its decoders.
func (s *stream) Close() {
	for i := len(s.close) - 1; i >= 0; i-- {
		s.close[i]()
	}
}

// inflated is what a decompressor gives. Its errors say what they mean, and it is
// bounded: a few bytes must not keep the job busy for hours.
type inflated struct {
	io.Reader
	kind string
	size int64 // of the compressed file
	read int64
}

const (
	inflatedFree  = 1 << 30 // bytes below which no ratio is asked for
	inflatedRatio = 200
)

func (r *inflated) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if r.read += int64(n); r.read > max(inflatedFree, inflatedRatio*r.size) {
		return n, fmt.Errorf("the %s file inflates to more than %d times its size: unpack it, if it is what it should be", r.kind, inflatedRatio)
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("damaged or incomplete %s file: %w", r.kind, err)
	}
	return n, err
}

// Size returns how many bytes the files of a source have that can be looked at.
func (s *Source) Size() (bytes int64) {
	for _, f := range s.Files {
		if info, err := os.Stat(fileName(s.Folder, f)); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

func fileName(folder, file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(folder, file)
}
