// Package exports reads what finance exports and makes it uniform: any dialect
// of CSV, XLSX or Parquet becomes Arrow record batches of canonical columns, with
// exact amounts, days, hours and a place (file and line) for every row. What
// cannot be read is set aside with a finding; what is ambiguous is an error that
// names the setting which decides it. The package guesses nothing and knows
// neither clients nor costs.
package exports

import (
	"slices"
	"time"

	"clientworth/pipeline/exports/xlsx"
	"clientworth/pipeline/finding"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/period"
)

// Input is one kind of export.
type Input string

const (
	Billing      Input = "billing"       // lines of invoices and credit notes
	SupportHours Input = "support_hours" // entries of time worked
	Rates        Input = "rates"         // what an hour or a month of a role costs
	Products     Input = "products"      // months of service and list price of what is sold
	Pools        Input = "pools"         // what is shared, by month
	PoolServices Input = "pool_services" // which pools serve others
	DirectCosts  Input = "direct_costs"  // what belongs to a client outright
	Drivers      Input = "drivers"       // quantities of the company's own drivers
	Clients      Input = "clients"       // who the clients are
	Activities   Input = "activities"    // standard minutes of work without a duration
	Incidents    Input = "incidents"     // conduct and payment
	Actions      Input = "actions"       // steps taken with a client
	FX           Input = "fx"            // rates of exchange
)

// Kind is what a canonical column holds, and so how its text is read.
type Kind uint8

const (
	Name     Kind = iota // text that repeats: Arrow dictionary<uint32, utf8>
	Text                 // text that mostly differs from row to row: Arrow utf8
	Date                 // Arrow date32
	Month                // Arrow date32, the first day of the month
	Decimal              // money, price, rate or quantity: Arrow decimal128(38, 6)
	Duration             // Arrow int64, millionths of an hour
	Share                // Arrow int64, millionths; 20 % and 0.2 are 200000
	Count                // Arrow int64, a whole number
	Flag                 // Arrow bool; yes/no, true/false, 1/0, x/empty
	Time                 // a moment; read only to make hours of start and end, never in a batch
)

// Source is one "- path:" entry of the configuration: the files of one export.
type Source struct {
	Input   Input
	Label   string   // as written in the configuration, for messages and for the column source
	Files   []string // what the path stood for, sorted; each relative to the configuration for display
	Folder  string   // what the files are relative to
	Columns map[string]Mapping

	// Inline holds rows that are given in the configuration itself. Then Files is
	// the configuration alone, for messages.
	Inline []Inline

	Currency string // of amounts that no column says it of: the report's; "" is not known

	Encoding  string // as x/text knows it, "windows-1252"; "" is UTF-8, or by byte order mark
	Delimiter string // "" is settled over the whole file
	Quote     string // "" is a double quote; "none" is no quoting
	Decimal   string // "." or ","; "" is settled over the whole column
	Grouping  string // mark between groups of three digits; "indian" is a comma as in 12,34,567
	Dates     string // a layout as in a spreadsheet: dd.mm.yyyy hh:mm; "" is settled over the whole column
	HoursUnit string // of a bare number: hours, minutes or seconds; "" is hours where the column's name says so
	Sheet     string
	Preset    string

	ShortRows    bool                // rows may end early: the missing fields are empty
	TaxInclusive bool                // amounts contain the tax of the column tax
	TaxRate      string              // without a column tax: the tax on the net amount that they contain, "19%"
	Lifetime     bool                // hours are totals per ticket since it was opened
	Group        string              // canonical column that stands in heading rows above its rows
	Fill         []string            // canonical columns that continuation rows leave empty
	Totals       []string            // first words of totals rows, besides "Total" and its like
	Footers      []string            // first words of rows that are no data; in "* (#)" a * is any text and a # any digits
	Except       map[string][]string // words, or ranges of numbers as 1000-1999, of a column of the export whose rows are no data of this input

	Until      period.Month // the last month that the export has rows of; zero: it goes on
	Freshness  Freshness
	Occasional bool // rows need not come every month
	Every      int  // months from rows to the next ones, as 3 for invoices of a quarter; 0 is 1

	Done         bool   // a file counts once its Marker stands beside it
	Manifest     string // CSV file that says what each file holds; "" for none
	ControlTotal bool   // each file ends with a row that totals all others

	Workbook xlsx.Limits // of XLSX; what is zero is the default

	Zone *time.Location // in which the export's times stand; nil is the company's
	Home *time.Location // the company's; nil leaves times as they stand
}

// Freshness is how many days before the period's end the last row of an export may
// lie before the run warns, and before nothing is published. Zero is no limit.
type Freshness struct{ Warn, Error int }

// Inline is one row given in the configuration: text by canonical column.
type Inline struct {
	Line   int64
	Values map[string]string
}

// Mapping says where a canonical column comes from: exactly one of Header,
// Value, Multiply, Subtract, Join and First is set. In the names of all but
// Header, "a|b" is the one of the two that the export has.
type Mapping struct {
	Header    []string            // names of the column in the export, the first found counts
	Value     string              // the same for every row
	Multiply  [2]string           // the product of two columns
	Subtract  [2]string           // the first column less the second, which may be empty
	Join      []string            // texts of several columns, with a space between
	First     []string            // of several columns the first that is not empty in the row
	Negate    bool                // the export has the opposite sign
	Exclusive bool                // a date at which something has ended already: the day before is meant
	Optional  bool                // the export may lack the column
	Map       map[string][]string // canonical word -> words of the export, "*" for all others; words not listed stay
}

// Names returns all names of columns that the mapping has.
func (m Mapping) Names() []string {
	names := slices.Concat(m.Header, m.Join, m.First)
	for _, two := range [][2]string{m.Multiply, m.Subtract} {
		if two != [2]string{} {
			names = append(names, two[:]...)
		}
	}
	return names
}

// Tally accounts for every row of a file: Read is the sum of all the others.
type Tally struct {
	File   string
	Input  Input
	Source string
	Size   int64
	SHA256 string

	Dialect string // what was found: "CSV, comma, UTF-8"
	Stamp   string // when the export was made, as it says itself: 2026-11-02T10:15:00; "" where it does not
	First   period.Day
	Last    period.Day

	Read       int64
	Used       int64
	Outside    int64 // dated outside the window
	NoRevenue  int64 // not revenue by rule: drafts, payments
	Superseded int64 // the same entry stands in a later export
	SetAside   int64
	Headers    int64 // headers, repeated headers and preambles
	Blank      int64
	Totals     int64

	UsedMoney     money.Exact // recognised in the window: billing and direct costs, report currency
	UsedHours     measure.Hours
	GrossMoney    money.Exact // of all rows with an amount, without their signs
	SetAsideMoney money.Exact
	SetAsideHours measure.Hours
}

// Placed is an error with its place and what to do about it.
type Placed struct {
	Place  finding.Place
	Err    error
	Remedy string // names the setting that decides
}

func (p *Placed) Error() string { return p.Place.String() + ": " + p.Err.Error() }
func (p *Placed) Unwrap() error { return p.Err }
