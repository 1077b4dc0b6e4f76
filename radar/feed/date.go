package feed

import (
	"strings"
	"time"
)

// ParseTime reads a time in any shape that feeds write: RFC 822 with two- and four-digit years, numeric, short ("+07") and named
// zones; ISO 8601 whole or in part; asctime; month first in words or with strokes ("10/2/2026 9:25:00 AM"); Vietnamese weekdays.
// zone (nil: UTC) is the source's own, for times without one.
func ParseTime(s string, zone *time.Location) (time.Time, bool) {
	if zone == nil {
		zone = time.UTC
	}
	t, _ := parseTime(s, zone, false)
	return t, !t.IsZero()
}

// parseTime gives the zero time for what is none; zoned says that the text named its zone.
func parseTime(s string, zone *time.Location, dayFirst bool) (t time.Time, zoned bool) {
	s = strings.TrimSpace(s)
	if len(s) < 4 || len(s) > 100 {
		return time.Time{}, false
	}
	r := dateReader{s: s, zone: zone, dayFirst: dayFirst, hour: -1}
	if !r.read() {
		return time.Time{}, false
	}
	return r.time(), r.zoned
}

// dateReader collects the parts of a time in whatever order they stand.
type dateReader struct {
	s        string
	zone     *time.Location
	dayFirst bool

	year, month, day int // 0: not seen
	monthWord        bool
	twoDigitYear     bool
	numbers          []int // before it is known what they are
	store            [4]int
	hour, min, sec   int // hour -1: not seen
	nano             int
	pm, am           bool
	offset           int // seconds
	zoned            bool
	weekday          bool
}

// read walks over the text: numbers with what follows them, words, signs.
func (d *dateReader) read() bool {
	d.numbers = d.store[:0]
	s := d.s
	if n := digits(s); n == 4 && len(s) > 4 && (s[4] == '-' || s[4] == '/' || s[4] == '.') || n >= 4 && n == len(s) || n == 8 {
		var ok bool
		if s, ok = d.iso(s); !ok {
			return false
		}
	}
	for len(s) > 0 {
		c := s[0]
		n := 1
		switch {
		case c >= '0' && c <= '9':
			if n = d.number(s); n < 0 {
				return false
			}
		case c == '+' || c == '-':
			n = d.sign(s)
		case isLetter(c):
			n = d.word(s)
		}
		if n <= 0 {
			return false
		}
		s = s[n:]
	}
	return d.arrange()
}

// iso reads YYYY-MM-DD, YYYY-MM, YYYY, YYYYMMDD, YYYY-DDD and gives what follows, a "T" taken off.
func (d *dateReader) iso(s string) (string, bool) {
	if digits(s) == 8 {
		d.year, d.month, d.day = atoi(s[:4]), atoi(s[4:6]), atoi(s[6:8])
		return strings.TrimLeft(s[8:], "T "), true
	}
	d.year = atoi(s[:4])
	d.month, d.day = 1, 1
	s = s[4:]
	if s == "" {
		return s, true
	}
	sep := s[0]
	if n := digits(s[1:]); n == 3 { // day of the year
		d.day = atoi(s[1:4])
		return strings.TrimLeft(s[4:], "Tt "), d.day >= 1 && d.day <= 366
	} else if n == 0 || n > 2 {
		return s, n == 0
	} else {
		d.month = atoi(s[1 : 1+n])
		s = s[1+n:]
	}
	if len(s) > 1 && s[0] == sep {
		if n := digits(s[1:]); n == 1 || n == 2 {
			d.day = atoi(s[1 : 1+n])
			s = s[1+n:]
		}
	}
	return strings.TrimLeft(s, "Tt "), true
}

// number reads a number: a clock time if a colon follows, a date if strokes follow, else a part to be arranged later.
func (d *dateReader) number(s string) int {
	n := digits(s)
	if n < len(s) && (s[n] == ':' || s[n] == 'h' && d.hour < 0 && n+1 < len(s) && isDigit(s[n+1])) && d.hour < 0 && n <= 2 {
		return d.clock(s)
	}
	if n > 4 && d.hour < 0 && n == 6 && d.day > 0 { // 20260502T112500
		d.hour, d.min, d.sec = atoi(s[:2]), atoi(s[2:4]), atoi(s[4:6])
		return n
	}
	if n > 4 {
		return -1
	}
	if n < len(s) && (s[n] == '/' || s[n] == '.' || s[n] == '-') && d.day == 0 && d.month == 0 && len(d.numbers) == 0 {
		if m := d.stroked(s); m > 0 {
			return m
		}
	}
	if len(d.numbers) == cap(d.numbers) {
		return -1
	}
	if d.year > 0 && d.month > 0 && d.day > 0 {
		if d.hour < 0 && n <= 2 { // an hour alone: "… 15 -0700"
			d.hour = atoi(s[:n])
		}
		return n
	}
	d.numbers = append(d.numbers, atoi(s[:n])+yearMark*b2i(n >= 3))
	return n
}

// yearMark sets a number of three or four digits apart: it is a year.
const yearMark = 10000

// stroked reads 10/2/2026, 2.10.2026, 2-10-2026; 0 if it is none. Dots and hyphens are day first everywhere; strokes are month first
// with AM or PM, and elsewhere by the source's habit; a number above twelve is no month.
func (d *dateReader) stroked(s string) int {
	n1 := digits(s)
	sep := s[n1]
	n2 := digits(s[n1+1:])
	if n2 == 0 || n2 > 2 || n1 > 2 {
		return 0
	}
	end := n1 + 1 + n2
	if end >= len(s) || s[end] != sep {
		return 0
	}
	n3 := digits(s[end+1:])
	if n3 != 2 && n3 != 4 {
		return 0
	}
	a, b := atoi(s[:n1]), atoi(s[n1+1:end])
	d.year = atoi(s[end+1 : end+1+n3])
	d.twoDigitYear = n3 == 2
	dayFirst := sep != '/' || d.dayFirst || d.weekday
	if a > 12 {
		dayFirst = true
	} else if b > 12 {
		dayFirst = false
	}
	d.month, d.day = a, b
	if dayFirst {
		d.month, d.day = b, a
	}
	return end + 1 + n3
}

// clock reads H:M, H:M:S with a fraction, and 9h25.
func (d *dateReader) clock(s string) int {
	n := digits(s)
	d.hour = atoi(s[:n])
	i := n + 1
	m := digits(s[i:])
	if m == 0 || m > 2 {
		return -1
	}
	d.min = atoi(s[i : i+m])
	i += m
	if i < len(s) && s[i] == ':' {
		m = digits(s[i+1:])
		if m > 2 {
			return -1
		}
		if m > 0 {
			d.sec = atoi(s[i+1 : i+1+m])
		}
		i += 1 + m
		if i < len(s) && (s[i] == '.' || s[i] == ',') {
			m = digits(s[i+1:])
			scale := 100_000_000
			for k := range min(m, 9) {
				d.nano += int(s[i+1+k]-'0') * scale
				scale /= 10
			}
			i += 1 + m
		}
	}
	return i
}

// sign reads a zone's offset after the clock: +0700, +07, +7, +07:00, -700; anywhere else it is a separator.
func (d *dateReader) sign(s string) int {
	n := digits(s[1:])
	if d.hour < 0 || n == 0 || d.zoned && d.offset != 0 {
		return 1
	}
	v := atoi(s[1 : 1+min(n, 4)])
	used := 1 + n
	var h, m int
	switch {
	case n <= 2:
		h = v
		if used < len(s) && s[used] == ':' {
			if k := digits(s[used+1:]); k == 2 {
				m = atoi(s[used+1 : used+3])
				used += 3
			}
		}
	case n == 3:
		h, m = v/100, v%100
	default:
		h, m = v/100, v%100
	}
	if h > 15 || m > 59 {
		return used
	}
	d.offset = h*3600 + m*60
	if s[0] == '-' {
		d.offset = -d.offset
	}
	d.zoned = true
	return used
}

// word reads a name of a month, a day, a zone, AM and PM; what it does not know is passed over.
func (d *dateReader) word(s string) int {
	n := 0
	for n < len(s) && (isLetter(s[n]) || s[n] == '.' && n+1 < len(s) && isLetter(s[n+1])) {
		n++
	}
	w := strings.ReplaceAll(strings.ToLower(s[:n]), ".", "")
	switch w {
	case "am":
		d.am = true
		d.monthFirst()
		return n
	case "pm":
		d.pm = true
		d.monthFirst()
		return n
	case "t", "at", "of", "st", "nd", "rd", "th":
		return n
	}
	if offset, ok := zones[w]; ok && (d.hour >= 0 || w != "mst") {
		if !d.zoned {
			d.offset, d.zoned = offset*60, true
		}
		return n
	}
	if len(w) >= 3 {
		if m, ok := months[w[:3]]; ok && (len(w) == 3 || strings.HasPrefix(longMonths[m-1], w) || w == "sept") {
			d.month, d.monthWord = m, true
			return n
		}
	}
	if strings.HasPrefix(w, "thứ") || strings.HasPrefix(w, "chủ") || strings.HasPrefix(w, "ngày") {
		d.weekday = true
		if rest := strings.TrimLeft(s[n:], " "); strings.HasPrefix(w, "thứ") && len(rest) > 1 && isDigit(rest[0]) && !isDigit(rest[1]) && rest[1] != '/' && rest[1] != '-' {
			return len(s) - len(rest) + 1 // "thứ 2"
		}
	}
	return n
}

// monthFirst turns a date with strokes round once AM or PM shows that an American wrote it.
func (d *dateReader) monthFirst() {
	if d.dayFirst && !d.weekday && d.month > 0 && d.day > 0 && d.day <= 12 && !d.monthWord && strings.Contains(d.s, "/") && d.s[0] != '2' {
		d.month, d.day = d.day, d.month
	}
}

// arrange gives the loose numbers their parts: around a month's name they are day and year in either order.
func (d *dateReader) arrange() bool {
	for _, v := range d.numbers {
		switch {
		case v >= yearMark && d.year == 0:
			d.year = v - yearMark
		case v >= yearMark:
		case d.day == 0:
			d.day = v
		case d.year == 0:
			d.year, d.twoDigitYear = v, true
		case d.hour < 0:
			d.hour = v
		}
	}
	if d.month == 0 || d.year == 0 && !d.twoDigitYear {
		return false
	}
	if d.day == 0 {
		d.day = 1
	}
	if d.twoDigitYear && d.year < 100 { // RFC 2822, 4.3: below 50 means 20xx
		if d.year < 50 {
			d.year += 2000
		} else {
			d.year += 1900
		}
	}
	return true
}

// time puts the parts together; zero for what is no day.
func (d *dateReader) time() time.Time {
	if d.year < 1 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 366 || d.day > 31 && d.month != 1 {
		return time.Time{}
	}
	hour := max(d.hour, 0)
	if d.pm && hour < 12 {
		hour += 12
	} else if d.am && hour == 12 {
		hour = 0
	}
	if hour > 24 || d.min > 59 || d.sec > 60 {
		return time.Time{}
	}
	zone := d.zone
	if d.zoned {
		zone = time.UTC
	}
	if d.day > 28 && d.day <= 31 && time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC).Day() != d.day {
		return time.Time{} // the 31st of a shorter month
	}
	t := time.Date(d.year, time.Month(d.month), d.day, hour, d.min, d.sec, d.nano, zone)
	return t.Add(-time.Duration(d.offset) * time.Second).UTC()
}

var months = map[string]int{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

var longMonths = [12]string{
	"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
}

// zones are named zones in minutes east of UTC (RFC 822, and those of the region). Where a name means several, the American one of
// RFC 822 holds.
var zones = map[string]int{
	"ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "ict": 420, "hovst": 480, "wib": 420, "sgt": 480, "hkt": 480, "jst": 540, "kst": 540,
	"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480,
	"hst": -600, "ast": -240, "adt": -180, "nst": -210, "ndt": -150, "brt": -180, "bst": 60, "ist": 330, "west": 60, "cet": 60, "met": 60, "cest": 120, "mest": 120,
	"eet": 120, "eest": 180, "msk": 180, "aest": 600, "aedt": 660, "acst": 570, "awst": 480, "nzst": 720, "nzdt": 780,
}

// Clamped says why Clamp moved a time.
type Clamped string

// The reasons.
const (
	AsGiven    Clamped = ""
	WasMissing Clamped = "missing" // the feed told no time
	WasFuture  Clamped = "future"  // later than it could be seen
	WasAncient Clamped = "ancient" // a default such as 1970, or before there were feeds
)

// Tolerance is how far ahead of ours a publisher's clock may be.
const Tolerance = 10 * time.Minute

// Clamp gives a time that ordering can rely on, and says why where it is not the one given: seen is when we fetched the item first.
func Clamp(t, seen time.Time) (time.Time, Clamped) {
	switch {
	case t.IsZero():
		return seen, WasMissing
	case t.After(seen.Add(Tolerance)):
		return seen, WasFuture
	case t.Year() < 1995:
		return seen, WasAncient
	}
	return t, AsGiven
}

func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 }

// atoi reads digits only, few enough not to overflow.
func atoi(s string) int {
	v := 0
	for i := range len(s) {
		v = v*10 + int(s[i]-'0')
	}
	return v
}
