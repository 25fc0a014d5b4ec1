package main

import (
	"cmp"
	"strconv"
	"strings"

	"clientworth/pipeline/clients"
	"clientworth/pipeline/facts"
)

// mostSuggested is how many clients are written out; the findings have them all.
const mostSuggested = 20

// suggested writes whom unknown names may mean, as configuration to be pasted by
// whoever knows that they do.
func (p *program) suggested(unknown []facts.Unknown) {
	var own, strange []string
	var order []clients.Client
	aliases := map[clients.ID][]string{}
	for _, u := range unknown {
		name := cmp.Or(u.Account.Name, u.Account.ID)
		switch {
		case u.Own != "":
			own = append(own, strconv.Quote(name))
		case len(u.Likely) > 0 && !strings.Contains(name, "|"): // that would be two aliases
			c := u.Likely[0].Client
			if aliases[c.ID] == nil {
				order = append(order, c)
			}
			aliases[c.ID] = append(aliases[c.ID], name)
		case name != "" && len(strange) < mostSuggested:
			strange = append(strange, name)
		}
	}
	if own == nil && order == nil && strange == nil {
		return
	}
	p.say("to paste into the configuration, where they mean what they are like:\n")
	if own != nil {
		p.say("internal_names: [%s]", strings.Join(own, ", "))
	}
	if order != nil || strange != nil {
		p.say("clients:")
	}
	for _, c := range order[:min(len(order), mostSuggested)] {
		p.say("  - {client_id: %s, client: %s, aliases: %s}", yamlText(string(c.ID)), yamlText(c.Name), yamlText(strings.Join(aliases[c.ID], "|")))
	}
	for _, name := range strange {
		p.say("  - {client_id: \"?\", client: \"?\", aliases: %s}   # like no client: say whose name it is", yamlText(name))
	}
	p.say("")
}
