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

// Kinds of entries about what came by itself.
const (
	entryBrought   = "mention.brought"   // a program or a file brought it
	entryHeard     = "mention.heard"     // a person wrote it down
	entryDescribed = "mention.described" // a person said in words what stands there
)

// broughtBody is version 1 of mention.brought.
type broughtBody struct {
	Source  string `json:"source"`
	Way     string `json:"way"` // "push", "table", "telegram"
	Entries int    `json:"entries"`
	Added   int    `json:"added"`
}

// heardBody is version 1 of mention.heard and mention.described.
type heardBody struct {
	Mention string `json:"mention"`
	Source  string `json:"source"`
	File    string `json:"file,omitempty"`
}
