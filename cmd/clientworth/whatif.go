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
	asked := r.Worth.Order
	if q.client != "" {
		one, err := client(r, q.client)
		if err != nil {
			return err
		}
		asked = []clients.Ref{one}
	}
	return p.changed(r, asked, s)
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

// changed prints the figures as published beside those of the scenario, of one
// client or of several together.
func (p *program) changed(r *pipeline.Result, asked []clients.Ref, s worth.Scenario) error {
	before, short, err := together(r, asked, worth.Scenario{})
	if err != nil {
		return &usageError{err, ""}
	}
	after, shortAfter, err := together(r, asked, s)
	if err != nil {
		return &usageError{err, ""}
	}
	row := func(what, left, right string) { fmt.Fprintf(p.out, "%-36s%20s%20s\n", what, left, right) }
	amount := func(what string, of func(worth.Outcome) money.Amount) {
		row(what, r.Facts.Currency.Format(of(before)), r.Facts.Currency.Format(of(after)))
	}
	who := fmt.Sprintf("%d clients", len(asked))
	if len(asked) == 1 {
		c := r.Facts.Clients[asked[0]]
		who = fmt.Sprintf("%s (%s)", c.Name, c.ID)
	}
	fmt.Fprintf(p.out, "%s, %s, %s\n", who, r.Facts.Window, r.Facts.Currency.Code)
	row("", "as published", "what if")
	amount("Revenue", func(o worth.Outcome) money.Amount { return o.Revenue })
	amount("Cost to serve", func(o worth.Outcome) money.Amount { return o.Cost })
	amount("Margin", func(o worth.Outcome) money.Amount { return o.Margin })
	amount("Fair price", func(o worth.Outcome) money.Amount { return o.FairPrice })
	amount("Shortfall", func(o worth.Outcome) money.Amount { return o.Shortfall })
	row("Clients with a material shortfall", fmt.Sprint(short), fmt.Sprint(shortAfter))
	if len(asked) > 1 {
		return nil
	}
	ratio := func(what string, of func(worth.Outcome) measure.Opt[float64]) {
		row(what, inPercent(of(before)), inPercent(of(after)))
	}
	amount("Gap, negative where it pays more", func(o worth.Outcome) money.Amount { return o.Gap })
	ratio("Uplift still needed", func(o worth.Outcome) measure.Opt[float64] { return o.Uplift })
	amount("Lost if it leaves", func(o worth.Outcome) money.Amount { return o.AvoidableMargin })
	ratio("Asking pays up to a risk of leaving of", func(o worth.Outcome) measure.Opt[float64] { return o.BreakevenLoss })
	amount("Change of profit to expect of asking", func(o worth.Outcome) money.Amount { return o.Expected })
	return nil
}

// together adds up the outcomes of several clients; ratios are those of the last.
// It counts the material shortfalls.
func together(r *pipeline.Result, asked []clients.Ref, s worth.Scenario) (all worth.Outcome, short int, err error) {
	for _, ref := range asked {
		o, err := r.Worth.Materiality.WhatIf(&r.Worth.Clients[ref], s)
		if err != nil {
			return all, 0, err
		}
		if o.Material {
			short++
		}
		o.Revenue += all.Revenue
		o.Cost += all.Cost
		o.Margin += all.Margin
		o.FairPrice += all.FairPrice
		o.Shortfall += all.Shortfall
		all = o
	}
	return all, short, nil
}

func inPercent(v measure.Opt[float64]) string {
	if !v.Known {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*v.Value)
}

// dropping prints what parting with a client would do to profit.
func (p *program) dropping(r *pipeline.Result, name string) error {
	ref, err := client(r, name)
	if err != nil {
		return err
	}
	c, currency := r.Facts.Clients[ref], r.Facts.Currency
	exit := verdict.Leave(r.Facts, r.Worth, ref)
	fmt.Fprintf(p.out, "Parting with %s (%s): profit against keeping it, %s\n", c.Name, c.ID, currency.Code)
	fmt.Fprintf(p.out, "%-10s%17s%17s%17s%17s\n", "month", "revenue", "cost", "stranded cost", "profit")
	for _, m := range exit.Months {
		fmt.Fprintf(p.out, "%-10s%17s%17s%17s%17s\n", m.Month, currency.Format(m.Revenue), currency.Format(m.Cost), currency.Format(m.Stranded), currency.Format(m.Change))
	}
	fmt.Fprintf(p.out, "Cost of a month that stays and lands on the others: %s\n", currency.Format(exit.Stranded))
	if exit.Replacement.Known {
		fmt.Fprintf(p.out, "New revenue a month, at target margin, that would replace it: %s\n", currency.Format(exit.Replacement.Value))
	}
	for _, pushed := range exit.Pushed {
		other := r.Facts.Clients[pushed.Client]
		fmt.Fprintf(p.out, "Pushed below its target margin: %s (%s) takes %s, a margin of %s remains\n",
			other.Name, other.ID, currency.Format(pushed.Takes), currency.Format(pushed.Margin))
	}
	return nil
}
