package tables

import (
	"encoding/json"
	"io"

	"clientworth/pipeline"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/money"
)

// Manifest is what an audit asks of a published report.
type Manifest struct {
	Format        int             `json:"format"`
	Company       string          `json:"company"`
	Period        string          `json:"period"`
	Window        string          `json:"window"`
	AsOf          string          `json:"as_of"`
	Currency      string          `json:"currency"`
	Language      string          `json:"language"`
	Run           Run             `json:"run"`
	Inputs        []Input         `json:"inputs"`
	Totals        Totals          `json:"control_totals"`
	Checks        []Check         `json:"checks"`
	Warnings      []Warning       `json:"warnings"`
	Outputs       []Output        `json:"outputs"`
	Configuration json.RawMessage `json:"configuration"`
}

// Run says what made the report.
type Run struct {
	ID                  string `json:"id"`
	Revision            int    `json:"revision"`
	Program             string `json:"program"`
	Version             string `json:"version"`
	Go                  string `json:"go"`
	Architecture        string `json:"architecture"`
	ConfigurationSHA256 string `json:"configuration_sha256"`
}

// Input is a file that was read and what became of its rows.
type Input struct {
	File    string `json:"file"`
	Input   string `json:"input"`
	Source  string `json:"source"`
	Size    int64  `json:"size"`
	SHA256  string `json:"sha256"`
	Dialect string `json:"dialect"`
	First   string `json:"first_date,omitempty"`
	Last    string `json:"last_date,omitempty"`

	Rows Rows `json:"rows"`

	UsedMoney     string `json:"used_money"`
	UsedHours     string `json:"used_hours"`
	SetAsideMoney string `json:"set_aside_money"`
	SetAsideHours string `json:"set_aside_hours"`
}

// Rows is the row identity of a file: Read is the sum of the others.
type Rows struct {
	Read       int64 `json:"read"`
	Used       int64 `json:"used"`
	Outside    int64 `json:"outside_window"`
	NoRevenue  int64 `json:"not_revenue"`
	Superseded int64 `json:"superseded"`
	SetAside   int64 `json:"set_aside"`
	Headers    int64 `json:"headers"`
	Blank      int64 `json:"blank"`
	Totals     int64 `json:"totals"`
}

// Totals is the money and hours that must tie.
type Totals struct {
	BillingUsed     string `json:"billing_used"`
	RevenueClients  string `json:"revenue_clients"`
	RevenueUnmapped string `json:"revenue_unmapped"`
	CostIn          string `json:"cost_in"`
	CostClients     string `json:"cost_clients"`
	CostUnmapped    string `json:"cost_unmapped"`
	CostInternal    string `json:"cost_internal"`
	CostUnused      string `json:"cost_unused"`
	NotAllocated    string `json:"cost_not_allocated"`
	Sustaining      string `json:"cost_sustaining"`
	HoursIn         string `json:"hours_in"`
	HoursClients    string `json:"hours_clients"`
	HoursUnmapped   string `json:"hours_unmapped"`
	HoursInternal   string `json:"hours_internal"`
}

// Check is a comparison of two figures.
type Check struct {
	Number    int    `json:"number"`
	Name      string `json:"name"`
	A         string `json:"a"`
	B         string `json:"b"`
	Left      string `json:"left"`
	Right     string `json:"right"`
	Tolerance string `json:"tolerance"`
	State     string `json:"state"`
}

// Warning is a rule that was met, how often, and what those rows hold.
type Warning struct {
	Rule   string `json:"rule"`
	Effect string `json:"effect"`
	Count  int64  `json:"count"`
	Kept   int    `json:"kept"`
	Money  string `json:"money"`
	Hours  string `json:"hours"`
}

// Output is a published file.
type Output struct {
	File   string `json:"file"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	// PartsSHA256 is the digest over the uncompressed parts of a workbook: it
	// stays where only compression differs.
	PartsSHA256 string `json:"parts_sha256,omitempty"`
}

// ManifestOf returns the manifest of a result; the caller adds what it alone
// knows: language, run, outputs and configuration.
func ManifestOf(r *pipeline.Result) *Manifest {
	m := &Manifest{
		Format:  1,
		Company: r.Company, Period: r.Period.String(), Window: r.Facts.Window.String(), AsOf: r.AsOf.String(), Currency: r.Facts.Currency.Code,
		Totals: totals(r), Inputs: []Input{}, Checks: []Check{}, Warnings: []Warning{},
	}
	for _, t := range r.Facts.Tallies {
		m.Inputs = append(m.Inputs, input(t))
	}
	for _, c := range r.Checks {
		m.Checks = append(m.Checks, Check{
			Number: c.Number, Name: c.Name, A: c.A, B: c.B,
			Left: Figure(c.Left, c.Unit, r.Facts.Currency), Right: Figure(c.Right, c.Unit, r.Facts.Currency),
			Tolerance: Figure(c.Tolerance, c.Unit, r.Facts.Currency), State: c.State.String(),
		})
	}
	log := r.Findings()
	for _, rule := range log.Rules() {
		m.Warnings = append(m.Warnings, warning(log, rule))
	}
	return m
}

// Figure writes one side of a check as a plain decimal.
func Figure(n int64, u pipeline.Unit, c money.Currency) string {
	switch u {
	case pipeline.MinorUnits:
		return c.Format(money.Amount(n))
	case pipeline.MicroHours:
		return money.Millionths(n).Fixed(2)
	}
	return whole(n).Num.ToString(0)
}

func input(t exports.Tally) Input {
	return Input{
		File: t.File, Input: string(t.Input), Source: t.Source, Size: t.Size, SHA256: t.SHA256, Dialect: t.Dialect,
		First: t.First.String(), Last: t.Last.String(),
		Rows: Rows{Read: t.Read, Used: t.Used, Outside: t.Outside, NoRevenue: t.NoRevenue, Superseded: t.Superseded,
			SetAside: t.SetAside, Headers: t.Headers, Blank: t.Blank, Totals: t.Totals},
		UsedMoney: t.UsedMoney.String(), UsedHours: t.UsedHours.String(),
		SetAsideMoney: t.SetAsideMoney.String(), SetAsideHours: t.SetAsideHours.String(),
	}
}

func totals(r *pipeline.Result) Totals {
	l, c := r.Costs.Ledger, r.Facts.Currency
	return Totals{
		BillingUsed: c.Format(l.BillingUsed), RevenueClients: c.Format(l.Revenue), RevenueUnmapped: c.Format(l.RevenueOther),
		CostIn: c.Format(l.CostIn), CostClients: c.Format(l.Clients), CostUnmapped: c.Format(l.Unmapped), CostInternal: c.Format(l.Internal),
		CostUnused: c.Format(l.Unused), NotAllocated: c.Format(l.NotAllocated), Sustaining: c.Format(l.Sustaining),
		HoursIn: l.HoursIn.String(), HoursClients: l.HoursClients.String(), HoursUnmapped: l.HoursUnmapped.String(), HoursInternal: l.HoursInternal.String(),
	}
}

func warning(log *finding.Log, rule *finding.Rule) Warning {
	t := log.Total(rule)
	return Warning{Rule: rule.Name, Effect: rule.Effect.String(), Count: t.Count, Kept: len(log.Kept(rule)), Money: t.Money.String(), Hours: t.Hours.String()}
}

// Write writes the manifest as JSON.
func (m *Manifest) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(m)
}
