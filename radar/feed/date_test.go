package feed

import (
	"testing"
	"time"
)

// TestParseTime has the shapes that newspapers write; a time without a zone is Hanoi's here.
func TestParseTime(t *testing.T) {
	for in, want := range map[string]string{
		"Mon, 05 Oct 2026 11:00:00 +0700":       "2026-10-05T04:00:00Z", // VnExpress
		"Mon, 05 Oct 26 14:10:00 +0700":         "2026-10-05T07:10:00Z", // Thanh Niên
		"Mon, 05 Oct 2026 14:10:00 +07":         "2026-10-05T07:10:00Z", // GenK
		"10/2/2026 9:25:00 AM":                  "2026-10-02T02:25:00Z", // Tuổi Trẻ
		"10/2/2026 12:25:00 AM":                 "2026-10-01T17:25:00Z",
		"10/2/2026 12:25:00 PM":                 "2026-10-02T05:25:00Z",
		"25/12/2026 08:00":                      "2026-12-25T01:00:00Z", // no month is the 25th
		"Thứ Hai, 05/10/2026 11:00":             "2026-10-05T04:00:00Z",
		"thứ 2, 5/10/2026, 11:00 (GMT+7)":       "2026-10-05T04:00:00Z",
		"05.10.2026 11:00":                      "2026-10-05T04:00:00Z",
		"05-10-2026 11:00":                      "2026-10-05T04:00:00Z",
		"Mon, 5 Oct 2026 11:00 GMT+7":           "2026-10-05T04:00:00Z",
		"Mon, 5 Oct 2026 11:00:00 GMT+0700":     "2026-10-05T04:00:00Z",
		"Mon, 5 Oct 2026 11:00:00 GMT+07:00":    "2026-10-05T04:00:00Z",
		"Mon, 5 Oct 2026 11:00:00 ICT":          "2026-10-05T04:00:00Z",
		"Mon, 5 Oct 2026 04:00:00 GMT":          "2026-10-05T04:00:00Z",
		"Mon, 5 Oct 2026 04:00:00 Z":            "2026-10-05T04:00:00Z",
		"Mon, 5 Oct 2026 00:00:00 EDT":          "2026-10-05T04:00:00Z",
		"5 Oct 2026":                            "2026-10-04T17:00:00Z",
		"Oct 5, 2026 11:00 am":                  "2026-10-05T04:00:00Z",
		"October 5, 2026, 11:00 a.m.":           "2026-10-05T04:00:00Z",
		"Monday, October 5th 2026 11:00 PM":     "2026-10-05T16:00:00Z",
		"Mon Oct  5 11:00:00 2026":              "2026-10-05T04:00:00Z",
		"Mon Oct 05 04:00:00 GMT 2026":          "2026-10-05T04:00:00Z",
		"05-Oct-2026 11:00:00":                  "2026-10-05T04:00:00Z",
		"2026-10-05T11:00:00+07:00":             "2026-10-05T04:00:00Z",
		"2026-10-05T11:00:00.123+0700":          "2026-10-05T04:00:00.123Z",
		"2026-10-05T04:00:00Z":                  "2026-10-05T04:00:00Z",
		"2026-10-05T11:00":                      "2026-10-05T04:00:00Z",
		"2026-10-05 11:00:00":                   "2026-10-05T04:00:00Z",
		"2026-10-05":                            "2026-10-04T17:00:00Z",
		"2026/10/05 11:00":                      "2026-10-05T04:00:00Z",
		"2026-10":                               "2026-09-30T17:00:00Z",
		"2026":                                  "2025-12-31T17:00:00Z",
		"20261005":                              "2026-10-04T17:00:00Z",
		"20261005T110000":                       "2026-10-05T04:00:00Z",
		"2026-278":                              "2026-10-04T17:00:00Z",
		"Thu, 01 Jan 70 00:00:00 GMT":           "1970-01-01T00:00:00Z",
		"Mon, 5 Oct 2026 24:00:00 +0700":        "2026-10-05T17:00:00Z",
		"Wed, 31 Sep 2026 11:00:00 +0700":       "-",
		"30/02/2026":                            "-",
		"hôm qua":                               "-",
		"2026-13-01":                            "-",
		"Mon, 5 Oct 2026 25:00:00":              "-",
		"":                                      "-",
		"////":                                  "-",
		"1234567890123456789012345678901234567": "-",
	} {
		got, ok := ParseTime(in, hanoi)
		s := "-"
		if ok {
			s = got.Format(time.RFC3339Nano)
		}
		if s != want {
			t.Errorf("%q is %s, want %s", in, s, want)
		}
		if ok == got.IsZero() {
			t.Errorf("%q: ok %v, time %v", in, ok, got)
		}
	}
}

func TestClamp(t *testing.T) {
	seen := time.Date(2026, 10, 5, 4, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		t    time.Time
		want time.Time
		why  Clamped
	}{
		{time.Time{}, seen, WasMissing},
		{seen.Add(-time.Hour), seen.Add(-time.Hour), AsGiven},
		{seen.Add(Tolerance), seen.Add(Tolerance), AsGiven},
		{seen.Add(Tolerance + time.Second), seen, WasFuture},
		{time.Unix(0, 0), seen, WasAncient},
	} {
		got, why := Clamp(c.t, seen)
		if !got.Equal(c.want) || why != c.why {
			t.Errorf("%v became %v (%s), want %v (%s)", c.t, got, why, c.want, c.why)
		}
	}
}

func FuzzParseTime(f *testing.F) {
	for _, s := range []string{"Mon, 05 Oct 26 14:10:00 +0700", "10/2/2026 9:25:00 AM", "2026-10-05T11:00:00.5Z", "thứ 2, 5/10/2026", "20261005T110000", "2026-366", "9h25 5.10.26"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, ok := ParseTime(s, hanoi)
		if ok && (a.Year() < 0 || a.Year() > 10000) {
			t.Errorf("%q is %v", s, a)
		}
	})
}
