package radar

// Kinds of the ledger's entries of this room. All are private: what the centre listens to is nobody's business but its own,
// and the public page on listening says it in words.
const (
	entrySourceAdded   = "source.added"
	entrySourceChanged = "source.changed"
)

// sourceBody is version 1 of both entries' body.
type sourceBody struct {
	Source  string `json:"source"`
	Address string `json:"address_sha256"` // an address may hold a key
	State   string `json:"state"`
}
