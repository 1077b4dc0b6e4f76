package claim

import (
	"slices"
	"time"

	"khue/release/prose"
)

// Verdict is what a check came to (kết luận). Its words stand in the catalogue under "claim.verdict.<verdict>".
type Verdict string

// The verdicts of glossary.md.
const (
	Fake           Verdict = "fake"            // tin giả
	False          Verdict = "false"           // tin sai sự thật
	Misleading     Verdict = "misleading"      // gây hiểu nhầm
	MissingContext Verdict = "missing-context" // thiếu bối cảnh
	Verified       Verdict = "verified"        // tin xác thực
	NotEnough      Verdict = "not-enough"      // chưa đủ căn cứ
	NotCheckable   Verdict = "not-checkable"   // không kiểm chứng được
)

// Verdicts lists them, the gravest first.
var Verdicts = []Verdict{Fake, False, Misleading, MissingContext, Verified, NotEnough, NotCheckable}

// Valid says whether the verdict exists.
func (v Verdict) Valid() bool { return slices.Contains(Verdicts, v) }

// NeedsOriginal says whether the verdict may not be given without an approved primary document (căn cứ gốc).
func (v Verdict) NeedsOriginal() bool { return v == Fake || v == False }

// National gives the label of the national centre (tingia.gov.vn) that a verdict is exported as, "" where it has none:
// its three are Tin giả, Tin sai sự thật, Tin xác thực.
func (v Verdict) National() Verdict {
	switch v {
	case Fake, False, Verified:
		return v
	}
	return ""
}

// Sign gives the sign of truth that the verdict is shown with: good, care, bad or unknown.
func (v Verdict) Sign() string {
	switch v {
	case Fake, False:
		return "bad"
	case Misleading, MissingContext:
		return "care"
	case Verified:
		return "good"
	}
	return "unknown"
}

// Rating gives the verdict on ClaimReview's scale of 1 (false) to 5 (true); 0 where it is no measure of truth.
func (v Verdict) Rating() int {
	switch v {
	case Fake, False:
		return 1
	case Misleading:
		return 2
	case MissingContext:
		return 3
	case Verified:
		return 5
	}
	return 0
}

// Text is a fact-check in one language: the truth as its headline, what was said, and why, as Markdown.
type Text struct {
	Headline string
	Said     string
	Body     string
}

// Empty says that nothing was written.
func (t Text) Empty() bool { return t == Text{} }

// Sealed gives the text that is sealed: title, an empty line, text; see docs/format/seal.md. What was said stands in quotes
// before the explanation, as on the page. It is "" for an empty text.
func (t Text) Sealed() string {
	if t.Empty() {
		return ""
	}
	return prose.Canonical(t.Headline, "“"+t.Said+"”", t.Body)
}

// Hash gives SHA-256 of the sealed text in hexadecimal; "" for an empty text.
func (t Text) Hash() string {
	if t.Empty() {
		return ""
	}
	return prose.Sum(t.Sealed())
}

// Kinds of change that a further edition makes.
const (
	Correction = "correction" // đính chính: our text was wrong
	Update     = "update"     // cập nhật: new facts, nothing was wrong
)

// Draft is the verdict at hand.
type Draft struct {
	Verdict Verdict
	VI, EN  Text
	Change  string // "" for a first edition, else Correction or Update
	Note    string // public: what was wrong or is new
	NoteEN  string
}

// Edition is one published state of a fact-check. It never changes.
type Edition struct {
	N        int
	Verdict  Verdict
	VI, EN   Text
	Change   string
	Note     string
	NoteEN   string
	Hash     string // of the Vietnamese text
	HashEN   string // of the English one, "" without it
	Entry    string // id of the ledger's entry
	Drafter  string
	Seconder string
	At       time.Time

	evidence []string // ids of what it rested on
}

// In gives the text in a language and says in which it is: Vietnamese where English was not written.
func (e Edition) In(lang string) (Text, string) {
	if lang == "en" && !e.EN.Empty() {
		return e.EN, "en"
	}
	return e.VI, "vi"
}

// NoteIn gives the public note in a language, Vietnamese where English was not written.
func (e Edition) NoteIn(lang string) string {
	if lang == "en" && e.NoteEN != "" {
		return e.NoteEN
	}
	return e.Note
}

// Review is a fact-check as schema.org's ClaimReview needs it; the web makes JSON-LD of it.
type Review struct {
	Code      string
	Claimed   string // what was said
	Headline  string
	Lang      string // of Headline and Claimed
	Verdict   Verdict
	Rating    int // 1 to 5, 0 where the verdict is no measure of truth
	Published time.Time
	Modified  time.Time
	FirstSeen time.Time // when the claim was first seen, zero when unknown
	Where     []string  // addresses at which it was seen
}
