package listing

import (
	"strconv"
	"strings"
	"time"

	"khue/radar/feed"
	"khue/text"
)

// units are the words for spans of time, marks taken off.
var units = map[string]time.Duration{
	"giay": time.Second, "phut": time.Minute, "gio": time.Hour, "tieng": time.Hour, "ngay": 24 * time.Hour, "tuan": 7 * 24 * time.Hour,
	"second": time.Second, "seconds": time.Second, "minute": time.Minute, "minutes": time.Minute, "min": time.Minute, "mins": time.Minute,
	"hour": time.Hour, "hours": time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour, "week": 7 * 24 * time.Hour, "weeks": 7 * 24 * time.Hour,
}

// When reads a time as pages in Vietnam write it: day first ("Thứ hai, 09/11/2026 | 07:30"), ISO 8601, or told from now ("2 giờ trước",
// "hôm qua 07:30", "vừa xong"). The zero time is what it cannot read. zone nil is UTC.
func When(s string, zone *time.Location, now time.Time) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 200 {
		return time.Time{}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 1e9 && n < 1e11 { // seconds of Unix time in an attribute
		return time.Unix(n, 0).In(zone)
	}
	if at, ok := relative(text.Fold(s), zone, now); ok {
		return at
	}
	at, ok := feed.ParseDayFirst(strings.NewReplacer("|", " ", "•", " ", "·", " ", "(", " ", ")", " ").Replace(s), zone)
	if !ok {
		return time.Time{}
	}
	return at
}

// relative reads what is told from now; s is folded.
func relative(s string, zone *time.Location, now time.Time) (time.Time, bool) {
	w := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '|' || r == '-' || r == '(' || r == ')' })
	for i := 0; i < len(w); i++ {
		switch {
		case w[i] == "vua" && i+1 < len(w) && (w[i+1] == "xong" || w[i+1] == "dang"), w[i] == "just" && i+1 < len(w) && w[i+1] == "now":
			return now, true
		case w[i] == "truoc" || w[i] == "ago":
			if i < 2 {
				return time.Time{}, false
			}
			n, err := strconv.Atoi(w[i-2])
			unit, ok := units[w[i-1]]
			if err != nil || !ok || n < 0 || n > 1000 {
				return time.Time{}, false
			}
			return now.Add(-time.Duration(n) * unit), true
		case w[i] == "hom" && i+1 < len(w) && (w[i+1] == "nay" || w[i+1] == "qua"):
			return dayAt(now, zone, w[i+1] == "qua", w), true
		case w[i] == "today" || w[i] == "yesterday":
			return dayAt(now, zone, w[i] == "yesterday", w), true
		}
	}
	return time.Time{}, false
}

// dayAt gives today or yesterday at the hour that stands among the words, at its beginning when there is none.
func dayAt(now time.Time, zone *time.Location, yesterday bool, w []string) time.Time {
	y, m, d := now.In(zone).Date()
	if yesterday {
		d--
	}
	h, minute := 0, 0
	for _, s := range w {
		a, b, ok := strings.Cut(strings.NewReplacer("h", ":", "g", ":").Replace(s), ":")
		x, err1 := strconv.Atoi(a)
		z, err2 := strconv.Atoi(b)
		if b == "" {
			z, err2 = 0, nil
		}
		if ok && err1 == nil && err2 == nil && x >= 0 && x < 24 && z >= 0 && z < 60 {
			h, minute = x, z
			break
		}
	}
	return time.Date(y, m, d, h, minute, 0, 0, zone)
}
