package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"clientworth/cmd/clientworth/demo"
	"clientworth/pipeline/period"
)

func (p *program) demoCommand() *cobra.Command {
	var options demo.Options
	var dir string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "write a sample company's exports, and its report",
		Args:  cobra.NoArgs,
		RunE:  p.does(func(ctx context.Context, _ []string) error { return p.demo(ctx, dir, options) }),
	}
	cmd.Flags().IntVar(&options.Scale, "scale", 1, "times 40 clients")
	cmd.Flags().StringVar(&dir, "out", "demo", "folder for the exports; the reports go below it")
	return cmd
}

// sampleOrNothing reports whether a folder has the sample company, or nothing yet:
// its files have ordinary names, and would replace exports of the same name.
func sampleOrNothing(dir, config string) bool {
	if text, err := os.ReadFile(config); err == nil {
		return bytes.HasPrefix(text, []byte("# The sample company"))
	}
	entries, _ := os.ReadDir(dir)
	return len(entries) == 0
}

// demo shows what goes in and what comes out. The sample company has rows that
// can only be published with reservations, which is no reason for alarm here. The
// report of the month before shows what a month changes.
func (p *program) demo(ctx context.Context, dir string, options demo.Options) error {
	config := filepath.Join(dir, "clientworth.yaml")
	if !sampleOrNothing(dir, config) {
		return &usageError{fmt.Errorf("%s has files that are not the sample company's", dir), "name another folder with --out"}
	}
	if err := demo.Write(dir, options); err != nil {
		return err
	}
	p.say("in:  %s  exports of a sample company, and its clientworth.yaml", dir)
	quiet := p.quiet
	for _, month := range []period.Month{demo.Period() - 1, demo.Period()} {
		p.quiet = quiet || month < demo.Period() // that one is there to be compared with
		if err := p.report(ctx, jobFlags{config: config, period: month.String(), asOf: (month.Last() + 1).String()}); err != nil {
			return err
		}
	}
	p.status = statusDone
	return nil
}
