package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// faults is how many faults the catalogue has by which a release is tested.
const faults = 80

// Every fault of the catalogue has a test, a page or a step of CI of that name:
// TestFault07..., fault07-....txtar, "fault 7: ...".
func TestEveryFaultHasATest(t *testing.T) {
	tested := map[int]bool{}
	note := func(names [][]string) {
		for _, name := range names {
			n, _ := strconv.Atoi(name[1])
			tested[n] = true
		}
	}
	number := regexp.MustCompile(`[Ff]ault ?([0-9]+)`)
	function := regexp.MustCompile(`(?m)^func Test\w*`)
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		switch name := d.Name(); {
		case strings.HasSuffix(name, ".txtar"):
			note(number.FindAllStringSubmatch(name, -1))
		case strings.HasSuffix(name, "_test.go"):
			text, err := os.ReadFile(path)
			for _, test := range function.FindAllString(string(text), -1) {
				note(number.FindAllStringSubmatch(test, -1))
			}
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ci, err := os.ReadFile(filepath.Join(root, ".ci", "run"))
	if err != nil {
		t.Fatal(err)
	}
	note(number.FindAllStringSubmatch(string(ci), -1))
	var missing []string
	for n := 1; n <= faults; n++ {
		if !tested[n] {
			missing = append(missing, fmt.Sprint(n))
		}
	}
	if missing != nil {
		t.Errorf("no test is named for the faults %s", strings.Join(missing, ", "))
	}
}
