package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"clientworth/pipeline/exports"
)

func (p *program) settingsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "settings",
		Short: "list every setting with its default and meaning",
		Args:  cobra.NoArgs,
		RunE: p.does(func(context.Context, []string) error {
			for _, s := range defaults("").settings() {
				value := inForce(s.target)
				if value == "" {
					value = "-"
				}
				fmt.Fprintf(p.out, "%-30s %-10s %s\n", s.key, value, s.meaning)
			}
			fmt.Fprint(p.out, "\nof an export, beside its path:\n\n")
			for _, s := range entrySettings(&exports.Source{Input: exports.Billing}) {
				fmt.Fprintf(p.out, "%-14s %s\n", s.key, s.meaning)
			}
			fmt.Fprintf(p.out, "%-14s %s\n", "columns", "canonical column: header, {value: ...}, {multiply: [a, b]}, {column: ..., map: {word: [theirs]}}")
			fmt.Fprintf(p.out, "%-14s %s\n", "except", "column: words, or ranges of numbers such as 1000-1999, of rows that are none of ours")
			return nil
		}),
	}
}
