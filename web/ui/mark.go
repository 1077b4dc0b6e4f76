package ui

import "khue/catalogue"

// SignKind is the shape and colour of a Sign.
type SignKind string

// The signs: four of truth, one of time, and a plain word.
const (
	Good    SignKind = "good"    // ✓ verified (tin xác thực)
	Care    SignKind = "care"    // △ being checked, lacking context, needs care
	Bad     SignKind = "bad"     // ✕ false (tin giả, sai sự thật), altered
	Unknown SignKind = "unknown" // ○ not known
	Late    SignKind = "late"    // ■ overdue
	Plain   SignKind = "plain"   // a word only
)

// States of proof for SealState.
const (
	Sealed    = "sealed"
	Corrected = "corrected"
	Withdrawn = "withdrawn"
	Unsealed  = "unsealed"
)

// SealState gives the word of a state of proof: "đã niêm", "đã đính chính".
func SealState(l catalogue.Lang, state string) string { return l.T("ui.seal." + state) }

// deskClass hides the later items of the rail on a telephone, where the bottom bar has room for four and "more".
func deskClass(i int) string {
	if i >= 4 {
		return "later"
	}
	return ""
}
