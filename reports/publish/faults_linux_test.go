package publish

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func init() {
	mount = func(dir, size string) error { return unix.Mount("none", dir, "tmpfs", 0, "size="+size) }
}

// Fault 4: the disk is full while the report is written.
func TestFault04DiskFull(t *testing.T) {
	dir := t.TempDir()
	cmd := publishing(t, dir, strings.Repeat("much ", 100))
	cmd.Env = append(cmd.Env, "TMPFS=200k")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() == 99 {
		t.Skipf("skipped: no file system of one's own can be mounted here: %v %s", err, out)
	}
	if code := cmd.ProcessState.ExitCode(); code != statusOutput {
		t.Fatalf("status %d: %s", code, out)
	}
	if !strings.Contains(string(out), "free space") || !strings.Contains(string(out), "left: []") {
		t.Fatalf("it said: %s", out)
	}
}
