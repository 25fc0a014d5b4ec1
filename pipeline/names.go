package pipeline

import (
	"maps"
	"slices"
	"strings"

	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
)

var ruleUnmetName = &finding.Rule{
	Name: "unmet-name", Effect: finding.Note,
	Sentence: "a setting is for a name that nothing in the exports has, and changes nothing",
	Remedy:   "write the name as the exports do, or take it out of the setting",
}

// mostNames is how many of the names that there are stand beside one that is not.
const mostNames = 8

// unmet finds the names that settings by name are for and nothing has: a share
// meant for a misspelt role would else give way to that of all roles unnoticed.
func unmet(r *Result) *finding.Log {
	log := &finding.Log{}
	f, o := r.Facts, r.Options.Worth
	segments := map[string]bool{}
	for _, c := range f.Clients {
		if c.Segment != "" {
			segments[c.Segment] = true
		}
	}
	for _, s := range []struct {
		setting string
		shares  map[string]measure.Share
		names   []string
	}{
		{"target_margin_by_segment", o.TargetBySegment, slices.Collect(maps.Keys(segments))},
		{"avoidable.roles", o.Avoidable.Roles, f.Roles},
		{"avoidable.categories", o.Avoidable.Categories, f.Categories},
		{"avoidable.pool_names", o.Avoidable.PoolNames, f.Pools},
	} {
		for _, name := range slices.Sorted(maps.Keys(s.shares)) {
			if !slices.Contains(s.names, name) {
				log.Add(finding.Finding{Rule: ruleUnmetName, Place: finding.Place{File: s.setting}, Detail: name + among(s.names)})
			}
		}
	}
	return log
}

// among says which names there are. They stand without quotes, which would make
// them values of cells.
func among(names []string) string {
	if len(names) == 0 {
		return "; there are none"
	}
	names = slices.Sorted(slices.Values(names))
	if len(names) > mostNames {
		names = append(names[:mostNames], "and others")
	}
	return "; there are " + strings.Join(names, ", ")
}
