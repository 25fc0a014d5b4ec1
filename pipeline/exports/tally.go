package exports

// Accounted is the number of rows of which it is known what became of them.
func (t Tally) Accounted() int64 {
	return t.Used + t.Outside + t.NoRevenue + t.Superseded + t.SetAside + t.Headers + t.Blank + t.Totals
}

// Balanced reports whether every row read is accounted for.
func (t Tally) Balanced() bool { return t.Read == t.Accounted() }

// Add adds the rows, money and hours of another tally.
func (t *Tally) Add(o Tally) {
	t.Size += o.Size
	t.Read += o.Read
	t.Used += o.Used
	t.Outside += o.Outside
	t.NoRevenue += o.NoRevenue
	t.Superseded += o.Superseded
	t.SetAside += o.SetAside
	t.Headers += o.Headers
	t.Blank += o.Blank
	t.Totals += o.Totals
	t.UsedMoney = t.UsedMoney.Add(o.UsedMoney)
	t.UsedHours += o.UsedHours
	t.GrossMoney = t.GrossMoney.Add(o.GrossMoney)
	t.SetAsideMoney = t.SetAsideMoney.Add(o.SetAsideMoney)
	t.SetAsideHours += o.SetAsideHours
}
