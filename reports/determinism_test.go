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
// digests of all files.
func TestSameBytesEverywhere(t *testing.T) {
	if os.Getenv("CLIENTWORTH_DIGEST") != "" {
		dir := t.TempDir()
		must(t, reports.Write(t.Context(), dir, sample(t), optionsIn(words.English)))
		fmt.Println(digests(t, dir))
		return
	}
	program, err := os.Executable()
	must(t, err)
	zones := []string{"UTC", "Asia/Tehran", "Pacific/Apia", "America/St_Johns"}
	languages := []string{"C", "ru_RU.UTF-8", "fa_IR.UTF-8"}
	first := ""
	for i := range 8 {
		cmd := exec.Command(program, "-test.run=^TestSameBytesEverywhere$")
		cmd.Env = append(os.Environ(), "CLIENTWORTH_DIGEST=1", "TZ="+zones[i%4], "LANG="+languages[i%3], "LC_ALL="+languages[i%3],
			fmt.Sprint("GOMAXPROCS=", 1+i%3), "GOGC="+[]string{"10", "100", "off"}[i%3])
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
