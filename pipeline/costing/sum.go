package costing

// Sum adds months up. The value lists are known if those of every month are.
func Sum(months []Month) Month {
	s := Month{ListKnown: true, GivenKnown: true}
	for _, m := range months {
		s.Revenue += m.Revenue
		s.Recurring += m.Recurring
		s.OwnCredits += m.OwnCredits
		s.Labour += m.Labour
		s.LabourOwn += m.LabourOwn
		s.Pools += m.Pools
		s.PoolsOwn += m.PoolsOwn
		s.Direct += m.Direct
		s.DirectOwn += m.DirectOwn
		s.OutOfScope += m.OutOfScope
		s.AgainstAdvice += m.AgainstAdvice
		s.Capability += m.Capability
		s.AbovePlan += m.AbovePlan
		s.Hours += m.Hours
		s.HoursOwn += m.HoursOwn
		s.HoursAbovePlan += m.HoursAbovePlan
		s.Documents += m.Documents
		s.Tickets += m.Tickets
		s.Lines += m.Lines
		s.List += m.List
		s.ListKnown = s.ListKnown && m.ListKnown
		s.Given += m.Given
		s.GivenKnown = s.GivenKnown && m.GivenKnown
	}
	return s
}
