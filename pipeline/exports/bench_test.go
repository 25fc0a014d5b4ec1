package exports

import (
	"context"
	"os"
	"testing"
)

// nothing gathers nothing: the benchmark is of reading alone.
type nothing struct{ rows int64 }

func (n *nothing) Gather(b Batch) error { n.rows += b.Record.NumRows(); return nil }

// BenchmarkRead reads the generated company in the folder CLIENTWORTH_BENCH with
// one worker, everything included: digest, soundness, findings, control totals.
func BenchmarkRead(b *testing.B) {
	folder := os.Getenv("CLIENTWORTH_BENCH")
	if folder == "" {
		b.Skip("CLIENTWORTH_BENCH names no folder with billing.csv and support_hours.csv")
	}
	for _, src := range []Source{
		{Input: Billing, Files: []string{"billing.csv"}, Columns: map[string]Mapping{"document": named("invoice_id"), "line": named("line_id"),
			"client_id": named("client_id"), "date": named("invoice_date"), "product": named("product"), "amount": named("net_amount"),
			"tax": named("tax_amount"), "currency": named("currency"), "kind": named("doc_type")}},
		{Input: SupportHours, Files: []string{"support_hours.csv"}, Columns: map[string]Mapping{"entry": named("entry_id"), "ticket": named("ticket_id"),
			"client": named("client_name"), "date": named("work_date"), "agent": named("agent"), "role": named("role"),
			"activity": named("activity"), "hours": named("hours"), "cause": named("cause")}},
	} {
		src.Folder = folder
		b.Run(string(src.Input), func(b *testing.B) {
			n := &nothing{}
			for b.Loop() {
				e, err := Open(context.Background(), src)
				if err != nil {
					b.Fatal(err)
				}
				r, err := e.Read(context.Background(), Crew{}, func() Gatherer { return n })
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(r.Tallies[0].Size)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n.rows), "ns/row")
		})
	}
}
