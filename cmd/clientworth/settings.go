package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

func (p *program) settingsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "settings",
		Short: "list every setting of the configuration with its default and meaning",
		Args:  cobra.NoArgs,
		RunE: p.does(func(context.Context, []string) error {
			for _, s := range defaults("").settings() {
				value := inForce(s.target)
				if value == "" {
					value = "-"
				}
				fmt.Fprintf(p.out, "%-30s %-10s %s\n", s.key, value, s.meaning)
			}
			return nil
		}),
	}
}
