package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
)

// ErrHeld says that another run holds the lock of the output folder.
var ErrHeld = errors.New("another run is at work in this output folder")

// OutputError says that the output folder cannot be written, and what to do.
type OutputError struct {
	Path   string
	Err    error
	Remedy string
}

func (e *OutputError) Error() string { return e.Path + ": " + e.Err.Error() }
func (e *OutputError) Unwrap() error { return e.Err }

// RecordError says that the record of runs is not what this program wrote.
type RecordError struct {
	Path   string
	Line   int
	Err    error
	Remedy string
}

func (e *RecordError) Error() string { return fmt.Sprintf("%s:%d: %v", e.Path, e.Line, e.Err) }
func (e *RecordError) Unwrap() error { return e.Err }

// outputError makes what the operating system refused an [*OutputError]; any
// other error, and none, it leaves as it is.
func outputError(path string, err error) error {
	var known *OutputError
	var errno syscall.Errno
	if errors.As(err, &known) || !errors.As(err, &errno) {
		return err
	}
	return &OutputError{Path: path, Err: about(path, err, errno), Remedy: remedy(errno)}
}

// about says what the operating system refused without telling its path twice,
// nor the name of a draft.
func about(path string, err error, errno syscall.Errno) error {
	var of *fs.PathError
	if !errors.As(err, &of) {
		return err
	}
	name := filepath.Base(of.Path)
	if name == filepath.Base(path) || strings.HasPrefix(name, draft) {
		return errno
	}
	return fmt.Errorf("%s: %w", name, errno)
}

func remedy(errno syscall.Errno) string {
	switch errno {
	case syscall.ENOSPC, syscall.EDQUOT:
		return "free space there, or name another folder with --out"
	case syscall.EFBIG:
		return "raise the limit on file sizes (ulimit -f), or name another folder with --out"
	case syscall.EACCES, syscall.EPERM:
		return "give the user who runs this the right to write there, or name another folder with --out"
	case syscall.EROFS:
		return "the file system is mounted read-only: name another folder with --out"
	case syscall.ENOENT:
		return "make the folder that should hold it (is its file system mounted?), or name another with --out"
	case syscall.ENOTDIR:
		return "a file stands where a folder should: move it, or name another folder with --out"
	case syscall.EMFILE, syscall.ENFILE:
		return "raise the limit on open files (ulimit -n)"
	}
	return "have the disk checked, or name another folder with --out; what was published before is unchanged"
}
