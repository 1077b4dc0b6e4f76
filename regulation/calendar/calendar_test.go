package calendar_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"khue/regulation/calendar"
)

func hanoi(t testing.TB) *calendar.Calendar {
	t.Helper()
	data, err := os.ReadFile("../../profile/hanoi/calendar.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := calendar.Load("calendar.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTet(t *testing.T) {
	for i, want := range strings.Fields(`2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06
		2028-01-26 2029-02-13 2030-02-02 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08`) {
		if got := calendar.FromLunar(2020+i, 1, 1).String(); got != want {
			t.Errorf("Tết %d: %s, want %s", 2020+i, got, want)
		}
	}
}

func TestHungKings(t *testing.T) {
	for i, want := range strings.Fields("2020-04-02 2021-04-21 2022-04-10 2023-04-29 2024-04-18 2025-04-07 2026-04-26") {
		if got := calendar.FromLunar(2020+i, 3, 10).String(); got != want {
			t.Errorf("Giỗ Tổ %d: %s, want %s", 2020+i, got, want)
		}
	}
}

func TestLunarGoesThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.Date(1990, 1, 1) + calendar.Day(rapid.IntRange(0, 36000).Draw(t, "day"))
		l := calendar.ToLunar(d)
		if l.Month < 1 || l.Month > 12 || l.Day < 1 || l.Day > 30 {
			t.Fatalf("%s: %+v", d, l)
		}
		if back := calendar.FromLunar(l.Year, l.Month, l.Day); !l.Leap && back != d {
			t.Fatalf("%s → %+v → %s", d, l, back)
		}
	})
}

func TestOff(t *testing.T) {
	c := hanoi(t)
	f := func(day, want string) {
		t.Helper()
		d, err := calendar.Parse(day)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Off(d); got != want {
			t.Errorf("%s: %q, want %q", day, got, want)
		}
	}
	f("2026-11-23", "")
	f("2026-01-02", "swap")
	f("2026-01-10", "") // a Saturday worked to make up
	f("2024-02-08", "tet")
	f("2024-02-15", "")
	f("2024-05-04", "")
	f("2023-05-03", "reunification") // Hùng Kings on a Saturday, 30/4 on a Sunday: three days off
	f("2023-05-04", "")
	f("2020-09-01", "")
	f("2020-09-02", "national-day")
	f("2026-11-24", "") // Culture Day is not switched on
	f("2026-11-22", "weekend")
	f("2026-04-26", "hung-kings") // a Sunday
	f("2026-04-27", "hung-kings") // so Monday is off
	f("2026-04-28", "")
	f("2026-08-22", "") // a Saturday worked to make up
	f("2026-08-31", "swap")
	f("2026-02-20", "tet")
	f("2030-02-01", "tet")
	f("2022-01-03", "new-year")
}

func TestDue(t *testing.T) {
	c := hanoi(t)
	f := func(at string, n int, u calendar.Unit, want string) {
		t.Helper()
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := c.Due(when, n, u)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%s + %d %s: %s %v, want %s", at, n, u, got.Format(time.RFC3339), err, want)
		}
	}
	f("2026-11-20T22:15:00+07:00", 24, calendar.Hours, "2026-11-21T22:15:00+07:00")
	f("2026-11-20T15:15:00Z", 1, calendar.WorkingDays, "2026-11-24T00:00:00+07:00")
	f("2026-11-19T17:30:00Z", 1, calendar.WorkingDays, "2026-11-24T00:00:00+07:00") // already the 20th here
	f("2026-11-20T08:00:00+07:00", 1, calendar.Days, "2026-11-24T00:00:00+07:00")   // Saturday moves on to Monday's end
	f("2026-02-13T08:00:00+07:00", 1, calendar.WorkingDays, "2026-02-24T00:00:00+07:00")
	f("2026-01-31T08:00:00+07:00", 1, calendar.Months, "2026-03-03T00:00:00+07:00") // 28 Feb is a Saturday
	f("2026-12-30T08:00:00+07:00", 1, calendar.WorkingDays, "2027-01-01T00:00:00+07:00")
	if _, _, err := c.Due(time.Now(), 1, "weeks"); err == nil {
		t.Error("an unknown unit was taken")
	}
}

func TestNoLimitEndsBeforeItsTriggerAndLaterNeverEndsEarlier(t *testing.T) {
	c := hanoi(t)
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(1500000000, 2200000000).Draw(t, "at"), 0)
		later := at.Add(time.Duration(rapid.Int64Range(0, 40*86400).Draw(t, "later")) * time.Second)
		n := rapid.IntRange(1, 60).Draw(t, "n")
		u := rapid.SampledFrom([]calendar.Unit{calendar.Hours, calendar.Days, calendar.WorkingDays, calendar.Months}).Draw(t, "unit")
		a, _, err1 := c.Due(at, n, u)
		b, _, err2 := c.Due(later, n, u)
		more, _, err3 := c.Due(at, n+1, u)
		if err1 != nil || err2 != nil || err3 != nil || a.Before(at) || b.Before(a) || more.Before(a) {
			t.Fatalf("%s → %s, %s → %s, one more %s", at, a, later, b, more)
		}
	})
}

func TestFaults(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		if _, err := calendar.Load("c.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	f("version: 1\nweekends: [sat]\n", "c.yaml:2:1")
	f("version: 1\nweekend: [saturday]\n", `c.yaml:2:11: weekday text="saturday"`)
	f("version: 1\nweekend: [mon, tue, wed, thu, fri, sat, sun]\n", "c.yaml:2:10: weekend")
	f("version: 1\nholidays: [{id: a, solar: 13-01, vi: a, en: a, source: a}]\n", `c.yaml:2:12: day-of-year text="13-01"`)
	f("version: 1\nnotices: [{year: 2026, off: [2026-02-30], source: a}]\n", `c.yaml:2:11: day text="2026-02-30"`)
	f("version: 1\nnotices: [{year: 2026, off: [2025-02-03], source: a}]\n", `other-year day="2025-02-03"`)
	f("version: 2\n", `c.yaml:1:10: version have="2"`)
}

func FuzzLoad(f *testing.F) {
	f.Add("version: 1\nweekend: [sat, sun]\nholidays: [{id: a, lunar: 01-01, days: 5, before: 1, vi: a, en: a, source: a}]\n")
	f.Add("version: 1\nweekend: [sat]\nholidays: [{id: a, solar: 02-29, vi: a, en: a, source: a}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := calendar.Load("c.yaml", []byte(text))
		if err != nil {
			return
		}
		at := time.Date(2026, 5, 9, 12, 0, 0, 0, time.UTC)
		if due, _, err := c.Due(at, 3, calendar.WorkingDays); err != nil || due.Before(at) {
			t.Fatal(due, err)
		}
	})
}

func TestAnotherHolidayNeverShortens(t *testing.T) {
	data, err := os.ReadFile("../../profile/hanoi/calendar.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c := hanoi(t)
	rapid.Check(t, func(t *rapid.T) {
		extra := calendar.Date(2026, 1, 1) + calendar.Day(rapid.IntRange(0, 364).Draw(t, "holiday"))
		_, month, day := extra.Date()
		more, err := calendar.Load("c.yaml", []byte(strings.Replace(string(data), "notices:\n",
			fmt.Sprintf("  - {id: extra, solar: %02d-%02d, vi: a, en: a, source: a}\nnotices:\n", month, day), 1)))
		if err != nil {
			t.Fatal(err)
		}
		at := (calendar.Date(2026, 1, 1) + calendar.Day(rapid.IntRange(-20, 380).Draw(t, "day"))).Start().Add(time.Duration(rapid.IntRange(0, 86399).Draw(t, "second")) * time.Second)
		n := rapid.IntRange(1, 40).Draw(t, "n")
		u := rapid.SampledFrom([]calendar.Unit{calendar.Hours, calendar.Days, calendar.WorkingDays, calendar.Months}).Draw(t, "unit")
		a, _, err1 := c.Due(at, n, u)
		b, _, err2 := more.Due(at, n, u)
		if err1 != nil || err2 != nil || b.Before(a) {
			t.Fatalf("a holiday on %s moves %s + %d %s from %s to %s", extra, at, n, u, a, b)
		}
	})
}

func TestWorkingDaysOfAYear(t *testing.T) {
	c := hanoi(t)
	for year, want := range map[int]int{2020: 252, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 250, 2026: 250, 2030: 250, 2035: 250} {
		n := 0
		for d := calendar.Date(year, 1, 1); d < calendar.Date(year+1, 1, 1); d++ {
			if c.Off(d) == "" {
				n++
			}
		}
		if n != want {
			t.Errorf("%d has %d working days, want %d", year, n, want)
		}
	}
}
