package ui

import (
	"math"
	"testing"
	"time"

	"khue/catalogue"
)

func TestDates(t *testing.T) {
	moment := time.Date(2025, 5, 9, 7, 30, 0, 0, time.UTC) // 14:30 in Vietnam
	f := func(got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	f(DateTime(catalogue.VI, moment), "thứ Sáu, 9/5/2025, 14:30")
	f(DateTime(catalogue.EN, moment), "Friday, 9 May 2025, 14:30")
	f(ShortDateTime(catalogue.VI, moment), "14:30, 9/5/2025")
	f(DayMonth(catalogue.VI, moment), "9/5")
	f(Machine(moment), "2025-05-09T14:30:00+07:00")
	f(FieldTime(moment), "2025-05-09T14:30")
	f(FieldTime(time.Time{}), "")
	// The day changes at midnight in Vietnam, not in UTC.
	f(Date(catalogue.VI, time.Date(2026, 11, 14, 17, 0, 0, 0, time.UTC)), "Chủ nhật, 15/11/2026")
	f(PaperDate(catalogue.VI, moment), "ngày 09 tháng 5 năm 2025")
	f(PaperDate(catalogue.VI, time.Date(2026, 2, 12, 3, 0, 0, 0, time.UTC)), "ngày 12 tháng 02 năm 2026")
}

func TestNumbers(t *testing.T) {
	f := func(got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	f(Number(catalogue.VI, 0), "0")
	f(Number(catalogue.VI, 999), "999")
	f(Number(catalogue.VI, 1000), "1.000")
	f(Number(catalogue.EN, 1234567), "1,234,567")
	f(Number(catalogue.VI, -1234), "−1.234")
	f(Number(catalogue.VI, math.MinInt64), "−9.223.372.036.854.775.808")
	f(Decimal(catalogue.VI, 1234567.84, 1), "1.234.567,8")
	f(Decimal(catalogue.EN, 1234567.84, 1), "1,234,567.8")
	f(Decimal(catalogue.VI, 12, 0), "12")
	f(Decimal(catalogue.VI, math.NaN(), 1), "NaN")
	f(Decimal(catalogue.VI, math.Inf(-1), 1), "-Inf")
	f(Percent(catalogue.VI, 0.125, 1), "12,5%")
	f(Size(catalogue.VI, 812), "812 B")
	f(Size(catalogue.VI, 65536), "64 KB")
	f(Size(catalogue.VI, 1258291), "1,2 MB")
	f(Size(catalogue.EN, 3<<30), "3.0 GB")
}

func TestSpan(t *testing.T) {
	f := func(d time.Duration, vi, en string) {
		t.Helper()
		if got := Span(catalogue.VI, d); got != vi {
			t.Errorf("%v: %q, want %q", d, got, vi)
		}
		if got := Span(catalogue.EN, d); got != en {
			t.Errorf("%v: %q, want %q", d, got, en)
		}
	}
	f(-time.Hour, "dưới 1 phút", "under a minute")
	f(59*time.Second, "dưới 1 phút", "under a minute")
	f(25*time.Minute, "25 phút", "25 min")
	f(time.Hour, "1 giờ", "1 hour")
	f(65*time.Minute, "1 giờ 05 phút", "1 hour 05 min")
	f(24*time.Hour, "1 ngày", "1 day")
	f(28*time.Hour+59*time.Minute, "1 ngày 4 giờ", "1 day 4 hours")
	f(5*24*time.Hour+23*time.Hour, "5 ngày", "5 days")
}
