package facts

import (
	"slices"
	"strings"
)

// names numbers words in the order in which they are met; 0 is the empty word.
type names struct {
	list  []string
	find  map[string]uint32
	codes *meanings[uint32] // the numbers of a worker's dictionary
}

func newNames() *names {
	n := &names{list: []string{""}, find: map[string]uint32{"": 0}}
	n.codes = newMeanings(n.number)
	return n
}

func (n *names) number(word string) uint32 {
	word = strings.TrimSpace(word)
	i, ok := n.find[word]
	if !ok {
		word = strings.Clone(word)
		i = uint32(len(n.list))
		n.list = append(n.list, word)
		n.find[word] = i
	}
	return i
}

// column numbers the words of a batch that are new.
func (n *names) column(c nameColumn) { n.codes.column(c) }

func (n *names) at(code uint32) uint32 { return n.codes.list[code] }

// into numbers the words of another list here, and returns those numbers.
func (n *names) into(o *names) []uint32 {
	to := make([]uint32, len(o.list))
	for i, word := range o.list {
		to[i] = n.number(word)
	}
	return to
}

// sorted returns the words in order, without the empty one unless it is used,
// and where each stands.
func (n *names) sorted(used []bool) (words []string, at []uint32) {
	at = make([]uint32, len(n.list))
	order := make([]uint32, 0, len(n.list))
	for i := range n.list {
		if used[i] {
			order = append(order, uint32(i))
		}
	}
	slices.SortFunc(order, func(a, b uint32) int { return strings.Compare(n.list[a], n.list[b]) })
	for i, from := range order {
		words = append(words, n.list[from])
		at[from] = uint32(i)
	}
	return words, at
}
