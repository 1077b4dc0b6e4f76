package media

// EntryUploaded is the body of the private entry "media.uploaded".
type EntryUploaded struct {
	File  string `json:"file"` // SHA-256 of the kept bytes
	Kind  string `json:"kind"`
	Bytes int64  `json:"bytes"`
}
