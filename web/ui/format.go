package ui

import (
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the zone must be known on machines without zone files

	"khue/catalogue"
)

// Zone is the time zone of everything shown: Asia/Ho_Chi_Minh, UTC+7 without summer time.
var Zone = zone()

func zone() *time.Location {
	if loc, err := time.LoadLocation("Asia/Ho_Chi_Minh"); err == nil {
		return loc
	}
	return time.FixedZone("ICT", 7*60*60)
}

// DateTime gives "thứ Sáu, 9/5/2025, 14:30" or "Friday, 9 May 2025, 14:30" in Vietnam's time.
func DateTime(l catalogue.Lang, t time.Time) string {
	return Date(l, t) + ", " + TimeOfDay(t)
}

// Date gives "thứ Sáu, 9/5/2025" or "Friday, 9 May 2025".
func Date(l catalogue.Lang, t time.Time) string {
	return Weekday(l, t) + ", " + ShortDate(l, t)
}

// ShortDate gives "9/5/2025" or "9 May 2025".
func ShortDate(l catalogue.Lang, t time.Time) string {
	t = t.In(Zone)
	if l == catalogue.EN {
		return DayMonth(l, t) + " " + strconv.Itoa(t.Year())
	}
	return DayMonth(l, t) + "/" + strconv.Itoa(t.Year())
}

// ShortDateTime gives "14:30, 9/5/2025", for tables and histories.
func ShortDateTime(l catalogue.Lang, t time.Time) string {
	return TimeOfDay(t) + ", " + ShortDate(l, t)
}

// DayMonth gives "9/5" or "9 May".
func DayMonth(l catalogue.Lang, t time.Time) string {
	t = t.In(Zone)
	month := strconv.Itoa(int(t.Month()))
	if l == catalogue.EN {
		return strconv.Itoa(t.Day()) + " " + l.T("ui.month."+month)
	}
	return strconv.Itoa(t.Day()) + "/" + month
}

// TimeOfDay gives "14:30" in Vietnam's time.
func TimeOfDay(t time.Time) string { return t.In(Zone).Format("15:04") }

// Weekday gives "thứ Sáu" or "Friday".
func Weekday(l catalogue.Lang, t time.Time) string {
	return l.T("ui.weekday." + strconv.Itoa(int(t.In(Zone).Weekday())))
}

// PaperDate gives the date as it stands on an official paper (Nghị định 30/2020/NĐ-CP, annex I):
// "ngày 09 tháng 5 năm 2025", days under 10 and months under 3 with a zero.
func PaperDate(l catalogue.Lang, t time.Time) string {
	t = t.In(Zone)
	if l == catalogue.EN {
		return ShortDate(l, t)
	}
	month := strconv.Itoa(int(t.Month()))
	if t.Month() < 3 {
		month = "0" + month
	}
	return "ngày " + t.Format("02") + " tháng " + month + " năm " + strconv.Itoa(t.Year())
}

// Machine gives the ISO form for datetime attributes: "2025-05-09T14:30:00+07:00".
func Machine(t time.Time) string { return t.In(Zone).Format(time.RFC3339) }

// FieldTime gives the value of an <input type=datetime-local>, in Vietnam's time; "" for the zero time.
func FieldTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Zone).Format("2006-01-02T15:04")
}

// Number gives 1234567 as "1.234.567" or "1,234,567".
func Number(l catalogue.Lang, n int64) string {
	return string(grouped(nil, strconv.FormatInt(n, 10), l))
}

// Decimal gives 1234567.84 with one digit as "1.234.567,8" or "1,234,567.8", rounded half to even as strconv does.
func Decimal(l catalogue.Lang, x float64, digits int) string {
	s := strconv.FormatFloat(x, 'f', max(digits, 0), 64)
	whole, part, ok := strings.Cut(s, ".")
	if whole != "" && strings.IndexFunc(whole, func(r rune) bool { return r > '9' }) >= 0 { // NaN, Inf
		return s
	}
	b := grouped(nil, whole, l)
	if !ok {
		return string(b)
	}
	if l == catalogue.EN {
		return string(append(append(b, '.'), part...))
	}
	return string(append(append(b, ','), part...))
}

// Percent gives the share 0.125 with one digit as "12,5%".
func Percent(l catalogue.Lang, share float64, digits int) string {
	return Decimal(l, 100*share, digits) + "%"
}

// grouped appends the digits of a whole number with a mark every three.
func grouped(dst []byte, digits string, l catalogue.Lang) []byte {
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		dst, digits = append(dst, "−"...), rest
	}
	mark := byte('.')
	if l == catalogue.EN {
		mark = ','
	}
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			dst = append(dst, mark)
		}
		dst = append(dst, digits[i])
	}
	return dst
}

// Size gives a number of bytes in words: "812 B", "64 KB", "1,2 MB" (1 KB = 1024 B).
func Size(l catalogue.Lang, bytes int64) string {
	switch {
	case bytes < 1<<10:
		return Number(l, bytes) + " B"
	case bytes < 1<<20:
		return Number(l, bytes>>10) + " KB"
	case bytes < 1<<30:
		return Decimal(l, float64(bytes)/(1<<20), 1) + " MB"
	}
	return Decimal(l, float64(bytes)/(1<<30), 1) + " GB"
}

// Span gives a length of time in words, rounded down: "25 phút", "3 giờ", "3 giờ 05 phút",
// "1 ngày 4 giờ", "5 ngày". Days are of 24 hours. Under a minute it is "dưới 1 phút".
func Span(l catalogue.Lang, d time.Duration) string {
	d = max(d, 0)
	days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour)%24, int(d/time.Minute)%60
	switch {
	case days >= 2:
		return l.N("ui.span.days", days)
	case days == 1 && hours > 0:
		return l.N("ui.span.days", 1) + " " + l.N("ui.span.hours", hours)
	case days == 1:
		return l.N("ui.span.days", 1)
	case hours > 0 && minutes > 0:
		padded := strconv.Itoa(minutes)
		if minutes < 10 {
			padded = "0" + padded
		}
		return l.N("ui.span.hours", hours) + " " + l.T("ui.span.minutes", "n", padded)
	case hours > 0:
		return l.N("ui.span.hours", hours)
	case minutes > 0:
		return l.T("ui.span.minutes", "n", minutes)
	}
	return l.T("ui.span.moment")
}
