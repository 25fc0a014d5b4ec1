// Command clientworth reads the exports of a company's billing and support, works
// out what each client costs to serve, and publishes a workbook that ranks the
// clients who do not pay for the value they receive.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // months do not depend on what the machine knows of time zones
	"unicode/utf8"

	"github.com/spf13/cobra"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is the program: it returns the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	// A reader of our messages that goes away, and a limit on file sizes, are
	// errors of a write, not the end of the process.
	signal.Ignore(syscall.SIGPIPE, syscall.SIGXFSZ)
	ctx, stop := stoppable(context.Background())
	defer stop()

	p := &program{out: stdout, err: stderr, now: time.Now, patience: patience}
	root := p.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	command, err := root.ExecuteContextC(ctx)
	if err != nil && !p.ran {
		err = &usageError{err, command.CommandPath() + " --help says more"}
	}
	return p.finish(err)
}

// program is one call of the command.
type program struct {
	out, err io.Writer
	now      func() time.Time
	quiet    bool
	patience time.Duration // with the watcher, for each call
	ran      bool          // a subcommand ran: an error is not one of usage
	status   int           // where there is no error
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "clientworth",
		Short:         "Who pays for what they receive? A monthly report from billing and support hours.",
		Long:          longHelp(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		Version:       version(),
		RunE: func(*cobra.Command, []string) error {
			return errors.New("no command given: clientworth run, for example")
		},
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", ".FlagUsagesWrapped 80"))
	root.PersistentFlags().BoolVar(&p.quiet, "quiet", false, "say nothing when all is well")
	root.AddCommand(p.runCommand(), p.checkCommand(), p.demoCommand(), p.verifyCommand(), p.explainCommand(), p.presetsCommand(), p.whatIfCommand(), p.initCommand(), p.settingsCommand())
	return root
}

// does makes a subcommand's work tell its errors from those of usage.
func (p *program) does(work func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		p.ran = true
		return guarded(func() error { return work(cmd.Context(), args) })
	}
}

// crash is a panic, which only a programming error can cause.
type crash struct {
	cause any
	stack []byte
}

func (c *crash) Error() string { return fmt.Sprintf("internal error: %v", c.cause) }

// guarded turns a panic into an error, so that drafts are removed and the run is
// recorded.
func guarded(work func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &crash{cause, debug.Stack()}
		}
	}()
	return work()
}

// say prints a line to standard output, unless asked to be quiet.
func (p *program) say(format string, args ...any) {
	if !p.quiet {
		fmt.Fprintf(p.out, format+"\n", args...)
	}
}

// tell prints a text like say, in lines of at most 80 columns as far as its words
// allow; all but the first are indented by four more.
func (p *program) tell(indent, text string) {
	if !p.quiet {
		wrap(p.out, indent+text)
	}
}

// wrap writes a text in lines of at most 80 columns as far as its words allow; all
// but the first are indented by four more than it is. A line without anything is
// not written.
func wrap(out io.Writer, text string) {
	indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
	line := indent
	for _, word := range strings.Split(text[len(indent):], " ") {
		switch {
		case strings.TrimSpace(line) == "":
			line += word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > 80:
			fmt.Fprintln(out, line)
			line = indent + "    " + word
		default:
			line += " " + word
		}
	}
	if strings.TrimSpace(line) != "" {
		fmt.Fprintln(out, line)
	}
}
