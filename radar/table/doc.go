// Package table reads tables of mentions that come from elsewhere: CSV in any usual form, the first sheet of an XLSX file, JSON lines.
//
// Main nouns: [Table], which gives its head and then row by row; [Mapping], which says what of a mention stands in which column;
// [Bad], a row that cannot be taken, by its line and the reason.
//
// Invariants: no file makes a reader panic; a table is read in a stream, a row at a time, and what a file unpacks to is bounded before it
// is unpacked; only mapped columns leave the package, so that a column of authors stays where it is; a bad row costs only itself.
//
// Formats: RFC 4180 as Excel, LibreOffice and Google write it; ECMA-376 part 1, SpreadsheetML; jsonlines.org. Imports radar/feed for its
// items, charsets and dates, and text for folding. Read table.go, then mapping.go and the format's file.
package table
