package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// Faults 4 and 7, for the whole program: the file system has no room for the
// n-th file. Whatever n is, there is a whole report or none, and no draft.
func TestFault04Fault07NoRoomForTheNextFile(t *testing.T) {
	program, dir := binary(t), t.TempDir()
	company(t, dir)
	full, published := 0, false
	for n := 3; n < 20 && !published; n++ {
		const script = `mount -t tmpfs -o size=64m,nr_inodes=$1 none "$2" || exit 99
			"$0" run --config "$3/clientworth.yaml" --as-of 2026-11-02 --out "$2"; echo "status $?"
			test ! -e "$2/2026-10" || "$0" verify "$2/2026-10"; echo "holds $(ls -A "$2" | tr '\n' ' ')"`
		out, err := withOwn(syscall.CLONE_NEWNS, exec.Command("sh", "-c", script, program, fmt.Sprint(n), t.TempDir(), dir)).CombinedOutput()
		said := string(out)
		_, holds, _ := strings.Cut(said, "holds ")
		if exitStatus(err) == "99" || err != nil && exitStatus(err) == err.Error() {
			t.Skipf("skipped: no file system of one's own can be mounted here: %v %s", err, said)
		}
		switch {
		case strings.Contains(said, "status 7") && strings.Contains(said, "free space") && !strings.Contains(holds, "2026-10") && !strings.Contains(holds, ".publishing"):
			full++
		case strings.Contains(said, "status 0") && strings.Contains(said, "6 files as published"):
			published = true
		default:
			t.Errorf("with room for %d: %s", n, said)
		}
	}
	if full < 5 || !published {
		t.Errorf("%d runs found no room, one published: %v", full, published)
	}
}

// Fault 72: no network, the same report.
func TestFault72NoNetwork(t *testing.T) {
	program, dir := binary(t), t.TempDir()
	company(t, dir)
	cmd := withOwn(syscall.CLONE_NEWNET, exec.Command(program, "run", "--as-of", "2026-11-02"))
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Skipf("skipped: no network of one's own can be made here: %v", err)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// withOwn gives a command mounts or a network of its own, which end with it.
func withOwn(what uintptr, cmd *exec.Cmd) *exec.Cmd {
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | what,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	return cmd
}
