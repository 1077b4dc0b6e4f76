package feed

import "time"

// Decode gives bytes as valid UTF-8 without a byte order mark, and the WHATWG name of the encoding that they were read as.
// contentType is the HTTP header's value, or "". Other readers of the radar share it with the feeds.
func Decode(data []byte, contentType string) (text []byte, encoding string) {
	return decode(data, contentType)
}

// ParseDayFirst reads a time as ParseTime does, for sources that write 10/2/2026 for the 10th of February, as pages in Vietnam do.
func ParseDayFirst(s string, zone *time.Location) (time.Time, bool) {
	if zone == nil {
		zone = time.UTC
	}
	t, _ := parseTime(s, zone, true)
	return t, !t.IsZero()
}
