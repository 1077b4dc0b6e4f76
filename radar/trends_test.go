package radar

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/problem"
	"khue/radar/series"
	"khue/regulation"
	"khue/store"
)

// count counts through the room's own door.
func count(t *testing.T, k *testkit.Kit, r *Room, list ...Counted) {
	t.Helper()
	if err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error { return r.Count(ctx, tx, list...) }); err != nil {
		t.Fatal(err)
	}
}

// weeks counts n mentions in every hour of working days for eight weeks up to the clock's day, none at night and half on weekends, each by two sources.
func weeks(t *testing.T, k *testkit.Kit, r *Room, key SeriesKey, n int) {
	t.Helper()
	end := series.Day.Start(series.Day.Bucket(k.Clock.Now()))
	var list []Counted
	for at := end.Add(-8 * 7 * 24 * time.Hour); at.Before(end); at = at.Add(time.Hour) {
		local := at.Add(7 * time.Hour).UTC()
		m := n
		if local.Hour() < 6 {
			m = 0
		} else if local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
			m = n / 2
		}
		list = append(list, Counted{key, "nguon-a", at, m * 2 / 3}, Counted{key, "nguon-b", at, m - m*2/3})
	}
	count(t, k, r, list...)
}

func TestGroupingCounts(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		p, r := newPress(t), room(t, k)
		r.keys = func(_ context.Context, _ *store.Tx, m Mention) ([]SeriesKey, error) {
			if m.Story == "" {
				t.Error("a mention without its story is asked for")
			}
			if strings.Contains(m.Title, "nước") {
				return []SeriesKey{{Kind: KindTopic, Key: "water"}}, nil
			}
			return nil, nil
		}
		p.add("/a.rss", item{"/a/1", waterTitle, waterText, "Mon, 09 Nov 2026 07:30:00 +0700"})
		p.add("/b.rss", item{"/b/1", "Cắt nước hai giờ ở phường Thử Nghiệm", strings.Replace(waterText, "mười hai", "chừng mười hai", 1), "Mon, 09 Nov 26 07:50:00 +0700"},
			item{"/b/2", "Thư viện ngoài trời ở trường Giả Định", schoolText, "Mon, 09 Nov 2026 06:40:00 +0700"})
		for _, path := range []string{"/a.rss", "/b.rss"} {
			if _, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: p.url + path}); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 { // the second time brings nothing new
			if _, err := r.Step(k.Ctx); err != nil {
				t.Fatal(err)
			}
			k.Clock.Add(time.Hour)
		}
		page, err := r.Stories(k.Ctx, analyst, 2, 10, StoryCursor{})
		if err != nil || len(page.Stories) != 1 {
			t.Fatalf("%d stories, %v", len(page.Stories), err)
		}
		at := time.Date(2026, 11, 9, 7, 0, 0, 0, testkit.Start.Location())
		for _, c := range []struct {
			key  SeriesKey
			hour time.Time
			want int
		}{
			{SeriesKey{Kind: KindAll}, at, 2},
			{SeriesKey{Kind: KindAll}, at.Add(-time.Hour), 1},
			{SeriesKey{Kind: KindStory, Key: page.Stories[0].ID}, at, 2},
			{SeriesKey{Kind: KindTopic, Key: "water"}, at, 2},
			{SeriesKey{Kind: KindTopic, Key: "school"}, at, 0},
		} {
			trend, err := r.Trend(k.Ctx, analyst, TrendQuery{Key: c.key, Step: series.Hour, From: c.hour, To: c.hour.Add(time.Hour)})
			if err != nil || len(trend.Points) != 1 || trend.Total != c.want {
				t.Errorf("%v at %v: %+v, %v; want %d", c.key, c.hour, trend.Points, err, c.want)
			}
			minutes, err := r.Trend(k.Ctx, analyst, TrendQuery{Key: c.key, Step: series.Minute, From: c.hour, To: c.hour.Add(time.Hour)})
			if err != nil || len(minutes.Points) != 60 || minutes.Total != c.want {
				t.Errorf("%v by minute: %d points, %d in all, %v; want %d", c.key, len(minutes.Points), minutes.Total, err, c.want)
			}
		}
		// A day is its hours.
		day, err := r.Trend(k.Ctx, analyst, TrendQuery{Key: SeriesKey{Kind: KindAll}, Step: series.Day, From: at})
		if err != nil || len(day.Points) != 1 || day.Total != 3 {
			t.Errorf("%+v, %v", day.Points, err)
		}
		// Minutes are forgotten after two days, hours are kept.
		k.Clock.Add(72 * time.Hour)
		r.group.quiet = time.Time{}
		if _, err := r.Step(k.Ctx); err != nil {
			t.Fatal(err)
		}
		var minutes, hours int
		if err := k.DB.QueryRow(k.Ctx, `SELECT SUM(CASE WHEN step = 60 THEN 1 ELSE 0 END), SUM(CASE WHEN step = 3600 THEN 1 ELSE 0 END) FROM series`).Scan(&minutes, &hours); err != nil || minutes != 0 || hours == 0 {
			t.Errorf("%d minutes and %d hours are kept, %v", minutes, hours, err)
		}
	})
}

func TestCountsOfMergedAndMovedStories(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := room(t, k)
		at := k.Clock.Now().Add(-90 * time.Minute)
		a, b := SeriesKey{Kind: KindStory, Key: "s1"}, SeriesKey{Kind: KindStory, Key: "s2"}
		count(t, k, r, Counted{a, "x", at, 2}, Counted{b, "x", at, 3}, Counted{b, "y", at.Add(time.Hour), 1})
		total := func(key SeriesKey, step series.Step) int {
			t.Helper()
			trend, err := r.Trend(k.Ctx, analyst, TrendQuery{Key: key, Step: step, From: k.Clock.Now().Add(-4 * time.Hour)})
			if err != nil {
				t.Fatal(err)
			}
			return trend.Total
		}
		if err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error { return moveCounts(ctx, tx, "s2", "s1") }); err != nil {
			t.Fatal(err)
		}
		if total(a, series.Hour) != 6 || total(b, series.Hour) != 0 || total(a, series.Minute) != 6 {
			t.Errorf("merged: %d, %d; by minute %d", total(a, series.Hour), total(b, series.Hour), total(a, series.Minute))
		}
		// What is taken back below nothing is nothing.
		count(t, k, r, Counted{a, "x", at, -50})
		if n := total(a, series.Hour); n != 1 {
			t.Errorf("%d are left", n)
		}
		// A story is counted anew from its mentions, of which it has none.
		if err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error { return r.RecountStory(ctx, tx, "s1") }); err != nil {
			t.Fatal(err)
		}
		if n := total(a, series.Hour); n != 0 {
			t.Errorf("%d were counted of no mentions", n)
		}
	})
}

func TestTrendExpects(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := room(t, k)
		k.Clock.Set(time.Date(2026, 11, 10, 15, 30, 0, 0, testkit.Start.Location())) // a Tuesday
		key := SeriesKey{Kind: KindTopic, Key: "water"}
		weeks(t, k, r, key, 12)
		burst := time.Date(2026, 11, 10, 13, 0, 0, 0, testkit.Start.Location())
		count(t, k, r, Counted{key, "nguon-a", burst.Add(-2 * time.Hour), 12}, Counted{key, "nguon-a", burst.Add(5 * time.Minute), 60}, Counted{key, "nguon-b", burst.Add(70 * time.Minute), 55}, Counted{key, "nguon-b", burst.Add(140 * time.Minute), 40})
		trend, err := r.Trend(k.Ctx, analyst, TrendQuery{Key: key, Step: series.Hour, From: burst.Add(-3 * time.Hour)})
		if err != nil || len(trend.Points) != 6 {
			t.Fatalf("%d points, %v", len(trend.Points), err)
		}
		for _, p := range trend.Points[:5] {
			if !p.Band.Known || p.Band.Mean < 11 || p.Band.Mean > 13 || p.Heard != 1 {
				t.Errorf("%v: %+v", p.At, p)
			}
		}
		if half := trend.Points[5]; half.Band.Mean < 5.5 || half.Band.Mean > 6.5 {
			t.Errorf("of the half hour that has passed %+v", half.Band)
		}
		if len(trend.Bursts) != 1 || !trend.Bursts[0].Start.Equal(burst) || !trend.Bursts[0].Open || trend.Bursts[0].N != 155 || !trend.Bursts[0].Peak.Equal(burst) {
			t.Errorf("bursts %+v", trend.Bursts)
		}
		day, err := r.Trend(k.Ctx, analyst, TrendQuery{Key: key, Step: series.Day, From: burst.Add(-14 * 24 * time.Hour)})
		if err != nil || len(day.Points) != 15 {
			t.Fatalf("%d days, %v", len(day.Points), err)
		}
		if last, before := day.Points[14], day.Points[13]; last.N != 167 || last.Band.Usual(167) || before.N != 216 || !before.Band.Usual(216) {
			t.Errorf("today %+v, yesterday %+v", last, before)
		}
		// What comes later changes nothing of what was expected before.
		k.Clock.Add(24 * time.Hour)
		again, err := r.Trend(k.Ctx, analyst, TrendQuery{Key: key, Step: series.Hour, From: burst.Add(-3 * time.Hour), To: burst})
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range again.Points {
			if p != trend.Points[i] {
				t.Errorf("%v: %+v, and a day later %+v", p.At, trend.Points[i], p)
			}
		}
	})
}

func TestGapsLeaveTheExpectation(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := room(t, k)
		k.Clock.Set(time.Date(2026, 11, 10, 15, 0, 0, 0, testkit.Start.Location()))
		key := SeriesKey{Kind: KindPlace, Key: "00004"}
		weeks(t, k, r, key, 12)
		from := time.Date(2026, 11, 10, 12, 0, 0, 0, testkit.Start.Location())
		r.gaps = func(context.Context, time.Time, time.Time) ([]Gap, error) {
			return []Gap{{Source: "nguon-a", Name: "A", From: from}, {Source: "nguon-lạ", Name: "Lạ", From: from}}, nil
		}
		trend, err := r.Trend(k.Ctx, analyst, TrendQuery{Key: key, Step: series.Hour, From: from.Add(-2 * time.Hour)})
		if err != nil || len(trend.Points) != 5 {
			t.Fatalf("%d points, %v", len(trend.Points), err)
		}
		if p := trend.Points[1]; p.Heard != 1 || p.Band.Mean < 11 {
			t.Errorf("before it: %+v", p)
		}
		if p := trend.Points[3]; p.Heard < 0.32 || p.Heard > 0.35 || p.Band.Mean < 3.5 || p.Band.Mean > 4.5 {
			t.Errorf("in it: %+v", p)
		}
		if len(trend.Gaps) != 1 || trend.Gaps[0].Source != "nguon-a" {
			t.Errorf("%+v take something away", trend.Gaps)
		}
		// The source itself tells nothing while it cannot be heard.
		own := SeriesKey{Kind: KindSource, Key: "nguon-a"}
		weeks(t, k, r, own, 6)
		if trend, err = r.Trend(k.Ctx, analyst, TrendQuery{Key: own, Step: series.Hour, From: from.Add(-2 * time.Hour)}); err != nil || trend.Points[3].Band.Known || !trend.Points[1].Band.Known {
			t.Errorf("%+v, %v", trend.Points, err)
		}
	})
}

func TestSilentNow(t *testing.T) {
	k := testkit.SQLite(t)
	p, r := newPress(t), room(t, k)
	p.add("/a.rss", item{"/a/1", waterTitle, waterText, "Mon, 09 Nov 2026 07:30:00 +0700"})
	s, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: p.url + "/a.rss"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Step(k.Ctx); err != nil {
		t.Fatal(err)
	}
	good := k.Clock.Now()
	gaps := func() []Gap {
		t.Helper()
		list, err := r.silentNow(k.Ctx, good.Add(-time.Hour), k.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	k.Clock.Add(time.Hour)
	if len(gaps()) != 0 {
		t.Error("a source that is heard lacks")
	}
	for range failing {
		if err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, sqlVisitFailed, 0, store.Micros(k.Clock.Now()), "unreachable", 0, s.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if list := gaps(); len(list) != 1 || !list[0].From.Equal(good) || !list[0].To.IsZero() || list[0].Source != s.ID {
		t.Errorf("%+v", list)
	}
}

func TestRising(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := room(t, k)
		k.Clock.Set(time.Date(2026, 11, 10, 15, 30, 0, 0, testkit.Start.Location()))
		now := k.Clock.Now()
		loud, calm, small := SeriesKey{Kind: KindTopic, Key: "loud"}, SeriesKey{Kind: KindTopic, Key: "calm"}, SeriesKey{Kind: KindTopic, Key: "small"}
		weeks(t, k, r, loud, 30)
		weeks(t, k, r, calm, 12)
		weeks(t, k, r, small, 3)
		var list []Counted
		for h := range 10 {
			at, part := now.Truncate(time.Hour).Add(-time.Duration(h)*time.Hour), 1
			if h == 0 { // half of the hour has passed
				part = 2
			}
			list = append(list, Counted{loud, "nguon-a", at, 30 / part}, Counted{calm, "nguon-a", at, 12 / part})
			if h < 3 {
				list = append(list, Counted{small, "nguon-b", at, 15})
			}
		}
		count(t, k, r, list...)
		rises, err := r.Rising(k.Ctx, analyst, RisingQuery{Kind: KindTopic, Hours: 2, Limit: 10})
		if err != nil || len(rises) != 3 {
			t.Fatalf("%+v, %v", rises, err)
		}
		top := rises[0]
		if top.Key != small || top.N != 45 || top.Band.Mean > 9 || !top.Start.Equal(now.Truncate(time.Hour).Add(-2*time.Hour)) || !top.New || len(top.Lately) != 24 {
			t.Errorf("%+v", top)
		}
		for _, one := range rises[1:] {
			if !one.Start.IsZero() || one.New {
				t.Errorf("%v is said to burst", one.Key)
			}
		}
		// The second time everything is known, and the same is said.
		again, err := r.Rising(k.Ctx, analyst, RisingQuery{Kind: KindTopic, Hours: 2, Limit: 10})
		if err != nil || fmt.Sprint(again) != fmt.Sprint(rises) {
			t.Errorf("asked again: %+v, %v", again, err)
		}
		// What was looked at is not new, to who looked; to another it is.
		if err := r.LookedNow(k.Ctx, analyst); err != nil {
			t.Fatal(err)
		}
		if again, err = r.Rising(k.Ctx, analyst, RisingQuery{Kind: KindTopic, Hours: 2, Limit: 1}); err != nil || len(again) != 1 || again[0].New {
			t.Errorf("%+v, %v", again, err)
		}
		other := testkit.Centre("other", regulation.DutyOfficer)
		if again, err = r.Rising(k.Ctx, other, RisingQuery{Kind: KindTopic, Hours: 2, Limit: 1}); err != nil || !again[0].New {
			t.Errorf("%+v, %v", again, err)
		}
	})
}

func TestTrendRefuses(t *testing.T) {
	k := testkit.SQLite(t)
	r := room(t, k)
	now := k.Clock.Now()
	all := SeriesKey{Kind: KindAll}
	for _, c := range []struct {
		name string
		by   regulation.Actor
		q    TrendQuery
		want problem.Code
	}{
		{"an office", testkit.Of("officer", regulation.Officer, "SXD"), TrendQuery{Key: all, Step: series.Hour, From: now.Add(-time.Hour)}, problem.Forbidden},
		{"a kind that nobody counts", analyst, TrendQuery{Key: SeriesKey{Kind: "person", Key: "x"}, Step: series.Hour, From: now.Add(-time.Hour)}, problem.NotFound},
		{"no time", analyst, TrendQuery{Key: all, Step: series.Hour, From: now.Add(48 * time.Hour)}, problem.Invalid},
		{"too many minutes", analyst, TrendQuery{Key: all, Step: series.Minute, From: now.Add(-72 * time.Hour)}, problem.Invalid},
	} {
		if _, err := r.Trend(k.Ctx, c.by, c.q); problem.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	for _, q := range []RisingQuery{{Kind: KindTopic, Hours: 0}, {Kind: KindTopic, Hours: 1000}, {Kind: "person", Hours: 2}} {
		if _, err := r.Rising(k.Ctx, analyst, q); err == nil {
			t.Errorf("%+v is taken", q)
		}
	}
	if err := r.LookedNow(k.Ctx, testkit.Of("officer", regulation.Officer, "SXD")); problem.CodeOf(err) != problem.Forbidden {
		t.Errorf("%v", err)
	}
}
