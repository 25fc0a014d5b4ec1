package publish

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Statuses of the publisher below.
const (
	statusHeld   = 6
	statusOutput = 7
	statusOther  = 1
)

// TestMain lets the test binary stand for a program that publishes, so that real
// processes can be killed, starved and lied to: PUBLISH=dir names the folder and
// TEXT the report.
func TestMain(m *testing.M) {
	if dir := os.Getenv("PUBLISH"); dir != "" {
		os.Exit(publisher(dir, os.Getenv("TEXT")))
	}
	os.Exit(m.Run())
}

// mount puts a file system of so many bytes on a folder, where a test can do that.
var mount = func(dir, size string) error { return errors.ErrUnsupported }

func publisher(dir, text string) int {
	signal.Ignore(syscall.SIGXFSZ)
	if size := os.Getenv("TMPFS"); size != "" {
		if err := mount(dir, size); err != nil {
			fmt.Fprintln(os.Stderr, "cannot mount:", err)
			return 99
		}
	}
	f, err := Open(dir)
	if err == nil {
		defer f.Close()
		if os.Getenv("HOLD") != "" {
			fmt.Println("held")
			time.Sleep(time.Hour)
		}
		_, err = f.Publish(run(text), writing(report(text)))
	}
	if os.Getenv("TMPFS") != "" {
		left, _ := filepath.Glob(filepath.Join(dir, "*20*"))
		hidden, _ := filepath.Glob(filepath.Join(dir, draft+"*"))
		fmt.Fprintln(os.Stderr, "left:", append(left, hidden...))
	}
	return status(err)
}

func status(err error) int {
	var output *OutputError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, ErrHeld):
		return statusHeld
	case errors.As(err, &output):
		fmt.Fprintf(os.Stderr, "%v\n%s\n", err, output.Remedy)
		return statusOutput
	}
	fmt.Fprintln(os.Stderr, err)
	return statusOther
}

// publishing is a command that publishes a report as a process of its own, under
// a wrapper if one is given.
func publishing(t *testing.T, dir, text string, wrapper ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := append(wrapper, self)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "PUBLISH="+dir, "TEXT="+text)
	return cmd
}

// outcome runs the command and returns its exit status and what it said.
func outcome(t *testing.T, cmd *exec.Cmd) (int, string) {
	t.Helper()
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// intact fails unless the report "old" is published, whole and the newest, and
// no draft is left.
func intact(t *testing.T, dir string) {
	t.Helper()
	holds(t, filepath.Join(dir, "2026-10"), "old")
	if got := latestOf(t, dir); got != "2026-10" {
		t.Fatalf("LATEST is %q", got)
	}
	if left := drafts(t, dir); len(left) > 0 {
		t.Fatalf("left behind: %v", left)
	}
	if _, err := os.Stat(filepath.Join(dir, "2026-10-r2")); err == nil {
		t.Fatal("the report was published after all")
	}
}

// published makes an output folder with the report "old" in it.
func published(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "reports")
	f := open(t, dir)
	publishOne(t, f, "old")
	f.Close()
	return dir
}

// Faults 1 and 2: killed at a random moment, the folder holds old reports or the
// new one, whole, and the next run clears up and succeeds.
func TestFault01Fault02KilledAtAnyMoment(t *testing.T) {
	dir := published(t)
	started := time.Now()
	if code, out := outcome(t, publishing(t, t.TempDir(), "timing")); code != 0 {
		t.Fatal(out)
	}
	whole := time.Since(started)
	killed := 0
	for i := range 60 {
		text := fmt.Sprint("report ", i)
		cmd := publishing(t, dir, text)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(float64(whole) * (0.3 + 0.8*rand.Float64())))
		cmd.Process.Kill()
		if cmd.Wait() != nil {
			killed++
		}
		for _, folder := range folders(t, dir) {
			if _, err := Verify(filepath.Join(dir, folder)); err != nil {
				t.Fatalf("round %d: %v", i, err)
			}
		}
	}
	holds(t, filepath.Join(dir, "2026-10"), "old")
	if code, out := outcome(t, publishing(t, dir, "last")); code != 0 {
		t.Fatal(out)
	}
	if left := drafts(t, dir); len(left) > 0 {
		t.Fatalf("left behind: %v", left)
	}
	holds(t, filepath.Join(dir, latestOf(t, dir)), "last")
	t.Logf("%d of 60 runs were killed, %d reports stand", killed, len(folders(t, dir)))
}

func folders(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if revision("2026-10", e.Name()) > 0 {
			names = append(names, e.Name())
		}
	}
	return names
}

// Faults 5 and 14: drafts stand beside their place, so neither a full nor a
// foreign folder for temporary files matters.
func TestFault05Fault14TemporaryFolderIsNotUsed(t *testing.T) {
	dir := published(t)
	cmd := publishing(t, dir, "new")
	cmd.Env = append(cmd.Env, "TMPDIR=/nonexistent")
	if code, out := outcome(t, cmd); code != 0 {
		t.Fatalf("status %d: %s", code, out)
	}
	holds(t, filepath.Join(dir, "2026-10-r2"), "new")
}

// Fault 6: a limit on the size of files.
func TestFault06FileSizeLimit(t *testing.T) {
	dir := published(t)
	code, out := outcome(t, publishing(t, dir, "new", "sh", "-c", `ulimit -f 4; exec "$0"`))
	if code != statusOutput || !strings.Contains(out, "ulimit -f") {
		t.Fatalf("status %d: %s", code, out)
	}
	intact(t, dir)
}

// strace makes the n-th call of a kind fail in a real process, for every n until
// the process no longer makes so many.
func eachCall(t *testing.T, inject string, limit int, check func(t *testing.T, dir string, n, code int, out string)) {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("skipped: strace is not installed, so no system call can be made to fail")
	}
	if out, err := exec.Command(strace, "-f", "-o", "/dev/null", "true").CombinedOutput(); err != nil {
		t.Skipf("skipped: strace does not work here: %v %s", err, out)
	}
	for n := 1; n <= limit; n++ {
		dir := published(t)
		trace := filepath.Join(t.TempDir(), "trace")
		cmd := publishing(t, dir, "new", strace, "-f", "-o", trace, "-e", fmt.Sprintf(inject, n))
		code, out := outcome(t, cmd)
		if hit, _ := os.ReadFile(trace); !bytes.Contains(hit, []byte("(INJECTED)")) {
			if n == 1 {
				t.Fatalf("no call was reached: %s", out)
			}
			t.Logf("%d calls were made to fail", n-1)
			return
		}
		check(t, dir, n, code, out)
	}
	t.Fatalf("more than %d calls", limit)
}

func refused(t *testing.T, dir string, n, code int, out string) {
	t.Helper()
	if code != statusOutput {
		t.Fatalf("call %d: status %d: %s", n, code, out)
	}
	intact(t, dir)
}

// Fault 7: no space at the n-th write, for all n.
func TestFault07NoSpaceAtEachWrite(t *testing.T) {
	eachCall(t, "inject=write,pwrite64:error=ENOSPC:when=%d+", 60, func(t *testing.T, dir string, n, code int, out string) {
		if code == 0 { // the runtime's own wake-up calls are writes too
			return
		}
		refused(t, dir, n, code, out)
	})
}

// Fault 8: every fsync may fail, and none is believed twice.
func TestFault08SyncFails(t *testing.T) {
	eachCall(t, "inject=fsync,fdatasync:error=EIO:when=%d", 20, refused)
}

// Fault 9: renaming fails.
func TestFault09RenameFails(t *testing.T) {
	for _, errno := range []string{"EXDEV", "EACCES"} {
		eachCall(t, "inject=rename,renameat,renameat2:error="+errno+":when=%d", 5, refused)
	}
}

// Fault 10: a write says it wrote everything, and did not.
func TestFault10LyingWrite(t *testing.T) {
	eachCall(t, "inject=write:retval=42:when=%d", 60, func(t *testing.T, dir string, n, code int, out string) {
		if code == 0 {
			// The lie told the truth, or fell on no file of the report.
			for _, folder := range folders(t, dir) {
				if _, err := Verify(filepath.Join(dir, folder)); err != nil {
					t.Fatalf("call %d: published, and yet: %v", n, err)
				}
			}
		}
		holds(t, filepath.Join(dir, "2026-10"), "old")
	})
}

// Fault 11: no more files can be opened.
func TestFault11TooManyOpenFiles(t *testing.T) {
	eachCall(t, "inject=openat:error=EMFILE:when=%d+", 80, func(t *testing.T, dir string, n, code int, out string) {
		if strings.Contains(out, "panic") || strings.Contains(out, "goroutine") {
			t.Fatalf("call %d: %s", n, out)
		}
		holds(t, filepath.Join(dir, "2026-10"), "old")
		if code == 0 {
			holds(t, filepath.Join(dir, "2026-10-r2"), "new")
		}
	})
}

// Fault 13: the output folder is read-only, missing, or a file.
func TestFault13FolderCannotBeWritten(t *testing.T) {
	base := t.TempDir()
	for p := base; len(p) > len(os.TempDir()); p = filepath.Dir(p) {
		if err := os.Chmod(p, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	readOnly := filepath.Join(base, "read-only")
	if err := os.Mkdir(readOnly, 0o555); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(base, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ dir, advice string }{
		"read-only":             {readOnly, "right to write"},
		"below a read-only one": {filepath.Join(readOnly, "reports"), "right to write"},
		"missing":               {filepath.Join(base, "missing", "reports"), "is its file system mounted"},
		"a file":                {file, "a file stands"},
	} {
		t.Run(name, func(t *testing.T) {
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			// Another user cannot reach the test binary where it was built.
			image, err := os.ReadFile(self)
			if err != nil {
				t.Fatal(err)
			}
			program := filepath.Join(base, "publisher")
			if err := os.WriteFile(program, image, 0o755); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(program)
			cmd.Dir = base
			cmd.Env = []string{"PUBLISH=" + c.dir, "TEXT=new"}
			if os.Geteuid() == 0 { // root may write anywhere
				cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
			}
			if code, out := outcome(t, cmd); code != statusOutput || !strings.Contains(out, c.advice) {
				t.Fatalf("status %d: %s", code, out)
			}
		})
	}
}

// Fault 15: two runs at once. Exactly one has the lock at a time.
func TestFault15TwoRunsAtOnce(t *testing.T) {
	dir := published(t)
	for i := range 30 {
		var wg sync.WaitGroup
		codes := make([]int, 2)
		for j := range codes {
			cmd := publishing(t, dir, fmt.Sprint("pair ", i, " ", j))
			wg.Go(func() { cmd.Run(); codes[j] = cmd.ProcessState.ExitCode() })
		}
		wg.Wait()
		for _, code := range codes {
			if code != 0 && code != statusHeld {
				t.Fatalf("round %d: statuses %v", i, codes)
			}
		}
		if codes[0] != 0 && codes[1] != 0 {
			t.Fatalf("round %d: neither published", i)
		}
	}
	for _, folder := range folders(t, dir) {
		if _, err := Verify(filepath.Join(dir, folder)); err != nil {
			t.Fatal(err)
		}
	}
}

// Fault 16: the holder of the lock is killed; the next run gets it at once.
func TestFault16LockHolderKilled(t *testing.T) {
	dir := published(t)
	holder := publishing(t, dir, "never")
	holder.Env = append(holder.Env, "HOLD=1")
	said, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := said.Read(make([]byte, 4)); err != nil { // it says "held"
		t.Fatal(err)
	}
	if code, out := outcome(t, publishing(t, dir, "new")); code != statusHeld {
		t.Fatalf("status %d while another holds the lock: %s", code, out)
	}
	holder.Process.Kill()
	holder.Wait()
	if code, out := outcome(t, publishing(t, dir, "new")); code != 0 {
		t.Fatalf("status %d after the holder died: %s", code, out)
	}
}

// Whoever verifies a report while another run writes its record reads the whole
// lines.
func TestFault17ALineThatIsBeingWrittenIsNotRead(t *testing.T) {
	dir := published(t)
	record := filepath.Join(dir, recordName)
	text, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(record, append(text, text[:len(text)/2]...), mode); err != nil {
		t.Fatal(err)
	}
	name, err := os.ReadFile(filepath.Join(dir, latest))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(filepath.Join(dir, strings.TrimSpace(string(name)))); err != nil {
		t.Error(err)
	}
}

// Fault 17: who follows LATEST while reports are published reads a whole report.
func TestFault17ReadersSeeOldOrNew(t *testing.T) {
	dir := published(t)
	f := open(t, dir)
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				name, err := os.ReadFile(filepath.Join(dir, latest))
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := Verify(filepath.Join(dir, strings.TrimSpace(string(name)))); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range 50 {
		publishOne(t, f, fmt.Sprint("report ", i))
	}
	close(done)
	wg.Wait()
}
