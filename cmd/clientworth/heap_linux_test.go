package main

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"clientworth/pipeline/exports"
)

// What a large job takes next lies where large pages were asked for; a small job
// leaves the heap as it is. This is so of a process that begins, as a job does: where
// other tests have used memory, the heap may go on elsewhere.
func TestLargePages(t *testing.T) {
	if _, err := os.Stat("/sys/kernel/mm/transparent_hugepage/enabled"); err != nil {
		t.Skip("this system has no large pages")
	}
	const alone = "LARGE_PAGES_ALONE"
	if os.Getenv(alone) == "" {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(self, "-test.run", "^TestLargePages$")
		cmd.Env = append(os.Environ(), alone+"=yes")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
		return
	}
	file := filepath.Join(t.TempDir(), "billing.csv")
	for _, size := range []int64{manyBytes - 1, manyBytes} {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(file, size); err != nil {
			t.Fatal(err)
		}
		largePages([]exports.Source{{Folder: filepath.Dir(file), Files: []string{"billing.csv"}}})
		if size < manyBytes {
			if advised(t, 0, math.MaxUint) {
				t.Errorf("large pages were asked for after exports of %d bytes", size)
			}
			continue
		}
		block := make([]byte, 128<<20)
		if at := uintptr(unsafe.Pointer(&block[64<<20])); !advised(t, at, at+1) {
			t.Errorf("after exports of %d bytes the heap is not in large pages", size)
		}
	}
}

// advised reports whether large pages were asked for somewhere from an address to
// another.
func advised(t *testing.T, first, end uintptr) bool {
	t.Helper()
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Skip("the system does not say how its memory is used:", err)
	}
	defer maps.Close()
	within := false
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		var from, to uintptr
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x ", &from, &to); err == nil {
			within = from < end && first < to
		}
		if flags, ok := strings.CutPrefix(lines.Text(), "VmFlags:"); ok && within && strings.Contains(flags, " hg") {
			return true
		}
	}
	return false
}
