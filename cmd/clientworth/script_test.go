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

	"clientworth/pipeline/exports/xlsx"
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
//	sheet FILE SHEET FIRST [CELL...] what a sheet says in the row that begins so
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
			"sheet":  sheet,
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

// sheet compares a row of a worksheet with its cells, numbers as plain decimals.
func sheet(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: sheet FILE SHEET FIRST [CELL...]")
	}
	text := ts.ReadFile(args[0])
	book, err := xlsx.Open(strings.NewReader(text), int64(len(text)), xlsx.Limits{})
	ts.Check(err)
	of, err := book.Sheet(args[1])
	ts.Check(err)
	for row, err := range book.Rows(of) {
		ts.Check(err)
		var cells []string
		for _, c := range row.Cells {
			for len(cells) < int(c.Column)-1 {
				cells = append(cells, "")
			}
			cells = append(cells, string(c.Text))
		}
		if len(cells) > 0 && cells[0] == args[2] {
			if !slices.Equal(cells[1:min(len(cells), len(args)-2)], args[3:]) {
				ts.Fatalf("%s says of %s: %q", args[1], args[2], cells[1:])
			}
			return
		}
	}
	ts.Fatalf("%s has no row %s", args[1], args[2])
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
