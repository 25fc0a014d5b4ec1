package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"golang.org/x/term"

	"clientworth/reports/publish"
)

// diary is the log of a run in the output folder: JSON lines with times and
// timings, which nothing published holds.
type diary struct {
	file *os.File
	log  *slog.Logger
	now  func() time.Time
	step string
	from time.Time
}

// open begins the log. What is noted before is lost, as there is no folder for it.
func (d *diary) open(folder *publish.Folder) error {
	file, err := folder.Log()
	if err != nil {
		return err
	}
	d.file, d.log, d.from = file, slog.New(slog.NewJSONHandler(file, nil)), d.now()
	return nil
}

// begin notes that a step begins, and how long the one before it took.
func (d *diary) begin(step string) {
	d.end()
	d.step, d.from = step, d.now()
	d.log.Info("begun", "step", step)
}

func (d *diary) end() {
	if d.step != "" {
		d.log.Info("done", "step", d.step, "ms", d.now().Sub(d.from).Milliseconds())
		d.step = ""
	}
}

func (d *diary) ended(status int, folder string) {
	d.end()
	d.log.Info("ended", "status", status, "folder", folder)
}

func (d *diary) failed(err error) {
	d.end()
	with := []any{"status", statusOf(err), "error", err.Error()}
	if c := (*crash)(nil); errors.As(err, &c) {
		with = append(with, "stack", string(c.stack))
	}
	d.log.Error("failed", with...)
}

// unheard notes that the watcher was not reached.
func (d *diary) unheard(err error) {
	if d.log != nil {
		d.log.Warn("the watcher was not told", "error", err.Error())
	}
}

func (d *diary) close() { d.file.Close() }

// progress shows on a terminal what is being done, on one line that is wiped at
// the end. Where there is no terminal it is silent.
type progress struct {
	out   io.Writer // nil where there is no terminal
	diary *diary    // nil where there is no log
}

func (p *program) progress(d *diary) *progress {
	if f, ok := p.err.(*os.File); ok && !p.quiet && term.IsTerminal(int(f.Fd())) {
		return &progress{out: f, diary: d}
	}
	return &progress{diary: d}
}

func (p *progress) step(what string) {
	if p.diary != nil {
		p.diary.begin(what)
	}
	if p.out != nil {
		fmt.Fprintf(p.out, "\r\x1b[K%s", what)
	}
}

func (p *progress) done() {
	if p.out != nil {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
