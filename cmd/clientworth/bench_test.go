package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"clientworth/cmd/clientworth/demo"
	"clientworth/pipeline"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/period"
	"clientworth/reports/publish"
)

// BenchmarkStages times what grows with rows, on the exports of a sample company
// of BENCH_SCALE (25) times forty clients, or of the configuration BENCH_CONFIG
// for the month BENCH_PERIOD. Each stage says its throughput over the bytes of
// billing and support hours, and how many times longer it takes than counting
// the line ends of the same files, measured in the same run.
func BenchmarkStages(b *testing.B) {
	c, month := benchCompany(b)
	var big []exports.Source
	var paths []string
	var size int64
	for _, s := range c.Sources {
		if s.Input != exports.Billing && s.Input != exports.SupportHours {
			continue
		}
		big = append(big, s)
		for _, f := range s.Files {
			path := filepath.Join(s.Folder, f)
			info, err := os.Stat(path)
			if err != nil {
				b.Fatal(err)
			}
			paths = append(paths, path)
			size += info.Size()
		}
	}
	largePages(c.Sources) // as a run does
	j := &job{config: c, period: month}
	var result *pipeline.Result
	var err error
	ctx, workers := context.Background(), runtime.GOMAXPROCS(0)
	gather := facts.Options{Currency: c.Currency, Window: period.WindowTo(month, c.Months), InternalNames: c.ourNames(), Workers: workers}
	var floor time.Duration
	for _, stage := range []struct {
		name string
		do   func() error
	}{
		{"lines", func() error { return countLines(paths) }},
		{"read", func() error { return readAll(ctx, big, workers) }},
		{"facts", func() error { _, err := facts.Gather(ctx, c.Sources, gather); return err }},
		{"compute", func() error { result, err = j.compute(ctx, nil); return err }},
		{"report", func() error { _, err := j.write(ctx, b.TempDir(), result, publish.Run{}, 1); return err }},
	} {
		b.Run(stage.name, func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				if err := stage.do(); err != nil {
					b.Fatal(err)
				}
			}
			each := b.Elapsed() / time.Duration(b.N)
			if stage.name == "lines" {
				floor = each
			} else if floor > 0 {
				b.ReportMetric(float64(each)/float64(floor), "x-lines")
			}
		})
	}
}

func benchCompany(b *testing.B) (*configuration, period.Month) {
	path, month := os.Getenv("BENCH_CONFIG"), demo.Period()
	var err error
	if path == "" {
		scale := 25
		if s := os.Getenv("BENCH_SCALE"); s != "" {
			if scale, err = strconv.Atoi(s); err != nil {
				b.Fatal(err)
			}
		}
		dir := b.TempDir()
		if err := demo.Write(dir, demo.Options{Scale: scale}); err != nil {
			b.Fatal(err)
		}
		path = filepath.Join(dir, "clientworth.yaml")
	} else if month, err = period.ParseMonth(os.Getenv("BENCH_PERIOD")); err != nil {
		b.Fatal(err)
	}
	c, err := load(path)
	if err != nil {
		b.Fatal(err)
	}
	return c, month
}

// countLines is the floor: reading every byte and looking for line ends.
func countLines(paths []string) error {
	buf := make([]byte, 256<<10)
	lines := 0
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		for err == nil {
			var n int
			n, err = f.Read(buf)
			lines += bytes.Count(buf[:n], []byte{'\n'})
		}
		f.Close()
		if err != io.EOF {
			return err
		}
	}
	return nil
}

// ignoring takes batches and does nothing with them.
type ignoring struct{}

func (ignoring) Gather(exports.Batch) error { return nil }

func readAll(ctx context.Context, sources []exports.Source, workers int) error {
	for _, s := range sources {
		e, err := exports.Open(ctx, s)
		if err != nil {
			return err
		}
		if _, err := e.Read(ctx, exports.Crew{Workers: workers}, func() exports.Gatherer { return ignoring{} }); err != nil {
			return err
		}
	}
	return nil
}
