package workbook

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"clientworth/pipeline/costing"
	"clientworth/pipeline/facts"
	"clientworth/pipeline/measure"
	"clientworth/reports/words"
	"clientworth/reports/xlsx"
)

// capacity is where each role's hours and cost of a month went. Roles of few
// people stand together: what one person costs is nobody's business.
func (b *builder) capacity() *xlsx.Sheet {
	rows := b.roleMonths()
	g := grid{sheet: "sheet.capacity", table: "capacity", note: b.say("capacity.note") + " " + b.say("note.absent"), count: len(rows), frozen: 2}
	hours := func(head words.Key, of func(m *costing.RoleMonth) measure.Hours) column {
		return column{head: head, width: 12, cell: func(i int) xlsx.Cell { return b.look.hour(of(&rows[i].RoleMonth)) }}
	}
	col := func(n, i int) string { return xlsx.Ref(n, firstRow+i) }
	g.columns = []column{
		{head: "col.role", width: 24, text: true, cell: func(i int) xlsx.Cell { return xlsx.Text(rows[i].name, b.look.cellStrong) }},
		{head: "col.month", width: b.monthWidth(), text: true, cell: func(i int) xlsx.Cell { return b.said(b.words.Month(rows[i].Month)) }},
		{head: "col.capacity", width: 12, cell: func(i int) xlsx.Cell {
			if !rows[i].Monthly {
				return b.absent()
			}
			return b.look.hour(rows[i].Capacity)
		}},
		{head: "col.clients hours", width: 12, cell: func(i int) xlsx.Cell {
			return b.look.hour(rows[i].Worked - rows[i].Internal).By(col(6, i) + "-" + col(5, i))
		}},
		hours("col.internal hours", func(m *costing.RoleMonth) measure.Hours { return m.Internal }),
		hours("col.worked", func(m *costing.RoleMonth) measure.Hours { return m.Worked }),
		hours("col.unused hours", func(m *costing.RoleMonth) measure.Hours { return m.UnusedHours }),
		{head: "col.used share", width: 10, cell: func(i int) xlsx.Cell {
			m := &rows[i]
			if !m.Monthly || m.Capacity == 0 {
				return b.absent()
			}
			return b.optFloat(measure.Ratio(m.Worked.Float(), m.Capacity.Float()), b.look.percent).By(col(6, i) + "/" + col(3, i))
		}},
		{head: "col.to clients", width: 14, cell: func(i int) xlsx.Cell { return b.look.amount(rows[i].ToClients) }},
		{head: "col.to unmapped", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(rows[i].ToUnmapped) }},
		{head: "col.to internal", width: 13, cell: func(i int) xlsx.Cell { return b.look.amount(rows[i].ToInternal) }},
		{head: "col.unused cost", width: 14, cell: func(i int) xlsx.Cell { return b.look.amount(rows[i].Unused) }},
		{head: "col.labour cost", width: 14, cell: func(i int) xlsx.Cell {
			return b.look.amount(rows[i].Cost).By("SUM(" + xlsx.Range(9, firstRow+i, 12, firstRow+i) + ")")
		}},
	}
	s := b.grid(g)
	if len(rows) > 0 {
		last := firstRow + len(rows) - 1
		s.Formats = []xlsx.Format{{
			Range: xlsx.Range(8, firstRow, 8, last), Formula: "AND(ISNUMBER(" + col(8, 0) + ")," + col(8, 0) + ">1)", Style: b.look.warn,
		}}
	}
	return s
}

// monthWidth is the width of a column of months, which are long where two calendars
// are written.
func (b *builder) monthWidth() float64 {
	return max(12, float64(utf8.RuneCountInString(b.words.Month(b.r.Period)))+2)
}

type roleMonth struct {
	name string
	costing.RoleMonth
}

// roleMonths is the months of the roles as they may be published, by role.
func (b *builder) roleMonths() []roleMonth {
	published := b.r.Facts.PublicRoles()
	var rows []roleMonth
	for _, m := range b.r.Costs.Roles {
		name := b.roleName(published, m.Role)
		i := slices.IndexFunc(rows, func(r roleMonth) bool { return r.name == name && r.Month == m.Month })
		if i < 0 {
			rows = append(rows, roleMonth{name: name, RoleMonth: m})
			continue
		}
		r := &rows[i]
		r.Monthly = r.Monthly && m.Monthly
		r.Capacity += m.Capacity
		r.Worked += m.Worked
		r.Internal += m.Internal
		r.UnusedHours += m.UnusedHours
		r.Cost += m.Cost
		r.ToClients += m.ToClients
		r.ToUnmapped += m.ToUnmapped
		r.ToInternal += m.ToInternal
		r.Unused += m.Unused
	}
	slices.SortStableFunc(rows, func(x, y roleMonth) int {
		return cmp.Or(cmp.Compare(x.name, y.name), cmp.Compare(x.Month, y.Month))
	})
	return rows
}

func (b *builder) roleName(published []string, role facts.Role) string {
	if published[role] == facts.OtherRoles {
		return b.say("other roles")
	}
	return words.Plain(published[role])
}
