package facts

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// byName compares two files by their names, in the order in which people and
// browsers number them: invoices, invoices (1), invoices (2), invoices (10). What
// the files are packed in does not count: it would put "invoices (1).csv" before
// "invoices.csv".
func byName(a, b string) int {
	a, b = stem(a), stem(b)
	for a != "" && b != "" {
		if i, j := digits(a), digits(b); i > 0 && j > 0 {
			one, other := strings.TrimLeft(a[:i], "0"), strings.TrimLeft(b[:j], "0")
			if c := cmp.Or(cmp.Compare(len(one), len(other)), strings.Compare(one, other)); c != 0 {
				return c
			}
			a, b = a[i:], b[j:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// stem is the name of a file without its folder and what says its format.
func stem(file string) string {
	name := path.Base(file)
	for {
		ext := path.Ext(name)
		if !slices.Contains([]string{".csv", ".tsv", ".txt", ".xlsx", ".parquet", ".gz", ".zst"}, strings.ToLower(ext)) {
			return name
		}
		name = strings.TrimSuffix(name, ext)
	}
}

// digits is how many digits a text begins with.
func digits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }
