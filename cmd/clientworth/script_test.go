package main

import (
	"encoding/csv"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets pages of testdata/script call the program by its name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"clientworth": main})
}

// TestScript runs the pages of testdata/script, one situation each. The companies
// on them are small enough to be checked by hand.
//
// Beside the usual commands a page may say
//
//	status N clientworth ...   the program ends with exactly this status
//	cells FILE ROW COLUMN=VALUE...   what a csv says of the client in its row
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"status": endsWith,
			"cells":  cells,
			"files":  files,
		},
	})
}

func endsWith(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command...")
	}
	err := ts.Exec(args[1], args[2:]...)
	if got := exitStatus(err); got != args[0] {
		ts.Fatalf("%s ended with status %s, not %s", strings.Join(args[1:], " "), got, args[0])
	}
}

func exitStatus(err error) string {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return "0"
	case errors.As(err, &exit):
		return strconv.Itoa(exit.ExitCode())
	}
	return err.Error()
}

// cells compares what a csv says of one client.
func cells(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: cells FILE CLIENT_ID COLUMN=VALUE...")
	}
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(args[0]))).ReadAll()
	ts.Check(err)
	header := rows[0]
	id := slices.Index(header, "client_id")
	row := slices.IndexFunc(rows, func(r []string) bool { return r[id] == args[1] })
	if row < 0 {
		ts.Fatalf("%s has no client %s", args[0], args[1])
	}
	for _, arg := range args[2:] {
		column, want, _ := strings.Cut(arg, "=")
		i := slices.Index(header, column)
		if i < 0 {
			ts.Fatalf("%s has no column %s", args[0], column)
		}
		if got := rows[row][i]; got != want {
			ts.Fatalf("%s of %s is %q, not %q", column, args[1], got, want)
		}
	}
}

// files compares the names in a folder with those given, in order.
func files(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: files FOLDER NAME...")
	}
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, args[1:]) {
		ts.Fatalf("%s holds %s", args[0], strings.Join(names, " "))
	}
}
