package extract

import (
	"html"
	"regexp"
	"strings"
	"time"
)

func unescape(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	return html.UnescapeString(s)
}

// hanoi is the zone of times that a page writes without one: the pages that matter here are Vietnamese.
var hanoi = time.FixedZone("+07", 7*3600)

// layouts are the shapes of times in heads of pages; those without a zone are taken as Hanoi's.
var layouts = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 -07:00",
	"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2006/01/02 15:04:05", "2006/01/02",
	time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "January 2, 2006", "Jan 2, 2006", "2 January 2006", "2 Jan 2006",
	"1/2/2006 3:04:05 PM", "02/01/2006 15:04:05", "02/01/2006 15:04", "02/01/2006", "2-1-2006 15:04", "20060102150405", "20060102T150405Z0700", "20060102",
}

// parseTime reads a time; zero for what is none.
func parseTime(s string) time.Time {
	s = strings.TrimSpace(s)
	if len(s) < 8 || len(s) > 60 {
		return time.Time{}
	}
	if strings.Trim(s, "0123456789") == "" && (len(s) == 10 || len(s) == 13) { // seconds or milliseconds since 1970
		return time.Unix(int64(atoi(s[:10])), 0).UTC()
	}
	for _, l := range layouts {
		if t, err := time.ParseInLocation(l, s, hanoi); err == nil && t.Year() > 1900 && t.Year() < 3000 {
			return t.UTC()
		}
	}
	return time.Time{}
}

var (
	// vietnamese is "Thứ sáu, 9/5/2025, 14:30 (GMT+7)" and its kin: day, month, year, then perhaps a clock; or the clock before.
	vietnamese = regexp.MustCompile(`(?:(\d{1,2})[:h](\d{2})[^\d]{1,6})?(\d{1,2})[/-](\d{1,2})[/-](20\d{2})(?:[^\d]{1,6}(\d{1,2})[:h](\d{2}))?`)
	// inAddress is a date in a page's address.
	inAddress = regexp.MustCompile(`/(20\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:/|-|$)`)
)

// visibleTime looks for the time that a page shows: <time datetime>, then a Vietnamese date line near the title, then the address.
func (p *page) visibleTime(url string) time.Time {
	for n := p.body.following(p.body); n != nil; n = n.following(p.body) {
		if n.tag == tagTime {
			if t := parseTime(n.attr("datetime")); !t.IsZero() {
				return t
			}
		}
	}
	seen := 0
	for n := p.body.following(p.body); n != nil && seen < 400; n = n.following(p.body) {
		if n.tag != tagNone || len(n.text) > 120 || len(n.text) < 8 {
			continue
		}
		seen++
		if !strings.ContainsAny(n.text, "/-") {
			continue
		}
		if m := vietnamese.FindStringSubmatch(n.text); m != nil {
			if t := fromParts(m); !t.IsZero() {
				return t
			}
		}
	}
	if m := inAddress.FindStringSubmatch(url); m != nil {
		return date(atoi(m[1]), atoi(m[2]), atoi(m[3]), 0, 0)
	}
	return time.Time{}
}

func fromParts(m []string) time.Time {
	hour, minute := m[6], m[7]
	if hour == "" {
		hour, minute = m[1], m[2]
	}
	return date(atoi(m[5]), atoi(m[4]), atoi(m[3]), atoi(hour), atoi(minute))
}

// date makes a time of Hanoi; zero for what is none.
func date(year, month, day, hour, minute int) time.Time {
	if month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 {
		return time.Time{}
	}
	t := time.Date(year, time.Month(month), day, hour, minute, 0, 0, hanoi)
	if t.Day() != day {
		return time.Time{}
	}
	return t.UTC()
}

func atoi(s string) (v int) {
	for i := range len(s) {
		v = v*10 + int(s[i]-'0')
	}
	return v
}
