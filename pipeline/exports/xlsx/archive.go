package xlsx

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/klauspost/compress/flate"
)

// archive is the zip file around a workbook, with every name and declared size
// checked before anything is inflated.
type archive struct {
	limits  Limits
	order   []*zip.File
	members map[string]*zip.File // by lower-case name: part names ignore case
	checked map[*zip.File]bool   // read to the end, size and checksum right; no worksheet is among them
}

func openArchive(r io.ReaderAt, size int64, l Limits) (*archive, error) {
	z, err := zip.NewReader(r, size)
	switch {
	case errors.Is(err, zip.ErrFormat):
		return nil, errors.New("a zip archive, as workbooks are, but cut off or damaged")
	case err != nil:
		return nil, fmt.Errorf("a zip archive, as workbooks are, but not a sound one: %w", err)
	}
	if len(z.File) > l.Members {
		return nil, fmt.Errorf("%d members: %w", len(z.File), &Beyond{"members", l.Members, ""})
	}
	a := &archive{limits: l, order: z.File, members: map[string]*zip.File{}, checked: map[*zip.File]bool{}}
	var packed, inflated uint64
	for _, f := range z.File {
		if err := a.add(f); err != nil {
			return nil, &Error{Part: f.Name, Err: err}
		}
		packed += f.CompressedSize64
		inflated += f.UncompressedSize64
		if packed > uint64(size) {
			return nil, &Error{Part: f.Name, Err: errors.New("overlaps another member")}
		}
		if inflated > uint64(l.Inflated) {
			return nil, &Error{Part: f.Name, Err: fmt.Errorf("inflated size: %w", &Beyond{"inflated", l.Inflated, " bytes"})}
		}
	}
	return a, nil
}

// add admits one member by what the directory says of it. Sizes are bounded
// here one by one, so that adding them up cannot overflow.
func (a *archive) add(f *zip.File) error {
	name := strings.ToLower(f.Name)
	const dos = 1<<0 | 1<<6 // encrypted, strongly encrypted
	switch {
	case a.members[name] != nil:
		return errors.New("a second member of this name")
	case !safeName(f.Name):
		return errors.New("unsafe member name")
	case !f.Mode().IsRegular() && !f.Mode().IsDir():
		return fmt.Errorf("is no plain file but %v", f.Mode().Type())
	case f.Mode().Type()&fs.ModeDir != 0 && f.UncompressedSize64 > 0:
		return errors.New("is a folder with content")
	case f.Flags&dos != 0:
		return errors.New("is encrypted")
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return fmt.Errorf("is compressed by method %d, not deflate", f.Method)
	case f.Method == zip.Store && f.CompressedSize64 != f.UncompressedSize64:
		return errors.New("is stored with two different sizes")
	case f.UncompressedSize64 > uint64(a.limits.Inflated):
		return fmt.Errorf("inflated size: %w", &Beyond{"inflated", a.limits.Inflated, " bytes"})
	case f.UncompressedSize64 > ratioFree && f.UncompressedSize64/uint64(a.limits.Ratio) >= max(f.CompressedSize64, 1):
		return fmt.Errorf("%d bytes would inflate to %d: %w", f.CompressedSize64, f.UncompressedSize64, &Beyond{"ratio", a.limits.Ratio, " to 1"})
	}
	a.members[name] = f
	return nil
}

// ratioFree is the inflated size up to which a ratio is no danger: small parts
// that repeat themselves are common.
const ratioFree = 1 << 20

// safeName reports whether a name stays inside the archive on any system.
func safeName(s string) bool {
	return s != "" && !strings.ContainsAny(s, "\\:\x00") && !strings.HasPrefix(s, "/") &&
		!slices.Contains(strings.Split(s, "/"), "..")
}

// find returns the member that a relationship of the part base names.
func (a *archive) find(base, target string) *zip.File {
	if !strings.HasPrefix(target, "/") {
		target = path.Join(path.Dir(base), target)
	}
	return a.members[strings.ToLower(strings.TrimPrefix(path.Clean(target), "/"))]
}

// open starts reading a member.
func (a *archive) open(f *zip.File) (*member, error) {
	raw, err := f.OpenRaw()
	if err != nil {
		return nil, &Error{Part: f.Name, Err: err}
	}
	m := &member{file: f, packed: bufio.NewReaderSize(raw, 64<<10), left: f.UncompressedSize64}
	m.inflated = m.packed
	if f.Method == zip.Deflate {
		m.inflated = flate.NewReader(m.packed)
	}
	return m, nil
}

// all reads a whole member into memory.
func (a *archive) all(f *zip.File) ([]byte, error) {
	m, err := a.open(f)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(m)
	a.checked[f] = err == nil
	return text, err
}

// check reads a member to its end for its checksum only.
func (a *archive) check(f *zip.File) error {
	if a.checked[f] {
		return nil
	}
	m, err := a.open(f)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, m)
	return err
}

// member reads one member inflated. Its Read ends in io.EOF only when size and
// checksum are what the directory says, and nothing follows the compressed data.
// (The reader of archive/zip takes a zero checksum for an absent one.)
type member struct {
	file     *zip.File
	packed   *bufio.Reader
	inflated io.Reader
	left     uint64
	crc      uint32
}

func (m *member) Read(p []byte) (int, error) {
	n, err := m.inflated.Read(p)
	if uint64(n) > m.left {
		return 0, m.fault("is larger than the directory says")
	}
	m.left -= uint64(n)
	m.crc = crc32.Update(m.crc, crc32.IEEETable, p[:n])
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		return n, m.fault("is cut short")
	case err != io.EOF:
		return n, &Error{Part: m.file.Name, Err: err}
	case m.left > 0:
		return n, m.fault("is smaller than the directory says")
	case m.crc != m.file.CRC32:
		return n, m.fault("is damaged: its checksum is wrong")
	}
	if _, err := m.packed.ReadByte(); err != io.EOF {
		return n, m.fault("has bytes after its end")
	}
	return n, io.EOF
}

func (m *member) fault(what string) error { return &Error{Part: m.file.Name, Err: errors.New(what)} }
