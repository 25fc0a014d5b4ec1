package restate

import (
	"cmp"
	"maps"
	"strings"

	"clientworth/pipeline/period"
)

// owners says which client each name meant as published; a name of several is left
// out.
type owners map[name]Word

type name struct{ source, name Word }

// several is the owner, for a while, of a name that meant several clients.
const several = ^Word(0)

func (o owners) meet(at name, client Word) {
	if old, known := o[at]; known && old != client {
		client = several
	}
	o[at] = client
}

func ownersOf(w *Words, lines Lines, months period.Window) owners {
	together := owners{}
	for i := range months.Len() {
		var last Line
		for _, l := range lines(months.At(i)) {
			if l.Names != 0 && (l.Names != last.Names || l.Source != last.Source || l.Client != last.Client) {
				together.meet(name{l.Source, l.Names}, l.Client)
				last = l
			}
		}
	}
	each := maps.Clone(together) // the mark may be part of a name
	for at, client := range together {
		for one := range strings.SplitSeq(w.Say(at.name), NameMark) {
			each.meet(name{at.source, w.Of(one)}, client)
		}
	}
	maps.DeleteFunc(each, func(_ name, client Word) bool { return client == several })
	return each
}

// of returns whom a line meant as published: a name that was unknown or stood for
// several clients says nothing.
func (o owners) of(l *Line) Word {
	return cmp.Or(o[name{l.Source, l.Names}], l.Client)
}
