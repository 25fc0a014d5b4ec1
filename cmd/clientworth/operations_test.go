package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"clientworth/reports/publish"
)

// ran calls the program on a day and returns its status and what it said.
func ran(t *testing.T, now string, patience time.Duration, args ...string) (int, string) {
	t.Helper()
	day, err := time.Parse(time.DateOnly, now)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	p := &program{out: &out, err: &out, now: func() time.Time { return day }, patience: patience}
	root := p.root()
	root.SetArgs(args)
	root.SetOut(&out)
	root.SetErr(&out)
	return p.finish(root.ExecuteContext(t.Context())), out.String()
}

// watcher notes what it is asked for.
type watcher struct {
	sync.Mutex
	asked []string
}

func (w *watcher) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	w.Lock()
	defer w.Unlock()
	w.asked = append(w.asked, r.URL.String())
}

// The watcher hears of a run that begins, ends well, and fails, and of nothing
// else; the file says when the last one ended, and with what.
func TestHeartbeat(t *testing.T) {
	w := &watcher{}
	server := httptest.NewServer(w)
	defer server.Close()
	dir := t.TempDir()
	company(t, dir)
	config := filepath.Join(dir, "clientworth.yaml")
	add(t, config, "heartbeat: {url: \""+server.URL+"/ping/1/\", file: beat.json}\n")
	if status, said := ran(t, "2026-11-02", patience, "run", "--config", config); status != statusDone {
		t.Fatalf("status %d: %s", status, said)
	}
	if want := []string{"/ping/1/start", "/ping/1"}; !slices.Equal(w.asked, want) {
		t.Errorf("asked for %q, not %q", w.asked, want)
	}
	var beat struct {
		Time, Folder string
		Status       int
		Manifest     string `json:"manifest_sha256"`
	}
	text, err := os.ReadFile(filepath.Join(dir, "beat.json"))
	if err == nil {
		err = json.Unmarshal(text, &beat)
	}
	if err != nil || beat.Time != "2026-11-02T00:00:00Z" || beat.Folder != "2026-10" || beat.Status != 0 || len(beat.Manifest) != 64 {
		t.Errorf("%s, %v", text, err)
	}
	w.asked = nil
	if status, said := ran(t, "2026-12-02", patience, "run", "--config", config); status != statusMissing {
		t.Fatalf("status %d: %s", status, said)
	}
	if want := []string{"/ping/1/start", "/ping/1/5"}; !slices.Equal(w.asked, want) {
		t.Errorf("asked for %q, not %q", w.asked, want)
	}
	for _, file := range []string{"runs.jsonl", "2026-10/manifest-2026-10.json", "log/clientworth.jsonl"} {
		if text, err := os.ReadFile(filepath.Join(dir, "reports", file)); err != nil || bytes.Contains(text, []byte("/ping/1")) {
			t.Errorf("%s names the watcher, %v", file, err)
		}
	}
	_, err = configured(t, small+"heartbeat: {url: example.org}\n")
	if statusOf(err) != statusUsage || !strings.Contains(err.Error(), `clientworth.yaml:9: heartbeat.url: "example.org" is no address`) {
		t.Error(err)
	}
}

// Fault 71: a watcher that is down, slow or broken changes nothing of the run.
func TestFault71WatcherFails(t *testing.T) {
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody.Close()
	hanging := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hanging }))
	defer slow.Close()
	defer close(hanging)
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
	defer broken.Close()
	elsewhere := httptest.NewServer(http.RedirectHandler(broken.URL, http.StatusFound))
	defer elsewhere.Close()
	for name, url := range map[string]string{
		"down": "http://" + nobody.Addr().String(), "slow": slow.URL, "broken": broken.URL, "elsewhere": elsewhere.URL, "no such host": "http://watcher.invalid",
	} {
		dir := t.TempDir()
		company(t, dir)
		config := filepath.Join(dir, "clientworth.yaml")
		add(t, config, "heartbeat: {url: \""+url+"\", file: gone/beat.json}\n")
		status, said := ran(t, "2026-11-02", 50*time.Millisecond, "run", "--config", config)
		if status != statusDone || strings.Contains(said, "heartbeat") {
			t.Errorf("%s: status %d: %s", name, status, said)
		}
		log, err := os.ReadFile(filepath.Join(dir, "reports", "log", "clientworth.jsonl"))
		if err != nil || !bytes.Contains(log, []byte("the watcher was not told")) {
			t.Errorf("%s: the log does not say so: %s %v", name, log, err)
		}
		if bytes.Contains(log, []byte(strings.TrimPrefix(url, "http://"))) {
			t.Errorf("%s: the log holds the watcher's address: %s", name, log)
		}
		if _, err := publish.Verify(filepath.Join(dir, "reports", "2026-10")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if 2*patience >= 10*time.Second {
		t.Errorf("two calls may take %s", 2*patience)
	}
}

// Fault 18: the same inputs again are nothing to do: no run is recorded, and the
// report stays as it is, byte by byte.
func TestFault18RunAgain(t *testing.T) {
	dir := t.TempDir()
	company(t, dir)
	config, reports := filepath.Join(dir, "clientworth.yaml"), filepath.Join(dir, "reports")
	var records []byte
	var report string
	for i := range 3 {
		status, said := ran(t, "2026-11-02", patience, "run", "--config", config)
		if status != statusDone || strings.Contains(said, "nothing to do") != (i > 0) {
			t.Fatalf("run %d: status %d: %s", i+1, status, said)
		}
		text, err := os.ReadFile(filepath.Join(reports, "runs.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		now := digestOf(t, filepath.Join(reports, "2026-10"))
		if i > 0 && (!bytes.Equal(text, records) || now != report) {
			t.Errorf("run %d changed something", i+1)
		}
		records, report = text, now
	}
}

// Fault 63: a clock that went back is said; one that is wrong by decades finds no
// month to report on.
func TestFault63WrongClock(t *testing.T) {
	dir := t.TempDir()
	company(t, dir)
	config := filepath.Join(dir, "clientworth.yaml")
	if status, said := ran(t, "2026-11-02", patience, "run", "--config", config); status != statusDone {
		t.Fatalf("status %d: %s", status, said)
	}
	status, said := ran(t, "2026-10-20", patience, "run", "--config", config, "--as-of", "2026-11-02")
	if status != statusDone || !strings.Contains(said, "the clock says 2026-10-20, but the last run was on 2026-11-02") {
		t.Errorf("status %d: %s", status, said)
	}
	for _, day := range []string{"1970-01-01", "2099-01-01"} {
		if status, said := ran(t, day, patience, "run", "--config", config); status != statusMissing {
			t.Errorf("on %s: status %d: %s", day, status, said)
		}
	}
	if entries, err := filepath.Glob(filepath.Join(dir, "reports", "*-*")); err != nil || len(entries) != 1 {
		t.Errorf("published %v", entries)
	}
}

// Findings files are removed when the company keeps them no longer, and the
// report says so.
func TestRetention(t *testing.T) {
	dir := t.TempDir()
	company(t, dir)
	config := filepath.Join(dir, "clientworth.yaml")
	add(t, config, "retention_days: 90\n")
	for i, c := range []struct{ day, removed string }{
		{"2026-11-02", ""}, {"2027-01-30", ""}, {"2027-02-02", "removed 2026-10/findings-2026-10.csv, older than 90 days"}, {"2027-02-03", ""},
	} {
		status, said := ran(t, c.day, patience, "run", "--config", config, "--period", "2026-10")
		if status != statusDone || strings.Contains(said, "removed") != (c.removed != "") || !strings.Contains(said, c.removed) {
			t.Errorf("run %d: status %d: %s", i, status, said)
		}
	}
	status, said := ran(t, "2027-02-03", patience, "verify", filepath.Join(dir, "reports", "2026-10"))
	if status != statusDone || !strings.Contains(said, "5 files as published on 2026-11-02") || !strings.Contains(said, "removed by retention on 2027-02-02: findings-2026-10.csv") {
		t.Errorf("status %d: %s", status, said)
	}
}

// The record of a run says all that an audit asks of it, of a failed one, too.
func TestRunRecordIsComplete(t *testing.T) {
	dir := t.TempDir()
	company(t, dir)
	config := filepath.Join(dir, "clientworth.yaml")
	ran(t, "2026-11-02", patience, "run", "--config", config)
	ran(t, "2026-12-02", patience, "run", "--config", config)
	text, err := os.ReadFile(filepath.Join(dir, "reports", "runs.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d records", len(lines))
	}
	for i, line := range lines {
		var record struct {
			Chain string
			Run   publish.Run
		}
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatal(err)
		}
		r := record.Run
		lacks := map[string]bool{
			"chain": len(record.Chain) != 64, "start": r.Started.IsZero(), "end": r.Ended.IsZero(), "program": !strings.Contains(r.Program, "go1."),
			"period": r.Period != [...]string{"2026-10", "2026-11"}[i], "status": r.Status != [...]int{statusDone, statusMissing}[i],
			"message": r.Message == "", "configuration": len(r.Configuration) != 64, "inputs": len(r.Inputs) != 3 || len(r.Inputs[0].SHA256) != 64,
			"counts": r.Counts["rows read"] == 0, "totals": r.Totals["revenue"] == "", "checks": len(r.Checks) < 20,
			"outputs": (len(r.Outputs) == 6) != (i == 0),
		}
		for what, lack := range lacks {
			if lack {
				t.Errorf("record %d lacks its %s: %s", i+1, what, line)
			}
		}
	}
}

// check finds out what would stop a run: the lock, the right to write, space; and
// says which rates everybody can read.
func TestCheckTriesTheOutputFolder(t *testing.T) {
	dir := t.TempDir()
	company(t, dir)
	config := filepath.Join(dir, "clientworth.yaml")
	check := func() (int, string) { return ran(t, "2026-11-02", patience, "check", "--config", config) }
	status, said := check()
	if status != statusDone || !strings.Contains(strings.Join(strings.Fields(said), " "), fmt.Sprintf("output folder %s: free, with space and the right to write; time zone UTC", filepath.Join(dir, "reports"))) {
		t.Errorf("status %d: %s", status, said)
	}
	if _, err := os.Stat(filepath.Join(dir, "reports")); err == nil {
		t.Error("a check made the output folder")
	}
	folder, err := publish.Open(filepath.Join(dir, "reports"))
	if err != nil {
		t.Fatal(err)
	}
	if status, said := check(); status != statusHeld {
		t.Errorf("locked: status %d: %s", status, said)
	}
	folder.Close()
	if err := os.Remove(filepath.Join(dir, "reports")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "reports"), "")
	if status, said := check(); status != statusOutput {
		t.Errorf("a file in its place: status %d: %s", status, said)
	}
	write(t, filepath.Join(dir, "rates.csv"), "role,hourly_cost\nsupport,60\n")
	if err := os.Remove(filepath.Join(dir, "reports")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, strings.Replace(string(text), "- {role: support, hourly_cost: 60.00}", "- path: rates.csv", 1))
	for _, command := range []string{"check", "run"} {
		status, said := ran(t, "2026-11-02", patience, command, "--config", config)
		if status != statusDone || !strings.Contains(said, "everybody on this machine can read rates.csv") {
			t.Errorf("%s: status %d: %s", command, status, said)
		}
	}
}
