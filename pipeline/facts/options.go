package facts

import (
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Options are the choices of the configuration that gathering depends on.
type Options struct {
	Currency money.Currency // of the report
	Window   period.Window

	// ByDocument counts revenue in the month of its document
	// (revenue.recognise: document). Both ways are gathered; this one decides what
	// counts as used and as activity.
	ByDocument bool

	InternalNames []string // of our own company
	ClientsClosed bool     // clients that only billing names are unknown
	Workers       int      // 0 is one
}
