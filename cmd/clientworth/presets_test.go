package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/exports/presets"
)

// presetSource is what an entry with nothing but a path and a preset says.
func presetSource(t *testing.T, p presets.Preset, file string) exports.Source {
	t.Helper()
	c := mustConfigure(t, small)
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
