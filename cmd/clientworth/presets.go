package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"clientworth/pipeline/exports/presets"
)

func (p *program) presetsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "presets [NAME]",
		Short: "list the known forms of exports, or print one to copy and change",
		Args:  cobra.MaximumNArgs(1),
		RunE: p.does(func(_ context.Context, args []string) error {
			if len(args) == 0 {
				for _, preset := range presets.All() {
					fmt.Fprintf(p.out, "%-20s %s\n", preset.Name, preset.Doc)
				}
				return nil
			}
			preset, ok := presets.Named(args[0])
			if !ok {
				return &usageError{fmt.Errorf("there is no preset %q", args[0]), "clientworth presets lists them"}
			}
			fmt.Fprint(p.out, preset.Text)
			return nil
		}),
	}
}
