package ui

import (
	"time"

	"khue/catalogue"
)

// ClockState is the state of the duty (nhiệm vụ) that a clock belongs to; the zero value is running.
type ClockState string

// The states of a clock. Running and Missed both read the time; the others are told in a word.
const (
	Running ClockState = ""
	Paused  ClockState = "paused"
	Met     ClockState = "met"
	Missed  ClockState = "missed"
	MetLate ClockState = "met-late"
	Waived  ClockState = "waived"
	Void    ClockState = "void"
)

// ClockProps describes a time limit (thời hạn).
type ClockProps struct {
	Lang catalogue.Lang
	// Due is the last moment. A limit in days ends with its day: give 00:00 of the next day
	// or 23:59 of the last; both are shown as "hết ngày" and the day's name.
	Due time.Time
	// Opened is when the clock began to run; the bar is the share of Due-Opened that is left.
	Opened time.Time
	Now    time.Time
	// WorkDays is how many working days are left by the office's calendar, 0 when unknown or not counted so.
	WorkDays int
	// Law says that the limit is set by law; else it is the centre's own.
	Law bool
	// Article is where it is set: "NĐ 244/2026, Đ.7 k.4". For an own limit it may say how long: "24 giờ".
	Article string
	State   ClockState
	// Paused is since when a paused clock stands still.
	Paused time.Time
}

// ClockText is a clock in words.
type ClockText struct {
	Left  string // "còn 3 giờ 20 phút", "quá hạn 1 ngày", "đúng hạn"
	Last  string // the last day or moment by name when Left does not say it; may be ""
	Basis string // "luật định: NĐ 244/2026, Đ.7 k.4" or "hạn tự đặt"
	Tone  string // class: "", "soon", "late", "still" (paused), "over" (ended)
	Share int    // 0–100, how much of the time is left
	Ticks bool   // the words change by the minute
}

// Words gives the clock in words. It is pure: the same props give the same words.
// Time left is rounded down, so that it never promises a minute that is not there.
func (p ClockProps) Words() ClockText {
	t := ClockText{Basis: p.basis(), Share: p.share()}
	switch p.State {
	case Paused:
		t.Left, t.Tone = p.Lang.T("ui.clock.paused", "date", p.name(p.Paused)), "still"
		return t
	case Met, MetLate, Waived, Void:
		t.Left, t.Tone = p.Lang.T("ui.clock."+string(p.State)), "over"
		t.Last = p.lastMoment()
		return t
	}
	left := p.Due.Sub(p.Now)
	if left <= 0 {
		t.Left, t.Tone, t.Share, t.Ticks = p.late(-left), "late", 0, -left < 48*time.Hour
		return t
	}
	if left <= 2*time.Hour || t.Share <= 15 {
		t.Tone = "soon"
	}
	switch wholeDays := p.endsWithDay(); {
	case p.WorkDays > 1:
		t.Left, t.Last = p.Lang.N("ui.clock.workdays", p.WorkDays), p.lastMoment()
	case wholeDays && left > 2*time.Hour:
		t.Left = p.lastMoment()
	case left >= 24*time.Hour || wholeDays:
		t.Left, t.Last = p.Lang.T("ui.clock.left", "span", Span(p.Lang, left)), p.lastMoment()
	default:
		t.Left = p.Lang.T("ui.clock.left", "span", Span(p.Lang, left))
	}
	t.Ticks = !p.endsWithDay() && p.WorkDays <= 1 && left < 48*time.Hour
	return t
}

func (p ClockProps) late(by time.Duration) string {
	if by < time.Minute {
		return p.Lang.T("ui.clock.just")
	}
	return p.Lang.T("ui.clock.late", "span", Span(p.Lang, by))
}

// basis says whether the limit is the law's, with its article, or the centre's own.
func (p ClockProps) basis() string {
	key := "ui.clock.own"
	if p.Law {
		key = "ui.clock.law"
	}
	if p.Article == "" {
		return p.Lang.T(key)
	}
	return p.Lang.T(key) + ": " + p.Article
}

// endsWithDay says whether the limit is the end of a day: 00:00 or 23:59 in Vietnam's time.
func (p ClockProps) endsWithDay() bool {
	h, m, _ := p.Due.In(Zone).Clock()
	return h == 0 && m == 0 || h == 23 && m == 59
}

// lastMoment names the last day ("hết ngày thứ Hai, 12/10") or moment ("17:00 thứ Hai, 12/10"), never 00:00 of the next day.
func (p ClockProps) lastMoment() string {
	if p.Due.IsZero() {
		return ""
	}
	if p.endsWithDay() {
		return p.Lang.T("ui.clock.day", "date", p.dayName(p.Due.Add(-time.Second)))
	}
	return p.Lang.T("ui.clock.at", "time", TimeOfDay(p.Due), "date", p.dayName(p.Due))
}

func (p ClockProps) dayName(t time.Time) string { return Weekday(p.Lang, t) + ", " + p.name(t) }

// name gives day and month, with the year when it is not this one.
func (p ClockProps) name(t time.Time) string {
	if t.In(Zone).Year() != p.Now.In(Zone).Year() {
		return ShortDate(p.Lang, t)
	}
	return DayMonth(p.Lang, t)
}

func (p ClockProps) share() int {
	whole, at := p.Due.Sub(p.Opened), p.Now
	if p.State == Paused && !p.Paused.IsZero() {
		at = p.Paused
	}
	left := p.Due.Sub(at)
	if whole <= 0 || left <= 0 {
		return 0
	}
	return int(min(100, 100*left.Seconds()/whole.Seconds()))
}
