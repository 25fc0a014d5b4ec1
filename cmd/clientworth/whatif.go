package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"clientworth/pipeline"
	"clientworth/pipeline/clients"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/verdict"
	"clientworth/pipeline/worth"
)

// question is what whatif is asked: shares as a person writes them.
type question struct {
	client, drop                   string
	margin, uplift, labour, leaves string
	avoidable                      [3]string
}

func (p *program) whatIfCommand() *cobra.Command {
	var f jobFlags
	var q question
	cmd := &cobra.Command{
		Use:   "whatif",
		Short: "ask what a price, a margin or parting with a client would change",
		Args:  cobra.NoArgs,
		RunE:  p.does(func(ctx context.Context, _ []string) error { return p.whatIf(ctx, f, q) }),
	}
	f.add(cmd.Flags())
	aboutNewest(cmd)
	flags := cmd.Flags()
	flags.StringVar(&q.client, "client", "", "the client asked about (default: all together)")
	flags.StringVar(&q.drop, "drop", "", "the client to part with, month by month")
	flags.StringVar(&q.margin, "margin", "", "another target margin, 25%")
	flags.StringVar(&q.uplift, "uplift", "", "change of revenue, 8% or -5%")
	flags.StringVar(&q.labour, "labour", "", "change of the cost of labour, 3%")
	flags.StringVar(&q.leaves, "leaving", "", "probability that the client leaves if asked, 10%")
	flags.StringVar(&q.avoidable[0], "avoidable-labour", "", "share of the client's labour that ends when it leaves")
	flags.StringVar(&q.avoidable[1], "avoidable-direct", "", "share of its direct costs that ends")
	flags.StringVar(&q.avoidable[2], "avoidable-pools", "", "share of its pools that ends")
	return cmd
}

func (p *program) whatIf(ctx context.Context, f jobFlags, q question) error {
	s, err := q.scenario()
	if err != nil {
		return err
	}
	if (q.drop != "") == (s != worth.Scenario{}) || q.drop != "" && q.client != "" {
		return &usageError{errors.New("whatif asks one thing: a change, for all or one --client, or --drop"), "clientworth whatif --help lists the changes"}
	}
	j, err := p.last(f)
	if err != nil {
		return err
	}
	ctx, cancel := limited(ctx, f.timeout)
	defer cancel()
	r, err := p.computed(ctx, j)
	if err != nil {
		return err
	}
	if q.drop != "" {
		return p.dropping(r, q.drop)
	}
	if q.client == "" {
		return p.allChanged(r, s)
	}
	one, err := client(r, q.client)
	if err != nil {
		return err
	}
	return p.oneChanged(r, one, s)
}

// scenario reads the shares of a question.
func (q question) scenario() (s worth.Scenario, err error) {
	read := func(flag, text string, target *measure.Share, known *bool) {
		if text == "" || err != nil {
			return
		}
		if *target, err = signedShare(text); err != nil {
			err = &usageError{fmt.Errorf("--%s: %w", flag, err), ""}
		}
		if known != nil {
			*known = true
		}
	}
	read("margin", q.margin, &s.Target.Value, &s.Target.Known)
	read("uplift", q.uplift, &s.Uplift, nil)
	read("labour", q.labour, &s.Labour, nil)
	read("leaving", q.leaves, &s.Leaving, nil)
	for i, kind := range []string{"labour", "direct", "pools"} {
		read("avoidable-"+kind, q.avoidable[i], &s.Avoidable[i].Value, &s.Avoidable[i].Known)
	}
	for _, limited := range []measure.Share{s.Leaving, s.Avoidable[0].Value, s.Avoidable[1].Value, s.Avoidable[2].Value} {
		if err == nil && (limited < 0 || limited > measure.Million) {
			err = &usageError{errors.New("a probability, and an avoidable share, lie between 0% and 100%"), ""}
		}
	}
	return s, err
}

// client is a client, and not the party of names that nobody owns.
func client(r *pipeline.Result, name string) (clients.Ref, error) {
	ref, err := named(r, name)
	if err == nil && ref < 0 {
		err = &usageError{errors.New("no client: what is unmapped belongs to nobody known"), ""}
	}
	return ref, err
}

// comparison prints figures as they are beside those of the scenario, within 80
// columns.
type comparison struct {
	*program
	money.Currency
}

func (p *program) comparison(r *pipeline.Result, who string) comparison {
	c := comparison{p, r.Facts.Currency}
	fmt.Fprintf(p.out, "%s, %s, %s\n", who, r.Facts.Window, c.Code)
	c.row("", "as it is", "what if")
	return c
}

func (c comparison) row(what, left, right string) {
	fmt.Fprintf(c.out, "%-40s%20s%20s\n", what, left, right)
}

func (c comparison) amount(what string, left, right money.Amount) {
	c.row(what, c.Grouped(left), c.Grouped(right))
}

func (c comparison) count(what string, left, right int) {
	c.row(what, fmt.Sprint(left), fmt.Sprint(right))
}

func (c comparison) share(what string, left, right measure.Opt[float64]) {
	c.row(what, inPercent(left), inPercent(right))
}

func inPercent(v measure.Opt[float64]) string {
	if !v.Known {
		return "-"
	}
	return fmt.Sprintf("%.1f%%", 100*v.Value)
}

// allChanged asks about all clients of the ranking together.
func (p *program) allChanged(r *pipeline.Result, s worth.Scenario) error {
	var ranked []clients.Ref
	for _, ref := range r.Worth.Order {
		if r.Judgements[ref].Verdict.Ranked() {
			ranked = append(ranked, ref)
		}
	}
	before, err := r.Worth.WhatIf(ranked, worth.Scenario{})
	if err != nil {
		return err
	}
	after, err := r.Worth.WhatIf(ranked, s)
	if err != nil {
		return &usageError{err, ""}
	}
	c := p.comparison(r, counted(int64(len(ranked)), "client", "clients"))
	c.amount("Revenue", before.Revenue, after.Revenue)
	c.amount("Cost to serve", before.Cost, after.Cost)
	c.amount("Margin", before.Margin, after.Margin)
	c.amount("Fair price", before.FairPrice, after.FairPrice)
	c.amount("Shortfall", before.Shortfall, after.Shortfall)
	c.count("Clients with a material shortfall", before.Short, after.Short)
	if after.NoPrice > 0 {
		fmt.Fprintf(p.out, "%s nothing that an uplift could raise.\n", counted(int64(after.NoPrice), "client pays", "clients pay"))
	}
	return nil
}

// oneChanged asks about one client.
func (p *program) oneChanged(r *pipeline.Result, ref clients.Ref, s worth.Scenario) error {
	w := &r.Worth.Clients[ref]
	before, err := r.Worth.Materiality.WhatIf(w, worth.Scenario{})
	if err != nil {
		return err
	}
	after, err := r.Worth.Materiality.WhatIf(w, s)
	if err != nil {
		return &usageError{err, ""}
	}
	c := p.comparison(r, called(r, ref))
	c.amount("Revenue", before.Revenue, after.Revenue)
	c.amount("Cost to serve", before.Cost, after.Cost)
	c.amount("Margin", before.Margin, after.Margin)
	c.amount("Fair price", before.FairPrice, after.FairPrice)
	c.amount("Gap, negative where it pays more", before.Gap, after.Gap)
	c.amount("Shortfall", before.Shortfall, after.Shortfall)
	c.row("The shortfall is material", yesNo[before.Material], yesNo[after.Material])
	c.share("Uplift still needed", before.Uplift, after.Uplift)
	c.amount("Lost if it leaves", before.AvoidableMargin, after.AvoidableMargin)
	c.share("Asking pays up to a risk of leaving of", before.BreakevenLoss, after.BreakevenLoss)
	expected := "-"
	if after.Expected.Known {
		expected = c.Grouped(after.Expected.Value)
	}
	c.row("Change of profit to expect of asking", "", expected)
	if s.Uplift != 0 && r.SharesByRevenue() {
		fmt.Fprintln(p.out, "A higher price also draws a larger share of the costs that are shared by\nrevenue; these figures leave it as it is.")
	}
	if !after.Expected.Known {
		fmt.Fprintln(p.out, "It pays nothing that an uplift could raise: a price would have to be agreed.")
	}
	return nil
}

var yesNo = map[bool]string{true: "yes", false: "no"}

func called(r *pipeline.Result, ref clients.Ref) string {
	c := r.Facts.Clients[ref]
	return fmt.Sprintf("%s (%s)", c.Name, c.ID)
}

// dropping prints what parting with a client would do to profit.
func (p *program) dropping(r *pipeline.Result, name string) error {
	ref, err := client(r, name)
	if err != nil {
		return err
	}
	if r.Worth.Clients[ref].Standing != worth.Present {
		return &usageError{fmt.Errorf("%s is gone already: there is nothing to part with", called(r, ref)), ""}
	}
	currency := r.Facts.Currency
	exit := verdict.Leave(r.Facts, r.Worth, ref)
	fmt.Fprintf(p.out, "Parting with %s: profit against keeping it, %s\n", called(r, ref), currency.Code)
	fmt.Fprintf(p.out, "%-10s%17s%17s%17s%17s\n", "month", "revenue", "cost", "cost that stays", "profit")
	for _, m := range exit.Months {
		fmt.Fprintf(p.out, "%-10s%17s%17s%17s%17s\n", m.Month, currency.Grouped(m.Revenue), currency.Grouped(m.Cost), currency.Grouped(m.Stranded), currency.Grouped(m.Change))
	}
	fmt.Fprintf(p.out, "Cost of a month that stays and lands on the others: %s\n", currency.Grouped(exit.Stranded))
	if exit.Replacement.Known {
		fmt.Fprintf(p.out, "New revenue a month, at target margin, that would replace it: %s\n", currency.Grouped(exit.Replacement.Value))
	}
	if len(exit.Pushed) > 0 {
		fmt.Fprintf(p.out, "%-40s%20s%20s\n", "Pushed below target, over the window", "cost it takes", "margin left")
	}
	for _, pushed := range exit.Pushed {
		fmt.Fprintf(p.out, "  %-38s%20s%20s\n", called(r, pushed.Client), currency.Grouped(pushed.Takes), currency.Grouped(pushed.Margin))
	}
	return nil
}
