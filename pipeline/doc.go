// Package pipeline is the monthly job, top to bottom as the data flows:
//
//	exports -> facts -> costing -> worth -> verdict -> reports
//
// It is the map of the house. Package exports reads files and knows no client;
// facts gathers rows into figures by client and month; costing, worth and verdict
// are pure arithmetic: no file, no Arrow, no spreadsheet, no clock. What they
// return is a [Result], and package reports writes it down without computing
// anything.
//
// The words of the trade that names in this program use:
//
//	period            the calendar month reported on
//	window            the months up to and including the period
//	revenue           net amounts without tax, credits subtracted
//	role              a group of people whose hour has one cost
//	capacity          the hours a role can really deliver in a month
//	unused capacity   capacity paid for and used by nobody
//	internal hours    hours worked for no client
//	pool, driver      a shared cost of a month, and what it is shared out by
//	cost to serve     support labour + shares of pools + direct costs
//	own-error cost    the part of it that our own mistakes caused
//	margin            revenue - cost to serve
//	fair price        client-caused cost / (1 - target margin)
//	gap, shortfall    fair price less what was paid; what is missing of it
//	Unmapped          money and hours of names that no client owns
//	finding           something wrong or doubtful in the data, and where
package pipeline
