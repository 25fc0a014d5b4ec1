package restate

import (
	"fmt"
	"slices"

	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Line is a row of a report's facts in long form.
type Line struct {
	Component Component
	Client    Word
	Item      Word // product, role, pool or category
	Source    Word // of the configuration
	Names     Word // of the client in that source, with NameMark between them
	Hours     measure.Hours
	Amount    money.Amount
	OwnError  money.Amount // the part of it that is our own error, above zero for a credit
}

// NameMark stands between several names of a client in one source.
const NameMark = "; "

// Component is what a line is part of.
type Component uint8

const (
	Revenue Component = iota
	Credit
	Labour
	Pool
	Direct
	components
)

var componentNames = [components]string{"revenue", "credit", "labour", "pool", "direct"}

// ComponentOf returns the component of a name.
func ComponentOf(name string) (Component, error) {
	if c := slices.Index(componentNames[:], name); c >= 0 {
		return Component(c), nil
	}
	return 0, fmt.Errorf("no component is called %q", name)
}

// Lines are lines by month. Those of a month may be gone when another one is asked
// for.
type Lines func(period.Month) []Line
