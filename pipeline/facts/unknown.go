package facts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Unknown is a name that no client owns, with what it holds in the window and
// whom it may mean. It counts as Unmapped until a person adds it to the clients
// file.
type Unknown struct {
	Account AccountName
	Place   finding.Place // where it stands first
	Rows    int64
	Money   money.Exact
	Hours   measure.Hours
	Own     string           // the name of our own company that it is without its legal form
	Likely  []clients.Likely // the likeliest first; Ref is a position in Facts.Clients
}

const (
	suggestionsEach = 3
	// suggestionsFor is for how many names, those that hold most, clients are
	// suggested: each is compared with every client.
	suggestionsFor = 200
)

// report makes findings of accounts that no client owns, with the money and hours
// that they hold in the window, and of names and ids that are not what they seem.
func (g *gathering) report(f *Facts) {
	loose := looseIDs{}
	for i := range g.accounts.list {
		a := &g.accounts.list[i]
		rows := g.accounts.seen[i].rows
		if !g.matters(g.accounts.seen[i]) {
			continue
		}
		m := a.owner(g.register)
		found := finding.Finding{Place: g.place(a), Detail: a.words(rows), Rows: rows, Money: g.held[i].Money, Hours: g.held[i].Hours}
		switch {
		case m.Loose:
			loose.see(a, found, string(g.register.Clients()[m.Ref].ID))
			continue
		case m.Ref >= 0:
			other, ok := g.otherName(a, m.Ref, g.accounts.seen[i].span.last)
			if !ok {
				continue
			}
			found.Rule = ruleOtherName
			found.Detail += ": " + g.rivals([]clients.Ref{m.Ref}) + ", not " + g.rivals([]clients.Ref{other})
		case m.Ref != clients.Unmapped:
			continue
		case len(m.Rivals) > 0:
			found.Rule = ruleAmbiguousClient
			found.Detail += ": " + g.rivals(m.Rivals)
		case a.id == "" && a.name == "":
			found.Rule = ruleNoClient
		default:
			f.Unknown = append(f.Unknown, Unknown{
				Account: AccountName{Source: a.source, ID: a.id, Name: a.name}, Place: g.place(a), Rows: rows, Money: found.Money, Hours: found.Hours,
			})
			continue
		}
		g.findings.Add(found)
	}
	loose.report(g.findings)
	g.suggest(f)
	g.lookalikes()
}

// otherName returns whose name an account has beside the id of its owner, as it is in
// the last month in which the account is met: there an alias holds that merges clients.
func (g *gathering) otherName(a *account, owner clients.Ref, last period.Month) (clients.Ref, bool) {
	if a.id == "" {
		return owner, false
	}
	return g.register.Another(owner, a.name, last.Last())
}

// matters reports whether an account counts in the window, or stands in an input
// that is not counted, such as incidents.
func (g *gathering) matters(s seen) bool {
	return s.rows > 0 && (s.span.first == 0 || s.span.first <= g.Window.Last && s.span.last >= g.Window.First)
}

// looseIDs are the ids of each source that were found in another spelling. There
// may be thousands, for one reason; a source is reported once, with the first.
type looseIDs map[string]*looseID

type looseID struct {
	ids   int
	first finding.Finding // with the money and hours of all
}

func (l looseIDs) see(a *account, found finding.Finding, id string) {
	at := l[a.source]
	if at == nil {
		at = &looseID{first: finding.Finding{Place: found.Place}}
		l[a.source] = at
	}
	at.ids++
	at.first.Money = at.first.Money.Add(found.Money)
	at.first.Hours += found.Hours
	if at.ids == 1 || before(found.Place, at.first.Place) {
		at.first.Place, at.first.Detail = found.Place, fmt.Sprintf("%q is %s", cmp.Or(a.id, a.name), id)
	}
}

func before(a, b finding.Place) bool {
	return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line)) < 0
}

func (l looseIDs) report(log *finding.Log) {
	for _, at := range l {
		f := at.first
		f.Rule = ruleLooseID
		if at.ids > 1 {
			f.Detail += fmt.Sprintf(", and %d other ids likewise", at.ids-1)
		}
		log.Add(f)
	}
}

// suggest names the likeliest clients of unknown names.
func (g *gathering) suggest(f *Facts) {
	slices.SortFunc(f.Unknown, func(a, b Unknown) int {
		return cmp.Or(b.Money.Abs().Cmp(a.Money.Abs()), cmp.Compare(b.Hours, a.Hours), cmp.Compare(b.Rows, a.Rows),
			strings.Compare(a.Account.Source, b.Account.Source), strings.Compare(a.Account.ID, b.Account.ID), strings.Compare(a.Account.Name, b.Account.Name))
	})
	for i := range f.Unknown {
		u := &f.Unknown[i]
		detail := (&account{accountKey: accountKey{id: u.Account.ID, name: u.Account.Name}}).words(u.Rows)
		name := cmp.Or(u.Account.Name, u.Account.ID)
		if u.Own = g.register.LikelyInternal(name); u.Own != "" {
			detail += fmt.Sprintf("; our own company is %q", u.Own)
		}
		if i < suggestionsFor {
			for _, l := range g.register.Likeliest(name, 2*suggestionsEach) {
				if l.Ref = g.seats[l.Ref]; l.Ref >= 0 && len(u.Likely) < suggestionsEach {
					u.Likely = append(u.Likely, l)
				}
			}
		}
		for n, l := range u.Likely {
			word := ", "
			if n == 0 {
				word = "; likeliest "
			}
			detail += fmt.Sprintf("%s%s %s (%.2f)", word, l.Client.ID, l.Client.Name, l.Score)
		}
		g.findings.Add(finding.Finding{Rule: ruleUnknownClient, Place: u.Place, Detail: detail, Rows: u.Rows, Money: u.Money, Hours: u.Hours})
	}
}

// lookalikes reports names that look like another client's but are not.
func (g *gathering) lookalikes() {
	var names []string
	at := map[string]finding.Place{}
	for i := range g.accounts.list {
		a := &g.accounts.list[i]
		if a.name == "" || isASCII(a.name) {
			continue
		}
		if old, ok := at[a.name]; !ok || before(g.place(a), old) {
			at[a.name] = g.place(a)
		}
	}
	for _, row := range g.listed {
		if _, ok := at[row.Name]; !ok && !isASCII(row.Name) {
			at[row.Name] = row.Place
		}
	}
	for name := range at {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, l := range g.register.Lookalikes(names) {
		detail := fmt.Sprintf("%q mixes scripts in a word", l.Name)
		if len(l.Looks) > 0 {
			detail = fmt.Sprintf("%q looks like %s", l.Name, g.rivals(l.Looks))
		}
		g.findings.Add(finding.Finding{Rule: ruleLookalike, Place: at[l.Name], Detail: detail})
	}
}

// isASCII reports whether a name cannot hide letters of another script.
func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

func (g *gathering) rivals(refs []clients.Ref) string {
	var words []string
	for _, r := range refs {
		c := g.register.Clients()[r]
		words = append(words, fmt.Sprintf("%s (%s)", c.ID, c.Name))
	}
	slices.Sort(words)
	return strings.Join(words, " or ")
}

func (g *gathering) place(a *account) finding.Place {
	p := finding.Place{File: a.file, Line: a.line(), Field: "client"}
	if cell, ok := g.cells[cellKey{a.source, a.file}]; ok {
		p.Sheet, p.Column = cell.Sheet, cell.Column
	}
	return p
}

// cellKey is a file of a source.
type cellKey struct{ source, file string }

// remember notes in which sheet and column of its workbooks an export names its
// clients.
func (g *gathering) remember(e *exports.Export) {
	column := "client"
	if !e.Has(column) {
		column = "client_id"
	}
	for i, file := range e.Source.Files {
		if p := e.Place(i, 1, column); p.Sheet != "" {
			g.cells[cellKey{e.Source.Label, file}] = p
		}
	}
}

// words are the account as a finding shows it.
func (a *account) words(n int64) string {
	rows := fmt.Sprintf("%d rows", n)
	if n == 1 {
		rows = "1 row"
	}
	switch {
	case a.id == "" && a.name == "":
		return rows
	case a.id != "" && a.name != "":
		return fmt.Sprintf("%q %q, %s", a.id, a.name, rows)
	}
	return fmt.Sprintf("%q, %s", a.id+a.name, rows)
}
