package reports_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"clientworth/reports"
	"clientworth/reports/words"
)

// TestSameBytesEverywhere runs this test again as other processes, each under
// another time zone, language, number of cores and folder, and compares the
// digests of all files. The sheets are long enough to be made in several pieces.
func TestSameBytesEverywhere(t *testing.T) {
	if os.Getenv("CLIENTWORTH_DIGEST") != "" {
		dir := t.TempDir()
		must(t, reports.Write(t.Context(), dir, sampleOf(t, 300), optionsIn(words.English)))
		fmt.Println(digests(t, dir))
		return
	}
	program, err := os.Executable()
	must(t, err)
	zones := []string{"UTC", "Asia/Tehran", "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu"}
	languages := []string{"C", "ru_RU.UTF-8", "fa_IR.UTF-8", "tr_TR.UTF-8", "de_DE.UTF-8"}
	first := ""
	runs := 30
	if testing.Short() {
		runs = 6
	}
	for i := range runs {
		cmd := exec.Command(program, "-test.run=^TestSameBytesEverywhere$")
		cmd.Env = append(os.Environ(), "CLIENTWORTH_DIGEST=1", "TZ="+zones[i%len(zones)], "LANG="+languages[i%len(languages)], "LC_ALL="+languages[i%len(languages)],
			fmt.Sprint("GOMAXPROCS=", 1+i%4), "GOGC="+[]string{"10", "100", "off"}[i%3])
		cmd.Dir = t.TempDir()
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		line := matched(t, string(out), `(?m)^digests .*$`)
		if first == "" {
			first = line
		}
		if line != first {
			t.Errorf("run %d: %s, the first was %s", i, line, first)
		}
	}
}

func digests(t *testing.T, dir string) string {
	t.Helper()
	files, err := os.ReadDir(dir)
	must(t, err)
	s := "digests"
	for _, f := range files {
		b, err := os.ReadFile(dir + "/" + f.Name())
		must(t, err)
		s += fmt.Sprintf(" %s %x", f.Name(), sum(b))
	}
	return s
}
