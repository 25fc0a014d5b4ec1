package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"clientworth/pipeline/exports"
)

// readme returns the lines of README.md's blocks of one language.
func readme(t *testing.T, language string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for i, block := range strings.Split(string(text), "```") {
		if i%2 == 1 && strings.HasPrefix(block, language+"\n") {
			lines = append(lines, strings.Split(strings.Trim(strings.TrimPrefix(block, language), "\n"), "\n")...)
		}
	}
	if lines == nil {
		t.Fatalf("README.md shows no %s", language)
	}
	return lines
}

// The README's commands work, in their order, from an empty folder.
func TestReadmeCommands(t *testing.T) {
	commands := readme(t, "sh")
	if commands[0] != "go run ./cmd/clientworth demo" || commands[1] != "go test ./..." {
		t.Fatalf("the two commands do not come first: %q", commands[:2])
	}
	t.Chdir(t.TempDir())
	for _, command := range commands {
		args, ok := strings.CutPrefix(strings.Replace(command, "go run ./cmd/clientworth", "clientworth", 1), "clientworth ")
		if !ok {
			if command != "go test ./..." {
				t.Errorf("%s: no test runs this", command)
			}
			continue
		}
		var out, err bytes.Buffer
		if status := run(strings.Fields(args), strings.NewReader(""), &out, &err); status != statusDone && status != statusReservations {
			t.Fatalf("%s ends with %d: %s%s", command, status, &out, &err)
		}
	}
	if _, err := os.Stat("demo/reports/2026-10/clientworth-2026-10.xlsx"); err != nil {
		t.Error(err)
	}
}

// Fault 66: the crontab line works in cron's bare environment, as in a shell.
func TestFault66CronEnvironment(t *testing.T) {
	line := readme(t, "crontab")[0]
	command := strings.Join(strings.Fields(line)[5:], " ")
	if strings.Contains(command, "%") {
		t.Fatal("cron takes % for a line end")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	// Called by the program's name, the test binary is the program.
	program := filepath.Join(dir, "clientworth")
	if err := os.Symlink(self, program); err != nil {
		t.Fatal(err)
	}
	company(t, dir)
	command = strings.NewReplacer("/srv/finance", dir, "/usr/local/bin/clientworth run", program+" run --as-of 2026-11-02").Replace(command)
	cron := exec.Command("/bin/sh", "-c", command)
	cron.Env = []string{"HOME=" + dir, "LOGNAME=finance", "SHELL=/bin/sh", "PATH=/usr/bin:/bin"}
	cron.Dir = "/"
	out, err := cron.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", command, err, out)
	}
	if lines := strings.Count(string(out), "\n"); lines < 1 || lines > 5 {
		t.Errorf("cron would mail %d lines: %s", lines, out)
	}
}

// units returns the files of the README's systemd units, by name.
func units(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	var name string
	for _, line := range readme(t, "ini") {
		if path, ok := strings.CutPrefix(line, "# /etc/systemd/system/"); ok {
			name = path
			continue
		}
		files[name] += line + "\n"
	}
	return files
}

// unitSetting is a value of a systemd unit.
func unitSetting(unit, key string) string {
	for line := range strings.Lines(unit) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), key+"="); ok {
			return value
		}
	}
	return ""
}

// The systemd units are sound: a timer that catches up, a service that runs what
// cron runs, and an alert when it fails.
func TestReadmeTimer(t *testing.T) {
	files := units(t)
	service, timer := files["clientworth.service"], files["clientworth.timer"]
	if unitSetting(timer, "Persistent") != "true" || unitSetting(timer, "OnCalendar") == "" {
		t.Errorf("the timer does not catch up: %s", timer)
	}
	if files[unitSetting(service, "OnFailure")] == "" {
		t.Errorf("no unit is called when a run fails: %q", unitSetting(service, "OnFailure"))
	}
	if got := unitSetting(service, "SuccessExitStatus"); got != fmt.Sprint(statusReservations) {
		t.Errorf("a report with reservations counts as status %q", got)
	}
	cron := strings.Join(strings.Fields(readme(t, "crontab")[0])[5:], " ")
	want := fmt.Sprintf("cd %s && { %s || [ $? -eq %d ]; }", unitSetting(service, "WorkingDirectory"), unitSetting(service, "ExecStart"), statusReservations)
	if want != cron {
		t.Errorf("the service runs %q, cron %q", want, cron)
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("skipped: systemd-analyze is not installed, so systemd has not read the units")
	}
	dir := t.TempDir()
	program, user := filepath.Join(dir, "clientworth"), os.Getenv("USER")
	write(t, program, "#!/bin/sh\n")
	if err := os.Chmod(program, 0o755); err != nil {
		t.Fatal(err)
	}
	args := []string{"verify", "--man=no"}
	for name, text := range files {
		text = strings.NewReplacer("/usr/local/bin/clientworth", program, "User=finance", "User="+cmp.Or(user, "root"), "/srv/finance", dir).Replace(text)
		write(t, filepath.Join(dir, name), text)
		args = append(args, filepath.Join(dir, name))
	}
	if out, err := exec.Command(analyze, args...).CombinedOutput(); err != nil || bytes.Contains(out, []byte(dir)) {
		t.Errorf("%v: %s", err, out)
	}
	calendar := exec.Command(analyze, "calendar", "--base-time=2026-11-01 00:00:00", unitSetting(timer, "OnCalendar"))
	if out, err := calendar.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("2026-11-02 06:15:00")) {
		t.Errorf("%v: %s", err, out)
	}
}

// After logrotate has moved the log away, the next run begins another.
func TestReadmeLogrotate(t *testing.T) {
	logrotate, err := exec.LookPath("logrotate")
	if err != nil {
		t.Skip("skipped: logrotate is not installed")
	}
	dir := t.TempDir()
	company(t, dir)
	config := filepath.Join(dir, "clientworth.yaml")
	if status, said := ran(t, "2026-11-02", patience, "run", "--config", config); status != statusDone {
		t.Fatalf("status %d: %s", status, said)
	}
	rules := filepath.Join(dir, "logrotate.conf")
	write(t, rules, strings.ReplaceAll(strings.Join(readme(t, "logrotate"), "\n"), "/srv/finance", dir)+"\n")
	if err := os.Chmod(filepath.Join(dir, "reports"), 0o750); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(logrotate, "--force", "--state", filepath.Join(dir, "state"), rules).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	log := filepath.Join(dir, "reports", "log", "clientworth.jsonl")
	if _, err := os.Stat(log + ".1"); err != nil {
		t.Fatal(err)
	}
	if status, said := ran(t, "2026-11-02", patience, "run", "--config", config); status != statusDone {
		t.Fatalf("status %d: %s", status, said)
	}
	if text, err := os.ReadFile(log); err != nil || !bytes.Contains(text, []byte(`"ended"`)) {
		t.Errorf("%s, %v", text, err)
	}
}

// company writes two clients' exports and their configuration into a folder.
func company(t *testing.T, dir string) {
	t.Helper()
	for name, text := range map[string]string{
		"clientworth.yaml": "company: Two clients\ncurrency: EUR\nwindow_months: 1\nbilling:\n  - path: billing.csv\n" +
			"support_hours:\n  - path: hours.csv\nrates:\n  - {role: support, hourly_cost: 60.00}\n",
		"billing.csv": "document,client_id,client,date,amount\n1,A,Acme,2026-10-05,1000.00\n2,B,Bolt,2026-10-12,500.00\n",
		"hours.csv":   "client,date,hours,role\nAcme,2026-10-06,5.00,support\nBolt,2026-10-13,10.00,support\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// The README's tables are those of the program.
func TestReadmeTables(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statuses {
		if row := fmt.Sprintf("| %d | %s |\n", s.status, s.meaning); !strings.Contains(string(text), row) {
			t.Errorf("README.md lacks %s", row)
		}
	}
	for _, in := range inputs {
		_, row, found := strings.Cut(string(text), "\n| "+string(in)+" | ")
		if row, _, _ = strings.Cut(row, " |\n"); !found {
			t.Errorf("README.md lacks the input %s", in)
		}
		words := strings.FieldsFunc(row, func(r rune) bool { return !(r == '_' || r >= 'a' && r <= 'z') })
		for _, c := range exports.Columns(in) {
			if !slices.Contains(words, c.Name) && !(c.Name == "client_id" && slices.Contains(words, "client")) {
				t.Errorf("README.md lacks the column %s of %s", c.Name, in)
			}
		}
	}
}

// The configuration that the README shows can be read.
func TestReadmeConfiguration(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{"exports/invoices-1.csv", "exports/hours/1.csv"} {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "clientworth.yaml")
	if err := os.WriteFile(path, []byte(strings.Join(readme(t, "yaml"), "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := load(path); err != nil {
		t.Error(err)
	}
}
