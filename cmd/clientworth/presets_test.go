package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/exports/presets"
	"clientworth/pipeline/facts"
)

// presetSource is what an entry with nothing but a path and a preset says.
func presetSource(t *testing.T, p presets.Preset, file string) exports.Source {
	t.Helper()
	c := mustConfigure(t, small)
	c.Currency.Code = "" // the samples are of several
	d := &document{name: "test"}
	top, err := d.parse([]byte("- path: " + filepath.Base(file) + "\n  preset: " + p.Name + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := d.items(top)
	if err != nil {
		t.Fatal(err)
	}
	fields, err := d.fields(entries[0], "entry")
	if err != nil {
		t.Fatal(err)
	}
	c.Folder = filepath.Dir(file)
	s, err := c.source(d, p.Input, fields)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A preset is written as a person would write it, so that it can be copied into a
// configuration, and says what it reads.
func TestPresetsAreConfiguration(t *testing.T) {
	for _, p := range presets.All() {
		if p.Doc == "" || strings.HasSuffix(p.Doc, ".") || len(p.Doc) > 100 {
			t.Errorf("%s: its first comment is %q", p.Name, p.Doc)
		}
		file := filepath.Join(t.TempDir(), "export")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if s := presetSource(t, p, file); s.Preset != p.Name || s.Label != "export" || len(s.Columns) == 0 {
			t.Errorf("%s: %+v", p.Name, s)
		}
	}
}

func TestPresetIsCompleted(t *testing.T) {
	c := mustConfigure(t, strings.Replace(small, "- path: hours.csv", "- {path: hours.csv, preset: toggl, columns: {role: {value: support}, client: Project}}", 1))
	for _, s := range c.Sources {
		if s.Input != exports.SupportHours {
			continue
		}
		if s.Columns["role"].Value != "support" || s.Columns["client"].Header[0] != "Project" || s.Columns["hours"].Header[0] != "Duration" {
			t.Errorf("%+v", s.Columns)
		}
	}
	for entry, want := range map[string]string{
		"{path: hours.csv, preset: togl}": `there is no preset "togl"`,
		"{path: hours.csv, preset: xero}": "preset xero reads billing",
	} {
		if _, err := configured(t, strings.Replace(small, "path: hours.csv", entry, 1)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", entry, err)
		}
	}
}

var update = flag.Bool("update", false, "rewrite what the samples of the presets are read as")

// Each preset has a small made-up export, and beside it the rows that it is read
// as.
func TestPresetsReadTheirSamples(t *testing.T) {
	folder := filepath.Join("..", "..", "testdata", "exports")
	for _, p := range presets.All() {
		t.Run(p.Name, func(t *testing.T) {
			samples, err := filepath.Glob(filepath.Join(folder, p.Name+".[ctx]*"))
			if err != nil || len(samples) != 1 {
				t.Fatalf("its sample should be one file, and is %q (%v)", samples, err)
			}
			got := readSample(t, presetSource(t, p, samples[0]))
			golden := filepath.Join(folder, p.Name+".rows")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// readSample lists rows, what became of the file's rows, and findings.
func readSample(t *testing.T, s exports.Source) string {
	t.Helper()
	var out strings.Builder
	e, err := exports.Open(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	reading, err := e.Each(t.Context(), func(r exports.Row) error {
		fmt.Fprintf(&out, "%d:", r.Place("").Line)
		for _, c := range e.Columns {
			if text := shown(r, c); text != "" {
				fmt.Fprintf(&out, " %s=%s", c.Name, text)
			}
		}
		out.WriteString("\n")
		for _, column := range []string{"kind", "status"} {
			if word := r.Text(column); s.Input == exports.Billing && !facts.Known(column, word) {
				t.Errorf("the %s %q means nothing: a preset knows the words of its tool", column, word)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	n := reading.Tallies[0]
	fmt.Fprintf(&out, "%s: %d rows, of which %d headers, %d blank, %d totals, %d no data of ours, %d set aside\n",
		n.Dialect, n.Read, n.Headers, n.Blank, n.Totals, n.NoRevenue, n.SetAside)
	for _, rule := range reading.Findings.Rules() {
		for _, f := range reading.Findings.Kept(rule) {
			fmt.Fprintf(&out, "%s: %s: %s\n", strings.TrimPrefix(f.Place.String(), filepath.Dir(f.Place.File)), rule.Name, f.Detail)
		}
	}
	return out.String()
}

func shown(r exports.Row, c exports.Column) string {
	switch c.Kind {
	case exports.Date, exports.Month:
		if d := r.Day(c.Name); d != 0 {
			return d.String()
		}
	case exports.Decimal:
		if v := r.Decimal(c.Name); v.Known {
			return v.Value.String()
		}
	case exports.Duration:
		if v := r.Hours(c.Name); v.Known {
			return v.Value.String()
		}
	case exports.Flag:
		if v := r.Flag(c.Name); v.Known {
			return fmt.Sprint(v.Value)
		}
	default:
		if text := r.Text(c.Name); text != "" {
			return fmt.Sprintf("%q", text)
		}
	}
	return ""
}
