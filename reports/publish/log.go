package publish

import (
	"os"
	"path/filepath"
)

// Log opens the folder's log for appending: DIR/log/clientworth.jsonl.
func (f *Folder) Log() (*os.File, error) {
	dir := filepath.Join(f.path, "log")
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return nil, outputError(dir, err)
	}
	log, err := os.OpenFile(filepath.Join(dir, "clientworth.jsonl"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, mode)
	if err != nil {
		return nil, outputError(dir, err)
	}
	for path, want := range map[string]os.FileMode{dir: dirMode, log.Name(): mode} {
		if err := os.Chmod(path, want); err != nil {
			log.Close()
			return nil, outputError(path, err)
		}
	}
	return log, nil
}
