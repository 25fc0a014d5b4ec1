package clients

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

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
// Jaro-Winkler similarity of their forms, best first. It is asked by one at a time,
// after the register is complete.
func (r *Register) Likeliest(name string, n int) []Likely {
	forms := formsOf(name)
	if forms == nil {
		return nil
	}
	r.prepare()
	like := metrics.NewJaroWinkler()
	best := map[Ref]float64{}
	for _, of := range r.forms {
		score := -1.0
		for _, form := range forms {
			for _, other := range of.forms {
				if form.mostLike(other) >= max(score, leastLikely) {
					score = max(score, like.Compare(form.text, other.text))
				}
			}
		}
		if score < leastLikely {
			continue
		}
		for _, c := range of.claims {
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

// prepare takes the forms of all names, once.
func (r *Register) prepare() {
	if r.forms != nil {
		return
	}
	r.forms = make([]named, 0, len(r.written))
	for word, claims := range r.written {
		r.forms = append(r.forms, named{formsOf(word), claims})
	}
}

// named are the forms of a name as written, and who claims it.
type named struct {
	forms  []form
	claims []claim
}

// form is a form of a name, and how often it has each letter; letters that share a
// place are counted as one.
type form struct {
	text    string
	length  int // in letters
	letters [32]uint8
}

func newForm(text string) form {
	f := form{text: text, length: utf8.RuneCountInString(text)}
	for _, letter := range text {
		f.letters[letter%32] = min(f.letters[letter%32]+1, 254)
	}
	return f
}

// mostLike returns a similarity that the one of two forms does not exceed: as if
// all letters that they have in common stood in the right order.
func (f *form) mostLike(o form) float64 {
	if f.length == 0 || o.length == 0 || max(f.length, o.length) > 250 {
		return 1
	}
	common := 0
	for i, n := range f.letters {
		common += int(min(n, o.letters[i]))
	}
	jaro := (float64(common)/float64(f.length) + float64(common)/float64(o.length) + 1) / 3
	if f.text[0] == o.text[0] {
		jaro += 0.4 * (1 - jaro) // of equal beginnings, four letters count
	}
	return jaro + 1e-9 // for rounding
}

// formsOf returns the forms of a name that may show its likeness to another: its
// normal form without legal form, the same with its words in order, since "Smith,
// Ann" is Ann Smith, and what stands in an e-mail address for the company.
func formsOf(name string) (forms []form) {
	bare := string(Normalise(name).Bare())
	if bare == "" {
		return nil
	}
	forms = append(forms, newForm(bare))
	words := strings.Fields(bare)
	if slices.Sort(words); strings.Join(words, " ") != bare {
		forms = append(forms, newForm(strings.Join(words, " ")))
	}
	if host := hostOf(name); host != "" {
		forms = append(forms, newForm(string(Normalise(host))))
	}
	return forms
}

// hostOf returns the part of an e-mail address or a domain that is a company's:
// acme of ap@mail.acme.com. Of addresses at a provider's it is who has it.
func hostOf(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	who, domain, mail := strings.Cut(name, "@")
	if !mail {
		domain = name
	}
	parts := strings.Split(domain, ".")
	if len(parts) < 2 || strings.ContainsAny(name, " ,") || len(parts[len(parts)-1]) < 2 {
		return ""
	}
	host := parts[len(parts)-2]
	if len(parts) > 2 && (host == "co" || host == "com") { // acme.co.uk
		host = parts[len(parts)-3]
	}
	if slices.Contains(providers, host) {
		return who
	}
	return host
}

// providers have the addresses of companies that have no domain of their own.
var providers = []string{"gmail", "googlemail", "outlook", "hotmail", "live", "yahoo", "icloud", "gmx", "web", "mail", "yandex", "proton", "protonmail", "aol"}

// LikelyInternal returns the name of our own company that an unknown name equals
// but for the legal form, or "". Like all suggestions it is never applied: a
// client may be called so, too.
func (r *Register) LikelyInternal(name string) string {
	bare := Normalise(name).Bare()
	if bare == "" {
		return ""
	}
	var likely []string
	for normal, written := range r.internal {
		if normal.Bare() == bare {
			likely = append(likely, written)
		}
	}
	if likely == nil {
		return ""
	}
	return slices.Min(likely)
}

// Lookalike is a name that looks like another one and is not: its letters are of
// another script, or have other accents.
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
