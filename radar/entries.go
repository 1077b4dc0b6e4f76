package radar

// Kinds of the ledger's entries of this room. All but two are private: what the centre listens to is nobody's business but its own,
// and the public page on listening says it in words.
const (
	entrySourceAdded   = "source.added"
	entrySourceChanged = "source.changed"

	entrySignalJudged     = "signal.judged"
	entryAdvisoryProposed = "advisory.proposed"
	entryAdvisoryReturned = "advisory.returned"
	// Public: what was shown to everybody, by its hash.
	entryAdvisoryShown = "advisory.shown"
	entryAdvisoryEnded = "advisory.ended"
)

// sourceBody is version 1 of both entries' body.
type sourceBody struct {
	Source  string `json:"source"`
	Address string `json:"address_sha256"` // an address may hold a key
	State   string `json:"state"`
}

// signalBody is version 1 of a judgement's body.
type signalBody struct {
	Signal string `json:"signal"`
	Kind   string `json:"kind"`
	Judged string `json:"judged"`
}

// advisoryBody is version 1 of an advisory's entries: the hash is over its two titles and texts, joined by NUL.
type advisoryBody struct {
	Advisory string `json:"advisory"`
	Hash     string `json:"sha256"`
}
