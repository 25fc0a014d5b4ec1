package clients

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"slices"
	"strings"

	"github.com/adrg/strutil/metrics"
)

// Likely is a client that an unknown name may mean. Score is between 0 and 1. It
// is a suggestion for a person to confirm, and is never applied.
type Likely struct {
	Client Client
	Score  float64
	Ref    Ref
}

// leastLikely is the score below which a name is not worth suggesting.
const leastLikely = 0.75

// Likeliest returns the clients whose names are most like an unknown one, by the
// Jaro-Winkler similarity of normal forms without legal forms, best first.
func (r *Register) Likeliest(name string, n int) []Likely {
	bare := string(Normalise(name).Bare())
	if bare == "" {
		return nil
	}
	like := metrics.NewJaroWinkler()
	best := map[Ref]float64{}
	for word, claims := range r.bare {
		score := like.Compare(bare, word)
		if score < leastLikely {
			continue
		}
		for _, c := range claims {
			best[c.ref] = max(best[c.ref], score)
		}
	}
	var list []Likely
	for ref, score := range best {
		list = append(list, Likely{Client: r.clients[ref], Score: score, Ref: ref})
	}
	slices.SortFunc(list, func(a, b Likely) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(string(a.Client.ID), string(b.Client.ID)))
	})
	return list[:min(n, len(list))]
}

// AliasRow is a row for the clients file that makes a name an alias of the
// client: client_id, client, aliases.
func (c Client) AliasRow(alias string) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{string(c.ID), c.Name, alias}) // a buffer takes everything
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}

// Lookalike is a name that looks like another one and is not: its letters are of
// another script.
type Lookalike struct {
	Name  string
	Looks []Ref // whose name it looks like; none where it mixes scripts in a word
}

// Lookalikes returns those of some names that hide as others. A name that the
// register knows may look like another client's.
func (r *Register) Lookalikes(names []string) []Lookalike {
	skeletons := map[string][]Ref{}
	for word, claims := range r.byName {
		k := Normal(word).skeleton()
		for _, c := range claims {
			if !slices.Contains(skeletons[k], c.ref) {
				skeletons[k] = append(skeletons[k], c.ref)
			}
		}
	}
	var list []Lookalike
	for _, name := range names {
		normal := Normalise(name)
		of := r.Find("", name, 0).Ref
		others := slices.DeleteFunc(slices.Clone(skeletons[normal.skeleton()]), func(ref Ref) bool {
			return ref == of || slices.ContainsFunc(r.byName[string(normal)], func(c claim) bool { return c.ref == ref })
		})
		slices.Sort(others)
		if normal.mixed() || len(others) > 0 {
			list = append(list, Lookalike{Name: name, Looks: others})
		}
	}
	return list
}
