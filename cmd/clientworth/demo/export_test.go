package demo

// Stories are the lines of company.txt, for the tests.
var Stories = stories

// Counted is what a month's clients are told to be billed and to need.
type Counted struct {
	Month    string
	Cents    int64
	Quarters int64
}

// Told counts the smallest company without writing it.
func Told() map[string]Counted {
	all := map[string]Counted{}
	for m := range months {
		n := Counted{Month: at(m).String()}
		for _, c := range clientsOf(1) {
			for _, l := range c.billed(m) {
				n.Cents += int64(l.amount)
			}
			for _, w := range c.worked(m) {
				n.Quarters += int64(w.quarters)
			}
		}
		all[n.Month] = n
	}
	return all
}
