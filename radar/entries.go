package radar

// Kinds of the ledger's entries of this room. All but two are private: what the centre listens to is nobody's business but its own,
// and the public page on listening says it in words.
const (
	entrySourceAdded   = "source.added"
	entrySourceChanged = "source.changed"

	entryErased       = "radar.erased"
	entryWatchAdded   = "watch.added"
	entryWatchChanged = "watch.changed"
	entryWatchEnded   = "watch.ended"
	// EntryWebhookStopped says that a watch's webhook failed too often; its body names the owner, who is told.
	EntryWebhookStopped = "watch.webhook-stopped"

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

// watchBody is version 1 of the entries on watches.
type watchBody struct {
	Watch   string `json:"watch"`
	Query   string `json:"query_sha256"`
	Why     string `json:"why_sha256"`
	Owner   string `json:"owner"`
	Mail    bool   `json:"mail"`
	Webhook bool   `json:"webhook"`
	Pace    string `json:"pace"`
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

// Kinds about stories: what people did to them.
const (
	entryStoryMerged    = "story.merged"
	entryStorySplit     = "story.split"
	entryStoryJoined    = "story.joined"
	entryStoryParted    = "story.parted"
	entryStoryFollowed  = "story.followed"
	entryStoryLeft      = "story.left"
	entryStoryNoted     = "story.noted"
	entryTopicCorrected = "story.topic-corrected"
)

// handBody is version 1 of their body.
type handBody struct {
	Story    string   `json:"story"`
	Other    string   `json:"other,omitempty"`
	Mentions []string `json:"mentions,omitempty"`
	Way      string   `json:"way,omitempty"`
	Label    string   `json:"label,omitempty"`
	Was      string   `json:"was,omitempty"`
	Words    string   `json:"words_sha256,omitempty"`
}
