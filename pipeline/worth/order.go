package worth

import (
	"cmp"
	"slices"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/money"
)

// rank orders the clients by shortfall, largest first, then by margin, smallest
// first, then by id, and numbers those with a shortfall. Those that left or were
// not active stand last, unranked. A second rank is by value gap.
func rank(p *Portfolio) {
	p.Order = order(p.Clients, func(a, b *Client) int {
		return cmp.Or(
			cmp.Compare(b.here(), a.here()),
			cmp.Compare(b.Shortfall, a.Shortfall),
			cmp.Compare(a.Margin, b.Margin),
		)
	})
	for i, ref := range p.Order {
		if w := &p.Clients[ref]; w.here() == 1 && w.Shortfall > 0 {
			w.Rank = i + 1
		}
	}
	byValue := order(p.Clients, func(a, b *Client) int {
		return cmp.Or(cmp.Compare(b.here(), a.here()), cmp.Compare(b.ValueGap.Value, a.ValueGap.Value))
	})
	for i, ref := range byValue {
		if w := &p.Clients[ref]; w.here() == 1 && w.ValueGap.Value > 0 {
			w.ValueRank = i + 1
		}
	}
}

// here is 1 for a client that is still there, and 0 for the others.
func (w *Client) here() int {
	if w.Standing == Present {
		return 1
	}
	return 0
}

// order returns all clients sorted, ties by id.
func order(all []Client, compare func(a, b *Client) int) []clients.Ref {
	refs := make([]clients.Ref, len(all))
	for i := range refs {
		refs[i] = clients.Ref(i)
	}
	slices.SortFunc(refs, func(a, b clients.Ref) int {
		return cmp.Or(compare(&all[a], &all[b]), cmp.Compare(a, b))
	})
	return refs
}

// whale returns the whale curve of the clients that were active in the window.
func whale(all []Client) Whale {
	refs := order(all, func(a, b *Client) int { return cmp.Compare(b.Margin, a.Margin) })
	refs = slices.DeleteFunc(refs, func(r clients.Ref) bool { return all[r].Standing == Inactive && all[r].Cost == 0 })
	w := Whale{Clients: refs, Cumulative: make([]money.Amount, len(refs)), Peak: -1}
	var sum money.Amount
	for i, r := range refs {
		sum += all[r].Margin
		w.Cumulative[i] = sum
		if w.Peak < 0 || sum > w.Cumulative[w.Peak] {
			w.Peak = i
		}
	}
	if w.Peak >= 0 {
		w.PeakShare = ratio(w.Cumulative[w.Peak], sum)
		w.GivenBack = w.Cumulative[w.Peak] - sum
	}
	return w
}
