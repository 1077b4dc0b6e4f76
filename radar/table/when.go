package table

import (
	"html"
	"strconv"
	"strings"
	"time"

	"khue/radar/feed"
)

// when reads a time: seconds or milliseconds of Unix time, or any date, day first unless the mapping says otherwise.
func (c Columns) when(s string) (time.Time, bool) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		switch {
		case n >= 1e8 && n < 1e11:
			return time.Unix(n, 0), true
		case n >= 1e11 && n < 1e14:
			return time.UnixMilli(n), true
		}
	}
	if c.monthFirst {
		return feed.ParseTime(s, c.zone)
	}
	return feed.ParseDayFirst(s, c.zone)
}

func escape(s string) string {
	return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>")
}
