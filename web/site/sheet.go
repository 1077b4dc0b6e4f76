package site

import "strings"

// SheetText makes a text safe for a cell of a spreadsheet: one that begins as a formula would be computed when the file is opened
// (CWE-1236), so that an apostrophe stands before it, which spreadsheets do not show.
func SheetText(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
