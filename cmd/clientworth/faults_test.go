package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"clientworth/pipeline/exports"
	"clientworth/reports/publish"
)

// binary returns the path by which the test binary is called as the program.
func binary(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "clientworth")
	if err := os.Symlink(self, link); err != nil {
		t.Fatal(err)
	}
	return link
}

// sample makes a folder with the sample company's exports and its first report.
func sample(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "company")
	var out bytes.Buffer
	if status := run([]string{"demo", "--out", dir}, nil, &out, &out); status != statusDone {
		t.Fatalf("status %d: %s", status, &out)
	}
	return dir
}

// again is a command that makes the next revision of the sample company's report.
func again(t *testing.T, program, dir string) *exec.Cmd {
	t.Helper()
	return exec.Command(program, "run", "--config", filepath.Join(dir, "clientworth.yaml"), "--period", "2026-10", "--force")
}

// sound fails unless every report in the folder is what was published, LATEST
// names one of them, and, after a run that could clear up, no draft is left. It
// returns how many reports there are.
func sound(t *testing.T, reports string, cleared bool) int {
	t.Helper()
	entries, err := os.ReadDir(reports)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		switch {
		case strings.HasPrefix(e.Name(), "2026-10"):
			n++
			if _, err := publish.Verify(filepath.Join(reports, e.Name())); err != nil {
				t.Fatal(err)
			}
		case strings.HasPrefix(e.Name(), ".") && cleared:
			t.Fatalf("left behind: %s", e.Name())
		}
	}
	latest, err := os.ReadFile(filepath.Join(reports, "LATEST"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(reports, strings.TrimSpace(string(latest)))); err != nil {
		t.Fatal(err)
	}
	return n
}

// digestOf identifies the bytes of all files of a folder.
func digestOf(t *testing.T, folder string) string {
	t.Helper()
	h := sha256.New()
	if err := os.CopyFS(t.TempDir(), os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(folder, name))
		fmt.Fprintf(h, "%s %d\n%s", name, len(text), text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// Faults 1 and 2, for the whole program: kill -9 at random moments, then a run.
func TestFault01Fault02Killed(t *testing.T) {
	if testing.Short() {
		t.Skip("short: no run is killed at random moments")
	}
	program, dir := binary(t), sample(t)
	reports := filepath.Join(dir, "reports")
	first := digestOf(t, filepath.Join(reports, "2026-10"))
	started := time.Now()
	if out, err := again(t, program, dir).CombinedOutput(); err == nil || exitStatus(err) != "3" {
		t.Fatalf("%v %s", err, out)
	}
	whole := time.Since(started)
	killed := 0
	for range 12 {
		cmd := again(t, program, dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(float64(whole) * (0.3 + 0.8*rand.Float64())))
		cmd.Process.Kill()
		cmd.Wait()
		if cmd.ProcessState.ExitCode() < 0 {
			killed++
		}
		sound(t, reports, false)
	}
	if out, err := again(t, program, dir).CombinedOutput(); exitStatus(err) != "3" {
		t.Fatalf("%v %s", err, out)
	}
	n := sound(t, reports, true)
	if digestOf(t, filepath.Join(reports, "2026-10")) != first {
		t.Error("the first report was altered")
	}
	t.Logf("%d of 12 runs were killed, %d reports stand", killed, n)
}

// Fault 3: asked to stop in each step of the run, it stops soon, with the status
// of the signal, and leaves the old report and nothing else.
func TestFault03Stopped(t *testing.T) {
	program, dir := binary(t), sample(t)
	reports := filepath.Join(dir, "reports")
	first := digestOf(t, filepath.Join(reports, "2026-10"))
	stopped := map[string]bool{}
	for _, step := range []string{"reading exports", "judging", "writing the report"} {
		for signal, want := range map[syscall.Signal]int{syscall.SIGTERM: statusTerminated, syscall.SIGINT: statusInterrupted} {
			log := filepath.Join(reports, "log", "clientworth.jsonl")
			if err := os.Truncate(log, 0); err != nil {
				t.Fatal(err)
			}
			before := sound(t, reports, true)
			cmd := again(t, program, dir)
			var said bytes.Buffer
			cmd.Stderr = &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			awaitStep(t, log, step)
			asked := time.Now()
			cmd.Process.Signal(signal)
			cmd.Wait()
			if took := time.Since(asked); took > 5*time.Second {
				t.Errorf("%s in %q: it took %s", signal, step, took)
			}
			after := sound(t, reports, true)
			switch got := cmd.ProcessState.ExitCode(); {
			case got == want && after == before && strings.Contains(said.String(), "stopped"):
				stopped[step] = true
			case got == statusReservations && after == before+1: // it was already through
			default:
				t.Errorf("%s in %q: status %d, %d reports more: %s", signal, step, got, after-before, &said)
			}
		}
	}
	if len(stopped) == 0 {
		t.Error("no run was stopped")
	}
	if digestOf(t, filepath.Join(reports, "2026-10")) != first {
		t.Error("the first report was altered")
	}
	t.Logf("stopped in %v", stopped)
}

// What waits for the machine cannot clear up: it ends all the same.
func TestFault03StoppedWhileItWaits(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "clientworth.yaml")
	if err := syscall.Mkfifo(config, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary(t), "run", "--config", config)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	silent, err := os.OpenFile(config, os.O_WRONLY, 0) // returns once it is read from
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	asked := time.Now()
	cmd.Process.Signal(syscall.SIGTERM)
	cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != statusTerminated || time.Since(asked) > 2*grace {
		t.Errorf("status %d after %s", got, time.Since(asked))
	}
}

// awaitStep waits until the log says that a step has begun.
func awaitStep(t *testing.T, log, step string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		if text, _ := os.ReadFile(log); bytes.Contains(text, []byte(`"begun","step":"`+step)) || bytes.Contains(text, []byte(`"ended"`)) {
			return
		}
	}
	t.Fatalf("the step %q never began", step)
}

// Fault 6, for the whole program: the limit on file sizes is an error, not a
// signal that kills.
func TestFault06FileSizeLimit(t *testing.T) {
	program, dir := binary(t), sample(t)
	cmd := again(t, program, dir)
	limited := exec.Command("sh", append([]string{"-c", `ulimit -f 16; exec "$0" "$@"`, cmd.Path}, cmd.Args[1:]...)...)
	out, err := limited.CombinedOutput()
	if exitStatus(err) != "7" || !bytes.Contains(out, []byte("ulimit -f")) {
		t.Fatalf("status %s: %s", exitStatus(err), out)
	}
	if n := sound(t, filepath.Join(dir, "reports"), true); n != 1 {
		t.Fatalf("%d reports", n)
	}
}

// Fault 8, for the whole program: the n-th sync fails.
func TestFault08SyncFails(t *testing.T) {
	if testing.Short() {
		t.Skip("short: no system call is made to fail")
	}
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("skipped: strace is not installed, so no system call can be made to fail")
	}
	program, dir := binary(t), t.TempDir()
	company(t, dir)
	args := []string{"run", "--config", filepath.Join(dir, "clientworth.yaml"), "--as-of", "2026-11-02", "--out"}
	failed := 0
	for n := 1; n < 20; n += 2 {
		reports, trace := filepath.Join(t.TempDir(), "reports"), filepath.Join(t.TempDir(), "trace")
		traced := exec.Command(strace, append([]string{"-f", "-o", trace, "-e", fmt.Sprintf("inject=fsync:error=EIO:when=%d", n), program}, append(args, reports)...)...)
		out, err := traced.CombinedOutput()
		if calls, _ := os.ReadFile(trace); !bytes.Contains(calls, []byte("(INJECTED)")) {
			break // strace counts the calls of each thread
		}
		failed++
		if status := exitStatus(err); status != "7" {
			t.Errorf("sync %d: status %s: %s", n, status, out)
		}
		if left, _ := filepath.Glob(filepath.Join(reports, "*2026*")); len(left) > 0 {
			t.Errorf("sync %d: published %v", n, left)
		}
		if left, _ := filepath.Glob(filepath.Join(reports, ".*")); len(left) > 0 {
			t.Errorf("sync %d: left behind %v", n, left)
		}
	}
	if failed < 3 {
		t.Errorf("only %d syncs were made to fail", failed)
	}
}

// Fault 12: too little memory is a failure, and the old report stands. The
// runtime itself ends with 2 then, which is documented as a failure.
func TestFault12OutOfMemory(t *testing.T) {
	program, dir := binary(t), sample(t)
	cmd := again(t, program, dir)
	for _, kilobytes := range []string{"100000", "400000"} {
		starved := exec.Command("sh", append([]string{"-c", `ulimit -v ` + kilobytes + `; exec "$0" "$@"`, cmd.Path}, cmd.Args[1:]...)...)
		out, err := starved.CombinedOutput()
		if status := exitStatus(err); status != "1" && status != "2" && status != "3" {
			t.Errorf("with %s kB: status %s: %.500s", kilobytes, status, out)
		}
		sound(t, filepath.Join(dir, "reports"), false)
	}
	cmd.Env = append(os.Environ(), "GOMEMLIMIT=20MiB")
	if out, err := cmd.CombinedOutput(); exitStatus(err) != "3" {
		t.Errorf("with GOMEMLIMIT: %v %s", err, out)
	}
}

// Faults 21 and 64: the bytes published do not depend on the time zone, the
// locale, the cores, the folder or the user.
func TestFault21Fault64SameBytesEverywhere(t *testing.T) {
	program := binary(t)
	digests := map[string]string{}
	for name, env := range map[string][]string{
		"plain":      nil,
		"Kathmandu":  {"TZ=Asia/Kathmandu", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "GOMAXPROCS=1"},
		"Apia":       {"TZ=Pacific/Apia", "LANG=de_DE.UTF-8", "LC_ALL=de_DE.UTF-8", "GOMAXPROCS=2"},
		"Tehran":     {"TZ=Asia/Tehran", "LANG=fa_IR.UTF-8", "LC_ALL=fa_IR.UTF-8", "GOMAXPROCS=8"},
		"C":          {"TZ=UTC", "LANG=C", "LC_ALL=C", "GOGC=1"},
		"no zones":   {"TZ=", "ZONEINFO=/nonexistent", "HOME=/nonexistent"},
		"other user": nil,
	} {
		dir := sampleElsewhere(t)
		cmd := exec.Command(program, "run", "--config", "clientworth.yaml", "--period", "2026-10")
		cmd.Dir = dir
		cmd.Env = append([]string{"PATH=/usr/bin:/bin"}, env...)
		if name == "other user" {
			if os.Geteuid() != 0 {
				t.Log("skipped: only root can become another user")
				continue
			}
			cmd = asNobody(t, cmd, dir)
		}
		if out, err := cmd.CombinedOutput(); exitStatus(err) != "3" {
			t.Errorf("%s: %v: %s", name, err, out)
			continue
		}
		digests[digestOf(t, filepath.Join(dir, "reports", "2026-10"))] = name
	}
	if len(digests) != 1 {
		t.Errorf("%d different reports: %v", len(digests), digests)
	}
}

// sampleElsewhere writes the sample company's exports into a folder of their own.
func sampleElsewhere(t *testing.T) string {
	t.Helper()
	dir := sample(t)
	if err := os.RemoveAll(filepath.Join(dir, "reports")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// asNobody makes a command run as a user who owns nothing but its folder.
func asNobody(t *testing.T, cmd *exec.Cmd, dir string) *exec.Cmd {
	t.Helper()
	const nobody = 65534
	for p := dir; len(p) > len(os.TempDir()); p = filepath.Dir(p) {
		if err := os.Chmod(p, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Chown(path, nobody, nobody))
	})
	if err != nil {
		t.Fatal(err)
	}
	// Another user cannot reach the test binary where it was built.
	image, err := os.ReadFile(cmd.Path)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Path = filepath.Join(filepath.Dir(dir), "clientworth")
	if err := os.WriteFile(cmd.Path, image, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	return cmd
}

// What the user who runs this may not read is said to be that, and not to be gone.
func TestInputThatMayNotBeRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "company")
	if err := os.MkdirAll(filepath.Join(dir, "shut"), 0o755); err != nil {
		t.Fatal(err)
	}
	company(t, dir)
	write(t, filepath.Join(dir, "shut", "pools.csv"), "pool,month,amount\nRent,2026-10,0.00\n")
	for path, want := range map[string]string{
		"shut":       "clientworth.yaml:11: pools: open " + dir + "/shut: permission denied",
		"shut/*.csv": "clientworth.yaml:11: pools: stat " + dir + "/shut/*.csv: permission denied",
		"hours.csv":  "hours.csv: permission denied",
	} {
		config := filepath.Join(dir, "shut.yaml")
		text, err := os.ReadFile(filepath.Join(dir, "clientworth.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		write(t, config, string(text))
		add(t, config, "pools:\n  - path: "+path+"\n")
		cmd := exec.Command(binary(t), "run", "--as-of", "2026-11-02", "--config", config)
		if os.Getuid() == 0 {
			cmd = asNobody(t, cmd, dir)
		}
		shut := filepath.Join(dir, strings.TrimSuffix(path, "/*.csv"))
		if err := os.Chmod(shut, 0); err != nil {
			t.Fatal(err)
		}
		out, err := cmd.CombinedOutput()
		os.Chmod(shut, 0o755)
		if exitStatus(err) != "5" || !strings.Contains(string(out), strings.Replace(want, "clientworth.yaml", "shut.yaml", 1)) || !strings.Contains(string(out), mayRead) {
			t.Errorf("%s: status %s: %s", path, exitStatus(err), out)
		}
	}
}

// Fault 11, of inputs: that no more files can be opened is no fault of theirs.
func TestFault11TooManyOpenFiles(t *testing.T) {
	err := &unfitError{&exports.Placed{Err: &fs.PathError{Op: "open", Path: "hours.csv", Err: syscall.EMFILE}}}
	if statusOf(err) != statusFailed || !strings.Contains(remedyOf(err), "ulimit -n") {
		t.Errorf("status %d, %s", statusOf(err), remedyOf(err))
	}
}

// Fault 65: without a home, a path, a terminal, open standard files, or anyone
// who listens.
func TestFault65BareSurroundings(t *testing.T) {
	program := binary(t)
	for name, redirect := range map[string]string{
		"nothing set":     "",
		"all closed":      "<&- >&- 2>&-",
		"output is full":  ">/dev/full",
		"errors are full": "2>/dev/full",
		"nobody listens":  "| true",
	} {
		dir := t.TempDir()
		company(t, dir)
		cmd := exec.Command("/bin/sh", "-c", `cd "$1" && { "$0" run --as-of 2026-11-02; echo $? >status; } `+redirect, program, dir)
		cmd.Env = []string{"NOTHING=1"}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v %s", name, err, out)
		}
		status, err := os.ReadFile(filepath.Join(dir, "status"))
		if err != nil || string(status) != "0\n" {
			t.Errorf("%s: status %s, %v", name, status, err)
		}
		if _, err := publish.Verify(filepath.Join(dir, "reports", "2026-10")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Fault 70: what people wrote about clients, and about staff, is nowhere.
func TestFault70NotesStayWhereTheyAre(t *testing.T) {
	const canary = "Zw7pKanarienvogel"
	dir := t.TempDir()
	company(t, dir)
	add(t, filepath.Join(dir, "clientworth.yaml"), "incidents:\n  - path: incidents.csv\nactions:\n  - path: actions.csv\n")
	write(t, filepath.Join(dir, "incidents.csv"), "client,date,kind,note\nBolt,2026-10-20,abuse,"+canary+"\nBolt,2026-10-40,abuse,"+canary+"\n")
	write(t, filepath.Join(dir, "actions.csv"), "client,date,action,note\nBolt,2026-10-21,scope,"+canary+"\nNobody,2026-10-21,scope,"+canary+"\n")
	write(t, filepath.Join(dir, "hours.csv"), "client,date,hours,role,agent,comment\n"+
		"Acme,2026-10-06,5.00,support,"+canary+","+canary+"\nBolt,2026-10-13,10.00,support,"+canary+","+canary+"\n")
	for _, command := range []string{"check", "run"} {
		var out bytes.Buffer
		status := run([]string{command, "--config", filepath.Join(dir, "clientworth.yaml"), "--as-of", "2026-11-02"}, nil, &out, &out)
		if strings.Contains(out.String(), canary) {
			t.Errorf("%s says it: %s", command, &out)
		}
		if status != statusDone && status != statusReservations {
			t.Fatalf("%s: status %d: %s", command, status, &out)
		}
	}
	err := filepath.WalkDir(filepath.Join(dir, "reports"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		for name, text := range parts(t, path) {
			if bytes.Contains(text, []byte(canary)) {
				t.Errorf("%s (%s) holds it", path, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// parts returns the text of a file, and of each part of a workbook.
func parts(t *testing.T, path string) map[string][]byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{"": text}
	archive, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if errors.Is(err, zip.ErrFormat) {
		return all
	}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if all[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// Fault 78: a panic is a failure that says so, not a crash.
func TestFault78Panic(t *testing.T) {
	err := guarded(func() error { panic("a programming error") })
	if statusOf(err) != statusFailed || !strings.Contains(err.Error(), "a programming error") || remedyOf(err) == "" {
		t.Errorf("status %d: %v", statusOf(err), err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func add(t *testing.T, path, text string) {
	t.Helper()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(before)+text)
}
