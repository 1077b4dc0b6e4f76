package ui

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"khue/catalogue"
)

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04:05", s, Zone)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestClockWords(t *testing.T) {
	now := at(t, "2026-10-09 10:00:00") // a Friday
	for _, c := range []struct {
		name       string
		p          ClockProps
		vi, viLast string
		en, enLast string
		tone       string
		share      int
		ticks      bool
	}{
		{
			name: "hours and minutes", p: ClockProps{Opened: now.Add(-20*time.Hour - 40*time.Minute), Due: now.Add(3*time.Hour + 20*time.Minute)},
			vi: "còn 3 giờ 20 phút", en: "3 hours 20 min left", tone: "soon", share: 13, ticks: true,
		},
		{
			name: "minutes padded behind hours", p: ClockProps{Opened: now.Add(-time.Hour), Due: now.Add(5*time.Hour + 5*time.Minute + 59*time.Second)},
			vi: "còn 5 giờ 05 phút", en: "5 hours 05 min left", share: 83, ticks: true,
		},
		{
			name: "last minute", p: ClockProps{Opened: now.Add(-time.Hour), Due: now.Add(59 * time.Second)},
			vi: "còn dưới 1 phút", en: "under a minute left", tone: "soon", share: 1, ticks: true,
		},
		{
			name: "working days, the last day by name", p: ClockProps{Opened: now.Add(-24 * time.Hour), Due: at(t, "2026-10-13 00:00:00"), WorkDays: 2},
			vi: "còn 2 ngày làm việc", viLast: "hết ngày thứ Hai, 12/10", en: "2 working days left", enLast: "until the end of Monday, 12 October", share: 78,
		},
		{
			name: "the last day, never 00:00 of the next", p: ClockProps{Opened: now.Add(-72 * time.Hour), Due: at(t, "2026-10-13 00:00:00")},
			vi: "hết ngày thứ Hai, 12/10", en: "until the end of Monday, 12 October", share: 54,
		},
		{
			name: "the last day as 23:59", p: ClockProps{Opened: now.Add(-72 * time.Hour), Due: at(t, "2026-10-12 23:59:59")},
			vi: "hết ngày thứ Hai, 12/10", en: "until the end of Monday, 12 October", share: 54,
		},
		{
			name: "the year when it is another", p: ClockProps{Opened: now, Due: at(t, "2027-01-05 00:00:00")},
			vi: "hết ngày thứ Hai, 4/1/2027", en: "until the end of Monday, 4 January 2027", share: 100,
		},
		{
			name: "some days at an hour", p: ClockProps{Opened: now.Add(-time.Hour), Due: at(t, "2026-10-12 17:00:00")},
			vi: "còn 3 ngày", viLast: "17:00 thứ Hai, 12/10", en: "3 days left", enLast: "17:00 on Monday, 12 October", share: 98,
		},
		{
			name: "just late", p: ClockProps{Opened: now.Add(-time.Hour), Due: now},
			vi: "vừa quá hạn", en: "just overdue", tone: "late", ticks: true,
		},
		{
			name: "late by hours", p: ClockProps{Opened: now.Add(-9 * time.Hour), Due: now.Add(-65 * time.Minute)},
			vi: "quá hạn 1 giờ 05 phút", en: "1 hour 05 min overdue", tone: "late", ticks: true,
		},
		{
			name: "late by a day", p: ClockProps{Opened: now.Add(-99 * time.Hour), Due: now.Add(-24 * time.Hour), State: Missed},
			vi: "quá hạn 1 ngày", en: "1 day overdue", tone: "late", ticks: true,
		},
		{
			name: "paused", p: ClockProps{Opened: at(t, "2026-05-08 10:00:00"), Due: at(t, "2026-05-10 10:00:00"), State: Paused, Paused: at(t, "2026-05-09 10:00:00")},
			vi: "tạm dừng từ 9/5", en: "paused since 9 May", tone: "still", share: 50,
		},
		{
			name: "met", p: ClockProps{Opened: now.Add(-time.Hour), Due: at(t, "2026-10-10 00:00:00"), State: Met},
			vi: "đúng hạn", viLast: "hết ngày thứ Sáu, 9/10", en: "met in time", enLast: "until the end of Friday, 9 October", tone: "over", share: 93,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, l := range catalogue.Langs {
				p := c.p
				p.Lang, p.Now = l, now
				got := p.Words()
				left, last := c.vi, c.viLast
				if l == catalogue.EN {
					left, last = c.en, c.enLast
				}
				if got.Left != left || got.Last != last {
					t.Errorf("%s: %q, %q; want %q, %q", l, got.Left, got.Last, left, last)
				}
				if got.Tone != c.tone || got.Share != c.share || got.Ticks != c.ticks {
					t.Errorf("%s: tone %q share %d ticks %v; want %q %d %v", l, got.Tone, got.Share, got.Ticks, c.tone, c.share, c.ticks)
				}
			}
		})
	}
}

func TestClockBasis(t *testing.T) {
	f := func(p ClockProps, want string) {
		t.Helper()
		if got := p.Words().Basis; got != want {
			t.Errorf("basis %q, want %q", got, want)
		}
	}
	f(ClockProps{Lang: catalogue.VI, Law: true, Article: "NĐ 244/2026, Đ.7 k.4"}, "luật định: NĐ 244/2026, Đ.7 k.4")
	f(ClockProps{Lang: catalogue.VI}, "hạn tự đặt")
	f(ClockProps{Lang: catalogue.EN, Law: true}, "set by law")
}

// A clock never shows midnight of the day after, keeps its share within 0–100, and is late exactly when its time has passed.
func TestClockLaws(t *testing.T) {
	start := at(t, "2026-01-01 00:00:00")
	rapid.Check(t, func(t *rapid.T) {
		minutes := rapid.IntRange(-100_000, 1_000_000)
		p := ClockProps{
			Lang:     rapid.SampledFrom(catalogue.Langs).Draw(t, "lang"),
			Opened:   start.Add(time.Duration(minutes.Draw(t, "opened")) * time.Minute),
			Due:      start.Add(time.Duration(minutes.Draw(t, "due")) * time.Minute),
			Now:      start.Add(time.Duration(minutes.Draw(t, "now")) * time.Minute),
			WorkDays: rapid.IntRange(0, 9).Draw(t, "workdays"),
			State:    rapid.SampledFrom([]ClockState{Running, Paused, Met, Missed, MetLate, Waived, Void}).Draw(t, "state"),
		}
		if rapid.Bool().Draw(t, "day") {
			y, m, d := p.Due.In(Zone).Date()
			p.Due = time.Date(y, m, d, 0, 0, 0, 0, Zone)
		}
		w := p.Words()
		if w.Left == "" || strings.Contains(w.Left+w.Last, "00:00") || strings.Contains(w.Left+w.Last+w.Basis, "⟦") {
			t.Fatalf("%+v says %+v", p, w)
		}
		if w.Share < 0 || w.Share > 100 {
			t.Fatalf("share %d", w.Share)
		}
		running := p.State == Running || p.State == Missed
		if late := w.Tone == "late"; late != (running && !p.Due.After(p.Now)) {
			t.Fatalf("late %v for %+v", late, p)
		}
	})
}
