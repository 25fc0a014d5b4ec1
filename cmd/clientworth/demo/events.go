package demo

import (
	"iter"
	"strconv"
)

// happened writes the events of clients, client by client: incidents or actions.
func happened(all []client, of func(client) []event) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, c := range all {
			for _, e := range of(c) {
				if e.month >= 0 && !yield([]string{strconv.Itoa(c.number), on(e.month, e.day), e.kind, e.note}) {
					return
				}
			}
		}
	}
}

// event is something that happened with a client; a month of -1: it did not.
type event struct {
	kind  string
	month int
	day   int
	note  string
}

func incidents(c client) []event {
	return []event{
		{"threat", c.threat, 16, "threatened a colleague on the telephone"},
		{"late_payment", c.late, 25, "paid seven weeks late"},
		{"dispute", c.dispute, 12, "disputes an invoice"},
	}
}

func actions(c client) []event {
	return []event{
		{"fixed", c.fixed, 10, "cause of our errors mended and tested with the client"},
		{"scope", c.agree, 14, "scope agreed in writing"},
		{"limit", c.limit, 18, "support limited to the plan"},
		{"reprice", c.reprice, 1, "new price offered"},
	}
}
