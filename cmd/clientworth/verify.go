package main

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"clientworth/reports/publish"
)

func (p *program) verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify FOLDER",
		Short: "check that a published report is what was published",
		Args:  cobra.ExactArgs(1),
		RunE: p.does(func(_ context.Context, args []string) error {
			run, err := publish.Verify(args[0])
			if err != nil {
				return err
			}
			p.say("%s: %d files as published on %s", filepath.Base(args[0]), len(run.Outputs), run.Ended.Format("2006-01-02 15:04 MST"))
			if run.Removed != nil {
				p.say("%s", run.Message)
			}
			return nil
		}),
	}
}
