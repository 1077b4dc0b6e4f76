package verify

import "khue/text"

// Verdict is what a check comes to.
type Verdict string

// The verdicts: nguyên văn, trích đúng, đã bị sửa, không tìm thấy (which does not mean false).
const (
	Authentic Verdict = "authentic"
	Abridged  Verdict = "abridged"
	Altered   Verdict = "altered"
	Unknown   Verdict = "unknown"
)

// Grade says how heavy the changes are.
type Grade string

// The grades: critical changes turn what is said (a number, a date, a name, a negation, a condition); material ones change the words.
const (
	None     Grade = "none"
	Material Grade = "material"
	Critical Grade = "critical"
)

// Kind is the sort of a change.
type Kind string

// The kinds of changes.
const (
	Number   Kind = "number"
	Date     Kind = "date" // also a time of day
	Money    Kind = "money"
	Negation Kind = "negation"
	Name     Kind = "name"
	Paper    Kind = "number-of-document"
	Wording  Kind = "wording"
	Omitted  Kind = "omitted"
	Inserted Kind = "inserted"
)

// Change is one place where the text says something else than the official one. Official and Found are the exchanged words, ""
// on the side where there were none; the spans give their bytes (an empty span the place) in the kept official text and in the text as
// it was given.
type Change struct {
	Kind       Kind
	Grade      Grade
	Official   string
	Found      string
	InOfficial text.Span
	InFound    text.Span
}

// RunKind says how a run of words is to be shown.
type RunKind string

// The kinds of runs.
const (
	RunSame   RunKind = "same"
	RunForm   RunKind = "form"     // written otherwise, says the same
	RunLeft   RunKind = "left-out" // stands in the official text alone, and may
	RunFrame  RunKind = "frame"    // a few words before or after the text that say nothing of it
	RunChange RunKind = "change"   // a Change
)

// Run is a stretch of both texts for display; in order, the runs cover both from the first word to the last.
type Run struct {
	Kind       RunKind
	InOfficial text.Span
	InFound    text.Span
	Change     int // index into Result.Changes, -1 for none
}

// Step is one step of the proof, for the page that shows it: what was done and the figures that it gave.
type Step struct {
	Name    string // "read", "search", "align", "compare", "judge"
	Figures map[string]int
}

// Result is the outcome of a check.
type Result struct {
	Verdict  Verdict
	Document string // id of the official text, "" where none was found
	Official string // its text as the library keeps it; spans point into it
	Grade    Grade
	Changes  []Change
	Runs     []Run
	Steps    []Step
}
