package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"clientworth/reports/publish"
)

// heartbeat tells a watcher that the job began and how it ended, so that somebody
// hears of a run that never came. It is off unless configured; it says nothing of
// clients, and whatever becomes of it, the run goes on.
type heartbeat struct {
	URL  string // /start is asked for at the start, the URL itself after success, /N after a failure with status N
	File string // when the last run ended, how, and what it published

	patience time.Duration // for each call
	begun    chan error    // of the call at the start
}

// patience is how long the watcher may take to answer. There are two calls, and
// together they may not hold a run up for more than ten seconds.
const patience = 4 * time.Second

// check refuses what is no address of a watcher.
func (h *heartbeat) check() error {
	if h.URL == "" {
		return nil
	}
	u, err := url.Parse(h.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("%q is no address like https://example.org/ping/1", h.URL)
	}
	return nil
}

// start says that a run begins, while the run goes on.
func (h *heartbeat) start(ctx context.Context) {
	h.begun = make(chan error, 1)
	go func() { h.begun <- h.call(ctx, "/start") }()
}

// end says how a run ended. The error is what the log should know of.
func (h *heartbeat) end(ctx context.Context, now time.Time, status int, run publish.Run) error {
	began := <-h.begun // in its turn: a late start would look like a run that hangs
	path := ""
	if status != statusDone && status != statusReservations {
		path = fmt.Sprintf("/%d", status)
	}
	ended := h.call(ctx, path)
	return cmp.Or(h.note(now, status, run), ended, began)
}

// call asks for the watcher's address. Its answer matters to nobody but the log,
// which does not hold the address: who knows it can call it.
func (h *heartbeat) call(ctx context.Context, path string) error {
	if h.URL == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, h.patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(h.URL, "/")+path, nil)
	if err != nil {
		return fmt.Errorf("heartbeat: %T", err)
	}
	request.Header.Set("User-Agent", "clientworth")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		if failed, ok := err.(*url.Error); ok {
			err = failed.Err
		}
		return fmt.Errorf("heartbeat: %w", err)
	}
	response.Body.Close()
	if response.StatusCode >= 300 {
		return fmt.Errorf("heartbeat: the watcher answered %s", response.Status)
	}
	return nil
}

// note writes the file, whole or not at all.
func (h *heartbeat) note(now time.Time, status int, run publish.Run) error {
	if h.File == "" {
		return nil
	}
	beat := struct {
		Time     string `json:"time"`
		Status   int    `json:"status"`
		Period   string `json:"period"`
		Folder   string `json:"folder,omitempty"`
		Manifest string `json:"manifest_sha256,omitempty"`
	}{now.UTC().Format(time.RFC3339), status, run.Period, run.Folder, ""}
	for _, d := range run.Outputs {
		if strings.HasPrefix(d.File, "manifest-") {
			beat.Manifest = d.SHA256
		}
	}
	text, err := json.Marshal(beat)
	if err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(h.File), ".heartbeat-")
	if err != nil {
		return fmt.Errorf("heartbeat: %w", err)
	}
	defer os.Remove(draft.Name()) // once renamed it is no longer there
	_, err = draft.Write(append(text, '\n'))
	if err = errors.Join(err, draft.Chmod(0o640), draft.Close()); err == nil {
		err = os.Rename(draft.Name(), h.File)
	}
	if err != nil {
		return fmt.Errorf("heartbeat: %w", err)
	}
	return nil
}
