package facts

import (
	"strings"
)

// Words that exports use for kinds of document, states and causes. A
// configuration's map, or a preset, brings other words to the first of each line.

// nature is what a line is, by its kind and status.
type nature uint8

const (
	sale    nature = iota // revenue, and a credit if negative
	credit                // a credit note or refund, whatever its sign
	unheard               // a word that is in no table: it counts as a sale, and is found doubtful
	nothing               // no revenue: a draft, void, a payment
)

var kinds = wordTable(map[nature]string{
	sale: "|invoice|invoices|tax invoice|sales invoice|bill|billing|sale|sales|sales receipt|charge|charges|debit|debit note|debit memo|" +
		"fee|service|services|product|subscription|recurring|one off|usage|retainer|maintenance|support|license|licence|rent|rental",
	credit: "credit|credits|credit note|creditnote|credit memo|creditmemo|refund|return|sales credit|reversal",
	nothing: "payment|payout|transfer|receipt|deposit|bill payment|overpayment|prepayment|" +
		"draft|estimate|quote|quotation|proforma|pro forma|order|no revenue",
})

var states = wordTable(map[nature]string{
	sale: "|invoice|paid|unpaid|not paid|in payment|auto paid|partial|partially paid|partiallypaid|part paid|open|sent|viewed|due|awaiting payment|overdue|past due|" +
		"outstanding|approved|authorised|authorized|issued|posted|active|final|finalised|finalized|closed|complete|completed|succeeded|" +
		"settled|reconciled|refunded|partially refunded|disputed|uncollectible|written off|bad debt",
	nothing: "no revenue|draft|void|voided|cancelled|canceled|cancel|deleted|failed|rejected|declined",
})

// unheardCause is a word that is in no table: it counts as another cause, and is
// found doubtful.
const unheardCause Cause = 255

// Words that may well name our own error, such as defect or duplicate, are in no list.
var causes = wordTable(map[Cause]string{
	OtherCause: "|other|others|none|no|n/a|unknown|client|customer|user|client error|customer error|user error|third party|" +
		"goodwill|discount|volume discount|rebate|bonus|cancellation|cancelled|order change|requested by customer|customer request|" +
		"question|how to|request|service request|change|change request|feature request|enhancement|new feature|training|consulting|maintenance",
	OwnError:      "own error",
	CannotDeliver: "cannot deliver",
	AgainstAdvice: "against advice",
	Capability:    "capability",
})

func wordTable[T comparable](lists map[T]string) map[string]T {
	m := map[string]T{}
	for v, list := range lists {
		for w := range strings.SplitSeq(list, "|") {
			m[w] = v
		}
	}
	return m
}

var separators = strings.NewReplacer("_", " ", "-", " ")

// natureOf looks a word up in a table. In these no word at all, which is the first of
// the list, means a sale.
func natureOf(table map[string]nature, word string) nature {
	if of, known := table[canonical(word)]; known {
		return of
	}
	return unheard
}

// Known reports whether a word of the columns kind, status or cause of billing, or
// cause of another input, means something without being mapped.
func Known(column, word string) bool {
	switch column {
	case "kind":
		return natureOf(kinds, word) != unheard
	case "status":
		return natureOf(states, word) != unheard
	}
	return causeOf(word) != unheardCause
}

func causeOf(word string) Cause {
	if of, known := causes[canonical(word)]; known {
		return of
	}
	return unheardCause
}

// canonical is a word as the tables have it: in small letters, words separated
// by single spaces.
func canonical(word string) string {
	return strings.Join(strings.Fields(separators.Replace(strings.ToLower(word))), " ")
}

// meanings remembers what the codes of a dictionary column mean.
type meanings[T any] struct {
	of      func(word string) T
	list    []T
	edition int // of the dictionary
}

func newMeanings[T any](of func(string) T) *meanings[T] { return &meanings[T]{of: of} }

// column learns the words of a batch that are new.
func (m *meanings[T]) column(c nameColumn) {
	words := 1
	if c.words != nil {
		words += c.words.Len()
	}
	if m.edition != c.edition {
		m.edition, m.list = c.edition, m.list[:0]
	}
	for code := len(m.list); code < words; code++ {
		m.list = append(m.list, m.of(c.word(uint32(code))))
	}
}

func (m *meanings[T]) at(code uint32) T { return m.list[code] }
