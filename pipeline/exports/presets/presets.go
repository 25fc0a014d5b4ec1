// Package presets holds the known forms of real exports: for each a piece of
// configuration that says where the canonical columns stand, what is a credit and
// what no revenue, and by what an entry is known again. A preset is written as a
// person would write it into the configuration, and can be copied there and
// changed. The package parses nothing.
package presets

import (
	"embed"
	"path"
	"strings"

	"clientworth/pipeline/exports"
)

//go:embed *.yaml
var files embed.FS

// Preset is the form of one vendor's export.
type Preset struct {
	Name  string        // as the setting preset: has it
	Input exports.Input // what it is an export for
	Doc   string        // what it reads, in a line
	Notes []string      // lines of what to know of it: what it leaves out, takes off or takes for granted
	Text  string        // the configuration: comments, then the input with one entry
}

// All returns the presets by name.
func All() []Preset {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // they are part of the program
	}
	var all []Preset
	for _, e := range entries {
		p, _ := Named(strings.TrimSuffix(e.Name(), path.Ext(e.Name())))
		all = append(all, p)
	}
	return all
}

// Named returns a preset, and whether there is one of this name.
func Named(name string) (Preset, bool) {
	b, err := files.ReadFile(name + ".yaml")
	if err != nil {
		return Preset{}, false
	}
	p := Preset{Name: name, Text: string(b)}
	for line := range strings.Lines(p.Text) {
		line = strings.TrimSpace(line)
		comment, ok := strings.CutPrefix(line, "#")
		if !ok {
			p.Input = exports.Input(strings.TrimSuffix(line, ":"))
			break
		}
		if comment = strings.TrimSpace(comment); p.Doc == "" {
			p.Doc = comment
		} else {
			p.Notes = append(p.Notes, comment)
		}
	}
	return p, true
}
