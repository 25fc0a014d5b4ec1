package main

import (
	"bytes"
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
	command = strings.NewReplacer("/srv/finance", dir, "/usr/local/bin/clientworth", program).Replace(command) + " --as-of 2026-11-02"
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
