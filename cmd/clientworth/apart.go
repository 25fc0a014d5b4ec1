package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"clientworth/pipeline/exports"
)

// apart returns the paths by which the exports of a folder are told apart: the
// folder itself where all its files are alike, as those of each month are, and else
// each kind of file and each folder in it. Any other path stays as it is.
func (d *draft) apart(path string) []string {
	entries, err := os.ReadDir(path)
	if err != nil {
		return []string{path}
	}
	kinds := map[string][]string{}
	var order, folders []string
	for _, e := range entries {
		name := filepath.Join(path, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."), slices.Contains([]string{exports.Marker, ".yaml", ".yml"}, filepath.Ext(name)):
		case e.IsDir():
			folders = append(folders, name)
		case isFile(name):
			kind := d.kindOf(name)
			if kinds[kind] == nil {
				order = append(order, kind)
			}
			kinds[kind] = append(kinds[kind], name)
		}
	}
	if len(order) == 1 && (order[0] != "" || folders == nil) || len(order)+len(folders) == 0 {
		return []string{path}
	}
	var parts []string
	for _, kind := range order {
		if files := kinds[kind]; kind != "" {
			parts = append(parts, together(files)...)
		} else {
			parts = append(parts, files...)
		}
	}
	return append(parts, folders...)
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// kindOf says as what a file is recognised, and by which of its columns; "" where
// it is not.
func (d *draft) kindOf(path string) string {
	full, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	all, err := d.recognise(exports.Source{Folder: d.folder, Files: []string{full}, Label: path})
	if err != nil {
		return ""
	}
	kind := ""
	for _, e := range all {
		if e.words != nil {
			kind += string(e.source.Input) + " " + e.source.Sheet + "\n" + *e.words
		}
	}
	return kind
}

// together returns a glob that names these files of a folder and no others, if it
// can without what numbers them: next month's file should be among them.
func together(files []string) []string {
	first, last := files[0], files[len(files)-1] // sorted, so that what these share all do
	n := 0
	for n < min(len(first), len(last)) && first[n] == last[n] {
		n++
	}
	for _, shared := range []string{strings.TrimRight(first[:n], "0123456789-_."), first[:n]} {
		glob := shared + "*" + filepath.Ext(first)
		if found, err := filepath.Glob(glob); len(files) > 1 && err == nil && slices.Equal(found, files) {
			return []string{glob}
		}
	}
	return files
}
