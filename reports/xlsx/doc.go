// Package xlsx writes workbooks. It is the one place that knows excelize.
//
// Excelize writes a workbook's structure: styles, tables, charts, page set-up.
// The rows are written by this package, straight into the archive, because a
// formula must stand beside its correct result, money must stay a decimal, and
// memory must not grow with cells. The archive is the same bytes for the same
// content: its parts are sorted, carry one fixed time, and are brought into the
// order that the schema asks for.
package xlsx
