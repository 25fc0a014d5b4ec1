// Package pipeline is the monthly job, top to bottom as the data flows:
//
//	exports -> facts -> costing -> worth -> verdict -> reports
//
// Package exports reads files and knows no client; facts gathers rows into figures
// by client and month; costing, worth and verdict are pure arithmetic: no file, no
// Arrow, no spreadsheet, no clock. What they return is a [Result], and package
// reports writes it down without computing anything. What stands beside the way:
// clients says who is who, restate why a published figure is another one now, and
// money, period, measure, finding and cores are what all the others share. The map
// of the whole house, and where to add what, is ARCHITECTURE.md.
//
// The words of the trade that names in this program use:
//
//	period            the calendar month reported on
//	window            the months up to and including the period
//	observed months   those of the window in which we could have seen a client
//	revenue           net amounts without tax, credits subtracted
//	recognised        counted in a month: that of the service, or of the document
//	role              a group of people whose hour has one cost
//	capacity          the hours a role can really deliver in a month
//	unused capacity   capacity paid for and used by nobody
//	internal hours    hours worked for no client
//	pool, driver      a shared cost of a month, and what it is shared out by
//	sustaining        said of a pool that is shown and not shared out
//	cost to serve     support labour + shares of pools + direct costs
//	own-error cost    the part of it that our own mistakes caused
//	client-caused     the rest of it
//	margin            revenue - cost to serve
//	fair price        client-caused cost / (1 - target margin)
//	gap, shortfall    fair price less what was paid; what is missing of it
//	material          said of a shortfall that is large enough for a verdict
//	value received    list value of what was delivered, with unbilled support beyond the plan
//	avoidable cost    the part that ends when the client leaves; the rest is stranded
//
// And those of its data:
//
//	export, source    what another tool wrote; the files of one entry of the configuration
//	canonical column  what a column of an export means, in our words
//	account           an id and a name as one source has them; who owns it is found out
//	Unmapped          money and hours of names that no client owns
//	party             a client, Unmapped or our own company
//	set aside         said of a row that cannot be read
//	superseded        said of a row that a later export has too
//	tally             what became of the rows of a file
//	finding           something wrong or doubtful in the data, and where
//	ledger            the totals that everything shared out must add up to
package pipeline
