package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// release is the version of this program as the changelog names it.
const release = "0.1.0"

// version names everything of the program that a report may depend on.
func version() string {
	v := release
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				v += "+" + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return fmt.Sprintf("%s %s %s/%s", v, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
