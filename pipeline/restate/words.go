package restate

// Word is the number of an id, a name, an item or a source; 0 is none. Lines are
// many, and made of few words.
type Word uint32

// Words numbers the words of the reports that are compared.
type Words struct {
	numbers map[string]Word
	list    []string
}

// NewWords returns a list without words.
func NewWords() *Words { return &Words{numbers: map[string]Word{"": 0}, list: []string{""}} }

// Of returns the number of a word.
func (w *Words) Of(s string) Word {
	n, ok := w.numbers[s]
	if !ok {
		n = Word(len(w.list))
		w.numbers[s] = n
		w.list = append(w.list, s)
	}
	return n
}

// Say returns the word of a number.
func (w *Words) Say(n Word) string { return w.list[n] }
