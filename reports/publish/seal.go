package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Digest is a file's name, size and SHA-256 in hexadecimal.
type Digest struct {
	File   string `json:"file"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// seal gives the files of a draft their modes, whatever the umask, forces them to
// the disk, and reads them back. The digests are sorted by file name.
func seal(dir string) ([]Digest, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var sealed []Digest
	for _, e := range entries {
		if !e.Type().IsRegular() {
			return nil, fmt.Errorf("%s is no regular file", e.Name())
		}
		path := filepath.Join(dir, e.Name())
		if err := harden(path, mode); err != nil {
			return nil, err
		}
		d, err := digest(path)
		if err != nil {
			return nil, err
		}
		sealed = append(sealed, d)
	}
	return sealed, harden(dir, dirMode)
}

// harden sets the mode and syncs. A failed sync is never tried again: the kernel
// forgets the lost pages, so a second sync would say that all is well.
func harden(path string, mode fs.FileMode) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(mode), f.Sync(), f.Close())
}

func syncDir(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func digest(path string) (Digest, error) {
	f, err := os.Open(path)
	if err != nil {
		return Digest{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return Digest{File: filepath.Base(path), Bytes: n, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}

// compare says which file is not what was meant.
func compare(meant, found []Digest) error {
	have := make(map[string]Digest, len(found))
	for _, d := range found {
		have[d.File] = d
	}
	for _, want := range meant {
		got, ok := have[want.File]
		delete(have, want.File)
		switch {
		case !ok:
			return fmt.Errorf("%s is missing", want.File)
		case got.Bytes != want.Bytes:
			return fmt.Errorf("%s has %d bytes, %d were written", want.File, got.Bytes, want.Bytes)
		case got.SHA256 != want.SHA256:
			return fmt.Errorf("%s is not what was written", want.File)
		}
	}
	for _, d := range found {
		if _, extra := have[d.File]; extra {
			return fmt.Errorf("%s %w", d.File, ErrStray)
		}
	}
	return nil
}

func writeSynced(path, text string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	if _, err = f.WriteString(text); err == nil {
		err = errors.Join(f.Chmod(mode), f.Sync(), readBack(f, 0, []byte(text)))
	}
	return errors.Join(err, f.Close())
}

// readBack holds the disk to what it said it had written.
func readBack(f *os.File, at int64, text []byte) error {
	found := make([]byte, len(text))
	if _, err := f.ReadAt(found, at); err != nil || !bytes.Equal(found, text) {
		return fmt.Errorf("%s: read back, it is not what was written: %w", f.Name(), syscall.EIO)
	}
	return nil
}

func owner(info fs.FileInfo) int { return int(info.Sys().(*syscall.Stat_t).Uid) }
