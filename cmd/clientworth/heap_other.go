//go:build !linux

package main

import "clientworth/pipeline/exports"

// largePages is for Linux.
func largePages([]exports.Source) {}
