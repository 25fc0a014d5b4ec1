package exports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/adrg/strutil"
	"github.com/adrg/strutil/metrics"
)

// missingError says which columns a header lacks, and which of its names may be meant.
func (h headerFound) missingError(src *Source) error {
	if len(h.plans) == 0 {
		return &atLine{line: h.line, err: fmt.Errorf("no header in the first %d rows", headerRows), remedy: "say with columns: what the columns of this export are called"}
	}
	remedy := "say with columns: what they are called"
	if near := likeliest(h.missing[:1], h.header.names); len(near) > 0 && near[0].like >= muchAlike {
		say := "say so under columns:"
		if column := src.called(h.missing[0]); column != "" {
			say = fmt.Sprintf("write %s: %s under columns:", column, quoted(near[0].name))
		}
		remedy = fmt.Sprintf("did you mean %s? %s", quoted(near[0].name), say)
	}
	return &atLine{line: h.line, err: fmt.Errorf("no column %s", quotedList(h.missing)), remedy: remedy + " (" + h.header.summary(h.missing) + ")"}
}

// summary names the columns of a header or, where they are many, those that are most
// like the missing ones.
func (h header) summary(missing []string) string {
	const all, few = 20, 5
	if len(h.names) <= all {
		return "the header has " + quotedList(h.names)
	}
	var names []string
	for _, l := range likeliest(missing, h.names)[:few] {
		names = append(names, l.name)
	}
	return fmt.Sprintf("the header has %d names, the likeliest are %s", len(h.names), quotedList(names))
}

// called returns which canonical column is one of the export by that name, and no
// more than that.
func (src *Source) called(name string) string {
	for _, c := range Columns(src.Input) {
		m, configured := src.Columns[c.Name]
		if !configured && c.Name == name || slices.Equal(m.Header, []string{name}) && m.Map == nil && !m.Negate && !m.Exclusive {
			return c.Name
		}
	}
	return ""
}

// likely is a name of a header, and how much it is like one that is missing.
type likely struct {
	name string
	like float64
}

const muchAlike = 0.6

// likeliest returns the names of a header, those first that are most like a missing
// one. A missing one may be several, joined by or.
func likeliest(missing, names []string) []likely {
	all := make([]likely, len(names))
	for i, name := range names {
		all[i].name = name
		for _, wanted := range missing {
			for one := range strings.SplitSeq(wanted, " or ") {
				all[i].like = max(all[i].like, strutil.Similarity(headerKey(one), headerKey(name), metrics.NewLevenshtein()))
			}
		}
	}
	slices.SortStableFunc(all, func(a, b likely) int { return cmp.Compare(b.like, a.like) })
	return all
}

func quotedList(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = quoted(n)
	}
	return strings.Join(q, ", ")
}
